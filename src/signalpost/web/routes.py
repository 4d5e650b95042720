"""Every address the web server answers, and who may ask for it: one table.

`urls` is derived from it, the door of the API asks it for scopes, the OpenAPI document and the matrix of routes and
roles in the docs are made from it, and a test walks the addresses that Django knows and fails for one that is not here.
It holds data alone; what answers is named in `urls`. The pages of the console stand, with the right each asks for, in
`console.urls.PAGES`: a new one is a row there, and nothing else.
"""

import enum
from collections.abc import Mapping

import msgspec

from signalpost.govern import staff

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
CLOUD_EVENT = "application/cloudevents+json"
CLOUD_EVENTS = "application/cloudevents-batch+json"
FORM = "application/x-www-form-urlencoded"
CSV = "text/csv"


class Repeat(enum.StrEnum):
    """What the same request again does."""

    #: It reads.
    READS = "reads"
    #: The body itself says that it is the same: an event by `(source, id)`, a merge patch by its result.
    SAME = "same"
    #: The same `Idempotency-Key` and body get the stored answer.
    KEYED = "keyed"
    #: Another answer each time, as its standard has it.
    FRESH = "fresh"


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One answer an operation can give besides the problems that all share."""

    status: int
    meaning: str
    #: Name of its shape in `api.openapi`; "" for a problem.
    shape: str = ""


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One method of one address for machines."""

    method: str
    summary: str
    #: OAuth2 scope it needs; "" for none.
    scope: str = ""
    #: Media type → name of the shape of the body.
    takes: Mapping[str, str] = {}
    answers: tuple[Answer, ...]
    repeat: Repeat


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """One address of the API."""

    name: str
    #: As Django writes it.
    path: str
    operations: tuple[Operation, ...]


class Who(enum.StrEnum):
    """Who gets a page."""

    #: Whoever has the signed link.
    LINK = "link"
    ANYONE = "anyone"
    #: Every member of staff, whatever their role.
    STAFF = "staff"
    SUPERUSER = "superuser"
    #: It is closed: nothing is found there.
    NOBODY = "nobody"
    #: Whoever has the token for figures, or is on this machine where none is set.
    SCRAPER = "scraper"


class Area(msgspec.Struct, frozen=True, kw_only=True):
    """Addresses that begin alike."""

    prefix: str
    who: Who
    #: Of staff, who has this right; `None` for everyone in `who`.
    right: staff.Right | None = None


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One address for people."""

    name: str
    path: str
    who: Who


_NOT_FOUND = Answer(status=404, meaning="There is no such party.")

API = (
    Machine(
        name="openapi",
        path="api/openapi.json",
        operations=(
            Operation(
                method="GET",
                summary="This document",
                answers=(Answer(status=200, meaning="OpenAPI 3.1.", shape="Document"),),
                repeat=Repeat.READS,
            ),
        ),
    ),
    Machine(
        name="token",
        path="api/token",
        operations=(
            Operation(
                method="POST",
                summary="Get an access token for client credentials",
                takes={FORM: "TokenRequest"},
                answers=(
                    Answer(status=200, meaning="An access token.", shape="Token"),
                    Answer(status=400, meaning="The request is not one for client credentials.", shape="TokenRefused"),
                    Answer(status=401, meaning="The client is not known.", shape="TokenRefused"),
                ),
                repeat=Repeat.FRESH,
            ),
        ),
    ),
    Machine(
        name="events",
        path="api/events",
        operations=(
            Operation(
                method="POST",
                summary="Post events (CloudEvents 1.0: structured, batched or binary)",
                scope="events:write",
                takes={CLOUD_EVENT: "CloudEvent", CLOUD_EVENTS: "CloudEvents", JSON: "Data"},
                answers=(
                    Answer(status=202, meaning="All of them are stored.", shape="EventsTaken"),
                    Answer(status=207, meaning="Some are stored; the others are named."),
                    Answer(status=409, meaning="The same source and id came before with other content."),
                    Answer(status=422, meaning="The event is not what its contract says."),
                ),
                repeat=Repeat.SAME,
            ),
        ),
    ),
    Machine(
        name="print-status",
        path="api/print-status",
        operations=(
            Operation(
                method="POST",
                summary="Report what became of letters",
                scope="status:write",
                takes={JSON: "PrintStatus", CSV: "Csv"},
                answers=(
                    Answer(status=202, meaning="The reports are stored.", shape="ReceiptsTaken"),
                    Answer(status=422, meaning="No report in it is understood."),
                ),
                repeat=Repeat.KEYED,
            ),
        ),
    ),
    Machine(
        name="party-preferences",
        path="api/parties/<path:party>/preferences",
        operations=(
            Operation(
                method="GET",
                summary="How a party is written to",
                scope="preferences:read",
                answers=(Answer(status=200, meaning="Their preferences.", shape="Preferences"), _NOT_FOUND),
                repeat=Repeat.READS,
            ),
            Operation(
                method="PATCH",
                summary="Change how a party is written to (JSON merge patch)",
                scope="preferences:write",
                takes={MERGE_PATCH: "PreferencesPatch", JSON: "PreferencesPatch"},
                answers=(
                    Answer(status=200, meaning="Their preferences from now on.", shape="Preferences"),
                    _NOT_FOUND,
                    Answer(status=422, meaning="Nothing was changed: a field is wrong, or the result cannot be."),
                ),
                repeat=Repeat.SAME,
            ),
        ),
    ),
    Machine(
        name="releases",
        path="api/releases",
        operations=(
            Operation(
                method="GET",
                summary="The latest releases",
                scope="library:read",
                answers=(Answer(status=200, meaning="The latest first.", shape="Releases"),),
                repeat=Repeat.READS,
            ),
        ),
    ),
    Machine(
        name="release",
        path="api/releases/<str:release>",
        operations=(
            Operation(
                method="GET",
                summary="What a release changes, and its review",
                scope="library:read",
                answers=(
                    Answer(status=200, meaning="The release.", shape="ReleaseDetail"),
                    Answer(status=404, meaning="There is no such release."),
                ),
                repeat=Repeat.READS,
            ),
        ),
    ),
    Machine(
        name="drift",
        path="api/library/drift",
        operations=(
            Operation(
                method="GET",
                summary="What of the live library does not fit any more",
                scope="library:read",
                answers=(Answer(status=200, meaning="What was found.", shape="Drifts"),),
                repeat=Repeat.READS,
            ),
        ),
    ),
)

PORTAL = (
    Page(name="status", path="s/<str:token>", who=Who.LINK),
    Page(name="unsubscribe", path="u/<str:token>", who=Who.LINK),
    Page(name="preferences", path="p/<str:token>", who=Who.LINK),
)

#: Health and figures, for machines that watch.
WATCH = (
    Page(name="live", path="health/live", who=Who.ANYONE),
    Page(name="ready", path="health/ready", who=Who.ANYONE),
    Page(name="metrics", path="metrics", who=Who.SCRAPER),
)

_UNUSED = (
    *("api", "block-preview", "bulk", "choose-anchor-link", "choose-email-link", "choose-external-link", "choose-page"),
    *("choose-phone-link", "collections", "documents", "failwhale", "images", "pages"),
    *("password_reset", "reports", "snippets", "tag-autocomplete", "test404", "workflows"),
)
#: Working copies of the library: Wagtail's forms below `console/drafts/`. Those that change something are for writers.
_LIBRARY: Mapping[str, staff.Right] = {
    "communications": staff.Right.WRITE,
    "editions": staff.Right.WRITE,
    "texts": staff.Right.WRITE,
    "brands": staff.Right.WRITE,
    "images": staff.Right.WRITE,
    "inserts": staff.Right.WRITE,
    "layouts": staff.Right.WRITE,
    "languages": staff.Right.WRITE,
    "contracts": staff.Right.WRITE_RULES,
}
_WRITING = ("add/", "edit/", "delete/", "lock/", "unlock/", "preview/")
_REVERT = "history/<int:pk>/revisions/<int:revision_id>/revert/"

#: Addresses that libraries bring, by how they begin; the console's own stand in `console.urls`. Parts of Wagtail that
#: nothing here uses are closed: what uses one takes it off `_UNUSED` and says who gets it.
LIBRARIES = (
    Area(prefix="console/login/", who=Who.ANYONE),
    Area(prefix="console/sprite/", who=Who.ANYONE),
    Area(prefix="console/jsi18n/", who=Who.ANYONE),
    Area(prefix="console/leave/", who=Who.STAFF),
    Area(prefix="console/logout/", who=Who.STAFF),
    Area(prefix="console/confirm/", who=Who.STAFF),
    Area(prefix="console/second-factor/", who=Who.STAFF),
    Area(prefix="console/account/", who=Who.STAFF),
    Area(prefix="console/dismissibles/", who=Who.STAFF),
    Area(prefix="console/users/", who=Who.SUPERUSER),
    Area(prefix="console/groups/", who=Who.SUPERUSER),
    Area(prefix="console/editing-sessions/", who=Who.STAFF),
    *(
        Area(prefix=f"console/drafts/{place}/{what}", who=Who.STAFF, right=right)
        for place, right in _LIBRARY.items()
        for what in (*_WRITING, _REVERT)
    ),
    *(Area(prefix=f"console/drafts/{place}/", who=Who.STAFF, right=staff.Right.SEE) for place in _LIBRARY),
    *(Area(prefix=f"console/{name}/", who=Who.NOBODY) for name in _UNUSED),
    # What is nothing, which Wagtail says to staff and asks others to log in for.
    Area(prefix="console/^", who=Who.STAFF),
)
#: The addresses that are closed, as a regular expression.
CLOSED = f"^console/(?:{'|'.join(_UNUSED)})(?:/|$)"
#: What else begins like the API: there is nothing, and machines are told in their own form.
NOWHERE = "^api/"
