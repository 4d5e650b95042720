"""Channels: how things go out and come back.

A channel is a class with one attribute and four methods; a new one is a module here, a test that inherits the
conformance suite (`tests/channels/conformance.py`), a page in the docs and a line in
`BUILT_IN` (`signalpost.channels.built_in`).
"""

from collections.abc import Sequence
from typing import Protocol

from signalpost.vocabulary import deliveries


class Channel(Protocol):
    """One configured way out. Used by one worker thread at a time; may keep connections between calls."""

    @property
    def profile(self) -> deliveries.Profile:
        """What it can do; constant for the life of the object."""
        ...

    def send(self, batch: Sequence[deliveries.Outgoing]) -> Sequence[deliveries.Outcome]:
        """Send a batch and say what came of each, in the same order and number.

        Never raises for what the peer does: a refused, lost or doubtful delivery is an `Outcome`. What may have gone
        out without our knowing is `UNCLEAR`; what certainly did not is `DEFERRED`.
        """
        ...

    def understand(self, raw: bytes, media_type: str) -> Sequence[deliveries.Receipt]:
        """Read what came back (a DSN, a receipt PDU, a callback body). Empty when it says nothing about a delivery."""
        ...

    def check(self) -> str:
        """Try the way out without sending: "" when it is well, else one line that says what to do."""
        ...

    def close(self) -> None:
        """Let go of connections. Idempotent."""
        ...
