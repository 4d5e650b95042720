"""The keeper: the server's parent, started by the first owner, gone with the last.

An owner is a connection to the keeper's socket. The keeper writes one reply when the server is ready, or why it never
will be; after that nothing is said. The system closes the connection of an owner that ends in any way, so no owner is
ever forgotten or invented. The connection of the last owner stays open until the server has ended, which is how that
owner knows.
"""

import contextlib
import logging
import os
import pathlib
import selectors
import shutil
import signal
import socket
import time
from collections.abc import Iterator

from signalpost.store.embedded import errors, folders, kernel, programs, servers

READY = b"ready\n"

#: A keeper that is stopping needs this long at most (its server's fast and immediate stop, and some).
_PREDECESSOR_SECONDS_MAX = 90

#: A server is started again this often within the window.
_RESTARTS_MAX = 5
_RESTARTS_WINDOW_SECONDS = 60
_FIRST_DELAY_SECONDS = 0.05

_LOG_BYTES_MAX = 4 * 1024 * 1024
_LOG_CHECK_SECONDS = 60

_LOG = logging.getLogger(__name__)


def main(arguments: list[str]) -> int:
    """Keep the folder open as FOLDER_FD for those who knock at LISTENER_FD; leave the owner that started it at once."""
    folder_fd, listener_fd, bin_folder = int(arguments[0]), int(arguments[1]), pathlib.Path(arguments[2])
    if os.fork() != 0:
        os._exit(0)
    os.setsid()
    os.fchdir(folder_fd)
    os.umask(0o077)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s keeper[%(process)d]: %(message)s")
    with socket.socket(fileno=listener_fd) as listener:
        keeper = _Keeper(listener, bin_folder)
        try:
            keeper.keep()
        except OSError as error:
            _LOG.exception("the keeper cannot go on")
            keeper.refuse(errors.ServerFailedError(f"the keeper cannot go on: {error}"))
            return 1
        except errors.EmbeddedError as error:
            _LOG.error("%s", error)
            keeper.refuse(error)
            return 1
    return 0


class _Keeper:
    """A server and its owners."""

    def __init__(self, listener: socket.socket, bin_folder: pathlib.Path) -> None:
        self._listener = listener
        self._bin_folder = bin_folder
        self._owners: set[socket.socket] = set()
        self._leaving: set[socket.socket] = set()
        self._deaths: list[float] = []
        self._selector = selectors.DefaultSelector()
        self._wake, self._waker = socket.socketpair()

    def keep(self) -> None:
        """Start the server, keep it running while it has owners, and stop it.

        Raises:
            EmbeddedError: it cannot be started, or not again.
        """
        lock = folders.open_file(None, folders.KEEPER_LOCK, os.O_RDWR)
        if not kernel.take_lock(lock, seconds=_PREDECESSOR_SECONDS_MAX):
            raise errors.ServerFailedError(f"an earlier keeper did not end within {_PREDECESSOR_SECONDS_MAX} s")
        self._listen_to_signals()
        chosen = programs.prepare(self._bin_folder)
        server = servers.start(chosen)
        _LOG.info("server process %d is ready", server.process.pid)
        self._listener.settimeout(0)
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._welcome()
        while self._owners:
            self._attend()
            code = server.code()
            if code is not None:
                server = self._start_again(chosen, code)
            _bound_log()
        self._listener.close()
        server.stop()
        _LOG.info("the last owner has gone, the server has stopped")

    def refuse(self, error: errors.EmbeddedError) -> None:
        """Tell every owner, and whoever is waiting to be one, why there is no server."""
        self._listener.settimeout(0)
        for owner in (*self._owners, *self._accept()):
            with contextlib.suppress(OSError):
                owner.sendall(errors.to_reply(error))
            owner.close()

    def _listen_to_signals(self) -> None:
        """Be woken when the server dies; outlive a signal that is sent to every process of a service at its stop.

        The owners need the database until they have ended, and then the keeper ends by itself. Handlers, and not
        SIG_IGN, because a program that is started inherits the latter.
        """
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda _number, _frame: None)
        self._wake.settimeout(0)
        self._waker.settimeout(0)
        signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)
        self._selector.register(self._wake, selectors.EVENT_READ)

    def _attend(self) -> None:
        """Wait for owners that come or go, or for a signal."""
        gone: set[socket.socket] = set()
        for key, _ in self._selector.select(_LOG_CHECK_SECONDS):
            if key.fileobj is self._listener:
                self._welcome()
            elif key.fileobj is self._wake:
                self._wake.recv(4096)
            else:
                gone |= {owner for owner in self._owners if owner is key.fileobj}
        for owner in gone:
            self._selector.unregister(owner)
        self._owners -= gone
        self._leaving |= gone
        if not self._owners:
            self._welcome()
        if self._owners:
            for owner in self._leaving:
                owner.close()
            self._leaving.clear()

    def _welcome(self) -> None:
        for owner in self._accept():
            with contextlib.suppress(OSError):
                owner.sendall(READY)
            self._owners.add(owner)
            self._selector.register(owner, selectors.EVENT_READ)

    def _accept(self) -> Iterator[socket.socket]:
        with contextlib.suppress(BlockingIOError):
            while True:
                owner, _ = self._listener.accept()
                yield owner

    def _start_again(self, chosen: programs.Programs, code: int) -> servers.Server:
        _LOG.warning("the server ended with code %d; starting it again", code)
        while True:
            now = time.monotonic()
            self._deaths = [at for at in self._deaths if now - at < _RESTARTS_WINDOW_SECONDS] + [now]
            before = len(self._deaths) - 1
            if before >= _RESTARTS_MAX:
                raise errors.ServerFailedError(
                    f"the server died {len(self._deaths)} times within {_RESTARTS_WINDOW_SECONDS} s; "
                    f"its last words:\n{folders.log_tail(None)}"
                )
            if before:
                time.sleep(_FIRST_DELAY_SECONDS * 2**before)
            try:
                server = servers.start(chosen)
            except errors.ServerFailedError as error:
                _LOG.warning("%s", error)
            else:
                _LOG.info("server process %d is ready", server.process.pid)
                return server


def _bound_log() -> None:
    """Keep one earlier log and empty the current one in place, since the server goes on appending to it."""
    log = pathlib.Path(folders.LOG)
    if log.stat().st_size > _LOG_BYTES_MAX:
        shutil.copyfile(log, folders.LOG_BEFORE)
        os.truncate(log, 0)
