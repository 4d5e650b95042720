"""Events that Signalpost itself raises: they enter at `accept` like everyone's and travel the same path."""

import datetime as dt
from collections.abc import Mapping

from signalpost.store import bells, inbox
from signalpost.vocabulary import events, records

#: CloudEvents source of our own events.
SOURCE = "signalpost"


def raise_event(
    kind: str, *, subject: str, discriminator: str, data: Mapping[str, records.Json], now: dt.datetime
) -> None:
    """Store an event of our own in the current transaction and ring for it.

    The same kind, subject and discriminator is the same event, however often it is raised.
    """
    text = records.canonical(dict(data)).decode()
    event = events.Event(
        source=SOURCE,
        id=records.reference(kind, subject, discriminator),
        type=kind,
        subject=subject,
        occurred_at=now,
        received_at=now,
        lane=events.Lane.NORMAL,
        data=text,
        digest=records.digest(records.canonical([kind, subject, text])),
    )
    raw = events.Raw(
        channel="internal",
        sender=SOURCE,
        content_type="application/cloudevents+json",
        body=records.canonical(event),
        received_at=now,
    )
    (body,) = inbox.save_bodies([raw])
    inbox.save_events([(body, 0, event)])
    bells.ring("assess", event.lane)
