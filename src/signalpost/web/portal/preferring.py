"""How a customer is written to, behind the signed link of a message: shown and changed.

A link may be passed on, so that the page shows addresses shortened and changes none of them: that is asked of the
organisation, which knows who is asking, and comes in by the API.
"""

import http
from collections.abc import Mapping, Sequence

import msgspec
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from signalpost.acts import links, prefer, view
from signalpost.acts.prefer import choices, document, flaws
from signalpost.vocabulary import records
from signalpost.web.portal import dress, words


class _Box(msgspec.Struct, frozen=True, kw_only=True):
    """One channel that can be ticked."""

    channel: str
    name: str
    address: str
    is_ticked: bool
    is_first: bool


class _Topic(msgspec.Struct, frozen=True, kw_only=True):
    """One category on the page."""

    category: str
    name: str
    is_owed: bool
    has_first: bool
    boxes: tuple[_Box, ...]


@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """What the recipient of a communication asked for, and the form that changes it."""
    ref = links.named(token)
    seen = view.communication(ref, dress.kept()) if ref else None
    offered = choices.of(seen.party) if seen is not None else None
    shown = prefer.show(seen.party) if seen is not None else None
    if seen is None or offered is None or not isinstance(shown, document.Preferences):
        accepts = request.headers.get("accept-language", "")
        status = http.HTTPStatus.NOT_FOUND
        return render(request, "portal/gone.html", dict(dress.context(None, accepts=accepts)), status=status)
    frame = dict(dress.context(seen))
    saved = None
    if request.method == "POST":
        saved = prefer.change(seen.party, records.canonical(_patch(request.POST, offered, shown)), by="recipient")
        shown = saved if isinstance(saved, document.Preferences) else shown
    spoken = words.of(str(frame["language"]))
    return render(
        request,
        "portal/preferences.html",
        frame
        | {
            "token": token,
            "is_saved": isinstance(saved, document.Preferences),
            "refusal": _refusal(saved, spoken) if isinstance(saved, flaws.Refused) else "",
            "languages": [
                (tag, dress.language_name(tag), tag == shown.language)
                for tag in sorted({*offered.languages, shown.language})
            ],
            "is_paperless": shown.is_paperless,
            "topics": [_topic(choice, shown, spoken) for choice in offered.categories],
        },
        status=http.HTTPStatus.UNPROCESSABLE_ENTITY if isinstance(saved, flaws.Refused) else http.HTTPStatus.OK,
    )


def _refusal(refused: flaws.Refused, spoken: words.Words) -> str:
    return spoken.unreachable if refused.reason == flaws.Reason.UNREACHABLE else spoken.not_saved


def _topic(choice: choices.Choice, shown: document.Preferences, spoken: words.Words) -> _Topic:
    own = shown.categories.get(choice.category, document.Category())
    general = shown.categories.get(document.ALL, document.Category())
    first = next(iter(own.channels or general.channels), "")
    return _Topic(
        category=choice.category,
        name=spoken.categories.get(choice.category, choice.category.replace("_", " ").capitalize()),
        is_owed=choice.is_owed,
        has_first=len(choice.ways) > 1,
        boxes=tuple(
            _Box(
                channel=way.channel,
                name=spoken.channels[way.channel],
                address=way.address,
                is_ticked=way.channel not in _refused(choice.category, shown),
                is_first=way.channel == first,
            )
            for way in choice.ways
        ),
    )


def _refused(category: str, shown: document.Preferences) -> Sequence[str]:
    own = shown.categories.get(category, document.Category())
    general = shown.categories.get(document.ALL, document.Category())
    return [*own.refused, *(way for way in general.refused if way not in own.channels)]


def _patch(given: QueryDict, offered: choices.Choices, shown: document.Preferences) -> Mapping[str, "records.Json"]:
    """What the form says, as a merge patch; what it did not offer stays as it is."""
    return {
        "language": given.get("language", shown.language),
        "is_paperless": given.get("is_paperless") == "on",
        "categories": {
            choice.category: _category(choice, given, shown.categories.get(choice.category, document.Category()))
            for choice in offered.categories
        },
    }


def _category(choice: choices.Choice, given: QueryDict, own: document.Category) -> "dict[str, records.Json]":
    ticked = set(given.getlist(f"{choice.category}.may"))
    offered = [way.channel for way in choice.ways]
    refused = [way for way in own.refused if way not in offered] + [way for way in offered if way not in ticked]
    first = given.get(f"{choice.category}.first", "")
    liked = [first, *(way for way in own.channels if way != first)] if first else []
    return {"channels": [way for way in liked if way not in refused], "refused": list(refused)}
