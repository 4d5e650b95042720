"""The inbox: many rows are copied, few are a statement, and nobody can tell which."""

import datetime as dt

import msgspec
import pytest
from django.db import transaction
from tests.store.test_store import event

from signalpost.store import batch, inbox
from signalpost.vocabulary import events

NOW = dt.datetime(2026, 1, 30, 12, 30, 15, 123456, tzinfo=dt.UTC)
SIZES = (inbox.COPIED_ROWS - 1, inbox.COPIED_ROWS + 1)

pytestmark = pytest.mark.usefixtures("database")


def raw(number: int) -> events.Raw:
    headers = (("topic", f'a"b\\{number}\t'), ("ce-x", "ä"))
    return events.Raw(
        channel="mqtt",
        sender="s",
        content_type="application/json",
        body=bytes([0, 255, number]),
        received_at=NOW,
        headers=headers,
    )


@pytest.mark.parametrize("size", SIZES)
def test_bodies_come_back_as_they_were_in_the_order_given(size: int):
    raws = [raw(number) for number in range(size)]

    numbers = inbox.save_bodies(raws)

    rows = batch.fetch(
        "SELECT id, body, headers::text, received_at FROM body ORDER BY id", [], tuple[int, bytes, str, dt.datetime]
    )
    assert [number for number, *_ in rows] == numbers
    found = [
        (body, msgspec.json.decode(headers, type=tuple[tuple[str, str], ...]), at) for _, body, headers, at in rows
    ]
    assert found == [(one.body, one.headers, NOW) for one in raws]
    (after,) = inbox.save_bodies([raw(0)])
    assert after > max(numbers)


@pytest.mark.parametrize("size", SIZES)
def test_events_come_back_as_they_were(size: int):
    given = [msgspec.structs.replace(event(f"e\t{number}\\n"), data='{"a":"ä\\n\\\\"}') for number in range(size)]
    (body,) = inbox.save_bodies([raw(0)])

    stored = inbox.save_events([(body, place, one) for place, one in enumerate(given)])

    assert stored == inbox.Stored(new=tuple(range(size)), repeated=(), conflicting=())
    assert inbox.waiting(events.Lane.NORMAL, size + 1) == given
    assert inbox.bodies_of(given[:2]) == [(body, 0, given[0]), (body, 1, given[1])]


@pytest.mark.parametrize("size", SIZES)
def test_repeats_and_conflicts_are_found_among_many(size: int):
    (body,) = inbox.save_bodies([raw(0)])
    inbox.save_events([(body, 0, event("0")), (body, 1, event("1", "other"))])

    with transaction.atomic():
        stored = inbox.save_events([(body, place, event(str(place))) for place in range(size)])

    assert stored == inbox.Stored(new=tuple(range(2, size)), repeated=(0,), conflicting=(1,))
    assert len(inbox.waiting(events.Lane.NORMAL, size + 1)) == size


@pytest.mark.parametrize("size", SIZES)
def test_the_same_twice_in_one_batch_is_one(size: int):
    (body,) = inbox.save_bodies([raw(0)])

    stored = inbox.save_events([(body, place, event(str(place % (size - 1)))) for place in range(size)])

    assert (stored.repeated, stored.conflicting) == ((size - 1,), ())
