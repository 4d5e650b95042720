"""Translations as XLIFF 2.0 (OASIS, 2014): placeholders are codes, so that a translator's tool keeps them whole."""

import html
import pathlib
import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from signalpost.playbooks import reading
from signalpost.playbooks.units import Unit, Units

_NAMESPACE = "urn:oasis:names:tc:xliff:document:2.0"
_NAMES = {"x": _NAMESPACE}
_PLACEHOLDER = re.compile(r"(\{[^{}]*\})")


def written(units: Units, name: str) -> str:
    """The text of an XLIFF file."""
    source, target = _attribute(units.original_language), _attribute(units.language)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<xliff xmlns="{_NAMESPACE}" version="2.0" srcLang="{source}" trgLang="{target}">',
        f'  <file id="content" original="{_attribute(name)}">',
    ]
    for number, unit in enumerate(units.units, start=1):
        lines += _unit(f"u{number}", unit)
    return "\n".join([*lines, "  </file>", "</xliff>", ""])


def _unit(identifier: str, unit: Unit) -> Iterator[str]:
    codes = list(dict.fromkeys(_PLACEHOLDER.findall(unit.original) + _PLACEHOLDER.findall(unit.translated)))
    yield f'    <unit id="{identifier}" name="{_attribute(unit.place)}" xml:space="preserve">'
    if codes:
        yield "      <originalData>"
        for number, code in enumerate(codes, start=1):
            yield f'        <data id="d{number}">{html.escape(code, quote=False)}</data>'
        yield "      </originalData>"
    yield f'      <segment state="{"translated" if unit.translated else "initial"}">'
    yield f"        <source>{_inline(unit.original, codes)}</source>"
    if unit.translated:
        yield f"        <target>{_inline(unit.translated, codes)}</target>"
    yield "      </segment>"
    yield "    </unit>"


def _inline(text: str, codes: list[str]) -> str:
    """A text with its placeholders as codes, each with a number of its own."""
    parts: list[str] = []
    counted: dict[int, int] = {}
    for part in _PLACEHOLDER.split(text):
        if part not in codes:
            parts.append(html.escape(part, quote=False))
            continue
        data = codes.index(part) + 1
        counted[data] = counted.get(data, 0) + 1
        again = f"-{counted[data]}" if counted[data] > 1 else ""
        parts.append(f'<ph id="{data}{again}" dataRef="d{data}"/>')
    return "".join(parts)


def read(path: pathlib.Path) -> Iterator[Unit]:
    """The units of an XLIFF file.

    Raises:
        PlaybookError: it is no XLIFF 2.0.
    """
    text = reading.text_of(path)
    try:
        root = fromstring(text.encode())
    except (ET.ParseError, DefusedXmlException) as error:
        raise reading.PlaybookError(f"{path}: wanted XLIFF 2.0, got {error}") from error
    if root.tag != f"{{{_NAMESPACE}}}xliff":
        raise reading.PlaybookError(f"{path}: wanted XLIFF 2.0, got <{root.tag}>")
    for unit in root.iterfind(".//x:unit", _NAMES):
        data = {each.get("id", ""): each.text or "" for each in unit.iterfind("x:originalData/x:data", _NAMES)}
        place = unit.get("name", "")
        yield Unit(
            place=place,
            original=_whole(unit, "source", data, path),
            translated=_whole(unit, "target", data, path),
            line=_line(text, place),
        )


def _whole(unit: ET.Element, name: str, data: dict[str, str], path: pathlib.Path) -> str:
    """The text of all segments, with what their codes stand for."""
    parts: list[str] = []
    for segment in unit:
        if segment.tag not in (f"{{{_NAMESPACE}}}segment", f"{{{_NAMESPACE}}}ignorable"):
            continue
        for element in segment.iterfind(f"x:{name}", _NAMES):
            parts += _parts(element, data, path)
    return "".join(parts)


def _parts(element: ET.Element, data: dict[str, str], path: pathlib.Path) -> Iterator[str]:
    yield element.text or ""
    for inner in element:
        reference = inner.get("dataRef", "")
        if inner.tag == f"{{{_NAMESPACE}}}ph":
            if reference not in data:
                raise reading.PlaybookError(f"{path}: <ph>: wanted one of {', '.join(data)}, got {reference!r}")
            yield data[reference]
        else:
            yield from _parts(inner, data, path)
        yield inner.tail or ""


def _line(text: str, place: str) -> int:
    position = text.find(f'name="{_attribute(place)}"')
    return text.count("\n", 0, max(position, 0)) + 1


def _attribute(text: str) -> str:
    return html.escape(text, quote=True)
