"""Two renditions beside each other with what differs marked: pages of a letter as pictures, e-mails as pages.

On a page it is words that are compared, in reading order over all pages: text that only moved is not marked. Where the
words of a page are the same and in the same places, what is drawn there is compared as well: a logo, a chart, a colour.
"""

import io
import itertools
import re
from collections.abc import Iterator, Sequence
from typing import cast

import msgspec
import pypdfium2
from PIL import Image, ImageChops, ImageDraw

from signalpost.flow import differences
from signalpost.web.console import pictures

#: Dots per point: an A4 page is 714 pixels wide, beside another one.
SCALE = 1.2
#: Pages of each version that are drawn; the words of all of them are compared.
PAGES_SHOWN = 8
#: Space around a marked word in pixels, and how much two values of a colour may differ without being marked.
_MARGIN_PX = 2
_COLOUR_TOLERANCE = 24
#: Areas that differ are found on squares of this size.
_SQUARE_PX = 16
#: Red and blue differ for everyone; the shape of the mark differs too: removed is crossed by a line.
_REMOVED = (179, 38, 30)
_ADDED = (11, 79, 148)
_FILL = 44

_TAG = re.compile(r"(<!--.*?-->|<style\b.*?</style>|<head\b.*?</head>|<[^>]*>)", re.DOTALL | re.IGNORECASE)

_WORD = re.compile(r"\S+")

_Box = tuple[float, float, float, float]


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A page of one version as a picture."""

    #: WebP.
    content: bytes
    #: Marked places on it.
    marks: int


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """The pages of two versions."""

    before: Sequence[Sheet]
    after: Sequence[Sheet]
    pages_before: int
    pages_after: int

    def marks(self) -> int:
        """Marked places on all pictures."""
        return sum(sheet.marks for sheet in (*self.before, *self.after))


class _Word(msgspec.Struct, frozen=True, kw_only=True):
    text: str
    page: int
    #: Left, top, right, bottom in pixels.
    box: _Box


class _Paper(msgspec.Struct, kw_only=True):
    """One version, read and drawn."""

    words: list[_Word] = []
    pages: list[Image.Image] = []
    count: int = 0


def letters(before: bytes, after: bytes) -> Beside:
    """Two letters as pictures with what differs marked. Either may be empty: there is no such version."""
    old, new = _read(before), _read(after)
    removed, added = differences.unlike([word.text for word in old.words], [word.text for word in new.words])
    marks = (
        [word for number, word in enumerate(old.words) if number in removed],
        [word for number, word in enumerate(new.words) if number in added],
    )
    areas = list(_areas(old, new)) if before and after else []
    return Beside(
        before=_sheets(old, marks[0], areas, _REMOVED, is_crossed=True),
        after=_sheets(new, marks[1], areas, _ADDED, is_crossed=False),
        pages_before=old.count,
        pages_after=new.count,
    )


def _read(content: bytes) -> _Paper:
    paper = _Paper()
    if not content:
        return paper
    with pictures.PDFIUM:
        document = pypdfium2.PdfDocument(content)
        try:
            paper.count = len(document)
            for number in range(paper.count):
                page = document[number]
                paper.words += _words(page, number)
                if number < PAGES_SHOWN:
                    # PDFium's scale may be broken; its annotation says int.
                    drawn = cast("pypdfium2.PdfBitmap", page.render(scale=cast("int", SCALE)))  # pyright: ignore[reportUnknownMemberType]
                    paper.pages.append(drawn.to_pil().convert("RGB"))
        finally:
            document.close()
    return paper


def _words(page: pypdfium2.PdfPage, number: int) -> Iterator[_Word]:
    height = page.get_height()
    text = page.get_textpage()
    try:
        said = [(chr_, at) for at, chr_ in enumerate(text.get_text_range(0, -1))][: text.count_chars()]
        for is_space, group in itertools.groupby(said, key=lambda pair: pair[0].isspace()):
            if not is_space:
                letters_ = list(group)
                boxes = [cast("_Box", text.get_charbox(at, loose=True)) for _, at in letters_]  # pyright: ignore[reportUnknownMemberType]
                yield _Word(text="".join(one for one, _ in letters_), page=number, box=_around(boxes, height))
    finally:
        text.close()


def _around(boxes: Sequence[_Box], height: float) -> _Box:
    left, bottom = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, top = max(box[2] for box in boxes), max(box[3] for box in boxes)
    return (left * SCALE, (height - top) * SCALE, right * SCALE, (height - bottom) * SCALE)


def _sheets(
    paper: _Paper,
    words: Sequence[_Word],
    areas: Sequence[tuple[int, _Box]],
    colour: tuple[int, int, int],
    *,
    is_crossed: bool,
) -> Sequence[Sheet]:
    found: list[Sheet] = []
    for number, page in enumerate(paper.pages):
        boxes = [word.box for word in words if word.page == number]
        framed = [box for at, box in areas if at == number]
        found.append(
            Sheet(content=_marked(page, boxes, framed, colour, is_crossed=is_crossed), marks=len(boxes) + len(framed))
        )
    return found


def _marked(
    page: Image.Image,
    words: Sequence[_Box],
    areas: Sequence[_Box],
    colour: tuple[int, int, int],
    *,
    is_crossed: bool,
) -> bytes:
    layer = Image.new("RGBA", page.size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(layer)
    for left, top, right, bottom in words:
        around = (left - _MARGIN_PX, top - _MARGIN_PX, right + _MARGIN_PX, bottom + _MARGIN_PX)
        pen.rectangle(around, fill=(*colour, _FILL), outline=(*colour, 160))
        line = (top + bottom) / 2 if is_crossed else bottom + _MARGIN_PX
        pen.line((left - _MARGIN_PX, line, right + _MARGIN_PX, line), fill=(*colour, 255), width=2)
    for area in areas:
        pen.rectangle(area, outline=(*colour, 255), width=3)
    out = io.BytesIO()
    Image.alpha_composite(page.convert("RGBA"), layer).convert("RGB").save(out, format="WEBP", quality=82, method=2)
    return out.getvalue()


def _areas(old: _Paper, new: _Paper) -> Iterator[tuple[int, _Box]]:
    """Where pages differ in what is drawn, of those whose words are the same and in the same places."""
    for number, (before, after) in enumerate(zip(old.pages, new.pages, strict=False)):
        if before.size == after.size and _placed(old, number) == _placed(new, number):
            yield from ((number, box) for box in _unlike_areas(before, after))


def _placed(paper: _Paper, number: int) -> list[tuple[str, int, int]]:
    return [(word.text, round(word.box[0]), round(word.box[1])) for word in paper.words if word.page == number]


def _unlike_areas(before: Image.Image, after: Image.Image) -> Iterator[_Box]:
    """Rectangles around what differs: squares side by side in a row of squares are one, rows that touch are one."""
    strong = [0] * _COLOUR_TOLERANCE + [255] * (256 - _COLOUR_TOLERANCE)
    unlike = ImageChops.difference(before, after).convert("L").point(strong)  # pyright: ignore[reportUnknownMemberType]
    across, down = -(-unlike.width // _SQUARE_PX), -(-unlike.height // _SQUARE_PX)
    squares = [
        (column, row)
        for row in range(down)
        for column in range(across)
        if unlike.crop(
            (column * _SQUARE_PX, row * _SQUARE_PX, (column + 1) * _SQUARE_PX, (row + 1) * _SQUARE_PX)
        ).getbbox()
    ]
    for group in _touching(squares):
        columns, rows = [column for column, _ in group], [row for _, row in group]
        yield (
            min(columns) * _SQUARE_PX,
            min(rows) * _SQUARE_PX,
            (max(columns) + 1) * _SQUARE_PX,
            (max(rows) + 1) * _SQUARE_PX,
        )


def _touching(squares: Sequence[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    left = set(squares)
    while left:
        group: list[tuple[int, int]] = []
        edge = [left.pop()]
        while edge:
            column, row = edge.pop()
            group.append((column, row))
            around = {(column + x, row + y) for x in (-1, 0, 1) for y in (-1, 0, 1)} & left
            left -= around
            edge += around
        yield group


def mails(before: str, after: str) -> tuple[str, str]:
    """Two e-mails as HTML with the words marked that differ. Either may be empty."""
    old, new = _TAG.split(before), _TAG.split(after)
    removed, added = differences.unlike(_said(old), _said(new))
    return _wrapped(old, removed, _REMOVED, "line-through"), _wrapped(new, added, _ADDED, "underline")


def _said(parts: Sequence[str]) -> list[str]:
    return [word for part in parts if not _is_tag(part) for word in _WORD.findall(part)]


def _is_tag(part: str) -> bool:
    return part.startswith("<") and part.endswith(">")


def _wrapped(parts: Sequence[str], unlike: frozenset[int], colour: tuple[int, int, int], line: str) -> str:
    """The words of those numbers in an element of their own."""
    numbers = itertools.count()
    paint = f"rgba({colour[0]},{colour[1]},{colour[2]},.2)"
    style = f"background:{paint};text-decoration:{line} 2px rgb{colour};outline:1px solid rgb{colour}"

    def word(found: re.Match[str]) -> str:
        is_unlike = next(numbers) in unlike
        return f'<span style="{style}">{found[0]}</span>' if is_unlike else found[0]

    return "".join(part if _is_tag(part) else _WORD.sub(word, part) for part in parts)
