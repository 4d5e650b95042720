"""The blast radius of a release that changes every bill: each past case is composed, compared and laid out again."""

import datetime as dt
from collections.abc import Mapping

import msgspec
import psutil

from benchmarks import figures, house
from signalpost import wiring
from signalpost.vocabulary import events, library, records, templates

BATCH_EVENTS = 2_000


def measure(scale: figures.Scale) -> Mapping[str, figures.Found]:
    """Past cases gone through."""
    return {"replay_cases": _cases(scale.of(10_000, 200))}


def _cases(count: int) -> figures.Found:
    """Bills of as many households are decided and composed; then a release changes a paragraph of all of them."""
    with house.installed(meters=count, households=count, keeps_apart=False) as home:
        from signalpost.acts import replaying  # noqa: PLC0415 - models can be imported once Django is set up

        _only_letters()
        _past(home, count)
        release = _release()
        # As the command line does it: a layout process on each core.
        parts = wiring.parts_of(msgspec.structs.replace(home.read, compose_processes=0))
        place = replaying.Workplace(engines=parts.engines, archive=parts.archive, link=parts.link)
        since = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
        ref = replaying.start(release.ref, since=since, by="ann", cases_max=count, runs_here=True)
        began, used = house.now(), _used()
        replaying.run(ref, place, progress=lambda _: None)
        seconds, processor = house.now() - began, _used() - used
        found = replaying.summary(ref)
        if found.replay.done != count or found.verdicts["different"] != count:
            raise RuntimeError(f"cases: wanted {count} that differ, got {found.verdicts} of {found.replay.done}")
        for engine in parts.engines.values():
            engine.close()
        return figures.Found(seconds, per_processor_second=count / processor)


def _used() -> float:
    """Processor time of this process and its layout workers; the database's is not in it."""
    own = psutil.Process()
    times = [one.cpu_times() for one in (own, *own.children(recursive=True)) if one.name().startswith("python")]
    return sum(one.user + one.system for one in times)


def _only_letters() -> None:
    """Everybody gets letters: the dearest case, because what differs is laid out again."""
    from signalpost.store import batch  # noqa: PLC0415

    batch.run(
        """
        UPDATE contact_point SET channel = 'letter', address = '', postal = '{"lines": ["Hafenstraße 1"],
            "postcode": "20457", "locality": "Hamburg", "region": "", "country": "DE"}'::jsonb
        """
    )


def _past(home: house.House, count: int) -> None:
    from signalpost.acts import request  # noqa: PLC0415
    from signalpost.work.stages import assess, choose, compose  # noqa: PLC0415

    parts = wiring.parts_of(home.read)
    from signalpost.store import batch  # noqa: PLC0415

    for start in range(0, count, BATCH_EVENTS):
        raws = [_bill(number) for number in range(start, min(count, start + BATCH_EVENTS))]
        answers = request.accept(raws, events.Limits())
        refused = [answer.refusals for answer in answers if answer.refusals]
        if refused:
            raise RuntimeError(f"bills: wanted all of them accepted, got {refused[0]}")
    for lane in events.Lane:
        assess.assess(parts, lane=lane)
    for (change,) in batch.fetch("SELECT ref FROM change", [], tuple[str]):
        choose.choose(parts, lane=events.Lane.BULK, change=change)
    for (page,) in batch.fetch("SELECT DISTINCT page FROM decision", [], tuple[int]):
        compose.compose(parts, lane=events.Lane.BULK, page=page)
    for engine in parts.engines.values():
        engine.close()


def _bill(number: int) -> events.Raw:
    from tests.path.test_documents import bill  # noqa: PLC0415

    now = dt.datetime.now(dt.UTC)
    body = {
        "specversion": "1.0",
        "source": "billing",
        "id": f"b-{number}",
        "type": "billing.closed",
        "subject": f"AC{number}",
        "time": now.isoformat(),
        "data": bill(),
    }
    return events.Raw(
        channel="http",
        sender="client:platform",
        content_type="application/cloudevents+json",
        body=records.canonical(body),
        received_at=now,
    )


def _release() -> library.Release:
    from signalpost.acts import releasing  # noqa: PLC0415

    key = library.Key(kind=library.Kind.COMMUNICATION, name="bill-ready")
    item = releasing.shelf()[key]
    if not isinstance(item, library.Communication):
        raise TypeError(f"bill-ready: wanted a communication, got {type(item).__name__}")
    added = templates.ParagraphBlock(text="From March you can pay by instant transfer.")
    editions = tuple(msgspec.structs.replace(one, body=(*one.body, added)) for one in item.editions)
    by = releasing.Person(name="carol", roles=frozenset({"author"}))
    made = releasing.propose([msgspec.structs.replace(item, editions=editions)], by=by, title="Instant transfer")
    if not isinstance(made, library.Release):
        raise TypeError(made.text())
    return made
