"""The server process: starting it, waiting for it, ending it.

The keeper's side: the current folder is the embedded folder.

Every process of the server inherits a descriptor on which the server lock is held. So the lock, and not a process
number in a file, says whether one is left: numbers are given again, after a container's restart as a rule.
"""

import contextlib
import dataclasses
import logging
import os
import pathlib
import signal
import subprocess
import time

from signalpost.store.embedded import clusters, errors, folders, kernel, programs

#: The server's port is only a part of its socket's name.
PORT = 5432

#: Crash recovery replays at most max_wal_size (1 GB), on a slow disk in minutes.
_READY_SECONDS_MAX = 240
#: A fast shutdown writes up to shared_buffers (128 MB) first.
_FAST_STOP_SECONDS = 60
_IMMEDIATE_STOP_SECONDS = 10
#: PostgreSQL tells only its pid file that it is ready; pg_ctl too reads it again and again.
_READY_PACE_SECONDS = 0.005
#: The pid file's lines: process number first, state eighth (PostgreSQL 18, miscadmin.h).
_STATE_LINE = 7

_PID_FILE = pathlib.Path(folders.CLUSTER) / "postmaster.pid"
_LOG = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running server, its parent's child."""

    process: subprocess.Popen[bytes]

    def code(self) -> int | None:
        """The exit code of a server that has ended (negative: the signal), None while it runs."""
        return self.process.poll()

    def stop(self) -> None:
        """End the server with a checkpoint; without one where that takes too long."""
        for signal_number, seconds in (
            (signal.SIGINT, _FAST_STOP_SECONDS),
            (signal.SIGQUIT, _IMMEDIATE_STOP_SECONDS),
            (signal.SIGKILL, None),
        ):
            self.process.send_signal(signal_number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=seconds)
                return
            _LOG.warning("the server did not end within %s s of %s", seconds, signal_number.name)


def start(chosen: programs.Programs) -> Server:
    """Start the server, after the one before has wholly ended, and wait until it takes connections.

    Raises:
        ServerFailedError: it ended, or was not ready in time, or a server that is not ours runs in the folder.
    """
    with contextlib.ExitStack() as stack:
        lock = folders.open_file(None, folders.SERVER_LOCK, os.O_RDWR)
        stack.callback(os.close, lock)
        log = folders.open_file(None, folders.LOG, os.O_WRONLY | os.O_APPEND)
        stack.callback(os.close, log)
        _outlast(lock, chosen.server_uid)
        clusters.ensure(chosen, lock=lock, log=log)
        _clear_pid_file(chosen.server_uid)
        since = os.fstat(log).st_size
        process = _launch(chosen, lock=lock, log=log)
    server = Server(process=process)
    try:
        _await_ready(process, since=since)
    except BaseException:
        server.stop()
        raise
    return server


def _outlast(lock: int, uid: int | None) -> None:
    """Wait until no process of an earlier server is left, and tell one that was left alone to end."""
    if kernel.take_lock(lock, seconds=0):
        return
    pid = _pid_in_file()
    if pid is not None and (_runs_here(pid, uid) or not kernel.PROC_FD.is_dir()):
        _LOG.info("ending server process %d, which its keeper left", pid)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)
    if not kernel.take_lock(lock, seconds=_FAST_STOP_SECONDS):
        raise errors.ServerFailedError(f"an earlier server (process {pid}) did not end within {_FAST_STOP_SECONDS} s")


def _clear_pid_file(uid: int | None) -> None:
    """Remove an earlier server's pid file whose number another process has been given since.

    PostgreSQL would refuse to start as long as a process of its user has that number, and with an empty file, which
    a power failure can leave. Called with the server lock held, so no server that a keeper started is alive.
    """
    pid = _pid_in_file()
    if pid is None:
        _PID_FILE.unlink(missing_ok=True)
        return
    match _runs_here(pid, uid):
        case True:
            raise errors.ServerFailedError(
                f"process {pid}, which Signalpost did not start, runs as a server in this folder; stop it first"
            )
        case False:
            _PID_FILE.unlink()
        case None:
            pass  # PostgreSQL decides; it can tell a process that has ended, or is another user's


def _pid_in_file() -> int | None:
    try:
        return int(_PID_FILE.read_text(encoding="utf-8", errors="replace").splitlines()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None


def _runs_here(pid: int, uid: int | None) -> bool | None:
    """Whether a process is this cluster's server: its current folder is the cluster. None where that cannot be seen.

    Seen as the server's user: in most containers root may not look into another user's processes.
    """
    cluster = pathlib.Path(folders.CLUSTER).stat()
    try:
        with kernel.acting_as(uid):
            current = pathlib.Path(f"/proc/{pid}/cwd").stat()
    except (FileNotFoundError, PermissionError):
        return None
    return os.path.samestat(cluster, current)


def _launch(chosen: programs.Programs, *, lock: int, log: int) -> subprocess.Popen[bytes]:
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
    with contextlib.ExitStack() as stack:
        cluster = os.open(folders.CLUSTER, flags)
        stack.callback(os.close, cluster)
        sockets = os.open(folders.SOCKET_FOLDER, flags)
        stack.callback(os.close, sockets)
        fixed = {
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": kernel.view(sockets, pathlib.Path(folders.SOCKET_FOLDER).absolute()),
            "unix_socket_permissions": "0700",
            "logging_collector": "off",
            "cluster_name": "signalpost",
        }
        command = [
            chosen.bin / "postgres",
            "-D",
            kernel.view(cluster, pathlib.Path(folders.CLUSTER).absolute()),
            *(f"--{name}={value}" for name, value in fixed.items()),
        ]
        return programs.start(
            command, chosen.server_uid, descriptors=(cluster, sockets, lock), log=log, end_by=signal.SIGINT
        )


def _await_ready(process: subprocess.Popen[bytes], *, since: int) -> None:
    until = time.monotonic() + _READY_SECONDS_MAX
    while not _is_ready(process.pid):
        code = process.poll()
        if code is not None:
            raise errors.ServerFailedError(
                f"the server ended with code {code}; its last words:\n{folders.log_tail(None, since=since)}"
            )
        if time.monotonic() >= until:
            raise errors.ServerFailedError(
                f"the server was not ready in {_READY_SECONDS_MAX} s; "
                f"its last words:\n{folders.log_tail(None, since=since)}"
            )
        time.sleep(_READY_PACE_SECONDS)


def _is_ready(pid: int) -> bool:
    try:
        lines = _PID_FILE.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return False
    return len(lines) > _STATE_LINE and lines[0] == str(pid) and lines[_STATE_LINE].strip() == "ready"
