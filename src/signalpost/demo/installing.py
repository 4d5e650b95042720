"""The set-up of the demo: database, town, playbooks, access."""

import secrets
from collections.abc import Callable

import msgspec
from django.db import transaction

from signalpost.acts import access, operate
from signalpost.demo import peers, town
from signalpost.playbooks import load
from signalpost.store import endpoints, parties, schema

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
    schema.make_ready()
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
