"""Choose: for every party of an affected household exactly one decision, page by page."""

import datetime as dt
import functools
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from signalpost.flow import choose as stage
from signalpost.flow import compose
from signalpost.flow.compose import program
from signalpost.store import audiences, bells, decisions, log, registry
from signalpost.vocabulary import events, notices, parties, records, situations, templates
from signalpost.work import parts

#: Households of one transaction.
PAGE_HOUSEHOLDS = 500
#: Pages of one job; what is left is a job again, so that other work of the lane gets its turn.
PAGES_PER_JOB = 4


def choose(given: parts.Parts, *, lane: events.Lane, change: str) -> None:
    """Decide about every undecided household of a change, or of several of them, named with spaces between."""
    for number in range(PAGES_PER_JOB):
        if not _choose_page(given, lane, change, is_last=number + 1 == PAGES_PER_JOB):
            return


def _choose_page(given: parts.Parts, lane: events.Lane, change: str, *, is_last: bool) -> bool:
    """Decide about a page; whether there may be more."""
    given.gate("choose:begin")
    with transaction.atomic():
        rows = audiences.page(change.split(), PAGE_HOUSEHOLDS)
        if not rows:
            return False
        now = timezone.now()
        # A household that several changes concern is decided about one at a time: each counts for the next.
        first = list({row.household: row for row in reversed(rows)}.values())
        is_more = len(rows) == PAGE_HOUSEHOLDS or len(first) < len(rows)
        made = _decided(given, first, now=now)
        page = decisions.next_page()
        saved = decisions.save(made, page=page, now=now)
        cancelled = decisions.supersede(made, now=now)
        audiences.decided(first)
        log.add(_facts(saved, cancelled, now=now))
        waiting = {one.decision.ref for one in made if one.waits_for_words}
        if any(row.verdict == "notice" and row.ref not in waiting for row in saved):
            bells.enqueue("compose", lane, page=page)
        if is_more and is_last:
            bells.enqueue("choose", lane, change=change)
        given.gate("choose:commit")
    given.gate("choose:committed")
    bells.ring("keep", events.Lane.NORMAL)
    return is_more


def _decided(given: parts.Parts, rows: Sequence[audiences.AffectedRow], *, now: dt.datetime) -> list[decisions.New]:
    """The decisions about the parties of a page, change by change."""
    policy = registry.policy(now)
    changes = audiences.changes(sorted({row.change for row in rows}))
    names = sorted({change.communication for change in changes.values()})
    types = {name: registry.communication_type(name, now) for name in names}
    asked = [_asked(row, changes[row.change], types=types, policy=policy, now=now) for row in rows]
    made: list[decisions.New] = []
    for ref, households in audiences.parties_of(asked).items():
        change = changes[ref]
        communication = types[change.communication]
        by_ref = {party.ref: party for party in households}
        made += [
            _new(given, change, decision, category=communication.category, party=by_ref[decision.party], now=now)
            for decision in stage.choose(change, households, policy, communication=communication, now=now)
        ]
    return made


def _new(
    given: parts.Parts,
    change: situations.Change,
    decision: notices.Decision,
    *,
    category: str,
    party: parties.Party,
    now: dt.datetime,
) -> decisions.New:
    """A decision with what the texts of a notice may speak of, as it is now."""
    if isinstance(decision, notices.Withheld):
        return decisions.New(change=change, decision=decision, category=category, facts="{}")
    facts = compose.facts(change, party, links=_links(given, decision), now=now)
    readable = _readable(decision.template)
    return decisions.New(
        change=change,
        decision=decision,
        category=category,
        facts=records.canonical(facts).decode(),
        waits_for_words=bool(readable.setting.regions) and bool(program.standing(readable, facts)),
    )


def _readable(digest: str) -> program.Program:
    """A text in force, read."""
    return program.read(program.Source(digest, _content(digest)))


@functools.lru_cache(maxsize=program.PROGRAMS_KEPT_COUNT)
def _content(digest: str) -> templates.Content:
    return registry.content(registry.template_versions([digest])[digest])


def _asked(
    row: audiences.AffectedRow,
    change: situations.Change,
    *,
    types: Mapping[str, notices.CommunicationType],
    policy: notices.Policy,
    now: dt.datetime,
) -> audiences.Asked:
    category = types[change.communication].category
    return audiences.Asked(
        change=row.change,
        household=row.household,
        party=row.party,
        premises=row.premises,
        situation=change.situation,
        category=category,
        counted_since=now - _window(policy, category),
    )


def _window(policy: notices.Policy, category: str) -> dt.timedelta:
    caps = [row.frequency_cap for row in policy.categories if row.category == category and row.frequency_cap]
    return dt.timedelta(seconds=caps[0].within_seconds if caps else 0)


def _links(given: parts.Parts, notice: notices.Notice) -> dict[str, str]:
    kinds = ["status", *(["unsubscribe"] if notice.has_unsubscribe else [])]
    return {kind: given.link(kind, notice.ref) for kind in kinds}


def _facts(
    saved: list[decisions.Saved],
    cancelled: list[decisions.Cancelled],
    *,
    now: dt.datetime,
) -> list[records.Fact]:
    made = [
        records.Fact(
            kind=records.FactKind.NOTICE_DECIDED if row.verdict == "notice" else records.FactKind.NOTICE_WITHHELD,
            subject=row.ref,
            at=now,
            body=records.canonical({"change": row.change, "reason": row.reason}).decode(),
        )
        for row in saved
    ]
    called_off = [
        records.Fact(
            kind=records.FactKind.DELIVERY_CHANGED,
            subject=row.communication_id,
            at=now,
            body=records.canonical(
                {"delivery": row.ref, "channel": row.channel, "state": "cancelled", "because": "superseded"}
            ).decode(),
        )
        for row in cancelled
    ]
    return made + called_off
