"""A mail that came in, taken apart so far as its meaning needs it, whatever it is made of.

The standard library parses; this module keeps its surprises (charsets it does not know, parts nested without end,
header objects) away from the readers. It never looks into an attached message: what a person forwards is no report.
"""

import datetime as dt
import email.errors
import email.header
import email.message
import email.parser
import email.policy
import email.utils
import html.parser
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, cast

#: What is read of one mail; reports stand at its front, and the returned content behind does not matter.
SIZE_LIMIT_BYTES = 262_144
#: What is read of one part.
TEXT_LIMIT_BYTES = 65_536
#: Words that may open a nested part; each line is held against all that are open, 0.5 µs each. Honest mails have ten.
NESTING_LIMIT = 40
#: A longer Content-Type is made to be slow: the standard library reads parameters in time by the square of their
#: length, 13 s for 130 kB.
CONTENT_TYPE_LIMIT_BYTES = 2000
#: A header is decoded so far.
WORDS_LIMIT_CHARACTERS = 1000
#: Parts looked at in one mail.
PART_LIMIT = 100

#: Charsets that text is decoded with; by another name it is read as Latin-1, which never fails.
_CHARSET = re.compile(
    r"utf-?8|us-ascii|iso-8859-\d{1,2}|windows-125\d|cp125\d|iso-2022-jp|shift_jis|euc-(jp|kr)|gb2312|gbk|gb18030|big5"
    r"|koi8-[ru]"
)
_CONTENT_TYPE = re.compile(rb"^content-type[ \t]*:.*(?:\n[ \t].*)*", re.MULTILINE)
_SYSTEM = re.compile(r"\b(mailer-daemon|postmaster)\b", re.IGNORECASE)
_FIELD = re.compile(r"^([!-9;-~]+):[ \t]*(.*(?:\r?\n[ \t]+\S.*)*)", re.MULTILINE)

if TYPE_CHECKING:
    _Message: TypeAlias = email.message.Message[str, str]

#: One group of `Name: value` lines; names in lower case, of repeated ones the first.
Fields = dict[str, str]


class Part(NamedTuple):
    """A part of a mail that is not itself a multipart."""

    media_type: str
    message: "_Message"

    @property
    def text(self) -> str:
        """The content of a text part, with plain line feeds."""
        # Not a list: only multiparts and attached messages have parts, and they are no text.
        payload = cast("bytes", self.message.get_payload(decode=True))
        declared = (self.message.get_content_charset() or "").lower()
        charset = declared if _CHARSET.fullmatch(declared) else "latin-1"
        text = payload[:TEXT_LIMIT_BYTES].decode(charset, "replace")
        return text.replace("\r\n", "\n").replace("\r", "\n")


class Mail(NamedTuple):
    """A mail as the readers see it."""

    #: All of it, read as Latin-1, for finding signed words wherever they stand.
    raw: str
    message: "_Message"
    parts: Sequence[Part]

    def header(self, name: str) -> str:
        """Give all values of a header, one per line, folds undone; "" where there is none."""
        return "\n".join(_unfolded(value) for value in self.message.get_all(name, []))

    def words(self, name: str) -> str:
        """Give a header as people read it: encoded words (RFC 2047) decoded, as they stand where that fails."""
        text = self.header(name)[:WORDS_LIMIT_CHARACTERS]
        try:
            return _unfolded(email.header.make_header(email.header.decode_header(text))) or text
        except (email.errors.HeaderParseError, LookupError, ValueError):
            return text

    def part(self, *media_types: str) -> Part | None:
        """Give the first part of one of these types."""
        return next((part for part in self.parts if part.media_type in media_types), None)

    @property
    def text(self) -> str:
        """What a person reads first: the first plain text, else the text of the first HTML."""
        if (plain := self.part("text/plain")) is not None:
            return plain.text
        return _text_of_html(page.text) if (page := self.part("text/html")) is not None else ""

    @property
    def is_from_system(self) -> bool:
        """Whether a mail system and no person wrote it: null return path (RFC 5321, 4.5.5) or its usual names."""
        return self.header("return-path") == "<>" or self.is_named_system

    @property
    def is_named_system(self) -> bool:
        """Whether it says itself that a mail system wrote it."""
        return bool(_SYSTEM.search(self.header("from")))

    def date(self, now: dt.datetime) -> dt.datetime:
        """When it was written, UTC; `now` where it does not say or claims the future."""
        try:
            written = email.utils.parsedate_to_datetime(self.header("date"))
            # "-0000" gives a naive time that means UTC (RFC 5322, 3.3).
            aware = written if written.tzinfo else written.replace(tzinfo=dt.UTC)
            return min(aware.astimezone(dt.UTC), now)
        except (ValueError, OverflowError):
            return now


def parse(raw: bytes) -> Mail | None:
    """Take a mail apart; None when it has no headers, or is made so that reading it takes long."""
    raw = raw[:SIZE_LIMIT_BYTES]
    if _is_made_to_be_slow(raw):
        return None
    try:
        message = email.parser.BytesParser(policy=email.policy.compat32).parsebytes(raw)
        if not message.keys():
            return None
        return Mail(raw=raw.decode("latin-1"), message=message, parts=tuple(_parts(message)))
    except RecursionError:
        return None


def groups(part: Part) -> list[Fields]:
    """Give the groups of fields of a report part (RFC 3464, 2.1), whose groups blank lines keep apart."""
    blocks = _children(part.message)
    found = [{name.lower(): _unfolded(value) for name, value in reversed(block.items())} for block in blocks]
    # Of a message/global-delivery-status (RFC 6533) the parser sees the first group as headers, the rest as content.
    rest = [str(block.get_payload()) for block in blocks if not block.is_multipart()]
    return [*found, *(group for text in rest for group in fields(text))]


def fields(text: str) -> list[Fields]:
    """Give the groups of `Name: value` lines that blank lines keep apart; other text is passed over."""
    found = [
        {name.lower(): _unfolded(value) for name, value in reversed(_FIELD.findall(paragraph))}
        for paragraph in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n"))
    ]
    return [group for group in found if group]


def _is_made_to_be_slow(raw: bytes) -> bool:
    lower = raw.lower().replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return lower.count(b"boundary") + lower.count(b"message/rfc822") > NESTING_LIMIT or any(
        len(found[0]) > CONTENT_TYPE_LIMIT_BYTES for found in _CONTENT_TYPE.finditer(lower)
    )


def _unfolded(value: object) -> str:
    return " ".join(str(value).split())


def _children(message: "_Message") -> "list[_Message]":
    return cast("list[_Message]", message.get_payload()) if message.is_multipart() else []


def _parts(message: "_Message") -> Iterator[Part]:
    """Give the parts in order, without entering attached messages."""
    waiting = [message]
    seen = 0
    while waiting and seen < PART_LIMIT:
        part = waiting.pop(0)
        seen += 1
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting[:0] = _children(part)
        else:
            yield Part(part.get_content_type(), part)


class _Stripper(html.parser.HTMLParser):
    """Collects the text between tags."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Hide style and script; break lines at blocks."""
        del attrs
        if tag in {"style", "script", "head"}:
            self._hidden += 1
        elif tag in {"br", "p", "div", "blockquote", "li", "tr"}:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Show again."""
        if tag in {"style", "script", "head"} and self._hidden:
            self._hidden -= 1

    def handle_data(self, data: str) -> None:
        """Keep what is seen."""
        if not self._hidden:
            self.pieces.append(data)


def _text_of_html(page: str) -> str:
    stripper = _Stripper()
    stripper.feed(page)
    return "".join(stripper.pieces)
