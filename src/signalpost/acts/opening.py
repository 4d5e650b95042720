"""A finished e-mail, opened: its HTML with the pictures in it, its text part. For people and judges who look at it."""

import base64
import email
import email.policy
import re
from email.message import EmailMessage

import msgspec

_CID = re.compile(r"cid:([^\s\"'<>)]+)")


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """An e-mail, opened."""

    html: str
    #: Of the HTML as it travels, without its pictures.
    html_bytes: int
    plain: str
    subject: str


def mail(content: bytes) -> Mail:
    """The parts of an e-mail; pictures inside stand in the page itself."""
    entity = email.message_from_bytes(content, policy=email.policy.default)
    parts = [part for part in entity.walk() if not part.is_multipart()]
    inside = {
        str(part["Content-ID"]).strip("<>"): _data_address(part)
        for part in parts
        if part.get_content_maintype() == "image" and part["Content-ID"]
    }
    given = _text(parts, "text/html")
    html = _CID.sub(lambda found: inside.get(found[1], ""), given)
    return Mail(
        html=html,
        html_bytes=len(given.encode()),
        plain=_text(parts, "text/plain"),
        subject=str(entity["Subject"] or ""),
    )


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
