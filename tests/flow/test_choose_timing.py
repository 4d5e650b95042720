"""When it may go out: quiet hours in local time, over clock changes, and the end of what is true."""

import datetime as dt
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.flow import choosing as c

from signalpost.flow.choose import quiet
from signalpost.vocabulary import notices, parties, situations

MINUTE = dt.timedelta(minutes=1)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def hours(text: str) -> parties.QuietHours:
    start, end = text.split("-")
    return parties.QuietHours(start=dt.time.fromisoformat(start), end=dt.time.fromisoformat(end))


@pytest.mark.parametrize(
    ("zone", "window", "at", "until"),
    [
        # Outside, at the edges, over midnight, within one day, never.
        ("Europe/Berlin", "21:00-08:00", "2025-11-05T11:00", None),
        ("Europe/Berlin", "21:00-08:00", "2025-11-05T20:00", "2025-11-06T07:00"),
        ("Europe/Berlin", "21:00-08:00", "2025-11-05T19:59", None),
        ("Europe/Berlin", "21:00-08:00", "2025-11-06T06:59", "2025-11-06T07:00"),
        ("Europe/Berlin", "21:00-08:00", "2025-11-06T07:00", None),
        ("Europe/Berlin", "12:00-14:00", "2025-11-05T12:00", "2025-11-05T13:00"),
        ("Europe/Berlin", "12:00-12:00", "2025-11-05T11:00", None),
        ("Asia/Kolkata", "22:00-07:30", "2025-11-05T20:00", "2025-11-06T02:00"),
        # The clock goes forward in the night, 30 March 2025, 02:00 to 03:00: the night is an hour shorter.
        ("Europe/Berlin", "21:00-08:00", "2025-03-29T22:00", "2025-03-30T06:00"),
        # … the end itself is skipped: it is over at the skip, 01:00 UTC.
        ("Europe/Berlin", "21:00-02:30", "2025-03-29T22:00", "2025-03-30T01:00"),
        ("Europe/Berlin", "01:00-02:00", "2025-03-30T00:30", "2025-03-30T01:00"),
        # The clock goes back, 26 October 2025, 03:00 to 02:00: an hour longer, and an end within is the first of two.
        ("Europe/Berlin", "21:00-08:00", "2025-10-25T22:00", "2025-10-26T07:00"),
        ("Europe/Berlin", "21:00-02:30", "2025-10-25T22:00", "2025-10-26T00:30"),
        ("Europe/Berlin", "21:00-02:30", "2025-10-26T01:10", "2025-10-26T01:30"),
        # … a quiet time that began before the clock went back lasts to its end, though the wall clock leaves it.
        ("Europe/Berlin", "02:30-08:00", "2025-10-26T00:45", "2025-10-26T07:00"),
        # Half an hour of daylight saving; midnight itself skipped; a whole day skipped; quiet but for half an hour.
        ("Australia/Lord_Howe", "22:00-02:15", "2025-10-04T15:00", "2025-10-04T15:30"),
        ("America/Asuncion", "22:00-00:00", "2024-10-06T03:30", "2024-10-06T04:00"),
        ("Pacific/Apia", "21:00-08:00", "2011-12-30T08:00", "2011-12-30T18:00"),
        ("Europe/Berlin", "03:00-02:30", "2025-03-30T00:45", "2025-03-31T00:30"),
    ],
)
def test_the_end_of_quiet_time(zone: str, window: str, at: str, until: str | None):
    got = quiet.ends_at(hours(window), zoneinfo.ZoneInfo(zone), at=utc(at))
    assert got == (utc(until) if until else None)


ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "America/Sao_Paulo",
    "Asia/Kathmandu",
    "America/Havana",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Pacific/Apia",
    "UTC",
]
#: The minutes of some weeks in which these zones change their clocks.
WEEKS = [utc(text) for text in ("2011-12-27T00:00", "2018-11-01T00:00", "2025-03-27T00:00", "2025-10-24T00:00")]
MOMENTS = st.tuples(st.sampled_from(WEEKS), st.integers(0, 11 * 1440)).map(lambda pair: pair[0] + MINUTE * pair[1])
CLOCKS = st.builds(dt.time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
WINDOWS = st.builds(parties.QuietHours, start=CLOCKS, end=CLOCKS)


def is_quiet(window: parties.QuietHours, zone: str, at: dt.datetime) -> bool:
    clock = at.astimezone(zoneinfo.ZoneInfo(zone)).time()
    if window.start <= window.end:
        return window.start <= clock < window.end
    return clock >= window.start or clock < window.end


@given(window=WINDOWS, zone=st.sampled_from(ZONES), at=MOMENTS)
def test_quiet_time_ends_at_an_instant_that_is_not_quiet(window: parties.QuietHours, zone: str, at: dt.datetime):
    until = quiet.ends_at(window, zoneinfo.ZoneInfo(zone), at=at)
    assert (until is None) == (not is_quiet(window, zone, at))
    if until is not None:
        assert until > at
        assert not is_quiet(window, zone, until)


@given(window=WINDOWS, zone=st.sampled_from(ZONES), at=MOMENTS)
def test_quiet_time_is_no_longer_than_its_end(window: parties.QuietHours, zone: str, at: dt.datetime):
    until = quiet.ends_at(window, zoneinfo.ZoneInfo(zone), at=at)
    if until is not None:
        local = zoneinfo.ZoneInfo(zone)
        ends = [
            moment
            for moment in (at + MINUTE * step for step in range(int((until - at) / MINUTE)))
            if moment.astimezone(local).time() == window.end
        ]
        assert ends == []


@given(window=WINDOWS, zone=st.sampled_from(ZONES), at=MOMENTS)
def test_no_message_rings_in_quiet_hours(window: parties.QuietHours, zone: str, at: dt.datetime):
    party = c.party(quiet_hours=window, time_zone=zone)
    notice = c.notice(c.decide(party, about=c.change(at=at), now=at)[0])
    assert notice.plan[0].channel is c.SMS
    assert notice.send_at >= at
    assert not is_quiet(window, zone, notice.send_at)
    assert (notice.quiet_hours, notice.time_zone) == (window, zone)


QUIET = {"quiet_hours": c.AT_NIGHT}
MORNING = dt.datetime(2025, 11, 6, 7, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("changes", "category", "severity", "send_at", "verdict"),
    [
        (QUIET, {}, 3, MORNING, "waits"),
        (QUIET, {}, 4, c.NIGHT, "overridden"),
        (QUIET, {"breaks_quiet_hours_from": 3}, 3, c.NIGHT, "overridden"),
        (QUIET, {"legal_class": notices.LegalClass.SAFETY}, 3, c.NIGHT, "overridden"),
        (QUIET, {"legal_class": notices.LegalClass.REGULATORY}, 3, c.NIGHT, "overridden"),
        (QUIET, {}, 1, c.NIGHT, "passed"),  # routine: by e-mail, which does not ring
        (QUIET, {"urgent_channels": (c.EMAIL, c.SMS), "at_once": 1}, 3, c.NIGHT, "passed"),
        (QUIET, {"urgent_channels": (c.EMAIL, c.SMS), "at_once": 2}, 3, MORNING, "waits"),
        (QUIET | {"kind": parties.PartyKind.STAFF}, {}, 3, c.NIGHT, "not_asked"),
        (QUIET | {"kind": parties.PartyKind.SYSTEM}, {}, 3, c.NIGHT, "not_asked"),
        ({}, {}, 3, c.NIGHT, "not_asked"),
    ],
)
def test_what_waits_for_the_morning(
    changes: dict[str, object], category: dict[str, object], severity: int, send_at: dt.datetime, verdict: str
):
    about = c.change(severity=situations.Severity(severity), at=c.NIGHT)
    (decision,) = c.decide(c.party(**changes), about=about, by=c.policy(c.category(**category)), now=c.NIGHT)
    assert c.notice(decision).send_at == send_at
    assert c.said(decision, "quiet_hours")[0] == verdict


def test_the_trace_says_until_when_it_waits():
    (decision,) = c.decide(c.party(**QUIET), now=c.NIGHT)
    assert c.said(decision, "quiet_hours") == ("waits", "21:00 to 08:00 Europe/Berlin; until 2025-11-06T07:00:00+00:00")


def test_quiet_hours_bind_the_later_steps_also_where_the_first_does_not_ring():
    routine = c.change(severity=situations.Severity.WARNING)
    notice = c.notice(c.decide(c.party(**QUIET), about=routine, now=c.NIGHT)[0])
    assert (notice.send_at, notice.quiet_hours, notice.time_zone) == (c.NIGHT, c.AT_NIGHT, "Europe/Berlin")


@pytest.mark.parametrize("law", sorted(notices.MANDATORY))
def test_no_quiet_hours_bind_what_the_law_demands(law: notices.LegalClass):
    by = c.policy(c.category(legal_class=law))
    assert c.notice(c.decide(c.party(**QUIET), by=by, now=c.NIGHT)[0]).quiet_hours is None


def test_the_policy_sets_quiet_hours_for_those_who_set_none():
    by = c.policy(quiet_hours=c.AT_NIGHT)
    own = c.party("ben", quiet_hours=parties.QuietHours(start=dt.time(12), end=dt.time(13)))
    decisions = c.decide(c.party("ada"), own, c.party("cem"), by=by, now=c.NIGHT)
    assert [c.notice(decision).send_at for decision in decisions] == [MORNING, c.NIGHT, MORNING]


@pytest.mark.parametrize("zone", ["", "Europe", "Mars/Olympus", "../etc", "x" * 300])
def test_an_unknown_time_zone_withholds_only_what_would_have_to_ring(zone: str):
    ringing = c.party("anna", time_zone=zone, contact_points=(c.sms("anna"),), **QUIET)
    (decision,) = c.decide(ringing)
    assert c.verdicts([decision]) == ["incomplete"]
    assert c.said(decision, "quiet_hours")[1] == f"21:00 to 08:00 {zone}: an unknown time zone"
    by_law = c.policy(c.category(legal_class=notices.LegalClass.SAFETY))
    assert c.verdicts(c.decide(ringing, by=by_law)) == ["told"]
    (quietly,) = c.decide(c.party(time_zone=zone, **QUIET))
    assert c.plan(quietly) == [("email-anna", "at_once"), ("letter-anna", "on_failure"), ("sms-anna", "on_failure")]
    routine = c.change(severity=situations.Severity.WARNING)
    assert c.verdicts(c.decide(ringing, c.party(time_zone=zone, **QUIET), about=routine)) == ["no_address", "told"]


@pytest.mark.parametrize(
    ("seconds", "at", "now", "wanted"),
    [
        (0, c.NIGHT, c.NIGHT, "told"),
        (8 * 3600, c.NIGHT, c.NIGHT, "expired"),
        (8 * 3600 + 1800, c.NIGHT, c.NIGHT, "told"),
        (9 * 3600, c.NIGHT, c.NIGHT, "told"),
        (3600, c.NOON, c.NOON + dt.timedelta(hours=1), "told"),
        (3600, c.NOON, c.NOON + dt.timedelta(hours=1, seconds=1), "expired"),
        (3600, c.NOON, c.NIGHT, "expired"),
    ],
)
def test_nothing_goes_out_after_it_stopped_being_true(seconds: int, at: dt.datetime, now: dt.datetime, wanted: str):
    by = c.policy(c.category(expires_after_seconds=seconds))
    ringing = c.party("anna", contact_points=(c.sms("anna"),), **QUIET)
    (decision,) = c.decide(ringing, about=c.change(at=at), by=by, now=now)
    assert c.verdicts([decision]) == [wanted]
    if isinstance(decision, notices.Notice):
        assert decision.expires_at == (at + dt.timedelta(seconds=seconds) if seconds else None)


def test_what_cannot_wait_goes_out_silently_first():
    by = c.policy(c.category(expires_after_seconds=3600, escalate_after_seconds=600))
    points = (c.sms("anna"), c.sms("2nd"), c.push("anna"), c.email("anna"), c.letter("anna"))
    (decision,) = c.decide(c.party(contact_points=points, **QUIET), about=c.change(at=c.NIGHT), by=by, now=c.NIGHT)
    notice = c.notice(decision)
    assert notice.send_at == c.NIGHT
    assert [(step.rank, step.contact_point, step.start.value, step.after_seconds) for step in notice.plan] == [
        (0, "email-anna", "at_once", 0),
        (1, "letter-anna", "on_failure", 0),
        (2, "sms-anna", "on_failure", 0),
        (3, "push-anna", "on_failure", 0),
        (4, "sms-2nd", "on_failure", 0),
    ]
    verdict, detail = c.said(decision, "quiet_hours")
    assert verdict == "passed"
    assert detail.endswith("until 2025-11-06T07:00:00+00:00, when it is no longer true; the silent channels go first")
