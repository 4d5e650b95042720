"""Deliveries in batches: made, claimed when due, settled, laid out when a fallback starts, decided by a person."""

import datetime as dt
from collections.abc import Sequence
from typing import Literal

import msgspec

from signalpost.store import batch
from signalpost.vocabulary import deliveries, events, parties, records

# New deliveries; those of one batch keep its order in their time of making, because an ordered line goes by it.
_CREATE = """
INSERT INTO delivery (ref, communication_id, channel, via, rank, start, after_seconds, state, due_at, expires_at, lane,
                      address, postal, contact_point, rendition, media_type, units, headers, has_unsubscribe,
                      ordering_key, quiet_hours, time_zone, attempts, outcome, code, detail, provider_ref, changed_at,
                      created_at)
SELECT ref, communication, channel, via, rank, start, after_seconds, state, due_at, expires_at, lane,
       address, postal, contact_point, rendition, media_type, units, headers, has_unsubscribe,
       ordering_key, quiet_hours, time_zone, 0, outcome, code, detail, '', %s, %s + place * interval '1 microsecond'
FROM ROWS FROM (json_to_recordset(%s::json) AS (ref text, communication text, channel text, via text, rank int,
    start text, after_seconds int, state text, due_at timestamptz, expires_at timestamptz, lane text, address text,
    postal text, contact_point text, rendition text, media_type text, units int, headers text, has_unsubscribe boolean,
    ordering_key text, quiet_hours text, time_zone text, outcome text, code text, detail text))
    WITH ORDINALITY AS given(ref, communication, channel, via, rank, start, after_seconds, state, due_at, expires_at,
    lane, address, postal, contact_point, rendition, media_type, units, headers, has_unsubscribe, ordering_key,
    quiet_hours, time_zone, outcome, code, detail, place)
ON CONFLICT (ref) DO NOTHING
"""

# Due deliveries of a channel and lane, locked; with an ordering key only the first unfinished one of its line.
_DUE = """
SELECT ref, communication_id, channel, via, rank, state, due_at, expires_at, lane, address, postal, contact_point,
       rendition, media_type, units, headers, has_unsubscribe, ordering_key, attempts, opened_at, clicked_at,
       complained_at, after_seconds, provider_ref, quiet_hours, time_zone
FROM delivery AS d
WHERE state = 'due' AND via = %s AND lane = %s AND due_at <= %s AND rendition <> ''
  AND (ordering_key = '' OR NOT EXISTS (
      SELECT 1 FROM delivery AS earlier
      WHERE earlier.ordering_key = d.ordering_key AND earlier.state IN ('due', 'attempting', 'unclear')
        AND (earlier.created_at, earlier.ref) < (d.created_at, d.ref)))
ORDER BY due_at, ref LIMIT %s FOR UPDATE SKIP LOCKED
"""

_BY_REF = """
SELECT ref, communication_id, channel, via, rank, state, due_at, expires_at, lane, address, postal, contact_point,
       rendition, media_type, units, headers, has_unsubscribe, ordering_key, attempts, opened_at, clicked_at,
       complained_at, after_seconds, provider_ref, quiet_hours, time_zone
FROM delivery WHERE ref = ANY(%s) ORDER BY ref FOR UPDATE
"""

_SETTLE = """
UPDATE delivery SET state = given.state, due_at = given.due_at, changed_at = %s,
    outcome = CASE WHEN given.outcome = '' THEN delivery.outcome ELSE given.outcome END,
    code = CASE WHEN given.outcome = '' THEN delivery.code ELSE given.code END,
    detail = CASE WHEN given.detail = '' THEN delivery.detail ELSE given.detail END,
    provider_ref = CASE WHEN given.provider_ref = '' THEN delivery.provider_ref ELSE given.provider_ref END,
    opened_at = COALESCE(given.opened_at, delivery.opened_at),
    clicked_at = COALESCE(given.clicked_at, delivery.clicked_at),
    complained_at = COALESCE(given.complained_at, delivery.complained_at)
FROM json_to_recordset(%s::json) AS given(ref text, state text, due_at timestamptz, outcome text, code text,
    detail text, provider_ref text, opened_at timestamptz, clicked_at timestamptz, complained_at timestamptz)
WHERE delivery.ref = given.ref
"""

# The next rank after a failed one, when it stands by.
_START_FALLBACK = """
UPDATE delivery SET state = 'due', due_at = %s, changed_at = %s
WHERE state = 'standby' AND (communication_id, rank) IN (
    SELECT d.communication_id, min(d.rank) FROM delivery AS d
    WHERE d.communication_id = ANY(%s) AND d.state = 'standby'
    GROUP BY d.communication_id)
  AND NOT EXISTS (SELECT 1 FROM delivery AS other WHERE other.communication_id = delivery.communication_id
                  AND other.state IN ('due', 'attempting', 'unclear', 'accepted', 'delivered'))
RETURNING ref, communication_id, channel
"""

_END_STANDBY = """
UPDATE delivery SET state = 'cancelled', due_at = NULL, changed_at = %s, detail = 'confirmed on another channel'
WHERE state = 'standby' AND communication_id = ANY(%s)
RETURNING ref, communication_id, channel
"""

# Deliveries on standby whose time of silence has passed.
_SILENT = """
UPDATE delivery SET state = 'due', changed_at = %s
WHERE ref IN (SELECT ref FROM delivery WHERE state = 'standby' AND due_at <= %s
              ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING ref, communication_id, channel
"""

# Started deliveries that have no rendition yet: a fallback or an escalation begins with its layout.
_TO_RENDER = """
SELECT d.ref, d.communication_id AS communication, d.channel, d.via, decision.manuscript, d.lane
FROM delivery AS d JOIN decision ON decision.ref = d.communication_id
WHERE d.state = 'due' AND d.rendition = '' AND d.lane = %s ORDER BY d.created_at LIMIT %s FOR UPDATE OF d SKIP LOCKED
"""

_RENDERED = """
UPDATE delivery SET rendition = given.rendition, media_type = given.media_type, units = given.units
FROM json_to_recordset(%s::json) AS given(ref text, rendition text, media_type text, units int)
WHERE delivery.ref = given.ref
"""

_UNCLEAR_DUE = """
SELECT ref FROM delivery WHERE state = 'unclear' AND due_at <= %s ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery as it is stored."""

    ref: str
    communication_id: str
    channel: parties.ChannelKind
    via: str
    rank: int
    state: deliveries.DeliveryState
    due_at: dt.datetime | None
    expires_at: dt.datetime | None
    lane: events.Lane
    address: str
    postal: str
    contact_point: str
    rendition: str
    media_type: str
    units: int
    headers: str
    has_unsubscribe: bool
    ordering_key: str
    attempts: int
    opened_at: dt.datetime | None
    clicked_at: dt.datetime | None
    complained_at: dt.datetime | None
    after_seconds: int
    provider_ref: str
    quiet_hours: str
    time_zone: str

    def delivery(self) -> deliveries.Delivery:
        """As the pure stages see it."""
        return deliveries.Delivery(
            ref=self.ref,
            communication=self.communication_id,
            channel=self.channel,
            rank=self.rank,
            state=self.state,
            due_at=self.due_at,
            attempts=self.attempts,
            expires_at=self.expires_at,
            opened_at=self.opened_at,
            clicked_at=self.clicked_at,
            complained_at=self.complained_at,
            quiet_hours=records.decode(self.quiet_hours, parties.QuietHours) if self.quiet_hours else None,
            time_zone=self.time_zone,
        )

    def outgoing(self, content: bytes) -> deliveries.Outgoing:
        """As a channel gets it to send."""
        return deliveries.Outgoing(
            ref=self.ref,
            attempt=self.attempts,
            communication=self.communication_id,
            channel=self.channel,
            address=self.address,
            postal=records.decode(self.postal, parties.PostalAddress) if self.postal else None,
            media_type=self.media_type,
            content=content,
            headers=records.decode(self.headers, tuple[tuple[str, str], ...]),
            lane=self.lane,
            has_unsubscribe=self.has_unsubscribe,
            ordering_key=self.ordering_key,
            pages=max(self.units, 1),
        )


class New(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery to be made."""

    ref: str
    communication: str
    channel: str
    via: str
    rank: int
    start: str
    after_seconds: int
    state: deliveries.DeliveryState
    due_at: dt.datetime | None
    expires_at: dt.datetime | None
    lane: str
    address: str
    postal: str
    contact_point: str
    rendition: str
    media_type: str
    units: int
    headers: str
    has_unsubscribe: bool
    ordering_key: str
    quiet_hours: str = ""
    time_zone: str = "UTC"
    #: For one that failed before it could leave: what came of it and why.
    outcome: str = ""
    code: str = ""
    detail: str = ""


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """Where a delivery stands after an outcome or receipt."""

    ref: str
    state: deliveries.DeliveryState
    due_at: dt.datetime | None
    outcome: str = ""
    code: str = ""
    detail: str = ""
    provider_ref: str = ""
    opened_at: dt.datetime | None = None
    clicked_at: dt.datetime | None = None
    complained_at: dt.datetime | None = None


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery whose state was moved by another's."""

    ref: str
    communication_id: str
    channel: str


class ToRender(msgspec.Struct, frozen=True, kw_only=True):
    """A started delivery without rendition."""

    ref: str
    communication: str
    channel: parties.ChannelKind
    via: str
    manuscript: str
    lane: events.Lane


class Rendered(msgspec.Struct, frozen=True, kw_only=True):
    """The rendition a delivery got."""

    ref: str
    rendition: str
    media_type: str
    units: int


def create(rows: Sequence[New], *, now: dt.datetime) -> None:
    """Store new deliveries; one that is there already stays."""
    if rows:
        batch.run(_CREATE, [now, now, batch.encode(rows)])


def due(via: str, lane: events.Lane, limit: int, *, now: dt.datetime) -> list[Row]:
    """Due deliveries of a channel and lane, locked until the transaction ends."""
    return batch.fetch(_DUE, [via, lane, now, limit], Row)


def by_ref(refs: Sequence[str]) -> dict[str, Row]:
    """Deliveries by reference, locked until the transaction ends."""
    return {row.ref: row for row in batch.fetch(_BY_REF, [sorted(refs)], Row)}


def settle(rows: Sequence[Settled], *, now: dt.datetime) -> None:
    """Store where deliveries stand now."""
    if rows:
        batch.run(_SETTLE, [now, batch.encode(rows)])


def start_fallback(communications: Sequence[str], *, now: dt.datetime) -> list[Moved]:
    """Start the next rank of communications of which nothing is under way any more."""
    if not communications:
        return []
    return batch.fetch(_START_FALLBACK, [now, now, list(communications)], Moved)


def end_standby(communications: Sequence[str], *, now: dt.datetime) -> list[Moved]:
    """Call off the ranks that stand by for communications that are confirmed."""
    if not communications:
        return []
    return batch.fetch(_END_STANDBY, [now, list(communications)], Moved)


def start_silent(limit: int, *, now: dt.datetime) -> list[Moved]:
    """Start ranks on standby whose time of silence has passed."""
    return batch.fetch(_SILENT, [now, now, limit], Moved)


def to_render(lane: events.Lane, limit: int) -> list[ToRender]:
    """Started deliveries of a lane without rendition, locked until the transaction ends."""
    return batch.fetch(_TO_RENDER, [lane, limit], ToRender)


def rendered(rows: Sequence[Rendered]) -> None:
    """Store the renditions that deliveries got."""
    if rows:
        batch.run(_RENDERED, [batch.encode(rows)])


def unclear_due(limit: int, *, now: dt.datetime) -> list[str]:
    """Unclear deliveries whose waiting time has passed, locked until the transaction ends."""
    return [ref for (ref,) in batch.fetch(_UNCLEAR_DUE, [now, limit], tuple[str])]


Decided = Literal["delivered", "failed", "resend"]


class Unclear(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery that waits for a person."""

    ref: str
    communication_id: str
    via: str
    changed_at: dt.datetime


def undecided() -> list[Unclear]:
    """Unclear deliveries for which no receipt came in their time."""
    return batch.fetch(
        """
        SELECT ref, communication_id, via, changed_at FROM delivery
        WHERE state = 'unclear' AND due_at IS NULL ORDER BY changed_at, ref
        """,
        [],
        Unclear,
    )
