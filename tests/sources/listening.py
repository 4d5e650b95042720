"""A listener at work in a thread, with a sink that remembers, and refuses when told to."""

import threading
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from signalpost import sources
from signalpost.vocabulary import events

WAIT_SECONDS = 15.0


class Running:
    """A source that listens while the block lasts."""

    def __init__(self, source: sources.Source, *, failures: int = 0) -> None:
        self.source = source
        self.batches: list[tuple[events.Raw, ...]] = []
        self.failed: list[tuple[events.Raw, ...]] = []
        self.gate = threading.Event()
        self.gate.set()
        self._failures = failures
        self._news = threading.Condition()
        self._thread = threading.Thread(target=source.run, args=(self._sink,))

    @property
    def stored(self) -> list[events.Raw]:
        return [raw for batch in self.batches for raw in batch]

    def wait_for(self, count: int, *, seconds: float = WAIT_SECONDS) -> list[events.Raw]:
        """Wait until so many bodies are stored and give them all."""
        deadline = time.monotonic() + seconds
        with self._news:
            while len(self.stored) < count:
                left = deadline - time.monotonic()
                assert left > 0, f"{len(self.stored)} of {count} bodies came"
                self._news.wait(left)
            return self.stored

    def _sink(self, raws: Sequence[events.Raw]) -> Sequence[Sequence[events.Refusal]]:
        assert self.gate.wait(WAIT_SECONDS)
        with self._news:
            if self._failures:
                self._failures -= 1
                self.failed.append(tuple(raws))
                raise sources.NotStoredError("no room")
            self.batches.append(tuple(raws))
            self._news.notify_all()
        return [() for _ in raws]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.gate.set()
        self.source.stop()
        self._thread.join(WAIT_SECONDS)
        assert not self._thread.is_alive()
