"""A Word letter (Office Open XML, ECMA-376) becomes pieces: read as a ZIP of XML, nothing of it is run or fetched.

Headings go by their style, lists by their numbering, links by their relationships. What Word can and a letter here
cannot (text boxes, footnotes, fields, tracked changes, shapes) is told with its place.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree as ET

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from signalpost.playbooks.starting import pieces

#: Parts of the file that are unpacked, all together.
UNPACKED_BYTES_MAX = 50_000_000
PARTS_MAX = 2_000
IMAGE_BYTES_MAX = 5_000_000
PIECES_MAX = 2_000
#: The signature of a compound file: an encrypted document, or one of Word 97.
_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
_EMU_PER_MM = 36_000

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_MEDIA_TYPES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif"}
_HEADING = re.compile(r"(?:heading|berschrift|titre|t[ií]tulo|title)\s*(\d?)", re.IGNORECASE)
_LINKS = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)
#: What is left out, with the words for people.
_LOSSES = {
    f"{_W}footnoteReference": "a footnote",
    f"{_W}endnoteReference": "an endnote",
    f"{_W}commentReference": "a comment",
    f"{_W}object": "an embedded object",
    f"{_W}pict": "a drawing",
    f"{_W}txbxContent": "a text box",
    f"{_W}sdt": "",
    f"{_W}altChunk": "an embedded document",
    f"{_W}fldSimple": "a field; its text was kept",
    f"{_W}instrText": "a field; its text was kept",
}
_DELETED = frozenset({f"{_W}del", f"{_W}moveFrom"})


def read(content: bytes) -> pieces.Letter:
    """The pieces of a Word file.

    Raises:
        pieces.LetterError: it is none, is encrypted or old, or is larger than a letter can be.
    """
    if content.startswith(_COMPOUND):
        raise pieces.LetterError(
            "wanted a Word file of 2007 or later without a password, got an encrypted or older one"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = _Parts(archive)
            return _Reader(parts).letter()
    except (zipfile.BadZipFile, ET.ParseError, DefusedXmlException, KeyError, NotImplementedError) as error:
        raise pieces.LetterError(f"wanted a Word file (.docx), got one that cannot be read: {error}") from error


class _Parts:
    """The parts of the file, unpacked within bounds."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._left_bytes = UNPACKED_BYTES_MAX
        self.names = set(archive.namelist())
        if len(self.names) > PARTS_MAX:
            raise pieces.LetterError(f"wanted at most {PARTS_MAX} parts in the file, got {len(self.names)}")

    def content(self, name: str) -> bytes:
        """One part; the bound holds for what comes out, whatever the file says about its size."""
        with self._archive.open(name) as part:
            found = part.read(self._left_bytes + 1)
        if len(found) > self._left_bytes:
            raise pieces.LetterError(f"wanted at most {UNPACKED_BYTES_MAX} bytes unpacked, got more")
        self._left_bytes -= len(found)
        return found

    def xml(self, name: str) -> ET.Element:
        """One part as XML; definitions of entities are refused."""
        return fromstring(self.content(name), forbid_dtd=True)

    def relations(self, name: str) -> Mapping[str, str]:
        """Identifier → target of a part's relationships."""
        folder, _, file = name.rpartition("/")
        place = f"{folder}/_rels/{file}.rels"
        if place not in self.names:
            return {}
        return {
            each.get("Id", ""): each.get("Target", "") for each in self.xml(place).iterfind(f"{_PACKAGE}Relationship")
        }


class _Reader:
    """Goes through the body from top to bottom."""

    def __init__(self, parts: _Parts) -> None:
        self._parts = parts
        self._relations = parts.relations("word/document.xml")
        self._styles = dict(self._style_levels())
        self._ordered = dict(self._ordered_lists())
        self._lost: list[pieces.Lost] = []
        self._found: list[pieces.Piece] = []
        self._paragraph = 0

    def letter(self) -> pieces.Letter:
        body = self._parts.xml("word/document.xml").find(f"{_W}body")
        if body is None:
            raise pieces.LetterError("wanted a Word file with text, got one without a body")
        self._blocks(body)
        headers = [name for name in sorted(self._parts.names) if re.fullmatch(r"word/(header|footer)\d*\.xml", name)]
        left = [line for name in headers for line in self._lines_of(name)]
        if not self._found:
            raise pieces.LetterError("wanted a Word file with text, got an empty one")
        return pieces.Letter(pieces=pieces.gathered(self._found), lost=tuple(self._lost), left_to_layout=tuple(left))

    def _lines_of(self, name: str) -> Iterator[str]:
        root = self._parts.xml(name)
        for paragraph in root.iter(f"{_W}p"):
            text = "".join(each.text or "" for each in paragraph.iter(f"{_W}t")).strip()
            if text:
                yield text
        if any(True for _ in root.iter(f"{_A}blip")):
            where = "header" if "header" in name else "footer"
            self._lost.append(pieces.Lost(place=where, what="an image: the logo belongs into the brand"))

    def _blocks(self, parent: ET.Element) -> None:
        for element in parent:
            if len(self._found) > PIECES_MAX:
                raise pieces.LetterError(f"wanted a letter of at most {PIECES_MAX} pieces, got more")
            if element.tag == f"{_W}p":
                self._paragraph += 1
                self._of_paragraph(element)
            elif element.tag == f"{_W}tbl":
                self._table(element)
            elif element.tag == f"{_W}sdt":
                for inner in element.iterfind(f"{_W}sdtContent"):
                    self._blocks(inner)
            elif element.tag in _LOSSES:
                self._lose(_LOSSES[element.tag])

    def _of_paragraph(self, element: ET.Element) -> None:
        spans = pieces.joined(list(self._spans(element, "")))
        has_break = any(each.get(f"{_W}type") == "page" for each in element.iter(f"{_W}br"))
        if has_break:
            self._found.append(pieces.Break())
        text = pieces.text_of(spans).strip()
        if text:
            self._found.append(self._piece(element, spans))
        self._found.extend(self._pictures(element))

    def _piece(self, element: ET.Element, spans: pieces.Spans) -> pieces.Piece:
        style = element.find(f"{_W}pPr/{_W}pStyle")
        level = self._styles.get(style.get(f"{_W}val", "") if style is not None else "", 0)
        if level:
            return pieces.Heading(spans=spans, level=level)
        numbered = element.find(f"{_W}pPr/{_W}numPr/{_W}numId")
        name = style.get(f"{_W}val", "") if style is not None else ""
        if numbered is not None or name.startswith("List"):
            number = numbered.get(f"{_W}val", "") if numbered is not None else ""
            is_ordered = self._ordered.get(number, "Number" in name)
            return pieces.Listing(items=(spans,), is_ordered=is_ordered)
        return pieces.Paragraph(spans=spans)

    def _spans(self, element: ET.Element, link: str) -> Iterator[pieces.Span]:
        for inner in element:
            if inner.tag == f"{_W}r":
                yield from self._run(inner, link)
            elif inner.tag == f"{_W}hyperlink":
                target = self._relations.get(inner.get(f"{_R}id", ""), "")
                if target and not _LINKS.match(target):
                    self._lose("a link that is neither of the web, nor mail, nor telephone; its text was kept")
                yield from self._spans(inner, target if _LINKS.match(target) else "")
            elif inner.tag in _DELETED:
                self._lose("text that was deleted with changes tracked")
            elif inner.tag in (f"{_W}ins", f"{_W}smartTag", f"{_W}sdt", f"{_W}sdtContent", f"{_W}fldSimple"):
                if what := _LOSSES.get(inner.tag):
                    self._lose(what)
                yield from self._spans(inner, link)

    def _run(self, run: ET.Element, link: str) -> Iterator[pieces.Span]:
        marks = run.find(f"{_W}rPr")
        is_strong = marks is not None and _is_on(marks.find(f"{_W}b"))
        is_emphasis = marks is not None and _is_on(marks.find(f"{_W}i"))
        text = ""
        for inner in run:
            if inner.tag == f"{_W}t":
                text += inner.text or ""
            elif inner.tag == f"{_W}tab":
                text += "\t"
            elif inner.tag in (f"{_W}br", f"{_W}cr") and inner.get(f"{_W}type") != "page":
                text += "\n"
            elif inner.tag == f"{_W}noBreakHyphen":
                text += "\u2011"
            elif inner.tag == f"{_MC}AlternateContent" or inner.tag in _LOSSES:
                self._lose(_LOSSES.get(inner.tag) or "a text box or shape")
        yield pieces.Span(text=text, is_strong=is_strong, is_emphasis=is_emphasis, link=link)

    def _table(self, table: ET.Element) -> None:
        rows: list[tuple[str, ...]] = []
        ends: list[tuple[bool, ...]] = []
        for row in table.iterfind(f"{_W}tr"):
            cells = list(row.iterfind(f"{_W}tc"))
            rows.append(tuple(self._cell(cell) for cell in cells))
            ends.append(tuple(_is_at_end(cell) for cell in cells))
        if any(True for _ in table.iterfind(f"{_W}tr/{_W}tc/{_W}tcPr/{_W}gridSpan")):
            self._lose("cells of a table that span columns: each stands in one")
        width = max((len(row) for row in rows), default=0)
        if not rows or not width:
            return
        full = tuple(row + ("",) * (width - len(row)) for row in rows)
        last = next((end for end in reversed(ends) if len(end) == width), (False,) * width)
        self._found.append(pieces.Table(rows=full, at_end=last))

    def _cell(self, cell: ET.Element) -> str:
        texts = [pieces.text_of(pieces.joined(list(self._spans(each, "")))) for each in cell.iterfind(f"{_W}p")]
        if any(True for _ in cell.iterfind(f"{_W}tbl")):
            self._lose("a table inside a table")
        return " ".join(" ".join(texts).split())

    def _pictures(self, element: ET.Element) -> Iterator[pieces.Picture]:
        for drawing in element.iter(f"{_W}drawing"):
            blip = next(drawing.iter(f"{_A}blip"), None)
            target = self._relations.get(blip.get(f"{_R}embed", ""), "") if blip is not None else ""
            name = f"word/{target}" if not target.startswith("/") else target[1:]
            media_type = _MEDIA_TYPES.get(target.rpartition(".")[2].lower())
            if media_type is None or name not in self._parts.names:
                self._lose("a drawing or an image that is neither PNG, JPEG nor GIF")
                continue
            content = self._parts.content(name)
            if len(content) > IMAGE_BYTES_MAX:
                self._lose(f"an image of more than {IMAGE_BYTES_MAX} bytes")
                continue
            described = next(drawing.iter(f"{_WP}docPr"), None)
            extent = next(drawing.iter(f"{_WP}extent"), None)
            width = int(extent.get("cx", "0")) // _EMU_PER_MM if extent is not None else 0
            yield pieces.Picture(
                content=content,
                media_type=media_type,
                alternative=described.get("descr", "") if described is not None else "",
                width_mm=min(max(width, 10), 170),
            )

    def _style_levels(self) -> Iterator[tuple[str, int]]:
        """Style → level, for styles that are headings by outline or by name."""
        if "word/styles.xml" not in self._parts.names:
            return
        for style in self._parts.xml("word/styles.xml").iterfind(f"{_W}style"):
            outline = style.find(f"{_W}pPr/{_W}outlineLvl")
            name = style.find(f"{_W}name")
            called = _HEADING.fullmatch(name.get(f"{_W}val", "")) if name is not None else None
            if outline is not None and outline.get(f"{_W}val", "9").isdecimal():
                level = int(outline.get(f"{_W}val", "9")) + 1
                yield style.get(f"{_W}styleId", ""), level if level < 9 else 0  # noqa: PLR2004 - 9 is body text
            elif called:
                yield style.get(f"{_W}styleId", ""), int(called[1] or 1)

    def _ordered_lists(self) -> Iterator[tuple[str, bool]]:
        """List → whether it is numbered."""
        if "word/numbering.xml" not in self._parts.names:
            return
        root = self._parts.xml("word/numbering.xml")
        formats = {
            each.get(f"{_W}abstractNumId", ""): next(each.iter(f"{_W}numFmt"), None)
            for each in root.iterfind(f"{_W}abstractNum")
        }
        for number in root.iterfind(f"{_W}num"):
            of = number.find(f"{_W}abstractNumId")
            shown = formats.get(of.get(f"{_W}val", "") if of is not None else "")
            yield number.get(f"{_W}numId", ""), shown is not None and shown.get(f"{_W}val") != "bullet"

    def _lose(self, what: str) -> None:
        if what:
            lost = pieces.Lost(place=f"paragraph {max(self._paragraph, 1)}", what=what)
            if lost not in self._lost:
                self._lost.append(lost)


def _is_on(mark: ET.Element | None) -> bool:
    return mark is not None and mark.get(f"{_W}val", "1") not in ("0", "false", "none")


def _is_at_end(cell: ET.Element) -> bool:
    aligned = cell.find(f"{_W}p/{_W}pPr/{_W}jc")
    return aligned is not None and aligned.get(f"{_W}val") in ("right", "end")
