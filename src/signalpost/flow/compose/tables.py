"""Tables: rows from a list, in groups with subtotals, with totals and with a total carried from page to page."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from signalpost.flow.compose import texts, values
from signalpost.vocabulary import manuscripts, records, templates

_Rows = list[list[texts.Fill[str]]]


class Element(NamedTuple):
    """An element of a list with the scope in which it is `item`."""

    value: records.Json
    scope: texts.Scope


def read(block: templates.TableBlock, place: texts.Place, setting: texts.Setting) -> texts.Fill[manuscripts.Block]:
    """What makes a table."""
    _note_shape(block, place, setting)
    caption = texts.line(block.caption, place.at("caption"), setting)
    elements, inside = each(block.each, place, setting)
    headings = [
        texts.line(column.heading, at.at("heading"), setting)
        for column, at in texts.numbered(block.columns, place.at("columns"))
    ]
    cells = [
        texts.line(column.cell, at.at("cell"), setting)
        for column, at in texts.numbered(block.columns, inside.at("columns"))
    ]
    totals = _rows(block.totals, place.at("totals")._replace(over=block.each), setting)
    grouped = _Grouped(block, inside, setting)
    carried = _Carried(block.carry, inside, setting) if block.carry else None

    def fill(scope: texts.Scope) -> manuscripts.Block:
        found, groups = grouped.split(elements(scope), scope)
        scope.elements = [element.value for element in found]
        return manuscripts.Table(
            caption=caption(scope),
            columns=tuple(
                [
                    manuscripts.Column(heading=heading(scope), align=column.align, width=column.width)
                    for heading, column in zip(headings, block.columns, strict=True)
                ]
            ),
            rows=tuple([tuple([cell(element.scope) for cell in cells]) for element in found]),
            totals=_filled(totals, scope),
            groups=groups,
            carry=carried.fill(scope) if carried else None,
            is_row_kept=block.is_row_kept,
        )

    return fill


def each(path: str, place: texts.Place, setting: texts.Setting) -> tuple[texts.Fill[Sequence[Element]], texts.Place]:
    """The elements of a list, in whose scopes they are `item`; and the place inside."""
    at = place.at("each")
    setting.uses.append(texts.Use(place=at, path=path, format=texts.EACH))
    find = texts.finder(path)

    def elements(scope: texts.Scope) -> Sequence[Element]:
        found = find(scope.facts)
        if not isinstance(found, list):
            got = "" if found is None else f": wanted a list, got {values.kind(found)}"
            scope.missing.append(f"{at.name}: {{{path}}}{got}")
            return ()
        return [Element(element, _inside(element, number, scope)) for number, element in enumerate(found, start=1)]

    return elements, place._replace(element=path)


def _inside(element: records.Json, number: int, scope: texts.Scope) -> texts.Scope:
    return texts.Scope(
        facts={**scope.facts, "item": element},
        zone=scope.zone,
        missing=scope.missing,
        element=f" of element {number}",
    )


def _note_shape(block: templates.TableBlock, place: texts.Place, setting: texts.Setting) -> None:
    count = len(block.columns)
    if not count or any(len(row) != count for row in (*block.totals, *block.subtotals)):
        message = f"wanted {count} cells in every total, and a column at least"
        setting.wrong(place, message, "give each total as many cells as the table has columns")
    if (block.group_heading or block.subtotals) and not block.group_by:
        setting.wrong(place.at("group_by"), "wanted what the groups are made by, got nothing", "choose a field of item")
    if block.group_by and block.group_by.split(".")[0] != "item":
        message = f"wanted a field of item, got {block.group_by!r}"
        setting.wrong(place.at("group_by"), message, "write item. before the field")
    if block.carry and not 1 <= block.carry.column < count:
        message = f"wanted a column from 1 to {count - 1}, got {block.carry.column}"
        setting.wrong(
            place.at("carry"), message, "choose the column that holds the amount; the words stand in the first"
        )
    if block.carry and place.is_inside:
        message = "a total cannot be carried forward in a column or a part that is kept on one page"
        setting.wrong(place.at("carry"), message, "move the table out, or take the carrying out")


def _rows(rows: Iterable[Sequence[str]], place: texts.Place, setting: texts.Setting) -> _Rows:
    return [
        [texts.line(text, at, setting) for text, at in texts.numbered(row, inside)]
        for row, inside in texts.numbered(rows, place)
    ]


def _filled(rows: _Rows, scope: texts.Scope) -> tuple[tuple[str, ...], ...]:
    return tuple([tuple([text(scope) for text in row]) for row in rows])


class _Grouped:
    """Elements gathered by a field, in the order in which its values first come."""

    def __init__(self, block: templates.TableBlock, inside: texts.Place, setting: texts.Setting) -> None:
        self._path = block.group_by
        self._name = inside.at("group_by").name
        self._find = texts.finder(block.group_by)
        if block.group_by:
            setting.uses.append(texts.Use(place=inside.at("group_by"), path=block.group_by))
        self._heading = texts.line(block.group_heading, inside.at("group_heading"), setting)
        self._subtotals = _rows(block.subtotals, inside.at("subtotals")._replace(over=block.each), setting)

    def split(
        self, elements: Sequence[Element], scope: texts.Scope
    ) -> tuple[Sequence[Element], tuple[manuscripts.RowGroup, ...]]:
        """The elements in the order of the table, and its groups."""
        if not self._path:
            return elements, ()
        gathered: dict[bytes, list[Element]] = {}
        for element in elements:
            value = self._find(element.scope.facts)
            if value is None or value == "":
                scope.missing.append(f"{self._name}{element.scope.element}: {{{self._path}}}")
            gathered.setdefault(records.canonical(value), []).append(element)
        groups = list(gathered.values())
        return [element for group in groups for element in group], tuple(map(self._group, groups))

    def _group(self, elements: list[Element]) -> manuscripts.RowGroup:
        scope = elements[0].scope
        scope.elements = [element.value for element in elements]
        return manuscripts.RowGroup(
            heading=self._heading(scope), rows=len(elements), subtotals=_filled(self._subtotals, scope)
        )


class _Carried:
    """A total that is carried from page to page."""

    def __init__(self, carry: templates.CarryTemplate, inside: texts.Place, setting: texts.Setting) -> None:
        place = inside.at("carry")
        self._column = carry.column
        self._totals = texts.running(carry.amount, place.at("amount"), setting)
        outside = place._replace(element="")
        self._forward = texts.line(carry.forward, outside.at("forward"), setting)
        self._brought = texts.line(carry.brought, outside.at("brought"), setting)

    def fill(self, scope: texts.Scope) -> manuscripts.Carry:
        """With the totals over the elements of the scope."""
        return manuscripts.Carry(
            column=self._column,
            forward=self._forward(scope),
            brought=self._brought(scope),
            totals=self._totals(scope),
        )
