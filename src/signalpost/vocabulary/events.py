"""Events: what comes in, in the shape of CloudEvents 1.0, and why something could not come in.

`(source, id)` names an event for ever (CloudEvents 1.0, section "id"): the same pair again is the same event, and a
different body under the same pair is a conflict, never a second event.
"""

import datetime as dt
import enum

from signalpost.vocabulary import records


class Lane(enum.StrEnum):
    """How urgent work is. Urgent work has workers of its own and never waits behind a run."""

    URGENT = "urgent"
    NORMAL = "normal"
    BULK = "bulk"


class RefusalReason(enum.StrEnum):
    """Why an inbound body or one event in it was not accepted. Closed: every value is documented and counted."""

    MALFORMED = "malformed"
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type"
    UNSUPPORTED_VERSION = "unsupported_version"
    MISSING_FIELD = "missing_field"
    INVALID_FIELD = "invalid_field"
    UNKNOWN_TYPE = "unknown_type"
    UNKNOWN_SUBJECT = "unknown_subject"
    TOO_OLD = "too_old"
    IN_FUTURE = "in_future"
    CONFLICT = "conflict"
    UNMAPPED = "unmapped"


class Contract(records.Record, frozen=True, kw_only=True):
    """What an event of one type must look like. Kept by the business side, checked against templates."""

    #: CloudEvents `type`, reverse-DNS or dotted: `device.last_gasp`.
    type: str
    #: JSON Schema 2020-12 of `data`, as JSON text.
    data_schema: str
    lane: Lane = Lane.NORMAL
    #: An event older than this on arrival is refused as too old; `None` takes any age.
    max_age_seconds: int | None = None
    #: How far ahead of our clock an event's time may lie.
    max_ahead_seconds: int = 300
    #: What `subject` names: `device`, `account`, `premise`, `area`, `incident`, `case`, or "" for none.
    subject_kind: str = ""


class Raw(records.Record, frozen=True, kw_only=True):
    """One inbound body as it arrived, before anyone has understood it."""

    #: Which of our sources took it: `http`, `mqtt`, `files`, `portal`, `smpp`.
    channel: str
    #: Who is speaking, as authenticated: an OAuth2 client, an MQTT user and topic, a file name.
    sender: str
    content_type: str
    body: bytes
    received_at: dt.datetime
    #: Lower-case `ce-*` headers and the like, in the order of arrival.
    headers: tuple[tuple[str, str], ...] = ()


class Event(records.Record, frozen=True, kw_only=True):
    """An accepted event: understood, checked against its contract, times settled to UTC."""

    source: str
    id: str
    type: str
    #: The reference of what it is about; "" when the contract has no subject.
    subject: str
    occurred_at: dt.datetime
    received_at: dt.datetime
    lane: Lane
    #: Canonical JSON of `data`.
    data: str
    #: SHA-256 over type, subject, time and data: tells a repeat from a conflict.
    digest: str

    @property
    def key(self) -> tuple[str, str]:
        """The dedupe key."""
        return (self.source, self.id)


class Refusal(records.Record, frozen=True, kw_only=True):
    """Why one event was not accepted: what, which field, wanted, got. An RFC 9457 problem and a quarantine row."""

    reason: RefusalReason
    #: JSON Pointer (RFC 6901) to the offending place, "" for the whole body.
    field: str
    wanted: str
    #: What was there, shortened to 200 characters, never a whole payload.
    got: str
    #: Position of the event in a batch, 0 for a single one.
    position: int = 0
    source: str = ""
    id: str = ""


class MappingRule(records.Record, frozen=True, kw_only=True, cache_hash=True):
    """How a device's own JSON message becomes an event: declarative, per MQTT topic. First match in order wins.

    Expressions are CEL over `topic` (list of levels), `message` (the decoded JSON) and `received_at` (timestamp).
    """

    name: str
    #: MQTT topic filter with `+` and `#` (MQTT 5, 4.7).
    topic_filter: str
    #: CEL, must be true for the rule to apply; "" is always.
    when: str
    type: str
    #: CEL giving a string each.
    subject: str
    id: str
    #: CEL giving a timestamp, or "" for the time of arrival.
    occurred_at: str
    #: Member of `data` → CEL.
    data: tuple[tuple[str, str], ...] = ()


class Limits(records.Record, frozen=True, kw_only=True):
    """How much one inbound body may hold."""

    max_body_bytes: int = 4_194_304
    max_batch_events: int = 10_000
    #: Nesting of objects and arrays in `data`.
    max_depth_levels: int = 32
    #: Of `id`, `source`, `type` and `subject` each.
    max_attribute_characters: int = 1024


class Accepted(records.Record, frozen=True, kw_only=True):
    """What `accept` made of one body: the events in it, and what it refused."""

    events: tuple[Event, ...] = ()
    refusals: tuple[Refusal, ...] = ()
