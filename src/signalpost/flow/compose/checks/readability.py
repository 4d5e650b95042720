"""How hard a text is to read: Flesch's reading ease in the languages that have a published form of it.

Only running text counts (paragraphs, list items, callouts), and only where there is enough of it. Syllables are counted
as groups of vowels, as the formulas' own tools do.

Sources: Flesch 1948 (English), Amstad 1978 (German), Kandel and Moles 1958 (French), Fernández Huerta 1959 (Spanish),
Vacca and Franchina 1972 (Italian), Douma 1960 (Dutch).
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from signalpost.flow.compose.checks import findings
from signalpost.vocabulary import manuscripts, templates

#: Below this a text is hard for most readers (Flesch: "difficult", 30 to 50).
EASE_MIN = 40.0
#: Fewer words say nothing about a text.
WORDS_MIN = 40
#: A sentence longer than this is named even in an easy text.
SENTENCE_WORDS_MAX = 35
SHOWN_CHARACTERS = 90


class Formula(NamedTuple):
    """Ease = base - sentence * words a sentence - word * syllables a word."""

    base: float
    sentence: float
    word: float


FORMULAS: dict[str, Formula] = {
    "en": Formula(206.835, 1.015, 84.6),
    "de": Formula(180.0, 1.0, 58.5),
    "fr": Formula(207.0, 1.015, 73.6),
    "es": Formula(206.84, 1.02, 60.0),
    "it": Formula(217.0, 1.3, 60.0),
    "nl": Formula(206.84, 0.93, 77.0),
}

_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")  # noqa: RUF001 - the apostrophe of typeset text
_END = re.compile(r"(?<=[.!?…:])\s+(?=[^\W\d_a-zß-ÿ«»\"„“])|\n+")
_VOWELS = re.compile(r"[aeiouyàâäæáãåèéêëìíîïòóôõöœøùúûüýÿ]+", re.IGNORECASE)
#: An e at the end of an English word is not heard, but after l or in "-ed" it mostly is not counted either.
_SILENT = re.compile(r"(?:[^laeiouy]e|[^dt]ed|es)$", re.IGNORECASE)


def check(manuscript: manuscripts.Manuscript) -> tuple[templates.Finding, ...]:
    """A warning for a text that is hard to read, with its hardest sentence, and for a sentence without end."""
    language = manuscript.language.partition("-")[0].lower()
    formula = FORMULAS.get(language)
    sentences = [one for text in running_texts(manuscript.blocks) for one in split(text)]
    if formula is None or not sentences:
        return ()
    found: list[templates.Finding] = []
    counted = [(len(words), sum(syllables(word, language) for word in words)) for _, words in sentences]
    total = sum(words for words, _ in counted)
    score = ease(counted, formula)
    if total >= WORDS_MIN and score < EASE_MIN:
        hardest = min(range(len(counted)), key=lambda number: ease([counted[number]], formula))
        message = f"hard to read: ease {score:.0f}, wanted {EASE_MIN:.0f}; hardest: {_shown(sentences[hardest][0])}"
        found.append(findings.warning("body", message, "write shorter sentences and shorter words"))
    longest = max(range(len(counted)), key=lambda number: counted[number][0])
    if counted[longest][0] > SENTENCE_WORDS_MAX:
        message = f"a sentence of {counted[longest][0]} words: {_shown(sentences[longest][0])}"
        found.append(findings.warning("body", message, "make two sentences of it"))
    return tuple(found)


def ease(sentences: Iterable[tuple[int, int]], formula: Formula) -> float:
    """The reading ease of sentences, each as words and syllables; at least one of them."""
    counted = tuple(sentences)
    words = sum(count for count, _ in counted)
    heard = sum(count for _, count in counted)
    return formula.base - formula.sentence * words / len(counted) - formula.word * heard / words


def split(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The sentences of a text with their words; those without any word are none."""
    for sentence in _END.split(text):
        words = tuple(_WORD.findall(sentence))
        if words:
            yield sentence.strip(), words


def syllables(word: str, language: str) -> int:
    """How many syllables a word has, at least one."""
    groups = len(_VOWELS.findall(word))
    if language == "en" and groups > 1 and _SILENT.search(word):
        groups -= 1
    return max(1, groups)


def running_texts(blocks: Iterable[manuscripts.Block]) -> Iterator[str]:
    """Texts that are read as sentences."""
    for block in manuscripts.walk(blocks):
        match block:
            case manuscripts.Paragraph(runs=runs) | manuscripts.Callout(runs=runs):
                yield _plain(runs)
            case manuscripts.List(items=items):
                yield from map(_plain, items)
            case _:
                pass


def _plain(runs: manuscripts.Runs) -> str:
    return "".join(run.text for run in runs)


def _shown(sentence: str) -> str:
    return repr(sentence if len(sentence) <= SHOWN_CHARACTERS else f"{sentence[:SHOWN_CHARACTERS]}…")
