"""Attempt, wait, fall back, give up: what happens to a delivery, before and after each attempt."""

import datetime as dt

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalpost.flow import deliver
from signalpost.vocabulary import deliveries, parties

NOW = dt.datetime(2025, 11, 5, 11, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
HOUR = dt.timedelta(hours=1)
State, Kind = deliveries.DeliveryState, deliveries.OutcomeKind
RESEND, ASK = deliveries.UnclearPolicy.RESEND, deliveries.UnclearPolicy.WAIT_THEN_ASK


def delivery(state: deliveries.DeliveryState, /, **changes: object) -> deliveries.Delivery:
    """An SMS that is due now and was never attempted, in a state."""
    usual = deliveries.Delivery(
        ref="delivery-1", communication="notice-1", channel=parties.ChannelKind.SMS, rank=0, state=state, due_at=NOW
    )
    return msgspec.structs.replace(usual, **changes)


def profile(**changes: object) -> deliveries.Profile:
    """A channel with three attempts, that asks a person about unclear ones."""
    usual = deliveries.Profile(
        name="sms", kind=parties.ChannelKind.SMS, unclear=ASK, retry_seconds=(100, 1000), unclear_after_seconds=900
    )
    return msgspec.structs.replace(usual, **changes)


def before(given: deliveries.Delivery, by: deliveries.Profile | None = None) -> deliveries.Plan:
    """What is done with it when its time may have come."""
    return deliver.plan(given, by or profile(), outcome=None, now=NOW, draw=0.5)


def after(
    given: deliveries.Delivery,
    kind: deliveries.OutcomeKind,
    by: deliveries.Profile | None = None,
    *,
    draw: float = 0.0,
    retry_after_seconds: int | None = None,
) -> deliveries.Plan:
    """What follows from what came of the attempt."""
    outcome = deliveries.Outcome(kind=kind, code="451", retry_after_seconds=retry_after_seconds)
    return deliver.plan(given, by or profile(), outcome=outcome, now=NOW, draw=draw)


@pytest.mark.parametrize(
    ("given", "state", "due_at", "because"),
    [
        (delivery(State.DUE), State.ATTEMPTING, NOW + 900 * SECOND, "attempt 1"),
        (delivery(State.DUE, attempts=2), State.ATTEMPTING, NOW + 900 * SECOND, "attempt 3"),
        (delivery(State.DUE, attempts=3), State.FAILED, None, "all 3 attempts are used up"),
        (delivery(State.DUE, due_at=NOW + SECOND), State.DUE, NOW + SECOND, "its time has not come"),
        (delivery(State.DUE, due_at=None), State.DUE, None, "its time has not come"),
        (delivery(State.DUE, expires_at=NOW), State.ATTEMPTING, NOW + 900 * SECOND, "attempt 1"),
        (delivery(State.DUE, expires_at=NOW - SECOND), State.CANCELLED, None, "no longer true"),
        (delivery(State.STANDBY), State.DUE, NOW, "nothing was confirmed in time"),
        (delivery(State.STANDBY, due_at=NOW + SECOND), State.STANDBY, NOW + SECOND, "waits for the ranks before it"),
        (delivery(State.STANDBY, due_at=None), State.STANDBY, None, "waits for the ranks before it"),
        (delivery(State.STANDBY, expires_at=NOW - SECOND), State.CANCELLED, None, "no longer true"),
        (delivery(State.ATTEMPTING, due_at=NOW + SECOND), State.ATTEMPTING, NOW + SECOND, "an attempt is under way"),
        (delivery(State.ATTEMPTING), State.UNCLEAR, NOW + 900 * SECOND, "unclear; waits for a receipt"),
        (delivery(State.UNCLEAR), State.UNCLEAR, None, "no receipt came: a person decides"),
        (delivery(State.UNCLEAR, due_at=None), State.UNCLEAR, None, "waits for a receipt or a person"),
        (delivery(State.ACCEPTED, due_at=None), State.ACCEPTED, None, "nothing is left to do"),
        (delivery(State.DELIVERED, due_at=None), State.DELIVERED, None, "nothing is left to do"),
        (delivery(State.FAILED, due_at=None), State.FAILED, None, "nothing is left to do"),
        (delivery(State.CANCELLED, due_at=None), State.CANCELLED, None, "nothing is left to do"),
    ],
)
def test_when_its_time_may_have_come(
    given: deliveries.Delivery, state: deliveries.DeliveryState, due_at: dt.datetime | None, because: str
):
    plan = before(given)
    assert (plan.state, plan.due_at, plan.because) == (state, due_at, because)
    assert plan.starts_fallback == (state is State.FAILED and given.state is not State.FAILED)
    assert not plan.ends_standby


def test_an_attempt_whose_sender_died_is_made_again_where_the_peer_takes_it_once():
    plan = before(delivery(State.ATTEMPTING, attempts=1), profile(unclear=RESEND))
    assert (plan.state, plan.due_at) == (State.DUE, NOW)
    assert before(delivery(State.UNCLEAR, attempts=1), profile(unclear=RESEND)).state is State.DUE
    exhausted = before(delivery(State.ATTEMPTING, attempts=3), profile(unclear=RESEND))
    assert (exhausted.state, exhausted.starts_fallback) == (State.FAILED, True)


#: What follows from the outcome of an attempt: state, fallback, end of standby.
OUTCOMES_OF_AN_ATTEMPT = [
    (Kind.ACCEPTED, State.ACCEPTED, False, False),
    (Kind.PRINTED, State.ACCEPTED, False, False),
    (Kind.DELIVERED, State.DELIVERED, False, True),
    (Kind.POSTED, State.DELIVERED, False, True),
    (Kind.OPENED, State.DELIVERED, False, True),
    (Kind.CLICKED, State.DELIVERED, False, True),
    (Kind.VIEWED, State.DELIVERED, False, True),
    (Kind.DEFERRED, State.DUE, False, False),
    (Kind.ADDRESS_INVALID, State.FAILED, True, False),
    (Kind.REJECTED, State.FAILED, True, False),
    (Kind.EXPIRED, State.FAILED, True, False),
    (Kind.RETURNED, State.FAILED, True, False),
    (Kind.COMPLAINED, State.FAILED, True, False),
    (Kind.UNSUBSCRIBED, State.FAILED, True, False),
    (Kind.UNCLEAR, State.UNCLEAR, False, False),
    (Kind.AUTO_REPLIED, State.UNCLEAR, False, False),
    (Kind.REPLIED, State.UNCLEAR, False, False),
]


@pytest.mark.parametrize(("kind", "state", "starts_fallback", "ends_standby"), OUTCOMES_OF_AN_ATTEMPT)
@pytest.mark.parametrize("state_before", [State.ATTEMPTING, State.UNCLEAR])
def test_what_follows_from_an_outcome(
    kind: deliveries.OutcomeKind,
    state: deliveries.DeliveryState,
    state_before: deliveries.DeliveryState,
    *,
    starts_fallback: bool,
    ends_standby: bool,
):
    plan = after(delivery(state_before, attempts=1), kind)
    assert (plan.state, plan.starts_fallback, plan.ends_standby) == (state, starts_fallback, ends_standby)


def test_every_kind_of_outcome_is_in_the_table_above():
    assert {row[0] for row in OUTCOMES_OF_AN_ATTEMPT} == set(Kind)


def test_accepted_ends_the_waiting_of_others_where_no_more_will_be_known():
    assert after(delivery(State.ATTEMPTING, attempts=1), Kind.ACCEPTED, profile(accepted_is_final=True)).ends_standby


@pytest.mark.parametrize(
    ("attempts", "draw", "retry_after_seconds", "wait_seconds"),
    [
        (1, 0.0, None, 100),
        (1, 1.0, None, 80),
        (1, 0.5, None, 90),
        (2, 0.0, None, 1000),
        (0, 0.0, None, 100),
        (1, 0.0, 30, 100),
        (1, 1.0, 300, 300),
        (1, 0.0, 86_400, 86_400),
    ],
)
def test_the_wait_before_the_next_attempt(
    attempts: int, draw: float, retry_after_seconds: int | None, wait_seconds: int
):
    given = delivery(State.ATTEMPTING, attempts=attempts)
    plan = after(given, Kind.DEFERRED, draw=draw, retry_after_seconds=retry_after_seconds)
    assert (plan.state, plan.due_at) == (State.DUE, NOW + wait_seconds * SECOND)


def test_the_last_moment_at_which_it_is_true_is_soon_enough():
    given = delivery(State.ATTEMPTING, attempts=1, expires_at=NOW + 100 * SECOND)
    assert after(given, Kind.DEFERRED).due_at == NOW + 100 * SECOND


@pytest.mark.parametrize(
    ("changes", "ladder", "retry_after_seconds", "because"),
    [
        ({"attempts": 3}, (100, 1000), None, "deferred 451; all 3 attempts are used up"),
        ({"attempts": 1}, (), None, "deferred 451; all 1 attempts are used up"),
        ({"attempts": 1}, (100,), 86_401, "deferred 451; the next attempt would be more than 86400 s away"),
        (
            {"attempts": 1, "expires_at": NOW + 99 * SECOND},
            (100,),
            None,
            "deferred 451; it would no longer be true at the next attempt",
        ),
    ],
)
def test_it_gives_up_and_lets_the_next_channel_start(
    changes: dict[str, object], ladder: tuple[int, ...], retry_after_seconds: int | None, because: str
):
    given = delivery(State.ATTEMPTING, **changes)
    plan = after(given, Kind.DEFERRED, profile(retry_seconds=ladder), retry_after_seconds=retry_after_seconds)
    assert (plan.state, plan.due_at, plan.starts_fallback) == (State.FAILED, None, True)
    assert plan.because == because


def test_an_unclear_attempt_is_made_again_by_the_ladder_where_the_peer_takes_it_once():
    plan = after(delivery(State.ATTEMPTING, attempts=2), Kind.UNCLEAR, profile(unclear=RESEND))
    assert (plan.state, plan.due_at) == (State.DUE, NOW + 1000 * SECOND)


def test_an_unclear_attempt_waits_for_a_receipt_where_it_does_not():
    plan = after(delivery(State.ATTEMPTING, attempts=1), Kind.UNCLEAR)
    assert (plan.state, plan.due_at) == (State.UNCLEAR, NOW + 900 * SECOND)


@pytest.mark.parametrize("state", [State.ACCEPTED, State.DELIVERED, State.FAILED, State.CANCELLED, State.STANDBY])
@pytest.mark.parametrize("kind", Kind)
def test_an_outcome_that_comes_after_the_news_changes_nothing(
    state: deliveries.DeliveryState, kind: deliveries.OutcomeKind
):
    given = delivery(state, attempts=1)
    plan = after(given, kind)
    assert (plan.state, plan.due_at) == (state, NOW)
    assert not plan.starts_fallback
    assert not plan.ends_standby


@pytest.mark.parametrize(
    ("attempts", "kind", "state"),
    [
        (1, Kind.ACCEPTED, State.ACCEPTED),
        (1, Kind.DELIVERED, State.DELIVERED),
        (1, Kind.REJECTED, State.FAILED),
        (1, Kind.DEFERRED, State.DUE),
        (1, Kind.UNCLEAR, State.DUE),
        (0, Kind.ACCEPTED, State.DUE),
    ],
)
def test_the_outcome_of_a_sender_given_up_for_lost_still_counts_before_the_next_attempt(
    attempts: int, kind: deliveries.OutcomeKind, state: deliveries.DeliveryState
):
    plan = after(delivery(State.DUE, attempts=attempts), kind)
    assert plan.state is state
    assert plan.due_at == (NOW if state is State.DUE else None)


AT_NIGHT = parties.QuietHours(start=dt.time(21), end=dt.time(8))
IN_TOKYO = {"quiet_hours": AT_NIGHT, "time_zone": "Asia/Tokyo", "due_at": NOW}
LATE = dt.datetime(2025, 11, 5, 13, 0, tzinfo=dt.UTC)
NEXT_MORNING = dt.datetime(2025, 11, 5, 23, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("changes", "state", "due_at"),
    [
        ({}, State.DUE, NEXT_MORNING),
        ({"attempts": 1}, State.DUE, NEXT_MORNING),
        ({"channel": parties.ChannelKind.PUSH}, State.DUE, NEXT_MORNING),
        ({"channel": parties.ChannelKind.EMAIL}, State.ATTEMPTING, LATE + 900 * SECOND),
        ({"quiet_hours": None}, State.ATTEMPTING, LATE + 900 * SECOND),
        ({"time_zone": "Europe/Berlin"}, State.ATTEMPTING, LATE + 900 * SECOND),
        ({"time_zone": "Mars/Olympus"}, State.FAILED, None),
        ({"expires_at": NEXT_MORNING}, State.DUE, NEXT_MORNING),
        ({"expires_at": NEXT_MORNING - SECOND}, State.FAILED, None),
    ],
)
def test_quiet_hours_hold_every_attempt_that_rings(
    changes: dict[str, object], state: deliveries.DeliveryState, due_at: dt.datetime | None
):
    given = delivery(State.DUE, **(IN_TOKYO | changes))
    plan = deliver.plan(given, profile(), outcome=None, now=LATE, draw=0.5)
    assert (plan.state, plan.due_at, plan.starts_fallback) == (state, due_at, state is State.FAILED)


DELIVERIES = st.builds(
    delivery,
    st.sampled_from(State),
    attempts=st.integers(0, 4),
    due_at=st.sampled_from([None, NOW - HOUR, NOW, NOW + HOUR]),
    expires_at=st.sampled_from([None, NOW - HOUR, NOW + HOUR]),
    quiet_hours=st.sampled_from([None, AT_NIGHT]),
    time_zone=st.sampled_from(["Asia/Tokyo", "Asia/Kolkata", "Australia/Sydney"]),
)
PROFILES = st.builds(profile, unclear=st.sampled_from(deliveries.UnclearPolicy), accepted_is_final=st.booleans())
OUTCOMES = st.none() | st.builds(
    deliveries.Outcome, kind=st.sampled_from(Kind), retry_after_seconds=st.none() | st.integers(0, 10**12)
)


@given(given=DELIVERIES, by=PROFILES, outcome=OUTCOMES, draw=st.floats(0, 1))
def test_only_legal_moves_are_made_and_never_without_a_reason(
    given: deliveries.Delivery, by: deliveries.Profile, outcome: deliveries.Outcome | None, draw: float
):
    plan = deliver.plan(given, by, outcome=outcome, now=NOW, draw=draw)
    assert plan.state is given.state or plan.state in deliveries.DELIVERY_MOVES[given.state]
    assert plan.because


@given(given=DELIVERIES, by=PROFILES, outcome=OUTCOMES, draw=st.floats(0, 1))
def test_a_new_due_time_is_not_in_the_past_and_never_after_it_stopped_being_true(
    given: deliveries.Delivery, by: deliveries.Profile, outcome: deliveries.Outcome | None, draw: float
):
    plan = deliver.plan(given, by, outcome=outcome, now=NOW, draw=draw)
    if plan.due_at is not None and plan.due_at != given.due_at:
        assert plan.due_at >= NOW
        assert plan.state is not State.DUE or given.expires_at is None or plan.due_at <= given.expires_at


@given(given=DELIVERIES, by=PROFILES, outcome=OUTCOMES, draw=st.floats(0, 1))
def test_the_next_channel_starts_exactly_when_this_one_fails(
    given: deliveries.Delivery, by: deliveries.Profile, outcome: deliveries.Outcome | None, draw: float
):
    plan = deliver.plan(given, by, outcome=outcome, now=NOW, draw=draw)
    assert plan.starts_fallback == (plan.state is State.FAILED and given.state is not State.FAILED)


@pytest.mark.parametrize(
    ("state", "kind", "goes_to"),
    [
        (State.ATTEMPTING, Kind.ACCEPTED, State.ACCEPTED),
        (State.ATTEMPTING, Kind.DELIVERED, State.DELIVERED),
        (State.ATTEMPTING, Kind.DEFERRED, State.ATTEMPTING),
        (State.ATTEMPTING, Kind.REJECTED, State.ATTEMPTING),
        (State.ATTEMPTING, Kind.UNCLEAR, State.ATTEMPTING),
        (State.UNCLEAR, Kind.DELIVERED, State.DELIVERED),
        (State.UNCLEAR, Kind.REJECTED, State.UNCLEAR),
        (State.DUE, Kind.DELIVERED, State.DELIVERED),
        (State.DUE, Kind.REJECTED, State.FAILED),
        (State.DUE, Kind.DEFERRED, State.DUE),
    ],
)
def test_good_news_of_an_earlier_attempt_counts_and_bad_news_waits_for_the_later_one(
    state: deliveries.DeliveryState, kind: deliveries.OutcomeKind, goes_to: deliveries.DeliveryState
):
    again = delivery(state, attempts=2)
    plan = deliver.plan(again, profile(), outcome=deliveries.Outcome(kind=kind), now=NOW, draw=0.5, attempt=1)
    assert plan.state is goes_to


@pytest.mark.parametrize("attempts", [1, 3])
def test_what_is_held_back_waits_its_turn_and_counts_as_no_attempt(attempts: int):
    held = deliveries.Outcome(kind=Kind.DEFERRED, detail="its share", retry_after_seconds=7, is_held_back=True)
    plan = deliver.plan(delivery(State.ATTEMPTING, attempts=attempts), profile(), outcome=held, now=NOW, draw=0.5)
    assert (plan.state, plan.due_at, plan.because) == (State.DUE, NOW + 7 * SECOND, "its share")
