"""The Django app that owns the tables."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Tables of Signalpost, under the label `signalpost`."""

    name = "signalpost.store"
    label = "signalpost"
    verbose_name = "Signalpost"
    default_auto_field = "django.db.models.BigAutoField"
