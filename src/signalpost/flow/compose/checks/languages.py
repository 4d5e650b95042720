"""Languages against each other: what is said in one and not in another, and bodies that are built differently.

The first language is what the others are held against. A block that is missing is an error, because some recipients
would not be told; another order or another kind of block may be meant and is a warning.
"""

import difflib
from collections.abc import Iterable, Iterator, Sequence

from signalpost.flow.compose.checks import findings, walking
from signalpost.vocabulary import templates

#: Differences of one language that are told; the rest follow from the same causes.
DIFFERENCES_MAX = 10


def check(contents: Sequence[templates.Content]) -> tuple[templates.Finding, ...]:
    """What each further language lacks of the first, and the first of them; places begin with `editions[de]`."""
    if not contents:
        return ()
    first, *others = contents
    return tuple(finding for other in others for finding in _against(first, other))


def _against(first: templates.Content, other: templates.Content) -> Iterator[templates.Finding]:
    yield from _words(first, other)
    yield from _variants(first, other)
    yield from _terms(first, other)
    yield from _bodies(first, other)


def _words(first: templates.Content, other: templates.Content) -> Iterator[templates.Finding]:
    """A text per channel that one has and the other has not."""
    has, lacks = ({one.place for one in walking.words(content, "")} for content in (first, other))
    for place in sorted(has ^ lacks):
        lacking, having = (other, first) if place in has else (first, other)
        message = f"wanted a text, because {having.language} has one, got none"
        yield findings.error(f"editions[{lacking.language}].{place}", message, "translate it")


def _variants(first: templates.Content, other: templates.Content) -> Iterator[templates.Finding]:
    wanted, got = ({variant.condition for variant in content.variants} for content in (first, other))
    for condition in sorted(wanted ^ got):
        lacking, having = (other, first) if condition in wanted else (first, other)
        message = f"wanted the words for {condition!r}, because {having.language} has them, got none"
        yield findings.error(f"editions[{lacking.language}].variants", message, "translate them")


def _terms(first: templates.Content, other: templates.Content) -> Iterator[templates.Finding]:
    wanted, got = ({code for code, _ in content.terms} for content in (first, other))
    for code in sorted(wanted ^ got):
        lacking, having = (other, first) if code in wanted else (first, other)
        message = f"wanted a word for {code!r}, because {having.language} has one, got none"
        yield findings.warning(f"editions[{lacking.language}].terms", message, "add the word, or take the other out")


def _bodies(first: templates.Content, other: templates.Content) -> Iterator[templates.Finding]:
    """Blocks of the one that have no counterpart in the other."""
    ours, theirs = _shape(first.body), _shape(other.body)
    matcher = difflib.SequenceMatcher(a=[kind for _, kind in ours], b=[kind for _, kind in theirs], autojunk=False)
    told = 0
    for tag, start, end, other_start, other_end in matcher.get_opcodes():
        if tag == "equal" or told == DIFFERENCES_MAX:
            continue
        told += 1
        yield _difference(first.language, other.language, ours[start:end], theirs[other_start:other_end])


def _difference(
    language: str, other: str, ours: Sequence[tuple[str, str]], theirs: Sequence[tuple[str, str]]
) -> templates.Finding:
    if not theirs:
        place, kind = ours[0]
        message = f"{other} has no {_named(ours)} where {language} has {_article(kind)} {kind} at {place}"
        return findings.error(f"editions[{other}].body", message, "translate the block")
    place, kind = theirs[0]
    if not ours:
        message = f"{language} has no {_named(theirs)} where {other} has {_article(kind)} {kind} at {place}"
        return findings.error(f"editions[{language}].body", message, "translate the block")
    message = f"built differently: {language} has {_named(ours)}, {other} has {_named(theirs)}"
    return findings.warning(f"editions[{other}].{place}", message, "build both alike, unless it is meant")


def _named(blocks: Iterable[tuple[str, str]]) -> str:
    return ", ".join(kind for _, kind in blocks)


def _article(kind: str) -> str:
    return "an" if kind[0] in "aeio" else "a"


def _shape(body: Sequence[templates.TemplateBlock]) -> list[tuple[str, str]]:
    """Place and kind of each block; conditions count with what they ask."""
    return [(place, _kind(block)) for place, block in walking.blocks(body)]


def _kind(block: templates.TemplateBlock) -> str:
    kind = str(block.__struct_config__.tag).replace("_", " ")
    match block:
        case templates.WhenBlock():
            return f"condition {block.condition!r}"
        case templates.HeadingBlock():
            return f"heading of level {block.level}"
        case templates.ListBlock(each="", items=items):
            return f"list of {len(items)}"
        case templates.TableBlock():
            return f"table of {len(block.columns)} columns"
        case _:
            return kind
