"""Letters that wait for the words of an agent, and what was written into them."""

import datetime as dt
from collections.abc import Mapping, Sequence

import msgspec

from signalpost.store import batch
from signalpost.store.seen import asked
from signalpost.vocabulary import letters, records

# The letters that wait, with who has each open.
_WAITING = """
SELECT decision.ref, decision.party, COALESCE(customer.name, '') AS name, decision.communication, decision.language,
       decision.decided_at, COALESCE(writing.version, 0) AS version, COALESCE(writing.held_by, '') AS held_by,
       writing.held_until
FROM decision LEFT JOIN customer ON customer.ref = decision.party LEFT JOIN writing ON writing.decision = decision.ref
WHERE decision.state = 'to_write' AND (%(type)s = '' OR decision.communication = %(type)s)
  AND (%(words)s = '' OR decision.ref = %(words)s OR decision.party = %(words)s
       OR starts_with(lower(customer.name), lower(%(words)s)))
  AND (%(waiting)s = '' OR decision.decided_at < %(late)s)
ORDER BY CASE WHEN %(sort)s = '-decided_at' THEN decision.decided_at END DESC, decision.decided_at, decision.ref
LIMIT %(limit)s OFFSET %(offset)s
"""

_LATE = "SELECT count(*), min(decided_at) FROM decision WHERE state = 'to_write' AND decided_at < %s"

_LETTER = """
SELECT decision.ref, decision.party, decision.communication, decision.language, decision.lane, decision.state,
       decision.decided_at, decision.body, decision.facts, COALESCE(writing.version, 0) AS version,
       COALESCE(writing.regions, '[]') AS regions, COALESCE(writing.held_by, '') AS held_by, writing.held_until,
       COALESCE(writing.released_by, '') AS released_by, writing.released_at
FROM decision LEFT JOIN writing ON writing.decision = decision.ref WHERE decision.ref = %s
"""

# The row of the decision is what agents, `choose` (which may overtake it) and release wait for in turn.
_LOCK = "SELECT ref FROM decision WHERE ref = %s FOR UPDATE"

_HOLD = """
INSERT INTO writing (decision, version, regions, held_by, held_until, released_by)
VALUES (%s, 0, '[]', %s, %s, '')
ON CONFLICT (decision) DO UPDATE SET held_by = excluded.held_by, held_until = excluded.held_until
"""

_SAVE = """
UPDATE writing SET version = version + 1, regions = %s, held_by = %s, held_until = %s WHERE decision = %s
"""

_RELEASE = """
UPDATE writing SET released_by = %s, released_at = %s, held_by = '', held_until = NULL WHERE decision = %s
"""

_TO_COMPOSE = "UPDATE decision SET state = 'decided', page = %s WHERE ref = %s AND state = 'to_write'"

_WRITTEN = "SELECT decision, regions FROM writing WHERE decision = ANY(%s) AND released_at IS NOT NULL"


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A letter that waits, as it is listed."""

    ref: str
    party: str
    name: str
    communication: str
    language: str
    decided_at: dt.datetime
    version: int
    held_by: str
    held_until: dt.datetime | None


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A letter with open regions, and what was written into them."""

    ref: str
    party: str
    communication: str
    language: str
    lane: str
    state: str
    decided_at: dt.datetime
    body: str
    facts: str
    version: int
    regions: str
    held_by: str
    held_until: dt.datetime | None
    released_by: str
    released_at: dt.datetime | None

    def written(self) -> tuple[letters.Written, ...]:
        """What was written."""
        return records.decode(self.regions, tuple[letters.Written, ...])


def waiting(given: asked.Asked, *, late: dt.datetime) -> list[Waiting]:
    """A page of letters that wait. Filters: type, waiting ("late" for those decided before `late`)."""
    return batch.fetch(_WAITING, given.parameters() | {"late": late}, Waiting)


def late(before: dt.datetime) -> tuple[int, dt.datetime | None]:
    """How many letters have waited since before a moment, and since when the first."""
    return batch.fetch(_LATE, [before], tuple[int, dt.datetime | None])[0]


def letter(ref: str, *, is_locked: bool = False) -> Letter | None:
    """A letter; locked until the transaction ends, if asked."""
    if is_locked:
        batch.fetch(_LOCK, [ref], tuple[str])
    return next(iter(batch.fetch(_LETTER, [ref], Letter)), None)


def hold(ref: str, *, by: str, until: dt.datetime) -> None:
    """Store who has a letter open, until when."""
    batch.run(_HOLD, [ref, by, until])


def save(ref: str, written: Sequence[letters.Written], *, by: str, until: dt.datetime) -> None:
    """Store what was written, as a version of its own."""
    batch.run(_SAVE, [records.canonical(written).decode(), by, until, ref])


def release(ref: str, *, page: int, by: str, now: dt.datetime) -> None:
    """Let a letter go the ordinary way, in a page of composition of its own."""
    batch.run(_RELEASE, [by, now, ref])
    batch.run(_TO_COMPOSE, [page, ref])


def written(refs: Sequence[str]) -> Mapping[str, dict[str, str]]:
    """What was written into released letters: by reference, texts by the name of their region."""
    rows = batch.fetch(_WRITTEN, [list(refs)], tuple[str, str])
    return {
        ref: {one.name: one.text for one in records.decode(regions, tuple[letters.Written, ...])}
        for ref, regions in rows
    }


def by_agents(ref: str) -> tuple[letters.Written, ...]:
    """What agents wrote into a letter, with who did."""
    rows = batch.fetch("SELECT regions FROM writing WHERE decision = %s", [ref], tuple[str])
    return records.decode(rows[0][0], tuple[letters.Written, ...]) if rows else ()
