"""A PDF letter becomes pieces by where its characters stand: lines, paragraphs, headings by size, tables by gaps.

PDFium is written in C++ and is given files of strangers: `__main__.py` runs this in a process of its own with bounds on
memory and time. What has no text (a scan) is refused, with the remedy.
"""

import ctypes
import io
import re
import statistics
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, cast

import pypdfium2
from pypdfium2 import raw

from signalpost.playbooks.starting import pieces

PAGES_MAX = 30
CHARACTERS_MAX = 200_000
IMAGES_MAX = 20
IMAGE_DOTS_MAX = 16_000_000
#: Longest side of a page: 200 inches, what PDF 1.7 allows without a unit of its own.
SIDE_POINTS_MAX = 14_400
_PASSWORD = 4
_POINTS_PER_MM = 72 / 25.4

#: Shares of the height of a page, from the top: letterhead, address window (DIN 5008, ISO 269), and the footer.
_HEAD, _WINDOW, _FOOT = 0.11, 0.32, 0.93
#: Gaps in sizes of the type: a word, a column, a paragraph.
_WORD_GAP, _COLUMN_GAP, _PARAGRAPH_GAP = 0.3, 1.2, 1.65
#: A line is a heading from so much larger than the body.
_LARGER = 1.12
_HEADING_CHARACTERS_MAX = 120
_BULLET = re.compile("^([\u2022\u2023\u25aa\u25e6\u25cf\u2013*-])\\s+")
_NUMBER = re.compile(r"^(\d{1,2})[.)]\s+")
#: The layout writes the date itself.
_DATE_LABELS = frozenset({"Date", "Datum", "Fecha"})
_DIGITS = re.compile(r"\d+")


class _Character(NamedTuple):
    text: str
    left: float
    right: float
    #: Baseline, from the top of the page.
    down: float
    size: float
    is_strong: bool
    is_emphasis: bool
    #: Whether the file has a space before it.
    is_apart: bool


class _Cell(NamedTuple):
    spans: pieces.Spans
    left: float
    right: float

    @property
    def text(self) -> str:
        return pieces.text_of(self.spans).strip()


class _Line(NamedTuple):
    page: int
    cells: tuple[_Cell, ...]
    down: float
    size: float
    is_strong: bool

    @property
    def text(self) -> str:
        return " ".join(cell.text for cell in self.cells)


def read(content: bytes) -> pieces.Letter:
    """The pieces of a PDF.

    Raises:
        pieces.LetterError: it is none, is encrypted, is a scan, or is larger than a letter can be.
    """
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if cast("int", raw.FPDF_GetLastError()) == _PASSWORD:  # pyright: ignore[reportUnknownMemberType]
            raise pieces.LetterError("wanted a PDF without a password, got an encrypted one") from error
        raise pieces.LetterError("wanted a PDF, got a file that cannot be read as one") from error
    try:
        if len(document) > PAGES_MAX:
            raise pieces.LetterError(f"wanted a letter of at most {PAGES_MAX} pages, got {len(document)}")
        return _letter([_page(document, number) for number in range(len(document))])
    finally:
        document.close()


class _Page(NamedTuple):
    height: float
    width: float
    lines: list[_Line]
    pictures: list[tuple[float, pieces.Picture]]
    lost: list[pieces.Lost]


def _page(document: pypdfium2.PdfDocument, number: int) -> _Page:
    page = document[number]
    width, height = page.get_size()
    if max(width, height) > SIDE_POINTS_MAX:
        raise pieces.LetterError(
            f"page {number + 1}: wanted at most {SIDE_POINTS_MAX} points, got {max(width, height):.0f}"
        )
    characters = list(_characters(page, height))
    pictures, lost = _pictures(page, number, height)
    return _Page(height, width, list(_lines(characters, number)), pictures, lost)


def _characters(page: pypdfium2.PdfPage, height: float) -> Iterator[_Character]:
    text = page.get_textpage()
    count = raw.FPDFText_CountChars(text.raw)
    if count > CHARACTERS_MAX:
        raise pieces.LetterError(f"wanted at most {CHARACTERS_MAX} characters on a page, got {count}")
    box = [ctypes.c_double() for _ in range(4)]
    origin = [ctypes.c_double() for _ in range(2)]
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    is_apart = False
    for index in range(count):
        code = raw.FPDFText_GetUnicode(text.raw, index)
        if chr(code).isspace() or not chr(code).isprintable():
            is_apart = True
            continue
        raw.FPDFText_GetCharBox(text.raw, index, *(ctypes.byref(each) for each in box))
        raw.FPDFText_GetCharOrigin(text.raw, index, *(ctypes.byref(each) for each in origin))
        raw.FPDFText_GetFontInfo(text.raw, index, name, len(name), ctypes.byref(flags))
        font = name.value.decode(errors="replace").lower()
        heavy = raw.FPDFText_GetFontWeight(text.raw, index) >= 600  # noqa: PLR2004 - semibold (OpenType, usWeightClass)
        yield _Character(
            text=chr(code),
            left=min(box[0].value, origin[0].value),
            right=box[1].value,
            down=height - origin[1].value,
            size=raw.FPDFText_GetFontSize(text.raw, index),
            is_strong=heavy or "bold" in font or "black" in font,
            is_emphasis="italic" in font or "oblique" in font,
            is_apart=is_apart,
        )
        is_apart = False


def _lines(characters: Iterable[_Character], page: int) -> Iterator[_Line]:
    """Characters on one baseline, from left to right; a wide gap begins a cell."""
    rows: list[list[_Character]] = []
    for character in sorted(characters, key=lambda each: (round(each.down), each.left)):
        if rows and abs(rows[-1][0].down - character.down) <= max(character.size, 4) * 0.3:
            rows[-1].append(character)
        else:
            rows.append([character])
    for row in rows:
        row.sort(key=lambda each: each.left)
        yield _Line(
            page=page,
            cells=tuple(_cells(row)),
            down=row[0].down,
            size=round(statistics.median(each.size for each in row), 1),
            is_strong=all(each.is_strong for each in row),
        )


def _cells(row: Sequence[_Character]) -> Iterator[_Cell]:
    cell: list[_Character] = []
    for character in row:
        if cell and character.left - cell[-1].right > _COLUMN_GAP * character.size:
            yield _cell(cell)
            cell = []
        cell.append(character)
    if cell:
        yield _cell(cell)


def _cell(characters: Sequence[_Character]) -> _Cell:
    spans: list[pieces.Span] = []
    before: _Character | None = None
    for each in characters:
        gap = " " if before and (each.is_apart or each.left - before.right > _WORD_GAP * each.size) else ""
        if gap and spans:
            spans[-1] = pieces.Span(
                text=spans[-1].text + gap, is_strong=spans[-1].is_strong, is_emphasis=spans[-1].is_emphasis
            )
        spans = list(
            pieces.joined([*spans, pieces.Span(text=each.text, is_strong=each.is_strong, is_emphasis=each.is_emphasis)])
        )
        before = each
    return _Cell(spans=tuple(spans), left=characters[0].left, right=characters[-1].right)


def _pictures(
    page: pypdfium2.PdfPage, number: int, height: float
) -> tuple[list[tuple[float, pieces.Picture]], list[pieces.Lost]]:
    found: list[tuple[float, pieces.Picture]] = []
    lost: list[pieces.Lost] = []
    place = f"page {number + 1}"
    paths = 0
    objects = cast("Iterable[pypdfium2.PdfObject]", page.get_objects())  # pyright: ignore[reportUnknownMemberType]
    for each in objects:
        paths += raw.FPDFPageObj_GetType(each.raw) == raw.FPDF_PAGEOBJ_PATH
        if not isinstance(each, pypdfium2.PdfImage):
            continue
        wide, high = each.get_px_size()
        if len(found) >= IMAGES_MAX or wide * high > IMAGE_DOTS_MAX:
            lost.append(pieces.Lost(place=place, what="an image that is too large, or one too many"))
            continue
        left, _, right, top = each.get_bounds()
        out = io.BytesIO()
        try:
            each.get_bitmap().to_pil().convert("RGB").save(out, format="PNG")
        except pypdfium2.PdfiumError:
            lost.append(pieces.Lost(place=place, what="an image that cannot be read"))
            continue
        width_mm = min(max(round((right - left) / _POINTS_PER_MM), 10), 170)
        picture = pieces.Picture(content=out.getvalue(), media_type="image/png", width_mm=width_mm)
        found.append((height - top, picture))
    if paths > _PATHS_SHOWN:
        what = f"{paths} lines and shapes: rules of tables, boxes, charts and barcodes are drawn anew or not at all"
        lost.append(pieces.Lost(place=place, what=what))
    return found, lost


#: A page has so many lines by its tables alone.
_PATHS_SHOWN = 60


def _letter(pages: Sequence[_Page]) -> pieces.Letter:
    lines = [line for page in pages for line in page.lines]
    if not lines:
        raise pieces.LetterError(
            "wanted a PDF with text, got pictures of pages: have a text recognition (OCR) put the text in first"
        )
    body_size = statistics.mode(line.size for line in lines for _ in line.text)
    repeated = _repeated(pages)
    address: list[str] = []
    references: list[tuple[str, str]] = []
    left: list[str] = []
    found: list[pieces.Piece] = []
    for number, page in enumerate(pages):
        kept: list[_Line] = []
        for line in page.lines:
            share = line.down / page.height
            if share < (_HEAD if number == 0 else _HEAD * 0.8) or share > _FOOT or _shape(line.text) in repeated:
                left.append(line.text)
            elif number == 0 and share < _WINDOW and line.size <= body_size * _LARGER:
                _of_window(line, page.width, address, references)
            else:
                kept.append(line)
        found += _pieces(kept, page, body_size)
    left += [" ".join(pair) for pair in references if pair[0].rstrip(":") in _DATE_LABELS]
    references = [pair for pair in references if pair[0].rstrip(":") not in _DATE_LABELS]
    if references:
        found.insert(0, pieces.Table(rows=tuple(references)))
    lost = [each for page in pages for each in page.lost]
    return pieces.Letter(
        pieces=pieces.gathered(found), lost=tuple(lost), address=tuple(address), left_to_layout=tuple(left)
    )


def _of_window(line: _Line, width: float, address: list[str], references: list[tuple[str, str]]) -> None:
    """Beside the address stand the references."""
    here = [cell for cell in line.cells if cell.left < width / 2]
    beside = [cell.text for cell in line.cells if cell.left >= width / 2]
    if here:
        address.append(" ".join(cell.text for cell in here))
    if len(beside) == 1 and references and not beside[0].endswith(":") and ":" not in beside[0]:
        # A label or value that goes on in the next line.
        label, value = references[-1]
        references[-1] = (label + beside[0], value) if beside[0][:1].islower() else (label, f"{value} {beside[0]}")
    elif beside:
        label, _, value = (beside[0], "", " ".join(beside[1:])) if len(beside) > 1 else beside[0].partition(":")
        references.append((label.strip(), value.strip()))


def _repeated(pages: Sequence[_Page]) -> frozenset[str]:
    """Lines that stand on several pages at their head or foot, but for their figures."""
    counted: dict[str, int] = {}
    for page in pages:
        edge = [line for line in page.lines if not 0.15 < line.down / page.height < 0.85]  # noqa: PLR2004
        for shape in {_shape(line.text) for line in edge}:
            counted[shape] = counted.get(shape, 0) + 1
    return frozenset(shape for shape, count in counted.items() if count > 1)


def _shape(text: str) -> str:
    return _DIGITS.sub("0", text)


def _pieces(lines: Sequence[_Line], page: _Page, body_size: float) -> Iterator[pieces.Piece]:
    """Pieces of one page, with its pictures where they stand."""
    pictures = sorted(page.pictures, key=lambda each: each[0])
    position = 0
    while position < len(lines):
        while pictures and pictures[0][0] < lines[position].down:
            yield pictures.pop(0)[1]
        rows = _table_lines(lines, position)
        if rows:
            yield _table(lines[position : position + rows])
            position += rows
            continue
        count = _paragraph_lines(lines, position, body_size)
        yield _of_lines(lines[position : position + count], body_size)
        position += count
    yield from (picture for _, picture in pictures)


def _table_lines(lines: Sequence[_Line], first: int) -> int:
    """How many lines from here on are rows of a table; 0 for none."""
    count = 0
    while first + count < len(lines) and len(lines[first + count].cells) > 1:
        count += 1
    return count if count > 1 else 0


def _table(lines: Sequence[_Line]) -> pieces.Table:
    widest = max(lines, key=lambda line: len(line.cells))
    columns = [(cell.left, cell.right) for cell in widest.cells]
    rows: list[tuple[str, ...]] = []
    ends = [0] * len(columns)
    for line in lines:
        row = [""] * len(columns)
        for cell in line.cells:
            near = min(range(len(columns)), key=lambda number: _distance(cell, columns[number]))
            row[near] = f"{row[near]} {cell.text}".strip()
            ends[near] += abs(cell.right - columns[near][1]) < abs(cell.left - columns[near][0])
        rows.append(tuple(row))
    return pieces.Table(rows=tuple(rows), at_end=tuple(count > len(lines) / 3 for count in ends))


def _distance(cell: _Cell, column: tuple[float, float]) -> float:
    return min(abs(cell.left - column[0]), abs(cell.right - column[1]))


def _paragraph_lines(lines: Sequence[_Line], first: int, body_size: float) -> int:
    """How many lines from here on are one paragraph, heading or item."""
    count = 1
    start = lines[first]
    while first + count < len(lines):
        before, line = lines[first + count - 1], lines[first + count]
        is_apart = line.down - before.down > _PARAGRAPH_GAP * max(before.size, line.size)
        is_other = line.size != start.size or (line.is_strong != start.is_strong and _is_heading(start, body_size))
        begins = _BULLET.match(line.text) or _NUMBER.match(line.text)
        if (
            is_apart
            or is_other
            or begins
            or len(line.cells) > 1
            or _is_heading(line, body_size) != _is_heading(start, body_size)
        ):
            break
        count += 1
    return count


def _is_heading(line: _Line, body_size: float) -> bool:
    is_short = len(line.text) <= _HEADING_CHARACTERS_MAX and not line.text.endswith((".", ",", ":"))
    return is_short and (line.size > body_size * _LARGER or line.is_strong)


def _of_lines(lines: Sequence[_Line], body_size: float) -> pieces.Piece:
    spans: list[pieces.Span] = []
    for line in lines:
        own = [span for cell in line.cells for span in (*cell.spans, pieces.Span(text=" "))][:-1]
        if spans:
            last = spans[-1]
            if last.text.endswith("\u00ad"):
                spans[-1] = pieces.Span(text=last.text[:-1], is_strong=last.is_strong, is_emphasis=last.is_emphasis)
            else:
                spans.append(pieces.Span(text=" ", is_strong=last.is_strong and own[0].is_strong))
        spans += own
    joined = pieces.joined(spans)
    text = pieces.text_of(joined)
    for pattern, is_ordered in ((_BULLET, False), (_NUMBER, True)):
        if found := pattern.match(text):
            return pieces.Listing(items=(_without(joined, found.end()),), is_ordered=is_ordered)
    if _is_heading(lines[0], body_size):
        level = 1 if lines[0].size > body_size * 1.3 else 2
        return pieces.Heading(spans=(pieces.Span(text=text),), level=level)
    return pieces.Paragraph(spans=joined)


def _without(spans: pieces.Spans, count: int) -> pieces.Spans:
    """The spans without their first characters."""
    found: list[pieces.Span] = []
    for span in spans:
        kept = span.text[count:]
        count = max(count - len(span.text), 0)
        if kept:
            found.append(pieces.Span(text=kept, is_strong=span.is_strong, is_emphasis=span.is_emphasis, link=span.link))
    return tuple(found)
