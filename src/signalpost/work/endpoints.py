"""The health of webhook endpoints: one that is gone or fails for too long is disabled and its owner told."""

import datetime as dt
from collections.abc import Sequence

from signalpost.store import deliveries, endpoints
from signalpost.vocabulary import deliveries as nouns
from signalpost.vocabulary import parties
from signalpost.work import internal

#: An endpoint that took nothing for so long is disabled (Standard Webhooks, "Operational considerations").
DISABLED_AFTER_DAYS = 5
#: HTTP 410: the endpoint says itself that it wants no more.
GONE = "410"
#: Event type of the news for the owner.
DISABLED_EVENT = "signalpost.endpoint_disabled"


def record(pairs: Sequence[tuple[deliveries.Row, nouns.Outcome]], *, now: dt.datetime) -> None:
    """Take note of webhook outcomes."""
    hooks = [(row, outcome) for row, outcome in pairs if row.channel == parties.ChannelKind.WEBHOOK]
    if not hooks:
        return
    endpoints.record(
        [(row.contact_point, outcome.kind == nouns.OutcomeKind.DELIVERED) for row, outcome in hooks], now=now
    )
    gone = [row.contact_point for row, outcome in hooks if outcome.code == GONE]
    before = now - dt.timedelta(days=DISABLED_AFTER_DAYS)
    for endpoint in endpoints.disable(gone, failing_before=before, now=now):
        if endpoint.owner:
            internal.raise_event(
                DISABLED_EVENT,
                subject=endpoint.owner,
                discriminator=f"{endpoint.ref}:{now.isoformat()}",
                data={"endpoint": endpoint.ref, "url": endpoint.url, "is_gone": endpoint.ref in gone},
                now=now,
            )
