"""The store: repeats and conflicts, the archive, whom a change concerns."""

import datetime as dt
import pathlib

import pytest
from django.db import transaction
from tests.path.world import World

from signalpost import settings
from signalpost.store import archive, inbox, listening
from signalpost.vocabulary import events, records

NOW = dt.datetime(2026, 1, 30, 12, tzinfo=dt.UTC)


def event(name: str, digest: str = "d") -> events.Event:
    return events.Event(
        source="s",
        id=name,
        type="t",
        subject="",
        occurred_at=NOW,
        received_at=NOW,
        lane=events.Lane.NORMAL,
        data="{}",
        digest=digest,
    )


def raw(body: bytes) -> events.Raw:
    return events.Raw(channel="http", sender="x", content_type="", body=body, received_at=NOW)


@pytest.mark.usefixtures("database")
def test_bodies_are_numbered_in_the_order_given():
    first, second = inbox.save_bodies([raw(b"\x00\xff"), raw(b"")])

    assert second == first + 1


@pytest.mark.usefixtures("database")
def test_new_repeated_and_conflicting_events_are_told_apart_in_one_batch_and_over_two():
    (body,) = inbox.save_bodies([raw(b"")])

    one = inbox.save_events([(body, 0, event("1")), (body, 1, event("1")), (body, 2, event("1", "other"))])
    two = inbox.save_events([(body, 0, event("1")), (body, 1, event("2")), (body, 2, event("1", "other"))])

    assert (one.new, one.repeated, one.conflicting) == ((0,), (1,), (2,))
    assert (two.new, two.repeated, two.conflicting) == ((1,), (0,), (2,))


def document(content: bytes, until: dt.date = dt.date(2030, 1, 1)) -> archive.NewDocument:
    return archive.NewDocument(
        digest=records.digest(content), media_type="text/plain", content=content, kept_until=until
    )


def test_a_document_is_kept_once_and_as_long_as_anyone_needs_it(database: settings.Settings, tmp_path: pathlib.Path):
    del database
    kept = archive.Archive(tmp_path)
    with transaction.atomic():
        kept.keep([document(b"a"), document(b"a"), document(b"b")], now=NOW)
        kept.keep([document(b"a", dt.date(2040, 1, 1))], now=NOW)

    assert kept.read([records.digest(b"a"), records.digest(b"b")]) == {
        records.digest(b"a"): b"a",
        records.digest(b"b"): b"b",
    }
    assert len(list(tmp_path.rglob("*.zip"))) == 1
    assert len(archive.places("", 10)) == 2


def test_what_is_missing_or_changed_is_said(database: settings.Settings, tmp_path: pathlib.Path):
    del database
    kept = archive.Archive(tmp_path)
    with transaction.atomic():
        kept.keep([document(b"a")], now=NOW)

    with pytest.raises(archive.MissingDocumentError, match="got no row"):
        kept.read([records.digest(b"c")])
    found, lost = kept.find([records.digest(b"a"), records.digest(b"c")])
    assert found == {records.digest(b"a"): b"a"}
    assert "got no row" in lost[records.digest(b"c")]
    with pytest.raises(archive.MissingDocumentError, match="got no row"):
        kept.find([records.digest(b"c")])
    (pack,) = tmp_path.rglob("*.zip")
    pack.write_bytes(pack.read_bytes().replace(records.digest(b"a").encode(), records.digest(b"c").encode()))
    with pytest.raises(archive.MissingDocumentError, match=r"document .* of pack"):
        kept.read([records.digest(b"a")])


def test_where_the_file_system_refuses_nothing_counts_as_lost(database: settings.Settings, tmp_path: pathlib.Path):
    del database
    kept = archive.Archive(tmp_path)
    with transaction.atomic():
        kept.keep([document(b"a")], now=NOW)
        kept.keep([document(b"b")], now=NOW)
    (place,) = [place for place in archive.places("", 10) if place.digest == records.digest(b"b")]
    (pack,) = tmp_path.rglob(f"{place.pack}.zip")
    pack.unlink()
    pack.mkdir()

    with pytest.raises(archive.MissingDocumentError, match="documents of pack"):
        kept.find([records.digest(b"a"), records.digest(b"b")])


def test_staff_who_heard_of_an_alarm_are_not_told_the_end(world: World):
    world.storm()
    world.everything_arrives()
    world.change("UPDATE incident SET restoration_at = NULL")
    world.power_is_back()

    told = world.rows(
        """
        SELECT DISTINCT affected.household FROM affected JOIN change ON change.ref = affected.change_id
        WHERE change.kind = 'resolved' AND affected.household IN ('STAFF-OPS', 'SYSTEM-ERP')
        """,
        tuple[str],
    )

    assert told == []
    assert "STAFF-OPS" not in world.told("outage-resolved")


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("looks", "since"),
    [
        ([], 100),
        ([0], 0),
        ([0, 30, 60, 90], 0),
        ([0, 30, 3630, 3660], 3630),
        ([0, 30, -3600, -3570], -3600),
    ],
    ids=["never", "once", "without a break", "away, or set forward", "set back"],
)
def test_listening_begins_anew_after_a_break(looks: list[int], since: int):
    for seconds in looks:
        listening.note(now=NOW + dt.timedelta(seconds=seconds))

    assert listening.since(now=NOW + dt.timedelta(seconds=100)) == NOW + dt.timedelta(seconds=since)
