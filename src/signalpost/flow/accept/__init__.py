"""Accept: from a body as it arrived to events, or to the reason why not.

A body is a CloudEvent (structured or binary), a batch of them, or a device's own message that mapping rules turn into
one. In a batch, good events are accepted and bad ones refused with their position. Nothing here raises for what a body
holds. README.md beside this file lists what is refused, with its reason.
"""

import datetime as dt
from collections.abc import Mapping, Sequence

from signalpost.flow.accept import cloudevents, contracting, devices, reading
from signalpost.vocabulary import events


def accept(
    raw: events.Raw,
    contracts: Mapping[str, events.Contract],
    *,
    mappings: Sequence[events.MappingRule] = (),
    limits: events.Limits,
    now: dt.datetime,
) -> events.Accepted:
    """Understand one inbound body.

    Args:
        raw: The body with where it came from.
        contracts: What events of each type must look like.
        mappings: How device messages become events, in order; asked when the body is no CloudEvent.
        limits: How much it may hold.
        now: The moment against which age is measured.
    """
    if len(raw.body) > limits.max_body_bytes:
        return _refused(
            reading.refuse(
                events.RefusalReason.TOO_LARGE,
                wanted=f"at most {limits.max_body_bytes} bytes",
                got=f"{len(raw.body)} bytes",
            )
        )
    accepted: list[events.Event] = []
    refusals: list[events.Refusal] = []
    for position, found in enumerate(_envelopes(raw, mappings, limits)):
        settled = found
        if not isinstance(settled, events.Refusal):
            settled = contracting.settle(settled, contracts, limits=limits, received_at=raw.received_at, now=now)
        if isinstance(settled, events.Refusal):
            refusals.append(reading.at(settled, position))
        else:
            accepted.append(settled)
    return events.Accepted(events=tuple(accepted), refusals=tuple(refusals))


def _envelopes(
    raw: events.Raw, mappings: Sequence[events.MappingRule], limits: events.Limits
) -> Sequence[cloudevents.Envelope | events.Refusal]:
    headers = dict(raw.headers)
    media_type = raw.content_type.partition(";")[0].strip().lower()
    if media_type == cloudevents.BATCH:
        return cloudevents.batch(raw.body, limits)
    if media_type == cloudevents.STRUCTURED:
        return [cloudevents.structured(raw.body)]
    if "ce-specversion" in headers:
        return [cloudevents.binary(raw.body, headers, media_type)]
    if "topic" in headers:
        return [devices.mapped(raw, headers["topic"], mappings)]
    return [
        reading.refuse(
            events.RefusalReason.UNSUPPORTED_MEDIA_TYPE,
            wanted=f"{cloudevents.STRUCTURED}, {cloudevents.BATCH}, or ce- headers",
            got=media_type or "no media type",
        )
    ]


def _refused(refusal: events.Refusal) -> events.Accepted:
    return events.Accepted(refusals=(refusal,))
