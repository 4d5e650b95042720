"""Bodies that many threads receive at once, stored in one transaction.

A transaction costs as much for one body as for twenty. So whoever comes while another one stores waits, and what waits
is stored together by the one who has waited longest. Each gets the answer to its own body, after the commit.
"""

import collections
import threading
from collections.abc import Sequence

from django import db

from signalpost.acts import request
from signalpost.vocabulary import events

#: What is stored at once: no more bodies, and nothing more once they hold so much.
BODIES = 500
BODY_BYTES = 1_000_000


class _Waiting:
    """A body that is to be stored, and the thread that brought it."""

    def __init__(self, understood: request.Understood) -> None:
        self.understood = understood
        self.size_bytes = sum(len(raw.body) for raw in understood.raws)
        self.answer: request.Answer | None = None
        #: Whether its thread is to store what waits.
        self.leads = False
        #: Released when it was stored or could not be, and when its thread is to lead.
        self.gate = threading.Lock()
        self.gate.acquire()


class Together:
    """Stores what threads bring. One for a process."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._lock = threading.Lock()
        self._waiting: collections.deque[_Waiting] = collections.deque()
        self._is_led = False

    def waits(self) -> int:
        """How many bodies wait while others are stored."""
        return len(self._waiting)

    def accept(self, raw: events.Raw, limits: events.Limits) -> request.Answer:
        """As `request.accept`, for one body.

        Raises:
            db.Error: this body could not be stored.
        """
        mine = _Waiting(request.understand([raw], limits))
        with self._lock:
            self._waiting.append(mine)
            mine.leads = not self._is_led
            self._is_led = True
        if not mine.leads:
            mine.gate.acquire()
        if mine.leads:
            self._lead(mine, limits)
        if mine.answer is None:
            # What cannot be stored keeps nothing else back: after a failure each goes alone.
            (mine.answer,) = _stored([mine], limits)
        return mine.answer

    def _lead(self, mine: _Waiting, limits: events.Limits) -> None:
        """Store what waits, `mine` at its head; then have somebody else lead."""
        taken = self._taken()
        try:
            for one, answer in zip(taken, _stored(taken, limits), strict=True):
                one.answer = answer
        except db.Error:
            if len(taken) == 1:
                raise
        finally:
            for one in taken:
                if one is not mine:
                    one.gate.release()
            with self._lock:
                self._is_led = bool(self._waiting)
                if self._is_led:
                    self._waiting[0].leads = True
                    self._waiting[0].gate.release()

    def _taken(self) -> list[_Waiting]:
        """What has waited longest, as much as is stored at once."""
        taken: list[_Waiting] = []
        size_bytes = 0
        with self._lock:
            while self._waiting and len(taken) < BODIES and size_bytes < BODY_BYTES:
                taken.append(self._waiting.popleft())
                size_bytes += taken[-1].size_bytes
        return taken


def _stored(taken: Sequence[_Waiting], limits: events.Limits) -> Sequence[request.Answer]:
    db.close_old_connections()
    return request.store([one.understood for one in taken], limits)
