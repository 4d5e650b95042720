"""A whole installation as real processes, with peers that outlive it, and ways to kill any of it."""

import contextlib
import datetime as dt
import json
import os
import pathlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Sequence
from typing import LiteralString

import psutil
import psycopg

from signalpost.demo import api, meters, peers, ports
from signalpost.store import embedded

#: Longest wait for a process to be there, and for everything to come to rest on a busy machine.
PATIENCE_SECONDS = 120.0
ROOT = pathlib.Path(__file__).parent.parent.parent


def until(holds: Callable[[], bool], what: str, *, seconds: float = PATIENCE_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"wanted {what} within {seconds} s"
        time.sleep(0.1)


class Installation:
    """`signalpost serve` and `signalpost work` with everything below them; started again like a service when killed."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self.log = folder / "log"
        self.peers = peers.Peers(folder)
        self.port = ports.free()
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("SIGNALPOST_")},
            **self.peers.environment(),
            "SIGNALPOST_DATA_FOLDER": str(folder / "data"),
            "SIGNALPOST_HOST": ports.LOOPBACK,
            "SIGNALPOST_PORT": str(self.port),
            "SIGNALPOST_WORKER_PROCESSES": "2",
            "SIGNALPOST_URGENT_PROCESSES": "1",
            "SIGNALPOST_LOG_LEVEL": "WARNING",
            "SIGNALPOST_SPOOL_CLOSING": "every:1",
        }
        (folder / "data").mkdir()
        # Django of the tests has another database: only its address is wanted here, and that the server stays.
        self._attachment = embedded.attach(folder / "data" / "postgres")
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self.network = meters.Network(self.peers.broker)

    def start(self) -> None:
        """Install, and run."""
        said = self.run("-m", "tests.faults.install", self.peers.platform.url, self.peers.platform.secret)
        access = json.loads(said)
        self.client = api.Client(
            f"http://{ports.LOOPBACK}:{self.port}", client_id=access["client_id"], secret=access["secret"]
        )
        self.keep_running()
        until(lambda: ports.is_listening(self.port), "a web server")
        until(lambda: bool(self.find("listener")), "a listener")
        self._until_heard()

    def run(self, *arguments: str) -> str:
        """Run a Python command to its end; what it says."""
        command = [sys.executable, *arguments]
        with self.log.open("ab") as log:
            done = subprocess.run(
                command, env=self._environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, timeout=300, check=False
            )
        assert done.returncode == 0, (arguments, done.stdout[-2000:], self.log_tail())
        return done.stdout.decode()

    def keep_running(self) -> None:
        """What a service manager does: start what is not running."""
        for name in ("serve", "work"):
            if name not in self._running or self._running[name].poll() is not None:
                with self.log.open("ab") as log:
                    self._running[name] = subprocess.Popen(
                        [sys.executable, "-m", "signalpost", name], env=self._environment, stdout=log, stderr=log
                    )

    def find(self, what: str) -> list[psutil.Process]:
        """Processes of a kind."""
        match what:
            case "supervisor":
                return self._tree("work")[:1]
            case "worker":
                return [one for one in self._tree("work") if _is("worker", one) or _is("urgent", one)]
            case "listener":
                return [one for one in self._tree("work") if _is("listen", one)]
            case "web":
                return self._tree("serve")
            case "postmaster":
                return self._postmaster()
            case "backend":
                below = [child for server in self._postmaster() for child in _children(server)]
                return [child for child in below if "[local]" in " ".join(_words(child))]
            case _:
                raise ValueError(what)

    def _tree(self, name: str) -> list[psutil.Process]:
        process = self._running[name]
        if process.poll() is not None:
            return []
        with contextlib.suppress(psutil.NoSuchProcess):
            top = psutil.Process(process.pid)
            return [top, *_children(top)]
        return []

    def _postmaster(self) -> list[psutil.Process]:
        for file in (self.folder / "data" / "postgres").rglob("postmaster.pid"):
            with contextlib.suppress(OSError, ValueError, IndexError, psutil.NoSuchProcess):
                return [psutil.Process(int(file.read_text().splitlines()[0]))]
        return []

    def _until_heard(self) -> None:
        """What is published before somebody listens is lost."""

        def heard() -> bool:
            self.network.publish(self.network.say(meters.HEARTBEAT, ["M-0"], now=dt.datetime.now(dt.UTC)))
            return self.one("SELECT count(*) FROM body WHERE channel = 'mqtt'") > 0

        until(heard, "a listener that hears")

    def rows(self, sql: LiteralString) -> list[tuple[object, ...]]:
        with psycopg.connect(self._attachment.url) as connection:
            return connection.execute(sql).fetchall()

    def one(self, sql: LiteralString) -> int:
        ((found,),) = self.rows(sql)
        return int(str(found))

    def post(self, batch: Sequence[object]) -> None:
        """Post events until they are accepted, as a platform does."""

        def accepted() -> bool:
            self.keep_running()
            try:
                self.client.post_events(batch)
            except api.ApiError as error:
                if "got 4" in str(error):
                    raise
                return False
            return True

        until(accepted, "an answer of the API")

    def at_rest(self) -> bool:
        """Whether nothing is left to do but for a person or a later time."""
        self.keep_running()
        try:
            return self.one(_OPEN) == 0
        except psycopg.Error:
            return False

    def log_tail(self) -> str:
        return self.log.read_text(errors="replace")[-6000:] if self.log.exists() else ""

    def stop(self) -> None:
        self.network.stop()
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.peers.stop()
        self._attachment.release()


#: What still has to happen: unread events, undecided households, jobs, deliveries on their way, facts, receipts.
_OPEN = """
SELECT (SELECT count(*) FROM event WHERE noted = '') + (SELECT count(*) FROM affected WHERE NOT is_decided)
     + (SELECT count(*) FROM decision WHERE state = 'decided') + (SELECT count(*) FROM procrastinate_jobs)
     + (SELECT count(*) FROM delivery WHERE state IN ('due', 'attempting'))
     + (SELECT count(*) FROM log_fact WHERE sequence IS NULL)
     + (SELECT count(*) FROM receipt WHERE followed_at IS NULL)
     + CASE WHEN (SELECT COALESCE(max(sequence), 0) FROM log_fact)
              > (SELECT COALESCE(max(position), 0) FROM log_cursor WHERE name = 'report') THEN 1 ELSE 0 END
"""


def kill(process: psutil.Process, number: signal.Signals = signal.SIGKILL) -> bool:
    """Kill a process; whether it was there."""
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return False
    return True


@contextlib.contextmanager
def running(folder: pathlib.Path) -> Generator[Installation]:
    made = Installation(folder)
    try:
        made.start()
        yield made
    finally:
        made.stop()


def _is(kind: str, process: psutil.Process) -> bool:
    """Whether a child of `work` is of a kind: forked it has a name, started again it has words."""
    try:
        return process.name().startswith(kind) or kind in process.cmdline()
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return False


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return []


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []
