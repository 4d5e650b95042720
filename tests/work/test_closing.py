"""When a channel that gathers closes its batch."""

import datetime as dt
import zoneinfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signalpost.vocabulary import deliveries, parties
from signalpost.work import closing


def profile(*times: str, zone: str = "Europe/Berlin", every_seconds: int = 0) -> deliveries.Profile:
    return deliveries.Profile(
        name="spool",
        kind=parties.ChannelKind.LETTER,
        unclear=deliveries.UnclearPolicy.RESEND,
        closes_at=tuple(dt.time.fromisoformat(text) for text in times),
        time_zone=zone,
        closes_every_seconds=every_seconds,
    )


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)


@pytest.mark.parametrize(
    ("channel", "expected"),
    [(profile(), False), (profile("12:00"), True), (profile(every_seconds=5), True)],
)
def test_channels_that_gather(channel: deliveries.Profile, *, expected: bool):
    assert closing.gathers(channel) is expected


@pytest.mark.parametrize(
    ("channel", "not_before", "expected"),
    [
        (profile(), "2026-01-05T10:00:00.5Z", "2026-01-05T10:00:00.5Z"),
        (profile("18:00", "12:00"), "2026-01-05T10:00:00Z", "2026-01-05T11:00:00Z"),
        (profile("12:00", "18:00"), "2026-01-05T11:00:00Z", "2026-01-05T11:00:00Z"),
        (profile("12:00", "18:00"), "2026-01-05T11:00:01Z", "2026-01-05T17:00:00Z"),
        (profile("12:00", "18:00"), "2026-01-05T17:00:01Z", "2026-01-06T11:00:00Z"),
        (profile("12:00"), "2026-07-05T10:00:01Z", "2026-07-06T10:00:00Z"),
        # The hour that summer time leaves out, and the one that comes twice.
        (profile("02:30"), "2026-03-28T12:00:00Z", "2026-03-29T01:30:00Z"),
        (profile("02:30"), "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z"),
        (profile("02:30"), "2026-10-25T00:31:00Z", "2026-10-26T01:30:00Z"),
        (profile("23:00", zone="Pacific/Kiritimati"), "2026-01-05T10:00:00Z", "2026-01-06T09:00:00Z"),
        (profile(every_seconds=60), "2026-01-05T10:00:00.1Z", "2026-01-05T10:01:00Z"),
        (profile(every_seconds=60), "2026-01-05T10:01:00Z", "2026-01-05T10:01:00Z"),
    ],
)
def test_the_first_closing(channel: deliveries.Profile, not_before: str, expected: str):
    assert closing.first_due(channel, at(not_before)) == at(expected)


@settings(max_examples=200, deadline=None)
@given(
    st.integers(1_577_836_800, 2_051_222_400).map(lambda seconds: dt.datetime.fromtimestamp(seconds, tz=dt.UTC)),
    st.lists(st.times(), min_size=1, max_size=4),
    st.sampled_from(["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]),
)
def test_a_closing_is_never_past_and_at_most_two_days_away(not_before: dt.datetime, times: list[dt.time], zone: str):
    channel = profile(*(time.isoformat() for time in times), zone=zone)
    due = closing.first_due(channel, not_before)
    assert not_before <= due <= not_before + dt.timedelta(days=1, hours=2)
    assert closing.first_due(channel, due) == due
    local = due.astimezone(zoneinfo.ZoneInfo(zone))
    # A time that the clock leaves out falls an hour or half of one later.
    assert any(abs(_minutes(local.time()) - _minutes(time)) in {0, 30, 60} for time in times)


def _minutes(time: dt.time) -> float:
    return time.hour * 60 + time.minute
