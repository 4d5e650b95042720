"""An owner's side: finding the keeper or starting it, staying with it, leaving it."""

import contextlib
import logging
import os
import pathlib
import socket
import subprocess
import sys
import threading
import time
import types
import urllib.parse
from typing import Final, Self

from signalpost.store.embedded import errors, folders, keeper, kernel, programs, servers

#: The database, and the role that owns it. Not a superuser: SQL that is smuggled in gets no further than its own data.
DATABASE: Final = "signalpost"
_ADMINISTRATOR = "postgres"

_KEEPER_MODULE = "signalpost.store.embedded"

#: An owner waits this long for the reply: an earlier server that stops, and crash recovery.
_REPLY_SECONDS_MAX = 360
#: A keeper may be stopping when an owner comes; each such meeting costs one attempt.
_JOIN_ATTEMPTS_MAX = 5
#: How long an owner waits for the server of which it was the last owner to stop.
_LEAVE_SECONDS_MAX = 90
#: After its keeper was killed an owner starts another; where that fails it waits 1, 2, 4 … 64 seconds.
_REJOIN_ATTEMPTS_MAX = 8
_FIRST_CONNECTION_SECONDS_MAX = 30
_FIRST_CONNECTION_PACE_SECONDS = 0.02
_REPLY_BYTES_MAX = 65_536
_WAITING_OWNERS_MAX = 64

#: sockaddr_un.sun_path without its closing zero: Linux 108, macOS and BSD 104.
_SOCKET_PATH_BYTES_MAX = 107 if sys.platform == "linux" else 103

_LOG = logging.getLogger(__name__)

_ONE_AT_A_TIME = "SELECT pg_advisory_lock(7310579)"
_PRESENT = """
SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = 'signalpost'),
       EXISTS (SELECT FROM pg_database WHERE datname = 'signalpost')
"""
# CREATEDB: a test makes databases of its own beside this one.
_MAKE_ROLE = "CREATE ROLE signalpost LOGIN CREATEDB"
_MAKE_DATABASE = "CREATE DATABASE signalpost OWNER signalpost"


def attach(folder: pathlib.Path) -> "Attachment":
    """Have a PostgreSQL running in this folder, made and started where needed, until released or this process ends.

    The folder is the database's own: missing (its parent must exist), empty, or one that this function made. Several
    processes of one user may attach to it; each attaches for itself, a forked child too.

    Raises:
        EmbeddedError: one of the kinds that the package's docstring lists.
    """
    opened = folders.open_folder(folder)
    with contextlib.ExitStack() as stack:
        stack.callback(os.close, opened.fd)
        try:
            attachment = Attachment(opened)
        except OSError as error:
            raise errors.FolderUnusableError(f"the database folder {str(opened.path)!r} fails: {error}") from error
        stack.pop_all()
    return attachment


class Attachment:
    """A share in a running server. While it is held, a server that dies is started again, at the same URL."""

    def __init__(self, folder: folders.Folder) -> None:
        self._folder = folder
        self._process = os.getpid()
        self._released = threading.Event()
        with contextlib.ExitStack() as stack:
            self._seat = stack.enter_context(_join(folder))
            flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
            self._socket_fd = os.open(folders.SOCKET_FOLDER, flags, dir_fd=folder.fd)
            stack.callback(os.close, self._socket_fd)
            host = _host(folder.path / folders.SOCKET_FOLDER, self._socket_fd)
            _ensure_database(_url(_ADMINISTRATOR, _ADMINISTRATOR, host=host))
            stack.pop_all()
        #: A postgresql:// URL for any process of this user, for as long as this attachment is held.
        self.url = _url(DATABASE, DATABASE, host=host)
        self._watcher = threading.Thread(target=self._watch, name="embedded-postgresql", daemon=True)
        self._watcher.start()

    def release(self) -> None:
        """Give up this share; when it is the last one, return when the server has stopped. Again: does nothing."""
        if self._released.is_set():
            return
        self._released.set()
        if os.getpid() == self._process:
            with contextlib.suppress(OSError):  # the keeper may just have died
                self._seat.shutdown(socket.SHUT_WR)
            self._watcher.join(_LEAVE_SECONDS_MAX)
            if self._watcher.is_alive():
                _LOG.warning("the server in %r did not stop within %s s", str(self._folder.path), _LEAVE_SECONDS_MAX)
        self._seat.close()
        os.close(self._socket_fd)
        os.close(self._folder.fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: types.TracebackType | None,
    ) -> None:
        self.release()

    def _watch(self) -> None:
        """Start another keeper when ours ends before we have left it: it was killed."""
        while True:
            _await_end(self._seat)
            if self._released.is_set() or not self._rejoin():
                return
            if self._released.is_set():
                with contextlib.suppress(OSError):
                    self._seat.shutdown(socket.SHUT_WR)

    def _rejoin(self) -> bool:
        for attempt in range(_REJOIN_ATTEMPTS_MAX):
            try:
                seat = _join(self._folder)
            except (errors.EmbeddedError, OSError) as error:
                _LOG.warning("the server in %r is gone: %s", str(self._folder.path), error)
                if self._released.wait(2**attempt):
                    return False
            else:
                self._seat.close()
                self._seat = seat
                return True
        _LOG.error("the server in %r stays stopped until someone attaches anew", str(self._folder.path))
        return False


def _join(folder: folders.Folder) -> socket.socket:
    """Become an owner of a ready server."""
    for _ in range(_JOIN_ATTEMPTS_MAX):
        with folders.locked(folder, folders.START_LOCK, seconds=folders.START_LOCK_SECONDS):
            seat = _knock(folder) or _start_keeper(folder)
        try:
            reply = _read_reply(seat)
        except BaseException:
            seat.close()
            raise
        if reply == keeper.READY:
            seat.settimeout(None)
            return seat
        seat.close()
        if reply:
            raise errors.from_reply(reply.removeprefix(keeper.READY))
        # No reply: that keeper was just leaving, or was killed.
    raise errors.ServerFailedError(
        f"{_JOIN_ATTEMPTS_MAX} keepers for {str(folder.path)!r} ended without a word; the log's last lines:\n"
        f"{folders.log_tail(folder.fd)}"
    )


def _knock(folder: folders.Folder) -> socket.socket | None:
    seat = socket.socket(socket.AF_UNIX)
    try:
        seat.connect(_control_path(folder))
    except (FileNotFoundError, ConnectionRefusedError):
        seat.close()
        return None
    except BaseException:
        seat.close()
        raise
    return seat


def _start_keeper(folder: folders.Folder) -> socket.socket:
    """Start a keeper that inherits a socket already listening, so that to knock now is never too early."""
    bin_folder = programs.find()
    path = _control_path(folder)
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket(socket.AF_UNIX))
        with contextlib.suppress(FileNotFoundError):
            os.unlink(folders.KEEPER_SOCKET, dir_fd=folder.fd)
        try:
            listener.bind(path)
            listener.listen(_WAITING_OWNERS_MAX)
        except OSError as error:
            raise errors.FolderUnusableError(
                f"{str(folder.path)!r} takes no socket: {error.strerror}; wanted a folder on a local file system"
            ) from error
        # Before the keeper starts: one that finds nobody waiting leaves again.
        starting = stack.enter_context(contextlib.ExitStack())
        seat = starting.enter_context(socket.socket(socket.AF_UNIX))
        seat.connect(path)
        log = folders.open_file(folder.fd, folders.LOG, os.O_WRONLY | os.O_APPEND)
        stack.callback(os.close, log)
        done = subprocess.run(  # noqa: S603
            (sys.executable, "-P", "-m", _KEEPER_MODULE, str(folder.fd), str(listener.fileno()), str(bin_folder)),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=(folder.fd, listener.fileno()),
            start_new_session=True,
            check=False,
        )
        if done.returncode != 0:
            raise errors.ServerFailedError(
                f"the keeper for {str(folder.path)!r} did not start: exit code {done.returncode}; "
                f"the log's last lines:\n{folders.log_tail(folder.fd)}"
            )
        starting.pop_all()
    return seat


def _read_reply(seat: socket.socket) -> bytes:
    """What the keeper says: READY, an error, or nothing because it ended."""
    reply = b""
    # Not before: with a timeout connect() fails where it should wait for room among the waiting.
    seat.settimeout(_REPLY_SECONDS_MAX)
    try:
        while reply != keeper.READY and len(reply) < _REPLY_BYTES_MAX:
            part = seat.recv(_REPLY_BYTES_MAX)
            if not part:
                break
            reply += part
    except ConnectionResetError:
        return b""
    except TimeoutError as error:
        raise errors.ServerFailedError(f"the keeper did not answer within {_REPLY_SECONDS_MAX} s") from error
    return reply


def _await_end(seat: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while seat.recv(_REPLY_BYTES_MAX):
            pass


def _control_path(folder: folders.Folder) -> str:
    path = folder.reach(folders.KEEPER_SOCKET)
    if len(os.fsencode(path)) > _SOCKET_PATH_BYTES_MAX:
        raise errors.FolderUnusableError(
            f"the path {path!r} is too long for a socket here: wanted at most {_SOCKET_PATH_BYTES_MAX} bytes, "
            f"got {len(os.fsencode(path))}; choose a data folder with a shorter path"
        )
    return path


def _host(sockets: pathlib.Path, fd: int) -> str:
    """The socket's folder as libpq takes it.

    libpq splits a host at commas, and the system limits a socket's path. Where either is in the way Linux still names
    the folder through this process's descriptor; elsewhere _control_path has refused the length.
    """
    socket_path = os.fsencode(sockets / f".s.PGSQL.{servers.PORT}")
    try:
        text = os.fsencode(sockets).decode()
    except UnicodeDecodeError:
        text = ","
    if kernel.PROC_FD.is_dir() and (len(socket_path) > _SOCKET_PATH_BYTES_MAX or "," in text):
        return f"/proc/{os.getpid()}/fd/{fd}"
    return text


def _url(user: str, database: str, *, host: str) -> str:
    return f"postgresql://{user}@/{database}?host={urllib.parse.quote(host, safe='')}&port={servers.PORT}"


def _ensure_database(url: str) -> None:
    """Make the role and its database where they are missing. Also the proof that the server takes connections."""
    # Here, because the keeper imports this package too and stays small without it.
    import psycopg  # noqa: PLC0415

    until = time.monotonic() + _FIRST_CONNECTION_SECONDS_MAX
    while True:
        try:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(_ONE_AT_A_TIME)
                (present,) = connection.execute(_PRESENT)
                for is_present, statement in zip(present, (_MAKE_ROLE, _MAKE_DATABASE), strict=True):
                    if not is_present:
                        connection.execute(statement)
        except psycopg.OperationalError as error:
            # The server was killed since the keeper spoke, and is being started again.
            if time.monotonic() >= until:
                raise errors.ServerFailedError(f"the server takes no connection: {error}") from error
            time.sleep(_FIRST_CONNECTION_PACE_SECONDS)
        else:
            return
