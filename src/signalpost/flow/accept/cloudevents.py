"""CloudEvents 1.0 (specification 1.0.2, JSON format and HTTP binding): the envelope in its three shapes."""

import urllib.parse
from collections.abc import Mapping

import msgspec

from signalpost.flow.accept import reading
from signalpost.vocabulary import events

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
#: The version that is understood.
VERSION = "1.0"
#: Attributes of the envelope that are used; extensions are left where they are, in the stored body.
ATTRIBUTES = ("specversion", "id", "source", "type", "subject", "time")


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """An event as its sender describes it; `data` is JSON text not read yet."""

    specversion: str
    id: str
    source: str
    type: str
    subject: str | None = None
    time: str | None = None
    datacontenttype: str | None = None
    data_base64: str | None = None
    data: msgspec.Raw = msgspec.Raw(b"null")


def structured(body: bytes | msgspec.Raw) -> Envelope | events.Refusal:
    """The envelope of structured mode: the whole event is the body."""
    return reading.decode(body, Envelope)


def batch(body: bytes, limits: events.Limits) -> list[Envelope | events.Refusal]:
    """The envelopes of a batch, each read on its own: a bad one spoils no other."""
    raws = reading.decode(body, list[msgspec.Raw])
    if isinstance(raws, events.Refusal):
        return [raws]
    if len(raws) > limits.max_batch_events:
        return [
            reading.refuse(
                events.RefusalReason.TOO_LARGE,
                wanted=f"at most {limits.max_batch_events} events in a batch",
                got=f"{len(raws)} events",
            )
        ]
    return [structured(raw) for raw in raws]


def binary(body: bytes, headers: Mapping[str, str], media_type: str) -> Envelope | events.Refusal:
    """The envelope of binary mode: attributes in `ce-` headers, percent-encoded (HTTP binding, 3.1.3.2)."""
    attributes: dict[str, str] = {}
    for name in ATTRIBUTES:
        value = headers.get(f"ce-{name}")
        if value is not None:
            attributes[name] = urllib.parse.unquote(value, errors="replace")
    missing = [name for name in ATTRIBUTES[:4] if name not in attributes]
    if missing:
        return reading.refuse(
            events.RefusalReason.MISSING_FIELD,
            field=f"/{missing[0]}",
            wanted=f"a header ce-{missing[0]}",
            got="none",
        )
    if body and not is_json(media_type):
        return reading.refuse(
            events.RefusalReason.UNSUPPORTED_MEDIA_TYPE, wanted="JSON data", got=media_type or "no media type"
        )
    return Envelope(
        specversion=attributes["specversion"],
        id=attributes["id"],
        source=attributes["source"],
        type=attributes["type"],
        subject=attributes.get("subject"),
        time=attributes.get("time"),
        data=msgspec.Raw(body or b"null"),
    )


def is_json(media_type: str) -> bool:
    """Whether data of a media type is JSON (CloudEvents JSON format, 3.1)."""
    essence = media_type.partition(";")[0].strip().lower()
    return essence.endswith(("/json", "+json"))
