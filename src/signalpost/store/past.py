"""The past as a replay goes through it: decisions with all that is known of them, the latest first, page by page.

What was snapshotted is as it was: decisions, facts, changes, events, texts, policies. Parties are not snapshotted:
whoever decides again decides about them as they are today, with the history as it was before the decision.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import LiteralString

import msgspec

from signalpost.store import batch
from signalpost.vocabulary import events, notices, parties, records, situations

_COUNT = """
SELECT count(*), count(*) FILTER (WHERE communication = ANY(%(communications)s)) FROM decision
WHERE kind <> 'status' AND state <> 'superseded' AND decided_at >= %(since)s AND decided_at < %(until)s
"""

# What a superseded notice said never left, and nothing of it is compared.
_PAGE = """
SELECT decision.ref, decision.change, decision.situation, decision.party, decision.household, decision.communication,
       decision.category, decision.verdict, decision.decided_at, decision.body, decision.facts, decision.manuscript,
       decision.problem, COALESCE(affected.premises, ARRAY[]::text[]) AS premises,
       COALESCE(affected.party, decision.party) AS concerned,
       COALESCE((SELECT json_agg(json_build_array(channel, units) ORDER BY rank) FROM delivery
                 WHERE communication_id = decision.ref AND start = 'at_once' AND rendition <> ''), '[]')::text AS units
FROM decision
LEFT JOIN affected ON affected.change_id = decision.change AND affected.household = decision.household
"""

_BEFORE = """
WHERE decision.kind <> 'status' AND decision.state <> 'superseded' AND decision.communication = ANY(%(communications)s)
  AND decision.decided_at >= %(since)s AND decision.decided_at <= %(at)s
  AND (decision.decided_at < %(at)s OR decision.ref > %(ref)s)
ORDER BY decision.decided_at DESC, decision.ref LIMIT %(limit)s
"""

_CASES_PAGE = _PAGE + _BEFORE
_ONE_CASE = _PAGE + "WHERE decision.ref = %(ref)s"

_EVENTS = """
SELECT event.id AS number, source, event_id AS id, type, subject, occurred_at, received_at, lane, data, digest
FROM event WHERE type = ANY(%s) AND noted NOT IN ('', 'unknown_subject') AND received_at >= %s AND received_at < %s
  AND event.id < %s ORDER BY event.id DESC LIMIT %s
"""

_ONE_EVENT = """
SELECT event.id AS number, source, event_id AS id, type, subject, occurred_at, received_at, lane, data, digest
FROM event WHERE id = %s
"""

# Whom a business event would concern today: as `audiences` finds them, without storing it.
_SUBJECTS = """
SELECT given.change, customer.household, customer.ref AS party, ARRAY[account.premise_id] AS premises
FROM json_to_recordset(%(rows)s::json) AS given(change text, subject text)
JOIN account ON account.ref = given.subject JOIN customer ON customer.ref = account.customer_id
UNION ALL
SELECT given.change, customer.household, customer.ref,
       ARRAY(SELECT premise_id FROM account WHERE account.customer_id = customer.ref ORDER BY ref)::text[]
FROM json_to_recordset(%(rows)s::json) AS given(change text, subject text)
JOIN customer ON customer.ref = given.subject
UNION ALL
SELECT DISTINCT given.change, customer.household, '', ARRAY[given.subject]
FROM json_to_recordset(%(rows)s::json) AS given(change text, subject text)
JOIN account ON account.premise_id = given.subject JOIN customer ON customer.ref = account.customer_id
"""

_ROLES = """
SELECT given.change, customer.household, customer.ref AS party, ARRAY[]::text[] AS premises
FROM json_to_recordset(%(rows)s::json) AS given(change text, subject text)
JOIN customer ON customer.kind = 'staff' AND customer.role = given.subject
"""

# Households whose mains were off at a moment, by the alarms of the incident.
_DARK = """
SELECT DISTINCT page.change, page.household
FROM json_to_recordset(%s::json) AS page(change text, household text, premises text[], situation text,
    before timestamptz)
JOIN alarm ON alarm.incident = page.situation AND alarm.kind = 'power_loss' AND alarm.raised_at <= page.before
    AND (alarm.cleared_at IS NULL OR alarm.cleared_at > page.before)
JOIN device ON device.ref = alarm.subject AND device.premise_id = ANY(page.premises)
"""

# A version is written when it first goes live; one that comes back later has another beginning from then on.
_VERSIONS = """
SELECT communication_id AS communication, language, digest, created_at AS live_from, effective_to
FROM template_version WHERE communication_id = ANY(%s) AND approval <> '' ORDER BY created_at DESC, digest
"""


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """Which past is gone through."""

    since: dt.datetime
    until: dt.datetime
    #: Communication types whose decisions are gone through.
    communications: list[str]


class Cursor(records.Record, frozen=True, kw_only=True):
    """Where the next page begins: after this decision, or with events before this number."""

    at: dt.datetime
    ref: str = ""
    #: Events come after all decisions; `None` before.
    event: int | None = None


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A decision with all that is known of it."""

    ref: str
    change: str
    situation: str
    party: str
    household: str
    communication: str
    category: str
    verdict: str
    decided_at: dt.datetime
    body: str
    facts: str
    #: Digest of what was said, "" where nothing was composed.
    manuscript: str
    problem: str
    premises: list[str]
    #: The one party of the household whom the change concerned, "" for all of them.
    concerned: str
    units: str

    def decision(self) -> notices.Decision:
        """What was decided."""
        return records.decode(self.body, notices.Notice if self.verdict == "notice" else notices.Withheld)

    def laid_out(self) -> tuple[tuple[parties.ChannelKind, int], ...]:
        """Pages, segments or messages of the channels that started at once, by the renditions that were made."""
        return records.decode(self.units, tuple[tuple[parties.ChannelKind, int], ...])


class PastEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A business event as it was accepted."""

    number: int
    source: str
    id: str
    type: str
    subject: str
    occurred_at: dt.datetime
    received_at: dt.datetime
    lane: events.Lane
    data: str
    digest: str

    def event(self) -> events.Event:
        """As `assess` is given it."""
        fields = msgspec.structs.asdict(self)
        del fields["number"]
        return msgspec.convert(fields, events.Event)


class Concerned(msgspec.Struct, frozen=True, kw_only=True):
    """A household that a change would concern."""

    change: str
    household: str
    party: str
    premises: list[str]


class InForce(msgspec.Struct, frozen=True, kw_only=True):
    """A template version with the time in which it may leave."""

    communication: str
    language: str
    digest: str
    live_from: dt.datetime
    effective_to: dt.datetime | None

    def holds(self, at: dt.datetime) -> bool:
        """Whether it may leave at a moment."""
        return self.live_from <= at and (self.effective_to is None or self.effective_to > at)


def count(window: Window) -> tuple[int, int]:
    """Decisions of the time, and those of the communication types that are gone through."""
    return batch.fetch(_COUNT, _parameters(window), tuple[int, int])[0]


def cases(window: Window, after: Cursor, limit: int) -> list[Case]:
    """The next page of decisions, the latest first."""
    given = _parameters(window) | {"at": after.at, "ref": after.ref, "limit": limit}
    return batch.fetch(_CASES_PAGE, given, Case)


def case(ref: str) -> Case | None:
    """One decision."""
    return next(iter(batch.fetch(_ONE_CASE, {"ref": ref}, Case)), None)


def events_before(types: Sequence[str], window: Window, *, number: int, limit: int) -> list[PastEvent]:
    """The next page of events of these types, the latest first."""
    return batch.fetch(_EVENTS, [list(types), window.since, window.until, number, limit], PastEvent)


def event(number: int) -> PastEvent | None:
    """One event."""
    return next(iter(batch.fetch(_ONE_EVENT, [number], PastEvent)), None)


def made(situation_refs: Sequence[str]) -> dict[str, frozenset[str]]:
    """The names of the triggers that made changes of these situations, by situation."""
    sql = "SELECT situation, body::jsonb ->> 'trigger' FROM change WHERE situation = ANY(%s)"
    found: dict[str, set[str]] = {}
    for situation, trigger in batch.fetch(sql, [list(situation_refs)], tuple[str, str]):
        found.setdefault(situation, set()).add(trigger.partition("@")[0])
    return {situation: frozenset(names) for situation, names in found.items()}


def concerned(changes: Sequence[situations.Change]) -> list[Concerned]:
    """Whom changes that were never made would concern today: by their subject, or by a role of staff."""
    found: list[Concerned] = []
    statements: tuple[tuple[situations.AudienceKind, LiteralString], ...] = (
        (situations.AudienceKind.SUBJECT, _SUBJECTS),
        (situations.AudienceKind.ROLE, _ROLES),
    )
    for kind, sql in statements:
        rows = [{"change": one.ref, "subject": one.audience_ref} for one in changes if one.audience is kind]
        found += batch.fetch(sql, {"rows": batch.encode(rows)}, Concerned) if rows else []
    return found


def dark(rows: Sequence[Mapping[str, object]]) -> frozenset[tuple[str, str]]:
    """Change and household of those whose mains were off at the decision (`before`)."""
    return frozenset(batch.fetch(_DARK, [batch.encode(rows)], tuple[str, str])) if rows else frozenset()


def policies(versions: Sequence[str]) -> dict[str, notices.Policy]:
    """Channel policies by version."""
    sql = "SELECT version, body FROM policy_version WHERE version = ANY(%s)"
    rows = batch.fetch(sql, [list(versions)], tuple[str, str])
    return {version: records.decode(body, notices.Policy) for version, body in rows}


def in_force(communications: Sequence[str]) -> list[InForce]:
    """Every version of these types that was ever approved, the latest first."""
    return batch.fetch(_VERSIONS, [list(communications)], InForce)


def _parameters(window: Window) -> dict[str, object]:
    return {"since": window.since, "until": window.until, "communications": window.communications}
