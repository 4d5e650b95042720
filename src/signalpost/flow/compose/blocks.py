"""Blocks: what of a template's body becomes which block of the manuscript.

Each block of a template is read once into a function that appends what it becomes to the body. A block that reads no
fact is made once and stands in every manuscript as the same record.
"""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import TypeAlias, TypeVar, assert_never

from signalpost.flow.compose import conditions, texts, values
from signalpost.vocabulary import manuscripts, records, templates

#: Appends the blocks that a block of the template becomes.
Emit: TypeAlias = Callable[[texts.Scope, list[manuscripts.Block]], None]

_T = TypeVar("_T")

HEADING_LEVEL_MAX = 4


def read(blocks: Iterable[templates.TemplateBlock], place: texts.Place, setting: texts.Setting) -> Emit:
    """What makes the blocks, in order."""
    emits = [_emit(block, at, setting) for block, at in numbered(blocks, place)]

    def emit(scope: texts.Scope, body: list[manuscripts.Block]) -> None:
        for each in emits:
            each(scope, body)

    return emit


def _emit(block: templates.TemplateBlock, place: texts.Place, setting: texts.Setting) -> Emit:
    """What makes one block."""
    if isinstance(block, templates.WhenBlock):
        return _when(block, place, setting)
    uses, findings = len(setting.uses), len(setting.findings)
    fill = _fill(block, place, setting)
    if len(setting.uses) == uses and len(setting.findings) == findings:
        nothing = texts.Scope(facts={}, zone="", missing=[])
        constant = fill(nothing)
        if not nothing.missing:
            return lambda _scope, body: body.append(constant)
    return lambda scope, body: body.append(fill(scope))


def _when(block: templates.WhenBlock, place: texts.Place, setting: texts.Setting) -> Emit:
    asked = conditions.condition(block.condition, place.at("condition"), setting)
    guarded = place._replace(guards=place.guards | conditions.guards(block.condition))
    then = read(block.then, guarded.at("then"), setting)
    otherwise = read(block.otherwise, guarded.at("otherwise"), setting)
    return lambda scope, body: then(scope, body) if asked(scope) else otherwise(scope, body)


_Data: TypeAlias = (
    templates.TableBlock
    | templates.KeyFiguresBlock
    | templates.ChartBlock
    | templates.ImageBlock
    | templates.BarcodeBlock
    | templates.ReferenceLinesBlock
    | templates.SignatureBlock
)
_Simple: TypeAlias = (
    templates.HeadingBlock
    | templates.ParagraphBlock
    | templates.ListBlock
    | templates.CalloutBlock
    | templates.ActionBlock
    | templates.BreakBlock
    | _Data
)


def _fill(  # noqa: PLR0911 - a table of kinds
    block: _Simple, place: texts.Place, setting: texts.Setting
) -> texts.Fill[manuscripts.Block]:
    """What makes a block that is one block of the manuscript."""
    match block:
        case templates.HeadingBlock():
            return _heading(block, place, setting)
        case templates.ParagraphBlock():
            runs = texts.runs(block.text, place.at("text"), setting)
            return lambda scope: manuscripts.Paragraph(runs=runs(scope))
        case templates.ListBlock():
            return _list(block, place, setting)
        case templates.CalloutBlock():
            return _callout(block, place, setting)
        case templates.ActionBlock():
            label = texts.line(block.label, place.at("label"), setting)
            link = texts.address(block.link, place.at("link"), setting)
            return lambda scope: manuscripts.Action(label=label(scope), link=link(scope))
        case templates.BreakBlock():
            return lambda _scope: manuscripts.Break()
        case _:
            return _fill_data(block, place, setting)


def _fill_data(  # noqa: PLR0911 - a table of kinds
    block: _Data, place: texts.Place, setting: texts.Setting
) -> texts.Fill[manuscripts.Block]:
    """What makes a block of named parts."""
    match block:
        case templates.TableBlock():
            return _table(block, place, setting)
        case templates.KeyFiguresBlock():
            return _key_figures(block, place, setting)
        case templates.ChartBlock():
            return _chart(block, place, setting)
        case templates.ImageBlock():
            return _image(block, place, setting)
        case templates.BarcodeBlock():
            return _barcode(block, place, setting)
        case templates.ReferenceLinesBlock():
            return _reference_lines(block, place, setting)
        case templates.SignatureBlock():
            return _signature(block, place, setting)
        case _:
            assert_never(block)


def _heading(
    block: templates.HeadingBlock, place: texts.Place, setting: texts.Setting
) -> texts.Fill[manuscripts.Block]:
    level = block.level
    if not 1 <= level <= HEADING_LEVEL_MAX:
        setting.wrong(place.at("level"), f"wanted 1 to {HEADING_LEVEL_MAX}, got {level}", "choose the level below")
    runs = texts.runs(block.text, place.at("text"), setting)
    return lambda scope: manuscripts.Heading(level=level, runs=runs(scope))


def _list(block: templates.ListBlock, place: texts.Place, setting: texts.Setting) -> texts.Fill[manuscripts.Block]:
    is_ordered = block.is_ordered
    if bool(block.items) == bool(block.each) or bool(block.each) != bool(block.item):
        setting.wrong(place, "wanted either items, or each with item", "give one of the two")
    if not block.each:
        fixed = [texts.runs(item, at, setting) for item, at in numbered(block.items, place.at("items"))]
        return lambda scope: manuscripts.List(items=tuple([item(scope) for item in fixed]), is_ordered=is_ordered)
    elements, inside = _each(block.each, place, setting)
    item = texts.runs(block.item, inside.at("item"), setting)
    return lambda scope: manuscripts.List(items=tuple([item(each) for each in elements(scope)]), is_ordered=is_ordered)


def _table(block: templates.TableBlock, place: texts.Place, setting: texts.Setting) -> texts.Fill[manuscripts.Block]:
    if not block.columns or any(len(total) != len(block.columns) for total in block.totals):
        message = f"wanted {len(block.columns)} cells in every total, and a column at least"
        setting.wrong(place, message, "give each total as many cells as the table has columns")
    caption = texts.line(block.caption, place.at("caption"), setting)
    elements, inside = _each(block.each, place, setting)
    headings = [
        texts.line(column.heading, at.at("heading"), setting)
        for column, at in numbered(block.columns, place.at("columns"))
    ]
    cells = [
        texts.line(column.cell, at.at("cell"), setting) for column, at in numbered(block.columns, inside.at("columns"))
    ]
    totals = [
        [texts.line(text, at, setting) for text, at in numbered(total, row)]
        for total, row in numbered(block.totals, place.at("totals"))
    ]

    def fill(scope: texts.Scope) -> manuscripts.Block:
        return manuscripts.Table(
            caption=caption(scope),
            columns=tuple(
                [
                    manuscripts.Column(heading=heading(scope), align=column.align, width=column.width)
                    for heading, column in zip(headings, block.columns, strict=True)
                ]
            ),
            rows=tuple([tuple([cell(each) for cell in cells]) for each in elements(scope)]),
            totals=tuple([tuple([text(scope) for text in total]) for total in totals]),
        )

    return fill


def _key_figures(
    block: templates.KeyFiguresBlock, place: texts.Place, setting: texts.Setting
) -> texts.Fill[manuscripts.Block]:
    figures = [
        (
            texts.line(figure.label, at.at("label"), setting),
            texts.line(figure.value, at.at("value"), setting),
            texts.line(figure.note, at.at("note"), setting),
        )
        for figure, at in numbered(block.figures, place.at("figures"))
    ]
    return lambda scope: manuscripts.KeyFigures(
        figures=tuple(
            [
                manuscripts.KeyFigure(label=label(scope), value=value(scope), note=note(scope))
                for label, value, note in figures
            ]
        )
    )


def _chart(block: templates.ChartBlock, place: texts.Place, setting: texts.Setting) -> texts.Fill[manuscripts.Block]:
    title = texts.line(block.title, place.at("title"), setting)
    alternative = texts.line(block.alternative, place.at("alternative"), setting)
    unit = texts.line(block.unit, place.at("unit"), setting)
    categories = conditions.listed(block.categories, place.at("categories"), setting, _category)
    series = [
        (
            texts.line(each.name, at.at("name"), setting),
            conditions.listed(each.values, at.at("values"), setting, _point),
        )
        for each, at in numbered(block.series, place.at("series"))
    ]

    def fill(scope: texts.Scope) -> manuscripts.Block:
        noted = len(scope.missing)
        names = categories(scope)
        drawn = [(name(scope), values(scope)) for name, values in series]
        if noted == len(scope.missing) and any(len(values) != len(names) for _, values in drawn):
            got = ", ".join(str(len(values)) for _, values in drawn)
            scope.missing.append(f"{place.name}.series: wanted {len(names)} values, one per category, got {got}")
        return manuscripts.Chart(
            kind=block.kind,
            title=title(scope),
            categories=tuple([name or "" for name in names]),
            series=tuple([manuscripts.Series(name=name, values=values) for name, values in drawn]),
            unit=unit(scope),
            alternative=alternative(scope),
        )

    return fill


def _image(block: templates.ImageBlock, place: texts.Place, setting: texts.Setting) -> texts.Fill[manuscripts.Block]:
    alternative = texts.line(block.alternative, place.at("alternative"), setting)
    asset = setting.assets.get(block.asset)
    if asset is None:
        known = ", ".join(sorted(setting.assets)) or "none"
        setting.wrong(place.at("asset"), f"no asset {block.asset!r}", f"upload it, or use one of: {known}")
        asset = templates.Asset(name=block.asset, media_type="", digest="")
    return lambda scope: manuscripts.Image(
        digest=asset.digest, media_type=asset.media_type, alternative=alternative(scope), width_mm=block.width_mm
    )


def _barcode(
    block: templates.BarcodeBlock, place: texts.Place, setting: texts.Setting
) -> texts.Fill[manuscripts.Block]:
    payload = texts.lines(block.payload, place.at("payload"), setting)
    alternative = texts.line(block.alternative, place.at("alternative"), setting)
    return lambda scope: manuscripts.Barcode(
        symbology=block.symbology, payload=payload(scope), alternative=alternative(scope)
    )


def _callout(
    block: templates.CalloutBlock, place: texts.Place, setting: texts.Setting
) -> texts.Fill[manuscripts.Block]:
    title = texts.line(block.title, place.at("title"), setting)
    runs = texts.runs(block.text, place.at("text"), setting)
    return lambda scope: manuscripts.Callout(tone=block.tone, title=title(scope), runs=runs(scope))


def _reference_lines(
    block: templates.ReferenceLinesBlock, place: texts.Place, setting: texts.Setting
) -> texts.Fill[manuscripts.Block]:
    lines = [
        (texts.line(each.label, at.at("label"), setting), texts.line(each.value, at.at("value"), setting))
        for each, at in numbered(block.lines, place.at("lines"))
    ]
    return lambda scope: manuscripts.ReferenceLines(
        lines=tuple([manuscripts.ReferenceLine(label=label(scope), value=value(scope)) for label, value in lines])
    )


def _signature(
    block: templates.SignatureBlock, place: texts.Place, setting: texts.Setting
) -> texts.Fill[manuscripts.Block]:
    closing = texts.line(block.closing, place.at("closing"), setting)
    name = texts.line(block.name, place.at("name"), setting)
    role = texts.line(block.role, place.at("role"), setting)
    return lambda scope: manuscripts.Signature(closing=closing(scope), name=name(scope), role=role(scope))


def _each(
    path: str, place: texts.Place, setting: texts.Setting
) -> tuple[texts.Fill[Iterable[texts.Scope]], texts.Place]:
    """The scopes of a list's elements, in which the element is `item`; and the place inside."""
    at = place.at("each")
    setting.uses.append(texts.Use(place=at, path=path, format=texts.EACH))
    find = texts.finder(path)

    def elements(scope: texts.Scope) -> Iterable[texts.Scope]:
        found = find(scope.facts)
        if not isinstance(found, list):
            got = "" if found is None else f": wanted a list, got {values.kind(found)}"
            scope.missing.append(f"{at.name}: {{{path}}}{got}")
            return ()
        return [
            texts.Scope(
                facts={**scope.facts, "item": element},
                zone=scope.zone,
                missing=scope.missing,
                element=f" of element {number}",
            )
            for number, element in enumerate(found, start=1)
        ]

    return elements, place._replace(element=path)


def _category(value: records.Json) -> str | values.Misfit:
    return values.clean(value) if isinstance(value, str) else values.Misfit("a list of texts", _kind_in_list(value))


def _point(value: records.Json) -> str | values.Misfit | None:
    """A value of a chart as a plain decimal; a gap stays a gap."""
    if value is None:
        return None
    number: Decimal | None = values.decimal_of(value)
    return values.Misfit("a list of numbers", _kind_in_list(value)) if number is None else f"{number:f}"


def _kind_in_list(value: records.Json) -> str:
    """What stands in a list where something else was wanted."""
    return f"{values.kind(value)} in it"


def numbered(parts: Iterable[_T], place: texts.Place) -> Iterator[tuple[_T, texts.Place]]:
    """Each part with its place: `lines[2]`."""
    for position, part in enumerate(parts):
        yield part, place._replace(name=f"{place.name}[{position}]")
