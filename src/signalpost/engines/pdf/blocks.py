"""Each kind of block as a layout gets it: its texts cleaned and fitted, and beside it what had to be computed."""

from collections.abc import Sequence

from signalpost.engines.pdf import barcodes, charts, fitting, sheets, texts
from signalpost.vocabulary import manuscripts
from signalpost.vocabulary.manuscripts import UnrenderableReason

LEVEL_MAX = 4
ROWS_MAX = 20_000
COLUMNS_MAX = 12
#: They are repeated on every page; higher than a page, they would repeat without end.
HEADING_LINES_MAX = 12
IMAGE_MIN_MM = 5

#: Media types of images, with the ending under which a layout finds them.
ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/svg+xml": "svg"}

Dressed = tuple[manuscripts.Block, sheets.Extra]


def dress(  # noqa: C901, PLR0911, PLR0912 -- one case for each kind of block
    tailor: fitting.Tailor, path: str, block: manuscripts.Block
) -> Dressed | None:
    """The block with what it needs; None for one that has nothing to show."""
    match block:
        case manuscripts.Heading():
            return _heading(tailor, path, block)
        case manuscripts.Paragraph():
            return _paragraph(tailor, path, block)
        case manuscripts.List():
            return _list(tailor, path, block)
        case manuscripts.Table():
            return _table(tailor, path, block)
        case manuscripts.KeyFigures():
            return _key_figures(tailor, path, block)
        case manuscripts.Chart():
            return _chart(tailor, path, block)
        case manuscripts.Image():
            return _image(tailor, path, block)
        case manuscripts.Barcode():
            return _barcode(tailor, path, block)
        case manuscripts.Callout():
            return _callout(tailor, path, block)
        case manuscripts.Action():
            return _action(tailor, path, block)
        case manuscripts.ReferenceLines():
            return _reference_lines(tailor, path, block)
        case manuscripts.Signature():
            return _signature(tailor, path, block)
        case manuscripts.Break():
            return block, sheets.Plain()


def _heading(tailor: fitting.Tailor, path: str, heading: manuscripts.Heading) -> Dressed | None:
    if not 1 <= heading.level <= LEVEL_MAX:
        tailor.refuse(path, f"wanted level 1 to {LEVEL_MAX}, got {heading.level}")
    if not fitting.has_text(heading.runs):
        return None
    tailor.level = min(heading.level, tailor.level + 1)
    runs = tailor.runs(path, heading.runs, width=tailor.width, size=tailor.look.title_pt)
    return manuscripts.Heading(level=heading.level, runs=runs), sheets.HeadingExtra(level=tailor.level)


def _paragraph(tailor: fitting.Tailor, path: str, paragraph: manuscripts.Paragraph) -> Dressed | None:
    if not fitting.has_text(paragraph.runs):
        return None
    return manuscripts.Paragraph(runs=tailor.runs(path, paragraph.runs, width=tailor.width)), sheets.Plain()


def _list(tailor: fitting.Tailor, path: str, block: manuscripts.List) -> Dressed | None:
    if not block.items:
        return None
    width = tailor.width - tailor.look.list_indent_mm
    items = tuple(tailor.runs(f"{path}.items[{index}]", runs, width=width) for index, runs in enumerate(block.items))
    return manuscripts.List(items=items, is_ordered=block.is_ordered), sheets.Plain()


def _table(tailor: fitting.Tailor, path: str, table: manuscripts.Table) -> Dressed:
    wrong = _table_flaw(table)
    if wrong:
        return table, tailor.refuse(path, wrong)
    if len(table.rows) > ROWS_MAX:
        wrong = f"wanted at most {ROWS_MAX} rows, got {len(table.rows)}"
        return table, tailor.refuse(path, wrong, UnrenderableReason.TOO_LONG)
    tailor.has_content = True
    size, inset = tailor.look.cell_pt, 2 * tailor.look.cell_inset_pt / texts.PT_PER_MM
    shares = [column.width for column in table.columns]
    widths = [tailor.width * share / sum(shares) - inset for share in shares]

    def row(place: str, cells: Sequence[str]) -> tuple[str, ...]:
        return tuple(
            tailor.text(f"{place}[{index}]", cell, width=width, size=size)
            for index, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )

    def is_single(cells: Sequence[str]) -> bool:
        return all(tailor.is_single(cell, width=width, size=size) for cell, width in zip(cells, widths, strict=True))

    heads = row(f"{path}.columns", [column.heading for column in table.columns])
    for head, width in zip(heads, widths, strict=True):
        if tailor.lines_at_most(head, width=width, size=size) > HEADING_LINES_MAX:
            wanted = f"wanted headings of at most {HEADING_LINES_MAX} lines"
            tailor.refuse(f"{path}.columns", wanted, UnrenderableReason.OVERFLOW)
    _refuse_torn_figures(tailor, path, table, widths)
    rows = tuple(row(f"{path}.rows[{index}]", cells) for index, cells in enumerate(table.rows))
    totals = tuple(row(f"{path}.totals[{index}]", cells) for index, cells in enumerate(table.totals))
    dressed = manuscripts.Table(
        caption=tailor.text(f"{path}.caption", table.caption, width=tailor.width, size=size),
        columns=tuple(
            manuscripts.Column(heading=head, align=column.align, width=column.width)
            for head, column in zip(heads, table.columns, strict=True)
        ),
        rows=rows,
        totals=totals,
    )
    return dressed, sheets.TableExtra(singles=tuple(map(is_single, (heads, *rows, *totals))))


def _refuse_torn_figures(tailor: fitting.Tailor, path: str, table: manuscripts.Table, widths: Sequence[float]) -> None:
    """A figure wider than its column would be broken, and read as two."""
    for index, cells in enumerate((*table.rows, *table.totals)):
        for cell, column, width in zip(cells, table.columns, widths, strict=True):
            if column.align is manuscripts.Alignment.END and any(
                not tailor.is_single(word, width=width, size=tailor.look.cell_pt)
                for word in cell.split()
                if texts.is_figure(word)
            ):
                tailor.refuse(f"{path}.rows[{index}]", f"{cell[:40]!r} does not fit", UnrenderableReason.OVERFLOW)


def _table_flaw(table: manuscripts.Table) -> str:
    """What is wrong with the shape of a table, "" when nothing is."""
    count = len(table.columns)
    if not 1 <= count <= COLUMNS_MAX:
        return f"wanted 1 to {COLUMNS_MAX} columns, got {count}"
    narrowest = min(column.width for column in table.columns)
    if narrowest < 1:
        return f"wanted column widths of at least 1, got {narrowest}"
    for kind, rows in (("rows", table.rows), ("totals", table.totals)):
        for index, cells in enumerate(rows):
            if len(cells) != count:
                return f"{kind}[{index}]: wanted {count} cells, got {len(cells)}"
    return ""


def _key_figures(tailor: fitting.Tailor, path: str, block: manuscripts.KeyFigures) -> Dressed | None:
    if not block.figures:
        return None
    tailor.has_content = True
    look = tailor.look
    columns = figure_columns(len(block.figures))
    values = [figure.value for figure in block.figures]
    while columns > 1 and not all(
        tailor.is_single(value, width=_figure_width(tailor, columns), size=look.figure_pt) for value in values
    ):
        columns //= 2
    width = _figure_width(tailor, columns)
    figures = tuple(
        manuscripts.KeyFigure(
            label=tailor.text(f"{path}[{index}].label", figure.label, width=width, size=look.small_pt),
            value=tailor.text(f"{path}[{index}].value", figure.value, width=width, size=look.figure_pt),
            note=tailor.text(f"{path}[{index}].note", figure.note, width=width, size=look.small_pt),
        )
        for index, figure in enumerate(block.figures)
    )
    return manuscripts.KeyFigures(figures=figures), sheets.FiguresExtra(columns=columns)


def _figure_width(tailor: fitting.Tailor, columns: int) -> float:
    """Room for the text of one of so many figures side by side, in millimetres."""
    look = tailor.look
    outer = (tailor.width - (columns - 1) * look.figure_gap_mm) / columns
    return outer - 2 * look.figure_inset_pt / texts.PT_PER_MM


def figure_columns(count: int) -> int:
    """Key figures side by side, if they fit: up to four, five and six by three, more by four."""
    if count in {5, 6}:
        return 3
    return min(count, 4)


def _chart(tailor: fitting.Tailor, path: str, chart: manuscripts.Chart) -> Dressed:
    wrong = charts.flaw(chart)
    if wrong:
        return chart, tailor.refuse(path, wrong)
    tailor.has_content = True
    size = tailor.look.chart_pt
    drawing = charts.draw(chart, width_mm=tailor.width, language=tailor.manuscript.language, is_rtl=tailor.is_rtl)
    drawing = charts.worded(drawing, lambda text, width: tailor.text(path, text, width=width, size=size))
    room = drawing.height - drawing.floor
    for category in drawing.categories:
        tailor.box("chart category", [category.text], width=category.width, height=room, size=size)
    dressed = manuscripts.Chart(
        kind=chart.kind,
        title=tailor.text(f"{path}.title", chart.title, width=tailor.width, size=tailor.look.cell_pt),
        categories=(),
        series=(),
        unit=tailor.text(f"{path}.unit", chart.unit, width=tailor.width, size=size),
        alternative=chart.alternative,
    )
    return dressed, drawing


def _image(tailor: fitting.Tailor, path: str, image: manuscripts.Image) -> Dressed:
    if image.media_type not in ENDINGS:
        return image, tailor.refuse(path, f"wanted one of {', '.join(ENDINGS)}, got {image.media_type!r}")
    if image.digest not in tailor.assets:
        return image, tailor.refuse(path, f"image {image.digest!r} is not among the assets")
    tailor.has_content = tailor.has_content or bool(image.alternative)
    width = min(max(image.width_mm, IMAGE_MIN_MM), tailor.width)
    return image, sheets.ImageExtra(path=f"/assets/{image.digest}.{ENDINGS[image.media_type]}", width=width)


def _barcode(tailor: fitting.Tailor, path: str, barcode: manuscripts.Barcode) -> Dressed:
    if not barcode.alternative.strip():
        return barcode, tailor.refuse(path, "wanted a text alternative, got none")
    code = barcodes.draw(barcode)
    if isinstance(code, sheets.Flaw):
        return barcode, tailor.refuse(path, code.detail, code.reason)
    tailor.has_content = True
    room = tailor.width - code.width - tailor.look.code_gap_mm
    alternative = tailor.text(path, barcode.alternative, width=room, size=tailor.look.cell_pt)
    return manuscripts.Barcode(symbology=barcode.symbology, payload="", alternative=alternative), code


def _callout(tailor: fitting.Tailor, path: str, block: manuscripts.Callout) -> Dressed:
    look = tailor.look
    taken = 2 * look.callout_inset_pt + look.callout_icon_pt + look.callout_gap_pt
    width = tailor.width - taken / texts.PT_PER_MM
    tailor.has_content = tailor.has_content or bool(block.title.strip())
    title = tailor.text(f"{path}.title", block.title, width=width, size=look.body_pt)
    return manuscripts.Callout(
        tone=block.tone, title=title, runs=tailor.runs(path, block.runs, width=width)
    ), sheets.Plain()


def _action(tailor: fitting.Tailor, path: str, block: manuscripts.Action) -> Dressed:
    if not texts.is_link(block.link):
        return block, tailor.refuse(path, f"wanted an https, mailto or tel link, got {block.link[:60]!r}")
    tailor.has_content = True
    width = tailor.width - 2 * tailor.look.action_inset_pt / texts.PT_PER_MM
    label = tailor.text(path, block.label, width=width, size=tailor.look.body_pt)
    address = tailor.text(path, texts.printed(block.link), width=width, size=tailor.look.body_pt)
    return manuscripts.Action(label=label, link=block.link), sheets.ActionExtra(printed=address)


def _reference_lines(tailor: fitting.Tailor, path: str, block: manuscripts.ReferenceLines) -> Dressed | None:
    if not block.lines:
        return None
    dressed = lines(tailor, path, block, label=tailor.look.body_label_mm, width=tailor.width, size=tailor.look.body_pt)
    return manuscripts.ReferenceLines(lines=dressed), sheets.Plain()


def lines(
    tailor: fitting.Tailor, path: str, block: manuscripts.ReferenceLines, *, label: float, width: float, size: float
) -> tuple[manuscripts.ReferenceLine, ...]:
    """Reference lines for a width, of which the labels take a part (mm)."""
    room = width - label - tailor.look.label_gap_mm
    return tuple(
        manuscripts.ReferenceLine(
            label=tailor.text(f"{path}.lines[{index}].label", line.label, width=label, size=size),
            value=tailor.text(f"{path}.lines[{index}].value", line.value, width=room, size=size),
        )
        for index, line in enumerate(block.lines)
    )


def _signature(tailor: fitting.Tailor, path: str, block: manuscripts.Signature) -> Dressed:
    size = tailor.look.body_pt
    return manuscripts.Signature(
        closing=tailor.text(f"{path}.closing", block.closing, width=tailor.width, size=size),
        name=tailor.text(f"{path}.name", block.name, width=tailor.width, size=size),
        role=tailor.text(f"{path}.role", block.role, width=tailor.width, size=size),
    ), sheets.Plain()
