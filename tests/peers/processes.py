"""Start, watch and stop the process group of one peer, and the folders and ports it is given."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from pathlib import Path
from typing import IO

import psutil

LOOPBACK = "127.0.0.1"
START_SECONDS = 20.0
STOP_SECONDS = 10.0
POLL_SECONDS = 0.02
TAIL_LINES = 40


class PeerFailedError(RuntimeError):
    """A peer did not start, died, or did not do what it was asked in time; the text ends with its log."""


class Process:
    """One running peer in a process group of its own; its output goes to `log`."""

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        log: Path,
        user: str | None = None,
        environment: Mapping[str, str] | None = None,
        on_line: Callable[[str], None] | None = None,
    ) -> None:
        """Start `command`, as the system user `user` when root.

        With `on_line` the process is talked to: `write` reaches its standard input, and each line of its standard
        output is given to `on_line`, in a thread of its own; only its standard error goes to the log.
        """
        self.log = log
        account = None if user is None or os.geteuid() != 0 else pwd.getpwnam(user)
        with log.open("ab") as file:
            self._popen = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL if on_line is None else subprocess.PIPE,
                stdout=file if on_line is None else subprocess.PIPE,
                stderr=file,
                text=True,
                encoding="utf-8",
                cwd=log.parent,
                env=None if environment is None else {**os.environ, **environment},
                start_new_session=True,
                user=None if account is None else account.pw_uid,
                group=None if account is None else account.pw_gid,
                extra_groups=None if account is None else [],
            )
        self._reader: threading.Thread | None = None
        if on_line is not None and self._popen.stdout is not None:
            self._reader = threading.Thread(target=_read, args=(self._popen.stdout, on_line), daemon=True)
            self._reader.start()

    @property
    def pid(self) -> int:
        return self._popen.pid

    @property
    def is_running(self) -> bool:
        return self._popen.poll() is None

    def write(self, line: str) -> None:
        """Send `line` to the process's standard input; a dead one raises `PeerFailedError`."""
        if self._popen.stdin is None:
            raise PeerFailedError(f"process {self.pid} was started without on_line")
        try:
            self._popen.stdin.write(f"{line}\n")
            self._popen.stdin.flush()
        except BrokenPipeError as error:
            raise PeerFailedError(f"process {self.pid} is gone\n{self.log_tail()}") from error

    def wait_until(self, is_ready: Callable[[], bool], *, what: str, seconds: float = START_SECONDS) -> None:
        """Wait until `is_ready`; a dead or late process raises `PeerFailedError`, `what` naming what was due."""
        deadline = time.monotonic() + seconds
        while not is_ready():
            if not self.is_running:
                raise PeerFailedError(f"ended with {self._popen.returncode} before {what}\n{self.log_tail()}")
            if time.monotonic() > deadline:
                raise PeerFailedError(f"no {what} within {seconds} s\n{self.log_tail()}")
            time.sleep(POLL_SECONDS)

    def wait_until_ready(self, is_ready: Callable[[], bool], *, what: str, seconds: float = START_SECONDS) -> None:
        """Wait as `wait_until` does, and end a process that does not become ready."""
        try:
            self.wait_until(is_ready, what=what, seconds=seconds)
        except BaseException:
            self.kill()
            raise

    def log_tail(self) -> str:
        """Give the last lines of the log."""
        return tail_of(self.log)

    def stop(self, *, with_signal: signal.Signals = signal.SIGTERM) -> None:
        """End the process and its group: first asked with `with_signal`, after `STOP_SECONDS` killed."""
        if self.is_running:
            self._popen.send_signal(with_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._popen.wait(STOP_SECONDS)
        self.kill()

    def kill(self) -> None:
        """End the process and whatever is left of its group at once, as `kill -9` does."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._popen.wait(STOP_SECONDS)
        # Members die a moment after the signal, and until then hold ports and write files.
        deadline = time.monotonic() + STOP_SECONDS
        while _is_group_alive(self.pid) and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
        if self._reader is not None:
            self._reader.join()
        if self._popen.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._popen.stdin.close()
        if self._popen.stdout is not None:
            self._popen.stdout.close()


def _is_group_alive(group: int) -> bool:
    for process in psutil.process_iter():
        try:
            is_member = os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE
        except (ProcessLookupError, psutil.NoSuchProcess):
            continue
        if is_member:
            return True
    return False


def _read(lines: IO[str], on_line: Callable[[str], None]) -> None:
    for line in lines:
        on_line(line.rstrip("\n"))


@contextlib.contextmanager
def folder_for(name: str, folder: Path | None) -> Generator[Path]:
    """Give `folder`, or for None a new one that is removed at the end.

    Peers that change their user must be able to reach it, which pytest's own temporary folders do not allow; and
    paths of Unix sockets must stay below 108 bytes.
    """
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
        return
    fresh = Path(tempfile.mkdtemp(prefix=f"signalpost-{name}-"))
    fresh.chmod(0o755)
    try:
        yield fresh
    finally:
        shutil.rmtree(fresh)


def free_port() -> int:
    """Give a TCP port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def is_listening(port: int) -> bool:
    """Tell whether somebody accepts connections on `port` of 127.0.0.1."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1.0):
            return True
    except OSError:
        return False


def run(command: Sequence[str | Path], *, given: str = "", user: str | None = None) -> str:
    """Run a peer's tool to its end, `given` on its standard input, and give its output.

    Raises `PeerFailedError` with what it said when it fails.
    """
    account = None if user is None or os.geteuid() != 0 else pwd.getpwnam(user)
    answer = subprocess.run(
        command,
        input=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        cwd="/",
        user=None if account is None else account.pw_uid,
        group=None if account is None else account.pw_gid,
        extra_groups=None if account is None else [],
    )
    if answer.returncode != 0:
        raise PeerFailedError(f"{command[0]} ended with {answer.returncode}\n{answer.stdout}")
    return answer.stdout


def tail_of(log: Path) -> str:
    """Give the last lines of the file `log`, or a line saying that there is none."""
    if not log.exists():
        return f"(no log {log.name})"
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-TAIL_LINES:])
