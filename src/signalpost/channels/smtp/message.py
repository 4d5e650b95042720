"""From a delivery to the bytes on the wire: recipient address, envelope headers, the engine's MIME entity behind them.

Headers are written by hand because the standard library's generator costs about thirty times as much; the tests hold
every result against its parser. Text from outside goes into a header in three ways only: a checked address, a checked
URI, or encoded text without control characters. So no header can be added, ended or continued by what a name says.
"""

import base64
import datetime as dt
import email.utils
import re

import idna

from signalpost.vocabulary import deliveries, records

#: RFC 5321, 4.5.3.1 with erratum 1690 of RFC 3696: a path holds 256 octets, two of them the angle brackets.
ADDRESS_LIMIT_OCTETS = 254
LOCAL_LIMIT_OCTETS = 64
#: RFC 5322, 2.1.1, without the line end.
LINE_LIMIT_CHARACTERS = 78
#: A line with encoded words is shorter still, and each has 12 characters around its base64 (RFC 2047, 2).
_WORD_LINE_CHARACTERS = 76
_WORD_FRAME_CHARACTERS = 12
#: A URI that does not fit into a line of 998 octets with its header is left out (RFC 5322, 2.1.1).
URI_LIMIT_CHARACTERS = 900

_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-\u00a1-\U0010ffff]"
_LOCAL = re.compile(rf'{_ATEXT}+(\.{_ATEXT}+)*|"([ !#-\[\]-~\u00a1-\U0010ffff]|\\[ -~])+"')
_ASCII_DOMAIN = re.compile(
    r"(?!.{254})([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE
)
_PLAIN_TEXT = re.compile(r"[!-~]+( [!-~]+)*")
_HTTP_URI = re.compile(r"https?://[!#-;=?-\[\]_a-z~]+", re.IGNORECASE)
#: Controls, line and paragraph separators become a space; direction marks and zero-width joints of lines vanish.
_BREAKING = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_INVISIBLE = re.compile(r"[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


class Mailbox(records.Record, frozen=True, kw_only=True):
    """A checked e-mail address: local part as given, domain in ASCII."""

    local: str
    domain: str

    @property
    def address(self) -> str:
        """As it goes into the envelope."""
        return f"{self.local}@{self.domain}"

    @property
    def needs_utf8(self) -> bool:
        """Whether only a server with SMTPUTF8 (RFC 6531) can take it."""
        return not self.local.isascii()


class Unaddressable(records.Record, frozen=True, kw_only=True):
    """Why a text is no e-mail address."""

    detail: str


class Envelope(records.Record, frozen=True, kw_only=True):
    """What all messages of a channel have in common."""

    sender: Mailbox
    #: Display name unless the delivery brings a `from_name`.
    sender_name: str = ""


def mailbox(text: str) -> Mailbox | Unaddressable:
    """Check an e-mail address (RFC 5321, 4.1.2; RFC 6531, 3.3) and put its domain into ASCII (IDNA 2008)."""
    local, at, domain = text.rpartition("@")
    if not at or not local or not domain:
        return Unaddressable(detail="wanted one local part, an @ and a domain")
    if not text.isprintable() or not _LOCAL.fullmatch(local):
        return Unaddressable(detail="the local part has characters that no e-mail address has")
    ascii_domain = _ascii(domain)
    if not ascii_domain:
        return Unaddressable(detail="the domain is not a valid host name")
    if len(local.encode()) > LOCAL_LIMIT_OCTETS or len(local.encode()) + 1 + len(ascii_domain) > ADDRESS_LIMIT_OCTETS:
        return Unaddressable(
            detail=f"longer than {LOCAL_LIMIT_OCTETS} octets before the @ or {ADDRESS_LIMIT_OCTETS} in all"
        )
    return Mailbox(local=local, domain=ascii_domain)


def headers(
    outgoing: deliveries.Outgoing,
    envelope: Envelope,
    *,
    recipient: Mailbox,
    token: str,
    unsubscribe: str,
    at: dt.datetime,
) -> bytes:
    """Write the envelope headers, which the engine's entity with its own `Content-Type` is put behind.

    Args:
        outgoing: Its `headers` may hold `subject`, `to_name`, `from_name` and `unsubscribe_link`; others are not
            for the envelope.
        envelope: The sender.
        recipient: The checked address.
        token: The signed reference; makes the Message-ID, so every attempt at one delivery has the same.
        unsubscribe: Our own address for unsubscribing by mail.
        at: Moment of sending, for the Date.
    """
    words = dict(outgoing.headers)
    lines = [
        f"From: {address_header(words.get('from_name') or envelope.sender_name, envelope.sender, used=len('From: '))}",
        f"To: {address_header(words.get('to_name', ''), recipient, used=len('To: '))}",
        f"Subject: {text_header(words.get('subject', ''), used=len('Subject: '))}",
        f"Date: {email.utils.format_datetime(at)}",
        f"Message-ID: <{token}@{envelope.sender.domain}>",
        "MIME-Version: 1.0",
        "Auto-Submitted: auto-generated",
    ]
    if outgoing.has_unsubscribe:
        lines.extend(_unsubscribe_lines(words.get("unsubscribe_link", ""), unsubscribe))
    lines.append("")
    return "\r\n".join(lines).encode()


def entity(content: bytes) -> bytes:
    """Give the engine's entity with every line ended by CRLF, also the last.

    A bare CR or LF is how one message is smuggled behind another (the two sides see different ends of data).
    """
    ends = content.count(b"\r\n")
    if content.count(b"\n") != ends or content.count(b"\r") != ends:
        content = re.sub(rb"\r\n|\r|\n", b"\r\n", content)
    return content if content.endswith(b"\r\n") else content + b"\r\n"


def stuffed(content: bytes) -> bytes:
    """Double the dot at the start of a line (RFC 5321, 4.5.2)."""
    content = content.replace(b"\r\n.", b"\r\n..")
    return b"." + content if content.startswith(b".") else content


def address_header(name: str, box: Mailbox, *, used: int) -> str:
    """Write a mailbox with its display name (RFC 5322, 3.4), folded; `used` as in `text_header`."""
    name = _one_line(name)
    if not name:
        return box.address
    if _PLAIN_TEXT.fullmatch(name) and "=?" not in name and len(name) < LINE_LIMIT_CHARACTERS // 2:
        phrase = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    else:
        phrase = _encoded(name, used=used)
    return f"{phrase}\r\n <{box.address}>"


def text_header(text: str, *, used: int) -> str:
    """Write an unstructured header's text: as it is where that is safe and short, else as encoded words (RFC 2047).

    Args:
        text: Any text; control characters become spaces, direction marks vanish.
        used: Characters of the header's name on the first line.
    """
    text = _one_line(text)
    if not text:
        return ""
    if _PLAIN_TEXT.fullmatch(text) and "=?" not in text and len(text) + used <= LINE_LIMIT_CHARACTERS:
        return text
    return _encoded(text, used=used)


def _one_line(text: str) -> str:
    return _BREAKING.sub(" ", _INVISIBLE.sub("", text)).strip()


def _encoded(text: str, *, used: int) -> str:
    """Write encoded words, one per line, cut between characters (RFC 2047, 5)."""
    octets = text.encode()
    words: list[str] = []
    start = 0
    while start < len(octets):
        room = _WORD_LINE_CHARACTERS - _WORD_FRAME_CHARACTERS - (1 if words else used)
        end = min(start + room // 4 * 3, len(octets))
        while end < len(octets) and octets[end] & 0xC0 == 0x80:  # noqa: PLR2004 (a UTF-8 continuation octet, RFC 3629, 3)
            end -= 1
        words.append(f"=?utf-8?b?{base64.b64encode(octets[start:end]).decode()}?=")
        start = end
    return "\r\n ".join(words)


def _unsubscribe_lines(link: str, address: str) -> list[str]:
    is_usable = len(link) <= URI_LIMIT_CHARACTERS and _HTTP_URI.fullmatch(link) is not None
    mail = f"<mailto:{address}?subject=unsubscribe>"
    if not is_usable:
        return [f"List-Unsubscribe: {mail}"]
    lines = [f"List-Unsubscribe: <{link}>,\r\n {mail}"]
    if link.lower().startswith("https:"):
        # RFC 8058, 3.1: one click needs an https URI.
        lines.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
    return lines


def _ascii(domain: str) -> str:
    if domain.isascii():
        return domain.lower() if _ASCII_DOMAIN.fullmatch(domain) else ""
    try:
        encoded = idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        return ""
    return encoded if _ASCII_DOMAIN.fullmatch(encoded) else ""
