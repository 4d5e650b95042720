"""What the store knows of one decision and all that followed: the answer to "why"."""

import datetime as dt

import msgspec

from signalpost.store import batch

#: Decisions shown for one customer.
LATEST = 20

_DECISIONS = """
SELECT ref, change, situation, kind, party, communication, verdict, reason, decided_at, state, body, problem
FROM decision WHERE (ref = %s OR party = %s) AND kind <> 'status' ORDER BY decided_at DESC, ref LIMIT %s
"""

_DELIVERIES = """
SELECT ref, channel, via, rank, state, due_at, attempts, outcome, code, detail, changed_at, rendition, units
FROM delivery WHERE communication_id = %s ORDER BY rank
"""


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """A decision as it is stored."""

    ref: str
    change: str
    situation: str
    kind: str
    party: str
    communication: str
    verdict: str
    reason: str
    decided_at: dt.datetime
    state: str
    body: str
    problem: str


class Delivered(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery as it stands."""

    ref: str
    channel: str
    via: str
    rank: int
    state: str
    due_at: dt.datetime | None
    attempts: int
    outcome: str
    code: str
    detail: str
    changed_at: dt.datetime
    rendition: str
    units: int


class TimelineEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A fact about a communication with its place in the log (`None` while unsealed)."""

    kind: str
    at: dt.datetime
    body: str
    sequence: int | None


def decisions(ref: str) -> list[Decided]:
    """The decision of that reference, or the latest ones about the party of that reference."""
    return batch.fetch(_DECISIONS, [ref, ref, LATEST], Decided)


def deliveries(ref: str) -> list[Delivered]:
    """The deliveries of a communication, in the order of the plan."""
    return batch.fetch(_DELIVERIES, [ref], Delivered)


def timeline(ref: str) -> list[TimelineEntry]:
    """Every fact about a communication, in order."""
    return batch.fetch(
        "SELECT kind, at, body, sequence FROM log_fact WHERE subject = %s ORDER BY id", [ref], TimelineEntry
    )


_SEARCH = """
SELECT ref, change, situation, kind, party, communication, verdict, reason, decided_at, state, body, problem
FROM decision
WHERE kind <> 'status' AND (%s = '' OR verdict = %s)
  AND (%s = '' OR ref = %s OR party = %s OR situation = %s OR communication = %s)
ORDER BY decided_at DESC, ref LIMIT %s OFFSET %s
"""


def search(words: str, *, verdict: str, limit: int, offset: int) -> list[Decided]:
    """Decisions by reference, party, situation or communication type ("" finds all), the latest first."""
    given = [verdict, verdict, words, words, words, words, words, limit, offset]
    return batch.fetch(_SEARCH, given, Decided)
