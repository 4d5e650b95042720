"""Engines: manuscript to bytes, one engine per kind of rendition.

An engine is a class with two attributes and two methods; a new one is a module here, a test that inherits the
conformance suite (`tests/engines/conformance.py`), a docs page and a line in
`BUILT_IN` (`signalpost.engines.built_in`).
"""

from collections.abc import Sequence
from typing import Protocol

from signalpost.vocabulary import manuscripts, parties


class Engine(Protocol):
    """Lays out manuscripts for one kind of channel. May keep worker processes between calls."""

    @property
    def channel(self) -> parties.ChannelKind:
        """The kind of channel it renders for."""
        ...

    @property
    def version(self) -> str:
        """Changes whenever the same manuscript could come out with other bytes; stored with each rendition."""
        ...

    def render(self, batch: Sequence[manuscripts.Manuscript]) -> Sequence[manuscripts.Rendered]:
        """Lay out a batch, in the same order and number; what cannot be is an `Unrenderable`, never left out."""
        ...

    def close(self) -> None:
        """End worker processes. Idempotent."""
        ...
