"""A list: its columns, filters and orders described once; shown as a page, or exported as CSV row by row."""

import codecs
import csv
import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

import msgspec
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode

from signalpost.acts import operate
from signalpost.govern import staff
from signalpost.store.seen import asked
from signalpost.web.console import gate, pages
from signalpost.web.console.templatetags import humane

_Row = TypeVar("_Row")

#: Rows on a page; pages one can turn to. Who looks further searches or filters.
PAGE_ROWS = 50
LAST_PAGE = 200
#: Rows in one export, and rows read at once for it.
EXPORT_ROWS = 100_000
EXPORT_PAGE_ROWS = 5_000
#: A cell that begins like this would be a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One value of a row as it is shown."""

    text: str
    #: Where it leads, "" for nowhere.
    url: str = ""
    #: A state's colour, "" for plain text.
    tone: str = ""
    is_code: bool = False
    #: A second, quieter line.
    note: str = ""
    #: What an export holds in its place, "" for the text.
    exported: str = ""


class Column(msgspec.Struct, Generic[_Row], frozen=True, kw_only=True):
    """One column: how it is called, sorted, shown."""

    name: str
    label: str
    cell: Callable[[_Row], Cell]
    is_sorted: bool = False
    is_number: bool = False
    is_moment: bool = False


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """A filter."""

    name: str
    label: str
    #: Value and label; "" is everything.
    options: Sequence[tuple[str, str]]
    default: str = ""


class Listing(msgspec.Struct, Generic[_Row], frozen=True, kw_only=True):
    """A list of the console."""

    #: Name of its address.
    name: str
    title: str
    icon: str
    lead: str
    #: What the search looks through.
    search: str
    columns: Sequence[Column[_Row]]
    choices: Callable[[], Sequence[Choice]]
    find: Callable[[asked.Asked], Sequence[_Row]]
    #: Its own order, as `asked.Asked.sort`.
    sort: str
    #: Template with what teaches when nothing is there.
    empty: str
    #: Number of a row for selections, "" where rows cannot be selected.
    number: Callable[[_Row], str] = lambda _: ""


class Heading(msgspec.Struct, frozen=True, kw_only=True):
    """The head of a column."""

    label: str
    url: str
    #: "ascending", "descending", "" for unsorted.
    order: str
    is_number: bool


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A row as it is shown."""

    number: str
    cells: Sequence[tuple[Cell, str]]


def page(
    request: HttpRequest,
    listing: Listing[_Row],
    *,
    template: str = "console/list.html",
    more: Mapping[str, object] | None = None,
) -> HttpResponseBase:
    """The page of a list that the address asks for."""
    choices = listing.choices()
    question = _question(request, listing, choices)
    number = _page_number(request)
    rows = listing.find(
        msgspec.structs.replace(question, limit=PAGE_ROWS + 1, offset=(number - 1) * PAGE_ROWS),
    )
    first = (number - 1) * PAGE_ROWS + 1
    return render(
        request,
        template,
        {
            **pages.frame(listing.title, icon=listing.icon),
            "listing": listing,
            "choices": [(choice, question.chosen[choice.name]) for choice in choices],
            "words": question.words,
            "headings": [_heading(request, column, question.sort) for column in listing.columns],
            "lines": [_line(listing, row) for row in rows[:PAGE_ROWS]],
            "is_asked": bool(question.words) or any(question.chosen[one.name] != one.default for one in choices),
            "first": first,
            "last": first + min(len(rows), PAGE_ROWS) - 1,
            "previous": _address(request, p=str(number - 1)) if number > 1 else "",
            "next": _address(request, p=str(number + 1)) if len(rows) > PAGE_ROWS and number < LAST_PAGE else "",
            "export": _address(request, format="csv", p="") if gate.has(request, staff.Right.EXPORT) else "",
            **(more or {}),
        },
    )


def export(request: HttpRequest, listing: Listing[_Row]) -> HttpResponseBase:
    """The whole list that the address asks for, as CSV; who took it is in the log."""
    if not gate.has(request, staff.Right.EXPORT):
        return gate.refused(request, staff.Right.EXPORT)
    question = _question(request, listing, listing.choices())
    operate.note_export(listing.name, by=gate.name(request))
    stamp = timezone.now().astimezone(dt.UTC)
    return StreamingHttpResponse(
        _csv(listing, question),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{listing.name}-{stamp:%Y%m%dT%H%M%SZ}.csv"'},
    )


def asks_for_export(request: HttpRequest) -> bool:
    """Whether the address asks for CSV."""
    return request.GET.get("format") == "csv"


class _Echo:
    def write(self, line: str) -> bytes:
        return line.encode()


def _csv(listing: Listing[_Row], question: asked.Asked) -> Iterator[bytes]:
    """Line by line, each page a statement of its own: no transaction stays open while somebody downloads."""
    writer = csv.writer(_Echo())
    yield codecs.BOM_UTF8 + writer.writerow([column.name for column in listing.columns])
    for offset in range(0, EXPORT_ROWS, EXPORT_PAGE_ROWS):
        rows = listing.find(msgspec.structs.replace(question, limit=EXPORT_PAGE_ROWS, offset=offset))
        for row in rows:
            cells = [column.cell(row) for column in listing.columns]
            yield writer.writerow([_literal(_exported(cell)) for cell in cells])
        if len(rows) < EXPORT_PAGE_ROWS:
            return


def _exported(cell: Cell) -> str:
    return cell.exported or " ".join(filter(None, (cell.text, cell.note)))


def _literal(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _question(request: HttpRequest, listing: Listing[_Row], choices: Sequence[Choice]) -> asked.Asked:
    sorts = {column.name for column in listing.columns if column.is_sorted}
    sort = request.GET.get("sort", "")
    chosen: dict[str, str] = {}
    for choice in choices:
        value = request.GET.get(choice.name, choice.default)
        chosen[choice.name] = value if value in {option for option, _ in choice.options} else choice.default
    return asked.Asked(
        words=request.GET.get("q", "").replace("\x00", "").strip()[: asked.WORDS_CHARACTERS],
        chosen=chosen,
        sort=sort if sort.removeprefix("-") in sorts else listing.sort,
    )


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("p", "1")
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(LAST_PAGE))
    return min(max(1, int(text)), LAST_PAGE) if is_number else 1


def _heading(request: HttpRequest, column: Column[_Row], sort: str) -> Heading:
    orders = {column.name: "ascending", f"-{column.name}": "descending"}
    order = orders.get(sort, "")
    turned = f"-{column.name}" if order != "descending" else column.name
    url = _address(request, sort=turned, p="") if column.is_sorted else ""
    return Heading(label=column.label, url=url, order=order, is_number=column.is_number)


def _line(listing: Listing[_Row], row: _Row) -> Line:
    kinds = {(True, False): "sp-number", (False, True): "sp-when"}
    return Line(
        number=listing.number(row),
        cells=[(column.cell(row), kinds.get((column.is_number, column.is_moment), "")) for column in listing.columns],
    )


def _address(request: HttpRequest, **changed: str) -> str:
    """This page's address with some of its questions changed; "" takes one away."""
    kept: dict[str, str] = dict(request.GET.items()) | changed
    return "?" + urlencode({key: value for key, value in kept.items() if value or key not in changed})


def text(value: object, *, url: str = "", note: str = "") -> Cell:
    """A cell with plain text."""
    return Cell(text=str(value), url=url, note=note)


def code(value: object, *, url: str = "") -> Cell:
    """A cell with a reference or the like."""
    return Cell(text=str(value), url=url, is_code=True)


def state(value: str, *, note: str = "") -> Cell:
    """A cell with a state, coloured beside its word."""
    return Cell(text=humane.words(value), tone=humane.tone(value), note=note)


def moment(value: dt.datetime | None) -> Cell:
    """A cell with a moment; an export has it with its offset."""
    return Cell(text=humane.moment(value), exported=timezone.localtime(value).isoformat() if value else "")


def amount(value: int) -> Cell:
    """A cell with a number; an export has it without separators."""
    return Cell(text=humane.amount(value), exported=str(value))
