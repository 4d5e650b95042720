"""The Django app of the drafts."""

from django.apps import AppConfig


class DraftsConfig(AppConfig):
    """Tables of working copies, under the label `drafts`."""

    name = "signalpost.drafts"
    label = "drafts"
    verbose_name = "Library"
    default_auto_field = "django.db.models.BigAutoField"
