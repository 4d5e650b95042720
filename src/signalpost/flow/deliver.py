"""The `deliver` stage: attempt, wait, fall back or give up. One decision about one delivery, never a send.

It is asked twice per attempt, once before (no outcome: may it go out now?) and once after (what came of it). Between
the two lies the send; if the process dies there, the delivery is still `attempting` at its due time and is read as
unclear, never as "not sent". It refuses to know channels: what differs between them stands in their `Profile`.
"""

import datetime as dt
from typing import assert_never

from signalpost.flow.choose import quiet
from signalpost.vocabulary import deliveries, parties

#: A provider that asks for more than a day has, for our purpose, refused: another channel is tried instead.
MAX_RETRY_AFTER_SECONDS = 86_400

_State = deliveries.DeliveryState
_Kind = deliveries.OutcomeKind


def plan(
    delivery: deliveries.Delivery,
    profile: deliveries.Profile,
    *,
    outcome: deliveries.Outcome | None,
    now: dt.datetime,
    draw: float,
    attempt: int | None = None,
) -> deliveries.Plan:
    """Decide what happens to a delivery now.

    Args:
        delivery: as stored; `attempts` counts the attempts begun.
        profile: the channel it goes over.
        outcome: what came of the attempt; `None` to ask what is to be done with a delivery whose time has come.
        now: the moment of the decision, with a time zone.
        draw: a random number, 0 … 1, for the jitter.
        attempt: number of the attempt that the outcome is of; `None` is the latest. An earlier one was presumed
            unclear and made again; what comes of it still counts when it says more than the wait for the later one.

    Returns:
        The state it goes to and when it falls due again; only moves of `deliveries.DELIVERY_MOVES`, or none.
    """
    if outcome is None:
        return _when_due(delivery, profile, now=now)
    is_latest = attempt is None or attempt == delivery.attempts
    if delivery.state in {_State.ATTEMPTING, _State.UNCLEAR} and is_latest:
        return _after_attempt(delivery, profile, outcome=outcome, now=now, draw=draw)
    if delivery.state in {_State.DUE, _State.ATTEMPTING, _State.UNCLEAR} and delivery.attempts:
        settled = _after_attempt(delivery, profile, outcome=outcome, now=now, draw=draw)
        if settled.state in {_State.ACCEPTED, _State.DELIVERED} or (
            settled.state is _State.FAILED and delivery.state is _State.DUE
        ):
            return settled
    return _stay(delivery, f"the outcome {outcome.kind.value} of an earlier attempt came late and changes nothing")


def attempts_allowed(profile: deliveries.Profile) -> int:
    """How often a delivery is attempted at most: the first time and once per rung of the ladder."""
    return len(profile.retry_seconds) + 1


def _when_due(delivery: deliveries.Delivery, profile: deliveries.Profile, *, now: dt.datetime) -> deliveries.Plan:
    match delivery.state:
        case _State.STANDBY:
            return _standby(delivery, now=now)
        case _State.DUE:
            return _due(delivery, profile, now=now)
        case _State.ATTEMPTING:
            if not _is_time(delivery, now):
                return _stay(delivery, "an attempt is under way")
            return _unclear(delivery, profile, now=now, delay_seconds=0)
        case _State.UNCLEAR:
            return _still_unclear(delivery, profile, now=now)
        case _State.ACCEPTED | _State.DELIVERED | _State.FAILED | _State.CANCELLED:
            return _stay(delivery, "nothing is left to do")
        case _:  # pragma: no cover
            assert_never(delivery.state)


def _standby(delivery: deliveries.Delivery, *, now: dt.datetime) -> deliveries.Plan:
    if _is_expired(delivery, now):
        return _to(_State.CANCELLED, "no longer true")
    if not _is_time(delivery, now):
        return _stay(delivery, "waits for the ranks before it")
    return _to(_State.DUE, "nothing was confirmed in time", due_at=now)


def _due(delivery: deliveries.Delivery, profile: deliveries.Profile, *, now: dt.datetime) -> deliveries.Plan:
    if _is_expired(delivery, now):
        return _to(_State.CANCELLED, "no longer true")
    if delivery.attempts >= attempts_allowed(profile):
        return _fail(f"all {delivery.attempts} attempts are used up")
    if not _is_time(delivery, now):
        return _stay(delivery, "its time has not come")
    held = _quiet(delivery, now)
    if held is not None:
        return held
    # The due time of an attempt is when it is given up for lost: no outcome by then means that the sender died.
    lost_at = now + dt.timedelta(seconds=profile.unclear_after_seconds)
    return _to(_State.ATTEMPTING, f"attempt {delivery.attempts + 1}", due_at=lost_at)


def _still_unclear(delivery: deliveries.Delivery, profile: deliveries.Profile, *, now: dt.datetime) -> deliveries.Plan:
    if not _is_time(delivery, now):
        return _stay(delivery, "waits for a receipt or a person")
    if profile.unclear is deliveries.UnclearPolicy.RESEND:
        return _unclear(delivery, profile, now=now, delay_seconds=0)
    return _to(_State.UNCLEAR, "no receipt came: a person decides")


def _after_attempt(
    delivery: deliveries.Delivery,
    profile: deliveries.Profile,
    *,
    outcome: deliveries.Outcome,
    now: dt.datetime,
    draw: float,
) -> deliveries.Plan:
    said = f"{outcome.kind.value} {outcome.code}".strip()
    match outcome.kind:
        case _Kind.ACCEPTED | _Kind.PRINTED:
            return _to(_State.ACCEPTED, said, ends_standby=profile.accepted_is_final)
        case _Kind.DELIVERED | _Kind.POSTED | _Kind.OPENED | _Kind.CLICKED | _Kind.VIEWED:
            return _to(_State.DELIVERED, said, ends_standby=True)
        case _Kind.DEFERRED:
            return _deferred(delivery, profile, outcome=outcome, now=now, draw=draw)
        case _Kind.ADDRESS_INVALID | _Kind.REJECTED | _Kind.EXPIRED | _Kind.RETURNED:
            return _fail(said)
        case _Kind.COMPLAINED | _Kind.UNSUBSCRIBED:
            # In answer to an attempt it is a provider that keeps its own list of whom to leave in peace.
            return _fail(said)
        case _Kind.UNCLEAR | _Kind.AUTO_REPLIED | _Kind.REPLIED:
            # An automatic answer or a reply in answer to an attempt says nothing about whether it went out.
            delay_seconds = _delay_seconds(delivery, profile, outcome=outcome, draw=draw)
            return _unclear(delivery, profile, now=now, delay_seconds=delay_seconds)
        case _:  # pragma: no cover
            assert_never(outcome.kind)


def _deferred(
    delivery: deliveries.Delivery,
    profile: deliveries.Profile,
    *,
    outcome: deliveries.Outcome,
    now: dt.datetime,
    draw: float,
) -> deliveries.Plan:
    if outcome.is_held_back:
        # Nothing was tried: it waits its turn, whatever the number of its attempts.
        return _to(_State.DUE, outcome.detail, due_at=now + dt.timedelta(seconds=outcome.retry_after_seconds or 0))
    delay_seconds = _delay_seconds(delivery, profile, outcome=outcome, draw=draw)
    said = f"{outcome.kind.value} {outcome.code}".strip()
    return _again(delivery, profile, now=now, delay_seconds=delay_seconds, said=said)


def _unclear(
    delivery: deliveries.Delivery, profile: deliveries.Profile, *, now: dt.datetime, delay_seconds: float
) -> deliveries.Plan:
    """Follow the channel's declared policy for what may or may not have gone out."""
    match profile.unclear:
        case deliveries.UnclearPolicy.RESEND:
            said = "unclear; the peer knows the reference and takes it once"
            return _again(delivery, profile, now=now, delay_seconds=delay_seconds, said=said)
        case deliveries.UnclearPolicy.WAIT_THEN_ASK:
            ask_at = now + dt.timedelta(seconds=profile.unclear_after_seconds)
            return _to(_State.UNCLEAR, "unclear; waits for a receipt", due_at=ask_at)
        case _:  # pragma: no cover
            assert_never(profile.unclear)


def _again(
    delivery: deliveries.Delivery, profile: deliveries.Profile, *, now: dt.datetime, delay_seconds: float, said: str
) -> deliveries.Plan:
    if delivery.attempts >= attempts_allowed(profile):
        return _fail(f"{said}; all {delivery.attempts} attempts are used up")
    if delay_seconds > MAX_RETRY_AFTER_SECONDS:
        return _fail(f"{said}; the next attempt would be more than {MAX_RETRY_AFTER_SECONDS} s away")
    due_at = now + dt.timedelta(seconds=delay_seconds)
    if delivery.expires_at is not None and due_at > delivery.expires_at:
        return _fail(f"{said}; it would no longer be true at the next attempt")
    return _to(_State.DUE, said, due_at=due_at)


def _delay_seconds(
    delivery: deliveries.Delivery, profile: deliveries.Profile, *, outcome: deliveries.Outcome, draw: float
) -> float:
    """The wait before the next attempt: the ladder's rung less the drawn share, but never less than the peer asks."""
    rung = min(max(delivery.attempts, 1), len(profile.retry_seconds)) - 1
    base_seconds = profile.retry_seconds[rung] if profile.retry_seconds else 0
    delay_seconds = base_seconds * (1 - profile.jitter * draw)
    return max(delay_seconds, outcome.retry_after_seconds or 0)


def _quiet(delivery: deliveries.Delivery, now: dt.datetime) -> deliveries.Plan | None:
    """What quiet hours make of it, `None` when none hold it.

    A retry, a fallback or an escalation may fall due at any hour; the choice could only look at the first step.
    """
    if delivery.quiet_hours is None or delivery.channel not in parties.RINGING:
        return None
    time_zone = quiet.zone(delivery.time_zone)
    if time_zone is None:
        return _fail(f"unknown time zone {delivery.time_zone!r}: quiet hours cannot be kept")
    until = quiet.ends_at(delivery.quiet_hours, time_zone, at=now)
    if until is None:
        return None
    if delivery.expires_at is not None and until > delivery.expires_at:
        return _fail("quiet hours last longer than it stays true")
    return _to(_State.DUE, "waits for the end of quiet hours", due_at=until)


def _is_expired(delivery: deliveries.Delivery, now: dt.datetime) -> bool:
    return delivery.expires_at is not None and now > delivery.expires_at


def _is_time(delivery: deliveries.Delivery, now: dt.datetime) -> bool:
    return delivery.due_at is not None and delivery.due_at <= now


def _to(
    state: deliveries.DeliveryState, because: str, *, due_at: dt.datetime | None = None, ends_standby: bool = False
) -> deliveries.Plan:
    return deliveries.Plan(
        state=state, due_at=due_at, starts_fallback=False, ends_standby=ends_standby, because=because
    )


def _fail(because: str) -> deliveries.Plan:
    return deliveries.Plan(state=_State.FAILED, due_at=None, starts_fallback=True, because=because)


def _stay(delivery: deliveries.Delivery, because: str) -> deliveries.Plan:
    return deliveries.Plan(state=delivery.state, due_at=delivery.due_at, starts_fallback=False, because=because)
