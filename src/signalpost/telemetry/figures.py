"""Figures that processes count while they work, for Prometheus. What the database knows is not counted here.

Several processes share them through files (`telemetry.share_figures`): whichever process is scraped answers for all.
"""

import contextlib
import os
import re
import time
from collections.abc import Generator, Sequence

import prometheus_client
from prometheus_client import multiprocess, registry

from signalpost import telemetry

#: Bounds of what takes milliseconds to minutes.
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
_ROWS = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1000)
MEDIA_TYPE = prometheus_client.CONTENT_TYPE_LATEST

_own = prometheus_client.CollectorRegistry()

STEP_SECONDS = prometheus_client.Histogram(
    "signalpost_step_seconds", "Time one job of a step took.", ["step", "lane"], buckets=_SECONDS, registry=_own
)
STEP_FAILURES = prometheus_client.Counter(
    "signalpost_step_failures", "Jobs of a step that failed; they are tried again.", ["step"], registry=_own
)
SEND_SECONDS = prometheus_client.Histogram(
    "signalpost_send_seconds", "Time a batch took on a channel.", ["channel"], buckets=_SECONDS, registry=_own
)
SEND_ROWS = prometheus_client.Histogram(
    "signalpost_send_rows", "Deliveries in a batch sent.", ["channel"], buckets=_ROWS, registry=_own
)
OUTCOMES = prometheus_client.Counter(
    "signalpost_outcomes", "What came of attempts.", ["channel", "kind"], registry=_own
)
RENDER_SECONDS = prometheus_client.Histogram(
    "signalpost_render_seconds", "Time a batch took to lay out.", ["channel"], buckets=_SECONDS, registry=_own
)
RENDER_ROWS = prometheus_client.Histogram(
    "signalpost_render_rows", "Manuscripts in a batch laid out.", ["channel"], buckets=_ROWS, registry=_own
)
HTTP_SECONDS = prometheus_client.Histogram(
    "signalpost_http_seconds",
    "Time a request took.",
    ["route", "method", "status"],
    buckets=_SECONDS,
    registry=_own,
)

_FILE_OF_PROCESS = re.compile(r"_(\d+)\.db$")


@contextlib.contextmanager
def timed(histogram: prometheus_client.Histogram, *labels: str) -> Generator[None]:
    """Observe how long the block takes, however it ends."""
    begun = time.perf_counter()
    try:
        yield
    finally:
        histogram.labels(*labels).observe(time.perf_counter() - begun)


def exposed(collectors: Sequence[registry.Collector]) -> bytes:
    """Every figure of every process, and what these collectors know, in Prometheus' text format."""
    shown = prometheus_client.CollectorRegistry()
    folder = telemetry.figures_folder()
    if folder is None:
        shown.register(_own)
    elif folder.is_dir():
        multiprocess.MultiProcessCollector(shown, str(folder))
    for collector in collectors:
        shown.register(collector)
    return prometheus_client.generate_latest(shown)


def forget_the_dead() -> None:
    """Remove the files of processes that have ended; to Prometheus their counters begin anew."""
    folder = telemetry.figures_folder()
    if folder is None or not folder.is_dir():
        return
    for file in folder.glob("*.db"):
        found = _FILE_OF_PROCESS.search(file.name)
        if found and not _lives(int(found[1])):
            file.unlink(missing_ok=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
