"""Trees of template blocks as the forms of the console hold them, both ways and without loss.

A form holds a tree as Wagtail's StreamField does: a block is `{"type", "value", "id"}`, an element of a list the same
with the type `item`, a record an object of its fields. The names are those of `vocabulary.templates`, so that the place
of a finding (`body[3].then[0].text`) is also the place of its field.
"""

import uuid
from collections.abc import Mapping, Sequence
from typing import TypeVar, cast

import msgspec

from signalpost.vocabulary import records, templates

#: How deep blocks may stand inside each other: a condition, in it a column, in it a region that is kept together.
DEPTH_LEVELS = 3

#: Fields of blocks that hold blocks.
_INSIDE = frozenset({"then", "otherwise", "blocks"})
#: A tree in a record: it begins at the first level.
_BODY = "body"
#: Fields of which a form holds a plain list: boxes to tick.
_TICKED = frozenset({"channels"})
#: Fields that are there or not: a form holds a list of at most one.
_AT_MOST_ONE = frozenset({"carry"})
#: What is meant where a choice was left open; a form that is not complete yet is a draft too.
_OPEN_CHOICES: Mapping[str, records.Json] = {"kind": "bar", "tone": "note", "symbology": "qr", "align": "start"}
_R = TypeVar("_R", bound=msgspec.Struct)
_ITEM = "item"
_UNKEEPABLE = "wanted text that can be kept, got NUL or half of a surrogate pair"
_SPACE = uuid.UUID("6c1a8f2e-6f0c-4e43-9a55-0b6f2e1d7c11")
_TREE = tuple[templates.TemplateBlock, ...]


class TooDeepError(ValueError):
    """Blocks that stand deeper inside each other than a form can show; the text names the place."""


class UnkeepableError(ValueError):
    """A text with a character that no database keeps; the text names the place."""


def to_form(blocks: Sequence[templates.TemplateBlock], *, place: str = "body") -> list[records.Json]:
    """The tree as a form holds it. The same tree gives the same ids, so that two revisions can be compared.

    Raises:
        TooDeepError: a block stands deeper than `DEPTH_LEVELS`.
        UnkeepableError: a text holds NUL or half of a surrogate pair.
    """
    return _listed(_builtins(blocks, place), place, place, 0)


def from_form(value: Sequence[records.Json]) -> tuple[templates.TemplateBlock, ...]:
    """The tree that a form holds. What is not filled in yet has the default of its field, or no text."""
    return msgspec.convert(_plain_list(value), _TREE, strict=False)


def records_to_form(found: Sequence[msgspec.Struct], kind: str, *, place: str) -> list[records.Json]:
    """Records as a form holds them: a stream of blocks of one kind.

    Raises:
        TooDeepError: as `to_form`.
        UnkeepableError: as `to_form`.
    """
    listed: list[records.Json] = []
    for number, value in enumerate(_builtins(found, place)):
        at = f"{place}[{number}]"
        listed.append({"type": kind, "value": _formed(value, place, at, 0), "id": str(uuid.uuid5(_SPACE, at))})
    return listed


def records_from_form(value: Sequence[records.Json], kind: type[_R]) -> tuple[_R, ...]:
    """The records that a form holds."""
    contents = [_plain(each.get("value")) if isinstance(each, dict) else each for each in value]
    return msgspec.convert(contents, tuple[kind, ...], strict=False)


def _builtins(found: Sequence[msgspec.Struct], place: str) -> list[records.Json]:
    try:
        return cast("list[records.Json]", msgspec.json.decode(msgspec.json.encode(tuple(found))))
    except UnicodeEncodeError as error:
        raise UnkeepableError(f"{place}: {_UNKEEPABLE}") from error


def _listed(values: Sequence[records.Json], field: str, place: str, depth: int) -> list[records.Json]:
    if field in _TICKED:
        return list(values)
    found: list[records.Json] = []
    for number, value in enumerate(values):
        at = f"{place}[{number}]"
        kind, content = _ITEM, value
        if isinstance(value, dict) and "type" in value:
            kind = str(value["type"])
            content = {name: inner for name, inner in value.items() if name != "type"}
        found.append({"type": kind, "value": _formed(content, field, at, depth), "id": str(uuid.uuid5(_SPACE, at))})
    return found


def _formed(value: records.Json, field: str, place: str, depth: int) -> records.Json:
    match value:
        case dict():
            return {name: _field(inner, name, f"{place}.{name}", depth) for name, inner in value.items()}
        case list():
            return _listed(value, field, place, depth)
        case str() if "\0" in value:
            raise UnkeepableError(f"{place}: {_UNKEEPABLE}")
        case _:
            return value


def _field(value: records.Json, name: str, place: str, depth: int) -> records.Json:
    if name in _AT_MOST_ONE:
        return _listed([] if value is None else [value], name, place, depth)
    if name in _INSIDE and isinstance(value, list):
        if value and depth == DEPTH_LEVELS:
            message = f"{place}: wanted blocks at most {DEPTH_LEVELS} deep inside each other, got one deeper"
            raise TooDeepError(message)
        return _listed(value, name, place, depth + 1)
    return _formed(value, name, place, depth)


def _plain_list(values: Sequence[records.Json]) -> list[records.Json]:
    found: list[records.Json] = []
    for value in values:
        if not isinstance(value, dict):
            found.append(value)
            continue
        content = _plain(value.get("value"))
        if value.get("type") != _ITEM and isinstance(content, dict):
            content = {"type": value.get("type"), **content}
        found.append("" if content is None else content)
    return found


def _plain(value: records.Json) -> records.Json:
    match value:
        case dict():
            return {name: content for name, inner in value.items() if (content := _filled(name, inner)) is not None}
        case list():
            return _plain_list(value)
        case _:
            return value


def _filled(name: str, value: records.Json) -> records.Json:
    """The value of a field, `None` where it is to have its default."""
    if name in _AT_MOST_ONE and isinstance(value, list):
        return next(iter(_plain_list(value)), None)
    if name == "column" and value is None:
        return 0
    if name in _OPEN_CHOICES and not value:
        return _OPEN_CHOICES[name]
    return _plain(value)
