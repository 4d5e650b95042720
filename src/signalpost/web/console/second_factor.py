"""The second factor of staff: an authenticator app or a security key, on top of the password.

`signalpost user` gives the password. Whoever wants to (or must, by `require_mfa`) adds a factor in the console.
"""

import base64
import hashlib
from collections.abc import Callable

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled  # pyright: ignore[reportUnknownVariableType] - partly typed
from cryptography import fernet
from django.conf import settings as django_settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import resolve

#: Addresses below the console that someone without a second factor still needs: to get one, or to leave.
_OPEN = ("mfa_", "account_", "wagtailadmin_logout", "wagtailadmin_javascript_catalog", "wagtailadmin_sprite")
_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
_PURPOSE = b"signalpost.second-factor:"


class Adapter(DefaultMFAAdapter):
    """Secrets of authenticator apps lie encrypted in the database, under a key derived from the installation's."""

    def encrypt(self, text: str) -> str:
        """As it is stored."""
        return _cipher().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """As it is used."""
        return _cipher().decrypt(encrypted_text.encode("ascii")).decode()


class RequireSecondFactor:
    """Middleware: with `require_mfa`, staff without a second factor reach nothing of the console but its set-up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Stand before everything that answers."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let through, or lead to the set-up."""
        user = request.user
        if (
            django_settings.SIGNALPOST.require_mfa
            and request.path_info.startswith("/console/")
            and not isinstance(user, AnonymousUser)
            and not _is_open(request.path_info)
            and not is_mfa_enabled(user, _FACTORS)
        ):
            return redirect("mfa_index")
        return self._get_response(request)


def _is_open(path: str) -> bool:
    return (resolve(path).url_name or "").startswith(_OPEN)


def _cipher() -> fernet.Fernet:
    key = hashlib.sha256(_PURPOSE + django_settings.SECRET_KEY.encode()).digest()
    return fernet.Fernet(base64.urlsafe_b64encode(key))
