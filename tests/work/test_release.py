"""The clock's part in releases: what is due is rung for, turned once, and looked at every night."""

import datetime as dt

import pytest
from django.utils import timezone
from tests.acts import releases
from tests.path.world import World

from signalpost.acts import releasing
from signalpost.store import batch, calendar, shipping
from signalpost.vocabulary import events, library
from signalpost.work.stages import release

State = library.ReleaseState
NIGHT = dt.datetime(2026, 1, 30, 1, 59, tzinfo=dt.UTC)


def notes() -> list[str]:
    """What the log says of nightly looks."""
    return [body for (body,) in batch.fetch("SELECT body FROM log_fact WHERE kind = 'drift_found'", [], tuple[str])]


@pytest.mark.parametrize(("minutes", "nights"), [(0, 0), (1, 1), (60 * 24, 1), (60 * 24 + 1, 2)])
def test_a_night_begins_at_two(minutes: int, nights: int):
    assert release.night(NIGHT + dt.timedelta(minutes=minutes)) - release.night(NIGHT) == nights


def is_due(now: dt.datetime, *, nights: int = 0) -> bool:
    """Whether the clock would ring."""
    return calendar.has_due_releases(now, reader=release.CURSOR, position=release.night(now) + nights)


def test_what_is_due_is_rung_for_and_turned(world: World):
    now = timezone.now()
    draft = releases.submitted(releases.text("Soon."))
    begins_at = now + dt.timedelta(seconds=3)
    releases.made(releasing.approve(draft.ref, by=releases.BEN, effective_from=begins_at))
    release.release(world.parts, lane=events.Lane.NORMAL)
    assert not is_due(now)
    assert is_due(begins_at)
    assert is_due(now, nights=1)

    moved = shipping.turn(begins_at, world.parts.gate)

    assert [(each.ref, each.state) for each in moved] == [(draft.ref, State.LIVE)]
    assert not is_due(begins_at)


def test_the_nightly_look_notes_what_fits_no_more_once(world: World):
    draft = releases.submitted(releases.text("Late."))
    yesterday = timezone.now() - dt.timedelta(days=1)
    releases.made(releasing.assign(draft.ref, by=releases.BEN, to="ben", due_at=yesterday))

    release.release(world.parts, lane=events.Lane.NORMAL)
    release.release(world.parts, lane=events.Lane.NORMAL)

    (note,) = notes()
    assert '"release_overdue":1' in note
