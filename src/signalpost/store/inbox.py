"""The inbox: bodies, events and quarantine, in batches."""

import datetime as dt
from collections.abc import Sequence

import msgspec
from django.db import IntegrityError, transaction

from signalpost.store import batch
from signalpost.vocabulary import events, situations

#: From so many on, rows are copied. Fewer cost less as one statement.
COPIED_ROWS = 20


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a batch of events when it was stored: positions in the batch that was given."""

    new: tuple[int, ...]
    repeated: tuple[int, ...]
    conflicting: tuple[int, ...]


# Bodies as they arrived, answered with their numbers in the order given. Octets travel as base64 in JSON, which costs
# a third of what an array of bytea does.
_SAVE_BODIES = """
INSERT INTO body (channel, sender, content_type, body, headers, received_at)
SELECT channel, sender, content_type, decode(body, 'base64'), headers, received_at
FROM ROWS FROM (json_to_recordset(%s::json) AS (channel text, sender text, content_type text, body text, headers jsonb,
    received_at timestamptz)) WITH ORDINALITY AS given(channel, sender, content_type, body, headers, received_at, place)
ORDER BY place
RETURNING id
"""

# Numbers for bodies that are copied: COPY cannot say which it gave.
_NUMBERS = "SELECT nextval('body_id_seq') FROM generate_series(1, %s)"

_COPY_BODIES = """
COPY body (id, channel, sender, content_type, body, headers, received_at) FROM STDIN (FORMAT binary)
"""
# The binary form of jsonb is a number, which is 1, and its text: so it travels as octets.
_BODY_COLUMNS = ("bigint", "varchar", "text", "text", "bytea", "bytea", "timestamptz")
_JSONB = b"\x01"

_COPY_EVENTS = """
COPY event (source, event_id, type, subject, occurred_at, received_at, lane, data, digest, body_id, position,
            noted, rule, ref) FROM STDIN (FORMAT binary)
"""
_EVENT_COLUMNS = (
    *("text", "text", "text", "varchar", "timestamptz", "timestamptz", "varchar", "text", "varchar", "bigint", "int4"),
    *("varchar", "text", "varchar"),
)

# Events that are not there yet; a repeat is left as it was.
_SAVE_EVENTS = """
INSERT INTO event (source, event_id, type, subject, occurred_at, received_at, lane, data, digest, body_id, position,
                   noted, rule, ref)
SELECT source, id, type, subject, occurred_at, received_at, lane, data, digest, body, position, '', '', ''
FROM json_to_recordset(%s::json) AS given(
    source text, id text, type text, subject text, occurred_at timestamptz, received_at timestamptz, lane text,
    data text, digest text, body bigint, position int)
ON CONFLICT (source, event_id) DO NOTHING
RETURNING source, event_id
"""

# What is stored under these keys, to tell a repeat from a conflict.
_DIGESTS = """
SELECT source, event_id, digest FROM event
WHERE (source, event_id) IN (SELECT source, id FROM json_to_recordset(%s::json) AS given(source text, id text))
"""

_SAVE_QUARANTINE = """
INSERT INTO quarantine (body_id, position, reason, field, wanted, got, source, event_id, state, created_at, settled_by)
SELECT body, position, reason, field, wanted, got, source, id, 'open', %s, ''
FROM json_to_recordset(%s::json) AS given(
    body bigint, position int, reason text, field text, wanted text, got text, source text, id text)
"""

# The oldest waiting events of a lane. One `assess` runs at a time (advisory lock), so no row lock is needed. The order
# is that of the rows: `id` alone would be the event's own.
_WAITING = """
SELECT source, event_id AS id, type, subject, occurred_at, received_at, lane, data, digest FROM event
WHERE noted = '' AND lane = %s ORDER BY event.id LIMIT %s
"""

_NOTE = """
UPDATE event SET noted = given.noted, rule = given.rule, ref = given.ref, assessed_at = %s
FROM json_to_recordset(%s::json) AS given(source text, id text, noted text, rule text, ref text)
WHERE event.source = given.source AND event.event_id = given.id
"""

_PLACES = """
SELECT body_id, position, source, event_id FROM event
WHERE (source, event_id) IN (SELECT source, id FROM json_to_recordset(%s::json) AS given(source text, id text))
"""


def save_bodies(raws: Sequence[events.Raw]) -> list[int]:
    """Store bodies as they arrived; their row numbers, in order."""
    if len(raws) < COPIED_ROWS:
        return [number for (number,) in batch.fetch(_SAVE_BODIES, [batch.encode(raws)], tuple[int])]
    numbers = [number for (number,) in batch.fetch(_NUMBERS, [len(raws)], tuple[int])]
    rows = (
        (
            number,
            raw.channel,
            raw.sender,
            raw.content_type,
            raw.body,
            _JSONB + msgspec.json.encode(raw.headers),
            raw.received_at,
        )
        for number, raw in zip(numbers, raws, strict=True)
    )
    batch.copy(_COPY_BODIES, _BODY_COLUMNS, rows)
    return numbers


def save_events(accepted: Sequence[tuple[int, int, events.Event]]) -> Stored:
    """Store events given as (body, position in it, event); tells new from repeated from conflicting ones.

    The same key twice in one batch is a repeat when the digests agree, a conflict otherwise.
    """
    first_by_key: dict[tuple[str, str], int] = {}
    for place, (_, _, event) in enumerate(accepted):
        first_by_key.setdefault(event.key, place)
    if COPIED_ROWS <= len(accepted) == len(first_by_key) and _are_copied(accepted):
        return Stored(new=tuple(range(len(accepted))), repeated=(), conflicting=())
    rows = [
        {
            "source": event.source,
            "id": event.id,
            "type": event.type,
            "subject": event.subject,
            "occurred_at": event.occurred_at,
            "received_at": event.received_at,
            "lane": event.lane,
            "data": event.data,
            "digest": event.digest,
            "body": body,
            "position": position,
        }
        for place, (body, position, event) in enumerate(accepted)
        if first_by_key[event.key] == place
    ]
    found = batch.fetch_fewer(_SAVE_EVENTS, [batch.encode(rows)], tuple[str, str], than=len(accepted))
    if found is None:
        return Stored(new=tuple(range(len(accepted))), repeated=(), conflicting=())
    inserted = set(found)
    others = [event for _, _, event in accepted if event.key not in inserted]
    known = {key: accepted[place][2].digest for key, place in first_by_key.items() if key in inserted}
    if others:
        keys = [{"source": event.source, "id": event.id} for event in others]
        for source, event_id, digest in batch.fetch(_DIGESTS, [batch.encode(keys)], tuple[str, str, str]):
            known[(source, event_id)] = digest
    new: list[int] = []
    repeated: list[int] = []
    conflicting: list[int] = []
    for place, (_, _, event) in enumerate(accepted):
        if event.key in inserted and first_by_key[event.key] == place:
            new.append(place)
        elif known[event.key] == event.digest:
            repeated.append(place)
        else:
            conflicting.append(place)
    return Stored(new=tuple(new), repeated=tuple(repeated), conflicting=tuple(conflicting))


def _are_copied(accepted: Sequence[tuple[int, int, events.Event]]) -> bool:
    """Copy events; none of them when one is there already."""
    rows = (
        (
            event.source,
            event.id,
            event.type,
            event.subject,
            event.occurred_at,
            event.received_at,
            event.lane.value,
            event.data,
            event.digest,
            body,
            position,
            *("", "", ""),
        )
        for body, position, event in accepted
    )
    try:
        with transaction.atomic():
            batch.copy(_COPY_EVENTS, _EVENT_COLUMNS, rows)
    except IntegrityError:
        return False
    return True


def quarantine(refused: Sequence[tuple[int, events.Refusal]], *, now: dt.datetime) -> None:
    """Keep what was refused, given as (body, refusal), where it can be seen and replayed."""
    if not refused:
        return
    rows = [
        {
            "body": body,
            "position": refusal.position,
            "reason": refusal.reason,
            "field": refusal.field,
            "wanted": refusal.wanted,
            "got": refusal.got,
            "source": refusal.source,
            "id": refusal.id,
        }
        for body, refusal in refused
    ]
    batch.run(_SAVE_QUARANTINE, [now, batch.encode(rows)])


def waiting(lane: events.Lane, limit: int) -> list[events.Event]:
    """The oldest events of a lane that were not assessed yet."""
    return batch.fetch(_WAITING, [lane, limit], events.Event)


def note(notes: Sequence[situations.EventNote], *, now: dt.datetime) -> None:
    """Write what became of events (`situations.EventNote`)."""
    if notes:
        batch.run(_NOTE, [now, batch.encode(notes)])


def bodies_of(accepted: Sequence[events.Event]) -> list[tuple[int, int, events.Event]]:
    """Events with the body they came in and their position in it."""
    by_key = {event.key: event for event in accepted}
    keys = [{"source": source, "id": event_id} for source, event_id in by_key]
    rows = batch.fetch(_PLACES, [batch.encode(keys)], tuple[int, int, str, str])
    return [(body, position, by_key[(source, event_id)]) for body, position, source, event_id in rows]
