"""Blocks: what of a template's body becomes which block of the manuscript.

Each block of a template is read once into a function that appends what it becomes to the body. A block that reads no
fact is made once and stands in every manuscript as the same record.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TypeAlias, assert_never

from msgspec.structs import replace

from signalpost.flow.compose import alternatives, conditions, regions, tables, texts, values
from signalpost.vocabulary import manuscripts, records, templates

#: Appends the blocks that a block of the template becomes.
Emit: TypeAlias = Callable[[texts.Scope, list[manuscripts.Block]], None]


HEADING_LEVEL_MAX = 4
COLUMNS_MIN, COLUMNS_MAX = 2, 4
COMPARED_SERIES = 2


def read(blocks: Iterable[templates.TemplateBlock], place: texts.Place, setting: texts.Setting) -> Emit:
    """What makes the blocks, in order."""
    emits = [_emit(block, at, setting) for block, at in texts.numbered(blocks, place)]

    def emit(scope: texts.Scope, body: list[manuscripts.Block]) -> None:
        for each in emits:
            each(scope, body)

    return emit


def _emit(block: templates.TemplateBlock, place: texts.Place, setting: texts.Setting) -> Emit:
    """What makes one block."""
    match block:
        case templates.WhenBlock():
            return _when(block, place, setting)
        case templates.OpenBlock():
            return _open(block, place, setting)
        case templates.ColumnsBlock() | templates.KeepBlock() | templates.OnlyBlock():
            return _around(block, place, setting)
        case templates.SharedTextBlock():
            message = f"shared text {block.name!r} is not bound"
            setting.wrong(place, message, "bind the communication: a frozen content holds the text itself")
            return lambda _scope, _body: None
        case _:
            return _single(block, place, setting)


def _single(block: "_Simple", place: texts.Place, setting: texts.Setting) -> Emit:
    """What makes a block that is one block of the manuscript, once if it is always the same."""
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
    if block.lacking:
        return lambda scope, body: (
            then(scope, body) if asked(scope) else scope.missing.append(f"{place.name}: {block.lacking}")
        )
    return lambda scope, body: then(scope, body) if asked(scope) else otherwise(scope, body)


def _open(block: templates.OpenBlock, place: texts.Place, setting: texts.Setting) -> Emit:
    """An open region: what was written there, else its own blocks."""
    if not block.name or block.name in setting.regions:
        setting.wrong(place.at("name"), f"wanted a name of its own, got {block.name!r}", "name each region otherwise")
    setting.regions[block.name] = block
    own = read(block.blocks, place.at("blocks"), setting)

    def emit(scope: texts.Scope, body: list[manuscripts.Block]) -> None:
        written = scope.written.get(block.name)
        stands: list[manuscripts.Block] = []
        own(scope, stands)
        scope.regions.append((block.name, tuple(stands)))
        body.extend(stands if written is None else regions.paragraphs(written))

    return emit


_Around: TypeAlias = templates.ColumnsBlock | templates.KeepBlock | templates.OnlyBlock


def _around(block: _Around, place: texts.Place, setting: texts.Setting) -> Emit:
    """What makes a block that holds others; it does not stand where it would hold none."""
    match block:
        case templates.ColumnsBlock():
            return _columns(block, place, setting)
        case templates.KeepBlock():
            own = read(block.blocks, place.at("blocks")._replace(is_inside=True), setting)
            return _holding(own, lambda blocks: manuscripts.Keep(blocks=blocks))
        case templates.OnlyBlock():
            if not block.channels:
                setting.wrong(place.at("channels"), "wanted a channel at least, got none", "choose where it stands")
            own = read(block.blocks, place.at("blocks"), setting)
            return _holding(own, lambda blocks: manuscripts.Only(channels=block.channels, blocks=blocks))
        case _:
            assert_never(block)


def _holding(own: Emit, made: Callable[[tuple[manuscripts.Block, ...]], manuscripts.Block]) -> Emit:
    def emit(scope: texts.Scope, body: list[manuscripts.Block]) -> None:
        held: list[manuscripts.Block] = []
        own(scope, held)
        if held:
            body.append(made(tuple(held)))

    return emit


def _columns(block: templates.ColumnsBlock, place: texts.Place, setting: texts.Setting) -> Emit:
    count = len(block.columns)
    if not COLUMNS_MIN <= count <= COLUMNS_MAX or any(column.width < 1 for column in block.columns):
        message = f"wanted {COLUMNS_MIN} to {COLUMNS_MAX} columns with widths of at least 1, got {count}"
        setting.wrong(place.at("columns"), message, "add or take out a column")
    if place.is_inside:
        setting.wrong(place, "columns inside columns, or inside a part that is kept on one page", "take them out")
    own = [
        read(column.blocks, at.at("blocks")._replace(is_inside=True), setting)
        for column, at in texts.numbered(block.columns, place.at("columns"))
    ]

    def emit(scope: texts.Scope, body: list[manuscripts.Block]) -> None:
        held: list[tuple[manuscripts.Block, ...]] = []
        for each in own:
            blocks: list[manuscripts.Block] = []
            each(scope, blocks)
            held.append(tuple(blocks))
        if any(held):
            parts = zip(block.columns, held, strict=True)
            columns = tuple([manuscripts.ColumnsPart(width=one.width, blocks=blocks) for one, blocks in parts])
            body.append(manuscripts.Columns(columns=columns))

    return emit


_Data: TypeAlias = (
    templates.TableBlock
    | templates.KeyFiguresBlock
    | templates.ChartBlock
    | templates.ImageBlock
    | templates.BarcodeBlock
    | templates.ReferenceLinesBlock
    | templates.SignatureBlock
    | templates.AttachmentBlock
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
            if place.is_inside:
                setting.wrong(place, "a page break in a column or a part that is kept on one page", "take it out")
            return lambda _scope: manuscripts.Break()
        case _:
            return _fill_data(block, place, setting)


def _fill_data(  # noqa: PLR0911 - a table of kinds
    block: _Data, place: texts.Place, setting: texts.Setting
) -> texts.Fill[manuscripts.Block]:
    """What makes a block of named parts."""
    match block:
        case templates.TableBlock():
            return tables.read(block, place, setting)
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
        case templates.AttachmentBlock():
            return _attachment(block, place, setting)
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
        fixed = [texts.runs(item, at, setting) for item, at in texts.numbered(block.items, place.at("items"))]
        return lambda scope: manuscripts.List(items=tuple([item(scope) for item in fixed]), is_ordered=is_ordered)
    elements, inside = tables.each(block.each, place, setting)
    item = texts.runs(block.item, inside.at("item"), setting)
    return lambda scope: manuscripts.List(
        items=tuple([item(element.scope) for element in elements(scope)]), is_ordered=is_ordered
    )


def _key_figures(
    block: templates.KeyFiguresBlock, place: texts.Place, setting: texts.Setting
) -> texts.Fill[manuscripts.Block]:
    figures = [
        (
            texts.line(figure.label, at.at("label"), setting),
            texts.line(figure.value, at.at("value"), setting),
            texts.line(figure.note, at.at("note"), setting),
        )
        for figure, at in texts.numbered(block.figures, place.at("figures"))
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
    is_told = bool(block.alternative.strip())
    if block.kind is manuscripts.ChartKind.COMPARISON and len(block.series) != COMPARED_SERIES:
        message = f"wanted {COMPARED_SERIES} series to compare, got {len(block.series)}"
        setting.wrong(place.at("series"), message, "give the period and the one it is compared with")
    unit = texts.line(block.unit, place.at("unit"), setting)
    categories = conditions.listed(block.categories, place.at("categories"), setting, _category)
    series = [
        (
            texts.line(each.name, at.at("name"), setting),
            conditions.listed(each.values, at.at("values"), setting, _point),
        )
        for each, at in texts.numbered(block.series, place.at("series"))
    ]

    def fill(scope: texts.Scope) -> manuscripts.Block:
        noted = len(scope.missing)
        names = categories(scope)
        drawn = [(name(scope), values(scope)) for name, values in series]
        if noted == len(scope.missing) and any(len(values) != len(names) for _, values in drawn):
            got = ", ".join(str(len(values)) for _, values in drawn)
            scope.missing.append(f"{place.name}.series: wanted {len(names)} values, one per category, got {got}")
        chart = manuscripts.Chart(
            kind=block.kind,
            title=title(scope),
            categories=tuple([name or "" for name in names]),
            series=tuple([manuscripts.Series(name=name, values=values) for name, values in drawn]),
            unit=unit(scope),
            alternative=alternative(scope),
        )
        if is_told or len(scope.missing) > noted:
            return chart
        return replace(chart, alternative=alternatives.of(chart, setting.labels, setting.locale))

    return fill


def _image(block: templates.ImageBlock, place: texts.Place, setting: texts.Setting) -> texts.Fill[manuscripts.Block]:
    alternative = texts.line(block.alternative, place.at("alternative"), setting)
    asset = _asset(block.asset, place, setting)
    return lambda scope: manuscripts.Image(
        digest=asset.digest, media_type=asset.media_type, alternative=alternative(scope), width_mm=block.width_mm
    )


def _attachment(
    block: templates.AttachmentBlock, place: texts.Place, setting: texts.Setting
) -> texts.Fill[manuscripts.Block]:
    title = texts.line(block.title, place.at("title"), setting)
    if not block.title.strip():
        setting.wrong(place.at("title"), "wanted a title, got none", "say what the file is")
    asset = _asset(block.asset, place, setting)
    return lambda scope: manuscripts.Attachment(
        digest=asset.digest, media_type=asset.media_type, name=asset.name, title=title(scope)
    )


def _asset(name: str, place: texts.Place, setting: texts.Setting) -> templates.Asset:
    """A file of the template by its name; that there is none is wrong."""
    found = setting.assets.get(name)
    if found is None:
        known = ", ".join(sorted(setting.assets)) or "none"
        setting.wrong(place.at("asset"), f"no asset {name!r}", f"upload it, or use one of: {known}")
        return templates.Asset(name=name, media_type="", digest="")
    return found


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
        for each, at in texts.numbered(block.lines, place.at("lines"))
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
