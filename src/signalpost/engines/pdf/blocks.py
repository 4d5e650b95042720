"""Each kind of block as a layout gets it: its texts cleaned and fitted, and beside it what had to be computed."""

import re
from collections.abc import Iterator, Sequence

from signalpost.engines.pdf import barcodes, charts, fitting, sheets, tables, texts
from signalpost.vocabulary import manuscripts, parties
from signalpost.vocabulary.manuscripts import UnrenderableReason

LEVEL_MAX = 4
IMAGE_MIN_MM = 5
#: Narrower, and most words have to be broken.
COLUMN_MIN_MM = 22.0

#: No separators of folders, no control characters.
_FILE_NAME = re.compile(r"[^/\\\x00-\x1f\x7f]{1,120}")

#: Media types of images, with the ending under which a layout finds them.
ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/svg+xml": "svg"}

#: The ending of a file that only travels with the letter.
ATTACHED_ENDING = "bin"

Dressed = tables.Dressed
Numbered = tuple[str, manuscripts.Block]


def flow(path: str, given: Sequence[manuscripts.Block]) -> Iterator[Numbered]:
    """The blocks that stand in a letter, each with its place."""
    for index, block in enumerate(given):
        at = f"{path}[{index}]"
        if not isinstance(block, manuscripts.Only):
            yield at, block
        elif parties.ChannelKind.LETTER in block.channels:
            yield from flow(f"{at}.blocks", block.blocks)


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
            return tables.dress(tailor, path, block)
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
        case manuscripts.Attachment():
            return _attachment(tailor, path, block)
        case manuscripts.Columns():
            return _columns(tailor, path, block)
        case manuscripts.Keep():
            return _keep(tailor, path, block)
        case manuscripts.Only():
            raise AssertionError("blocks of some channels are taken out of the flow")


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


def _attachment(tailor: fitting.Tailor, path: str, block: manuscripts.Attachment) -> Dressed:
    if block.digest not in tailor.assets:
        return block, tailor.refuse(path, f"file {block.digest!r} is not among the assets")
    if not block.title.strip() or not _FILE_NAME.fullmatch(block.name):
        return block, tailor.refuse(path, f"wanted a title and a plain file name, got {block.name[:60]!r}")
    if tailor.attached.setdefault(block.name, block.digest) != block.digest:
        return block, tailor.refuse(path, f"wanted files of different names, got {block.name!r} twice")
    is_again = block.digest in tailor.placed
    tailor.placed.add(block.digest)
    tailor.has_content = True
    size = tailor.look.body_pt
    dressed = manuscripts.Attachment(
        digest=block.digest,
        media_type=block.media_type,
        name=tailor.text(f"{path}.name", block.name, width=tailor.width, size=size),
        title=tailor.text(f"{path}.title", block.title, width=tailor.width, size=size),
    )
    label = tailor.text("labels.attachment", tailor.manuscript.labels.attachment, width=tailor.width / 2, size=size)
    file = f"/assets/{block.digest}.{ATTACHED_ENDING}"
    return dressed, sheets.AttachmentExtra(path=file, name=block.name, label=label, is_again=is_again)


def _columns(tailor: fitting.Tailor, path: str, block: manuscripts.Columns) -> Dressed | None:
    shares = [column.width for column in block.columns]
    if not shares or min(shares) < 1 or tailor.parts:
        return block, tailor.refuse(path, "wanted columns with widths of at least 1, not inside others")
    room = tailor.width - (len(shares) - 1) * tailor.look.column_gap_mm
    widths = tuple([round(room * share / sum(shares), 3) for share in shares])
    if min(widths) < COLUMN_MIN_MM:
        wanted = f"wanted columns of at least {COLUMN_MIN_MM} mm, got {min(widths):.0f}"
        return block, tailor.refuse(path, wanted, UnrenderableReason.OVERFLOW)
    parts = [
        _part(tailor, f"{path}.columns[{index}].blocks", column.blocks, width)
        for index, (column, width) in enumerate(zip(block.columns, widths, strict=True))
    ]
    if not any(parts):
        return None
    columns = tuple(
        manuscripts.ColumnsPart(width=column.width, blocks=tuple([each for each, _ in part]))
        for column, part in zip(block.columns, parts, strict=True)
    )
    extras = tuple(tuple([extra for _, extra in part]) for part in parts)
    return manuscripts.Columns(columns=columns), sheets.PartsExtra(parts=extras, widths=widths)


def _keep(tailor: fitting.Tailor, path: str, block: manuscripts.Keep) -> Dressed | None:
    part = _part(tailor, f"{path}.blocks", block.blocks, tailor.width)
    if not part:
        return None
    extra = sheets.PartsExtra(parts=(tuple([extra for _, extra in part]),), widths=(tailor.width,))
    return manuscripts.Keep(blocks=tuple([each for each, _ in part])), extra


def _part(tailor: fitting.Tailor, path: str, given: Sequence[manuscripts.Block], width: float) -> list[Dressed]:
    """Blocks within another one, for a width in millimetres."""
    with tailor.inside(path, width):
        return [pair for at, block in flow(path, given) if (pair := dress(tailor, at, block))]


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
