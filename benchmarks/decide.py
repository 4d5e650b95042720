"""Deciding: the pure stage on loaded parties, and the whole step with the database."""

import datetime as dt
from collections.abc import Mapping

from tests.flow import choosing

from benchmarks import figures, house
from signalpost import wiring
from signalpost.flow.choose import choose
from signalpost.vocabulary import events, records

PAGE_PARTIES = 500
BATCH_MESSAGES = 2_000


def measure(scale: figures.Scale) -> Mapping[str, figures.Found]:
    """Both figures."""
    return {"decide_parties": _pure(scale.of(20, 2)), "decide_stored": _stored(scale.of(20_000, 2_000))}


def _pure(pages: int) -> figures.Found:
    page = [choosing.party(f"p{number}", household=f"h{number}") for number in range(PAGE_PARTIES)]

    def run() -> None:
        for _ in range(pages):
            choose(
                choosing.change(),
                page,
                choosing.policy(choosing.category()),
                communication=choosing.communication(),
                now=choosing.NOON,
            )

    return figures.Found(pages * PAGE_PARTIES / figures.median_seconds(run))


def _stored(households: int) -> figures.Found:
    """Every household has lost power, and is decided about by the step itself."""
    with house.installed(meters=households, households=households) as home:
        figures.keep_to(figures.OWN)
        from signalpost.work.stages import assess  # noqa: PLC0415 - models can be imported once Django is set up
        from signalpost.work.stages import choose as step  # noqa: PLC0415

        parts = wiring.parts_of(home.read)
        _lose_power(households)
        assess.assess(parts, lane=events.Lane.URGENT)
        changes = house.names("SELECT ref FROM change WHERE kind = 'opened'")
        before = house.now(), house.processor_seconds()
        for change in changes:
            while house.count("SELECT count(*) FROM affected WHERE NOT is_decided AND change_id = %s", change):
                step.choose(parts, lane=events.Lane.URGENT, change=change)
        seconds, used = house.now() - before[0], house.processor_seconds() - before[1]
        decided = house.count("SELECT count(*) FROM decision WHERE kind = 'opened'")
        if decided != households:
            raise RuntimeError(f"decisions: wanted {households}, got {decided}")
        return figures.Found(households / seconds, per_processor_second=households / used)


def _lose_power(meters: int) -> None:
    from signalpost.acts import request  # noqa: PLC0415

    now = dt.datetime.now(dt.UTC)
    for start in range(0, meters, BATCH_MESSAGES):
        raws = [
            events.Raw(
                channel="mqtt",
                sender="meters",
                content_type="application/json",
                body=records.canonical({"id": f"M-{meter}", "ts": now.isoformat(), "ev": "LG", "v": 11.5, "n": meter}),
                received_at=now,
                headers=(("topic", f"meters/M-{meter}/events"),),
            )
            for meter in range(start, min(meters, start + BATCH_MESSAGES))
        ]
        request.accept(raws, events.Limits())
