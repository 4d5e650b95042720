"""A child that is a copy of its parent: what the parent has imported it need not import again."""

import contextlib
import os
import pathlib
import signal
import time
from collections.abc import Iterable
from typing import IO

#: How often a wait for the end looks.
LOOK_SECONDS = 0.02
STANDARD_INPUT, STANDARD_OUTPUT, STANDARD_ERROR = 0, 1, 2


class Forked:
    """A forked child, with what `subprocess.Popen` has of it."""

    def __init__(self, process: int, stdin: IO[bytes]) -> None:
        self.pid = process
        #: Our end of its standard input.
        self.stdin: IO[bytes] | None = stdin
        self._code: int | None = None

    def poll(self) -> int | None:
        """Its exit code, negative for a signal; `None` while it runs."""
        if self._code is None:
            found, status = os.waitpid(self.pid, os.WNOHANG)
            if found:
                self._code = os.waitstatus_to_exitcode(status)
        return self._code

    def wait(self, seconds: float | None = None) -> int:
        """Wait for its end.

        Raises:
            TimeoutError: it still runs.
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        while (code := self.poll()) is None:
            if deadline is not None and time.monotonic() > deadline:
                raise TimeoutError(f"process {self.pid}: wanted its end within {seconds:.0f} s")
            time.sleep(LOOK_SECONDS)
        return code

    def terminate(self) -> None:
        """Ask it to end."""
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self._send(signal.SIGKILL)

    def _send(self, number: int) -> None:
        # Once it was waited for, its number may be another's.
        if self.poll() is None:
            os.kill(self.pid, number)


def fork(name: str, others: Iterable[IO[bytes]]) -> Forked | None:
    """Fork: the child in the parent, `None` in the child, which is shown under this name and closes these of others.

    To be called while there is one thread, and no connection that both would use.
    """
    ours, theirs = os.pipe()
    process = os.fork()
    if process:
        os.close(ours)
        return Forked(process, os.fdopen(theirs, "wb", buffering=0))
    os.close(theirs)
    for other in others:
        other.close()
    # In a group of its own: Ctrl-C reaches the supervisor alone, which stops the children in its own order.
    os.setpgid(0, 0)
    os.dup2(ours, STANDARD_INPUT)
    os.close(ours)
    os.dup2(STANDARD_ERROR, STANDARD_OUTPUT)
    with contextlib.suppress(OSError):  # where there is no /proc it is shown as its parent is
        pathlib.Path("/proc/self/comm").write_text(name, encoding="ascii")
    return None
