"""The quarantine in the store: what could not be accepted, with the body it came in."""

import datetime as dt

import msgspec

from signalpost.store import batch
from signalpost.vocabulary import events, records

#: Rows shown at once.
LATEST = 200

_OPEN = """
SELECT id, body_id, position, reason, field, wanted, got, source, event_id, created_at FROM quarantine
WHERE state = 'open' ORDER BY id DESC LIMIT %s
"""

_BODY = """
SELECT body.id, body.channel, body.sender, body.content_type, body.body, body.headers::text, body.received_at
FROM quarantine JOIN body ON body.id = quarantine.body_id
WHERE quarantine.id = %s AND quarantine.state = 'open' FOR UPDATE OF quarantine
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One refusal."""

    id: int
    body_id: int
    position: int
    reason: str
    field: str
    wanted: str
    got: str
    source: str
    event_id: str
    created_at: dt.datetime


def opened() -> list[Row]:
    """The latest refusals nobody has settled."""
    return batch.fetch(_OPEN, [LATEST], Row)


def raw(number: int) -> tuple[int, events.Raw]:
    """The body of a refusal with its number, locked until the transaction ends.

    Raises:
        LookupError: there is no such refusal, or it is settled.
    """
    rows = batch.fetch(_BODY, [number], tuple[int, str, str, str, bytes, str, dt.datetime])
    if not rows:
        raise LookupError(f"quarantine: wanted an open refusal numbered {number}, got none")
    body, channel, sender, content_type, content, headers, received_at = rows[0]
    found = events.Raw(
        channel=channel,
        sender=sender,
        content_type=content_type,
        body=content,
        received_at=received_at,
        headers=records.decode(headers, tuple[tuple[str, str], ...]),
    )
    return body, found


def settle(body: int, state: str, *, by: str, now: dt.datetime) -> None:
    """Settle every open refusal of a body: `replayed` or `discarded`."""
    batch.run(
        "UPDATE quarantine SET state = %s, settled_at = %s, settled_by = %s WHERE body_id = %s AND state = 'open'",
        [state, now, by, body],
    )
