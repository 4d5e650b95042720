"""What the forms of the business side share: fields that are read closely, findings as they are shown, keeping."""

import re
from collections.abc import Sequence

import msgspec
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from signalpost.acts import ruling
from signalpost.flow import expressions, phrases
from signalpost.govern import staff
from signalpost.vocabulary import library, templates
from signalpost.web.console import denials, gate, people

NAME_CHARACTERS = 100
TITLE_CHARACTERS = 200
#: As working copies are named everywhere.
_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9._-]*")
COMPARISONS = tuple((one.value, one.value) for one in phrases.Comparison)


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """A choice among names, as a form shows it."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    value: str
    help: str = ""


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """A field that can be compared, with what it is called."""

    path: str
    label: str
    kind: str = "text"


def may_write(request: HttpRequest) -> bool:
    """Whether who asks keeps what the business side keeps."""
    return gate.has(request, staff.Right.WRITE_RULES)


def text(request: HttpRequest, name: str, *, most: int = expressions.EXPRESSION_LENGTH_CHARACTERS) -> str:
    """A field as it was written, without what no database keeps."""
    return request.POST.get(name, "").replace("\x00", "").replace("\r\n", "\n").strip()[:most]


def named(request: HttpRequest) -> str | None:
    """The name that a new item is given; `None` where it is none."""
    name = text(request, "name", most=NAME_CHARACTERS)
    return name if is_name(name) else None


def is_name(name: str) -> bool:
    """Whether something can be called so."""
    return _NAME.fullmatch(name) is not None


def with_comparison(request: HttpRequest, condition: str, fields: Sequence[Field]) -> tuple[str, str]:
    """The condition with the comparison that a form adds, and why not where it cannot be written."""
    path = text(request, "compared_field")
    comparison = next((one for one in phrases.Comparison if one.value == request.POST.get("comparison")), None)
    if comparison is None:
        return condition, "Choose how the field is compared."
    is_text = any(field.path == path and field.kind == "text" for field in fields)
    said = phrases.condition(path, comparison, text(request, "compared_value"), is_text=is_text)
    if isinstance(said, phrases.Unsaid):
        return condition, f"Nothing was added: {said.text}."
    return phrases.joined(condition, said), ""


def keep(request: HttpRequest, item: library.Item, *, page: str) -> HttpResponseBase | list[str]:
    """Keep a working copy and go where it is shown, or say why not."""
    refused = ruling.keep(item, by=people.person(request))
    if refused is not None:
        return denials.refusal(refused)
    messages.success(request, f"Kept as a working copy: {item.title or item.name}. Nothing that is live has changed.")
    if "submit" in request.POST:
        return redirect("draft_submit", library.key(item).kind.value, item.name)
    return redirect(page) if isinstance(item, library.Policy) else redirect(page, item.name)


def judged(request: HttpRequest, item: library.Item | None, problems: Sequence[str]) -> HttpResponseBase:
    """What is to be said about a form as it stands, for the part of the page that listens."""
    return render(request, "console/business/judged.html", said_of(item, problems))


def said_of(item: library.Item | None, problems: Sequence[str] = ()) -> dict[str, object]:
    """What is to be said about an item, as the page shows it."""
    found = ruling.judge(item) if item is not None else ruling.Judged(findings=())
    gaps = {f"trigger {gap.trigger}: {gap.misfit.field}" for gap in found.gaps}
    return {
        "problems": problems,
        "gaps": found.gaps,
        "is_trigger": isinstance(item, library.Trigger),
        "errors": [one for one in found.findings if _is_error(one) and one.place not in gaps],
        "warnings": [one for one in found.findings if not _is_error(one)],
    }


def _is_error(finding: templates.Finding) -> bool:
    return finding.severity is templates.FindingSeverity.ERROR
