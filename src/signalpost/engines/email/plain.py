"""The plain-text part: the same words for readers without HTML, in lines of at most 74 columns.

Columns are counted as a terminal does: wide characters two, combining marks none. An address or word longer than a line
stays whole. Lines keep the order of the characters; which way they run is the reader's (UAX #9).
"""

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

from signalpost.engines.email import charts, standing
from signalpost.vocabulary import manuscripts

LINE_COLUMNS = 74
#: Between the columns of a table.
GAP_COLUMNS = 2
#: A column of a table that is too wide is wrapped down to this.
CELL_COLUMNS = 8

#: Spaces that may become line ends; a no-break space may not.
_SPACES = re.compile(r"[ \t\r\n]+")
#: One word or more with single spaces between, every character one column wide.
_NARROW = re.compile(r"[!-~\xa1-\xac\xae-\u02ff]+(?: [!-~\xa1-\xac\xae-\u02ff]+)*")
_UNDERLINES = {1: "=", 2: "-"}
_TONES = tuple(manuscripts.Tone)


def text(manuscript: manuscripts.Manuscript) -> str:
    """The text, without a line end at its end. Blocks are set apart by an empty line."""
    blocks = (block for _, block in standing.everything(manuscript.blocks))
    parts = [_head(manuscript), *(_block(block, manuscript) for block in blocks), _foot(manuscript)]
    return "\n\n".join("\n".join(lines) for lines in parts if lines)


def _head(manuscript: manuscripts.Manuscript) -> list[str]:
    lines = [line for line in (manuscript.brand.name, manuscript.dated) if line]
    if not standing.has_title(manuscript.blocks):
        lines += ["", *_underlined(manuscript.title, "=")]
    return lines


def _foot(manuscript: manuscripts.Manuscript) -> list[str]:
    brand, labels = manuscript.brand, manuscript.labels
    lines = list(_imprint(brand.imprint, brand.website, brand.telephone))
    for label, link in ((labels.web_view, manuscript.web_link), (labels.unsubscribe, manuscript.unsubscribe_link)):
        if link:
            lines += ["", *_wrapped(label), link]
    return lines


@functools.lru_cache(maxsize=64)
def _imprint(imprint: tuple[str, ...], website: str, telephone: str) -> tuple[str, ...]:
    # A line of "-- " marks what follows as signature, which clients leave out of replies (RFC 3676, 4.3).
    wrapped = (part for line in imprint for part in _wrapped(line))
    return ("-- ", *wrapped, *(line for line in (website, telephone) if line))


def _block(  # noqa: C901, PLR0911, PLR0912 -- one case per kind of block
    block: manuscripts.Block, manuscript: manuscripts.Manuscript
) -> list[str]:
    match block:
        case manuscripts.Paragraph():
            return _wrapped(_said(block.runs))
        case manuscripts.Heading():
            return _underlined(_said(block.runs), _UNDERLINES.get(block.level, ""))
        case manuscripts.List():
            return _list(block)
        case manuscripts.Table():
            return [*_wrapped(block.caption), *_grid(block)]
        case manuscripts.KeyFigures():
            return _labelled([(figure.label, _noted(figure)) for figure in block.figures])
        case manuscripts.Chart():
            return [*_chart(block, manuscript.language), "", *_wrapped(block.alternative)]
        case manuscripts.Image() | manuscripts.Barcode():
            return _wrapped(f"[{block.alternative}]") if block.alternative else []
        case manuscripts.Callout():
            return _callout(block, manuscript.labels.tones[_TONES.index(block.tone)])
        case manuscripts.Action():
            return [*_wrapped(f"{block.label}:"), _address(block.link)]
        case manuscripts.ReferenceLines():
            return _labelled([(line.label, line.value) for line in block.lines])
        case manuscripts.Signature():
            return [*_wrapped(block.closing), "", *_wrapped(block.name), *_wrapped(block.role)]
        case manuscripts.Break():
            return ["-" * LINE_COLUMNS]
        case manuscripts.Attachment():
            label = f"{manuscript.labels.attachment}: " if manuscript.labels.attachment else ""
            return _wrapped(f"{label}{block.title} ({block.name})")
        case manuscripts.Columns():
            return []
        case manuscripts.Keep() | manuscripts.Only():
            raise AssertionError("what they hold stands in the flow")
        case _:
            assert_never(block)


def _said(runs: manuscripts.Runs) -> str:
    return "".join(_linked(run) if run.link else run.text for run in runs)


def _linked(run: manuscripts.Run) -> str:
    """The text of a link with its address written out, unless the text is the address."""
    address = _address(run.link)
    is_shown = address in run.text or run.link.startswith("tel:")
    return run.text if is_shown else f"{run.text} <{address}>"


def _address(link: str) -> str:
    return link.removeprefix("mailto:").removeprefix("tel:")


def _underlined(title: str, mark: str) -> list[str]:
    lines = _wrapped(title)
    return [*lines, mark * min(LINE_COLUMNS, max(map(_columns, lines)))] if mark and lines else lines


def _list(block: manuscripts.List) -> list[str]:
    lines: list[str] = []
    for number, item in enumerate(block.items, start=1):
        mark = f"{number}." if block.is_ordered else "*"
        lines += _wrapped(_said(item), first=f"{mark} ", rest=" " * (len(mark) + 1)) or [mark]
    return lines


def _callout(block: manuscripts.Callout, tone: str) -> list[str]:
    title = ": ".join(part for part in (tone, block.title) if part)
    return [*_wrapped(title, first="| ", rest="| "), *_wrapped(_said(block.runs), first="| ", rest="| ")]


def _labelled(pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Lines of "label: value" with the values under one another, as far as the labels leave half a line."""
    width = min(LINE_COLUMNS // 2, max((_columns(label) for label, _ in pairs), default=0)) + GAP_COLUMNS
    lines: list[str] = []
    for label, value in pairs:
        lines += _wrapped(value, first=_padded(f"{label}:", width, manuscripts.Alignment.START), rest=" " * width)
    return lines


def _noted(figure: manuscripts.KeyFigure) -> str:
    return f"{figure.value} ({figure.note})" if figure.note else figure.value


def _chart(chart: manuscripts.Chart, language: str) -> list[str]:
    table = charts.table_of(chart, language)
    if len(chart.categories) > charts.BAR_ROWS:
        return _wrapped(table.caption)
    return [*_wrapped(table.caption), *_grid(table)]


def _grid(table: manuscripts.Table) -> list[str]:
    """A table in columns; where its cells are too wide for a line they are wrapped."""
    headings = tuple(column.heading for column in table.columns)
    aligns = [column.align for column in table.columns]
    subtotals = [row for group in table.groups for row in group.subtotals]
    widths = _widths([headings, *table.rows, *subtotals, *table.totals])
    rule = (" " * GAP_COLUMNS).join("-" * width for width in widths)
    lines = [*_row(headings, widths, aligns), rule]
    start = 0
    for group in table.groups or (manuscripts.RowGroup(heading="", rows=len(table.rows)),):
        lines += _wrapped(group.heading)
        for row in (*table.rows[start : start + group.rows], *group.subtotals):
            lines += _row(row, widths, aligns)
        start += group.rows
        if group.subtotals and start < len(table.rows):
            lines.append("")
    if table.totals:
        lines.append(rule)
        for row in table.totals:
            lines += _row(row, widths, aligns)
    return lines


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """The widths of the columns: as wide as their widest cell, the widest narrowed until the row fits a line."""
    widths = [max(1, *map(_columns, cells)) for cells in zip(*rows, strict=True)]
    room = LINE_COLUMNS - GAP_COLUMNS * (len(widths) - 1)
    while sum(widths) > room and max(widths) > CELL_COLUMNS:
        widest = max(widths)
        others = sum(width for width in widths if width != widest)
        fitting = (room - others) // widths.count(widest)
        below = max((width for width in widths if width != widest), default=0)
        narrowed = max(CELL_COLUMNS, fitting, min(below, widest - 1))
        widths = [narrowed if width == widest else width for width in widths]
    return widths


def _row(cells: Sequence[str], widths: Sequence[int], aligns: Sequence[manuscripts.Alignment]) -> list[str]:
    wrapped = [_wrapped(cell, columns=width) for cell, width in zip(cells, widths, strict=True)]
    return [
        (" " * GAP_COLUMNS)
        .join(
            _padded(lines[number] if number < len(lines) else "", width, align)
            for lines, width, align in zip(wrapped, widths, aligns, strict=True)
        )
        .rstrip()
        for number in range(max(map(len, wrapped)))
    ]


def _padded(piece: str, width: int, align: manuscripts.Alignment) -> str:
    space = max(0, width - _columns(piece))
    match align:
        case manuscripts.Alignment.START:
            return piece + " " * space
        case manuscripts.Alignment.END:
            return " " * space + piece
        case manuscripts.Alignment.CENTER:
            return " " * (space // 2) + piece + " " * (space - space // 2)
        case _:
            assert_never(align)


def _wrapped(said: str, *, first: str = "", rest: str = "", columns: int = LINE_COLUMNS) -> list[str]:
    """Lines of at most `columns`, none for a text of spaces alone."""
    if (said.isascii() and said.isprintable() and "  " not in said) or _NARROW.fullmatch(said):
        return _sliced(said, first, rest, columns)
    return list(_joined((word for word in _SPACES.split(said) if word), first, rest, columns))


def _sliced(said: str, first: str, rest: str, columns: int) -> list[str]:
    """The quick way for text of single spaces whose characters are a column each."""
    said = said.strip(" ")
    lines: list[str] = []
    prefix, start = first, 0
    while len(said) - start > (room := max(0, columns - _columns(prefix))):
        cut = said.rfind(" ", start, start + room + 1)
        if cut < 0:
            cut = said.find(" ", start + room)
        if cut < 0:
            break
        lines.append(prefix + said[start:cut])
        prefix, start = rest, cut + 1
    return [*lines, prefix + said[start:]] if said else []


def _joined(words: Iterable[str], first: str, rest: str, columns: int) -> Iterator[str]:
    line, used = first, _columns(first)
    is_empty = True
    for word in words:
        width = _columns(word)
        if not is_empty and used + 1 + width > columns:
            yield line
            line, used, is_empty = rest, len(rest), True
        line += word if is_empty else f" {word}"
        used += width if is_empty else width + 1
        is_empty = False
    if not is_empty:
        yield line


@functools.lru_cache(maxsize=8192)
def _columns(piece: str) -> int:
    """Columns that `piece` takes on a screen of fixed width (UAX #11)."""
    return len(piece) if piece.isascii() else sum(map(_column, piece))


@functools.lru_cache(maxsize=4096)
def _column(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
