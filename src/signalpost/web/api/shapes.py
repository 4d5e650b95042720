"""What machines send and get, as records: the answers are made from them, the OpenAPI document is made of them."""

import msgspec

from signalpost.channels import print_spool
from signalpost.vocabulary import records


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
