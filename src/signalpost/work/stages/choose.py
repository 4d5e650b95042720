"""Choose: for every party of an affected household exactly one decision, page by page."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from signalpost.flow import choose as stage
from signalpost.flow import compose
from signalpost.store import audiences, bells, decisions, log, registry
from signalpost.vocabulary import events, notices, records, situations
from signalpost.work import parts

#: Households of one transaction.
PAGE_HOUSEHOLDS = 500


def choose(given: parts.Parts, *, lane: events.Lane, change: str) -> None:
    """Decide about every undecided household of a change."""
    while _choose_page(given, lane, change) == PAGE_HOUSEHOLDS:
        continue


def _choose_page(given: parts.Parts, lane: events.Lane, change_ref: str) -> int:
    given.gate("choose:begin")
    with transaction.atomic():
        rows = audiences.page(change_ref, PAGE_HOUSEHOLDS)
        if not rows:
            return 0
        now = timezone.now()
        change = audiences.change(change_ref)
        policy = registry.policy(now)
        communication = registry.communication_type(change.communication, now)
        households = audiences.parties_of(
            rows,
            situation=change.situation,
            category=communication.category,
            counted_since=now - _window(policy, communication.category),
        )
        decided = stage.choose(change, households, policy, communication=communication, now=now)
        by_ref = {party.ref: party for party in households}
        facts = {
            decision.ref: records.canonical(
                compose.facts(change, by_ref[decision.party], links=_links(given, decision), now=now)
            ).decode()
            for decision in decided
            if isinstance(decision, notices.Notice)
        }
        page = decisions.next_page()
        saved = decisions.save(change, decided, facts=facts, category=communication.category, page=page, now=now)
        cancelled = decisions.supersede(change, [decision.party for decision in decided], now=now)
        audiences.decided(rows)
        log.add(_facts(change, saved, cancelled, now=now))
        if any(row.verdict == "notice" for row in saved):
            bells.enqueue("compose", lane, page=page)
        given.gate("choose:commit")
    given.gate("choose:committed")
    bells.ring("keep", events.Lane.NORMAL)
    return len(rows)


def _window(policy: notices.Policy, category: str) -> dt.timedelta:
    caps = [row.frequency_cap for row in policy.categories if row.category == category and row.frequency_cap]
    return dt.timedelta(seconds=caps[0].within_seconds if caps else 0)


def _links(given: parts.Parts, notice: notices.Notice) -> dict[str, str]:
    kinds = ["status", *(["unsubscribe"] if notice.has_unsubscribe else [])]
    return {kind: given.link(kind, notice.ref) for kind in kinds}


def _facts(
    change: situations.Change,
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
            body=records.canonical({"change": change.ref, "reason": row.reason}).decode(),
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
