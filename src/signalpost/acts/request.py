"""Requests of machines and customers: events, receipts, replies, "still without power".

Everything that arrives is stored as it came before it is answered, in the same transaction as what was understood of
it. What could not be accepted lies in the quarantine with its reason.
"""

import collections
import contextlib
import datetime as dt
from collections.abc import Generator, Mapping, Sequence

import msgspec
from django import db
from django.db import close_old_connections, transaction
from django.utils import timezone

from signalpost import channels, sources
from signalpost.acts import tracing
from signalpost.flow import accept as stage
from signalpost.flow import replies
from signalpost.store import bells, inbox, log, parties, receipts, registry
from signalpost.telemetry import spans
from signalpost.vocabulary import deliveries, events, records, situations

#: Source of events that we make of replies and of what customers do in the portal.
REPLY_SOURCE = "signalpost/replies"


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one inbound body."""

    accepted: int
    repeated: int
    refusals: tuple[events.Refusal, ...]


class Understood(msgspec.Struct, frozen=True, kw_only=True):
    """Bodies and what is in them, before they are stored."""

    raws: tuple[events.Raw, ...]
    results: tuple[events.Accepted, ...]
    #: Of the contracts and mapping rules they were understood by (`registry.Reading`).
    version: str


def accept(raws: Sequence[events.Raw], limits: events.Limits) -> list[Answer]:
    """Store a batch of bodies and the events in them; answers in the order given.

    Events that were stored before are repeats; another body under the same key is a conflict and goes to quarantine.
    """
    return store([understand(raws, limits)], limits)


def understand(raws: Sequence[events.Raw], limits: events.Limits) -> Understood:
    """Understand bodies by what was last known to be in force; `store` looks whether it still is."""
    return _understood(raws, limits, registry.known())


def store(given: Sequence[Understood], limits: events.Limits) -> list[Answer]:
    """Store what was understood in one transaction, as `accept` does."""
    now = timezone.now()
    raws = [raw for one in given for raw in one.raws]
    with spans.span("accept", {"signalpost.bodies": len(raws)}) as span, transaction.atomic():
        version = registry.version()
        current = [
            one if one.version == version else _understood(one.raws, limits, registry.reading(version)) for one in given
        ]
        results = [result for one in current for result in one.results]
        bodies = inbox.save_bodies(raws)
        flat = [
            (place, bodies[place], position, event)
            for place, result in enumerate(results)
            for position, event in enumerate(result.events)
        ]
        stored = inbox.save_events([(body, position, event) for _, body, position, event in flat])
        conflicts = [(flat[index][0], _conflict(flat[index][2], flat[index][3])) for index in stored.conflicting]
        refused = [(place, refusal) for place, result in enumerate(results) for refusal in result.refusals] + conflicts
        inbox.quarantine([(bodies[place], refusal) for place, refusal in refused], now=now)
        new = [flat[index] for index in stored.new]
        log.add(_facts(new, bodies, now=now))
        if span is not None:
            tracing.keep([(raws[place], position, event) for place, _, position, event in new], span)
        for lane in {event.lane for _, _, _, event in new}:
            bells.ring("assess", lane)
    accepted = collections.Counter(place for place, _, _, _ in new)
    repeated = collections.Counter(flat[index][0] for index in stored.repeated)
    refusals: dict[int, list[events.Refusal]] = {}
    for place, refusal in refused:
        refusals.setdefault(place, []).append(refusal)
    return [
        Answer(accepted=accepted[place], repeated=repeated[place], refusals=tuple(refusals.get(place, ())))
        for place in range(len(raws))
    ]


def _understood(raws: Sequence[events.Raw], limits: events.Limits, by: registry.Reading) -> Understood:
    now = timezone.now()
    results = [stage.accept(raw, by.contracts, mappings=by.mappings, limits=limits, now=now) for raw in raws]
    return Understood(raws=tuple(raws), results=tuple(results), version=by.version)


def sink(limits: events.Limits) -> sources.Sink:
    """What an event source hands its bodies to."""

    def store(raws: Sequence[events.Raw]) -> Sequence[Sequence[events.Refusal]]:
        with _stored():
            return [answer.refusals for answer in accept(raws, limits)]

    return store


def returns_sink(via: channels.Channel) -> sources.Sink:
    """What a listener for receipts and replies hands its bodies to."""

    def store(raws: Sequence[events.Raw]) -> Sequence[Sequence[events.Refusal]]:
        with _stored():
            take_returns(raws, via)
            return [() for _ in raws]

    return store


@contextlib.contextmanager
def _stored() -> Generator[None]:
    close_old_connections()
    try:
        yield
    except db.Error as error:
        raise sources.NotStoredError(type(error).__name__) from error


def take_returns(raws: Sequence[events.Raw], via: channels.Channel) -> int:
    """Store what came back over a channel and the receipts in it; the number of receipts that are new.

    Replies of people become events: "OFF" means still without power, "STOP" bars the number they came from.
    """
    now = timezone.now()
    with transaction.atomic():
        inbox.save_bodies(raws)
        understood = [receipt for raw in raws for receipt in via.understand(raw.body, raw.content_type)]
        replied = [receipt for receipt in understood if receipt.kind == deliveries.OutcomeKind.REPLIED]
        new = receipts.save(understood, now=now)
        for reply in replied:
            _take_reply(reply, now=now)
        if new:
            bells.ring("follow", events.Lane.NORMAL)
    return new


def report_still_affected(premises: Sequence[str], *, discriminator: str, by: str) -> None:
    """Store that premises are still without supply, as events that enter at `accept` like any other.

    They are one report, of one household: together they become one outage, and the household gets one answer.
    """
    now = timezone.now()
    report = records.reference("report", discriminator)
    raws = [
        events.Raw(
            channel="portal",
            sender=by,
            content_type="application/cloudevents+json",
            body=records.canonical(
                {
                    "specversion": "1.0",
                    "id": records.reference(situations.STILL_AFFECTED_EVENT, premise, discriminator),
                    "source": REPLY_SOURCE,
                    "type": situations.STILL_AFFECTED_EVENT,
                    "subject": premise,
                    "time": now.isoformat(),
                    "data": {"report": report},
                }
            ),
            received_at=now,
        )
        for premise in premises
    ]
    accept(raws, events.Limits())


def _take_reply(reply: deliveries.Receipt, *, now: dt.datetime) -> None:
    meaning = replies.meant(reply.text)
    if meaning is replies.Meaning.STOP:
        parties.suppress(reply.channel, reply.sender, because="reply STOP", now=now)
    elif meaning is replies.Meaning.OFF:
        premises = parties.told_premises(reply.channel, reply.sender)
        report_still_affected(premises, discriminator=reply.dedupe, by=f"{reply.channel} reply")


def _conflict(position: int, event: events.Event) -> events.Refusal:
    return events.Refusal(
        reason=events.RefusalReason.CONFLICT,
        field="/id",
        wanted="the same body as before under this source and id, or a new id",
        got="another body",
        position=position,
        source=event.source,
        id=event.id,
    )


def _facts(
    new: Sequence[tuple[int, int, int, events.Event]], bodies: Sequence[int], *, now: dt.datetime
) -> list[records.Fact]:
    by_body: dict[int, list[events.Event]] = {}
    for place, _, _, event in new:
        by_body.setdefault(bodies[place], []).append(event)
    if not by_body:
        return []
    # One fact a batch: a million readings are not a million links of the chain, yet each event's digest is in it.
    content: Mapping[str, records.Json] = {
        "bodies": [min(by_body), max(by_body)],
        "events": len(new),
        "digest": records.digest("".join(event.digest for _, _, _, event in new).encode()),
    }
    return [
        records.Fact(
            kind=records.FactKind.EVENT_ACCEPTED,
            subject=records.reference(*(f"{event.source} {event.id}" for _, _, _, event in new[:1])),
            at=now,
            body=records.canonical(dict(content)).decode(),
        )
    ]
