"""Import of master data from CSV: every row checked, bad ones told with line and field, good ones stored.

Columns are named as in `TABLES`; lists are separated by `|`. A row is stored or refused on its own. What a row refers
to (the area of a premise, the customer of an account) must be stored or in an earlier import.
"""

import csv
import datetime as dt
import io
import zoneinfo
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated

import msgspec
from django.db import transaction

from signalpost.store import parties
from signalpost.vocabulary import parties as nouns

#: Rows stored in one transaction.
BATCH_ROWS = 1000
#: Between the parts of a list in one cell.
SEPARATOR = "|"

Ref = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]
Country = Annotated[str, msgspec.Meta(pattern="^[A-Z]{2}$")]


class _Area(msgspec.Struct, forbid_unknown_fields=True):
    ref: Ref
    name: Ref


class _Premise(msgspec.Struct, forbid_unknown_fields=True):
    ref: Ref
    area: Ref
    lines: list[str]
    postcode: str
    locality: Ref
    country: Country
    time_zone: str
    region: str = ""
    longitude: float | None = None
    latitude: float | None = None


class _Customer(msgspec.Struct, forbid_unknown_fields=True):
    ref: Ref
    name: Ref
    language: Annotated[str, msgspec.Meta(pattern="^[a-z]{2,3}(-[A-Za-z0-9]+)*$")]
    time_zone: str
    kind: nouns.PartyKind = nouns.PartyKind.PERSON
    salutation: str = ""
    household: str | None = None
    is_barred: bool = False
    role: str = ""
    quiet_start: dt.time | None = None
    quiet_end: dt.time | None = None


class _Account(msgspec.Struct, forbid_unknown_fields=True):
    ref: Ref
    customer: Ref
    premise: Ref
    currency: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")] = "EUR"


class _ContactPoint(msgspec.Struct, forbid_unknown_fields=True):
    ref: Ref
    customer: Ref
    channel: nouns.ChannelKind
    address: str = ""
    lines: list[str] = []
    postcode: str = ""
    locality: str = ""
    region: str = ""
    country: str = ""
    state: nouns.AddressState = nouns.AddressState.UNVERIFIED


class _Preference(msgspec.Struct, forbid_unknown_fields=True):
    customer: Ref
    category: str = ""
    channels: list[nouns.ChannelKind] = []
    refused: list[nouns.ChannelKind] = []


class _Device(msgspec.Struct, forbid_unknown_fields=True):
    ref: Ref
    type: Ref
    premise: Ref


_ROWS: Mapping[str, type[msgspec.Struct]] = {
    "area": _Area,
    "premise": _Premise,
    "customer": _Customer,
    "account": _Account,
    "contact_point": _ContactPoint,
    "preference": _Preference,
    "device": _Device,
}
#: What can be imported, in the order in which rows refer to each other.
TABLES = tuple(_ROWS)
#: Column → table that must hold what it names.
_REFERENCES = {"area": "area", "premise": "premise", "customer": "customer"}


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Why a row was refused."""

    line: int
    field: str
    wanted: str
    got: str


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did, or would do."""

    good: int
    problems: tuple[Problem, ...]


def load(
    table: str, content: bytes, *, is_preview: bool, progress: Callable[[int, int], None] = lambda _done, _total: None
) -> Imported:
    """Import a CSV file into a table; with `is_preview` nothing is stored.

    Args:
        table: One of `TABLES`.
        content: The file, UTF-8 with or without a byte order mark, with a heading row.
        is_preview: Check only.
        progress: Told how many rows are done, of how many.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Imported(good=0, problems=(Problem(line=1, field="", wanted="UTF-8", got=str(error)),))
    rows = list(csv.DictReader(io.StringIO(text), strict=False))
    good = 0
    problems: list[Problem] = []
    for start in range(0, len(rows), BATCH_ROWS):
        page = list(_checked(table, rows[start : start + BATCH_ROWS], first_line=start + 2))
        problems.extend(row for row in page if isinstance(row, Problem))
        fit = [row for row in page if not isinstance(row, Problem)]
        missing = list(_missing(table, fit))
        problems.extend(missing)
        lines = {problem.line for problem in missing}
        stored = [row for line, row in fit if line not in lines]
        good += len(stored)
        if not is_preview:
            with transaction.atomic():
                parties.save(table, stored)
        progress(min(start + BATCH_ROWS, len(rows)), len(rows))
    return Imported(good=good, problems=tuple(sorted(problems, key=lambda problem: problem.line)))


_Fit = tuple[int, Mapping[str, object]]


def _checked(table: str, rows: Sequence[Mapping[str, str]], *, first_line: int) -> Iterator[_Fit | Problem]:
    kind = _ROWS[table]
    lists = {field.name for field in msgspec.structs.fields(kind) if "list" in str(field.type)}
    for line, row in enumerate(rows, start=first_line):
        given: dict[str, object] = {}
        for name, cell in row.items():
            if cell:
                given[name] = cell.split(SEPARATOR) if name in lists else cell
        try:
            read = msgspec.convert(given, kind, strict=False)
        except msgspec.ValidationError as error:
            yield _invalid(line, str(error))
            continue
        fields: dict[str, object] = msgspec.structs.asdict(read)
        problem = _zone_problem(line, fields)
        yield problem or (line, _stored(table, fields))


def _invalid(line: int, text: str) -> Problem:
    told, _, place = text.partition(" - at ")
    wanted, _, got = told.partition(", got ")
    return Problem(line=line, field=place.strip("`$."), wanted=wanted.removeprefix("Expected "), got=got)


def _zone_problem(line: int, fields: Mapping[str, object]) -> Problem | None:
    zone = fields.get("time_zone")
    if zone is None or zone in zoneinfo.available_timezones():
        return None
    return Problem(line=line, field="time_zone", wanted="an IANA time zone", got=str(zone))


def _stored(table: str, fields: Mapping[str, object]) -> Mapping[str, object]:
    if table != "contact_point":
        return fields
    parts = ("lines", "postcode", "locality", "region", "country")
    postal = {name: fields[name] for name in parts} if fields["country"] else None
    return {name: value for name, value in fields.items() if name not in parts} | {"postal": postal}


def _missing(table: str, fit: Sequence[_Fit]) -> Iterator[Problem]:
    for column, of in _REFERENCES.items():
        if table == of:
            continue
        wanted = {str(row[column]) for _, row in fit if column in row}
        known: frozenset[str] = parties.known(of, sorted(wanted)) if wanted else frozenset()
        for line, row in fit:
            if column in row and str(row[column]) not in known:
                yield Problem(line=line, field=column, wanted=f"a stored {of}", got=str(row[column]))
