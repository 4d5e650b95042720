"""The API for machines: events in, print status in, preferences out and in. Parse, ask an act, answer.

Events are answered 202 only after they are stored. What is wrong is an RFC 9457 problem: what, which field, wanted,
got.
"""

import http

import msgspec
from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from signalpost import settings
from signalpost.acts import prefer, together
from signalpost.acts import request as acts
from signalpost.acts.prefer import document, flaws
from signalpost.vocabulary import events
from signalpost.web import routes
from signalpost.web.api import openapi, problems, shapes
from signalpost.web.api.door import Call

#: Problem status for each reason a single event can be refused with; 422 for the others.
STATUS = {
    events.RefusalReason.TOO_LARGE: http.HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    events.RefusalReason.UNSUPPORTED_MEDIA_TYPE: http.HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    events.RefusalReason.CONFLICT: http.HTTPStatus.CONFLICT,
    events.RefusalReason.MALFORMED: http.HTTPStatus.BAD_REQUEST,
    events.RefusalReason.TOO_DEEP: http.HTTPStatus.BAD_REQUEST,
}
#: The same for a change of preferences.
PREFER_STATUS = {
    flaws.Reason.UNKNOWN_PARTY: http.HTTPStatus.NOT_FOUND,
    flaws.Reason.MALFORMED: http.HTTPStatus.BAD_REQUEST,
    flaws.Reason.TOO_DEEP: http.HTTPStatus.BAD_REQUEST,
}
_REMEMBERED_HEADERS = ("HTTP_CE_", "HTTP_IDEMPOTENCY_KEY")
_together = together.Together()


def get_openapi(request: HttpRequest, call: Call) -> HttpResponse:
    """What machines can ask for (OpenAPI 3.1)."""
    del request, call
    return _json(http.HTTPStatus.OK, openapi.document(_settings().url()))


def post_events(request: HttpRequest, call: Call) -> HttpResponse:
    """CloudEvents 1.0 over HTTP: structured, batched or binary."""
    read = _settings()
    # Not `request.headers`: to make it costs as much as all that is done with an event before it is stored.
    headers = tuple(
        (name.removeprefix("HTTP_").replace("_", "-").lower(), value)
        for name, value in request.META.items()
        if name.startswith(_REMEMBERED_HEADERS)
    )
    limits = events.Limits(max_body_bytes=read.max_body_bytes, max_batch_events=read.max_batch_events)
    return _answered(_together.accept(_raw("http", call, headers), limits))


def post_print_status(request: HttpRequest, call: Call) -> HttpResponse:
    """What a print shop reports: JSON or CSV."""
    del request
    shop = django_settings.SIGNALPOST_SPOOL()
    if not shop.understand(call.body, call.media_type):
        return problems.problem(
            http.HTTPStatus.UNPROCESSABLE_ENTITY,
            title="Not understood",
            detail="the body: wanted reports of letters or batches that were handed over, got none that is understood",
            kind=events.RefusalReason.INVALID_FIELD,
        )
    return _json(
        http.HTTPStatus.ACCEPTED, shapes.ReceiptsTaken(receipts=acts.take_returns([_raw("print", call)], shop))
    )


def get_preferences(request: HttpRequest, call: Call) -> HttpResponse:
    """How a party is written to."""
    del request
    return _shown(prefer.show(call.arguments["party"]))


def patch_preferences(request: HttpRequest, call: Call) -> HttpResponse:
    """Change how a party is written to: a JSON merge patch (RFC 7396)."""
    del request
    if call.media_type.partition(";")[0].strip().lower() not in {routes.MERGE_PATCH, routes.JSON}:
        return problems.problem(
            http.HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            title="Not changed",
            detail=f"the body: wanted {routes.MERGE_PATCH} or {routes.JSON}, got another media type",
            kind=events.RefusalReason.UNSUPPORTED_MEDIA_TYPE,
            headers={"Accept-Patch": f"{routes.MERGE_PATCH}, {routes.JSON}"},
        )
    return _shown(prefer.change(call.arguments["party"], call.body, by=call.client))


def _shown(found: document.Preferences | flaws.Refused) -> HttpResponse:
    if isinstance(found, document.Preferences):
        return _json(http.HTTPStatus.OK, found)
    return problems.problem(
        PREFER_STATUS.get(found.reason, http.HTTPStatus.UNPROCESSABLE_ENTITY),
        title="Not found" if found.reason == flaws.Reason.UNKNOWN_PARTY else "Not changed",
        detail=f"{found.field or 'the body'}: wanted {found.wanted}, got {found.got}",
        kind=found.reason,
        members={"field": found.field},
    )


def _raw(channel: str, call: Call, headers: tuple[tuple[str, str], ...] = ()) -> events.Raw:
    return events.Raw(
        channel=channel,
        sender=call.client,
        content_type=call.media_type,
        body=call.body,
        received_at=timezone.now(),
        headers=headers,
    )


def _answered(answer: acts.Answer) -> HttpResponse:
    stored = shapes.EventsTaken(accepted=answer.accepted, repeated=answer.repeated)
    if not answer.refusals:
        return _json(http.HTTPStatus.ACCEPTED, stored)
    first = answer.refusals[0]
    is_whole = answer.accepted + answer.repeated == 0 and len(answer.refusals) == 1
    status = (
        STATUS.get(first.reason, http.HTTPStatus.UNPROCESSABLE_ENTITY) if is_whole else http.HTTPStatus.MULTI_STATUS
    )
    return problems.problem(
        status,
        title="Not accepted" if is_whole else "Some events were not accepted",
        detail=f"{first.field or 'the body'}: wanted {first.wanted}, got {first.got}",
        kind=first.reason,
        members={
            "accepted": stored.accepted,
            "repeated": stored.repeated,
            "refused": [_refusal(refusal) for refusal in answer.refusals],
        },
    )


def _refusal(refusal: events.Refusal) -> shapes.Refused:
    return shapes.Refused(
        position=refusal.position,
        reason=refusal.reason,
        field=refusal.field,
        wanted=refusal.wanted,
        got=refusal.got,
        source=refusal.source,
        id=refusal.id,
    )


def _json(status: int, content: object) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(content), status=status, content_type=routes.JSON)


def _settings() -> settings.Settings:
    found = django_settings.SIGNALPOST
    if not isinstance(found, settings.Settings):
        raise TypeError(f"SIGNALPOST: wanted the settings, got {type(found).__name__}")
    return found
