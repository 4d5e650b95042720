"""Reads finished PDF files the way a recipient, a screen reader and a scanner do."""

import io
from collections.abc import Iterator
from typing import cast

import msgspec
import pikepdf
import pypdfium2
from PIL import Image

POINTS_PER_MM = 72 / 25.4
DPI = 300


class Box(msgspec.Struct, frozen=True):
    """A place on a page, in millimetres from its top left corner."""

    left: float
    top: float
    right: float
    bottom: float


class Tag(msgspec.Struct, frozen=True):
    """An element of the structure tree: `H1`, `Table`, `Figure` …"""

    kind: str
    alternative: str
    inside: tuple["Tag", ...]

    def walk(self) -> Iterator["Tag"]:
        """This tag and all in it, in reading order."""
        yield self
        for tag in self.inside:
            yield from tag.walk()

    def all(self, kind: str) -> list["Tag"]:
        """All of a kind."""
        return [tag for tag in self.walk() if tag.kind == kind]


def texts(content: bytes) -> list[str]:
    """The text of each page."""
    with pypdfium2.PdfDocument(content) as document:
        return [document[index].get_textpage().get_text_range() for index in range(len(document))]


def texts_inside(content: bytes, *, left: float, right: float, bottom: float) -> list[str]:
    """The text of each page within margins, in millimetres from the left and the bottom edge."""
    bounds = [side * POINTS_PER_MM for side in (left, bottom, right)]
    with pypdfium2.PdfDocument(content) as document:
        return [
            document[index].get_textpage().get_text_bounded(bounds[0], bounds[1], bounds[2])  # pyright: ignore[reportUnknownMemberType]
            for index in range(len(document))
        ]


def size(content: bytes) -> tuple[float, float]:
    """Width and height of the first page, in millimetres."""
    with pypdfium2.PdfDocument(content) as document:
        width, height = document[0].get_size()
        return width / POINTS_PER_MM, height / POINTS_PER_MM


def place(content: bytes, wanted: str, *, page: int = 0) -> Box:
    """Where a text first stands on a page."""
    with pypdfium2.PdfDocument(content) as document:
        height = float(document[page].get_height())
        text = document[page].get_textpage()
        found = text.search(wanted, match_case=True).get_next()  # pyright: ignore[reportUnknownMemberType]
        assert found is not None, f"{wanted!r} is not on page {page}"
        boxes: list[tuple[float, float, float, float]] = [
            text.get_charbox(index)  # pyright: ignore[reportUnknownMemberType]
            for index in range(found[0], found[0] + found[1])
        ]
    return Box(
        left=min(box[0] for box in boxes) / POINTS_PER_MM,
        top=(height - max(box[3] for box in boxes)) / POINTS_PER_MM,
        right=max(box[2] for box in boxes) / POINTS_PER_MM,
        bottom=(height - min(box[1] for box in boxes)) / POINTS_PER_MM,
    )


def picture(content: bytes, *, page: int = 0) -> Image.Image:
    """A page in grey, `DPI` dots an inch."""
    with pypdfium2.PdfDocument(content) as document:
        bitmap = document[page].render(scale=DPI / 72, grayscale=True)  # pyright: ignore[reportUnknownMemberType, reportArgumentType, reportUnknownVariableType]
        return cast("Image.Image", bitmap.to_pil()).copy()  # pyright: ignore[reportUnknownMemberType]


def cut(whole: Image.Image, box: Box) -> Image.Image:
    """A part of a picture."""
    left, top, right, bottom = (int(side / 25.4 * DPI) for side in (box.left, box.top, box.right, box.bottom))
    return whole.crop((left, top, right, bottom))


def tags(content: bytes) -> Tag:
    """The structure tree, under one root."""

    def read(node: pikepdf.Object) -> tuple[Tag, ...]:
        if isinstance(node, pikepdf.Array):
            return tuple(tag for index in range(len(node)) for tag in read(node[index]))
        if not isinstance(node, pikepdf.Dictionary) or "/S" not in node:
            return ()
        inside = read(node["/K"]) if "/K" in node else ()
        return (Tag(str(node["/S"])[1:], str(node["/Alt"]) if "/Alt" in node else "", inside),)

    with pikepdf.open(io.BytesIO(content)) as document:
        return Tag("", "", read(document.Root["/StructTreeRoot"]["/K"]))


def links(content: bytes) -> list[str]:
    """Where its links lead, in order."""
    found: list[str] = []
    with pikepdf.open(io.BytesIO(content)) as document:
        for page in document.pages:
            notes = page.get("/Annots", pikepdf.Array())
            found += [str(note["/A"]["/URI"]) for note in notes if note["/Subtype"] == "/Link"]
    return found


def fonts(content: bytes) -> set[str]:
    """Names of the fonts its pages use."""
    with pikepdf.open(io.BytesIO(content)) as document:
        return {
            str(font["/BaseFont"])[1:]
            for page in document.pages
            for font in page["/Resources"]["/Font"].as_dict().values()
        }


def drawing(content: bytes) -> str:
    """The drawing operators of the first page."""
    with pikepdf.open(io.BytesIO(content)) as document:
        return document.pages[0]["/Contents"].read_bytes().decode("latin-1")


def facts(content: bytes) -> dict[str, str]:
    """Title, language and what viewers are asked for."""
    with pikepdf.open(io.BytesIO(content)) as document:
        return {
            "title": str(document.docinfo["/Title"]),
            "language": str(document.Root["/Lang"]),
            "is_marked": str(document.Root["/MarkInfo"]["/Marked"]),
            "shows_title": str(document.Root["/ViewerPreferences"]["/DisplayDocTitle"]),
        }
