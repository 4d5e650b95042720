"""The portal: one communication behind its signed link, with what a customer can do about it."""

import http

import msgspec
from django.conf import settings as django_settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from signalpost.acts import request as acts
from signalpost.acts import view
from signalpost.store import archive
from signalpost.vocabulary import manuscripts


@require_http_methods(["GET", "POST"])
def status(request: HttpRequest, token: str) -> HttpResponse:
    """What was said, what became of it, and "I am still without power"."""
    ref = _ref(token)
    seen = view.communication(ref, _archive()) if ref else None
    if seen is None:
        return render(request, "portal/gone.html", status=http.HTTPStatus.NOT_FOUND)
    is_reported = False
    if request.method == "POST":
        acts.report_still_affected(seen.premises, discriminator=f"{ref}:{seen.reports}", by="portal")
        is_reported = True
    return render(
        request,
        "portal/status.html",
        {
            "seen": seen,
            "is_reported": is_reported,
            "blocks": _blocks(seen.manuscript),
            "language": seen.manuscript.language if seen.manuscript else "en",
            "direction": seen.manuscript.direction if seen.manuscript else "ltr",
            "primary": seen.manuscript.brand.primary if seen.manuscript else "#0b5cad",
        },
    )


@csrf_exempt  # a mail client posts from outside (RFC 8058, 3.2); the signed link is the authority
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """One click ends messages of a category on the channel they came by (RFC 8058: the POST needs nothing else)."""
    ref = _ref(token)
    seen = view.communication(ref, _archive()) if ref else None
    if seen is None:
        return render(request, "portal/gone.html", status=http.HTTPStatus.NOT_FOUND)
    is_done = request.method == "POST"
    if is_done:
        view.unsubscribe(seen)
    return render(request, "portal/unsubscribe.html", {"seen": seen, "is_done": is_done})


def _archive() -> archive.Archive:
    found = django_settings.SIGNALPOST_ARCHIVE
    if not isinstance(found, archive.Archive):
        raise TypeError(f"SIGNALPOST_ARCHIVE: wanted the archive, got {type(found).__name__}")
    return found


def _ref(token: str) -> str:
    try:
        return signing.Signer(salt=django_settings.SIGNALPOST_LINK_SALT).unsign(token)
    except signing.BadSignature:
        return ""


def _blocks(manuscript: manuscripts.Manuscript | None) -> list[dict[str, object]]:
    """Blocks as plain values with their kind, for the template."""
    if manuscript is None:
        return []
    plain: list[dict[str, object]] = msgspec.to_builtins(manuscript.blocks)
    # `items` of a list is a method's name to a template.
    return [block | {"items_of": block["items"]} if block["type"] == "list" else block for block in plain]
