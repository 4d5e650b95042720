"""An item of the library as people read it: sections of lines, each with its place and what it is called.

It is what versions are compared by and what comments point at. Every field of every kind of item comes out, those that
nobody thought of here too: an outline that left something out would let it change unseen.
"""

import typing
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import msgspec

from signalpost.flow import differences
from signalpost.vocabulary import library, records, templates

#: What stands beside the lines of its own under a name of its own.
_APART = frozenset({"editions", "variants", "categories", "samples", "body", "contract", "facts", "labels", "dress"})
#: Records that an item is made of.
_WRAPPED = frozenset({"policy", "trigger"})
#: Fields that name an element among others, the first that is there.
_NAMES = ("language", "category", "name", "insert", "channel", "condition")
#: Fields that hold JSON as text.
_JSON = frozenset({"contract", "facts", "data_schema"})
#: Parts of a JSON Schema that say nothing to a reader.
_SILENT = frozenset({"properties"})
#: Further fields that tell wordings of a shared text apart.
_ALSO = ("jurisdiction", "effective_from")
#: What one element of a section's field is called.
_ONE = {"editions": "Language", "variants": "Wording", "categories": "Category", "samples": "Sample"}
#: The names of all blocks.
_TAGS = frozenset(str(kind.__struct_config__.tag) for kind in typing.get_args(templates.TemplateBlock))


class Section(records.Record, frozen=True, kw_only=True):
    """Lines under one name: an edition, a category of the policy, the settings."""

    place: str
    name: str
    lines: tuple[differences.Line, ...]


class Compared(records.Record, frozen=True, kw_only=True):
    """A section of two versions."""

    place: str
    name: str
    passages: tuple[differences.Passage, ...]

    def is_changed(self) -> bool:
        """Whether anything in it differs."""
        return differences.is_changed(self.passages)


def of(item: library.Item | templates.Content) -> tuple[Section, ...]:
    """The outline of an item, or of a bound content."""
    own: list[differences.Line] = []
    sections: list[Section] = []
    for place, field, value in _fields(item):
        if field in _APART and isinstance(value, list) and _records(value):
            sections += _sections(place, field, _records(value))
        elif field in _APART:
            lines = tuple(_lines(_parsed(field, value), place, _words(field)))
            sections += [Section(place=place, name=_words(field), lines=lines)] if lines else []
        else:
            own += _lines(value, place, _words(field))
    return (Section(place="", name="Settings", lines=tuple(own)), *sections)


def compare(
    before: library.Item | templates.Content | None, after: library.Item | templates.Content | None
) -> tuple[Compared, ...]:
    """Two versions section by section, in the order of the later one; `None` is "not there"."""
    old = {one.place: one for one in of(before)} if before is not None else {}
    new = {one.place: one for one in of(after)} if after is not None else {}
    return tuple(
        Compared(
            place=place,
            name=(new.get(place) or old[place]).name,
            passages=differences.passages(
                old[place].lines if place in old else (), new[place].lines if place in new else ()
            ),
        )
        for place in [*new, *(place for place in old if place not in new)]
    )


def _fields(item: library.Item | templates.Content) -> Iterator[tuple[str, str, records.Json]]:
    """Place, name and value of every field; a record that the item only wraps is looked into."""
    tree = cast("dict[str, records.Json]", msgspec.json.decode(msgspec.json.encode(item)))
    for field, value in tree.items():
        if field in _WRAPPED and isinstance(value, dict):
            yield from ((f"{field}.{key}", key, inner) for key, inner in value.items())
        elif field not in {"type", "name"}:
            yield field, field, value


def _records(values: Sequence[records.Json]) -> list[dict[str, records.Json]]:
    """The elements, when all of them are records and none of them is a block."""
    found = [value for value in values if isinstance(value, dict) and not _is_block(value)]
    return found if len(found) == len(values) else []


def _sections(at: str, field: str, elements: Sequence[dict[str, records.Json]]) -> Iterator[Section]:
    seen: dict[str, int] = {}
    for element in elements:
        name = _name(element)
        seen[name] = seen.get(name, 0) + 1
        number = f" {seen[name]}" if seen[name] > 1 else ""
        place = f"{at}[{name}{number}]"
        lines = [
            line
            for key, value in element.items()
            for line in _lines(_parsed(key, value), f"{place}.{key}", "" if key == "body" else _words(key))
        ]
        yield Section(place=place, name=f"{_ONE.get(field, _words(field))} {name}{number}".strip(), lines=tuple(lines))


def _name(element: Mapping[str, records.Json]) -> str:
    """What an element is called among its like: wordings of a shared text by language, jurisdiction and first day."""
    first = next((str(element[field]) for field in _NAMES if element.get(field)), "")
    return " ".join(filter(None, (first, *(str(element.get(field) or "") for field in _ALSO))))


def _lines(value: records.Json, place: str, label: str, depth: int = 0) -> Iterator[differences.Line]:
    """What a value says, each part by its own line; what is empty says nothing."""
    match value:
        case dict() if _is_block(value):
            yield from _block(value, place, depth)
        case dict():
            for key, inner in value.items():
                further = label if key in _SILENT else _joined(label, _words(key))
                yield from _lines(_parsed(key, inner), f"{place}.{key}", further, depth)
        case list() if any(isinstance(one, dict | list) for one in value):
            for number, inner in enumerate(value):
                name = _name(inner) if isinstance(inner, dict) and not _is_block(inner) else ""
                yield from _lines(inner, f"{place}[{name or number}]", _joined(label, name or str(number + 1)), depth)
        case _:
            if text := _text(value):
                yield differences.Line(place=place, label=label, text=text, depth=depth)


def _is_block(value: Mapping[str, records.Json]) -> bool:
    return value.get("type") in _TAGS


def _block(block: Mapping[str, records.Json], place: str, depth: int) -> Iterator[differences.Line]:
    """A block under its name; the blocks it holds stand deeper."""
    name = _words(str(block["type"]))
    inner = {key: value for key, value in block.items() if _holds_blocks(value)}
    own = [
        line
        for key, value in block.items()
        if key not in inner and key != "type"
        for line in _lines(value, f"{place}.{key}", name if key == "text" else _joined(name, _words(key)), depth)
    ]
    yield from own or [differences.Line(place=place, label=name, text="", depth=depth)]
    for key, value in inner.items():
        if key == "otherwise":
            yield differences.Line(place=f"{place}.{key}", label="Otherwise", text="", depth=depth)
        yield from _lines(value, f"{place}.{key}", name, depth + 1)


def _holds_blocks(value: records.Json) -> bool:
    """Whether blocks stand in it: in a list, or in the parts of a list."""
    match value:
        case list():
            return any(_holds_blocks(one) for one in value)
        case dict():
            return _is_block(value) or any(_holds_blocks(one) for one in value.values())
        case _:
            return False


def _parsed(key: str, value: records.Json) -> records.Json:
    """JSON that is kept as text, as what it says; text that is none stays text."""
    if key not in _JSON or not isinstance(value, str):
        return value
    try:
        found: records.Json = msgspec.json.decode(value)
    except msgspec.DecodeError:
        return value
    return found


def _text(value: records.Json) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(_text(one) for one in value)
        case _:
            return str(value)


def _words(field: str) -> str:
    text = field.replace("_", " ").removeprefix("is ").removeprefix("has ")
    return text[:1].upper() + text[1:]


def _joined(label: str, further: str) -> str:
    return f"{label} / {further}" if label else further
