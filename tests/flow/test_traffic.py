"""Which provider comes first, and how much may go now."""

import datetime as dt

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalpost.flow import traffic as stage
from signalpost.vocabulary import traffic

NOW = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)


def after(seconds: float) -> dt.datetime:
    return NOW + dt.timedelta(seconds=seconds)


# --- Providers --------------------------------------------------------------------------------------------------------


def provider(name: str, rank: int, *, failures: int = 0, rests_seconds: float | None = None) -> traffic.Provider:
    until = None if rests_seconds is None else after(rests_seconds)
    return traffic.Provider(via="mail", name=name, rank=rank, failures=failures, rests_until=until)


#: Providers as (failures, rest from now on) in their order → in which order they are tried, which are probed.
ORDERS = [
    ([(0, None), (0, None)], "ab", ""),
    ([(1, 10), (0, None)], "ba", ""),
    ([(1, 10), (1, 10), (0, None)], "cab", ""),
    ([(1, 0), (0, None)], "ab", "a"),
    ([(1, -5), (1, -5), (0, None)], "abc", "ab"),
    ([(0, None), (1, -5)], "ab", ""),
    ([(1, 10), (1, -5)], "ba", "b"),
    # With all at rest the first is tried all the same: there is no other.
    ([(1, 10), (3, 5)], "ab", ""),
    ([(1, None)], "a", "a"),
]


@pytest.mark.parametrize(("fared", "order", "probed"), ORDERS)
def test_who_is_tried_first_and_who_is_probed(fared: list[tuple[int, float | None]], order: str, probed: str):
    known = [
        provider("abc"[rank], rank, failures=failures, rests_seconds=rests)
        for rank, (failures, rests) in enumerate(fared)
    ]
    assert "".join(one.name for one in stage.ordered(known, now=NOW)) == order
    probes = stage.to_probe(known, now=NOW)
    assert "".join(one.name for one in probes) == probed
    assert {one.rests_until for one in probes} <= {after(stage.PROBE_SECONDS)}


def test_failures_are_counted_and_the_first_answer_ends_them():
    one = provider("a", 0)
    for count, rest in enumerate([*stage.REST_SECONDS, stage.REST_SECONDS[-1]], start=1):
        one = stage.failed(one, "no route", now=NOW)
        assert (one.failures, one.rests_until, one.failed_at, one.detail) == (count, after(rest), NOW, "no route")
    one = stage.well(one, now=after(9))
    assert (one.failures, one.rests_until, one.failed_at, one.well_at, one.detail) == (0, None, NOW, after(9), "")


@pytest.mark.parametrize(
    ("seconds", "is_told"), [(0, False), (stage.WELL_SECONDS - 1, False), (stage.WELL_SECONDS, True)]
)
def test_that_all_is_well_is_told_now_and_then(seconds: float, *, is_told: bool):
    known = stage.well(provider("a", 0), now=NOW)
    assert known.well_at == NOW
    assert (stage.well(known, now=after(seconds)) != known) is is_told


# --- Shares -----------------------------------------------------------------------------------------------------------


def take(
    bucket: traffic.Bucket, count: int, per_second: float, at: float = 0, *, is_urgent: bool = False
) -> tuple[traffic.Bucket, traffic.Share]:
    wanted = traffic.Wanted(bucket="b", count=count, per_second=per_second, is_urgent=is_urgent)
    return stage.take(bucket, wanted, now=after(at))


FRESH = stage.fresh("b", now=NOW)


@pytest.mark.parametrize(
    ("count", "per_second", "granted", "waits"),
    [
        (3, 0, 3, ()),
        (0, 1, 0, ()),
        (1, 1, 1, ()),
        (3, 1, 1, (1, 2)),
        (6, 2, 2, (1, 1, 2, 2)),
        (3, 0.5, 1, (2, 4)),
        (1000, 1000, 1000, ()),
        (3, 0.0001, 1, (stage.LONGEST_WAIT_SECONDS,) * 2),
    ],
)
def test_a_first_share_is_one_second_of_the_rate(count: int, per_second: float, granted: int, waits: tuple[int, ...]):
    _, share = take(FRESH, count, per_second)
    assert (share.granted, share.waits_seconds) == (granted, waits)


def test_those_who_come_later_stand_behind_those_who_were_turned_away():
    bucket, _ = take(FRESH, 6, 2)
    bucket, share = take(bucket, 2, 2)
    assert (share.granted, share.waits_seconds) == (0, (3, 3))
    bucket, share = take(bucket, 2, 2, is_urgent=True)
    assert (share.granted, share.waits_seconds) == (0, (1, 1))
    bucket, share = take(bucket, 2, 2, at=1)
    assert share.granted == 2


def test_a_long_pause_saves_up_no_more_than_one_burst():
    bucket, _ = take(FRESH, 2, 2)
    _, share = take(bucket, 10, 2, at=3600)
    assert share.granted == 2


@given(
    per_second=st.floats(0.1, 500),
    batches=st.lists(st.tuples(st.floats(0, 5), st.integers(0, 200), st.booleans()), max_size=40),
)
def test_no_rate_is_ever_exceeded_and_everyone_gets_an_answer(
    per_second: float, batches: list[tuple[float, int, bool]]
):
    bucket, at, gone = FRESH, 0.0, 0
    for pause, count, is_urgent in batches:
        at += pause
        bucket, share = take(bucket, count, per_second, at, is_urgent=is_urgent)
        gone += share.granted
        assert share.granted + len(share.waits_seconds) == count
        assert all(1 <= wait <= stage.LONGEST_WAIT_SECONDS for wait in share.waits_seconds)
        # A burst, then the steady rate; a thousandth more for instants that have microseconds only.
        assert gone <= (at + max(stage.BURST_SECONDS, 1 / per_second)) * per_second * 1.001 + 1


@given(per_second=st.integers(1, 200), count=st.integers(1, 400))
def test_all_who_were_turned_away_have_gone_when_the_rate_allows_it(per_second: int, count: int):
    bucket, share = take(FRESH, count, per_second)
    due = sorted(share.waits_seconds)
    rounds = 0
    while due:
        rounds += 1
        at = due[0]
        bucket, share = take(bucket, sum(wait <= at for wait in due), per_second, at)
        due = sorted([wait for wait in due if wait > at] + [at + wait for wait in share.waits_seconds])
        assert at <= count / per_second + rounds + 1
    assert rounds <= count / per_second + 2


# --- Pace -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("per_second", "wishes", "at", "pace"),
    [
        (0, (), 0, 0),
        (10, (), 0, 10),
        (10, (0,), 0, 5),
        (0, (0,), 0, stage.UNBOUNDED_PER_SECOND / 2),
        # Answers to one batch are one wish.
        (10, (0, 0.5, 0.9), 1, 5),
        (10, (0, 1), 1, 2.5),
        (10, (0, 1), 1 + stage.SLOW_SECONDS, 5),
        (10, (0, 1), 1 + 2 * stage.SLOW_SECONDS, 10),
        (0, (0,), stage.SLOW_SECONDS, 0),
        (64, range(0, 20, 2), 20, 1),
        # A wish after a part of the way back goes on from there.
        (16, (0, 2, 4, 4 + stage.SLOW_SECONDS), 4 + stage.SLOW_SECONDS, 2),
    ],
)
def test_each_wish_halves_the_pace_and_it_comes_back_step_by_step(
    per_second: float, wishes: tuple[float, ...], at: float, pace: float
):
    bucket = FRESH
    for wish in wishes:
        bucket = stage.slowed(bucket, now=after(wish))
    assert stage.pace(bucket, per_second, now=after(at)) == pace


def test_a_slower_pace_holds_for_the_share():
    bucket = stage.slowed(FRESH, now=NOW)
    _, share = take(bucket, 10, 8)
    assert share.granted == 4


def test_a_level_beyond_the_last_is_none():
    far = msgspec.structs.replace(FRESH, slowness=99, slowed_at=NOW)
    assert stage.pace(far, 64, now=NOW) == 1
