"""The table of figures: what is measured, in what unit, against which target, and how a line of output is made."""

import json
import os
import statistics
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

RUNS = 5

#: The processor that the measured process has to itself, and the one for everything else: senders, sinks, PostgreSQL.
OWN, OTHERS = 0, 1


class Figure(NamedTuple):
    """One figure."""

    name: str
    unit: str
    target: float
    #: What it says, for the page.
    meaning: str
    #: Whether less is better.
    is_limit: bool = False
    #: What the peer is, "" for none.
    peer: str = ""


class Found(NamedTuple):
    """What was measured for one figure."""

    value: float
    #: The peer's value from the same run.
    peer_value: float | None = None
    #: Per second of processor time of the measured process; says more than `value` on a machine that others use too.
    per_processor_second: float | None = None


class Scale(NamedTuple):
    """How much is measured."""

    is_small: bool

    def of(self, full: int, small: int) -> int:
        """The size for the full or the small run."""
        return small if self.is_small else full


Measure = Callable[[Scale], Mapping[str, Found]]

FIGURES: Mapping[str, tuple[Figure, ...]] = {
    "accept": (
        Figure("accept_events", "events/s/core", 50_000, "CloudEvents understood in batches of 100, without storing"),
        Figure("accept_device_messages", "messages/s/core", 20_000, "device messages mapped by rules to events"),
    ),
    "web": (
        Figure(
            "http_single",
            "events/s/core",
            1_500,
            "one event a request, stored, sixteen connections",
            peer="view that only reads",
        ),
        Figure("http_batch", "events/s/core", 50_000, "100 events a request, stored", peer="view that only reads"),
    ),
    "mqtt": (
        Figure(
            "mqtt_drained", "readings/s/core", 20_000, "a backlog, stored, acknowledged", peer="paho that only counts"
        ),
    ),
    "decide": (
        Figure("decide_parties", "parties/s/core", 5_000, "pure decisions about loaded parties"),
        Figure("decide_stored", "parties/s/core", 1_000, "decisions loaded from and stored in the database"),
    ),
    "compose": (
        Figure("compose_pdf", "letters/s/core", 45, "two-page tagged letters", peer="bare Typst, a plain letter"),
        Figure("compose_email", "e-mails/s/core", 5_000, "e-mails with HTML and plain text"),
        Figure(
            "blocks_vs_layout",
            "%",
            90,
            "rate of a bill made of blocks, of that of a layout written for just this page",
            peer="Typst alone, the hand-written layout",
        ),
        Figure("statement_2000_pages", "s", 60, "a statement of 2,000 pages, its total carried forward", is_limit=True),
        Figure("statement_memory", "MB", 3_000, "the most memory its worker takes", is_limit=True),
    ),
    "preview": (
        Figure("preview_letter", "ms", 300, "a keystroke to pictures of a two-page letter, p95", is_limit=True),
        Figure("freeze_version", "s", 2, "last approval to a frozen version in two languages", is_limit=True),
    ),
    "replay": (
        Figure(
            "replay_cases",
            "s",
            300,
            "10,000 past letters gone through with a release that changes each: composed, compared, laid out",
            is_limit=True,
        ),
    ),
    "smtp": (
        Figure("smtp_out", "messages/s", 1_500, "messages into a sink, four connections", peer="smtplib, one kept"),
    ),
    "latency": (
        Figure("idle_p50", "ms", 100, "event posted to mail accepted by the relay, idle", is_limit=True),
        Figure("idle_p99", "ms", 250, "the same, 99th percentile", is_limit=True),
        Figure("run_p99", "ms", 1_000, "the same during a run to 100,000 recipients", is_limit=True),
    ),
    "storm": (
        Figure("storm_first", "s", 5, "last of 100,000 last gasps to the first message accepted", is_limit=True),
        Figure("storm_decided", "s", 60, "last of 100,000 last gasps to 40,000 households decided", is_limit=True),
    ),
    "memory": (
        Figure("memory_growth", "MB", 30, "growth of a worker from 10,000 to 100,000 communications", is_limit=True),
    ),
    "start": (Figure("start_warm", "s", 5, "start to ready, on an existing database", is_limit=True),),
}


def line(figure: Figure, found: Found) -> str:
    """One line of output."""
    told: dict[str, object] = {
        "name": figure.name,
        "value": _rounded(found.value),
        "unit": figure.unit,
        "target": figure.target,
    }
    if found.peer_value is not None:
        ratio = _rounded(found.value / found.peer_value)
        told |= {"peer": figure.peer, "peer_value": _rounded(found.peer_value), "ratio": ratio}
    if found.per_processor_second is not None:
        told["per_processor_second"] = _rounded(found.per_processor_second)
    return json.dumps(told)


def _rounded(value: float) -> float:
    return round(value, 1) if value >= 10 else round(value, 3)  # noqa: PLR2004 - three digits are enough


def median_seconds(run: Callable[[], object]) -> float:
    """Median of some runs by processor time of this process, after one that does not count."""
    run()
    took: list[float] = []
    for _ in range(RUNS):
        started = time.process_time()
        run()
        took.append(time.process_time() - started)
    return statistics.median(took)


def median_wall_seconds(run: Callable[[], object]) -> float:
    """Median of some runs by the clock, after one that does not count."""
    run()
    took: list[float] = []
    for _ in range(RUNS):
        started = time.monotonic()
        run()
        took.append(time.monotonic() - started)
    return statistics.median(took)


def keep_to(processor: int) -> None:
    """Keep this process, and those it starts, to one processor; where there is only one, there is no choice."""
    if processor in os.sched_getaffinity(0):
        os.sched_setaffinity(0, {processor})
