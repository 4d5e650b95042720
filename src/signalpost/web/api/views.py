"""The API for machines: events in, print status in. Parse, ask an act, answer.

Events are answered 202 only after they are stored. What is wrong is an RFC 9457 problem: what, which field, wanted,
got.
"""

import http

import msgspec
from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from signalpost import settings
from signalpost.acts import request as acts
from signalpost.vocabulary import events
from signalpost.web.api import problems, rates, tokens

#: Problem status for each reason a single event can be refused with.
STATUS = {
    events.RefusalReason.TOO_LARGE: http.HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    events.RefusalReason.UNSUPPORTED_MEDIA_TYPE: http.HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    events.RefusalReason.CONFLICT: http.HTTPStatus.CONFLICT,
    events.RefusalReason.MALFORMED: http.HTTPStatus.BAD_REQUEST,
    events.RefusalReason.TOO_DEEP: http.HTTPStatus.BAD_REQUEST,
}
_REMEMBERED_HEADERS = ("ce-", "idempotency-key")


@csrf_exempt
@require_POST
def post_events(request: HttpRequest) -> HttpResponse:
    """CloudEvents 1.0 over HTTP: structured, batched or binary. Scope `events:write`."""
    read = _settings()
    client = tokens.client_of(request, scope="events:write")
    if isinstance(client, HttpResponse):
        return client
    wait = rates.wait_seconds(client, per_second=read.rate_per_second, burst=read.rate_burst)
    if wait:
        return problems.problem(
            http.HTTPStatus.TOO_MANY_REQUESTS,
            title="Too many requests",
            detail=f"wanted at most {read.rate_per_second:g} requests a second",
            headers={"Retry-After": str(wait)},
        )
    body = _body(request, read)
    if isinstance(body, HttpResponse):
        return body
    raw = events.Raw(
        channel="http",
        sender=client,
        content_type=request.headers.get("content-type", ""),
        body=body,
        received_at=timezone.now(),
        headers=tuple(
            (name.lower(), value)
            for name, value in request.headers.items()
            if name.lower().startswith(_REMEMBERED_HEADERS)
        ),
    )
    limits = events.Limits(max_body_bytes=read.max_body_bytes, max_batch_events=read.max_batch_events)
    (answer,) = acts.accept([raw], limits)
    return _answered(answer)


@csrf_exempt
@require_POST
def post_print_status(request: HttpRequest) -> HttpResponse:
    """What a print shop reports: JSON or CSV. Scope `status:write`."""
    client = tokens.client_of(request, scope="status:write")
    if isinstance(client, HttpResponse):
        return client
    body = _body(request, _settings())
    if isinstance(body, HttpResponse):
        return body
    raw = events.Raw(
        channel="print",
        sender=client,
        content_type=request.headers.get("content-type", ""),
        body=body,
        received_at=timezone.now(),
    )
    new = acts.take_returns([raw], django_settings.SIGNALPOST_SPOOL())
    return _json(http.HTTPStatus.ACCEPTED, {"receipts": new})


def _answered(answer: acts.Answer) -> HttpResponse:
    stored = {"accepted": answer.accepted, "repeated": answer.repeated}
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
        members={**stored, "refused": [_refusal(refusal) for refusal in answer.refusals]},
    )


def _refusal(refusal: events.Refusal) -> dict[str, object]:
    return {
        "position": refusal.position,
        "reason": refusal.reason,
        "field": refusal.field,
        "wanted": refusal.wanted,
        "got": refusal.got,
        "source": refusal.source,
        "id": refusal.id,
    }


def _body(request: HttpRequest, read: settings.Settings) -> bytes | HttpResponse:
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > read.max_body_bytes:
        return problems.problem(
            http.HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            title="Too large",
            detail=f"the body: wanted at most {read.max_body_bytes} bytes, got {length}",
            kind=events.RefusalReason.TOO_LARGE,
        )
    return request.read(read.max_body_bytes + 1)


def _json(status: int, content: object) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(content), status=status, content_type="application/json")


def _settings() -> settings.Settings:
    found = django_settings.SIGNALPOST
    if not isinstance(found, settings.Settings):
        raise TypeError(f"SIGNALPOST: wanted the settings, got {type(found).__name__}")
    return found
