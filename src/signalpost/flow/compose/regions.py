"""Open regions of interactive letters: what an agent may write, and what becomes of it.

What is written is literal: no placeholders, no marks. Paragraphs are separated by an empty line.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from signalpost.flow.compose import texts, values
from signalpost.vocabulary import manuscripts, records, templates

_EMPTY_LINE = re.compile(r"\n[^\S\n]*\n")


class Region(records.Record, frozen=True, kw_only=True):
    """An open region as an agent sees it."""

    name: str
    label: str
    characters_max: int
    #: What stands there by itself, as one would write it.
    text: str


def region(block: templates.OpenBlock, stands: Iterable[manuscripts.Block]) -> Region:
    """A region with what stands there by itself."""
    text = "\n\n".join(part for part in map(_text, manuscripts.walk(stands)) if part)
    return Region(name=block.name, label=block.label, characters_max=block.characters_max, text=text)


def paragraphs(written: str) -> list[manuscripts.Block]:
    """What was written as blocks, none for an empty text."""
    lines = written.replace("\r\n", "\n").replace("\r", "\n")
    told = (" ".join(values.clean(part).split()) for part in _EMPTY_LINE.split(lines))
    return [manuscripts.Paragraph(runs=(manuscripts.Run(text=text),)) for text in told if text]


def faults(known: Mapping[str, templates.OpenBlock], scope: texts.Scope) -> Iterator[str]:
    """What was written and cannot stand."""
    standing = {name for name, _ in scope.regions}
    for name, text in scope.written.items():
        if name not in standing:
            why = "does not stand in this letter" if name in known else "is not a region of this template"
            yield f"open region {name!r}: {why}"
        elif len(text) > known[name].characters_max:
            yield f"open region {name!r}: wanted at most {known[name].characters_max} characters, got {len(text)}"


def _text(block: manuscripts.Block) -> str:
    """What a block says as a paragraph, "" for one that has no text of its own."""
    match block:
        case manuscripts.Paragraph() | manuscripts.Heading() | manuscripts.Callout():
            return _said(block.runs)
        case manuscripts.List():
            return "\n\n".join(map(_said, block.items))
        case _:
            return ""


def _said(runs: manuscripts.Runs) -> str:
    return "".join(run.text for run in runs)
