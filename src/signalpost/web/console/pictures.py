"""Renditions as pictures: pages of a letter as PNG, an e-mail as a page that can neither run nor fetch anything."""

import base64
import email
import email.policy
import io
import re
import threading
from email.message import EmailMessage
from typing import cast

import msgspec
import pypdfium2

#: Pages of one letter that are shown as pictures; the file holds all.
PAGES_SHOWN = 20
#: Dots per point: an A4 page is 952 pixels wide.
_SCALE = 1.6
#: For a page made of an e-mail: nothing runs, nothing is fetched, forms go nowhere.
MAIL_POLICY = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'"

#: PDFium is not safe in threads.
_pdfium = threading.Lock()
_CID = re.compile(r"cid:([^\s\"'<>)]+)")


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """An e-mail, opened."""

    html: str
    plain: str
    subject: str


def count(content: bytes) -> int:
    """Pages of a letter."""
    with _pdfium:
        document = pypdfium2.PdfDocument(content)
        try:
            return len(document)
        finally:
            document.close()


def page(content: bytes, number: int) -> bytes | None:
    """A page of a letter as PNG, from 1; `None` when there is none of that number."""
    with _pdfium:
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


def mail(content: bytes) -> Mail:
    """The parts of an e-mail; pictures inside stand in the page itself."""
    entity = email.message_from_bytes(content, policy=email.policy.default)
    parts = [part for part in entity.walk() if not part.is_multipart()]
    inside = {
        str(part["Content-ID"]).strip("<>"): _data_address(part)
        for part in parts
        if part.get_content_maintype() == "image" and part["Content-ID"]
    }
    html = _CID.sub(lambda found: inside.get(found[1], ""), _text(parts, "text/html"))
    return Mail(html=html, plain=_text(parts, "text/plain"), subject=str(entity["Subject"] or ""))


def _data_address(part: EmailMessage) -> str:
    return f"data:{part.get_content_type()};base64,{base64.b64encode(_payload(part)).decode('ascii')}"


def _text(parts: list[EmailMessage], media_type: str) -> str:
    for part in parts:
        if part.get_content_type() == media_type:
            return _payload(part).decode(part.get_content_charset("utf-8"), errors="replace")
    return ""


def _payload(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
