"""Comparing: two sides of a past case, and what differs between them.

Texts are compared line by line as they are read, whatever the channel lays out of them; within a line word by word.
Amounts are read back from the texts by CLDR's data of the language, as `compose` wrote them. Nothing is laid out here:
pages and segments are given.

How unusual a case is (`Compared.points`, and `rarity_points` once all cases are known), in points that add up:

    rarity      the binary logarithm of all cases that differ by those of its kind: one in two is 1 point, one in
                a thousand 10. A kind is the verdict, the aspects, the places and the reason of silence
    amount      up to 5: 5 times the difference by the greater of both, for the amount that changed most
    pages       2 for each page more or less, at most 6
    incomplete  10: a fact is missing, so that nobody would be told
"""

import difflib
import functools
import itertools
import math
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import TypeVar, assert_never

import babel
from babel import numbers

from signalpost.flow import differences as marking
from signalpost.vocabulary import manuscripts, parties, replays

#: Lines on both sides, multiplied, up to which they are aligned; beyond, they are paired in their order.
ALIGNED_PRODUCT_MAX = 4_000_000
AMOUNT_POINTS = 5.0
PAGE_POINTS = 2.0
PAGES_POINTS_MAX = 6.0
INCOMPLETE_POINTS = 10.0

_T = TypeVar("_T", bound=Hashable)

_Aspect = replays.Aspect
_DIGITS = frozenset("0123456789")
_MINUS = "-\u2212"
#: What may stand between a number and its currency: spaces, and marks of direction.
_BESIDE = " \u00a0\u202f\u2009\u200e\u200f\u061c"


def compare(
    before: replays.Side, after: replays.Side, *, prices: Mapping[parties.ChannelKind, Decimal]
) -> replays.Compared:
    """What a release makes of a case.

    Args:
        before: what was decided and said.
        after: what would be.
        prices: what a page, segment or message costs, by channel; a channel without a price has no cost.
    """
    if not before.is_told and not after.is_told:
        return replays.Compared(verdict=replays.Verdict.SAME, silence=after.silence)
    costs = _cost(before, prices), _cost(after, prices)
    pages = _pages(before), _pages(after)
    if before.manuscript is None or after.manuscript is None:
        return _one_sided(before, after, pages=pages, costs=costs)
    changed = differing(lines(before.manuscript), lines(after.manuscript))
    amount = _greatest(
        amount_changes(changed, before=_locale(before.manuscript), after=_locale(after.manuscript)),
    )
    holds = {
        _Aspect.AMOUNT: amount is not None,
        _Aspect.CHANNEL: before.plan != after.plan or before.channels != after.channels,
        _Aspect.LANGUAGE: before.language != after.language,
        _Aspect.PAGES: None not in pages and pages[0] != pages[1],
        _Aspect.COST: None not in costs and costs[0] != costs[1],
        _Aspect.TEXT: bool(changed),
        _Aspect.LOOK: not changed and not says_the_same(before.manuscript, after.manuscript),
        _Aspect.MOMENT: before.send_at != after.send_at,
    }
    aspects = tuple(aspect for aspect, is_so in holds.items() if is_so)
    verdict = replays.Verdict.DIFFERENT if aspects else replays.Verdict.SAME
    places = tuple(sorted({line.kind for pair in changed for line in pair if line}))
    return replays.Compared(
        verdict=verdict,
        aspects=aspects,
        places=places,
        lines_changed=len(changed),
        amount=amount,
        pages_before=pages[0],
        pages_after=pages[1],
        cost_before=costs[0],
        cost_after=costs[1],
        points=tuple(_points(amount, pages)),
        kind=_kind(verdict, aspects, places, ""),
    )


def _one_sided(
    before: replays.Side,
    after: replays.Side,
    *,
    pages: tuple[int | None, int | None],
    costs: tuple[Decimal | None, Decimal | None],
) -> replays.Compared:
    verdict = replays.Verdict.NEW if after.is_told else replays.Verdict.GONE
    silence = before.silence if after.is_told else after.silence
    is_broken = after.silence == replays.Silence.INCOMPLETE
    aspects = (_Aspect.INCOMPLETE,) if is_broken else ()
    return replays.Compared(
        verdict=verdict,
        aspects=aspects,
        pages_before=pages[0],
        pages_after=pages[1],
        cost_before=costs[0],
        cost_after=costs[1],
        silence=silence,
        points=((INCOMPLETE_POINTS, "a fact that the new text needs is missing"),) if is_broken else (),
        kind=_kind(verdict, aspects, (), silence),
    )


def _kind(verdict: replays.Verdict, aspects: Iterable[_Aspect], places: Iterable[str], silence: str) -> str:
    parts = (verdict.value, "+".join(aspects), "+".join(places), silence)
    return ": ".join(part for part in parts if part)


def _points(amount: replays.AmountChange | None, pages: tuple[int | None, int | None]) -> Iterator[tuple[float, str]]:
    if amount is not None:
        share = _share(amount)
        yield round(AMOUNT_POINTS * share, 2), f"an amount differs by {share:.0%}"
    before, after = pages
    if before is not None and after is not None and before != after:
        yield min(PAGES_POINTS_MAX, PAGE_POINTS * abs(after - before)), f"{after - before:+d} pages"


def rarity_points(count: int, total: int) -> float:
    """The points of a kind of difference that so many cases of all that differ have."""
    return round(math.log2(total / count), 2)


def lines(manuscript: manuscripts.Manuscript) -> tuple[replays.Line, ...]:
    """What a manuscript says, line by line in reading order."""
    words = manuscript.words
    told = (
        ("subject", words.subject),
        ("preheader", words.preheader),
        ("SMS", words.sms),
        ("push title", words.push_title),
        ("push text", words.push_body),
        ("title", manuscript.title),
        ("date", manuscript.dated),
        *(("recipient", line) for line in manuscript.recipient),
        *_said(manuscript.blocks),
    )
    return tuple(replays.Line(kind=kind, text=text) for kind, text in told if text)


def _said(blocks: Iterable[manuscripts.Block]) -> Iterator[tuple[str, str]]:
    for block in blocks:
        yield from _lines_of(block)


def _lines_of(block: manuscripts.Block) -> Iterator[tuple[str, str]]:  # noqa: C901, PLR0912 - one case per kind of block
    match block:
        case manuscripts.Heading():
            yield "heading", _text(block.runs)
        case manuscripts.Paragraph():
            yield "paragraph", _text(block.runs)
        case manuscripts.List():
            yield from (("list item", _text(item)) for item in block.items)
        case manuscripts.Table():
            yield from _table(block)
        case manuscripts.KeyFigures():
            yield from (("key figure", _row((one.label, one.value, one.note))) for one in block.figures)
        case manuscripts.Chart():
            yield "chart", _row((block.title, block.unit, block.alternative))
            yield from (
                ("chart data", _row((one.name, *(value or "" for value in one.values)))) for one in block.series
            )
        case manuscripts.Image():
            yield "image", block.alternative
        case manuscripts.Barcode():
            yield "barcode", _row((block.payload, block.alternative))
        case manuscripts.Callout():
            yield "callout", _row((block.title, _text(block.runs)))
        case manuscripts.Action():
            yield "action", _row((block.label, block.link))
        case manuscripts.ReferenceLines():
            yield from (("reference", _row((one.label, one.value))) for one in block.lines)
        case manuscripts.Signature():
            yield "signature", _row((block.closing, block.name, block.role))
        case manuscripts.Break():
            yield "break", "page break"
        case manuscripts.Attachment():
            yield "attachment", _row((block.title, block.name))
        case manuscripts.Columns():
            for column in block.columns:
                yield from _said(column.blocks)
        case manuscripts.Keep():
            yield from _said(block.blocks)
        case manuscripts.Only():
            channels = " and ".join(block.channels)
            yield from ((f"{kind} on {channels}", text) for kind, text in _said(block.blocks))
        case _:
            assert_never(block)


def _table(table: manuscripts.Table) -> Iterator[tuple[str, str]]:
    yield "table", table.caption
    yield "table heading", _row(column.heading for column in table.columns)
    yield from (("table row", _row(row)) for row in table.rows)
    for group in table.groups:
        yield "table group", group.heading
        yield from (("table subtotal", _row(row)) for row in group.subtotals)
    yield from (("table total", _row(row)) for row in table.totals)


def _text(runs: manuscripts.Runs) -> str:
    return "".join(f"{run.text} ({run.link})" if run.link else run.text for run in runs)


def _row(cells: Iterable[str]) -> str:
    return " | ".join(cell for cell in cells if cell)


def says_the_same(one: manuscripts.Manuscript, other: manuscripts.Manuscript) -> bool:
    """Whether two manuscripts are the same but for their names, and so are laid out alike."""
    return _dressed(one) == _dressed(other)


def _dressed(manuscript: manuscripts.Manuscript) -> manuscripts.Manuscript:
    """A manuscript without what names it: equal for equal words in an equal dress."""
    return manuscripts.Manuscript(
        ref="",
        communication=manuscript.communication,
        template="",
        language=manuscript.language,
        direction=manuscript.direction,
        dated=manuscript.dated,
        title=manuscript.title,
        brand=manuscript.brand,
        recipient=manuscript.recipient,
        blocks=manuscript.blocks,
        words=manuscript.words,
        labels=manuscript.labels,
        layout=manuscript.layout,
    )


_Changed = tuple[replays.Line | None, replays.Line | None]


def differing(before: Sequence[replays.Line], after: Sequence[replays.Line]) -> tuple[_Changed, ...]:
    """The lines that differ, each with the one it was or became; `None` where there is none."""
    return tuple(pair for pair in _aligned(before, after) if pair[0] != pair[1])


def side_by_side(before: Sequence[replays.Line], after: Sequence[replays.Line]) -> tuple[replays.Pair, ...]:
    """All lines of both sides beside each other, with the words marked that differ."""
    return tuple(_pair(was, becomes) for was, becomes in _aligned(before, after))


def _pair(was: replays.Line | None, becomes: replays.Line | None) -> replays.Pair:
    kind = next(line.kind for line in (becomes, was) if line)
    pieces = marking.words(was.text if was else "", becomes.text if becomes else "")
    return replays.Pair(
        kind=kind,
        before=tuple(_stretch(piece) for piece in pieces if piece.mark is not marking.Mark.ADDED),
        after=tuple(_stretch(piece) for piece in pieces if piece.mark is not marking.Mark.REMOVED),
    )


def _stretch(piece: marking.Piece) -> replays.Stretch:
    return replays.Stretch(text=piece.text, is_changed=piece.mark is not marking.Mark.SAME)


def _aligned(before: Sequence[replays.Line], after: Sequence[replays.Line]) -> Iterator[_Changed]:
    """Every line of both sides once, beside the one it was or became: the same line, or one of the same kind."""
    for is_same, left, right in _matched(before, after):
        if is_same:
            yield from zip(left, right, strict=True)
        else:
            yield from _by_kind(left, right)


def _by_kind(left: Sequence[replays.Line], right: Sequence[replays.Line]) -> Iterator[_Changed]:
    """Lines between two that are the same: those of one kind beside each other, the rest alone, in their order."""
    waiting = list(right)
    for line in left:
        place = next((number for number, other in enumerate(waiting) if other.kind == line.kind), None)
        if place is None:
            yield line, None
            continue
        yield from ((None, other) for other in waiting[:place])
        yield line, waiting[place]
        waiting = waiting[place + 1 :]
    yield from ((None, other) for other in waiting)


def _matched(before: Sequence[_T], after: Sequence[_T]) -> Iterator[tuple[bool, Sequence[_T], Sequence[_T]]]:
    """Stretches of two sequences in order: equal ones, and what stands between."""
    if before == after:
        yield True, before, after
        return
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    left, right = before[head : len(before) - tail], after[head : len(after) - tail]
    yield True, before[:head], after[:head]
    if len(left) * len(right) > ALIGNED_PRODUCT_MAX:
        yield False, left, right
    else:
        matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
        for tag, i1, i2, j1, j2 in matcher.get_opcodes():
            yield tag == "equal", left[i1:i2], right[j1:j2]
    yield True, before[len(before) - tail :], after[len(after) - tail :]


def _common(before: Sequence[_T], after: Sequence[_T]) -> int:
    """How many the two have in common from their beginning."""
    pairs = enumerate(zip(before, after, strict=False))
    return next((number for number, (one, other) in pairs if one != other), min(len(before), len(after)))


def _locale(manuscript: manuscripts.Manuscript) -> str:
    """CLDR's locale of a manuscript, in the regional form of its sender's country where there is one."""
    return _known_locale(manuscript.language, manuscript.brand.country)


@functools.lru_cache
def _known_locale(language: str, country: str) -> str:
    wanted = language.replace("-", "_")
    for name in (f"{wanted}_{country}", wanted):
        try:
            return str(babel.Locale.parse(name))
        except (babel.UnknownLocaleError, ValueError):
            continue
    return "en"


class _Symbols:
    """How amounts are written in a locale."""

    def __init__(self, locale: str) -> None:
        parsed = babel.Locale.parse(locale)
        self.point: str = numbers.get_decimal_symbol(parsed)
        # A plain space is none: it stands between words as well.
        self.groups = frozenset({numbers.get_group_symbol(parsed)} - {self.point, " "})
        codes = sorted(numbers.list_currencies())
        self.codes = {code: code for code in codes}
        self.codes |= {numbers.get_currency_symbol(code, parsed): code for code in reversed(codes)}
        #: Longest first: `US$` before `$`.
        self.marks = tuple(sorted(self.codes, key=len, reverse=True))


@functools.lru_cache
def _symbols(locale: str) -> _Symbols:
    return _Symbols(locale)


def amounts(text: str, locale: str) -> tuple[replays.Amount, ...]:
    """The amounts of money in a text: numbers beside the symbol or code of a currency, as the locale writes them."""
    symbols = _symbols(locale)
    found: list[replays.Amount] = []
    start = 0
    while start < len(text):
        end = _number_end(text, start, symbols)
        if end > start and (amount := _amount(text, start, end, symbols)):
            found.append(amount)
        start = max(end, start + 1)
    return tuple(found)


def _number_end(text: str, start: int, symbols: _Symbols) -> int:
    """Where the number ends that begins here; `start` where none does."""
    end = start
    while end < len(text):
        is_between = text[end] == symbols.point or text[end] in symbols.groups
        if text[end] in _DIGITS or (is_between and end > start and text[end + 1 : end + 2] in _DIGITS):
            end += 1
        else:
            break
    return end


def _amount(text: str, start: int, end: int, symbols: _Symbols) -> replays.Amount | None:
    before, after = text[:start].rstrip(_BESIDE), text[end:].lstrip(_BESIDE)
    unsigned = before.rstrip(_MINUS).rstrip(_BESIDE)
    leading = next((mark for mark in symbols.marks if unsigned.endswith(mark)), "")
    mark = leading or next((mark for mark in symbols.marks if after.startswith(mark)), "")
    digits = "".join(character for character in text[start:end] if character not in symbols.groups)
    try:
        value = Decimal(digits.replace(symbols.point, "."))
    except InvalidOperation:
        return None
    if not mark:
        return None
    outside = unsigned.removesuffix(leading).rstrip(_BESIDE)
    is_negative = before != unsigned or (bool(leading) and outside.endswith(tuple(_MINUS)))
    return replays.Amount(value=-value if is_negative else value, currency=symbols.codes[mark])


def amount_changes(changed: Iterable[_Changed], *, before: str, after: str) -> tuple[replays.AmountChange, ...]:
    """The amounts that differ in lines that differ, each beside the one in its place.

    Args:
        changed: as `differing` gives them.
        before: locale of the lines before.
        after: locale of the lines after.
    """
    found: list[replays.AmountChange] = []
    for was, becomes in changed:
        old = amounts(was.text, before) if was else ()
        new = amounts(becomes.text, after) if becomes else ()
        for is_same, left, right in _matched(old, new):
            if not is_same:
                found += (
                    replays.AmountChange(before=one, after=other) for one, other in itertools.zip_longest(left, right)
                )
    return tuple(found)


def _greatest(changes: Iterable[replays.AmountChange]) -> replays.AmountChange | None:
    """The change by the greatest share; of equal ones that of the greatest amount."""
    return max(changes, key=lambda change: (_share(change), _size(change)), default=None)


def _share(change: replays.AmountChange) -> float:
    """How much of the greater amount the difference is, at most 1; 1 for another currency or an amount alone."""
    before, after = change.before, change.after
    if before is None or after is None or before.currency != after.currency:
        return 1.0
    # Both are not zero: they differ.
    return min(1.0, float(abs(after.value - before.value) / _size(change)))


def _size(change: replays.AmountChange) -> Decimal:
    return max(abs(amount.value) for amount in (change.before, change.after) if amount)


def _pages(side: replays.Side) -> int | None:
    return dict(side.units).get(parties.ChannelKind.LETTER)


def _cost(side: replays.Side, prices: Mapping[parties.ChannelKind, Decimal]) -> Decimal | None:
    """What goes out at once costs; `None` where units or a price are not known."""
    units = dict(side.units)
    if any(channel not in units or channel not in prices for channel in side.channels):
        return None
    return sum((prices[channel] * units[channel] for channel in side.channels), start=Decimal(0))
