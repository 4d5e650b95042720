"""Effects, numbered as they happen: a commit, a file that is flushed or renamed, a send, a ring or job.

The n-th one fails before it happens, as the machine makes it fail, or happens and is the last thing the process does.
"""

import contextlib
import enum
import errno
import os
from collections.abc import Callable, Generator, Sequence
from typing import TypeVar

import pytest
from django import db
from django.db.backends.base.base import BaseDatabaseWrapper
from procrastinate import exceptions, jobs

from signalpost import channels
from signalpost.vocabulary import deliveries

_T = TypeVar("_T")


class Died(Exception):  # noqa: N818 - an event, not an error of ours
    """The process is dead; nothing of it may be used any more."""


class Unsendable(Exception):  # noqa: N818
    """A channel broke a promise and raised; what it had in hand did not go out."""


class When(enum.StrEnum):
    BEFORE = "before"
    AFTER = "after"


class Kind(enum.StrEnum):
    COMMIT = "commit"
    FILE = "file"
    SEND = "send"
    RING = "ring"


#: How each kind fails where it does: no room, a lost connection.
ERRORS: dict[Kind, Callable[[], Exception]] = {
    Kind.COMMIT: lambda: db.OperationalError("fault: connection lost at commit"),
    Kind.FILE: lambda: OSError(errno.ENOSPC, "fault: no space left on device"),
    Kind.SEND: lambda: Unsendable("fault"),
    Kind.RING: lambda: exceptions.ConnectorException("fault: connection lost at ring"),
}


class Effects:
    """Counts effects; fails the n-th, 0 for none."""

    def __init__(self, n: int = 0, when: When = When.BEFORE) -> None:
        self._n = n
        self._when = when
        #: Kind and name of each effect so far.
        self.seen: list[tuple[Kind, str]] = []
        self.has_died = False

    @property
    def has_failed(self) -> bool:
        return 0 < self._n <= len(self.seen)

    @property
    def what(self) -> str:
        """The effect that failed, in words."""
        kind, name = self.seen[self._n - 1]
        return f"{self._when} effect {self._n}: {kind} {name}"

    def happen(self, kind: Kind, name: str, act: Callable[[], _T]) -> _T:
        self.seen.append((kind, name))
        is_it = len(self.seen) == self._n
        if is_it and self._when is When.BEFORE:
            error = ERRORS[kind]()
            raise error
        result = act()
        if is_it:
            self.has_died = True
            raise Died(self.what)
        return result

    @contextlib.contextmanager
    def watched(self) -> Generator[None]:
        """Take part in everything that is committed, written and rung."""
        commit, defer = BaseDatabaseWrapper.commit, jobs.JobDeferrer.defer
        fsync, replace, rename = os.fsync, os.replace, os.rename

        def committed(wrapper: BaseDatabaseWrapper) -> None:
            self.happen(Kind.COMMIT, "", lambda: commit(wrapper))

        def flushed(file: int) -> None:
            self.happen(Kind.FILE, "flush", lambda: fsync(file))

        def replaced(source: str, target: str) -> None:
            self.happen(Kind.FILE, "replace", lambda: replace(source, target))

        def renamed(source: str, target: str) -> None:
            self.happen(Kind.FILE, "rename", lambda: rename(source, target))

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(BaseDatabaseWrapper, "commit", committed)
            patched.setattr(jobs.JobDeferrer, "defer", _ringing(self, defer))
            patched.setattr(os, "fsync", flushed)
            patched.setattr(os, "replace", replaced)
            patched.setattr(os, "rename", renamed)
            yield

    def channel(self, inner: channels.Channel, *, one_by_one: bool) -> "Sending":
        """A channel whose sends are effects: of each message, or of a batch that goes out as one."""
        return Sending(inner, self, one_by_one=one_by_one)


def _ringing(effects: Effects, defer: Callable[..., int]) -> Callable[..., int]:
    def rung(deferrer: jobs.JobDeferrer, **arguments: str | int) -> int:
        return effects.happen(Kind.RING, deferrer.job.task_name, lambda: defer(deferrer, **arguments))

    return rung


class Sending:
    """A channel whose sends are counted."""

    def __init__(self, inner: channels.Channel, effects: Effects, *, one_by_one: bool) -> None:
        self.profile = inner.profile
        self._inner = inner
        self._effects = effects
        self._one_by_one = one_by_one

    def send(self, batch: Sequence[deliveries.Outgoing]) -> Sequence[deliveries.Outcome]:
        name = self.profile.name
        if not self._one_by_one:
            return self._effects.happen(Kind.SEND, name, lambda: self._inner.send(batch))
        outcomes: list[deliveries.Outcome] = []
        for outgoing in batch:
            outcomes.extend(self._effects.happen(Kind.SEND, name, lambda one=outgoing: self._inner.send([one])))
        return outcomes

    def understand(self, raw: bytes, media_type: str) -> Sequence[deliveries.Receipt]:
        return self._inner.understand(raw, media_type)

    def check(self) -> str:
        return self._inner.check()

    def close(self) -> None:
        self._inner.close()
