"""What happens to a text between the manuscript and the page: nothing a reader can see.

Control of the writing direction is taken out, line ends become one kind, and a word wider than its column gets
invisible places to break (U+200B), so that nothing runs off the page.
"""

import re
import unicodedata
from collections.abc import Iterator

from signalpost.engines.pdf import glyphs, sheets
from signalpost.vocabulary import links

PT_PER_MM = 72 / 25.4
#: Kerning and rounding of the layout engine stay below this share.
SLACK = 0.985

_BREAK = "\N{ZERO WIDTH SPACE}"
_LTR = "\N{LEFT-TO-RIGHT MARK}"

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
#: Embeddings, overrides, isolates, the byte order mark, and the soft hyphen (letters are not hyphenated).
_REMOVED = re.compile("[\u00ad\u202a-\u202e\u2066-\u2069\ufeff]")
_SPECIAL = re.compile("[\t\r\v\f\x1c-\x1e\x85\u00ad\u2028-\u202e\u2066-\u2069\ufeff]")
#: What may stand on a line of its own: a word with the spaces behind it, or up to a place to break.
_PIECE = re.compile(f"[^ {_BREAK}]*(?: +|{_BREAK}|$)")
_WORD = re.compile(r"\S+")


def clean(text: str) -> str:
    """The text without invisible control of direction, with line feeds as the only line ends."""
    if not _SPECIAL.search(text):
        return text
    return _REMOVED.sub("", _LINE_ENDS.sub("\n", text)).replace("\t", " ")


def steady(text: str) -> str:
    """A text without right-to-left letters, marked so that it keeps its order inside a right-to-left line.

    "4711 0815" would come out as "0815 4711" (Unicode Standard Annex 9, rules W7 and N1).
    """
    kinds = {unicodedata.bidirectional(character) for character in text}
    if kinds & {"R", "AL", "AN"} or not kinds & {"L", "EN"}:
        return text
    return f"{_LTR}{text}{_LTR}"


class Fitter:
    """Knows how wide a text is at most, and breaks words that are wider than their column."""

    def __init__(self, coverage: glyphs.Coverage) -> None:
        self._coverage = coverage

    def is_single(self, text: str, *, width_mm: float, size_pt: float) -> bool:
        """Whether the text certainly stands on one line of this width at this size, even in bold."""
        return "\n" not in text and self._coverage.width(text) <= _room(width_mm, size_pt)

    def lines_at_most(self, text: str, *, width_mm: float, size_pt: float) -> int:
        """How many lines the text may take: no line but the last stays half empty, save for a word longer than that."""
        return sum(1 + int(2 * self._coverage.width(line) / _room(width_mm, size_pt)) for line in text.split("\n"))

    def fit(self, text: str, *, width_mm: float, size_pt: float) -> str:
        """The text with places to break in every word that is wider than this at this size in bold."""
        room = _room(width_mm, size_pt)
        if self._coverage.width(text) <= room:
            return text
        return _WORD.sub(lambda found: self._word(found[0], room), text)

    def broken(self, text: str, *, width_mm: float, size_pt: float) -> str:
        """A fitted text in lines that are certainly not wider than this at this size in bold."""
        room = _room(width_mm, size_pt)
        return "\n".join(line for given in text.split("\n") for line in self._lines(given, room))

    def _lines(self, text: str, room: float) -> Iterator[str]:
        line, taken = "", 0
        for piece in _PIECE.findall(text):
            width = self._coverage.width(piece.rstrip(" "))
            if line and taken + width > room:
                yield line.rstrip(" ")
                line, taken = "", 0
            line += piece
            taken += self._coverage.width(piece)
        yield line.rstrip(" ")

    def _word(self, word: str, room: float) -> str:
        if self._coverage.width(word) <= room:
            return word
        pieces, start, taken = list[str](), 0, 0
        for index, character in enumerate(word):
            width = self._coverage.width(character)
            if taken + width > room and index > start and not _is_joined(word, index):
                pieces.append(word[start:index])
                start, taken = index, 0
            taken += width
        return _BREAK.join([*pieces, word[start:]])


def _room(width_mm: float, size_pt: float) -> float:
    """The width in thousandths of the type size."""
    return width_mm * PT_PER_MM / size_pt * glyphs.EM * SLACK


def _is_joined(word: str, index: int) -> bool:
    """Whether the character stays with the one before it."""
    return unicodedata.category(word[index]) in {"Mn", "Me", "Mc", "Cf"} or word[index - 1] == "\N{ZERO WIDTH JOINER}"


def is_figure(word: str) -> bool:
    """Whether the word is a number as one writes it: digits and signs, no letter."""
    return any(character.isdigit() for character in word) and not any(character.isalpha() for character in word)


def is_link(link: str) -> bool:
    """Whether it is an https, mailto or tel address."""
    return links.is_allowed(link)


def printed(link: str) -> str:
    """The address as a reader types or dials it."""
    return re.sub(r"^(https?://|mailto:|tel:)", "", link).removesuffix("/")


def shows(text: str, link: str) -> bool:
    """Whether the text of a link already says its address."""
    address = printed(link)
    if link.startswith("tel:"):
        return re.sub(r"\D", "", address) == re.sub(r"\D", "", text)
    return printed(text.strip()).lower() == address.lower()


def page_label(label: str) -> sheets.PageLabel | None:
    """The texts around the numbers of `Page {page} of {pages}`; None unless each placeholder stands there once."""
    parts = re.split(r"(\{page\}|\{pages\})", label)
    found = parts[1::2]
    if len(found) != 2 or set(found) != {"{page}", "{pages}"}:  # noqa: PLR2004 -- each once
        return None
    first, between, last = parts[0::2]
    return sheets.PageLabel(first=first, between=between, last=last, is_total_first=found[0] == "{pages}")
