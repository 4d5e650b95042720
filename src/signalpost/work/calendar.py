"""The clock: looks at due times on rows and rings the bells of what waits. It decides nothing itself."""

import datetime as dt

from django.db import transaction

from signalpost.store import bells, calendar, deliveries, leases, listening, receipts, registry, reviews, switches
from signalpost.vocabulary import events
from signalpost.work import parts
from signalpost.work.stages import assess, deliver, follow, release, report

#: How often the clock looks.
TICK_SECONDS = 0.5
#: Escalations started by one look.
ESCALATION_LIMIT = 1000


def tick(given: parts.Parts, *, now: dt.datetime) -> None:
    """Ring whatever waits and is not paused."""
    paused = switches.paused()
    listening.note(now=now)
    _ring_situations(paused, now=now)
    _ring_deliveries(given, paused, now=now)
    started_before = now - dt.timedelta(seconds=deliver.ABANDONED_AFTER_SECONDS)
    gone_before = now - dt.timedelta(seconds=leases.GRACE_SECONDS)
    if calendar.has_unsettled(started_before=started_before, gone_before=gone_before, now=now):
        # Until it is known what became of an urgent message no other channel takes its place.
        bells.ring("settle", events.Lane.URGENT)
    waits = {
        "follow": receipts.has_waiting(waited_since=now - dt.timedelta(seconds=follow.EARLY_SECONDS)),
        "keep": calendar.has_unsealed_facts(),
        "report": calendar.has_unreported_facts(report.CURSOR),
        "release": calendar.has_due_releases(now, reader=release.CURSOR, position=release.night(now))
        or reviews.has_waiting(now),
    }
    for step, is_waiting in waits.items():
        if is_waiting:
            bells.ring(step, events.Lane.NORMAL)


def _ring_situations(paused: frozenset[str], *, now: dt.datetime) -> None:
    for name in calendar.lanes_with_events():
        if f"lane:{name}" not in paused:
            bells.ring("assess", events.Lane(name))
    silences, isolated_before = assess.due_rules(registry.rules(now), listening_since=listening.since(now=now), now=now)
    if calendar.has_due_situations(now, isolated_before=isolated_before, silences=silences):
        bells.ring("watch", events.Lane.URGENT)


def _ring_deliveries(given: parts.Parts, paused: frozenset[str], *, now: dt.datetime) -> None:
    with transaction.atomic():
        deliveries.start_silent(ESCALATION_LIMIT, now=now)
    for name in calendar.lanes_to_render():
        bells.ring("render", events.Lane(name))
    for via, name in calendar.deliveries_due(now):
        if via in given.channels and not paused & {f"channel:{via}", f"lane:{name}"}:
            bells.ring("deliver", events.Lane(name), via=via)
