"""Who is calling: OAuth2 access tokens (RFC 6750) and the scopes of each client."""

import http
from collections.abc import Sequence
from typing import Protocol, cast

from django.http import HttpRequest, HttpResponse
from oauth2_provider.oauth2_backends import get_oauthlib_core
from oauth2_provider.scopes import BaseScopes

from signalpost.acts import access
from signalpost.store.models import ClientScope
from signalpost.web.api import problems


class _Client(Protocol):
    client_id: str


class _Verified(Protocol):
    client: _Client


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
    is_valid, found = _core().verify_request(request, [scope])
    if is_valid:
        return f"client:{found.client.client_id}"
    has_token = request.headers.get("authorization", "").lower().startswith("bearer ")
    status = http.HTTPStatus.FORBIDDEN if has_token and _is_known(request) else http.HTTPStatus.UNAUTHORIZED
    got = "another scope" if status == http.HTTPStatus.FORBIDDEN else "none that is valid"
    return problems.problem(
        status,
        title="Not allowed",
        detail=f"wanted an access token with scope {scope!r}, got {got}",
        headers={"WWW-Authenticate": f'Bearer realm="signalpost", scope="{scope}"'},
    )


def _is_known(request: HttpRequest) -> bool:
    is_valid, _ = _core().verify_request(request, [])
    return bool(is_valid)


def _core() -> _Core:
    return cast("_Core", get_oauthlib_core())
