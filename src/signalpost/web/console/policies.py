"""The channel policy as a table that people read: a row per category, edited cell by cell, each with what it means."""

from collections.abc import Sequence

import msgspec
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from signalpost.acts import ruling
from signalpost.govern import policies
from signalpost.vocabulary import library, notices, parties, templates
from signalpost.web.console import naming, pages, policy_cells, rulings

#: What is asked in place of a row where the whole table is meant.
TABLE = "table"
#: The cell that is the rows of the table.
ROWS = "rows"


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """A cell as it is shown."""

    label: str
    text: str
    url: str
    #: bad, warn, or "" where nothing is to be said.
    tone: str
    notes: Sequence[str]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A row as it is shown."""

    category: str
    cells: Sequence[Cell]


@require_GET
def policy_page(request: HttpRequest) -> HttpResponseBase:
    """The table."""
    copy = ruling.copy(ruling.POLICY)
    item = copy.item if copy is not None and isinstance(copy.item, library.Policy) else None
    policy = item.policy if item else _empty()
    found = policies.findings(policy)
    return render(
        request,
        "console/business/policy.html",
        {
            **pages.frame("Channel policy", icon="list-ul"),
            "copy": copy,
            "named": naming.named(ruling.POLICY),
            "columns": policy_cells.COLUMNS,
            "lines": [_line(row, found) for row in policy.categories],
            "whole": [_whole_cell(column, policy, found) for column in policy_cells.WHOLE],
            "findings": found,
            "may_write": rulings.may_write(request),
        },
    )


def _line(row: notices.CategoryPolicy, found: Sequence[templates.Finding]) -> Line:
    cells = [
        _cell(
            column.label,
            column.shown(row),
            reverse("policy_cell", args=[row.category, column.field]),
            [one for one in found if one.place == f"categories[{row.category}].{column.field}"],
        )
        for column in policy_cells.COLUMNS
    ]
    return Line(category=row.category, cells=cells)


def _whole_cell(column: policy_cells.Column, policy: notices.Policy, found: Sequence[templates.Finding]) -> Cell:
    hours = policy.quiet_hours
    said = {
        "quiet_hours": f"{hours.start:%H:%M} to {hours.end:%H:%M}" if hours else "none",
        "fallback_languages": ", then ".join(policy.fallback_languages) or "none",
    }
    url = reverse("policy_cell", args=[TABLE, column.field])
    return _cell(column.label, said[column.field], url, [one for one in found if one.place == column.field])


def _cell(label: str, text: str, url: str, found: Sequence[templates.Finding]) -> Cell:
    is_bad = any(one.severity is templates.FindingSeverity.ERROR for one in found)
    tone = "bad" if is_bad else "warn" if found else ""
    return Cell(label=label, text=text, url=url, tone=tone, notes=[one.message for one in found])


@require_http_methods(["GET", "POST"])
def cell_page(request: HttpRequest, category: str, field: str) -> HttpResponseBase:
    """One cell: what it means, what it is, what the law says to it; or the rows themselves."""
    if (category, field) == (TABLE, ROWS):
        return _rows(request)
    copy = ruling.copy(ruling.POLICY)
    item = copy.item if copy is not None and isinstance(copy.item, library.Policy) else library.Policy(policy=_empty())
    column = next(
        (one for one in (policy_cells.WHOLE if category == TABLE else policy_cells.COLUMNS) if one.field == field), None
    )
    row = next((one for one in item.policy.categories if one.category == category), None)
    if column is None or (row is None and category != TABLE):
        raise Http404(field)
    problems: list[str] = []
    changed = item.policy
    if request.method == "POST":
        changed, problems = policy_cells.changed(request.POST, item.policy, row, column)
        if not problems:
            kept = rulings.keep(request, msgspec.structs.replace(item, policy=changed), page="policy")
            if not isinstance(kept, list):
                return kept
            problems = kept
    place = field if row is None else f"categories[{category}].{field}"
    title = column.label if row is None else f"{column.label}: {category}"
    return render(
        request,
        "console/business/cell.html",
        {
            **pages.frame(title, icon="list-ul", trail=[(reverse("policy"), "Channel policy")]),
            "column": column,
            "category": "" if row is None else category,
            "problems": problems,
            "notes": [one for one in policies.findings(changed) if one.place == place],
            "form": policy_cells.form(changed, category, column),
            "may_write": rulings.may_write(request),
        },
        status=422 if problems else 200,
    )


def _rows(request: HttpRequest) -> HttpResponseBase:
    """A new category, or one that is taken out of the table."""
    copy = ruling.copy(ruling.POLICY)
    item = copy.item if copy is not None and isinstance(copy.item, library.Policy) else library.Policy(policy=_empty())
    rows = item.policy.categories
    problems: list[str] = []
    if request.method == "POST":
        name = rulings.text(request, "category", most=rulings.NAME_CHARACTERS)
        out = request.POST.get("out", "")
        if out:
            rows = tuple(row for row in rows if row.category != out)
        elif not rulings.is_name(name) or name == TABLE or any(row.category == name for row in rows):
            problems = [f"Category: wanted a new name of letters, digits and hyphens, got {name[:40]!r}."]
        else:
            rows = (*rows, _new_row(name, request.POST.get("legal_class", "")))
        if not problems:
            policy = msgspec.structs.replace(item.policy, categories=rows)
            kept = rulings.keep(request, msgspec.structs.replace(item, policy=policy), page="policy")
            if not isinstance(kept, list):
                return kept
            problems = kept
    return render(
        request,
        "console/business/row.html",
        {
            **pages.frame("Categories", icon="list-ul", trail=[(reverse("policy"), "Channel policy")]),
            "problems": problems,
            "classes": [(one.value, one.value) for one in notices.LegalClass],
            "rows": [row.category for row in item.policy.categories],
            "may_write": rulings.may_write(request),
        },
        status=422 if problems else 200,
    )


def _empty() -> notices.Policy:
    return notices.Policy(version="", categories=())


def _new_row(name: str, legal_class: str) -> notices.CategoryPolicy:
    """A row that the law has nothing against, as far as its class says what it needs."""
    known = next((one for one in notices.LegalClass if one.value == legal_class), notices.LegalClass.SERVICE)
    is_marketing = known is notices.LegalClass.MARKETING
    cap = notices.FrequencyCap(count=2, within_seconds=30 * policy_cells.DAY_SECONDS)
    return notices.CategoryPolicy(
        category=name,
        legal_class=known,
        routine_channels=(parties.ChannelKind.EMAIL, parties.ChannelKind.LETTER),
        consent="marketing" if is_marketing else "",
        frequency_cap=cap if is_marketing else None,
        has_unsubscribe=is_marketing,
    )
