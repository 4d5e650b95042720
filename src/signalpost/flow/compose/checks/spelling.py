"""Words that a dictionary does not know, in the texts as their author wrote them."""

import re
from collections.abc import Callable, Iterator, Mapping

from signalpost.flow.compose.checks import findings, walking
from signalpost.vocabulary import templates

#: Words of one content that are told.
WORDS_MAX = 25
#: Longer than any word; what is longer is no word, and a dictionary would look at it for long.
WORD_CHARACTERS_MAX = 60

_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{[^{}]*\}")
_ADDRESS = re.compile(r"\]\([^)]*\)|https?://\S+|\S+@\S+|www\.\S+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")  # noqa: RUF001 - the apostrophe of typeset text


def words(content: templates.Content) -> Mapping[str, str]:
    """Every word that is written, with the place where it stands first. Names in capitals and codes are left out."""
    found: dict[str, str] = {}
    for place, text, _ in walking.texts(content):
        for word in _words(text):
            found.setdefault(word, place)
    return found


def _words(text: str) -> Iterator[str]:
    # A placeholder stands for a value: a word that it is part of is nobody's to spell.
    plain = _ADDRESS.sub("] ", _PLACEHOLDER.sub("\x00", text))
    for match in _WORD.finditer(plain):
        before, after = plain[match.start() - 1 : match.start()], plain[match.end() : match.end() + 1]
        word = match.group()
        if "\x00" in before + after or (before + after).strip() in _PARTS_OF_CODES:
            continue
        if 1 < len(word) <= WORD_CHARACTERS_MAX and not word.isupper():
            yield word.replace("’", "'")  # noqa: RUF001 - as dictionaries have it


#: A word beside one of these is part of a number or a name of a file.
_PARTS_OF_CODES = frozenset({"_", "#", "@", "/"})


def check(
    content: templates.Content, *, knows: Callable[[str], bool], also: frozenset[str]
) -> tuple[templates.Finding, ...]:
    """Warnings for words that neither the dictionary nor the further words know.

    Args:
        content: what is checked.
        knows: whether the language's dictionary has a word.
        also: further words, in lower case.
    """
    unknown = [
        (place, word) for word, place in words(content).items() if word.casefold() not in also and not knows(word)
    ]
    return tuple(
        findings.warning(place, f"{word!r} is not in the dictionary", "correct it, or add it to the words known here")
        for place, word in unknown[:WORDS_MAX]
    )
