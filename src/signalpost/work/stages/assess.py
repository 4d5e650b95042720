"""Assess: events and the clock become situations, and situations become changes worth telling."""

import datetime as dt
import logging
from collections.abc import Iterator, Sequence

from django.db import transaction
from django.utils import timezone
from msgspec.structs import replace

from signalpost.flow import assess as stage
from signalpost.store import audiences, batch, bells, inbox, listening, log, registry, situations
from signalpost.vocabulary import events, records
from signalpost.vocabulary import situations as nouns
from signalpost.work import parts

logger = logging.getLogger("signalpost.work.assess")

#: Events of one transaction.
BATCH_EVENTS = 2000
#: Transactions of one job; what is left rings again, so that other work of the lane gets its turn.
BATCHES_PER_JOB = 50
#: Changes of one subject each that are one job of `choose`.
CHANGES_PER_JOB = 500
#: How long after its end an incident can be reported to go on.
REPORTABLE_DAYS = 14


def assess(given: parts.Parts, *, lane: events.Lane) -> None:
    """Drain the waiting events of a lane, until none waits.

    Another worker that is told of the same lane leaves it to the one at work: in a storm each batch of the listener
    rings, and every worker would wait for its turn to assess while nobody chooses.
    """
    for _ in range(BATCHES_PER_JOB):
        given.gate("assess:begin")
        if not _assess_batch(given, lane):
            return
    bells.ring("assess", lane)


def watch(given: parts.Parts, *, lane: events.Lane) -> None:
    """Assess what falls due by the clock: durations, silence, passed estimates, members to be told."""
    given.gate("watch:begin")
    with transaction.atomic():
        batch.lock("assess")
        now = timezone.now()
        rules = registry.rules(now)
        listening_since = listening.since(now=now)
        silences, before = due_rules(rules, listening_since=listening_since, now=now)
        picture = situations.picture_due(silences, isolated_before=before, now=now)
        picture = replace(picture, listening_since=listening_since)
        _save(stage.assess([], rules, picture, now), now=now)
        given.gate("watch:commit")
    del lane


def due_rules(
    rules: nouns.Rules, *, listening_since: dt.datetime, now: dt.datetime
) -> tuple[list[tuple[str, str, dt.datetime]], dt.datetime | None]:
    """What the clock asks of the rules: (device type, alarm kind, not heard since), and isolated when raised before.

    Not of rules about a longer silence than we have listened for.
    """
    silences = [
        (rule.device_type, rule.kind, now - dt.timedelta(seconds=rule.silent_seconds))
        for rule in rules.alarms
        if rule.silent_seconds and listening_since <= now - dt.timedelta(seconds=rule.silent_seconds)
    ]
    holds = [rule.isolated_after_seconds for rule in rules.incidents if rule.isolated_after_seconds]
    return silences, now - dt.timedelta(seconds=min(holds)) if holds else None


def _assess_batch(given: parts.Parts, lane: events.Lane) -> int:
    with transaction.atomic():
        if not batch.try_lock(f"assess:{lane}"):
            return 0
        batch.lock("assess")
        now = timezone.now()
        waiting = inbox.waiting(lane, BATCH_EVENTS)
        if not waiting:
            return 0
        rules = registry.rules(now)
        picture = situations.picture(
            sorted({event.subject for event in waiting}),
            ended=sorted({event.subject for event in waiting if event.type == nouns.RESOLVED_EVENT}),
            since=now - dt.timedelta(days=REPORTABLE_DAYS),
        )
        picture = replace(picture, listening_since=listening.since(now=now))
        assessment = stage.assess(waiting, rules, picture, now)
        inbox.note(assessment.notes, now=now)
        _refuse_unknown(waiting, assessment.notes, now=now)
        _save(assessment, now=now)
        given.gate("assess:commit")
    given.gate("assess:committed")
    return len(waiting)


def _refuse_unknown(waiting: Sequence[events.Event], notes: Sequence[nouns.EventNote], *, now: dt.datetime) -> None:
    unknown = {(note.source, note.id) for note in notes if note.noted == nouns.Noted.UNKNOWN_SUBJECT}
    if not unknown:
        return
    bodies = inbox.bodies_of([event for event in waiting if event.key in unknown])
    refused = [
        (
            body,
            events.Refusal(
                reason=events.RefusalReason.UNKNOWN_SUBJECT,
                field="/subject",
                wanted="a registered subject",
                got=event.subject,
                position=position,
                source=event.source,
                id=event.id,
            ),
        )
        for body, position, event in bodies
    ]
    inbox.quarantine(refused, now=now)


def _save(assessment: nouns.Assessment, *, now: dt.datetime) -> None:
    for fault in assessment.faults:
        logger.warning("rule %s: %s", fault.rule, fault.text)
    situations.save(assessment)
    audiences.save(assessment)
    log.add(_facts(assessment, now=now))
    for lane, refs in _jobs(assessment.changes):
        bells.enqueue("choose", lane, change=" ".join(refs))
    known = {change.ref: change for change in assessment.changes}
    for audience in assessment.audiences:
        if audience.change not in known:
            bells.enqueue("choose", audiences.change(audience.change).lane, change=audience.change)


def _jobs(changes: Sequence[nouns.Change]) -> Iterator[tuple[events.Lane, list[str]]]:
    """The changes by the job that chooses for them: those of one subject many together, every other one alone."""
    singles: dict[events.Lane, list[str]] = {}
    for change in changes:
        if change.audience == nouns.AudienceKind.SUBJECT:
            singles.setdefault(change.lane, []).append(change.ref)
        else:
            yield change.lane, [change.ref]
    for lane, refs in singles.items():
        for start in range(0, len(refs), CHANGES_PER_JOB):
            yield lane, refs[start : start + CHANGES_PER_JOB]


def _facts(assessment: nouns.Assessment, *, now: dt.datetime) -> list[records.Fact]:
    changed = [
        records.Fact(
            kind=records.FactKind.SITUATION_CHANGED,
            subject=incident.ref,
            at=now,
            body=records.canonical(incident).decode(),
        )
        for incident in assessment.incidents
    ]
    told = [
        records.Fact(
            kind=records.FactKind.SITUATION_CHANGED,
            subject=change.ref,
            at=now,
            body=records.canonical(
                {"change": change.kind, "situation": change.situation, "stage": change.stage, "trigger": change.trigger}
            ).decode(),
        )
        for change in assessment.changes
    ]
    return changed + told
