"""Report: sealed facts about deliveries go back to the organisation's own systems, in order per communication."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from signalpost.flow import report as stage
from signalpost.store import archive, bells, decisions, deliveries, endpoints, log
from signalpost.vocabulary import deliveries as nouns
from signalpost.vocabulary import events, notices, parties, records
from signalpost.work import parts

#: Facts read in one transaction.
BATCH_FACTS = 500
#: Name of this reader of the log.
CURSOR = "report"
#: Communication type of status webhooks.
STATUS = "status"
#: How long a status webhook is kept as a document.
KEPT_DAYS = 400


def report(given: parts.Parts, *, lane: events.Lane) -> None:
    """Turn sealed facts into status webhooks."""
    via = given.via(parties.ChannelKind.WEBHOOK)
    while True:
        given.gate("report:begin")
        with transaction.atomic():
            facts = log.sealed(log.cursor(CURSOR), BATCH_FACTS)
            if facts:
                _report_batch(given, via, [row.fact() for row in facts])
                log.advance(CURSOR, facts[-1].sequence)
            given.gate("report:commit")
        if facts and via:
            bells.ring("deliver", lane, via=via)
        if len(facts) < BATCH_FACTS:
            return


def _report_batch(given: parts.Parts, via: str, facts: Sequence[records.Fact]) -> None:
    targets = endpoints.alive() if via else []
    if not targets:
        return
    now = timezone.now()
    about = decisions.subjects(sorted({fact.subject for fact in facts if fact.kind in stage.REPORTED}))
    statuses = [
        (status, target)
        for target in targets
        for status in stage.report(facts, about, wants=frozenset(target.wants), endpoint=target.ref)
    ]
    if not statuses:
        return
    kept_until = (now + dt.timedelta(days=KEPT_DAYS)).date()
    given.archive.keep(
        [
            archive.NewDocument(
                digest=records.digest(status.body.encode()),
                media_type=stage.MEDIA_TYPE,
                content=status.body.encode(),
                kept_until=kept_until,
            )
            for status, _ in statuses
        ],
        now=now,
    )
    decisions.save_statuses([_decision(status, target) for status, target in statuses], now=now)
    deliveries.create([_delivery(given, via, status, target, now=now) for status, target in statuses], now=now)


def _decision(status: nouns.Status, target: endpoints.Endpoint) -> decisions.StatusRow:
    return decisions.StatusRow(
        ref=status.ref,
        situation=status.communication,
        party=target.system,
        manuscript=records.digest(status.body.encode()),
        title=status.title,
        body=records.canonical({"status_of": status.communication, "endpoint": target.ref}).decode(),
    )


def _delivery(
    given: parts.Parts, via: str, status: nouns.Status, target: endpoints.Endpoint, *, now: dt.datetime
) -> deliveries.New:
    del given
    return deliveries.New(
        ref=records.reference(status.ref, "0"),
        communication=status.ref,
        channel=parties.ChannelKind.WEBHOOK,
        via=via,
        rank=0,
        start=notices.Start.AT_ONCE,
        after_seconds=0,
        state=nouns.DeliveryState.DUE,
        due_at=now,
        expires_at=None,
        lane=events.Lane.NORMAL,
        address=target.url,
        postal="",
        contact_point=target.ref,
        rendition=records.digest(status.body.encode()),
        media_type=stage.MEDIA_TYPE,
        units=1,
        headers=records.canonical([("secret", target.secret)]).decode(),
        has_unsubscribe=False,
        ordering_key=records.reference(status.communication, target.ref),
    )
