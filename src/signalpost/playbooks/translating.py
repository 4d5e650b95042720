"""A language as a translation of another one: gettext PO or XLIFF 2.0, for translators and their tools.

A translation holds only texts; blocks, conditions and everything else is the original's. An edition that says something
in other blocks than its original is no translation, and its file holds all of it (`content.LANGUAGE.yaml`). A text that
nobody has translated yet is empty, and the checks say so.
"""

import enum
import pathlib
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import cast

import msgspec

from signalpost.playbooks import gettext, places, plain, reading, xliff
from signalpost.playbooks.units import Unit, Units
from signalpost.vocabulary import library, records


class Form(enum.StrEnum):
    """The formats that translations are kept in; the value is the suffix."""

    PO = "po"
    XLIFF = "xliff"


#: Members that are translated, by the tag of a block or by where a part of one stands.
TEXTS: dict[str, frozenset[str]] = {
    "edition": frozenset({"title", "subject", "preheader", "sms", "push_title", "push_body", "terms"}),
    "edition.variants": frozenset({"subject", "preheader", "sms", "push_title", "push_body"}),
    "heading": frozenset({"text"}),
    "paragraph": frozenset({"text"}),
    "list": frozenset({"items", "item"}),
    "table": frozenset({"caption", "totals", "group_heading", "subtotals"}),
    "table.columns": frozenset({"heading", "cell"}),
    "table.carry": frozenset({"forward", "brought"}),
    "key_figures": frozenset(),
    "key_figures.figures": frozenset({"label", "value", "note"}),
    "chart": frozenset({"title", "unit", "alternative"}),
    "chart.series": frozenset({"name"}),
    "image": frozenset({"alternative"}),
    "barcode": frozenset({"alternative"}),
    "callout": frozenset({"title", "text"}),
    "action": frozenset({"label"}),
    "reference_lines": frozenset(),
    "reference_lines.lines": frozenset({"label", "value"}),
    "signature": frozenset({"closing", "name", "role"}),
    "break": frozenset(),
    "when": frozenset(),
    "shared_text": frozenset(),
    "columns": frozenset(),
    "keep": frozenset(),
    "only": frozenset(),
    "open": frozenset({"label"}),
    "attachment": frozenset({"title"}),
}

_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_WRITABLE_CONTROLS = frozenset("\n\t")
_UNWRITABLE = frozenset({"Cc", "Cs", "Cn", "Zl", "Zp"})

_Change = Callable[[str, str], str]


def translation(original: library.Edition, other: library.Edition) -> Units | None:
    """The texts of an edition beside those of its original; `None` where it is no translation of it."""
    first, second = _members(original), _members(other)
    if _skeleton(first) != _skeleton(second):
        return None
    pairs = zip(_texts(first), _texts(second), strict=True)
    units = tuple(
        Unit(place=place, original=text, translated=translated)
        for (place, text), (_, translated) in pairs
        if text != translated or not _is_wordless(text)
    )
    if any(not unit.original or not _is_writable(unit.original + unit.translated) for unit in units):
        return None
    return Units(language=other.language, original_language=original.language, units=units)


def written(units: Units, form: Form, name: str) -> bytes:
    """The file of a translation; `name` is that of the communication."""
    text = gettext.written(units, name) if form is Form.PO else xliff.written(units, name)
    return text.encode()


def files_in(folder: pathlib.Path) -> dict[str, pathlib.Path]:
    """Language → file of its translation."""
    paths = [path for form in Form for path in sorted(folder.glob(f"*.{form}"))]
    found: dict[str, pathlib.Path] = {}
    for path in paths:
        language = places.name_of(path.stem)
        if language in found:
            raise reading.PlaybookError(f"{path}: wanted one translation in {language!r}, got two")
        found[language] = path
    return found


def read(path: pathlib.Path, original: library.Edition, language: str) -> library.Edition:
    """The edition that a translation makes of its original.

    Raises:
        PlaybookError: it is no PO or XLIFF, or a translation of something else; with file and line.
    """
    units = gettext.read(path) if path.suffix == f".{Form.PO}" else xliff.read(path)
    members = _members(original)
    texts = dict(_texts(members))
    translated: dict[str, str] = {}
    for unit in units:
        if unit.place not in texts:
            raise reading.PlaybookError(f"{path}:{unit.line}: wanted a place of the original, got {unit.place!r}")
        if texts[unit.place] != unit.original:
            raise reading.PlaybookError(
                f"{path}:{unit.line}: {unit.place}: the original has changed: pull again, and translate it anew"
            )
        translated[unit.place] = unit.translated

    def change(place: str, text: str) -> str:
        return translated.get(place, text if _is_wordless(text) else "")

    changed = cast("dict[str, records.Json]", _rebuilt(members, "edition", "", change))
    terms = cast("Mapping[str, str]", changed.get("terms", {}))
    whole = {**changed, "language": language, "terms": list(terms.items())}
    return msgspec.convert(whole, library.Edition)


def _members(edition: library.Edition) -> dict[str, records.Json]:
    found = plain.without(plain.members(edition), "language")
    return {**found, "terms": dict(edition.terms)} if edition.terms else found


def _skeleton(members: records.Json) -> records.Json:
    """Everything but the texts."""
    return _rebuilt(members, "edition", "", lambda _place, _text: "")


def _texts(members: records.Json) -> list[tuple[str, str]]:
    """Every text with its place, in the order of the file."""
    found: list[tuple[str, str]] = []

    def note(place: str, text: str) -> str:
        found.append((place, text))
        return text

    _rebuilt(members, "edition", "", note)
    return found


def _rebuilt(value: records.Json, owner: str, place: str, change: _Change) -> records.Json:
    """The same with other texts; `owner` is what the value is a part of."""
    match value:
        case dict():
            tag = value.get("type")
            owner = tag if isinstance(tag, str) and tag in TEXTS else owner
            names = TEXTS.get(owner, frozenset())
            return {
                name: _changed(inner, f"{place}.{name}", change)
                if name in names
                else _rebuilt(inner, f"{owner}.{name}", f"{place}.{name}", change)
                for name, inner in value.items()
            }
        case list():
            return [_rebuilt(inner, owner, f"{place}[{number}]", change) for number, inner in enumerate(value)]
        case _:
            return value


def _changed(value: records.Json, place: str, change: _Change) -> records.Json:
    match value:
        case str():
            return change(place.removeprefix("."), value)
        case list():
            return [_changed(inner, f"{place}[{number}]", change) for number, inner in enumerate(value)]
        case dict():
            return {name: _changed(inner, f"{place}.{name}", change) for name, inner in value.items()}
        case _:
            return value


def _is_wordless(text: str) -> bool:
    """Whether there is nothing to translate: placeholders, figures and signs alone."""
    return not any(map(str.isalpha, _PLACEHOLDER.sub("", text)))


def _is_writable(text: str) -> bool:
    return not any(unicodedata.category(one) in _UNWRITABLE for one in set(text) - _WRITABLE_CONTROLS)
