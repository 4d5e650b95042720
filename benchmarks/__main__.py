"""Measure: one JSON line a figure, with `name value unit target`. Medians of several runs, on one core."""

import datetime as dt
import json
import statistics
import sys
import time
from collections.abc import Callable

import msgspec
from tests.engines import samples

from signalpost.engines.email import Email
from signalpost.engines.pdf import Pdf
from signalpost.flow.accept import accept
from signalpost.vocabulary import events, manuscripts

RUNS = 5
BATCH_EVENTS = 100
BATCHES = 50
MAILS = 400
LETTERS = 40

_SCHEMA = '{"type":"object","properties":{"volts":{"type":"number"}},"required":["volts"]}'


def accept_events() -> float:
    """Events a second through `accept`, in batches of 100."""
    now = dt.datetime.now(dt.UTC)
    contract = events.Contract(type="device.last_gasp", data_schema=_SCHEMA, subject_kind="device")
    body = msgspec.json.encode(
        [
            {
                "specversion": "1.0",
                "id": str(number),
                "source": "meters",
                "type": "device.last_gasp",
                "subject": f"M-{number}",
                "time": now,
                "data": {"volts": 0},
            }
            for number in range(BATCH_EVENTS)
        ]
    )
    raw = events.Raw(
        channel="http",
        sender="bench",
        content_type="application/cloudevents-batch+json",
        body=body,
        received_at=now,
    )
    contracts = {contract.type: contract}
    limits = events.Limits()

    def run() -> None:
        for _ in range(BATCHES):
            accept(raw, contracts, limits=limits, now=now)

    return BATCH_EVENTS * BATCHES / _median_seconds(run)


def compose_email() -> float:
    """E-mails a second laid out from manuscripts."""
    engine = Email(samples.ASSETS.get)
    batch = _copies(samples.outage(), MAILS)
    return MAILS / _median_seconds(lambda: engine.render(batch))


def compose_pdf() -> float:
    """Two-page letters a second laid out by one worker process."""
    engine = Pdf(samples.ASSETS.get, workers=1)
    batch = _copies(samples.bill(), LETTERS)
    try:
        engine.render(batch[:2])
        return LETTERS / _median_seconds(lambda: engine.render(batch))
    finally:
        engine.close()


def _copies(manuscript: manuscripts.Manuscript, count: int) -> list[manuscripts.Manuscript]:
    return [msgspec.structs.replace(manuscript, ref=f"{manuscript.ref}{number}") for number in range(count)]


def _median_seconds(run: Callable[[], object]) -> float:
    run()
    took: list[float] = []
    for _ in range(RUNS):
        started = time.perf_counter()
        run()
        took.append(time.perf_counter() - started)
    return statistics.median(took)


#: Name → what measures it, its unit and its target.
FIGURES: dict[str, tuple[Callable[[], float], str, float]] = {
    "accept_events": (accept_events, "events/s/core", 50_000),
    "compose_email": (compose_email, "e-mails/s/core", 5_000),
    "compose_pdf": (compose_pdf, "letters/s/core", 45),
}


def main() -> None:
    """Measure what was asked for."""
    wanted = sys.argv[1:] or list(FIGURES)
    unknown = [name for name in wanted if name not in FIGURES]
    if unknown:
        sys.exit(f"figure: wanted one of {', '.join(FIGURES)}, got {unknown[0]!r}")
    for name in wanted:
        measure, unit, target = FIGURES[name]
        print(json.dumps({"name": name, "value": round(measure(), 1), "unit": unit, "target": target}), flush=True)


if __name__ == "__main__":
    main()
