"""Deliveries: one communication on one channel to one address, every attempt at it, and what came back.

All channels speak this one vocabulary of outcomes. `DELIVERY_MOVES` is the law for code, tests and docs. A crash
between "intent recorded" and "outcome recorded" reads back as *unclear*, never as "not sent".
"""

import datetime as dt
import enum

from signalpost.vocabulary import events, parties, records, traffic


class DeliveryState(enum.StrEnum):
    """Where a delivery stands; `DELIVERY_MOVES` holds the legal moves."""

    #: Waits for the delivery before it in the plan to fail or stay silent.
    STANDBY = "standby"
    #: To be sent at its due time.
    DUE = "due"
    #: Intent recorded, outcome not yet.
    ATTEMPTING = "attempting"
    #: Sent or not, nobody knows; the channel's policy or a person decides.
    UNCLEAR = "unclear"
    #: The next hop took it: SMTP 250, submit_sm_resp, spool file written, webhook 2xx awaiting nothing.
    ACCEPTED = "accepted"
    #: Confirmed at the recipient: DSN "delivered", SMS receipt DELIVRD, letter posted, webhook 2xx.
    DELIVERED = "delivered"
    #: Came back or was refused for good.
    FAILED = "failed"
    #: No longer wanted before it left: fallback not needed, recalled, superseded, expired.
    CANCELLED = "cancelled"


#: Legal moves of a delivery. Late receipts may still turn accepted into failed, and delivered into failed (a bounce
#: after a relay's "delivered"), and may confirm an unclear attempt that is due to be made again; nothing leaves
#: `failed` or `cancelled`.
DELIVERY_MOVES: dict[DeliveryState, frozenset[DeliveryState]] = {
    DeliveryState.STANDBY: frozenset({DeliveryState.DUE, DeliveryState.CANCELLED}),
    DeliveryState.DUE: frozenset(
        {
            DeliveryState.ATTEMPTING,
            DeliveryState.ACCEPTED,
            DeliveryState.DELIVERED,
            DeliveryState.FAILED,
            DeliveryState.CANCELLED,
        }
    ),
    DeliveryState.ATTEMPTING: frozenset(
        {
            DeliveryState.DUE,
            DeliveryState.UNCLEAR,
            DeliveryState.ACCEPTED,
            DeliveryState.DELIVERED,
            DeliveryState.FAILED,
        }
    ),
    DeliveryState.UNCLEAR: frozenset(
        {DeliveryState.DUE, DeliveryState.ACCEPTED, DeliveryState.DELIVERED, DeliveryState.FAILED}
    ),
    DeliveryState.ACCEPTED: frozenset({DeliveryState.DELIVERED, DeliveryState.FAILED}),
    DeliveryState.DELIVERED: frozenset({DeliveryState.FAILED}),
    DeliveryState.FAILED: frozenset(),
    DeliveryState.CANCELLED: frozenset(),
}


class OutcomeKind(enum.StrEnum):
    """What an attempt or a receipt says: the one vocabulary of all channels."""

    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    #: Temporary: try again later on this channel.
    DEFERRED = "deferred"
    #: For good, because of this address; the address is marked invalid.
    ADDRESS_INVALID = "address_invalid"
    #: For good, because of the content, policy or a block; the address stays.
    REJECTED = "rejected"
    #: Nobody knows whether it went out.
    UNCLEAR = "unclear"
    #: The network gave up after its own time.
    EXPIRED = "expired"
    OPENED = "opened"
    CLICKED = "clicked"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"
    #: An absence note or other automatic answer; says nothing about delivery.
    AUTO_REPLIED = "auto_replied"
    #: A person answered ("OFF", "STOP", free text); the text travels as an event.
    REPLIED = "replied"
    PRINTED = "printed"
    POSTED = "posted"
    RETURNED = "returned"
    VIEWED = "viewed"


class Outcome(records.Record, frozen=True, kw_only=True):
    """What came of one attempt, in the channel's own words and in ours."""

    kind: OutcomeKind
    #: The provider's code: `550 5.1.1`, `ESME_RTHROTTLED`, `410`.
    code: str = ""
    #: One line, without persons and addresses, at most 200 characters.
    detail: str = ""
    #: The name under which receipts will speak of it: queue id, SMS message id, job number.
    provider_ref: str = ""
    #: The provider's own wish for the next attempt.
    retry_after_seconds: int | None = None
    #: Deferred by the channel itself, to spare the peer: nothing was tried, so it is no attempt.
    is_held_back: bool = False
    #: The relay or centre that said so, of a channel that has such: host and port.
    provider: str = ""
    #: Whether the answer asks for a slower pace.
    throttle: traffic.Throttle = traffic.Throttle.NONE


class Receipt(records.Record, frozen=True, kw_only=True):
    """News about an earlier attempt, whenever and however often it comes."""

    channel: parties.ChannelKind
    #: The configured channel it came over.
    via: str
    kind: OutcomeKind
    at: dt.datetime
    #: Our delivery reference where the receipt carries it (signed VERP, webhook id, manifest) …
    delivery: str = ""
    #: … else the provider's own reference.
    provider_ref: str = ""
    code: str = ""
    detail: str = ""
    #: What makes a repeated receipt the same one; "" is told apart by all fields.
    dedupe: str = ""
    #: Text of a reply, with the address it came from.
    text: str = ""
    sender: str = ""


class Outgoing(records.Record, frozen=True, kw_only=True):
    """One delivery as a channel gets it to send."""

    #: Delivery reference: what receipts and idempotency refer to. Unique per delivery, the same on every attempt.
    ref: str
    attempt: int
    communication: str
    channel: parties.ChannelKind
    address: str
    postal: parties.PostalAddress | None = None
    media_type: str
    content: bytes
    #: Subject, preheader, category, language and other words the envelope needs, as name and value.
    headers: tuple[tuple[str, str], ...] = ()
    lane: events.Lane = events.Lane.NORMAL
    #: Whether it may carry one-click unsubscribe; never on mandatory classes.
    has_unsubscribe: bool = False
    #: Deliveries with the same key go out one after the other, in order; "" is unordered.
    ordering_key: str = ""
    pages: int = 1


class UnclearPolicy(enum.StrEnum):
    """What a channel declares to do with an unclear attempt."""

    #: Safe to send again: the channel or its peer recognises the same reference.
    RESEND = "resend"
    #: Wait for a receipt, then ask a person.
    WAIT_THEN_ASK = "wait_then_ask"


class Profile(records.Record, frozen=True, kw_only=True):
    """What a configured channel can do and how it wants to be treated."""

    name: str
    kind: parties.ChannelKind
    unclear: UnclearPolicy
    #: How many deliveries one `send` takes at most.
    batch: int = 100
    #: Seconds before attempt 2, 3 …; its length bounds the attempts.
    retry_seconds: tuple[int, ...] = (30, 120, 600, 3600, 14400)
    #: Share of the delay that is drawn at random, 0 … 1.
    jitter: float = 0.2
    #: Whether "accepted" is all that will ever be known; then it counts as reached.
    accepted_is_final: bool = False
    #: An unclear attempt without receipt is shown to a person after so long.
    unclear_after_seconds: int = 900
    #: When a batch closes, for channels that gather: local times of day in `time_zone` …
    closes_at: tuple[dt.time, ...] = ()
    time_zone: str = "UTC"
    #: … or every so many seconds; 0 and no times is "send as it comes".
    closes_every_seconds: int = 0


class Delivery(records.Record, frozen=True, kw_only=True):
    """One communication on one channel, as the pure stages see it."""

    ref: str
    communication: str
    channel: parties.ChannelKind
    rank: int
    state: DeliveryState
    #: When the next thing happens to it: first attempt, retry, escalation; `None` when nothing is awaited.
    due_at: dt.datetime | None
    #: Attempts begun, the running one included.
    attempts: int = 0
    #: Not sent after this instant; `None` for what stays true.
    expires_at: dt.datetime | None = None
    last: Outcome | None = None
    #: Set by receipts, kept apart from the state because they come in any order.
    opened_at: dt.datetime | None = None
    clicked_at: dt.datetime | None = None
    complained_at: dt.datetime | None = None
    #: Quiet hours of the notice, in the party's time zone: they hold a ringing channel on every attempt.
    quiet_hours: parties.QuietHours | None = None
    time_zone: str = "UTC"


class Plan(records.Record, frozen=True, kw_only=True):
    """What `deliver` decides about a delivery now."""

    state: DeliveryState
    due_at: dt.datetime | None
    #: Whether the next rank starts now.
    starts_fallback: bool
    #: Ranks on standby are no longer wanted: this one is confirmed, or accepted where no more will be known.
    ends_standby: bool = False
    because: str


class AddressEffect(enum.StrEnum):
    """What a receipt means for the contact point, beyond this one delivery."""

    NONE = "none"
    #: Dead: marked invalid.
    INVALIDATE = "invalidate"
    #: Alive, but to be left in peace: put on the suppression list (complaint, STOP, unsubscribe).
    SUPPRESS = "suppress"


class Followed(records.Record, frozen=True, kw_only=True):
    """What `follow` makes of a receipt."""

    delivery: Delivery
    #: Whether anything changed; a repeated or outdated receipt changes nothing.
    has_changed: bool
    #: The next rank starts now: this one failed.
    starts_fallback: bool = False
    #: Ranks on standby are no longer wanted: this one is confirmed.
    ends_standby: bool = False
    address_effect: AddressEffect = AddressEffect.NONE


class StatusSubject(records.Record, frozen=True, kw_only=True):
    """What other systems are told a status is about: references only, no persons."""

    ref: str
    situation: str
    party: str
    communication: str
    language: str
    #: Canonical JSON of the facts of the business event that caused it, "" for one that came of an incident.
    event: str


class Status(records.Record, frozen=True, kw_only=True):
    """News of one delivery for one endpoint, as it goes out."""

    #: Derived from the fact and the endpoint: the same news has the same name.
    ref: str
    #: The communication it is about; its news go out in order.
    communication: str
    title: str
    #: The CloudEvent, canonical JSON.
    body: str
