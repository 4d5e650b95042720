"""Follow: receipts, in any order and however often, become the state of deliveries and contact points."""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from signalpost.flow import follow as stage
from signalpost.store import bells, deliveries, log, receipts
from signalpost.vocabulary import deliveries as nouns
from signalpost.vocabulary import events, records
from signalpost.work import parts

#: Receipts of one transaction.
BATCH_RECEIPTS = 500
#: How long a receipt may precede the outcome it speaks of: the provider is faster than our second transaction.
EARLY_SECONDS = 60


def follow(given: parts.Parts, *, lane: events.Lane) -> None:
    """Drain the waiting receipts."""
    while _follow_batch(given) == BATCH_RECEIPTS:
        continue
    del lane


def _follow_batch(given: parts.Parts) -> int:
    given.gate("follow:begin")
    with transaction.atomic():
        now = timezone.now()
        waiting = receipts.waiting(BATCH_RECEIPTS, waited_since=now - dt.timedelta(seconds=EARLY_SECONDS))
        rows = deliveries.by_ref([receipt.delivery for receipt in waiting if receipt.delivery])
        current = {ref: row.delivery() for ref, row in rows.items()}
        settled: dict[str, deliveries.Settled] = {}
        done: list[receipts.Followed] = []
        results: list[tuple[deliveries.Row, nouns.Followed, nouns.Receipt]] = []
        for receipt in waiting:
            row = rows.get(receipt.delivery)
            if row is None:
                done.append(receipts.Followed(id=receipt.id, result="unmatched", delivery=""))
                continue
            profile = given.channels[row.via].profile
            followed = stage.follow(current[row.ref], receipt.receipt(), profile)
            result = "changed" if followed.has_changed else "repeated"
            done.append(receipts.Followed(id=receipt.id, result=result, delivery=row.ref))
            if followed.has_changed or followed.address_effect != nouns.AddressEffect.NONE:
                current[row.ref] = followed.delivery
                settled[row.ref] = _settled(followed.delivery, receipt)
                results.append((row, followed, receipt.receipt()))
        deliveries.settle(list(settled.values()), now=now)
        receipts.followed(done, now=now)
        _consequences(results, now=now)
        log.add([_fact(row, followed, receipt, now=now) for row, followed, receipt in results])
        given.gate("follow:commit")
    if results:
        bells.ring("keep", events.Lane.NORMAL)
    return len(done)


def _consequences(results: Sequence[tuple[deliveries.Row, nouns.Followed, nouns.Receipt]], *, now: dt.datetime) -> None:
    failed = [row for row, followed, _ in results if followed.starts_fallback]
    deliveries.start_fallback([row.communication_id for row in failed], now=now)
    for lane in {row.lane for row in failed}:
        bells.ring("render", lane)
    deliveries.end_standby([row.communication_id for row, followed, _ in results if followed.ends_standby], now=now)
    receipts.affect_addresses(
        [
            receipts.Address(
                ref=row.contact_point,
                effect=followed.address_effect,
                because=f"{row.via} {receipt.kind} {receipt.code}",
            )
            for row, followed, receipt in results
            if followed.address_effect != nouns.AddressEffect.NONE and row.contact_point
        ]
    )


def _settled(delivery: nouns.Delivery, receipt: receipts.Row) -> deliveries.Settled:
    return deliveries.Settled(
        ref=delivery.ref,
        state=delivery.state,
        due_at=delivery.due_at,
        outcome=receipt.kind,
        code=receipt.code,
        detail=receipt.detail[:200],
        opened_at=delivery.opened_at,
        clicked_at=delivery.clicked_at,
        complained_at=delivery.complained_at,
    )


def _fact(row: deliveries.Row, followed: nouns.Followed, receipt: nouns.Receipt, *, now: dt.datetime) -> records.Fact:
    body: Mapping[str, records.Json] = {
        "delivery": row.ref,
        "channel": row.channel,
        "state": followed.delivery.state,
        "outcome": receipt.kind,
        "code": receipt.code,
        "at": receipt.at.isoformat(),
    }
    return records.Fact(
        kind=records.FactKind.DELIVERY_CHANGED,
        subject=row.communication_id,
        at=now,
        body=records.canonical(dict(body)).decode(),
    )
