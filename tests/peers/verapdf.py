"""veraPDF, the reference validator of PDF/A and PDF/UA, in one long-lived Java process."""

import contextlib
import json
import queue
from collections.abc import Generator, Iterable, Sequence
from pathlib import Path

import msgspec

from . import inventory, java, processes

MAIN = Path(__file__).parent / "judge" / "Judge.java"
#: What every document of ours claims to be: PDF/UA-1 (ISO 14289-1) and PDF/A-3a (ISO 19005-3).
FLAVOURS = ("ua1", "3a")
DOCUMENT_SECONDS = 60.0


class _Verdict(msgspec.Struct, frozen=True):
    path: str
    failures: list[str]


class Judge:
    """A running validator; the first document costs about a second, later ones milliseconds."""

    def __init__(self, folder: Path) -> None:
        """Start the validator; its log goes to `folder`."""
        parts = inventory.PEERS["verapdf"].java
        if parts is None:
            raise processes.PeerFailedError("veraPDF needs jars")
        self.log = folder / "verapdf.log"
        self._lines: queue.Queue[str] = queue.Queue()
        self.process = processes.Process(java.command(MAIN, parts), log=self.log, on_line=self._lines.put)

    def judge(self, paths: Iterable[Path], flavours: Sequence[str] = FLAVOURS) -> dict[Path, list[str]]:
        """Validate each document against all `flavours` and give its failures; an empty list is a pass.

        One text per failed rule: flavour, clause and test of the rule, what is wrong, how often, where first. A file
        that is no readable PDF has one failure saying so. `flavours` as veraPDF names them: "ua1", "ua2", "1a" … "4f".
        """
        wanted = list(paths)
        for path in wanted:
            self.process.write(json.dumps({"path": str(path.resolve(strict=True)), "flavours": list(flavours)}))
        return {path: self._next_verdict().failures for path in wanted}

    def log_tail(self) -> str:
        """Give the last lines veraPDF logged."""
        return processes.tail_of(self.log)

    def _next_verdict(self) -> _Verdict:
        try:
            line = self._lines.get(timeout=DOCUMENT_SECONDS)
        except queue.Empty as error:
            raise processes.PeerFailedError(f"no verdict within {DOCUMENT_SECONDS} s\n{self.log_tail()}") from error
        return msgspec.json.decode(line, type=_Verdict)


@contextlib.contextmanager
def start(folder: Path | None = None) -> Generator[Judge]:
    """Run a validator; `folder` (default: a new one) takes its log."""
    with processes.folder_for("verapdf", folder) as base:
        judge = Judge(base)
        try:
            yield judge
        finally:
            judge.process.kill()
