"""Submit for review: working copies become a release, all that is wrong is shown, and somebody else takes over."""
# Wagtail has no types, and what derives from it overrides what it does not promise.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportMissingTypeArgument=false, reportMissingParameterType=false
# pyright: reportUntypedBaseClass=false, reportIncompatibleVariableOverride=false, reportArgumentType=false
# pyright: reportIncompatibleMethodOverride=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportAssignmentType=false, reportOptionalMemberAccess=false

import http
import re
from collections.abc import Iterable, Sequence

import msgspec
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse

from signalpost import drafts
from signalpost.acts import drafting, releasing
from signalpost.drafts import models
from signalpost.vocabulary import library, templates
from signalpost.web.console import denials, gate, naming, pages, people
from signalpost.web.console.authoring import rights

TITLE_CHARACTERS_MAX = 200
#: `communication outage-opened: editions[de].body[3].text`, each part but the last where it is about one.
_PLACE = re.compile(
    r"(?:(?P<kind>[a-z]+) (?P<name>[^:\s]+): ?)?(?:editions\[(?P<language>[^\]]+)\]\.?)?(?P<rest>.*)", re.DOTALL
)


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is wrong, with where it is put right."""

    place: str
    message: str
    remedy: str
    is_error: bool
    url: str


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A working copy that differs from what is live and can go with it."""

    value: str
    label: str
    kind: str
    is_mine: bool
    #: Whether who asks may change items of its kind.
    may_go: bool


def submit_page(request: HttpRequest, kind: str, name: str) -> HttpResponseBase:
    """Show what would be submitted, and submit it."""
    key = naming.key_of(kind, name)
    item = drafts.read(key.kind, key.name) if key else None
    if key is None or item is None or not gate.has(request, rights.right_to_write(key.kind)):
        raise Http404
    candidates = _candidates(request, key, item)
    chosen = _chosen(request, key, candidates)
    title = request.POST.get("title", f"{item.title or item.name}").strip()[:TITLE_CHARACTERS_MAX]
    found: Sequence[Place] = ()
    denied = ""
    status = http.HTTPStatus.OK
    if request.method == "POST":
        made = _submit(request, chosen, title or key.name)
        if isinstance(made, library.Release):
            messages.success(request, f"“{made.title}” is in review. Somebody else reads and approves it.")
            return redirect(_release_address(made.ref))
        found, denied = places(made.findings, key), denials.words(made.denied) if made.denied else ""
        status = http.HTTPStatus.UNPROCESSABLE_ENTITY
    return render(
        request,
        "console/authoring/submit.html",
        {
            **pages.frame("Submit for review", icon="check", trail=[(edit_address(key), str(item.title or item.name))]),
            "item": item,
            "kind_label": naming.LABELS[key.kind].lower(),
            "back": edit_address(key),
            "candidates": [(one, one.value in {_value(each) for each in chosen}) for one in candidates],
            "release_title": title,
            "found": found,
            "errors": sum(one.is_error for one in found),
            "denied": denied,
        },
        status=status,
    )


def _submit(request: HttpRequest, chosen: Iterable[library.Key], title: str) -> library.Release | releasing.Refused:
    items = [item for key in chosen if (item := drafts.read(key.kind, key.name)) is not None]
    by = people.person(request)
    made = releasing.propose(items, by=by, title=title)
    if isinstance(made, releasing.Refused):
        return made
    return releasing.submit(made.ref, by=by)


def _value(key: library.Key) -> str:
    return f"{key.kind.value}/{key.name}"


def _candidates(request: HttpRequest, key: library.Key, item: library.Item) -> Sequence[Candidate]:
    """What the item uses and whose working copy is not what is live."""
    shelf = drafting.shelf_for(item)
    return [
        Candidate(
            value=_value(each),
            label=shelf[each].title or each.name,
            kind=naming.LABELS[each.kind],
            is_mine=each == key,
            may_go=gate.has(request, rights.right_to_write(each.kind)),
        )
        for each in drafting.unlike_live(item)
        if each == key or each.name in drafts.names(each.kind)
    ]


def _chosen(request: HttpRequest, key: library.Key, candidates: Sequence[Candidate]) -> Sequence[library.Key]:
    """The item, and what was ticked; before anything was ticked everything that may go."""
    ticked = set(request.POST.getlist("with")) if request.method == "POST" else {one.value for one in candidates}
    others = [one for one in candidates if one.may_go and not one.is_mine and one.value in ticked]
    found = [naming.key_of(*one.value.split("/", 1)) for one in others]
    return [key, *(each for each in found if each is not None)]


def _release_address(ref: str) -> str:
    """The page of the release."""
    try:
        return reverse("release", args=[ref])
    except NoReverseMatch:
        return reverse("overview")


def edit_address(key: library.Key, language: str = "", place: str = "") -> str:
    """Where a working copy is edited, at a place of it; "" where it cannot be."""
    model, number = _row_of(key, language)
    if number is None:
        return ""
    at = f"#at={place}" if place else ""
    return reverse(f"wagtailsnippets_drafts_{model}:edit", args=[number]) + at


def _row_of(key: library.Key, language: str) -> tuple[str, int | None]:
    if key.kind is library.Kind.COMMUNICATION and language:
        found = models.Edition.objects.filter(communication__name=key.name, language=language)
        return "edition", found.values_list("pk", flat=True).first()
    model = next((each for each in _MODELS if each.kind is key.kind), None)
    if model is None:
        return "", None
    number = model._default_manager.filter(name=key.name).values_list("pk", flat=True).first()  # noqa: SLF001
    return str(model._meta.model_name), number  # noqa: SLF001


_MODELS = (
    models.Communication,
    models.SharedText,
    models.Brand,
    models.Image,
    models.Insert,
    models.Layout,
    models.Language,
    models.DataContract,
)


def places(findings: Iterable[templates.Finding], key: library.Key) -> Sequence[Place]:
    """Findings with where each is put right: in the form of the language, or of the item it names."""
    return [_place(found, key) for found in findings]


def _place(found: templates.Finding, key: library.Key) -> Place:
    match = _PLACE.fullmatch(found.place)
    assert match is not None
    at = (naming.key_of(match["kind"], match["name"]) if match["kind"] else None) or key
    language, rest = match["language"] or "", match["rest"]
    other = "" if at == key else f"{naming.LABELS[at.kind].lower()} {at.name}"
    return Place(
        place=" ".join(filter(None, (other, language, rest))),
        message=found.message,
        remedy=found.remedy,
        is_error=found.severity is templates.FindingSeverity.ERROR,
        url=edit_address(at, language, rest),
    )
