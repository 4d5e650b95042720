"""What changed between two texts, word by word, and between two outlines, passage by passage.

Pure text: who compares manuscripts, versions of a template or rows of a policy asks here and decides what is compared.
The result says everything that was there and everything that is: nothing is left out as unimportant.
"""

import collections
import difflib
import enum
import itertools
import re
from collections.abc import Iterator, Sequence

from signalpost.vocabulary import records

#: Words of one text that are compared; beyond it the differing stretch is shown as a whole (the comparison is quadratic
#: where everything differs: 3,000 words against 3,000 others take about 2 s).
WORDS_MAX = 3_000
#: Lines of two outlines that are paired by likeness; beyond it they are paired in their order.
PAIRED_MAX = 4_000
#: From this share of words in common two lines are one that changed.
LIKENESS_MIN = 0.4

#: A word, a stretch of space, one sign; each character alone in scripts that write without spaces.
_WORD = re.compile(r"\s+|[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+|[^\w\s]")


#: A place that is a number in a list moves when something comes before it; one that is a name does not.
_NUMBERED = re.compile(r"\[\d+\]")


class Mark(enum.StrEnum):
    """What became of a stretch of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"
    #: Of a whole passage: some of its words.
    CHANGED = "changed"


class Piece(records.Record, frozen=True, kw_only=True):
    """A stretch of text with one mark; never `changed`."""

    mark: Mark
    text: str


class Line(records.Record, frozen=True, kw_only=True):
    """One line of an outline: where it stands, what it is called, what it says."""

    #: As findings and comments name it: `editions[de].body[3].text`.
    place: str
    label: str
    text: str
    #: How deep it stands inside conditions, columns and the like.
    depth: int = 0


class Passage(records.Record, frozen=True, kw_only=True):
    """A line of one version, of the other, or of both."""

    mark: Mark
    #: Place in the later version, for what was removed in the earlier one.
    place: str
    label: str
    depth: int = 0
    pieces: tuple[Piece, ...]


def words(before: str, after: str) -> tuple[Piece, ...]:
    """The words of both texts in reading order, what was removed before what stands in its place."""
    if before == after:
        return (Piece(mark=Mark.SAME, text=before),) if before else ()
    return tuple(_merged(_bridged(_runs(_split(before), _split(after)))))


def passages(before: Sequence[Line], after: Sequence[Line]) -> tuple[Passage, ...]:
    """The lines of both outlines in reading order, those that say nearly the same paired and compared by words."""
    match = difflib.SequenceMatcher(
        None, [(one.label, one.text) for one in before], [(one.label, one.text) for one in after], autojunk=False
    )
    found: list[Passage] = []
    for kind, first, last, begin, end in match.get_opcodes():
        if kind == "equal":
            found += [_kept(line) for line in after[begin:end]]
        else:
            found += _paired(before[first:last], after[begin:end])
    return tuple(found)


def is_changed(found: Sequence[Passage]) -> bool:
    """Whether anything differs."""
    return any(passage.mark is not Mark.SAME for passage in found)


def _split(text: str) -> list[str]:
    return _WORD.findall(text)


def unlike(before: Sequence[str], after: Sequence[str]) -> tuple[frozenset[int], frozenset[int]]:
    """The numbers of the words that only one of both texts has, in the order of both."""
    removed: set[int] = set()
    added: set[int] = set()
    for is_same, old, new in _stretches(before, after):
        if not is_same:
            removed |= set(old)
            added |= set(new)
    return frozenset(removed), frozenset(added)


def _runs(before: list[str], after: list[str]) -> Iterator[Piece]:
    for is_same, old, new in _stretches(before, after):
        removed, added = (_cut(before, old), _cut(after, new))
        if is_same:
            yield Piece(mark=Mark.SAME, text=added)
        else:
            yield Piece(mark=Mark.REMOVED, text=removed)
            yield Piece(mark=Mark.ADDED, text=added)


def _cut(words_of: Sequence[str], where: range) -> str:
    return "".join(words_of[where.start : where.stop])


def _stretches(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[bool, range, range]]:
    """Stretches that both have and that differ, in order; beyond the limit what differs is one stretch."""
    head = _shared(before, after)
    tail = _shared(before[head:][::-1], after[head:][::-1])
    old_end, new_end = len(before) - tail, len(after) - tail
    yield True, range(head), range(head)
    if max(old_end, new_end) - head > WORDS_MAX:
        yield False, range(head, old_end), range(head, new_end)
    else:
        match = difflib.SequenceMatcher(None, before[head:old_end], after[head:new_end], autojunk=False)
        for kind, first, last, begin, end in match.get_opcodes():
            yield kind == "equal", range(head + first, head + last), range(head + begin, head + end)
    yield True, range(old_end, len(before)), range(new_end, len(after))


def _shared(before: Sequence[str], after: Sequence[str]) -> int:
    """How many words both begin with."""
    pairs = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False))
    return sum(1 for _ in pairs)


def _bridged(runs: Iterator[Piece]) -> Iterator[Piece]:
    """A space between two changes belongs to both: a phrase that was exchanged is read as one."""
    given = [run for run in runs if run.text]
    for place, run in enumerate(given):
        is_between = 0 < place < len(given) - 1
        if run.mark is Mark.SAME and run.text.isspace() and is_between:
            yield Piece(mark=Mark.REMOVED, text=run.text)
            yield Piece(mark=Mark.ADDED, text=run.text)
        else:
            yield run


def _merged(runs: Iterator[Piece]) -> Iterator[Piece]:
    """What was removed in one stretch, then what was added in its place."""
    for is_same, group in itertools.groupby(runs, key=lambda run: run.mark is Mark.SAME):
        if is_same:
            yield Piece(mark=Mark.SAME, text="".join(run.text for run in group))
            continue
        texts: dict[Mark, str] = collections.defaultdict(str)
        for run in group:
            texts[run.mark] += run.text
        yield from (Piece(mark=mark, text=texts[mark]) for mark in (Mark.REMOVED, Mark.ADDED) if texts[mark])


def _kept(line: Line) -> Passage:
    return Passage(
        mark=Mark.SAME,
        place=line.place,
        label=line.label,
        depth=line.depth,
        pieces=(Piece(mark=Mark.SAME, text=line.text),),
    )


def _whole(line: Line, mark: Mark) -> Passage:
    return Passage(
        mark=mark, place=line.place, label=line.label, depth=line.depth, pieces=(Piece(mark=mark, text=line.text),)
    )


def _changed(before: Line, after: Line) -> Passage:
    return Passage(
        mark=Mark.CHANGED,
        place=after.place,
        label=after.label,
        depth=after.depth,
        pieces=words(before.text, after.text),
    )


def _paired(before: Sequence[Line], after: Sequence[Line]) -> Iterator[Passage]:
    """Lines that differ: those alike enough as one that changed, the others as removed and added, in their order."""
    at, then = 0, 0
    for old, new in _pairs(before, after):
        yield from (_whole(line, Mark.REMOVED) for line in before[at:old])
        yield from (_whole(line, Mark.ADDED) for line in after[then:new])
        yield _changed(before[old], after[new])
        at, then = old + 1, new + 1
    yield from (_whole(line, Mark.REMOVED) for line in before[at:])
    yield from (_whole(line, Mark.ADDED) for line in after[then:])


def _pairs(before: Sequence[Line], after: Sequence[Line]) -> list[tuple[int, int]]:
    """Which lines belong together: the pairs, in the order of both, whose likeness is greatest altogether."""
    if len(before) * len(after) > PAIRED_MAX:
        numbers = range(min(len(before), len(after)))
        return [(place, place) for place in numbers if _likeness(before[place], after[place]) >= LIKENESS_MIN]
    alike = [[_likeness(old, new) for new in after] for old in before]
    best = [[0.0] * (len(after) + 1) for _ in range(len(before) + 1)]
    for old, new in itertools.product(reversed(range(len(before))), reversed(range(len(after)))):
        likeness = alike[old][new]
        together = best[old + 1][new + 1] + likeness if likeness >= LIKENESS_MIN else 0.0
        best[old][new] = max(best[old + 1][new], best[old][new + 1], together)
    return list(_walked(best))


def _walked(best: list[list[float]]) -> Iterator[tuple[int, int]]:
    old, new = 0, 0
    while best[old][new] > 0:
        if best[old][new] == best[old + 1][new]:
            old += 1
        elif best[old][new] == best[old][new + 1]:
            new += 1
        else:
            yield old, new
            old, new = old + 1, new + 1


def _likeness(before: Line, after: Line) -> float:
    """0 to 2: the share of words both have (Dice), and 1 more for a field of one name, which is itself all the same."""
    if before.label != after.label:
        return 0.0
    is_field = before.place == after.place and not _NUMBERED.search(before.place)
    old, new = collections.Counter(_said(before.text)), collections.Counter(_said(after.text))
    return 2 * (old & new).total() / max(old.total() + new.total(), 1) + is_field


def _said(text: str) -> list[str]:
    return [word for word in _split(text) if not word.isspace()]
