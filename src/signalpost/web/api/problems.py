"""Problem details for HTTP APIs (RFC 9457)."""

import http
from collections.abc import Mapping

import msgspec
from django.http import HttpResponse

MEDIA_TYPE = "application/problem+json"
#: What `type` begins with; the rest is the closed reason, which the docs explain.
TYPE_PREFIX = "urn:signalpost:problem:"


def problem(
    status: int,
    *,
    title: str,
    detail: str,
    kind: str = "",
    members: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """A problem as a response."""
    content: dict[str, object] = {
        "type": f"{TYPE_PREFIX}{kind or http.HTTPStatus(status).phrase.lower().replace(' ', '_')}",
        "title": title,
        "status": int(status),
        "detail": detail,
        **(members or {}),
    }
    return HttpResponse(
        msgspec.json.encode(content), status=status, content_type=MEDIA_TYPE, headers=dict(headers or {})
    )
