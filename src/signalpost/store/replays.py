"""Replays in the store: how far each is, and the cases that a release would make other ones."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

import msgspec

from signalpost.store import batch
from signalpost.store.seen import asked
from signalpost.vocabulary import records, replays

#: Replays kept of one release.
KEPT = 5

_START = """
INSERT INTO replay (ref, release, digest, since, until, cases_max, state, asked_by, asked_at, total, untouched, done,
                    cursor, notes, prices, problem)
VALUES (%s, %s, %s, %s, %s, %s, 'waiting', %s, %s, 0, 0, 0, '', '{}', %s, '')
"""

_FORGET = """
DELETE FROM replay_case WHERE replay_id IN (
    SELECT ref FROM replay WHERE release = %s ORDER BY asked_at DESC OFFSET %s)
"""

_FORGET_REPLAYS = """
DELETE FROM replay WHERE ref IN (SELECT ref FROM replay WHERE release = %s ORDER BY asked_at DESC OFFSET %s)
"""

_REPLAY = """
SELECT ref, release, digest, since, until, cases_max, state, asked_by, asked_at, finished_at, total, untouched, done,
       cursor, notes, prices, problem FROM replay
"""

_BY_REF = _REPLAY + "WHERE ref = %s"
_BY_REF_LOCKED = _REPLAY + "WHERE ref = %s FOR UPDATE"
_OF_RELEASE = _REPLAY + "WHERE release = %s ORDER BY asked_at DESC LIMIT %s"

_MOVE = """
UPDATE replay SET state = %s, problem = %s, finished_at = %s WHERE ref = %s AND state = ANY(%s)
"""

_SAVE_CASES = """
INSERT INTO replay_case (replay_id, decision, change, event, trigger, household, party, communication, at, verdict,
    aspects, kind, silence, channels_before, channels_after, lines_changed, amount_before, amount_after, pages_before,
    pages_after, cost_before, cost_after, points, score)
SELECT %s, decision, change, event, trigger, household, party, communication, at, verdict, aspects, kind, silence,
    channels_before, channels_after, lines_changed, amount_before, amount_after, pages_before, pages_after,
    cost_before, cost_after, points, score
FROM json_to_recordset(%s::json) AS given(decision text, change text, event bigint, trigger text, household text,
    party text, communication text, at timestamptz, verdict text, aspects text[], kind text, silence text,
    channels_before text, channels_after text, lines_changed int, amount_before text, amount_after text,
    pages_before int, pages_after int, cost_before numeric, cost_after numeric, points text, score float8)
ON CONFLICT (replay_id, decision) DO NOTHING
"""

_KINDS = """
SELECT kind, count(*) FROM replay_case WHERE replay_id = %s GROUP BY kind ORDER BY count(*) DESC, kind
"""

_RARITY = """
UPDATE replay_case SET score = replay_case.score + given.points
FROM json_to_recordset(%s::json) AS given(kind text, points float8)
WHERE replay_case.replay_id = %s AND replay_case.kind = given.kind
"""

_VERDICTS = "SELECT verdict, count(*) FROM replay_case WHERE replay_id = %s GROUP BY verdict"

_ASPECTS = """
SELECT aspect, count(*) FROM replay_case, unnest(aspects) AS aspect WHERE replay_id = %s
GROUP BY aspect ORDER BY count(*) DESC, aspect
"""

_CHANNELS = """
SELECT channels_before, channels_after, count(*) FROM replay_case
WHERE replay_id = %s AND channels_before <> channels_after GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
"""

_COSTS = """
SELECT COALESCE(sum(cost_before), 0), COALESCE(sum(cost_after), 0), COALESCE(sum(pages_before), 0),
       COALESCE(sum(pages_after), 0)
FROM replay_case WHERE replay_id = %s
"""

_COLUMNS = """
SELECT decision, change, event, trigger, replay_case.household, party, COALESCE(customer.name, '') AS name,
       communication, at, verdict, aspects, replay_case.kind, silence, channels_before, channels_after, lines_changed,
       amount_before, amount_after, pages_before, pages_after, cost_before, cost_after, points, score
FROM replay_case LEFT JOIN customer ON customer.ref = replay_case.party
"""

_CASES = (
    _COLUMNS
    + """
WHERE replay_id = %(replay)s AND (%(verdict)s = '' OR verdict = %(verdict)s)
  AND (%(aspect)s = '' OR aspects @> ARRAY[%(aspect)s]::varchar[])
  AND (%(type)s = '' OR communication = %(type)s)
  AND (%(words)s = '' OR party = %(words)s OR decision = %(words)s OR change = %(words)s)
ORDER BY CASE WHEN %(sort)s = '-score' THEN score END DESC, CASE WHEN %(sort)s = 'score' THEN score END,
         CASE WHEN %(sort)s = 'at' THEN at END, CASE WHEN %(sort)s = '-at' THEN at END DESC,
         CASE WHEN %(sort)s = 'party' THEN party END, CASE WHEN %(sort)s = '-party' THEN party END DESC, decision
LIMIT %(limit)s OFFSET %(offset)s
"""
)

_ONE = _COLUMNS + "WHERE replay_id = %s AND decision = %s"


class Replay(msgspec.Struct, frozen=True, kw_only=True):
    """A replay as it stands."""

    ref: str
    release: str
    digest: str
    since: dt.datetime
    until: dt.datetime
    cases_max: int
    state: replays.State
    asked_by: str
    asked_at: dt.datetime
    finished_at: dt.datetime | None = None
    total: int = 0
    untouched: int = 0
    done: int = 0
    cursor: str = ""
    notes: str = "{}"
    prices: str = "{}"
    problem: str = ""

    @property
    def noted(self) -> Mapping[str, int]:
        """What has to be known of the result, by its name, with a number each."""
        return records.decode(self.notes, dict[str, int])

    @property
    def is_over(self) -> bool:
        """Whether it goes no further."""
        return not replays.MOVES[self.state]


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A case that a release would make another one."""

    decision: str
    change: str
    event: int
    trigger: str
    household: str
    party: str
    #: As the party is called today; not stored with the case.
    name: str = ""
    communication: str
    at: dt.datetime
    verdict: replays.Verdict
    aspects: list[replays.Aspect]
    kind: str
    silence: str
    channels_before: str
    channels_after: str
    lines_changed: int
    amount_before: str
    amount_after: str
    pages_before: int | None
    pages_after: int | None
    cost_before: Decimal | None
    cost_after: Decimal | None
    points: str
    score: float

    @property
    def reasons(self) -> tuple[tuple[float, str], ...]:
        """Why it is unusual by itself: points and words."""
        return records.decode(self.points, tuple[tuple[float, str], ...])


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a replay is after a page."""

    total: int
    untouched: int
    done: int
    cursor: str
    notes: str


def start(given: Replay) -> None:
    """Store a new replay; of its release only the latest ones are kept."""
    fields = [given.ref, given.release, given.digest, given.since, given.until, given.cases_max]
    batch.run(_START, [*fields, given.asked_by, given.asked_at, given.prices])
    batch.run(_FORGET, [given.release, KEPT])
    batch.run(_FORGET_REPLAYS, [given.release, KEPT])


def replay(ref: str) -> Replay | None:
    """A replay."""
    return next(iter(batch.fetch(_BY_REF, [ref], Replay)), None)


def locked(ref: str) -> Replay | None:
    """A replay, locked until the transaction ends."""
    return next(iter(batch.fetch(_BY_REF_LOCKED, [ref], Replay)), None)


def of_release(release: str) -> list[Replay]:
    """The replays of a release, the latest first."""
    return batch.fetch(_OF_RELEASE, [release, KEPT], Replay)


def move(ref: str, state: replays.State, *, now: dt.datetime | None = None, problem: str = "") -> bool:
    """Store where a replay stands now; whether that was a legal move."""
    sources = [source.value for source, targets in replays.MOVES.items() if state in targets]
    return bool(batch.run(_MOVE, [state, problem, now, ref, sources]))


def progress(ref: str, made: Progress) -> None:
    """Store how far a replay is."""
    sql = "UPDATE replay SET total = %s, untouched = %s, done = %s, cursor = %s, notes = %s WHERE ref = %s"
    batch.run(sql, [made.total, made.untouched, made.done, made.cursor, made.notes, ref])


def save(ref: str, cases: Sequence[Case]) -> None:
    """Store cases; those that are stored already stay."""
    if cases:
        batch.run(_SAVE_CASES, [ref, batch.encode(cases)])


def kinds(ref: str) -> list[tuple[str, int]]:
    """The kinds of difference with their numbers, the most frequent first."""
    return batch.fetch(_KINDS, [ref], tuple[str, int])


def add_points(ref: str, points: Mapping[str, float]) -> None:
    """Add points to the score of all cases of a kind."""
    rows = [{"kind": kind, "points": number} for kind, number in points.items()]
    batch.run(_RARITY, [batch.encode(rows), ref])


def verdicts(ref: str) -> dict[str, int]:
    """Cases by verdict; those that are the same are not stored."""
    return dict(batch.fetch(_VERDICTS, [ref], tuple[str, int]))


def from_events(ref: str) -> int:
    """Cases of changes that were never made."""
    sql = "SELECT count(*) FROM replay_case WHERE replay_id = %s AND event > 0"
    return batch.fetch(sql, [ref], tuple[int])[0][0]


def aspects(ref: str) -> list[tuple[str, int]]:
    """Cases by what differs in them."""
    return batch.fetch(_ASPECTS, [ref], tuple[str, int])


def channels(ref: str) -> list[tuple[str, str, int]]:
    """Cases whose channels differ: before, after, number."""
    return batch.fetch(_CHANNELS, [ref], tuple[str, str, int])


def sums(ref: str) -> tuple[Decimal, Decimal, int, int]:
    """Cost before and after, pages before and after, of all cases that differ, as far as they are known."""
    return batch.fetch(_COSTS, [ref], tuple[Decimal, Decimal, int, int])[0]


def cases(ref: str, given: asked.Asked) -> list[Case]:
    """A page of cases. Filters: verdict, aspect, type. Words are a party, a decision or a change."""
    return batch.fetch(_CASES, given.parameters() | {"replay": ref}, Case)


def case(ref: str, decision: str) -> Case | None:
    """One case."""
    return next(iter(batch.fetch(_ONE, [ref, decision], Case)), None)
