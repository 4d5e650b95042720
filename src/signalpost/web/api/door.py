"""The door of the API: method, token, scope, rate, size and repetition are settled here, by the table of routes.

What answers behind it gets the name of the client and the whole body, and only requests that may be made.
"""

import http
import re
from collections.abc import Callable, Mapping

import msgspec
from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from signalpost import settings
from signalpost.acts import repeat
from signalpost.vocabulary import events, records
from signalpost.web import routes
from signalpost.web.api import problems, rates, tokens

#: Longest `Idempotency-Key`.
KEY_CHARACTERS = 200
#: A string of RFC 8941 (section 3.3.3), as the draft demands, or the bare text that many clients send.
_KEY = re.compile(rf'"(?P<string>[ !#-\[\]-~]{{1,{KEY_CHARACTERS}}})"|(?P<bare>[!#-~]{{1,{KEY_CHARACTERS}}})')


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A request that may be made."""

    #: `client:` and its OAuth2 id; "" where no scope is needed.
    client: str
    media_type: str
    body: bytes
    #: What the address names.
    arguments: Mapping[str, str]


Handler = Callable[[HttpRequest, Call], HttpResponse]


def door(machine: routes.Machine, handlers: Mapping[str, Handler]) -> Callable[..., HttpResponse]:
    """The view of one address: what answers each of its methods, behind the checks that the table demands."""
    operations = {operation.method: operation for operation in machine.operations}
    if set(operations) != set(handlers):
        raise LookupError(f"{machine.path}: wanted a handler for each of {sorted(operations)}, got {sorted(handlers)}")

    @csrf_exempt  # no cookie is looked at: the token is the authority
    def view(request: HttpRequest, **arguments: str) -> HttpResponse:
        method = "GET" if request.method == "HEAD" else str(request.method)
        operation = operations.get(method)
        if operation is None:
            return problems.problem(
                http.HTTPStatus.METHOD_NOT_ALLOWED,
                title="Method not allowed",
                detail=f"wanted one of {', '.join(sorted(operations))}, got another",
                headers={"Allow": ", ".join(sorted(operations))},
            )
        call = _admitted(request, operation, arguments)
        if isinstance(call, HttpResponse):
            return call
        key = request.META.get("HTTP_IDEMPOTENCY_KEY")
        if operation.repeat == routes.Repeat.KEYED and key is not None:
            return _once(request, call, handlers[method], key)
        return handlers[method](request, call)

    return view


@csrf_exempt
def nowhere(request: HttpRequest) -> HttpResponse:
    """There is no such address."""
    del request
    return problems.problem(
        http.HTTPStatus.NOT_FOUND, title="Not found", detail="wanted an address of /api/openapi.json, got another"
    )


def _admitted(request: HttpRequest, operation: routes.Operation, arguments: Mapping[str, str]) -> Call | HttpResponse:
    read = _settings()
    client = ""
    if operation.scope:
        found = tokens.client_of(request, scope=operation.scope)
        if isinstance(found, HttpResponse):
            return found
        client = found
        wait = rates.wait_seconds(client, per_second=read.rate_per_second, burst=read.rate_burst)
        if wait:
            return problems.problem(
                http.HTTPStatus.TOO_MANY_REQUESTS,
                title="Too many requests",
                detail=f"wanted at most {read.rate_per_second:g} requests a second",
                headers={"Retry-After": str(wait)},
            )
    body = _body(request, read.max_body_bytes)
    if isinstance(body, HttpResponse):
        return body
    return Call(client=client, media_type=request.META.get("CONTENT_TYPE", ""), body=body, arguments=dict(arguments))


def _body(request: HttpRequest, limit_bytes: int) -> bytes | HttpResponse:
    length = request.META.get("CONTENT_LENGTH", "")
    if length.isdecimal() and int(length) > limit_bytes:
        return problems.problem(
            http.HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            title="Too large",
            detail=f"the body: wanted at most {limit_bytes} bytes, got {length}",
            kind=events.RefusalReason.TOO_LARGE,
        )
    # WSGI gives at most as many bytes as the header says (PEP 3333).
    return request.body


def _once(request: HttpRequest, call: Call, handler: Handler, given: str) -> HttpResponse:
    found = _KEY.fullmatch(given)
    if found is None:
        return problems.problem(
            http.HTTPStatus.BAD_REQUEST,
            title="Not a key",
            detail=f"Idempotency-Key: wanted a quoted string of 1 to {KEY_CHARACTERS} characters, got something else",
            kind="invalid_key",
        )

    def carry_out() -> repeat.Answer:
        made = handler(request, call)
        return repeat.Answer(status=made.status_code, media_type=made.headers["Content-Type"], body=made.content)

    fingerprint = records.digest(
        records.canonical([str(request.method), request.path, call.media_type, records.digest(call.body)])
    )
    answer = repeat.once(call.client, found["string"] or found["bare"], fingerprint=fingerprint, carry_out=carry_out)
    if isinstance(answer, repeat.Reused):
        return problems.problem(
            http.HTTPStatus.CONFLICT,
            title="Key used before",
            detail="Idempotency-Key: wanted a new key for another request, got one that named a different one",
            kind="key_reused",
        )
    return HttpResponse(answer.body, status=answer.status, content_type=answer.media_type)


def _settings() -> settings.Settings:
    found = django_settings.SIGNALPOST
    if not isinstance(found, settings.Settings):
        raise TypeError(f"SIGNALPOST: wanted the settings, got {type(found).__name__}")
    return found
