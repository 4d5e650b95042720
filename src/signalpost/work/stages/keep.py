"""Keep: facts get their place in the chain, one writer at a time, in batches."""

from django.db import transaction

from signalpost.flow import keep as stage
from signalpost.store import batch, bells, log
from signalpost.vocabulary import events
from signalpost.work import parts

#: Facts sealed in one transaction.
BATCH_FACTS = 5000


def keep(given: parts.Parts, *, lane: events.Lane) -> None:
    """Seal the facts that wait."""
    while True:
        given.gate("keep:begin")
        with transaction.atomic():
            batch.lock("keep")
            waiting = log.waiting(BATCH_FACTS)
            if waiting:
                seals = stage.seal_all([row.fact() for row in waiting], log.head())
                log.seal([(row.id, seal) for row, seal in zip(waiting, seals, strict=True)])
            given.gate("keep:commit")
        if waiting:
            bells.ring("report", lane)
        if len(waiting) < BATCH_FACTS:
            return
