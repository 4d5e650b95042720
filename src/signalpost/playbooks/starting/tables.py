"""Tables of a letter over lists of the data: columns whose cells hold the elements' values, totals below them.

A table that no list of the data is in brings its rows along as a list of its own, so that nothing in it is lost.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import msgspec

from signalpost.playbooks.starting import data, matching, pieces
from signalpost.vocabulary import manuscripts, records, templates

_PAIR = 2
#: What may be a code: no figure, no sentence.
_PLACEHOLDER = re.compile(r"(\{[^{}]*\})")
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")


class Laid(msgspec.Struct, frozen=True, kw_only=True):
    """A table as a block, and what had to be added to the data for it."""

    block: templates.TemplateBlock
    #: Path of a list → texts by element and member, that no value of the data is written as.
    added: Mapping[str, list[dict[str, str]]]
    #: Words for codes.
    terms: Mapping[str, str]
    #: Paths that the table writes.
    used: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()


def laid(
    table: pieces.Table,
    caption: str,
    name: str,
    *,
    lists: Sequence[tuple[str, list[records.Json]]],
    finder: matching.Finder,
    manner: matching.Manner,
) -> Laid:
    """The block that says what a table says.

    Args:
        table: its texts, the heading first.
        caption: what stands above it.
        name: of the list its rows become if no list of the data is in it: a path.
        lists: the lists of the data by path.
        finder: finds other values.
        manner: how values are written.
    """
    for path, elements in lists:
        found = _over(table, caption, path, elements, finder=finder, manner=manner)
        if found is not None:
            return found
    if all(len(row) == _PAIR for row in table.rows):
        pairs = _pairs(table, finder)
        if pairs is not None:
            return Laid(block=pairs, added={}, terms={})
    return _brought(table, caption, name, finder)


def _over(
    table: pieces.Table,
    caption: str,
    path: str,
    elements: list[records.Json],
    *,
    finder: matching.Finder,
    manner: matching.Manner,
) -> Laid | None:
    """The table over a list, where its rows hold the list's elements in their order."""
    count = len(elements)
    finders = [matching.Finder(data.leaves(element, "item"), manner, is_close=True) for element in elements]
    for first in range(1, len(table.rows) - count + 1):
        rows = table.rows[first : first + count]
        columns = list(zip(*rows, strict=True))
        cells = [[each.plain(cell) for each, cell in zip(finders, column, strict=True)] for column in columns]
        same = [texts[0] if len(set(texts)) == 1 and "{item" in texts[0] else None for texts in cells]
        if not any(same):
            continue
        added: list[dict[str, str]] = [{} for _ in elements]
        terms: dict[str, str] = {}
        notes: list[str] = []
        templated: list[str] = []
        for number, texts in enumerate(same):
            heading = table.rows[0][number]
            templated.append(
                texts
                if texts is not None
                else _coded(elements, cells[number], terms)
                or _added(heading or f"column {number + 1}", columns[number], path, added, notes)
            )
        totals = tuple(tuple(finder.plain(cell) for cell in row) for row in table.rows[first + count :])
        block = templates.TableBlock(
            caption=finder.plain(caption) or matching.escaped(table.rows[0][0]) or "Table",
            each=path,
            columns=tuple(_columns(table, templated)),
            totals=totals,
        )
        used = {f"{path}.{each.removeprefix('item.')}" for one in finders for each in one.used}
        return Laid(
            block=block,
            added={path: added} if any(added) else {},
            terms=terms,
            used=frozenset({path, *used}),
            notes=tuple(notes),
        )
    return None


def _coded(elements: list[records.Json], texts: Sequence[str], terms: dict[str, str]) -> str | None:
    """A column that is one template but for a word, which is that for a code of the elements.

    The same code always has the same word: `{item.quantity} kWh` and `{item.quantity} days` by the unit.
    """
    if not _are_objects(elements):
        return None
    split = [_PLACEHOLDER.split(text) for text in texts]
    others = [number for number, column in enumerate(zip(*split, strict=False)) if len(set(column)) > 1]
    if len({len(parts) for parts in split}) > 1 or len(others) != 1:
        return None
    (other,) = others
    words = [parts[other].strip() for parts in split]
    if not all(words) or any(_PLACEHOLDER.fullmatch(word) or any(map(str.isdigit, word)) for word in words):
        return None
    for name in cast("dict[str, records.Json]", elements[0]):
        codes = [cast("dict[str, records.Json]", element).get(name) for element in elements]
        if not all(isinstance(code, str) and _CODE.fullmatch(code) for code in codes):
            continue
        found = dict(zip(cast("list[str]", codes), words, strict=True))
        is_same = all(found[str(code)] == word for code, word in zip(codes, words, strict=True))
        if is_same and all(terms.get(code, word) == word for code, word in found.items()):
            terms.update(found)
            first = split[0]
            written = first[other].replace(words[0], f"{{item.{name} | term}}")
            return "".join([*first[:other], written, *first[other + 1 :]])
    return None


def _are_objects(elements: list[records.Json]) -> bool:
    return all(isinstance(element, dict) for element in elements)


def _added(heading: str, texts: Sequence[str], path: str, added: list[dict[str, str]], notes: list[str]) -> str:
    """A column that no value is written as: its texts go along with the elements."""
    if not any(texts):
        return ""
    name = f"{data.name_of(heading)}_text"
    for element, text in zip(added, texts, strict=True):
        element[name] = text or "\u2013"
    notes.append(f"column {heading!r}: no value is written like this; its texts became {path}[].{name}")
    return f"{{item.{name}}}"


def _columns(table: pieces.Table, cells: Sequence[str]) -> Iterator[templates.ColumnTemplate]:
    ends = table.at_end or (False,) * len(cells)
    for number, cell in enumerate(cells):
        longest = max(len(row[number]) for row in table.rows)
        yield templates.ColumnTemplate(
            heading=matching.escaped(table.rows[0][number]) or "\u2013",
            cell=cell,
            align=manuscripts.Alignment.END if ends[number] else manuscripts.Alignment.START,
            width=max(1, min(6, round(longest / 8))),
        )


def _pairs(table: pieces.Table, finder: matching.Finder) -> templates.TemplateBlock | None:
    """Two columns: labels with their values, or figures below their labels."""
    rows = [row for row in table.rows if any(row)]
    written = [tuple(finder.plain(cell) for cell in row) for row in rows]
    if len(rows) == _PAIR and all("{" in cell for cell in written[1]) and not any("{" in cell for cell in written[0]):
        figures = tuple(
            templates.FigureTemplate(label=label, value=value) for label, value in zip(*written, strict=True)
        )
        return templates.KeyFiguresBlock(figures=figures)
    if all(label and value and "{" not in label for label, value in written):
        return templates.ReferenceLinesBlock(
            lines=tuple(templates.ReferenceTemplate(label=label.rstrip(":"), value=value) for label, value in written)
        )
    return None


def _brought(table: pieces.Table, caption: str, name: str, finder: matching.Finder) -> Laid:
    """The table over a list that its own rows become."""
    heading, *rows = table.rows
    if not rows:
        heading, rows = ("",) * len(heading), [heading]
    names: list[str] = []
    for number, text in enumerate(heading):
        plain = data.name_of(text) if text else f"column_{number + 1}"
        names.append(plain if plain not in names else f"{plain}_{number + 1}")
    added = [{each: cell or "\u2013" for each, cell in zip(names, row, strict=True)} for row in rows]
    block = templates.TableBlock(
        caption=finder.plain(caption) or matching.escaped(heading[0]) or "Table",
        each=name,
        columns=tuple(_columns(table, [f"{{item.{each}}}" for each in names])),
    )
    note = f"the rows of a table are in no list of the data: they became {name}"
    return Laid(block=block, added={name: added}, terms={}, used=frozenset({name}), notes=(note,))
