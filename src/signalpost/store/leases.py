"""Leases: the signs of life of sending processes, so that the database knows at once when one of them is gone.

A lease is a number under which a process sends. The process holds an advisory lock of that number on a connection of
its own, which ends with the process however that ends (a host that vanishes is noticed by keep-alives). A connection
can also be lost while its process lives, when PostgreSQL is restarted or the network fails: then the process takes the
same lease again, and it has `GRACE_SECONDS` for it before its attempts are read as unclear.

It needs sessions: behind a pooler that shares connections between transactions (as for `LISTEN`), no lease can be held.
"""

import contextlib
import datetime as dt
import logging
import os
import select
import socket
import threading
from collections.abc import Generator

import psycopg
from procrastinate.contrib.django import utils

from signalpost.store import batch

logger = logging.getLogger("signalpost.store.leases")

#: Class of our advisory locks among all of the database; the second half of the key is the number of the lease.
#: The view `held_lease` shows the locks of this class.
LOCK_CLASS = 8320
#: How long a process that lost its connection has to take its lease again, counted from when the loss was noticed.
GRACE_SECONDS = 5.0
#: A lease that is gone is remembered so long: a process that comes back within that time can be lost again.
KEPT_DAYS = 2
#: How often a process looks whether its connection still stands.
LOOK_SECONDS = 0.25
CONNECT_SECONDS = 5
#: A silent peer is gone after `IDLE + COUNT * INTERVAL`; the same on both sides.
KEEPALIVE_IDLE_SECONDS = 5
KEEPALIVE_INTERVAL_SECONDS = 5
KEEPALIVE_COUNT = 3

# The server's side of the keep-alives; a connection over a Unix socket has none.
_KEEPALIVES = """
SELECT set_config('tcp_keepalives_idle', %s, false), set_config('tcp_keepalives_interval', %s, false),
       set_config('tcp_keepalives_count', %s, false)
"""
_NEW = "INSERT INTO lease (holder, taken_at) VALUES (%s, now()) RETURNING number"
_AGAIN = """
INSERT INTO lease (number, holder, taken_at) VALUES (%s, %s, now())
ON CONFLICT (number) DO UPDATE SET gone_at = NULL
"""

# Whether any lease was lost or came back since it was noted, or something is open under one that is gone for good.
_STIRS = """
SELECT EXISTS (
    SELECT 1 FROM lease LEFT JOIN held_lease AS held USING (number)
    WHERE (lease.gone_at IS NULL) = (held.number IS NULL) OR lease.gone_at > %s
       OR (held.number IS NULL AND lease.gone_at <= %s AND EXISTS (
           SELECT 1 FROM attempt WHERE attempt.lease = lease.number AND attempt.finished_at IS NULL)))
"""

# When each lease was first missed; one that came back is no longer. A clock that was put back begins anew.
_NOTE = """
UPDATE lease SET gone_at = CASE WHEN held.number IS NULL THEN %s::timestamptz END
FROM lease AS known LEFT JOIN held_lease AS held USING (number)
WHERE lease.number = known.number AND ((lease.gone_at IS NULL) = (held.number IS NULL) OR lease.gone_at > %s)
"""

_FORGET = """
DELETE FROM lease WHERE gone_at <= %s
  AND NOT EXISTS (SELECT 1 FROM attempt WHERE attempt.lease = lease.number AND attempt.finished_at IS NULL)
"""


class NotHeldError(RuntimeError):
    """A lease cannot be had; without one nothing may be sent."""


class Lease:
    """The lease of this process, taken when it first sends. Used by one sending thread at a time."""

    def __init__(self) -> None:
        """Prepare; nothing is connected yet."""
        self._mutex = threading.Lock()
        self._connection: psycopg.Connection | None = None
        self._number = 0
        self._ended = threading.Event()
        self._watch: threading.Thread | None = None

    @contextlib.contextmanager
    def hold(self) -> Generator[int]:
        """Send under a lease: its number. It is given up when the sending fails, so that others take care at once.

        Raises:
            psycopg.Error: the database cannot be reached.
            NotHeldError: the database does not give it.
        """
        with self._mutex:
            self._ensure()
            number = self._number
        if self._watch is None:
            self._watch = threading.Thread(target=self._look_after, name="lease", daemon=True)
            self._watch.start()
        try:
            yield number
        except BaseException:
            self._give_up()
            raise

    def release(self) -> None:
        """Give it up, as the end of the process would. It may be taken again."""
        self._ended.set()
        if self._watch is not None:
            self._watch.join()
            self._watch = None
        self._ended.clear()
        self._give_up()

    def _give_up(self) -> None:
        with self._mutex:
            self._number = 0
            if self._is_connected() and self._connection is not None:
                # PostgreSQL ends a closed session in its own time; unlocked, the lease is gone for all at once.
                with contextlib.suppress(psycopg.Error):
                    self._connection.execute("SELECT pg_advisory_unlock_all()")
            self._disconnect()

    def _look_after(self) -> None:
        """Take the lease again when its connection is lost, for as long as there is one."""
        while not self._ended.wait(LOOK_SECONDS):
            with self._mutex:
                if not self._number or self._is_connected():
                    continue
                try:
                    self._ensure()
                except (psycopg.Error, NotHeldError) as error:
                    logger.warning("lease %d cannot be taken again yet: %s", self._number, type(error).__name__)
                    self._disconnect()
                else:
                    logger.warning("lease %d was lost with its connection and is taken again", self._number)

    def _ensure(self) -> None:
        if self._is_connected():
            return
        self._disconnect()
        self._connection = connection = _connect()
        if self._number:
            connection.execute(_AGAIN, [self._number, _holder()])
        else:
            self._number = _new(connection)
        if not _try_lock(connection, self._number):
            self._disconnect()
            raise NotHeldError(f"lease {self._number}: wanted its lock, got it held by another connection")

    def _is_connected(self) -> bool:
        """Whether the connection stands: a server that closes it, or a reset, makes it readable."""
        if self._connection is None or self._connection.closed:
            return False
        poll = select.poll()
        poll.register(self._connection.fileno(), select.POLLIN)
        return not poll.poll(0)

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def stirs(*, gone_before: dt.datetime, now: dt.datetime) -> bool:
    """Whether a lease was lost or came back, or something is open under one that is gone since before this."""
    return batch.fetch(_STIRS, [now, gone_before], tuple[bool])[0][0]


def note(*, now: dt.datetime) -> None:
    """Note which leases are missing from now on, and which came back."""
    batch.run(_NOTE, [now, now])


def forget(*, now: dt.datetime) -> None:
    """Take leases off the list that are long gone and under which nothing is open."""
    batch.run(_FORGET, [now - dt.timedelta(days=KEPT_DAYS)])


def _connect() -> psycopg.Connection:
    connection = psycopg.connect(
        **utils.connector_params(),
        autocommit=True,
        connect_timeout=CONNECT_SECONDS,
        application_name="signalpost lease",
        keepalives_idle=KEEPALIVE_IDLE_SECONDS,
        keepalives_interval=KEEPALIVE_INTERVAL_SECONDS,
        keepalives_count=KEEPALIVE_COUNT,
    )
    connection.execute(
        _KEEPALIVES, [str(KEEPALIVE_IDLE_SECONDS), str(KEEPALIVE_INTERVAL_SECONDS), str(KEEPALIVE_COUNT)]
    )
    return connection


def _new(connection: psycopg.Connection) -> int:
    row = connection.execute(_NEW, [_holder()]).fetchone()
    if row is None:
        raise NotHeldError("lease: wanted a number, got none")
    return int(row[0])


def _try_lock(connection: psycopg.Connection, number: int) -> bool:
    row = connection.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_CLASS, number]).fetchone()
    return row is not None and bool(row[0])


def _holder() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"
