"""What machines send and get, as records: the answers are made from them, the OpenAPI document is made of them."""

import datetime as dt

import msgspec

from signalpost.channels import print_spool
from signalpost.govern import drift
from signalpost.vocabulary import library, records


class ReleaseSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A release as lists show it."""

    ref: str
    title: str
    state: library.ReleaseState
    created_at: dt.datetime
    effective_from: dt.datetime | None
    effective_to: dt.datetime | None
    live_at: dt.datetime | None
    changes: int


class Releases(msgspec.Struct, frozen=True, kw_only=True):
    """The latest releases, the latest first."""

    releases: tuple[ReleaseSummary, ...]


class ChangedItem(msgspec.Struct, frozen=True, kw_only=True):
    """An item that a release changes; an empty digest takes it out of use."""

    kind: library.Kind
    name: str
    digest: str
    base: str


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A step of a review that was taken."""

    role: str
    person: str
    at: dt.datetime


class ReleaseDetail(msgspec.Struct, frozen=True, kw_only=True):
    """A release with what it changes and its review."""

    ref: str
    title: str
    state: library.ReleaseState
    author: str
    digest: str
    created_at: dt.datetime
    due_at: dt.datetime | None
    effective_from: dt.datetime | None
    effective_to: dt.datetime | None
    live_at: dt.datetime | None
    over_at: dt.datetime | None
    reason: str
    changes: tuple[ChangedItem, ...]
    #: Contents that it brings or takes away.
    contents: tuple[library.BoundContent, ...]
    #: Roles whose approvals it needs, in order, and the steps taken.
    review: tuple[str, ...]
    sign_offs: tuple[Step, ...]


class Drifts(msgspec.Struct, frozen=True, kw_only=True):
    """What of the live library does not fit any more."""

    drift: tuple[drift.Drift, ...]


class EventsTaken(msgspec.Struct, frozen=True, kw_only=True):
    """How many events of a body are stored."""

    accepted: int
    #: Stored before, with the same content.
    repeated: int


class ReceiptsTaken(msgspec.Struct, frozen=True, kw_only=True):
    """How many of the reported states are news."""

    receipts: int


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """Why one event was not accepted."""

    #: Place in the batch, from 0.
    position: int
    reason: str
    #: JSON Pointer (RFC 6901), "" for the body.
    field: str
    wanted: str
    got: str
    source: str
    id: str


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Problem details (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    #: JSON Pointer to the field that it is about.
    field: str = ""
    accepted: int | msgspec.UnsetType = msgspec.UNSET
    repeated: int | msgspec.UnsetType = msgspec.UNSET
    refused: tuple[Refused, ...] = ()


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """An access token (RFC 6749, section 5.1)."""

    access_token: str
    expires_in: int
    token_type: str
    scope: str


class TokenRefused(msgspec.Struct, frozen=True, kw_only=True):
    """Why there is no token (RFC 6749, section 5.2)."""

    error: str
    error_description: str = ""


#: CloudEvents 1.0 in JSON; further members are extensions.
CLOUD_EVENT: "dict[str, records.Json]" = {
    "title": "CloudEvent",
    "description": "CloudEvents 1.0 in JSON. `data` is what the contract of the type says.",
    "type": "object",
    "required": ["specversion", "id", "source", "type"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "minLength": 1},
        "source": {"type": "string", "minLength": 1, "format": "uri-reference"},
        "type": {"type": "string", "minLength": 1},
        "subject": {"type": "string", "description": "The device, account, premise or area that it is about."},
        "time": {"type": "string", "format": "date-time"},
        "datacontenttype": {"type": "string"},
        "dataschema": {"type": "string", "format": "uri"},
        "data": {"type": "object"},
    },
}

#: What a print shop reports, of a letter or of a whole batch, as the manifest names them.
PRINT_STATUS: "dict[str, records.Json]" = {
    "title": "PrintStatus",
    "type": "array",
    "items": {
        "type": "object",
        "required": ["status", "at"],
        "properties": {
            "status": {"enum": [*print_spool.REPORTED]},
            "at": {"type": "string", "format": "date-time"},
            "delivery": {"type": "string"},
            "batch": {"type": "string"},
            "detail": {"type": "string"},
        },
    },
}

#: Client credentials (RFC 6749, section 4.4); the client names itself with HTTP Basic.
TOKEN_REQUEST: "dict[str, records.Json]" = {
    "title": "TokenRequest",
    "type": "object",
    "required": ["grant_type"],
    "properties": {
        "grant_type": {"const": "client_credentials"},
        "scope": {"type": "string", "description": "Scopes separated by spaces; all that the client has by default."},
    },
}
