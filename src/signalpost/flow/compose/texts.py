"""Texts of templates: placeholders, inline marks, links; read once per template version, filled per recipient.

The marks are read in the author's text alone. What a placeholder puts in is never read again, so a value is literal
whatever it holds. A value that is absent, empty or of the wrong type is noted in `Scope.missing` with its place.
"""

import dataclasses
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias, TypeVar

from signalpost.flow.compose import formats, sums, values
from signalpost.vocabulary import links, manuscripts, records, templates

_T = TypeVar("_T")


@dataclasses.dataclass(slots=True)
class Scope:
    """What a template is filled from: the facts and the zone of the premise; and what was found out on the way."""

    facts: dict[str, records.Json]
    zone: str
    missing: list[str]
    #: Inside a list or table: which element.
    element: str = ""
    #: Below a table: the elements that its sums run over.
    elements: list[records.Json] = dataclasses.field(default_factory=list["records.Json"])
    #: Conditions that were asked already.
    answers: dict[str, bool] = dataclasses.field(default_factory=dict[str, bool])
    #: What was written into open regions, by name.
    written: Mapping[str, str] = dataclasses.field(default_factory=dict[str, str])
    #: The regions that stand, in order, with what would stand in them by itself.
    regions: list[tuple[str, tuple[manuscripts.Block, ...]]] = dataclasses.field(
        default_factory=list[tuple[str, tuple[manuscripts.Block, ...]]]
    )


Fill: TypeAlias = Callable[[Scope], _T]


class Place(NamedTuple):
    """Where in a content something stands, and what holds there."""

    name: str
    #: Path of the list whose element is `item`, "" outside of lists and tables.
    element: str = ""
    #: Path of the list that sums run over, "" where there are none.
    over: str = ""
    #: Paths that the conditions around it ask about.
    guards: frozenset[str] = frozenset()
    #: Whether it stands in a column, or among blocks that are kept on one page.
    is_inside: bool = False

    def at(self, part: str) -> "Place":
        """A part of it."""
        return self._replace(name=f"{self.name}.{part}" if self.name else part)


def numbered(parts: Iterable[_T], place: Place) -> Iterator[tuple[_T, Place]]:
    """Each part with its place: `lines[2]`."""
    for position, part in enumerate(parts):
        yield part, place._replace(name=f"{place.name}[{position}]")


#: In place of a format: a list or table runs over the field.
EACH = "each"


class Use(NamedTuple):
    """A field that a content reads, where, and by which format: `EACH` for a loop, "" for an expression."""

    place: Place
    path: str
    format: str = ""


@dataclasses.dataclass(slots=True)
class Setting:
    """What a content is read with, and what was noted on the way."""

    locale: str
    terms: Mapping[str, str]
    assets: Mapping[str, templates.Asset]
    labels: manuscripts.Labels
    #: Open regions by name.
    regions: dict[str, templates.OpenBlock] = dataclasses.field(default_factory=dict[str, templates.OpenBlock])
    uses: list[Use] = dataclasses.field(default_factory=list[Use])
    #: CEL conditions by place.
    conditions: list[tuple[str, str]] = dataclasses.field(default_factory=list[tuple[str, str]])
    findings: list[templates.Finding] = dataclasses.field(default_factory=list[templates.Finding])

    def wrong(self, place: Place, message: str, remedy: str) -> None:
        """Note what makes the content impossible to fill."""
        error = templates.FindingSeverity.ERROR
        self.findings.append(templates.Finding(place=place.name, severity=error, message=message, remedy=remedy))


class Marks(NamedTuple):
    """How a stretch of text is marked; `link` is the address as the author wrote it."""

    strong: bool = False
    emphasis: bool = False
    link: str = ""


class _Piece(NamedTuple):
    """A stretch of an author's text: literal, or a placeholder in its braces."""

    text: str
    is_placeholder: bool
    marks: Marks


def line(text: str, place: Place, setting: Setting) -> Fill[str]:
    """A text without marks, on one line."""
    return _joined(_pieces(_on_one_line(text), _PLAIN, place, setting), place, setting)


def lines(text: str, place: Place, setting: Setting) -> Fill[str]:
    """A text without marks that keeps its line ends: SMS, push, the payload of a barcode."""
    return _joined(_pieces(text.strip(), _PLAIN, place, setting), place, setting)


def runs(text: str, place: Place, setting: Setting) -> Fill[manuscripts.Runs]:
    """A text with marks, on one line. Neighbours with the same marks are one run."""
    groups: list[tuple[Marks, list[_Piece]]] = []
    for piece in _pieces(_on_one_line(text), _MARKED, place, setting):
        if not groups or groups[-1][0] != piece.marks:
            groups.append((piece.marks, []))
        groups[-1][1].append(piece)
    fills = [_run(marks, pieces, place, setting) for marks, pieces in groups]
    return lambda scope: tuple([fill(scope) for fill in fills])


def address(text: str, place: Place, setting: Setting) -> Fill[str]:
    """The address of a link: one placeholder that holds all of it, or a text in which values are percent-encoded."""
    pieces = _pieces(text.strip(), _PLAIN, place, setting)
    is_whole = len(pieces) == 1 and pieces[0].is_placeholder
    fill = _joined(pieces, place, setting, write=str if is_whole else links.escaped)
    if not any(piece.is_placeholder for piece in pieces):
        if not links.is_allowed(text.strip()):
            setting.wrong(place, f"wanted {links.WANTED}, got {text!r}", "write the address in full, with https://")
        return fill

    def checked(scope: Scope) -> str:
        noted = len(scope.missing)
        found = fill(scope)
        if not links.is_allowed(found) and noted == len(scope.missing):
            scope.missing.append(f"{place.name}{scope.element}: {text}: wanted {links.WANTED}, got another text")
        return found

    return checked


def finder(path: str) -> Callable[[dict[str, records.Json]], records.Json]:
    """What finds the value at a path, `None` where there is none."""
    root, *inner = path.split(".")
    if not inner:
        return lambda facts: facts.get(root)
    first, *rest = inner

    def find(facts: dict[str, records.Json]) -> records.Json:
        outer = facts.get(root)
        found = outer.get(first) if isinstance(outer, dict) else None
        for name in rest:
            found = found.get(name) if isinstance(found, dict) else None
        return found

    return find


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _run(marks: Marks, pieces: list[_Piece], place: Place, setting: Setting) -> Fill[manuscripts.Run]:
    strong, emphasis, link = marks
    fill = _joined(pieces, place, setting)
    if link:
        to = address(link, place, setting)
        return lambda scope: manuscripts.Run(text=fill(scope), strong=strong, emphasis=emphasis, link=to(scope))
    if any(piece.is_placeholder for piece in pieces):
        return lambda scope: manuscripts.Run(text=fill(scope), strong=strong, emphasis=emphasis)
    constant = manuscripts.Run(text="".join(piece.text for piece in pieces), strong=strong, emphasis=emphasis)
    return lambda _scope: constant


def _joined(
    pieces: Iterable[_Piece], place: Place, setting: Setting, *, write: Callable[[str], str] = str
) -> Fill[str]:
    """The pieces as one text, each value put through `write`."""
    pattern = ""
    fills: list[Fill[str]] = []
    for piece in pieces:
        if piece.is_placeholder:
            fills.append(_placeholder(piece.text, place, setting, write))
            pattern += "%s"
        else:
            pattern += piece.text.replace("%", "%%")
    if not fills:
        constant = pattern % ()
        return lambda _scope: constant
    if pattern == "%s":
        return fills[0]
    return lambda scope: pattern % tuple([fill(scope) for fill in fills])


_PATH = r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*"
_PLACEHOLDER = re.compile(
    rf"\{{\s*(?:(?P<reckon>sum|count)\(\s*(?P<path>{_PATH})\s*\)"
    rf"|(?P<plain>{_PATH}))\s*"
    r"(?:\|\s*(?P<format>[a-z_-]+)(?::(?P<argument>\w*))?\s*)?\}",
    re.ASCII,
)


def _placeholder(text: str, place: Place, setting: Setting, write: Callable[[str], str]) -> Fill[str]:
    """What puts the value of a placeholder in, and notes where it cannot."""
    placed = _placed(text, place, setting)
    if placed is None:
        return lambda _scope: ""
    find, formatted = placed.find, placed.formatted
    if placed.reckon:
        return _reckoned(text, place, placed)

    def fill(scope: Scope) -> str:
        value = find(scope.facts)
        found = None if value is None or value == "" else formatted(value, scope.zone)
        if isinstance(found, str) and found and not found.isspace():
            return write(found)
        why = f": wanted {found.wanted}, got {found.got}" if isinstance(found, values.Misfit) else ""
        scope.missing.append(f"{place.name}{scope.element}: {text}{why}")
        return ""

    return fill


class _Placed(NamedTuple):
    """A placeholder, read: what finds its value, and what writes it."""

    find: Callable[[dict[str, records.Json]], records.Json]
    formatted: values.Formatter
    #: `sum`, `count`, or "" for a plain one.
    reckon: str


def _reckoned(text: str, place: Place, placed: _Placed) -> Fill[str]:
    """What puts a sum or a count in; neither is anybody's text, so it is literal anyway."""
    find, formatted, reckon = placed

    def fill(scope: Scope) -> str:
        found = len(scope.elements) if reckon == "count" else sums.total(_found(find, scope.elements))
        written = found if isinstance(found, values.Misfit) else _written(found, formatted, scope.zone)
        if isinstance(written, str):
            return written
        scope.missing.append(f"{place.name}{scope.element}: {text}: wanted {written.wanted}, got {written.got}")
        return ""

    return fill


def _written(value: records.Json, formatted: values.Formatter, zone: str) -> str | values.Misfit:
    return values.Misfit("something to add up", "an empty list") if value is None else formatted(value, zone)


def _found(
    find: Callable[[dict[str, records.Json]], records.Json], elements: Iterable[records.Json]
) -> Iterator[records.Json]:
    return (find({"item": element}) for element in elements)


def running(text: str, place: Place, setting: Setting) -> Fill[tuple[str, ...]]:
    """The formatted total after each of the scope's elements; `text` is one placeholder, what is added up."""
    pieces = _pieces(text.strip(), _PLAIN, place, setting)
    placed = _placed(text.strip(), place, setting) if len(pieces) == 1 and pieces[0].is_placeholder else None
    if placed is None or placed.reckon:
        setting.wrong(place, f"wanted one placeholder, got {text!r}", "write what is added up: {item.amount | money}")
        return lambda _scope: ()
    find, formatted, _ = placed

    def fill(scope: Scope) -> tuple[str, ...]:
        reckoned, told = sums.Sum(), list[str]()
        for number, value in enumerate(_found(find, scope.elements), start=1):
            misfit = reckoned.add(value)
            written = misfit or formatted(reckoned.value, scope.zone)
            if not isinstance(written, str):
                scope.missing.append(
                    f"{place.name} of element {number}: {text}: wanted {written.wanted}, got {written.got}"
                )
                return ()
            told.append(written)
        return tuple(told)

    return fill


def _placed(text: str, place: Place, setting: Setting) -> _Placed | None:
    """A placeholder; `None`, with a finding, where it cannot be read."""
    match = _PLACEHOLDER.fullmatch(text)
    if match is None:
        setting.wrong(
            place, f"wanted {{path}} or {{path | format}}, got {text!r}", "for a literal brace write {{ or }}"
        )
        return None
    reckon, name, argument = match["reckon"] or "", match["format"] or "text", match["argument"] or ""
    path = match["path"] or match["plain"]
    if reckon and not (place.over and path.split(".")[0] == "item"):
        setting.wrong(
            place, f"{text}: nothing to reckon over", "sums stand in totals and subtotals, of {sum(item.amount)}"
        )
        return None
    found = formats.FORMATS.get(name)
    if found is None:
        setting.wrong(place, f"{text}: no format {name!r}", f"use one of: {', '.join(sorted(formats.FORMATS))}")
        return None
    if argument not in found.arguments:
        taken = ", ".join(f"{name}:{each}" for each in found.arguments if each)
        setting.wrong(place, f"{text}: {name!r} does not take {argument!r}", f"use {name}{taken and ', '}{taken}")
        return None
    used = place._replace(element=place.over) if reckon else place
    setting.uses.append(Use(place=used, path=path, format="" if reckon == "count" else name))
    manner = values.Manner(locale=setting.locale, argument=argument, terms=setting.terms)
    return _Placed(finder(path), found.make(manner), reckon)


_BRACES = r"(?P<brace>\{\{|\}\})|(?P<placeholder>\{[^{}]*\})|(?P<stray>[{}])"
_PLAIN = re.compile(_BRACES)
_MARKED = re.compile(
    _BRACES
    + r"|\\(?P<escaped>[\\*\[\]])|(?P<strong>\*\*)|(?P<emphasis>\*)"
    + r"|\[(?P<label>(?:\\.|[^\[\]\\])+)\]\((?P<link>[^()\s{}]*(?:\{[^{}]*\}[^()\s{}]*)*)\)"
)


def _pieces(text: str, grammar: re.Pattern[str], place: Place, setting: Setting) -> list[_Piece]:
    """The author's text in pieces; what is left open is a finding."""
    return list(_read(text, grammar, place, setting, Marks()))


def _read(text: str, grammar: re.Pattern[str], place: Place, setting: Setting, around: Marks) -> Iterator[_Piece]:
    marks, position = around, 0
    for match in grammar.finditer(text):
        if match.start() > position:
            yield _Piece(text[position : match.start()], is_placeholder=False, marks=marks)
        position = match.end()
        match match.lastgroup:
            case "brace" | "escaped":
                yield _Piece(match.group()[-1], is_placeholder=False, marks=marks)
            case "placeholder":
                yield _Piece(match.group(), is_placeholder=True, marks=marks)
            case "strong":
                marks = marks._replace(strong=not marks.strong)
            case "emphasis":
                marks = marks._replace(emphasis=not marks.emphasis)
            case "link" if match["link"]:
                yield from _read(match["label"], grammar, place, setting, marks._replace(link=match["link"]))
            case _:
                setting.wrong(
                    place,
                    f"{match.group()!r} says nothing",
                    "write {{ or }} for a brace, and [label](address) for a link",
                )
    if position < len(text):
        yield _Piece(text[position:], is_placeholder=False, marks=marks)
    if marks != around:
        setting.wrong(place, f"* or ** is not closed in {text!r}", r"close it, or write \* for a literal star")
