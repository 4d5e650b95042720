"""Facts and their seals: the base of every record, its canonical form, and the hash-chained log.

A record that is stored or hashed has exactly one byte form: `canonical`. The log is a chain: each `Seal` covers the
fact's canonical bytes and the seal before it, so a changed, removed or inserted fact is found at its own sequence
number (`first_break`), without the database and offline.
"""

import datetime as dt
import enum
import hashlib
from typing import TypeAlias, TypeVar

import msgspec

#: The seal before the first one.
GENESIS = "0" * 64
#: Characters of a derived reference (100 bits of SHA-256 in Crockford's base 32).
REFERENCE_LENGTH_CHARACTERS = 20

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
#: The last bits of the hash, least significant digit first, two digits at a time: a third of the time of one by one.
_PAIRS = tuple(low + high for high in _ALPHABET for low in _ALPHABET)
_PAIR_MASK = len(_PAIRS) - 1
_PAIR_SHIFTS = tuple(range(0, REFERENCE_LENGTH_CHARACTERS * 5, 10))
_REFERENCE_BYTES = 13

_R = TypeVar("_R")

#: Any JSON value, where a contract and not the code says what is in it.
Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An immutable value with a canonical JSON form. Fields with their default are still written.

    A record that is hashed and gets a further field leaves it out while it has its default (`omit_defaults=True`), so
    that what was hashed before keeps its digest; the fields it had before are `written` all the same.
    """


def written(default: _R) -> _R:
    """A default that is written, in a record that leaves other defaults out."""
    return msgspec.field(default_factory=lambda: default)


_encoder = msgspec.json.Encoder(order="sorted", decimal_format="string")


def canonical(value: object) -> bytes:
    """The one byte form of a record or plain JSON value: sorted keys, no spaces, UTF-8, decimals as strings."""
    return _encoder.encode(value)


def decode(data: bytes | str, as_type: type[_R]) -> _R:
    """Read a record back from its JSON form.

    Raises:
        msgspec.ValidationError: names the path, the wanted and the given type.
    """
    return msgspec.json.decode(data, type=as_type)


def digest(data: bytes) -> str:
    """SHA-256 as 64 lowercase hexadecimal digits: the name of a document and the link of the log."""
    return hashlib.sha256(data).hexdigest()


def reference(*parts: str) -> str:
    """A short name derived from its parts: the same parts always give the same one.

    It is what makes a decision repeatable without being made twice: the name of a notice is derived from the change,
    the party and the communication type. Parts are length-prefixed, so `("a", "bc")` and `("ab", "c")` differ.
    """
    encoded = [part.encode() for part in parts]
    joined = b"".join([len(part).to_bytes(4, "big") + part for part in encoded])
    number = int.from_bytes(hashlib.sha256(joined).digest()[-_REFERENCE_BYTES:], "big")
    return "".join([_PAIRS[number >> shift & _PAIR_MASK] for shift in _PAIR_SHIFTS])


class FactKind(enum.StrEnum):
    """What the log can hold. One entry per thing that became true and must be provable."""

    EVENT_ACCEPTED = "event_accepted"
    EVENT_REFUSED = "event_refused"
    SITUATION_CHANGED = "situation_changed"
    ESTIMATE_STATED = "estimate_stated"
    NOTICE_DECIDED = "notice_decided"
    NOTICE_WITHHELD = "notice_withheld"
    COMMUNICATION_COMPOSED = "communication_composed"
    DELIVERY_ATTEMPTED = "delivery_attempted"
    DELIVERY_CHANGED = "delivery_changed"
    TEMPLATE_APPROVED = "template_approved"
    RELEASE_SUBMITTED = "release_submitted"
    RELEASE_SIGNED = "release_signed"
    RELEASE_SENT_BACK = "release_sent_back"
    RELEASE_APPROVED = "release_approved"
    RELEASE_LIVE = "release_live"
    #: Its time came, but what is live is another than when it was made.
    RELEASE_HELD = "release_held"
    RELEASE_WITHDRAWN = "release_withdrawn"
    #: Its time is over.
    RELEASE_ENDED = "release_ended"
    #: The nightly look at the library found something that fits no more.
    DRIFT_FOUND = "drift_found"
    STAFF_ACTED = "staff_acted"
    DOCUMENT_READ = "document_read"
    PREFERENCE_CHANGED = "preference_changed"


class Fact(Record, frozen=True, kw_only=True):
    """One thing that became true, as it goes into the log."""

    kind: FactKind
    #: The reference of what it is about: a communication, an event, an incident.
    subject: str
    #: When it became true, UTC.
    at: dt.datetime
    #: Canonical JSON of the details; never a person's name or address, only references and digests.
    body: str


class Seal(Record, frozen=True, kw_only=True):
    """The place of a fact in the chain."""

    #: 1, 2, 3 … without gaps.
    sequence: int
    previous: str
    digest: str


class ChainBreak(Record, frozen=True, kw_only=True):
    """Where a chain stops being true, and how."""

    sequence: int
    wanted: str
    got: str


def is_digest(text: str) -> bool:
    """Whether the text is a SHA-256 digest as `digest` writes it."""
    return len(text) == len(GENESIS) and all(character in "0123456789abcdef" for character in text)
