"""The Django app of the console."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """Templates and views of the console."""

    name = "signalpost.web.console"
    label = "signalpost_console"
