"""MIME assembled by hand: the finished body, byte for byte the same for the same parts (RFC 2045, 2046, 2387).

The entity starts with its own Content-Type and has no header of the envelope: MIME-Version, From, To, Subject, Date,
Message-ID, List-Unsubscribe and the signature belong to the channel that sends it.
"""

import base64
import binascii
import functools
from collections.abc import Sequence
from itertools import chain, zip_longest

from signalpost.engines.email import attachments, layout, pictures

MEDIA_TYPE = "multipart/alternative"
#: With files beside it.
MIXED = "multipart/mixed"

#: Text whose UTF-8 is longer than its characters by more than this share is shorter in base64.
_EXTENDED_SHARE = 8


def entity(
    key: str, language: str, *, text: str, document: layout.Document, album: Sequence[pictures.Picture]
) -> bytes:
    """A multipart/alternative of plain text and HTML, the HTML with its pictures in a multipart/related.

    Args:
        key: what the boundaries are made of; letters and digits. "=_" makes sure that no encoded line holds them
            (RFC 2045, 6.7).
        language: BCP 47 tag for Content-Language (RFC 3282).
        text: plain text, any line ends.
        document: the HTML, any line ends.
        album: each picture once.
    """
    rich = _html(document)
    if album:
        related = f"=_{key}_related".encode()
        parts = _multipart(related, [rich, *map(_picture, album)])
        rich = b'Content-Type: multipart/related; type="text/html";\r\n boundary="%b"\r\n\r\n%b' % (related, parts)
    alternative = f"=_{key}_alternative".encode()
    return b'Content-Type: multipart/alternative;\r\n boundary="%b"\r\nContent-Language: %b\r\n\r\n%b' % (
        alternative,
        language.encode("ascii"),
        _multipart(alternative, [_text(text), rich]),
    )


def mixed(key: str, message: bytes, files: Sequence[attachments.File]) -> bytes:
    """A multipart/mixed of the message and the files that go with it.

    Args:
        key: as for `entity`.
        message: what `entity` gave.
        files: each once.
    """
    boundary = f"=_{key}_mixed".encode()
    parts = [message, *(b"%b\r\n%b" % (file.head, file.encoded) for file in files)]
    return b'Content-Type: multipart/mixed;\r\n boundary="%b"\r\n\r\n%b' % (boundary, _multipart(boundary, parts))


def _multipart(boundary: bytes, parts: Sequence[bytes]) -> bytes:
    between = b"--%b\r\n" % boundary
    return b"%b%b\r\n--%b--\r\n" % (between, (b"\r\n" + between).join(parts), boundary)


def _text(text: str) -> bytes:
    content = _canonical(text)
    if _is_extended(text):
        return _part("plain", "base64", _in_base64(content))
    return _part("plain", "quoted-printable", _quoted(content))


def _html(document: layout.Document) -> bytes:
    if _is_extended("".join(document.own)):
        return _part("html", "base64", _in_base64(_canonical(document.html())))
    # Each part ends a line, and quoted-printable knows nothing beyond the line.
    own = [_quoted(_canonical(part)) for part in document.own]
    shared = [_quoted_shared(part) for part in document.shared]
    return _part("html", "quoted-printable", b"".join(chain.from_iterable(zip_longest(own, shared, fillvalue=b""))))


def _canonical(text: str) -> bytes:
    """UTF-8 with CRLF at every line's end, the last one's too (RFC 2046, 4.1.1)."""
    return (text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n").replace("\n", "\r\n").encode()


def _is_extended(text: str) -> bool:
    return not text.isascii() and len(text.encode()) - len(text) > len(text) // _EXTENDED_SHARE


def _in_base64(content: bytes) -> bytes:
    return base64.encodebytes(content).replace(b"\n", b"\r\n")


def _quoted(content: bytes) -> bytes:
    # "From " at the start of a line is changed by mail stores of the mbox kind (RFC 2049, section 3).
    return (b"\r\n" + binascii.b2a_qp(content)).replace(b"\r\nFrom ", b"\r\n=46rom ")[2:]


@functools.lru_cache(maxsize=64)
def _quoted_shared(text: str) -> bytes:
    return _quoted(_canonical(text))


def _part(subtype: str, encoding: str, body: bytes) -> bytes:
    head = f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode() + body


def _picture(picture: pictures.Picture) -> bytes:
    name = f"{picture.cid.partition('@')[0]}.{picture.media_type.partition('/')[2]}"
    head = (
        f"Content-Type: {picture.media_type}\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        f"Content-ID: <{picture.cid}>\r\n"
        f'Content-Disposition: inline; filename="{name}"\r\n\r\n'
    )
    return head.encode() + picture.encoded
