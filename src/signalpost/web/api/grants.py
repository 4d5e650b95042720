"""Access tokens for client credentials (RFC 6749, section 4.4); the toolkit issues them.

The toolkit knows further grants and trusts what it is sent to be text that a database takes; both end here.
"""

import base64
import binascii
import http
from typing import Literal
from urllib import parse

import msgspec
from django.http import HttpRequest, HttpResponse
from oauth2_provider import views as oauth2

from signalpost.web import routes
from signalpost.web.api import shapes
from signalpost.web.api.door import Call

#: Largest request for a token.
BODY_BYTES = 8_192
#: Most fields in one.
FIELDS = 20

_issue = oauth2.TokenView.as_view()


def post_token(request: HttpRequest, call: Call) -> HttpResponse:
    """An access token, in JSON, or the error that the standard has for it."""
    media_type, _, parameters = call.media_type.partition(";")
    if media_type.strip().lower() != routes.FORM or parameters.strip().lower() not in {"", "charset=utf-8"}:
        return _refused("invalid_request", f"the body: wanted {routes.FORM} in UTF-8, got another media type")
    if len(call.body) > BODY_BYTES:
        return _refused("invalid_request", f"the body: wanted at most {BODY_BYTES} bytes, got {len(call.body)}")
    try:
        fields = parse.parse_qsl(call.body.decode(), keep_blank_values=True, max_num_fields=FIELDS)
    except ValueError:
        return _refused("invalid_request", f"the body: wanted at most {FIELDS} fields in UTF-8, got something else")
    if any("\x00" in text for field in fields for text in field) or not _is_storable(request):
        return _refused("invalid_request", "wanted text without U+0000, got one with it")
    if [value for name, value in fields if name == "grant_type"] != ["client_credentials"]:
        return _refused("unsupported_grant_type", "grant_type: wanted 'client_credentials', got another or none")
    issued: HttpResponse = _issue(request)
    return issued


def _is_storable(request: HttpRequest) -> bool:
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return True
    try:
        return "\x00" not in parse.unquote_plus(base64.b64decode(given).decode())
    except (binascii.Error, ValueError):
        return True  # what is no Basic authorization is refused by the toolkit


def _refused(error: Literal["invalid_request", "unsupported_grant_type"], description: str) -> HttpResponse:
    answer = shapes.TokenRefused(error=error, error_description=description)
    return HttpResponse(
        msgspec.json.encode(answer),
        status=http.HTTPStatus.BAD_REQUEST,
        content_type=routes.JSON,
        headers={"Cache-Control": "no-store"},
    )
