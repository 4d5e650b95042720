"""The wordings of a shared text: which one stands for whom and when.

The wording for a subdivision (`US-CA`) stands before that for its country (`US`), which covers every subdivision
without one of its own, and that before the one for everywhere. Of several for one jurisdiction the latest to begin
stands, from its first day in the recipient's time zone. Whoever no wording is for gets nothing: a text that the law
demands is never left out in silence.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from signalpost.vocabulary import library, records, templates

#: The facts that choose a wording.
JURISDICTION = "party.facts.jurisdiction"
TODAY = "party.today"

#: ISO 3166-1 alpha-2, or ISO 3166-2.
_JURISDICTION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


class Wording(records.Record, frozen=True, kw_only=True):
    """One wording below the condition that it stands for; "" is always."""

    condition: str
    body: tuple[templates.TemplateBlock, ...]


class Wordings(records.Record, frozen=True, kw_only=True):
    """The wordings of a text in one language in the order in which they are asked."""

    wordings: tuple[Wording, ...] = ()
    #: What is wrong, and what is left open, each with what to do about it.
    flaws: tuple[tuple[str, str], ...] = ()
    gaps: tuple[tuple[str, str], ...] = ()


def in_language(text: library.SharedText, language: str) -> Wordings:
    """The wordings of a shared text in one language, those for fewer people and the later ones first."""
    variants = [variant for variant in text.variants if variant.language == language]
    if not variants:
        message = f"wanted a wording of {text.name!r} in {language!r}, got none"
        return Wordings(flaws=((message, "write the shared text in this language"),))
    flaws = tuple(_flaws(text.name, variants))
    # Twice sorted: the later first, then those for fewer people first.
    latest = sorted(variants, key=lambda variant: variant.effective_from or dt.date.min, reverse=True)
    in_order = sorted(latest, key=lambda variant: (-len(variant.jurisdiction), variant.jurisdiction))
    found = tuple(Wording(condition=condition(variant), body=variant.body) for variant in in_order)
    gaps = () if any(not each.condition for each in found) else (_gap(text.name, in_order),)
    return Wordings(wordings=found, flaws=flaws, gaps=gaps)


def condition(variant: library.TextVariant) -> str:
    """For whom and when a wording stands, as CEL; "" for everybody always."""
    asked: list[str] = []
    place = variant.jurisdiction
    if place:
        inside = f'{JURISDICTION} == "{place}"'
        if "-" not in place:
            inside = f'({inside} || {JURISDICTION}.startsWith("{place}-"))'
        asked.append(f"has({JURISDICTION}) && {inside}")
    if variant.effective_from:
        asked.append(f'{TODAY} >= "{variant.effective_from.isoformat()}"')
    if variant.effective_to:
        asked.append(f'{TODAY} < "{variant.effective_to.isoformat()}"')
    return " && ".join(asked)


def chained(given: Sequence[Wording], *, name: str) -> tuple[templates.TemplateBlock, ...]:
    """The wordings of a text as blocks: the first whose condition holds stands, and there is no message without one."""
    blocks: tuple[templates.TemplateBlock, ...] | None = None
    for wording in reversed(given):
        if not wording.condition:
            blocks = wording.body
        elif blocks is None:
            lacking = f"no wording of the shared text {name!r} is for them"
            blocks = (templates.WhenBlock(condition=wording.condition, then=wording.body, lacking=lacking),)
        else:
            blocks = (templates.WhenBlock(condition=wording.condition, then=wording.body, otherwise=blocks),)
    return blocks or ()


def _flaws(name: str, variants: Sequence[library.TextVariant]) -> Iterator[tuple[str, str]]:
    begun: set[tuple[str, dt.date | None]] = set()
    for variant in variants:
        where = variant.jurisdiction
        if where and not _JURISDICTION.fullmatch(where):
            message = f"jurisdiction of {name!r}: wanted a code of ISO 3166 such as DE or US-CA, got {where!r}"
            yield message, "choose the country or its part"
        starts, ends = variant.effective_from, variant.effective_to
        if starts and ends and ends <= starts:
            yield f"dates of {name!r}: wanted an end after {starts}, got {ends}", "correct the dates"
        if (where, starts) in begun:
            since = f"from {starts}" if starts else "from the beginning"
            message = f"wordings of {name!r}: wanted one for {where or 'everywhere'} {since}, got two"
            yield message, "take one of them out, or give it another first day"
        begun.add((where, starts))


def _gap(name: str, variants: Sequence[library.TextVariant]) -> tuple[str, str]:
    known = ", ".join(sorted({variant.jurisdiction or "everywhere for a time" for variant in variants}))
    return (
        f"shared text {name!r} has a wording for {known} only: whoever is elsewhere gets no message",
        "write one for everywhere, empty where nothing has to be said",
    )
