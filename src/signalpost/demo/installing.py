"""The set-up of the demo: database, town, playbooks, access."""

import secrets
import sys
from collections.abc import Callable

import msgspec
from django.apps import apps
from django.core.management import call_command
from django.db import transaction
from django.db.models import signals

from signalpost.acts import access, operate
from signalpost.demo import peers, town
from signalpost.playbooks import load
from signalpost.store import endpoints, parties

AUTHOR, APPROVER = "ada", "ben"
STAFF = "demo"
#: What the business platform wants to hear.
WANTS = ["accepted", "delivered", "failed"]


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """How people and systems get in."""

    password: str
    business: access.Client
    shop: access.Client


def install(given: town.Town, received: peers.Peers, *, told: Callable[[str], None]) -> Access:
    """Make everything ready; again on the same database changes nothing but the passwords."""
    told("Preparing the database …")
    _migrate()
    told("Storing the town: 2,000 customers, 2,120 meters, three areas …")
    with transaction.atomic():
        for table, rows in given.tables.items():
            parties.save(table, rows)
    told("Installing the playbooks: rules, policy, and templates approved by a second person …")
    operate.install([load.load(folder) for folder in load.BUILT_IN], author=AUTHOR, approver=APPROVER)
    operate.register_endpoint(
        endpoints.Endpoint(
            ref="demo-business-platform",
            system="SYSTEM-ERP",
            url=received.platform.url,
            secret=received.platform.secret,
            wants=WANTS,
            owner="STAFF-OPS",
        )
    )
    password = secrets.token_urlsafe(9)
    access.make_staff(STAFF, role="operations", password=password)
    return Access(
        password=password,
        business=access.make_client("business platform", scopes=["events:write"]),
        shop=access.make_client("print shop", scopes=["status:write"]),
    )


def _migrate() -> None:
    """Migrate, with a dot for each application that is done: a new database takes a minute on a slow machine."""
    done: list[str] = []
    is_shown = sys.stderr.isatty()

    def show(sender: object, **more: object) -> None:
        del sender, more
        done.append("")
        print(f"\r  {len(done)} of {len(list(apps.get_app_configs()))} parts", end="", file=sys.stderr, flush=True)

    if is_shown:
        signals.post_migrate.connect(show)
    call_command("migrate", verbosity=0)
    if is_shown:
        signals.post_migrate.disconnect(show)
        print(file=sys.stderr)
