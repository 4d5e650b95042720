"""A business platform: the web server of an installation, a client's token, and what it posts."""

import json
from collections.abc import Mapping
from typing import NamedTuple

import msgspec
from tests.peers import processes

from benchmarks import house
from benchmarks.others import posting
from signalpost.demo import api

#: A payment was received: short data, a short message.
TYPE = "account.status"
SUBJECT = "AC{}"
DATA: Mapping[str, object] = {
    "status": "payment_received",
    "amount": {"amount": "90.88", "currency": "EUR"},
    "received_on": "2026-02-03",
}


class Posted(NamedTuple):
    """What came of an order."""

    seconds: float
    begun: list[float]


def changed(order: posting.Order, **changes: object) -> posting.Order:
    """The order with some of it otherwise."""
    return msgspec.structs.replace(order, **changes)


class Platform:
    """A client with a token for the web server of an installation, which it starts."""

    def __init__(self, home: house.House) -> None:
        """Start the server and get a token."""
        from signalpost.acts import access  # noqa: PLC0415 - models can be imported once Django is set up

        self._home = home
        client = access.make_client("bench", scopes=["events:write"])
        self.server = home.product("serve", "--end-with-stdin")
        house.wait_until(lambda: processes.is_listening(home.read.port), what="a web server")
        self.token = api.Client(home.read.url(), client_id=client.client_id, secret=client.secret).token()

    def order(self, **changes: object) -> posting.Order:
        """An order of single events about accounts that exist."""
        usual = posting.Order(
            port=self._home.read.port,
            token=self.token,
            path="/api/events",
            requests=1,
            events=1,
            connections=1,
            type=TYPE,
            subject=SUBJECT,
            data=dict(DATA),
        )
        return changed(usual, **changes)

    def start(self, order: posting.Order) -> house.Child:
        """Begin to post."""
        return self._home.other("posting", msgspec.json.encode(order).decode())

    def ended(self, child: house.Child) -> Posted:
        """Wait until all was posted.

        Raises:
            RuntimeError: something was not accepted.
        """
        said = json.loads(child.line())
        if set(said["statuses"]) != {"202"}:
            raise RuntimeError(f"posting: wanted 202 for all, got {said['statuses']}")
        return Posted(said["seconds"], said["begun"])

    def post(self, order: posting.Order) -> Posted:
        """Post, and wait until all was posted."""
        return self.ended(self.start(order))
