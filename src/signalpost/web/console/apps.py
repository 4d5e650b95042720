"""The Django app of the console."""

from django.apps import AppConfig, apps
from django.db.models import signals

from signalpost.acts import access


def _make_roles(**more: object) -> None:
    del more
    access.make_roles()


class ConsoleConfig(AppConfig):
    """Templates and views of the console; the roles of its staff are made with the tables."""

    name = "signalpost.web.console"
    label = "signalpost_console"

    def ready(self) -> None:
        """Make the roles after every migration of the tables; Django asks only applications that have some."""
        store = apps.get_app_config("signalpost")
        signals.post_migrate.connect(_make_roles, sender=store, dispatch_uid="signalpost.roles")
