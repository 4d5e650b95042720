"""Who is calling: OAuth2 access tokens (RFC 6750) and the scopes of each client.

To verify a token takes longer than to store an event, so one that was good is remembered for some seconds: so long a
token that was revoked may still be used, never beyond its own end.
"""

import datetime as dt
import hashlib
import http
import threading
import time
from collections.abc import Sequence
from typing import NamedTuple, Protocol, cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from oauth2_provider.oauth2_backends import get_oauthlib_core
from oauth2_provider.scopes import BaseScopes

from signalpost.acts import access
from signalpost.store.models import ClientScope
from signalpost.web.api import problems

#: How long a token that was verified is not verified again.
REMEMBERED_SECONDS = 5.0
#: Tokens remembered at once; beyond, all are verified anew.
TOKENS_REMEMBERED = 10_000


class _Client(Protocol):
    client_id: str


class _Token(Protocol):
    expires: dt.datetime
    #: Addresses it is confined to (RFC 8707).
    resource: Sequence[str]


class _Verified(Protocol):
    client: _Client
    access_token: _Token


class _Remembered(NamedTuple):
    """A token that was verified."""

    client: str
    #: By `time.monotonic`.
    until: float


_lock = threading.Lock()
#: By token, which is kept as a digest, and scope.
_remembered: dict[tuple[bytes, str], _Remembered] = {}


class _Core(Protocol):
    """What is used of the toolkit's core, which has no types."""

    def verify_request(self, request: HttpRequest, scopes: Sequence[str]) -> tuple[bool, _Verified]: ...


class ClientScopes(BaseScopes):
    """A client may ask for what it was given, and gets it when it asks for nothing in particular."""

    def get_all_scopes(self) -> dict[str, str]:
        """Every scope with its words for people."""
        return dict(access.SCOPES)

    def get_available_scopes(
        self, application: object = None, request: object = None, *args: object, **more: object
    ) -> list[str]:
        """What this client may ask for."""
        del request, args, more
        client_id = application.client_id if application is not None else ""  # type: ignore[attr-defined]
        found = ClientScope.objects.filter(client_id=client_id).first()
        return list(found.scopes) if found else []

    def get_default_scopes(
        self, application: object = None, request: object = None, *args: object, **more: object
    ) -> list[str]:
        """What it gets when it asks for nothing."""
        return self.get_available_scopes(application, request, *args, **more)


def client_of(request: HttpRequest, *, scope: str) -> str | HttpResponse:
    """Name of the client whose token allows the scope, or the refusal to send back."""
    given: str = request.META.get("HTTP_AUTHORIZATION", "")
    key = hashlib.sha256(given.encode("utf-8", "surrogateescape")).digest(), scope
    known = _remembered.get(key)
    if known is not None and time.monotonic() < known.until:
        return known.client
    is_valid, found = _core().verify_request(request, [scope])
    has_token = given.lower().startswith("bearer ")
    if is_valid:
        if has_token and not found.access_token.resource:
            _remember(key, found)
        return f"client:{found.client.client_id}"
    status = http.HTTPStatus.FORBIDDEN if has_token and _is_known(request) else http.HTTPStatus.UNAUTHORIZED
    got = "another scope" if status == http.HTTPStatus.FORBIDDEN else "none that is valid"
    return problems.problem(
        status,
        title="Not allowed",
        detail=f"wanted an access token with scope {scope!r}, got {got}",
        headers={"WWW-Authenticate": f'Bearer realm="signalpost", scope="{scope}"'},
    )


def forget() -> None:
    """Verify every token anew."""
    with _lock:
        _remembered.clear()


def _remember(key: tuple[bytes, str], found: _Verified) -> None:
    left_seconds = (found.access_token.expires - timezone.now()).total_seconds()
    kept = _Remembered(f"client:{found.client.client_id}", time.monotonic() + min(left_seconds, REMEMBERED_SECONDS))
    with _lock:
        if len(_remembered) >= TOKENS_REMEMBERED:
            _remembered.clear()
        _remembered[key] = kept


def _is_known(request: HttpRequest) -> bool:
    is_valid, _ = _core().verify_request(request, [])
    return bool(is_valid)


def _core() -> _Core:
    return cast("_Core", get_oauthlib_core())
