"""Reading an e-mail rendition as a mail client does: with the standard library's parser, not with our assembler."""

import base64
import email
import email.policy
import html.parser
from email.message import EmailMessage
from typing import cast

import msgspec

from signalpost.vocabulary import manuscripts


class Element(msgspec.Struct, frozen=True):
    """A start tag."""

    tag: str
    attributes: dict[str, str]


class Page(html.parser.HTMLParser):
    """A document taken apart: its elements in order, and the text of its body."""

    def __init__(self, document: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.pieces: list[str] = []
        self._hidden = 0
        self.feed(document)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))
        self._hidden += tag in {"head", "style"}

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"head", "style"}

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)

    @property
    def text(self) -> str:
        """All text of the body, layout's white space included."""
        return "".join(self.pieces)

    def of(self, tag: str) -> list[Element]:
        """The elements of one tag."""
        return [element for element in self.elements if element.tag == tag]


class Mail:
    """An e-mail rendition, opened."""

    def __init__(self, rendered: manuscripts.Rendered) -> None:
        assert isinstance(rendered, manuscripts.Rendition), rendered
        assert rendered.media_type in {"multipart/alternative", "multipart/mixed"}
        self.content = rendered.content
        self.entity = email.message_from_bytes(rendered.content, policy=email.policy.default)
        parts = list(self.entity.walk())
        assert [defect for part in parts for defect in part.defects] == []
        self.types = [part.get_content_type() for part in parts]
        self.encodings = [str(part["Content-Transfer-Encoding"]) for part in parts if not part.is_multipart()]
        self.plain = _text(parts, "text/plain")
        self.html = _text(parts, "text/html")
        self.pictures = {
            str(part["Content-ID"]).strip("<>"): (part.get_content_type(), cast("bytes", part.get_content()))
            for part in parts
            if part.get_content_maintype() == "image"
        }

    @property
    def page(self) -> Page:
        """The HTML, taken apart."""
        return Page(self.html)

    @property
    def shown(self) -> str:
        """The HTML with its pictures inside, for a browser."""
        document = self.html
        for name, (media_type, content) in self.pictures.items():
            data = base64.b64encode(content).decode("ascii")
            document = document.replace(f"cid:{name}", f"data:{media_type};base64,{data}")
        return document


def _text(parts: list[EmailMessage], media_type: str) -> str:
    shown = [part for part in parts if part.get_content_disposition() != "attachment"]
    (found,) = [part for part in shown if part.get_content_type() == media_type]
    payload = found.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode(found.get_content_charset("us-ascii"))
