"""Deliver: intent recorded, sent, outcome recorded. The only step that talks outwards.

A crash after the first transaction leaves an attempt without an end. `settle` reads it as unclear, never as "not sent",
as soon as the lease of its sender is gone, and the channel's policy decides. What wins when the sender was not dead:

* A process that loses the database while it sends goes on sending, takes its lease again and records its outcomes as
  soon as it can. As long as it does so within the grace of its lease nothing is presumed.
* Outcomes that come later still win over the presumption, since they are known and it is not: the attempt gets its
  true outcome, and the delivery moves as by a receipt. Only where the channel has been asked to send again meanwhile
  (peers that recognise the reference) bad news of the earlier attempt waits for the later one.
* What a receipt said before the outcome was recorded stays; the outcome adds the provider's name for it.
"""

import datetime as dt
import logging
import random
import time
from collections.abc import Mapping, Sequence

import msgspec
from django import db
from django.db import transaction
from django.utils import timezone

from signalpost.flow import deliver as stage
from signalpost.store import attempts, batch, bells, deliveries, leases, log, receipts, switches
from signalpost.vocabulary import deliveries as nouns
from signalpost.vocabulary import events, records
from signalpost.work import endpoints, parts

logger = logging.getLogger("signalpost.work.deliver")

#: Batches of one job; what is left rings again, so that other work of the lane gets its turn.
BATCHES_PER_JOB = 100
#: The last resort: an attempt without an end after so long is unclear even though its process lives, for it hangs.
#: Longer than any batch takes with its time-outs (SMTP waits 600 s for the answer to a message).
ABANDONED_AFTER_SECONDS = 3600
#: Attempts settled by one pass of the clock.
SETTLE_LIMIT = 1000
#: How long known outcomes are kept in hand while the database cannot take them: crash recovery needs minutes at most.
OUTCOME_PATIENCE_SECONDS = 300.0
#: Code of a delivery whose rendition the archive has lost.
NO_DOCUMENT = "no_document"
#: Wait before outcomes are offered to the database again.
OUTCOME_WAIT_SECONDS = 0.5

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


def settle(given: parts.Parts, *, lane: events.Lane) -> None:
    """Read attempts whose sender is gone as unclear, and end the waiting of unclear ones."""
    given.gate("settle:begin")
    with transaction.atomic():
        batch.lock("settle")
        now = timezone.now()
        leases.note(now=now)
        gone_before = now - dt.timedelta(seconds=leases.GRACE_SECONDS)
        started_before = now - dt.timedelta(seconds=ABANDONED_AFTER_SECONDS)
        lost = attempts.abandoned(SETTLE_LIMIT, started_before=started_before, gone_before=gone_before)
        detail = "sender ended before the outcome was recorded"
        unclear = nouns.Outcome(kind=nouns.OutcomeKind.UNCLEAR, code=attempts.PRESUMED, detail=detail)
        record_outcomes(given, {ref: (number, unclear) for ref, number in lost.items()}, now=now)
        leases.forget(now=now)
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
    with given.lease.hold() as lease:
        with transaction.atomic():
            now = timezone.now()
            rows = deliveries.due(via, lane, channel.profile.batch, now=now)
            if not rows:
                return False
            going = _going(rows, channel.profile, now=now)
            contents, lost = given.archive.find([row.rendition for row in going])
            _settle_lost([row for row in going if row.rendition in lost], lost, now=now)
            going = [row for row in going if row.rendition in contents]
            attempts.begin([row.ref for row in going], lease=lease, now=now)
            given.gate("deliver:intent")
        if not going:
            return True
        given.gate("deliver:send")
        outcomes = channel.send([row.outgoing(contents[row.rendition]) for row in going])
        given.gate("deliver:sent")
        numbered = {row.ref: (row.attempts, outcome) for row, outcome in zip(going, outcomes, strict=True)}
        _record_patiently(given, numbered)
    given.gate("deliver:committed")
    return True


def _going(rows: Sequence[deliveries.Row], profile: nouns.Profile, *, now: dt.datetime) -> list[deliveries.Row]:
    """Those that may go out now, as they are during the attempt; the others are settled."""
    plans = {row.ref: stage.plan(row.delivery(), profile, outcome=None, now=now, draw=_jitter.random()) for row in rows}
    attempting = nouns.DeliveryState.ATTEMPTING
    _settle_unsent([row for row in rows if plans[row.ref].state != attempting], plans, now=now)
    return [
        msgspec.structs.replace(row, attempts=row.attempts + 1, state=attempting)
        for row in rows
        if plans[row.ref].state == attempting
    ]


def _record_patiently(given: parts.Parts, outcomes: Mapping[str, tuple[int, nouns.Outcome]]) -> None:
    """Record outcomes that are known by now; a database that is away comes back.

    A commit whose answer was lost is harmless: attempts that have their outcome are no news the second time.
    """
    deadline = time.monotonic() + OUTCOME_PATIENCE_SECONDS
    while True:
        try:
            with transaction.atomic():
                record_outcomes(given, outcomes, now=timezone.now())
                given.gate("deliver:outcome")
        except (db.OperationalError, db.InterfaceError) as error:
            if time.monotonic() > deadline:
                raise
            logger.warning("%d outcomes wait for the database: %s", len(outcomes), type(error).__name__)
            db.connection.close()
            time.sleep(OUTCOME_WAIT_SECONDS)
        else:
            return


def record_outcomes(given: parts.Parts, outcomes: Mapping[str, tuple[int, nouns.Outcome]], *, now: dt.datetime) -> None:
    """Store what came of attempts, and what follows from it: retry, fallback, facts, news for other systems.

    Args:
        given: the parts.
        outcomes: by delivery, the number of the attempt and what came of it.
        now: the moment it became known.
    """
    if not outcomes:
        return
    rows = deliveries.by_ref(list(outcomes))
    news = attempts.finish(outcomes, now=now)
    pairs = [(row, outcomes[ref][1]) for ref, row in rows.items() if ref in news]
    plans = {
        row.ref: stage.plan(
            row.delivery(),
            given.channels[row.via].profile,
            outcome=outcome,
            now=now,
            draw=_jitter.random(),
            attempt=outcomes[row.ref][0],
        )
        for row, outcome in pairs
    }
    deliveries.settle([_settled(row, outcome, plans[row.ref]) for row, outcome in pairs], now=now)
    untried = {row.ref: row.attempts for row, outcome in pairs if outcome.is_held_back}
    attempts.take_back({ref: number for ref, number in untried.items() if number == outcomes[ref][0]})
    receipts.affect_addresses(
        [
            receipts.Address(
                ref=row.contact_point, effect=nouns.AddressEffect.INVALIDATE, because=f"{row.via} {outcome.code}"
            )
            for row, outcome in pairs
            if outcome.kind == nouns.OutcomeKind.ADDRESS_INVALID and row.contact_point
        ]
    )
    endpoints.record(pairs, now=now)
    log.add([_fact(row, plans[row.ref], outcome, attempt=outcomes[row.ref][0], now=now) for row, outcome in pairs])
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
    log.add([_fact(row, plans[row.ref], None, attempt=row.attempts, now=now) for row in rows])
    start_next([(row, nothing) for row in rows], plans, now=now)


def _settle_lost(rows: Sequence[deliveries.Row], lost: Mapping[str, str], *, now: dt.datetime) -> None:
    """What cannot go out because the archive has lost it: failed, so that the next channel starts."""
    gone = {
        row.ref: nouns.Outcome(kind=nouns.OutcomeKind.REJECTED, code=NO_DOCUMENT, detail=lost[row.rendition])
        for row in rows
    }
    plan = nouns.Plan(state=nouns.DeliveryState.FAILED, due_at=None, starts_fallback=True, because=NO_DOCUMENT)
    plans = dict.fromkeys(gone, plan)
    for row in rows:
        logger.error(
            "delivery %s cannot go out: %s; `signalpost verify` names all that is lost", row.ref, gone[row.ref].detail
        )
    deliveries.settle([_settled(row, gone[row.ref], plan) for row in rows], now=now)
    log.add([_fact(row, plan, gone[row.ref], attempt=row.attempts, now=now) for row in rows])
    start_next([(row, gone[row.ref]) for row in rows], plans, now=now)


def _settled(row: deliveries.Row, outcome: nouns.Outcome, plan: nouns.Plan) -> deliveries.Settled:
    if plan.state == row.state:
        # Receipts or a later attempt said more already: only the name it goes by is new.
        return deliveries.Settled(ref=row.ref, state=row.state, due_at=plan.due_at, provider_ref=outcome.provider_ref)
    return deliveries.Settled(
        ref=row.ref,
        state=plan.state,
        due_at=plan.due_at,
        outcome=outcome.kind,
        code=outcome.code,
        detail=outcome.detail[:200],
        provider_ref=outcome.provider_ref,
    )


def _fact(
    row: deliveries.Row, plan: nouns.Plan, outcome: nouns.Outcome | None, *, attempt: int, now: dt.datetime
) -> records.Fact:
    return records.Fact(
        kind=records.FactKind.DELIVERY_CHANGED,
        subject=row.communication_id,
        at=now,
        body=records.canonical(
            {
                "delivery": row.ref,
                "channel": row.channel,
                "state": plan.state,
                "attempt": attempt,
                "outcome": outcome.kind if outcome else "",
                "code": outcome.code if outcome else "",
                "because": plan.because,
                "rendition": row.rendition,
            }
        ).decode(),
    )
