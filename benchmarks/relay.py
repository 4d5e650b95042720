"""The mail relay of the benchmarks, and what it has noted."""

import pathlib
from typing import NamedTuple

from tests.peers import processes

from benchmarks import house


class Taken(NamedTuple):
    """A message that was accepted: when, by the clock all processes share, and for whom."""

    at: float
    recipient: str


class Sink:
    """A sink that is told its file before the installation starts, and its port afterwards."""

    def __init__(self, folder: pathlib.Path) -> None:
        """Start it; it ends with `child`."""
        self._notes = folder / "accepted"
        self.child = house.Child(
            ["benchmarks.others.smtp_sink", str(self._notes)], processor=None, log=folder / "sink.log", talks=True
        )
        self.port = int(self.child.line())

    @property
    def environment(self) -> dict[str, str]:
        """The setting that leads to it."""
        return {"SIGNALPOST_SMTP_URL": f"smtp://{processes.LOOPBACK}:{self.port}"}

    def taken(self) -> list[Taken]:
        """All that was accepted so far, in order."""
        words = (line.split(" ", 1) for line in self._notes.read_text(encoding="ascii").splitlines(keepends=False))
        return [Taken(float(at), recipient) for at, recipient in words]

    def size(self) -> int:
        """How much was noted; grows with each message."""
        return self._notes.stat().st_size
