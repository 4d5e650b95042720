"""The `follow` stage: receipts into delivery state, in whatever order and however often they come.

A delivery under way only ever climbs: accepted, then delivered, then failed, because the worst news is the last word
(a bounce after a relay's "delivered", a returned letter). The moments kept beside the state are the earliest ones. So
any order and any repetition of the same receipts ends in the same delivery. It refuses to act on replies: a person's
answer travels as an event of its own.
"""

import datetime as dt
from typing import assert_never

import msgspec

from signalpost.vocabulary import deliveries

_State = deliveries.DeliveryState
_Kind = deliveries.OutcomeKind
_Effect = deliveries.AddressEffect

#: How far a delivery has come; a receipt moves it up, never down. None can be about one on standby or
#: before its first attempt, and one that is cancelled stays so.
_HEIGHT = {
    _State.DUE: 0,
    _State.ATTEMPTING: 0,
    _State.UNCLEAR: 0,
    _State.ACCEPTED: 1,
    _State.DELIVERED: 2,
    _State.FAILED: 3,
}


def follow(
    delivery: deliveries.Delivery, receipt: deliveries.Receipt, profile: deliveries.Profile
) -> deliveries.Followed:
    """Take in one receipt about a delivery.

    Args:
        delivery: as stored.
        receipt: what came back about it.
        profile: the channel it went over; says whether "accepted" is all that will ever be known.

    Returns:
        The delivery afterwards and what follows for its other ranks and its contact point. `starts_fallback` and
        `ends_standby` are said once, at the move; `address_effect` is said by every receipt that means it, because
        it may come after the delivery has failed already. Doing it again changes nothing.
    """
    state = _climb(delivery, receipt)
    has_moved = state is not delivery.state
    followed = msgspec.structs.replace(
        delivery,
        state=state,
        due_at=None if has_moved else delivery.due_at,
        opened_at=_earliest(delivery.opened_at, receipt, {_Kind.OPENED, _Kind.VIEWED}),
        clicked_at=_earliest(delivery.clicked_at, receipt, {_Kind.CLICKED}),
        complained_at=_earliest(delivery.complained_at, receipt, {_Kind.COMPLAINED}),
    )
    is_confirmed = state is _State.DELIVERED or (state is _State.ACCEPTED and profile.accepted_is_final)
    return deliveries.Followed(
        delivery=followed,
        has_changed=followed != delivery,
        starts_fallback=has_moved and state is _State.FAILED,
        ends_standby=has_moved and is_confirmed,
        address_effect=_effect(receipt.kind),
    )


def _climb(delivery: deliveries.Delivery, receipt: deliveries.Receipt) -> deliveries.DeliveryState:
    """The state after the receipt: the higher one of where it stands and what the receipt says."""
    said = _says(receipt.kind)
    if said is None or delivery.state not in _HEIGHT:
        return delivery.state
    if delivery.state is _State.DUE and not delivery.attempts:
        return delivery.state
    return said if _HEIGHT[said] > _HEIGHT[delivery.state] else delivery.state


def _says(kind: deliveries.OutcomeKind) -> deliveries.DeliveryState | None:
    """What a receipt says about the delivery, `None` for nothing."""
    match kind:
        case _Kind.ACCEPTED | _Kind.PRINTED | _Kind.DEFERRED:
            # A delay is reported by the hop that has taken it (RFC 3464, 2.3.3, action "delayed").
            return _State.ACCEPTED
        case _Kind.DELIVERED | _Kind.POSTED | _Kind.OPENED | _Kind.CLICKED | _Kind.VIEWED:
            return _State.DELIVERED
        case _Kind.ADDRESS_INVALID | _Kind.REJECTED | _Kind.EXPIRED | _Kind.RETURNED:
            return _State.FAILED
        case _Kind.UNCLEAR | _Kind.COMPLAINED | _Kind.UNSUBSCRIBED | _Kind.AUTO_REPLIED | _Kind.REPLIED:
            return None
        case _:  # pragma: no cover
            assert_never(kind)


def _effect(kind: deliveries.OutcomeKind) -> deliveries.AddressEffect:
    if kind in {_Kind.ADDRESS_INVALID, _Kind.RETURNED}:
        return _Effect.INVALIDATE
    if kind in {_Kind.COMPLAINED, _Kind.UNSUBSCRIBED}:
        return _Effect.SUPPRESS
    return _Effect.NONE


def _earliest(
    known: dt.datetime | None, receipt: deliveries.Receipt, kinds: set[deliveries.OutcomeKind]
) -> dt.datetime | None:
    if receipt.kind not in kinds:
        return known
    return receipt.at if known is None else min(known, receipt.at)
