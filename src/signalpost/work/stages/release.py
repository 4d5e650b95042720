"""Release: what was approved for a time goes live at it or ends; and every night a look at what fits no more."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from signalpost.store import bells, drifting, log, shipping
from signalpost.vocabulary import events
from signalpost.work import parts, reviewing

#: Name under which the day of the last nightly look is kept.
CURSOR = "drift"
#: The look is taken after this hour, UTC.
NIGHT_HOUR = 2


def night(now: dt.datetime) -> int:
    """The number of the night that the last look should have been in."""
    return (now.astimezone(dt.UTC) - dt.timedelta(hours=NIGHT_HOUR)).toordinal()


def release(given: parts.Parts, *, lane: events.Lane) -> None:
    """Turn the releases that are due, ask reviewers, then look for drift once a night."""
    given.gate("release:begin")
    now = timezone.now()
    shipping.turn(now, given.gate)
    reviewing.ask(given, now=now)
    with transaction.atomic():
        if log.cursor(CURSOR) < night(now):
            drifts = drifting.found(now)
            if drifts:
                drifting.note(drifts, now=now)
            log.advance(CURSOR, night(now))
    bells.ring("keep", lane)
