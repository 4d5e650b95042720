"""Decisions in batches: stored once by their derived reference, composed page by page."""

import datetime as dt
from collections.abc import Sequence

import msgspec

from signalpost.store import batch
from signalpost.vocabulary import deliveries, notices, records, situations

# A decision that is there already stays as it was decided first.
_SAVE = """
INSERT INTO decision (ref, change, situation, kind, stage, estimate_version, party, household, communication, category,
                      language, lane, verdict, reason, decided_at, state, page, body, facts, manuscript, title, problem)
SELECT ref, change, situation, kind, stage, estimate_version, party, household, communication, category,
       language, lane, verdict, reason, decided_at, state, page, body, facts, '', '', ''
FROM json_to_recordset(%s::json) AS given(ref text, change text, situation text, kind text, stage int,
    estimate_version int, party text, household text, communication text, category text, language text, lane text,
    verdict text, reason text, decided_at timestamptz, state text, page bigint, body text, facts text)
ON CONFLICT (ref) DO NOTHING
RETURNING ref, change, verdict, reason
"""

# Notices of earlier changes of the situation that have not left yet: what they say is overtaken.
_SUPERSEDE = """
UPDATE decision SET state = 'superseded'
FROM json_to_recordset(%s::json) AS given(situation text, party text, stage int)
WHERE decision.situation = given.situation AND decision.party = given.party AND decision.stage < given.stage
  AND decision.verdict = 'notice' AND decision.state IN ('to_write', 'decided', 'composed')
  AND NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.communication_id = decision.ref
                  AND delivery.state IN ('attempting', 'unclear', 'accepted', 'delivered'))
RETURNING decision.ref
"""

# With them, deliveries still waiting, and fallbacks of those that did leave.
_CANCEL = """
UPDATE delivery SET state = 'cancelled', due_at = NULL, changed_at = %s, detail = 'superseded'
FROM decision, json_to_recordset(%s::json) AS given(situation text, party text, stage int)
WHERE delivery.communication_id = decision.ref AND delivery.state IN ('due', 'standby')
  AND decision.situation = given.situation AND decision.party = given.party AND decision.stage < given.stage
RETURNING delivery.ref, delivery.communication_id, delivery.channel
"""

_PAGE = """
SELECT ref, body, facts FROM decision WHERE page = %s AND state = 'decided' ORDER BY ref FOR UPDATE SKIP LOCKED
"""

_COMPOSED = """
UPDATE decision SET state = given.state, manuscript = given.manuscript, title = given.title, problem = given.problem
FROM json_to_recordset(%s::json) AS given(ref text, state text, manuscript text, title text, problem text)
WHERE decision.ref = given.ref
"""


class ToCompose(msgspec.Struct, frozen=True, kw_only=True):
    """A notice of a page with the facts as they were at the decision."""

    ref: str
    body: str
    facts: str

    def notice(self) -> notices.Notice:
        """The notice."""
        return records.decode(self.body, notices.Notice)


class Saved(msgspec.Struct, frozen=True, kw_only=True):
    """A decision that was stored for the first time."""

    ref: str
    change: str
    verdict: str
    reason: str


class Cancelled(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery that was called off before it left."""

    ref: str
    communication_id: str
    channel: str


class Composed(msgspec.Struct, frozen=True, kw_only=True):
    """How a notice came out of composition."""

    ref: str
    state: str
    manuscript: str = ""
    title: str = ""
    problem: str = ""


def next_page() -> int:
    """A number for a page of decisions."""
    return batch.fetch("SELECT nextval('decision_page')", [], tuple[int])[0][0]


class New(msgspec.Struct, frozen=True, kw_only=True):
    """A decision with the change it is about."""

    change: situations.Change
    decision: notices.Decision
    #: Of the communication type.
    category: str
    #: Canonical JSON of the facts as they are now; "{}" for one that is withheld.
    facts: str
    #: Whether the letter has open regions: it is composed once an agent has released it.
    waits_for_words: bool = False


def save(made: Sequence[New], *, page: int, now: dt.datetime) -> list[Saved]:
    """Store the decisions of a page; those that were stored before are not named in the answer."""
    return batch.fetch(_SAVE, [batch.encode([_row(one, page=page, now=now) for one in made])], Saved) if made else []


def _row(made: New, *, page: int, now: dt.datetime) -> dict[str, object]:
    change, decision = made.change, made.decision
    is_notice = isinstance(decision, notices.Notice)
    return {
        "ref": decision.ref,
        "change": change.ref,
        "situation": change.situation,
        "kind": change.kind,
        "stage": change.stage,
        "estimate_version": change.estimate_version,
        "party": decision.party,
        "household": decision.household,
        "communication": decision.communication,
        "category": made.category,
        "language": decision.language if isinstance(decision, notices.Notice) else "",
        "lane": change.lane,
        "verdict": "notice" if is_notice else "withheld",
        "reason": "" if isinstance(decision, notices.Notice) else decision.reason,
        "decided_at": now,
        "state": _state(made),
        "page": page,
        "body": records.canonical(decision).decode(),
        "facts": made.facts,
    }


def _state(made: New) -> str:
    if isinstance(made.decision, notices.Withheld):
        return ""
    return "to_write" if made.waits_for_words else "decided"


def supersede(made: Sequence[New], *, now: dt.datetime) -> list[Cancelled]:
    """Call off what earlier changes of the situations still have waiting for these parties."""
    rows = [
        {"situation": one.change.situation, "party": one.decision.party, "stage": one.change.stage}
        for one in made
        if one.change.stage > 1
    ]
    if not rows:
        return []
    encoded = batch.encode(rows)
    batch.fetch(_SUPERSEDE, [encoded], tuple[str])
    return batch.fetch(_CANCEL, [now, encoded], Cancelled)


def to_compose(page: int) -> list[ToCompose]:
    """The notices of a page that are not composed yet, locked until the transaction ends."""
    return batch.fetch(_PAGE, [page], ToCompose)


def composed(rows: Sequence[Composed]) -> None:
    """Store how notices came out of composition."""
    if rows:
        batch.run(_COMPOSED, [batch.encode(rows)])


def waiting_pages(before: dt.datetime) -> list[tuple[int, str]]:
    """Pages (number, lane) with notices that were decided before this and are not composed yet."""
    return batch.fetch(
        "SELECT DISTINCT page, lane FROM decision WHERE state = 'decided' AND decided_at < %s",
        [before],
        tuple[int, str],
    )


class StatusRow(msgspec.Struct, frozen=True, kw_only=True):
    """A status webhook as a decision: a notice to a system."""

    ref: str
    situation: str
    party: str
    manuscript: str
    title: str
    body: str


_SUBJECTS = """
SELECT decision.ref, decision.situation, decision.party, decision.communication, decision.language,
       COALESCE((SELECT change.body::jsonb ->> 'facts' FROM change WHERE change.ref = decision.change
                 AND change.kind = 'event'), '') AS event
FROM decision WHERE decision.ref = ANY(%s) AND decision.kind <> 'status'
"""

_SAVE_STATUSES = """
INSERT INTO decision (ref, change, situation, kind, stage, estimate_version, party, household, communication, category,
                      language, lane, verdict, reason, decided_at, state, page, body, facts, manuscript, title, problem)
SELECT ref, '', situation, 'status', 0, 0, party, party, 'status', 'status', '', 'normal', 'notice', '', %s,
       'composed', 0, body, '{}', manuscript, title, ''
FROM json_to_recordset(%s::json) AS given(ref text, situation text, party text, manuscript text, title text, body text)
ON CONFLICT (ref) DO NOTHING
"""


def subjects(refs: Sequence[str]) -> dict[str, deliveries.StatusSubject]:
    """What communications are about, for status news; status webhooks themselves are not among them."""
    return {row.ref: row for row in batch.fetch(_SUBJECTS, [list(refs)], deliveries.StatusSubject)}


def save_statuses(rows: Sequence[StatusRow], *, now: dt.datetime) -> None:
    """Store status webhooks as decisions."""
    batch.run(_SAVE_STATUSES, [now, batch.encode(rows)])
