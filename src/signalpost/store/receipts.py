"""Receipts in batches: stored as they came, matched with their delivery, followed; what they mean for addresses."""

import datetime as dt
from collections.abc import Sequence

import msgspec

from signalpost.store import batch
from signalpost.vocabulary import deliveries, parties, records

_SAVE = """
INSERT INTO receipt (via, channel, kind, at, delivery, provider_ref, code, detail, dedupe, received_at, result)
SELECT via, channel, kind, at, delivery, provider_ref, code, detail, dedupe, %s, ''
FROM json_to_recordset(%s::json) AS given(via text, channel text, kind text, at timestamptz, delivery text,
    provider_ref text, code text, detail text, dedupe text)
ON CONFLICT (dedupe) DO NOTHING
"""

# Receipts nobody has followed yet, with the delivery they speak of. One whose delivery is unknown ("") waits: it may
# have come before our own second transaction; it is given only when it has waited in vain.
_WAITING = """
SELECT r.id, r.via, r.channel, r.kind, r.at, r.provider_ref, r.code, r.detail, r.received_at, known.delivery
FROM receipt AS r, LATERAL (SELECT COALESCE(
    (SELECT ref FROM delivery WHERE r.delivery <> '' AND ref = r.delivery),
    (SELECT ref FROM delivery WHERE r.delivery = '' AND r.provider_ref <> '' AND via = r.via
     AND provider_ref = r.provider_ref ORDER BY created_at DESC LIMIT 1), '') AS delivery) AS known
WHERE r.followed_at IS NULL AND (known.delivery <> '' OR r.received_at < %s)
ORDER BY r.id LIMIT %s FOR UPDATE OF r SKIP LOCKED
"""

_HAS_WAITING = """
SELECT EXISTS (
    SELECT 1 FROM receipt AS r WHERE r.followed_at IS NULL AND (
        r.received_at < %s
        OR EXISTS (SELECT 1 FROM delivery WHERE r.delivery <> '' AND ref = r.delivery)
        OR EXISTS (SELECT 1 FROM delivery WHERE r.delivery = '' AND r.provider_ref <> '' AND via = r.via
                   AND provider_ref = r.provider_ref)))
"""

_FOLLOWED = """
UPDATE receipt SET followed_at = %s, result = given.result, delivery = given.delivery
FROM json_to_recordset(%s::json) AS given(id bigint, result text, delivery text) WHERE receipt.id = given.id
"""

_ADDRESS_EFFECTS = """
UPDATE contact_point SET
    state = CASE WHEN given.effect = 'invalidate' THEN 'invalid' ELSE contact_point.state END,
    suppressed = CASE WHEN given.effect = 'suppress' THEN given.because ELSE contact_point.suppressed END
FROM json_to_recordset(%s::json) AS given(ref text, effect text, because text)
WHERE contact_point.ref = given.ref
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt that waits for `follow`."""

    id: int
    via: str
    channel: parties.ChannelKind
    kind: deliveries.OutcomeKind
    at: dt.datetime
    provider_ref: str
    code: str
    detail: str
    received_at: dt.datetime
    delivery: str

    def receipt(self) -> deliveries.Receipt:
        """As the pure stage sees it."""
        return deliveries.Receipt(
            channel=self.channel,
            via=self.via,
            kind=self.kind,
            at=self.at,
            delivery=self.delivery,
            provider_ref=self.provider_ref,
            code=self.code,
            detail=self.detail,
        )


class Followed(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a receipt: "changed", "repeated", "unmatched"."""

    id: int
    result: str
    delivery: str


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """What a receipt means for a contact point."""

    ref: str
    effect: deliveries.AddressEffect
    because: str


def save(given: Sequence[deliveries.Receipt], *, now: dt.datetime) -> int:
    """Store receipts as they came; the number of those that were new."""
    if not given:
        return 0
    rows = [
        msgspec.structs.asdict(receipt)
        | {"dedupe": receipt.dedupe or records.digest(records.canonical(receipt)), "detail": receipt.detail[:200]}
        for receipt in given
    ]
    return batch.run(_SAVE, [now, batch.encode(rows)])


def waiting(limit: int, *, waited_since: dt.datetime) -> list[Row]:
    """Receipts whose delivery is known or that have waited for it since then, locked until the transaction ends."""
    return batch.fetch(_WAITING, [waited_since, limit], Row)


def has_waiting(*, waited_since: dt.datetime) -> bool:
    """Whether `waiting` would give any."""
    return batch.fetch(_HAS_WAITING, [waited_since], tuple[bool])[0][0]


def followed(rows: Sequence[Followed], *, now: dt.datetime) -> None:
    """Store what became of receipts."""
    if rows:
        batch.run(_FOLLOWED, [now, batch.encode(rows)])


def affect_addresses(rows: Sequence[Address]) -> None:
    """Mark contact points as invalid or suppressed."""
    if rows:
        batch.run(_ADDRESS_EFFECTS, [batch.encode(rows)])
