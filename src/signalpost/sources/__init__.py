"""Sources: how things come in.

A source turns what arrives over its protocol into `events.Raw` bodies and hands them, in batches, to a sink that
returns only after they are stored. It acknowledges to its peer after that, never before.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from signalpost.vocabulary import events


class NotStoredError(Exception):
    """Nothing of a batch could be stored: the source must not acknowledge it."""


#: Stores a batch and returns, per raw body and in order, the refusals in it (empty: all accepted). Raises
#: `NotStoredError` when nothing could be stored.
Sink = Callable[[Sequence[events.Raw]], Sequence[Sequence[events.Refusal]]]


class Source(Protocol):
    """A listener that runs until it is stopped."""

    @property
    def name(self) -> str:
        """As it stands in `Raw.channel`."""
        ...

    def run(self, sink: Sink) -> None:
        """Listen, hand over, acknowledge; returns after `stop` when what was taken is stored."""
        ...

    def stop(self) -> None:
        """Ask `run` to end. May be called from another thread or a signal handler."""
        ...
