"""What staff can do to selected rows of a list: asked first, done row by row, and said what came of it."""

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from signalpost.govern import staff
from signalpost.web.console import gate, listing, pages
from signalpost.web.console.templatetags import humane

_Row = TypeVar("_Row")

#: How many rows one act takes at most.
SELECTED_ROWS = 500
#: Keys of rows: numbers as the database has them, and references.
NUMBERS = re.compile(r"[0-9]{1,18}")
REFERENCES = re.compile(r"[0-9a-z]{1,64}")


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """What can be done to selected rows, after asking."""

    name: str
    label: str
    right: staff.Right
    asks: str
    #: Does it to the row of one key in somebody's name, and says what went wrong, "" for nothing.
    do: Callable[[str, str], str]
    is_serious: bool = False
    #: Name of its address.
    address: str


class Acts(msgspec.Struct, frozen=True, kw_only=True):
    """The acts of one list."""

    #: Name of the list's address, and its title.
    page: str
    title: str
    #: What the key of a row looks like.
    keys: re.Pattern[str]
    acts: Sequence[Act]


def page(request: HttpRequest, given: listing.Listing[_Row], acts: Acts) -> HttpResponseBase:
    """The page of a list whose rows can be selected by those who may do something to them."""
    mine = allowed(request, acts)
    more = {"acts": mine, "list": acts.page, "selects": bool(mine)}
    return listing.page(request, given, template="console/selecting.html", more=more)


def allowed(request: HttpRequest, acts: Acts) -> Sequence[Act]:
    """What the person who asks may do."""
    return [act for act in acts.acts if gate.has(request, act.right)]


@require_http_methods(["POST"])
def act_page(request: HttpRequest, acts: Acts, act: Act) -> HttpResponseBase:
    """Ask whether something shall be done to the selected rows; once confirmed, do it and say what came of it."""
    keys = [key for key in request.POST.getlist("number") if acts.keys.fullmatch(key)][:SELECTED_ROWS]
    if not keys:
        messages.warning(request, "Nothing was selected.")
        return redirect(acts.page)
    if "confirmed" not in request.POST:
        frame = pages.frame(
            f"{act.label} {humane.amount(len(keys))}", icon="warning", trail=[(reverse(acts.page), acts.title)]
        )
        return render(request, "console/confirm.html", {**frame, "act": act, "numbers": keys, "list": acts.page})
    problems = [problem for key in keys if (problem := act.do(key, gate.name(request)))]
    done = len(keys) - len(problems)
    if done:
        messages.success(request, f"{act.label}: {humane.amount(done)} of {humane.amount(len(keys))} done.")
    for problem in problems[: listing.PAGE_ROWS]:
        messages.error(request, problem)
    return redirect(acts.page)
