"""The log in batches: facts are stored with what made them true, and sealed soon after, one writer at a time."""

import datetime as dt
from collections.abc import Sequence

import msgspec

from signalpost.store import batch
from signalpost.vocabulary import records

_SAVE = """
INSERT INTO log_fact (kind, subject, at, body, previous, digest)
SELECT kind, subject, at, body, '', ''
FROM json_to_recordset(%s::json) AS given(kind text, subject text, at timestamptz, body text)
"""

_WAITING = "SELECT id, kind, subject, at, body FROM log_fact WHERE sequence IS NULL ORDER BY id LIMIT %s"

_HEAD = """
SELECT sequence, previous, digest FROM log_fact WHERE sequence IS NOT NULL ORDER BY sequence DESC LIMIT 1
"""

_SEAL = """
UPDATE log_fact SET sequence = given.sequence, previous = given.previous, digest = given.digest
FROM json_to_recordset(%s::json) AS given(id bigint, sequence bigint, previous text, digest text)
WHERE log_fact.id = given.id
"""

_SEALED = """
SELECT id, kind, subject, at, body, sequence, previous, digest FROM log_fact
WHERE sequence > %s ORDER BY sequence LIMIT %s
"""


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A fact that waits for its seal."""

    id: int
    kind: records.FactKind
    subject: str
    at: dt.datetime
    body: str

    def fact(self) -> records.Fact:
        """The fact."""
        return records.Fact(kind=self.kind, subject=self.subject, at=self.at.astimezone(dt.UTC), body=self.body)


class Sealed(Waiting, frozen=True, kw_only=True):
    """A fact with its seal."""

    sequence: int
    previous: str
    digest: str

    def seal(self) -> records.Seal:
        """The seal."""
        return records.Seal(sequence=self.sequence, previous=self.previous, digest=self.digest)


def add(facts: Sequence[records.Fact]) -> None:
    """Store facts, in the transaction that made them true."""
    if facts:
        batch.run(_SAVE, [batch.encode(facts)])


def waiting(limit: int) -> list[Waiting]:
    """The oldest facts without a seal."""
    return batch.fetch(_WAITING, [limit], Waiting)


def head() -> records.Seal | None:
    """The last seal, `None` before the first."""
    rows = batch.fetch(_HEAD, [], records.Seal)
    return rows[0] if rows else None


def seal(sealed: Sequence[tuple[int, records.Seal]]) -> None:
    """Store seals, given as (row, seal)."""
    rows = [msgspec.structs.asdict(found) | {"id": number} for number, found in sealed]
    batch.run(_SEAL, [batch.encode(rows)])


def sealed(after: int, limit: int) -> list[Sealed]:
    """Sealed facts after a sequence number, in order."""
    return batch.fetch(_SEALED, [after, limit], Sealed)


def cursor(name: str) -> int:
    """How far a reader has come, locked until the transaction ends; 0 at the start."""
    batch.run("INSERT INTO log_cursor (name, position) VALUES (%s, 0) ON CONFLICT (name) DO NOTHING", [name])
    return batch.fetch("SELECT position FROM log_cursor WHERE name = %s FOR UPDATE", [name], tuple[int])[0][0]


def advance(name: str, position: int) -> None:
    """Store how far a reader has come."""
    batch.run("UPDATE log_cursor SET position = %s WHERE name = %s", [position, name])
