"""Receipts, in any order and however often: what they make of a delivery, of its other ranks and of the address."""

import datetime as dt
import itertools
from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalpost.flow import follow as stage
from signalpost.vocabulary import deliveries, parties

NOW = dt.datetime(2025, 11, 5, 11, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
State, Kind, Effect = deliveries.DeliveryState, deliveries.OutcomeKind, deliveries.AddressEffect

PROFILE = deliveries.Profile(
    name="smtp", kind=parties.ChannelKind.EMAIL, unclear=deliveries.UnclearPolicy.WAIT_THEN_ASK
)
FINAL = msgspec.structs.replace(PROFILE, accepted_is_final=True)


def delivery(state: deliveries.DeliveryState, /, **changes: object) -> deliveries.Delivery:
    """An e-mail that was attempted once, in a state."""
    usual = deliveries.Delivery(
        ref="delivery-1",
        communication="notice-1",
        channel=parties.ChannelKind.EMAIL,
        rank=0,
        state=state,
        due_at=NOW + HOUR,
        attempts=1,
    )
    return msgspec.structs.replace(usual, **changes)


def receipt(kind: deliveries.OutcomeKind, at: dt.datetime = NOW) -> deliveries.Receipt:
    """A receipt about it."""
    return deliveries.Receipt(channel=parties.ChannelKind.EMAIL, via="smtp", kind=kind, at=at, delivery="delivery-1")


def follow(
    given: deliveries.Delivery, kind: deliveries.OutcomeKind, by: deliveries.Profile = PROFILE
) -> deliveries.Followed:
    """One receipt followed."""
    return stage.follow(given, receipt(kind), by)


#: What a receipt makes of an accepted delivery: state, fallback, end of standby, address.
ON_ACCEPTED = [
    (Kind.ACCEPTED, State.ACCEPTED, False, False, Effect.NONE),
    (Kind.DEFERRED, State.ACCEPTED, False, False, Effect.NONE),
    (Kind.PRINTED, State.ACCEPTED, False, False, Effect.NONE),
    (Kind.UNCLEAR, State.ACCEPTED, False, False, Effect.NONE),
    (Kind.AUTO_REPLIED, State.ACCEPTED, False, False, Effect.NONE),
    (Kind.REPLIED, State.ACCEPTED, False, False, Effect.NONE),
    (Kind.COMPLAINED, State.ACCEPTED, False, False, Effect.SUPPRESS),
    (Kind.UNSUBSCRIBED, State.ACCEPTED, False, False, Effect.SUPPRESS),
    (Kind.DELIVERED, State.DELIVERED, False, True, Effect.NONE),
    (Kind.POSTED, State.DELIVERED, False, True, Effect.NONE),
    (Kind.OPENED, State.DELIVERED, False, True, Effect.NONE),
    (Kind.CLICKED, State.DELIVERED, False, True, Effect.NONE),
    (Kind.VIEWED, State.DELIVERED, False, True, Effect.NONE),
    (Kind.ADDRESS_INVALID, State.FAILED, True, False, Effect.INVALIDATE),
    (Kind.RETURNED, State.FAILED, True, False, Effect.INVALIDATE),
    (Kind.REJECTED, State.FAILED, True, False, Effect.NONE),
    (Kind.EXPIRED, State.FAILED, True, False, Effect.NONE),
]


@pytest.mark.parametrize(("kind", "state", "starts_fallback", "ends_standby", "effect"), ON_ACCEPTED)
def test_what_a_receipt_makes_of_an_accepted_delivery(
    kind: deliveries.OutcomeKind,
    state: deliveries.DeliveryState,
    effect: deliveries.AddressEffect,
    *,
    starts_fallback: bool,
    ends_standby: bool,
):
    followed = follow(delivery(State.ACCEPTED), kind)
    assert followed.delivery.state is state
    assert (followed.starts_fallback, followed.ends_standby) == (starts_fallback, ends_standby)
    assert followed.address_effect is effect
    assert followed.delivery.due_at == (None if state is not State.ACCEPTED else NOW + HOUR)


def test_every_kind_of_receipt_is_in_the_table_above():
    assert {row[0] for row in ON_ACCEPTED} == set(Kind)


@pytest.mark.parametrize(
    ("before", "attempts", "kind", "after"),
    [
        # A provider may be faster than the recording of the outcome, and a receipt may settle what was unclear.
        (State.ATTEMPTING, 1, Kind.DELIVERED, State.DELIVERED),
        (State.UNCLEAR, 1, Kind.ACCEPTED, State.ACCEPTED),
        (State.UNCLEAR, 1, Kind.DEFERRED, State.ACCEPTED),
        (State.UNCLEAR, 1, Kind.DELIVERED, State.DELIVERED),
        (State.UNCLEAR, 1, Kind.REJECTED, State.FAILED),
        # It is about to be sent again, and the first attempt turns out to have arrived.
        (State.DUE, 1, Kind.DELIVERED, State.DELIVERED),
        (State.DUE, 0, Kind.DELIVERED, State.DUE),
        # Late news: worse is believed, better is not.
        (State.DELIVERED, 1, Kind.ACCEPTED, State.DELIVERED),
        (State.DELIVERED, 1, Kind.ADDRESS_INVALID, State.FAILED),
        (State.FAILED, 1, Kind.DELIVERED, State.FAILED),
        # Never sent, or no longer wanted.
        (State.STANDBY, 0, Kind.DELIVERED, State.STANDBY),
        (State.CANCELLED, 1, Kind.DELIVERED, State.CANCELLED),
        (State.CANCELLED, 1, Kind.REJECTED, State.CANCELLED),
    ],
)
def test_late_early_and_stray_receipts(
    before: deliveries.DeliveryState,
    attempts: int,
    kind: deliveries.OutcomeKind,
    after: deliveries.DeliveryState,
):
    assert follow(delivery(before, attempts=attempts), kind).delivery.state is after


def test_accepted_ends_the_waiting_of_others_where_no_more_will_be_known():
    assert follow(delivery(State.UNCLEAR), Kind.ACCEPTED, FINAL).ends_standby
    assert not follow(delivery(State.UNCLEAR), Kind.ACCEPTED).ends_standby
    assert not follow(delivery(State.ACCEPTED), Kind.ACCEPTED, FINAL).ends_standby


def test_a_repeated_receipt_changes_nothing_and_starts_nothing():
    once = follow(delivery(State.ACCEPTED), Kind.ADDRESS_INVALID)
    again = follow(once.delivery, Kind.ADDRESS_INVALID)
    assert once.has_changed
    assert not again.has_changed
    assert not again.starts_fallback
    assert again.delivery == once.delivery
    assert again.address_effect is Effect.INVALIDATE


def test_an_address_is_marked_also_when_the_delivery_had_failed_already():
    followed = follow(delivery(State.FAILED), Kind.ADDRESS_INVALID)
    assert not followed.has_changed
    assert followed.address_effect is Effect.INVALIDATE


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        (Kind.OPENED, "opened_at"),
        (Kind.VIEWED, "opened_at"),
        (Kind.CLICKED, "clicked_at"),
        (Kind.COMPLAINED, "complained_at"),
    ],
)
def test_the_earliest_moment_is_kept(kind: deliveries.OutcomeKind, field: str):
    given = delivery(State.DELIVERED)
    for at in (NOW, NOW + HOUR, NOW - HOUR, NOW):
        given = stage.follow(given, receipt(kind, at), PROFILE).delivery
    moments = {name: msgspec.structs.asdict(given)[name] for name in ("opened_at", "clicked_at", "complained_at")}
    assert moments == {"opened_at": None, "clicked_at": None, "complained_at": None} | {field: NOW - HOUR}


RECEIPTS = st.builds(receipt, st.sampled_from(Kind), st.integers(0, 3).map(lambda hours: NOW + hours * HOUR))
SHUFFLED = st.lists(RECEIPTS, max_size=6).flatmap(
    lambda first: st.tuples(
        st.just(first),
        st.lists(st.sampled_from(first), max_size=4).flatmap(lambda more: st.permutations([*first, *more]))
        if first
        else st.just(first),
    )
)
DELIVERIES = st.builds(delivery, st.sampled_from(State), attempts=st.integers(0, 2))


def in_order(
    given: deliveries.Delivery, receipts: Sequence[deliveries.Receipt], by: deliveries.Profile
) -> tuple[deliveries.Delivery, list[deliveries.Followed]]:
    """One receipt after the other."""
    steps: list[deliveries.Followed] = []
    for each in receipts:
        steps.append(stage.follow(given, each, by))
        given = steps[-1].delivery
    return given, steps


@given(start=DELIVERIES, receipts=SHUFFLED, by=st.sampled_from([PROFILE, FINAL]))
def test_receipts_shuffled_and_repeated_converge(
    start: deliveries.Delivery,
    receipts: tuple[list[deliveries.Receipt], list[deliveries.Receipt]],
    by: deliveries.Profile,
):
    as_sent, as_received = receipts
    assert in_order(start, as_sent, by)[0] == in_order(start, as_received, by)[0]


@given(start=DELIVERIES, receipts=st.lists(RECEIPTS, max_size=8))
def test_only_legal_moves_are_made_and_each_consequence_follows_once(
    start: deliveries.Delivery, receipts: list[deliveries.Receipt]
):
    end, steps = in_order(start, receipts, PROFILE)
    states = [start.state, *(step.delivery.state for step in steps)]
    for before, after in itertools.pairwise(states):
        assert before is after or after in deliveries.DELIVERY_MOVES[before]
    has_failed = end.state is State.FAILED and start.state is not State.FAILED
    assert sum(step.starts_fallback for step in steps) == has_failed
    assert sum(step.ends_standby for step in steps) <= 1
