"""Segments: which customers are meant, as a condition over what is known of them, with the count as it is written."""

from collections.abc import Sequence

import msgspec
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from signalpost.acts import releasing, ruling
from signalpost.flow import segments as conditions
from signalpost.vocabulary import library
from signalpost.web.console import naming, pages, rulings

_Kind = library.Kind
NEW = "new"


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A segment in the list."""

    copy: ruling.Copy
    condition: str
    #: Triggers that it narrows.
    used_by: int
    url: str


@require_GET
def segments_page(request: HttpRequest) -> HttpResponseBase:
    """All segments."""
    rows = [
        Row(
            copy=copy,
            condition=copy.item.condition,
            used_by=len(releasing.where_used(library.key(copy.item))),
            url=reverse("segment", args=[copy.item.name]),
        )
        for copy in ruling.copies(_Kind.SEGMENT)
        if isinstance(copy.item, library.Segment)
    ]
    return render(
        request,
        "console/business/segments.html",
        {**pages.frame("Segments", icon="group"), "rows": rows, "may_write": rulings.may_write(request)},
    )


@require_http_methods(["GET", "POST"])
def segment_page(request: HttpRequest, name: str) -> HttpResponseBase:
    """The form of a segment, or of a new one."""
    copy = None if name == NEW else ruling.copy(library.Key(kind=_Kind.SEGMENT, name=name))
    if copy is None and name != NEW:
        raise Http404(name)
    shown = copy.item if copy is not None and isinstance(copy.item, library.Segment) else _empty()
    fields = _fields()
    problems: Sequence[str] = ()
    if request.method == "POST":
        shown, problems = _read(request, shown, is_new=copy is None)
        if "add" in request.POST:
            condition, problem = rulings.with_comparison(request, shown.condition, fields)
            shown, problems = msgspec.structs.replace(shown, condition=condition), [problem] if problem else []
        elif not problems:
            kept = rulings.keep(request, shown, page="segment")
            if not isinstance(kept, list):
                return kept
            problems = kept
    is_asked = copy is not None or request.method == "POST"
    return render(
        request,
        "console/business/segment.html",
        {
            **pages.frame(shown.title or "New segment", icon="group", trail=[(reverse("segments"), "Segments")]),
            **_said(request, shown if is_asked else None, problems),
            "one": shown,
            "state": copy.state if copy is not None else "new",
            "is_new": copy is None,
            "given_name": request.POST.get("name", "") if copy is None else name,
            "may_write": rulings.may_write(request),
            "named": naming.named(library.Key(kind=_Kind.SEGMENT, name=name)) if copy is not None else None,
            "fields": fields,
            "comparisons": rulings.COMPARISONS,
            "check_url": reverse("segment_check", args=[name]),
        },
        status=422 if problems and "add" not in request.POST else 200,
    )


@require_POST
def segment_check(request: HttpRequest, name: str) -> HttpResponseBase:
    """What is to be said about the form as it stands, and whom it means."""
    copy = None if name == NEW else ruling.copy(library.Key(kind=_Kind.SEGMENT, name=name))
    before = copy.item if copy is not None and isinstance(copy.item, library.Segment) else _empty()
    item, problems = _read(request, before, is_new=copy is None)
    return render(request, "console/business/judged.html", _said(request, item, problems))


def _said(request: HttpRequest, item: library.Segment | None, problems: Sequence[str]) -> dict[str, object]:
    """Findings, and the count for those who keep segments: references of customers are theirs to see."""
    said = rulings.said_of(item, problems)
    is_sound = item is not None and bool(item.condition) and conditions.flaw(item.condition) is None
    if item is None or not is_sound or not rulings.may_write(request):
        return said
    return {**said, "counted": ruling.count_segment(item.condition)}


def _empty() -> library.Segment:
    return library.Segment(name="", title="", condition="")


def _read(request: HttpRequest, before: library.Segment, *, is_new: bool) -> tuple[library.Segment, list[str]]:
    problems: list[str] = []
    name = rulings.named(request) if is_new else before.name
    if name is None:
        problems.append("Name: wanted letters, digits, points and hyphens, beginning with a letter or digit.")
    title = rulings.text(request, "title", most=rulings.TITLE_CHARACTERS)
    if not title:
        problems.append("Title: say in a few words who is meant.")
    condition = rulings.text(request, "condition")
    if not condition:
        problems.append("Condition: say who is meant; a trigger without a segment is for everybody.")
    return library.Segment(name=name or "", title=title, condition=condition), problems


def _fields() -> Sequence[rulings.Field]:
    return [
        rulings.Field(path=path, label=path.removeprefix("party.").removeprefix("facts."), kind="any")
        for path in ruling.party_fields()
    ]
