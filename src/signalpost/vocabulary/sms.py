"""SMS text: which alphabet it needs, how many segments it takes, where they are cut, and their bytes.

Engine and channel must agree on the count to the septet, so both ask here. 3GPP TS 23.038 (alphabets), TS 23.040
section 9.2.3.24.1 (concatenation). Text is never changed: a character outside the GSM alphabet makes the whole message
UCS-2, it is not replaced by a similar one.
"""

import enum
import itertools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

from signalpost.vocabulary import records

#: TP-User-Data of one short message, and what is left beside the six octets of a concatenation header.
SINGLE_SEPTETS = 160
SINGLE_CODE_UNITS = 70
PART_SEPTETS = 153
PART_CODE_UNITS = 67
#: The part count of a concatenated message is one octet (TS 23.040, 9.2.3.24.1).
MESSAGE_PARTS = 255

_ESCAPE = 0x1B
#: TS 23.038 section 6.2.1, by septet. 0x1B is the escape to the extension table and no character of its own.
_DEFAULT = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
#: TS 23.038 section 6.2.1.1: each costs two septets, the escape and its own.
_EXTENSION = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}
_SEPTETS: dict[str, bytes] = {
    **{character: bytes((septet,)) for septet, character in enumerate(_DEFAULT) if septet != _ESCAPE},
    **{character: bytes((_ESCAPE, septet)) for septet, character in _EXTENSION.items()},
}
_GSM_ONLY = re.compile(f"[{re.escape(''.join(_SEPTETS))}]*")
_GSM_CLUSTERS = re.compile(r"\r\n|.", re.DOTALL)


class Encoding(enum.StrEnum):
    """The alphabet of a whole message; all its parts share it."""

    #: GSM 7-bit default alphabet with its extension table, SMPP data coding 0.
    GSM7 = "gsm7"
    #: UTF-16BE, SMPP data coding 8.
    UCS2 = "ucs2"


class Segmentation(records.Record, frozen=True, kw_only=True):
    """A text cut into the parts that travel. Joined they are the text again."""

    encoding: Encoding
    #: One part, or several that each leave room for the concatenation header.
    parts: tuple[str, ...]
    #: Length of each part: septets for `gsm7`, UTF-16 code units for `ucs2`.
    lengths: tuple[int, ...]


def segments(text: str) -> Segmentation:
    """Cut `text` into as few parts as can carry it; an empty text is one empty part.

    No part ends inside an escape pair or a surrogate pair, nor inside what a reader sees as one character as long as
    that fits into a part.

    Raises:
        UnicodeEncodeError: the text holds half of a surrogate pair.
    """
    if _GSM_ONLY.fullmatch(text):
        return _cut(Encoding.GSM7, text, single=SINGLE_SEPTETS, part=PART_SEPTETS)
    return _cut(Encoding.UCS2, text, single=SINGLE_CODE_UNITS, part=PART_CODE_UNITS)


def encode_parts(segmentation: Segmentation) -> tuple[bytes, ...]:
    """The octets of each part as SMPP carries them, without the concatenation header.

    `gsm7` is one septet per octet, unpacked, as SMPP 3.4 gateways take data coding 0; `ucs2` is UTF-16BE.
    """
    return tuple(_encode(part, segmentation.encoding) for part in segmentation.parts)


def decode(data: bytes, encoding: Encoding) -> str:
    """Read the octets of a message, ours or a reply: the inverse of `encode_parts`.

    An escape before an unassigned septet gives that septet's default character, a lone or doubled escape a space
    (TS 23.038, 6.2.1 and 6.2.1.1). An octet above 0x7F or half a code unit gives U+FFFD.
    """
    if encoding is Encoding.UCS2:
        return data.decode("utf-16-be", errors="replace")
    characters: list[str] = []
    octets = iter(data)
    for octet in octets:
        if octet == _ESCAPE:
            after = next(octets, _ESCAPE)
            characters.append(_EXTENSION.get(after, " " if after == _ESCAPE else _default(after)))
        else:
            characters.append(_default(octet))
    return "".join(characters)


def _default(octet: int) -> str:
    return _DEFAULT[octet] if octet < len(_DEFAULT) else "\N{REPLACEMENT CHARACTER}"


def _encode(text: str, encoding: Encoding) -> bytes:
    if encoding is Encoding.UCS2:
        return text.encode("utf-16-be")
    return b"".join(_SEPTETS[character] for character in text)


def _cut(encoding: Encoding, text: str, *, single: int, part: int) -> Segmentation:
    def length(piece: str) -> int:
        octets = len(_encode(piece, encoding))
        return octets if encoding is Encoding.GSM7 else octets // 2

    whole = length(text)
    if whole <= single:
        return Segmentation(encoding=encoding, parts=(text,), lengths=(whole,))
    clusters = _GSM_CLUSTERS.findall(text) if encoding is Encoding.GSM7 else _graphemes(text)
    parts = tuple(_pack(clusters, length, limit=part))
    return Segmentation(encoding=encoding, parts=parts, lengths=tuple(map(length, parts)))


def _pack(clusters: Iterable[str], length: Callable[[str], int], *, limit: int) -> Iterator[str]:
    """Fill part after part; a cluster that fits into no part is cut between its code points."""
    part: list[str] = []
    used = 0
    for cluster in clusters:
        for piece in (cluster,) if length(cluster) <= limit else cluster:
            cost = length(piece)
            if used + cost > limit:
                yield "".join(part)
                part, used = [], 0
            part.append(piece)
            used += cost
    yield "".join(part)


_JOINER = "\u200d"
_VIRAMA_CLASS = 9
_REGIONAL = range(0x1F1E6, 0x1F200)
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_TAGS = range(0xE0020, 0xE0080)


def _graphemes(text: str) -> Iterator[str]:
    """Cut after UAX #29, section 3.1.1, except for Prepend: clusters that are never too short, at times too long."""
    cluster = ""
    for character in text:
        if cluster and not _belongs(cluster, character):
            yield cluster
            cluster = ""
        cluster += character
    yield cluster


def _belongs(cluster: str, character: str) -> bool:
    """Whether `character` continues `cluster`."""
    last, code = cluster[-1], ord(character)
    if code in _REGIONAL:
        return len(list(itertools.takewhile(lambda known: ord(known) in _REGIONAL, reversed(cluster)))) % 2 == 1
    return (
        unicodedata.category(character).startswith("M")
        or character in "\u200c\u200d"
        or code in _SKIN_TONES
        or code in _TAGS
        or (last == _JOINER and unicodedata.category(character) == "So")
        or (unicodedata.combining(last) == _VIRAMA_CLASS and unicodedata.category(character) == "Lo")
        or (last == "\r" and character == "\n")
        or _is_syllable(ord(last), code)
    )


def _is_syllable(last: int, code: int) -> bool:
    """Whether two code points stand in one Hangul syllable (UAX #29, GB6 to GB8)."""
    is_vowel, is_final = code in range(0x1160, 0x11A8), code in range(0x11A8, 0x1200)
    if last in range(0x1100, 0x1160):
        return is_vowel or code in range(0x1100, 0x1160) or code in range(0xAC00, 0xD7A4)
    if last in range(0x1160, 0x11A8) or (last in range(0xAC00, 0xD7A4) and (last - 0xAC00) % 28 == 0):
        return is_vowel or is_final
    return is_final and (last in range(0x11A8, 0x1200) or last in range(0xAC00, 0xD7A4))
