"""The product as real processes, on a database of its own, for one group of figures."""

import contextlib
import functools
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import LiteralString

import msgspec
import psutil
from tests.peers import processes

from benchmarks import figures
from signalpost import settings, wiring
from signalpost.playbooks import load
from signalpost.vocabulary import events, library

READY_SECONDS = 120.0
STOP_SECONDS = 60.0
LOOK_SECONDS = 0.02

#: Premises with a meter each, in areas of this size; a household has so many premises and one e-mail address.
AREA_METERS = 2_500
_TOWN: tuple[LiteralString, ...] = (
    """
    INSERT INTO area (ref, name, outline)
    SELECT 'A' || n, 'Area ' || n, '[]' FROM generate_series(0, (%(meters)s - 1) / %(per_area)s) AS n
    """,
    """
    INSERT INTO premise (ref, area_id, lines, postcode, locality, region, country, time_zone)
    SELECT 'P' || n, 'A' || n / %(per_area)s, to_jsonb(ARRAY['Hafenstraße ' || n]), '20457', 'Hamburg', '', 'DE',
           'Europe/Berlin' FROM generate_series(0, %(meters)s - 1) AS n
    """,
    """
    INSERT INTO device (ref, type, premise_id, area_id, cleared)
    SELECT 'M-' || n, 'meter', 'P' || n, 'A' || n / %(per_area)s, '[]' FROM generate_series(0, %(meters)s - 1) AS n
    """,
    """
    INSERT INTO customer (ref, kind, name, salutation, household, language, time_zone, is_barred, role, facts)
    SELECT 'C' || n, 'person', 'Ada Adler ' || n, 'Ada Adler', 'H' || n, CASE n %% 2 WHEN 0 THEN 'de' ELSE 'en' END,
           'Europe/Berlin', FALSE, '', '{}' FROM generate_series(0, %(households)s - 1) AS n
    """,
    """
    INSERT INTO account (ref, customer_id, premise_id, currency, facts)
    SELECT 'AC' || n, 'C' || n::bigint * %(households)s / %(meters)s, 'P' || n, 'EUR', '{"product":"Green Day"}'
    FROM generate_series(0, %(meters)s - 1) AS n
    """,
    """
    INSERT INTO contact_point (ref, customer_id, channel, address, state, suppressed)
    SELECT 'C' || n || '-email', 'C' || n, 'email', 'c' || n || '@mail.example', 'unverified', ''
    FROM generate_series(0, %(households)s - 1) AS n
    """,
    "ANALYZE",
)


class Child:
    """A process of the product or one of the other sides."""

    def __init__(
        self, command: Sequence[str], *, processor: int | None, log: pathlib.Path, talks: bool = False
    ) -> None:
        """Start it on a processor (`None`: on any); one that talks is read line by line."""
        with log.open("ab") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE if talks else file,
                stderr=file,
                text=True,
                preexec_fn=None if processor is None else functools.partial(figures.keep_to, processor),  # noqa: PLW1509 - no threads here
            )
        self.log = log

    def line(self) -> str:
        """The next line it says."""
        if self.process.stdout is None:
            raise RuntimeError("a process that does not talk")
        said = self.process.stdout.readline().rstrip("\n")
        if not said:
            raise RuntimeError(f"process {self.process.args}: ended\n{processes.tail_of(self.log)}")
        return said

    def processor_seconds(self) -> float:
        """What it and its children have used so far."""
        own = psutil.Process(self.process.pid)
        times = [one.cpu_times() for one in (own, *own.children(recursive=True))]
        return sum(one.user + one.system for one in times)

    def stop(self) -> None:
        """End it, and wait."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()


class House:
    """An installation that was set up; what is started ends with it."""

    def __init__(
        self, folder: pathlib.Path, read: settings.Settings, leaving: contextlib.ExitStack, *, keeps_apart: bool
    ) -> None:
        self._keeps_apart = keeps_apart
        self.folder = folder
        self.read = read
        self._leaving = leaving

    def product(self, *arguments: str) -> Child:
        """Start a command of the product."""
        return self._started(["signalpost", *arguments], processor=figures.OWN)

    def peer(self, *command: str) -> Child:
        """Start a peer of the product where the product would be."""
        return self._started(command, processor=figures.OWN)

    def other(self, name: str, *arguments: str) -> Child:
        """Start one of the other sides."""
        return self._started([f"benchmarks.others.{name}", *arguments], processor=figures.OTHERS, talks=True)

    def _started(self, command: Sequence[str], *, processor: int, talks: bool = False) -> Child:
        child = Child(
            command, processor=processor if self._keeps_apart else None, log=self.folder / "bench.log", talks=talks
        )
        self._leaving.callback(child.stop)
        return child


@contextlib.contextmanager
def installed(
    *,
    meters: int = 0,
    households: int = 0,
    environment: Mapping[str, str] | None = None,
    keeps_apart: bool = True,
    lanes: Mapping[str, str] | None = None,
) -> Generator[House]:
    """A new installation with a town and the playbooks.

    Where it keeps apart, the product has a processor to itself, and this process, the database and the other sides have
    the other one: so figures per core are measured. `lanes` puts event types into other lanes than the playbooks do.
    """
    from signalpost.acts import operate  # noqa: PLC0415 - models can be imported once Django is set up

    if keeps_apart:
        figures.keep_to(figures.OTHERS)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="signalpost-bench-"))
    os.environ |= {
        "SIGNALPOST_DATA_FOLDER": str(folder / "data"),
        "SIGNALPOST_PORT": str(processes.free_port()),
        "SIGNALPOST_LOG_LEVEL": "WARNING",
        "SIGNALPOST_RATE_PER_SECOND": "0",
        **(environment or {}),
    }
    read = settings.load(os.environ)
    with contextlib.ExitStack() as leaving:
        leaving.callback(shutil.rmtree, folder, ignore_errors=True)
        wiring.set_up(read)
        from signalpost.store import schema  # noqa: PLC0415

        schema.make_ready()
        _fill(meters, households)
        books = [_in_lanes(load.load(place), lanes or {}) for place in load.BUILT_IN]
        operate.install(books, author="ann", approver="bob")
        house = House(folder, read, leaving, keeps_apart=keeps_apart)
        try:
            yield house
        finally:
            leaving.close()


def _in_lanes(book: load.Playbook, lanes: Mapping[str, str]) -> load.Playbook:
    """A playbook as the business side would have it where these event types are more or less urgent."""
    return msgspec.structs.replace(book, items=tuple(_in_lane(item, lanes) for item in book.items))


def _in_lane(item: library.Item, lanes: Mapping[str, str]) -> library.Item:
    replace = msgspec.structs.replace
    match item:
        case library.DataContract(event=events.Contract() as event) if event.type in lanes:
            return replace(item, event=replace(event, lane=events.Lane(lanes[event.type])))
        case library.Trigger(trigger=trigger) if trigger.event_type in lanes:
            return replace(item, trigger=replace(trigger, lane=events.Lane(lanes[trigger.event_type])))
        case _:
            return item


def _fill(meters: int, households: int) -> None:
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        for statement in _TOWN if meters else ():
            sizes = {"meters": meters, "households": households, "per_area": AREA_METERS}
            cursor.execute(statement, sizes if "%" in statement else None)


def wait_until(is_so: Callable[[], bool], *, what: str, seconds: float = READY_SECONDS) -> float:
    """Wait until something is so; the moment at which it was seen.

    Raises:
        TimeoutError: it is not so in time.
    """
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError(f"wanted {what} within {seconds:.0f} s")
        time.sleep(LOOK_SECONDS)
    return time.monotonic()


def count(sql: LiteralString, *parameters: str) -> int:
    """The number that a query gives."""
    from signalpost.store import batch  # noqa: PLC0415

    return batch.fetch(sql, list(parameters), tuple[int])[0][0]


def names(sql: LiteralString) -> list[str]:
    """The texts that a query gives."""
    from signalpost.store import batch  # noqa: PLC0415

    return [name for (name,) in batch.fetch(sql, [], tuple[str])]


def processor_seconds() -> float:
    """What this process has used so far."""
    return time.process_time()


def now() -> float:
    """The moment, by the clock all processes share."""
    return time.monotonic()


def has_workers(home: House) -> bool:
    """Whether every worker process has said that it is there."""
    wanted = (home.read.worker_processes or os.cpu_count() or 1) + home.read.urgent_processes
    return count("SELECT count(*) FROM procrastinate_workers") >= wanted


def forget_workers() -> None:
    """Workers that ended long ago or were killed no longer count."""
    from signalpost.store import batch  # noqa: PLC0415

    batch.run("DELETE FROM procrastinate_workers")
