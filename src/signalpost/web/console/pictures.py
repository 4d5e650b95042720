"""Renditions as pictures: pages of a letter as PNG, an e-mail as a page that can neither run nor fetch anything."""

import io
import threading
from typing import cast

import pypdfium2

from signalpost.acts import opening

#: Pages of one letter that are shown as pictures; the file holds all.
PAGES_SHOWN = 20
#: Dots per point: an A4 page is 952 pixels wide.
_SCALE = 1.6
#: Text shows no seams at this quality, and a page takes 5 ms where PNG takes 22.
_QUALITY = 92
#: For a page made of an e-mail: nothing runs, nothing is fetched, forms go nowhere.
MAIL_POLICY = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'"

#: An e-mail, opened.
Mail = opening.Mail
mail = opening.mail

#: PDFium is not safe in threads.
PDFIUM = threading.Lock()


def count(content: bytes) -> int:
    """Pages of a letter."""
    with PDFIUM:
        document = pypdfium2.PdfDocument(content)
        try:
            return len(document)
        finally:
            document.close()


def page(content: bytes, number: int) -> bytes | None:
    """A page of a letter as PNG, from 1; `None` when there is none of that number."""
    with PDFIUM:
        document = pypdfium2.PdfDocument(content)
        try:
            if not 1 <= number <= len(document):
                return None
            # PDFium's scale may be broken; its annotation says int.
            bitmap = cast("pypdfium2.PdfBitmap", document[number - 1].render(scale=cast("int", _SCALE)))  # pyright: ignore[reportUnknownMemberType]
            drawn = bitmap.to_pil()
        finally:
            document.close()
    out = io.BytesIO()
    drawn.save(out, format="PNG")
    return out.getvalue()


def sheets(content: bytes, most: int) -> list[bytes]:
    """The first pages of a letter as JPEG, at most so many, in one reading; for what is drawn while somebody types."""
    drawn: list[bytes] = []
    with PDFIUM:
        document = pypdfium2.PdfDocument(content)
        try:
            for number in range(min(most, len(document))):
                bitmap = cast("pypdfium2.PdfBitmap", document[number].render(scale=cast("int", _SCALE)))  # pyright: ignore[reportUnknownMemberType]
                out = io.BytesIO()
                bitmap.to_pil().save(out, format="JPEG", quality=_QUALITY, subsampling=0)
                drawn.append(out.getvalue())
        finally:
            document.close()
    return drawn
