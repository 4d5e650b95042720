"""The Django app of the portal."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Templates and views of the portal."""

    name = "signalpost.web.portal"
    label = "signalpost_portal"
