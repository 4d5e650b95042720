"""The supervisor: keeps the processes of an installation alive, and runs the clock.

Children end with their supervisor, however it ends: each holds the reading end of a pipe whose writing end only the
supervisor has, and stops when that closes.

At the start they are forked, where that is safe: what all of them import takes most of the time a start takes. One that
has to be started again is a program of its own, as by then there are threads.
"""

import datetime as dt
import gc
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import IO

import msgspec
from django import db
from procrastinate import exceptions

from signalpost.work import forked, parent

logger = logging.getLogger("signalpost.supervisor")

STANDARD_ERROR = 2
#: How long children may take to stop before they are killed.
STOP_SECONDS = 40.0
#: A child that ends early is started again after so long; doubled each time, up to the longest.
FIRST_RESTART_SECONDS = 0.5
LONGEST_RESTART_SECONDS = 30.0
#: A child that ran so long was well: its next restart is quick again.
WELL_SECONDS = 60.0
#: How often children are looked at.
WATCH_SECONDS = 0.2


class Child(msgspec.Struct, kw_only=True):
    """A process to be kept alive: arguments of `signalpost`."""

    name: str
    arguments: Sequence[str]
    process: subprocess.Popen[bytes] | forked.Forked | None = None
    started_at: float = 0.0
    restart_at: float = 0.0
    wait_seconds: float = FIRST_RESTART_SECONDS


class Supervisor:
    """Starts children, starts them again when they end, stops them all."""

    def __init__(self, children: Sequence[Child]) -> None:
        """Take charge of these children; nothing runs yet."""
        self._children = children
        self._stop = threading.Event()

    def stop(self) -> None:
        """Ask `run` to end; may be called from a signal handler or another thread."""
        self._stop.set()

    def fork(self) -> Sequence[str] | None:
        """Start the children as copies of this process: `None` here, and in a child what it is to do.

        To be called before anything has threads or connections. Where it is not safe, nothing is done: `run` starts
        them.
        """
        if sys.platform != "linux":
            return None
        gc.freeze()
        pipes: list[IO[bytes]] = []
        for child in self._children:
            child.process = forked.fork(child.name, pipes)
            if child.process is None:
                return [*child.arguments, parent.END_WITH_STDIN]
            child.started_at = time.monotonic()
            pipes += [pipe for pipe in (child.process.stdin,) if pipe is not None]
        return None

    def run(self, tick: Callable[[dt.datetime], None], *, every_seconds: float) -> None:
        """Keep the children alive and call `tick` until stopped, then stop them."""
        clock = threading.Thread(target=self._run_clock, args=(tick, every_seconds), name="clock", daemon=True)
        clock.start()
        try:
            while not self._stop.wait(WATCH_SECONDS):
                if not clock.is_alive():
                    raise RuntimeError("clock: wanted it to look on, got its end; see the log")
                for child in self._children:
                    self._watch(child)
        finally:
            self._stop.set()
            clock.join(STOP_SECONDS)
            self._end()

    def _run_clock(self, tick: Callable[[dt.datetime], None], every_seconds: float) -> None:
        while not self._stop.wait(every_seconds):
            # A connection that broke at the last look would fail at every one that follows.
            db.close_old_connections()
            try:
                tick(dt.datetime.now(dt.UTC))
            except (db.Error, exceptions.ConnectorException) as error:
                logger.warning("clock: a look failed, the next one follows: %s", error)

    def _watch(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is not None:
            code = child.process.poll()
            if code is None:
                return
            if now - child.started_at > WELL_SECONDS:
                child.wait_seconds = FIRST_RESTART_SECONDS
            logger.warning("%s ended with %s, starting again in %.1f s", child.name, code, child.wait_seconds)
            child.process = None
            child.restart_at = now + child.wait_seconds
            child.wait_seconds = min(LONGEST_RESTART_SECONDS, child.wait_seconds * 2)
        if now >= child.restart_at:
            command = [sys.executable, "-m", "signalpost", *child.arguments, parent.END_WITH_STDIN]
            # In a group of its own: Ctrl-C reaches the supervisor alone, which stops the children in its own order.
            child.process = subprocess.Popen(  # noqa: S603 - our own program
                command, stdin=subprocess.PIPE, stdout=STANDARD_ERROR, process_group=0
            )
            child.started_at = now

    def _end(self) -> None:
        running = [child.process for child in self._children if child.process is not None]
        for process in running:
            if process.stdin is not None:
                process.stdin.close()
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except (subprocess.TimeoutExpired, TimeoutError):
                process.kill()
                process.wait()
