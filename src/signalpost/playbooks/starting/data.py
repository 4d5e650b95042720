"""A data file becomes samples, and the JSON Schema that all of them keep to."""

import csv
import datetime as dt
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import cast

from signalpost.playbooks.starting import pieces
from signalpost.vocabulary import records

BYTES_MAX = 2_000_000
ROWS_MAX = 20
DEPTH_MAX = 12

Facts = dict[str, records.Json]

_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_OTHER = re.compile(r"[^a-z0-9]+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def read(content: bytes, file_name: str) -> tuple[Facts, ...]:
    """The rows of a data file, one sample each: the objects of a JSON file, or the lines below a CSV heading.

    Members are named so that texts can speak of them: small letters, digits and `_`.

    Raises:
        pieces.LetterError: it is neither, is empty or too large.
    """
    if len(content) > BYTES_MAX:
        raise pieces.LetterError(f"data: wanted at most {BYTES_MAX} bytes, got {len(content)}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise pieces.LetterError(f"data: wanted UTF-8, got {error.reason} at byte {error.start}") from error
    rows = _json(text) if file_name.lower().endswith(".json") else _csv(text)
    if not rows:
        raise pieces.LetterError("data: wanted a row at least, got none")
    return tuple(cast("Facts", _named(row, 0)) for row in rows[:ROWS_MAX])


def _json(text: str) -> list[records.Json]:
    try:
        found = cast("records.Json", json.loads(text))
    except (ValueError, RecursionError) as error:
        raise pieces.LetterError(f"data: wanted JSON, got {error}") from error
    rows: list[records.Json] = found if isinstance(found, list) else [found]
    if not all(isinstance(row, dict) for row in rows):
        raise pieces.LetterError("data: wanted an object, or a list of objects")
    return rows


def _csv(text: str) -> list[records.Json]:
    head = text.partition("\n")[0]
    separator = max(",;\t|", key=head.count)
    try:
        rows = list(csv.DictReader(io.StringIO(text), delimiter=separator, strict=True))
    except csv.Error as error:
        raise pieces.LetterError(f"data: wanted CSV, got {error}") from error
    return [
        {str(name): value for name, value in row.items() if isinstance(name, str) and isinstance(value, str) and value}
        for row in rows
    ]


def name_of(text: str) -> str:
    """A name that texts can speak of."""
    if _NAME.fullmatch(text):
        return text
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    found = _OTHER.sub("_", plain).strip("_") or "value"
    return found if _NAME.fullmatch(found) else f"_{found}"


def _named(value: records.Json, depth: int) -> records.Json:
    if depth > DEPTH_MAX:
        raise pieces.LetterError(f"data: wanted at most {DEPTH_MAX} levels, got more")
    match value:
        case dict():
            found: Facts = {}
            for name, inner in value.items():
                plain, number = name_of(name), 2
                while plain in found:
                    plain, number = f"{name_of(name)}_{number}", number + 1
                found[plain] = _named(inner, depth + 1)
            return found
        case list():
            return [_named(inner, depth + 1) for inner in value]
        case float() if value.is_integer():
            return int(value)
        case _:
            return value


def schema(values: Sequence[records.Json]) -> dict[str, records.Json]:
    """The JSON Schema that all these values keep to: types, required members, dates."""
    kinds = sorted({_kind(value) for value in values})
    if kinds == ["integer", "number"]:
        kinds = ["number"]
    found: dict[str, records.Json] = {"type": kinds[0] if len(kinds) == 1 else list(kinds)}
    objects = [value for value in values if isinstance(value, dict)]
    lists = [value for value in values if isinstance(value, list)]
    texts = [value for value in values if isinstance(value, str)]
    if objects:
        names = list(dict.fromkeys(name for each in objects for name in each))
        required = [name for name in names if all(name in each for each in objects)]
        if required:
            found["required"] = list(required)
        found["properties"] = {name: schema([each[name] for each in objects if name in each]) for name in names}
    if elements := [element for each in lists for element in each]:
        found["items"] = schema(elements)
    if texts and all(map(is_date, texts)):
        found["format"] = "date"
    elif texts and all(map(is_instant, texts)):
        found["format"] = "date-time"
    return found


def is_date(text: str) -> bool:
    """Whether it is a date as RFC 3339 writes one."""
    try:
        return bool(_DATE.fullmatch(text)) and bool(dt.date.fromisoformat(text))
    except ValueError:
        return False


def is_instant(text: str) -> bool:
    """Whether it is an instant with its offset."""
    try:
        return "T" in text and dt.datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def is_money(value: records.Json) -> bool:
    """Whether it is an amount as formats take one."""
    return isinstance(value, dict) and set(value) == {"amount", "currency"}


_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "boolean"),
    (int, "integer"),
    (float, "number"),
    (str, "string"),
    (list, "array"),
    (dict, "object"),
)


def _kind(value: records.Json) -> str:
    return next((name for kind, name in _KINDS if isinstance(value, kind)), "null")


def leaves(value: records.Json, path: str) -> Iterable[tuple[str, records.Json]]:
    """Every value with its path that a text can write: amounts as one, lists not at all."""
    if isinstance(value, dict) and not is_money(value):
        for name, inner in value.items():
            yield from leaves(inner, f"{path}.{name}" if path else name)
    elif value is not None and not isinstance(value, bool | list):
        yield path, value


def lists(value: records.Json, path: str) -> Iterable[tuple[str, list[records.Json]]]:
    """Every list with its path."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from lists(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and value:
        yield path, value
