"""Deliver: intent recorded, sent, outcome recorded. The only step that talks outwards.

A crash after the first transaction leaves an attempt without an end; once it is older than any send can take, `settle`
reads it as unclear, never as "not sent", and the channel's policy decides.
"""

import datetime as dt
import random
from collections.abc import Mapping, Sequence

import msgspec
from django.db import transaction
from django.utils import timezone

from signalpost.flow import deliver as stage
from signalpost.store import bells, deliveries, log, switches
from signalpost.vocabulary import deliveries as nouns
from signalpost.vocabulary import events, records
from signalpost.work import endpoints, parts

#: Batches of one job; what is left rings again, so that other work of the lane gets its turn.
BATCHES_PER_JOB = 100
#: An attempt without an end after so long has lost its sender: longer than any batch takes with its time-outs.
ABANDONED_AFTER_SECONDS = 900
#: Attempts settled by one pass of the clock.
SETTLE_LIMIT = 1000

_jitter = random.SystemRandom()


def deliver(given: parts.Parts, *, lane: events.Lane, via: str) -> None:
    """Send what is due on a channel in a lane."""
    if via not in given.channels:
        return
    for _ in range(BATCHES_PER_JOB):
        if switches.paused() & {f"channel:{via}", f"lane:{lane}"}:
            return
        if not _deliver_batch(given, lane, via):
            return
    bells.ring("deliver", lane, via=via)


def settle(given: parts.Parts, *, lane: events.Lane, abandoned_after_seconds: int = ABANDONED_AFTER_SECONDS) -> None:
    """Read attempts whose sender is gone as unclear, and end the waiting of unclear ones."""
    given.gate("settle:begin")
    with transaction.atomic():
        now = timezone.now()
        lost = deliveries.abandoned(now - dt.timedelta(seconds=abandoned_after_seconds), SETTLE_LIMIT)
        unclear = nouns.Outcome(kind=nouns.OutcomeKind.UNCLEAR, detail="sender ended before the outcome was recorded")
        rows = [row for row in deliveries.by_ref(lost).values() if row.state == nouns.DeliveryState.ATTEMPTING]
        record_outcomes(given, [(row, unclear) for row in rows], now=now)
        waited = deliveries.by_ref(deliveries.unclear_due(SETTLE_LIMIT, now=now))
        deliveries.settle(
            [
                deliveries.Settled(
                    ref=row.ref, state=row.state, due_at=None, detail="no receipt came; a person has to decide"
                )
                for row in waited.values()
            ],
            now=now,
        )
        given.gate("settle:commit")
    del lane


def _deliver_batch(given: parts.Parts, lane: events.Lane, via: str) -> bool:
    channel = given.channels[via]
    profile = channel.profile
    with transaction.atomic():
        now = timezone.now()
        rows = deliveries.due(via, lane, profile.batch, now=now)
        if not rows:
            return False
        plans = {
            row.ref: stage.plan(row.delivery(), profile, outcome=None, now=now, draw=_jitter.random()) for row in rows
        }
        going = [row for row in rows if plans[row.ref].state == nouns.DeliveryState.ATTEMPTING]
        _settle_unsent([row for row in rows if row not in going], plans, now=now)
        contents = given.archive.read([row.rendition for row in going])
        deliveries.attempt([row.ref for row in going], now=now)
        given.gate("deliver:intent")
    if not going:
        return True
    given.gate("deliver:send")
    numbered = [_numbered(row) for row in going]
    outcomes = channel.send([row.outgoing(contents[row.rendition]) for row in numbered])
    given.gate("deliver:sent")
    with transaction.atomic():
        record_outcomes(given, list(zip(numbered, outcomes, strict=True)), now=timezone.now())
        given.gate("deliver:outcome")
    given.gate("deliver:committed")
    return True


def record_outcomes(
    given: parts.Parts, pairs: Sequence[tuple[deliveries.Row, nouns.Outcome]], *, now: dt.datetime
) -> None:
    """Store what came of attempts, and what follows from it: retry, fallback, facts, news for other systems."""
    if not pairs:
        return
    plans = {
        row.ref: stage.plan(
            row.delivery(), given.channels[row.via].profile, outcome=outcome, now=now, draw=_jitter.random()
        )
        for row, outcome in pairs
    }
    deliveries.finish({row.ref: (row.attempts, outcome) for row, outcome in pairs}, now=now)
    deliveries.settle([_settled(row, outcome, plans[row.ref]) for row, outcome in pairs], now=now)
    deliveries.affect_addresses(
        [
            deliveries.AddressRow(
                ref=row.contact_point, effect=nouns.AddressEffect.INVALIDATE, because=f"{row.via} {outcome.code}"
            )
            for row, outcome in pairs
            if outcome.kind == nouns.OutcomeKind.ADDRESS_INVALID and row.contact_point
        ]
    )
    endpoints.record(pairs, now=now)
    log.add([_fact(row, plans[row.ref], outcome, now=now) for row, outcome in pairs])
    start_next(pairs, plans, now=now)
    bells.ring("keep", events.Lane.NORMAL)


def start_next(
    pairs: Sequence[tuple[deliveries.Row, nouns.Outcome]],
    plans: Mapping[str, nouns.Plan],
    *,
    now: dt.datetime,
) -> None:
    """Start the next rank where one failed; call it off where one is confirmed for good."""
    failed = [row.communication_id for row, _ in pairs if plans[row.ref].starts_fallback]
    for lane in {row.lane for row, _ in pairs if row.communication_id in failed}:
        bells.ring("render", lane)
    deliveries.start_fallback(failed, now=now)
    confirmed = [row.communication_id for row, _ in pairs if plans[row.ref].ends_standby]
    deliveries.end_standby(confirmed, now=now)


def _settle_unsent(rows: Sequence[deliveries.Row], plans: Mapping[str, nouns.Plan], *, now: dt.datetime) -> None:
    nothing = nouns.Outcome(kind=nouns.OutcomeKind.EXPIRED)
    deliveries.settle(
        [
            deliveries.Settled(
                ref=row.ref, state=plans[row.ref].state, due_at=plans[row.ref].due_at, detail=plans[row.ref].because
            )
            for row in rows
        ],
        now=now,
    )
    log.add([_fact(row, plans[row.ref], None, now=now) for row in rows])
    start_next([(row, nothing) for row in rows], plans, now=now)


def _numbered(row: deliveries.Row) -> deliveries.Row:
    return msgspec.structs.replace(row, attempts=row.attempts + 1, state=nouns.DeliveryState.ATTEMPTING)


def _settled(row: deliveries.Row, outcome: nouns.Outcome, plan: nouns.Plan) -> deliveries.Settled:
    return deliveries.Settled(
        ref=row.ref,
        state=plan.state,
        due_at=plan.due_at,
        outcome=outcome.kind,
        code=outcome.code,
        detail=outcome.detail[:200],
        provider_ref=outcome.provider_ref,
    )


def _fact(row: deliveries.Row, plan: nouns.Plan, outcome: nouns.Outcome | None, *, now: dt.datetime) -> records.Fact:
    return records.Fact(
        kind=records.FactKind.DELIVERY_CHANGED,
        subject=row.communication_id,
        at=now,
        body=records.canonical(
            {
                "delivery": row.ref,
                "channel": row.channel,
                "state": plan.state,
                "attempt": row.attempts,
                "outcome": outcome.kind if outcome else "",
                "code": outcome.code if outcome else "",
                "because": plan.because,
                "rendition": row.rendition,
            }
        ).decode(),
    )
