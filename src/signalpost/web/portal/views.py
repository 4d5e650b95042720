"""The portal: one communication behind its signed link, with what a customer can do about it."""

import http

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from signalpost.acts import links, view
from signalpost.acts import request as acts
from signalpost.vocabulary import manuscripts, parties
from signalpost.web.portal import dress, words


@require_http_methods(["GET", "POST"])
def status(request: HttpRequest, token: str) -> HttpResponse:
    """What was said, what became of it, and "I am still without power"."""
    ref = links.named(token)
    seen = view.communication(ref, dress.kept()) if ref else None
    if seen is None:
        return _gone(request)
    is_reported = False
    if request.method == "POST":
        acts.report_still_affected(seen.premises, discriminator=f"{ref}:{seen.reports}", by="portal")
        is_reported = True
    return render(
        request,
        "portal/status.html",
        {
            **dress.context(seen),
            "seen": seen,
            "token": token,
            "is_reported": is_reported,
            "blocks": _blocks(seen.manuscript),
        },
    )


@csrf_exempt  # a mail client posts from outside (RFC 8058, 3.2); the signed link is the authority
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """One click ends messages of a category on the channel they came by (RFC 8058: the POST needs nothing else)."""
    ref = links.named(token)
    seen = view.communication(ref, dress.kept()) if ref else None
    if seen is None:
        return _gone(request)
    is_done = request.method == "POST"
    if is_done:
        view.unsubscribe(seen)
    frame = dress.context(seen)
    topic = words.of(str(frame["language"])).categories.get(seen.category, seen.category)
    return render(request, "portal/unsubscribe.html", {**frame, "token": token, "topic": topic, "is_done": is_done})


def _gone(request: HttpRequest) -> HttpResponse:
    frame = dress.context(None, accepts=request.headers.get("accept-language", ""))
    return render(request, "portal/gone.html", dict(frame), status=http.HTTPStatus.NOT_FOUND)


def _blocks(manuscript: manuscripts.Manuscript | None) -> list[dict[str, object]]:
    """Blocks as plain values with their kind, for the template: those of the portal, below each other."""
    if manuscript is None:
        return []
    standing = manuscripts.walk(manuscripts.said_on(parties.ChannelKind.PORTAL, manuscript.blocks))
    return [_plain(block) for block in standing if not isinstance(block, manuscripts.Keep | manuscripts.Columns)]


def _plain(block: manuscripts.Block) -> dict[str, object]:
    plain: dict[str, object] = msgspec.to_builtins(block)
    match block:
        case manuscripts.List():
            # `items` of a list is a method's name to a template.
            return plain | {"items_of": block.items}
        case manuscripts.Table():
            return plain | {"parts": _parts(block)}
        case _:
            return plain


def _parts(table: manuscripts.Table) -> list[dict[str, object]]:
    """The rows of a table by their groups."""
    parts: list[dict[str, object]] = []
    start = 0
    for group in table.groups or (manuscripts.RowGroup(heading="", rows=len(table.rows)),):
        rows = table.rows[start : start + group.rows]
        parts.append({"heading": group.heading, "rows": rows, "subtotals": group.subtotals})
        start += group.rows
    return parts
