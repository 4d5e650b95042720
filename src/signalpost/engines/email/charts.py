"""Charts of plain table cells, because no mail client can be relied on for SVG.

Bars lie beside their numbers in a data table; lines and long series stand as strips of columns. Numbers are written as
the manuscript's language writes them.
"""

import decimal
import functools
from collections.abc import Iterable, Sequence

import babel
import msgspec
from babel import numbers

from signalpost.vocabulary import manuscripts

#: A horizontal bar needs a row and a column for its number; beyond these a chart is drawn as strips.
BAR_ROWS = 16
BAR_SERIES = 3
#: At 375 px a column of a strip is then 3.5 px wide.
STRIP_COLUMNS = 96
STRIP_LABELS = 12
STRIP_HEIGHT_PX = 72

#: Bars of the first, second and third series: told apart by thickness as well as by colour (WCAG 2.2, 1.4.1).
_BAR_HEIGHTS_PX = (12, 7, 4)
_SERIES_MARKS = ("first", "second", "third")


class SeriesHead(msgspec.Struct, frozen=True, kw_only=True):
    """Name and mark of a series."""

    name: str
    #: `first`, `second`, `third`: what its colours are called in the style sheet.
    mark: str
    colour: str


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """One bar: its length in percent of the longest, its number; hollow below zero."""

    percent: int
    height: int
    value: str
    is_hollow: bool
    mark: str
    colour: str


class BarRow(msgspec.Struct, frozen=True, kw_only=True):
    """The bars of one category, one per series."""

    category: str
    bars: tuple[Bar, ...]


class Bars(msgspec.Struct, frozen=True, kw_only=True, tag="bars"):
    """A chart as a data table whose second column is drawn."""

    title: str
    unit: str
    alternative: str
    series: tuple[SeriesHead, ...]
    rows: tuple[BarRow, ...]


class Strip(msgspec.Struct, frozen=True, kw_only=True):
    """One series as upright columns; `below` is empty when no value is negative. Heights in pixels, 0 draws nothing."""

    name: str
    mark: str
    colour: str
    #: Lowest and highest value, written out.
    range: str
    above: tuple[int, ...]
    above_height: int
    below: tuple[int, ...]
    below_height: int


class Strips(msgspec.Struct, frozen=True, kw_only=True, tag="strips"):
    """A chart as one strip per series over common labels."""

    title: str
    unit: str
    alternative: str
    series: tuple[Strip, ...]
    #: Width of a column in percent of its place.
    fill: int
    labels: tuple[str, ...]
    label_aligns: tuple[str, ...]


def drawn(
    chart: manuscripts.Chart, language: str, *, colours: Sequence[str], direction: manuscripts.Direction
) -> Bars | Strips | None:
    """The chart in cells; `None` for one with more than can be told apart, or nothing to draw."""
    if len(chart.series) > BAR_SERIES or len(chart.categories) > STRIP_COLUMNS or not chart.categories:
        return None
    heads = tuple(
        SeriesHead(name=one.name, mark=mark, colour=colour)
        for one, mark, colour in zip(chart.series, _SERIES_MARKS, colours, strict=False)
    )
    longest = max((abs(value) for one in chart.series for value in _decimals(one.values)), default=decimal.Decimal(0))
    if chart.kind is not manuscripts.ChartKind.LINE and len(chart.categories) <= BAR_ROWS:
        return _bars(chart, language, heads, longest)
    return _strips(chart, language, heads, longest, direction=direction)


def table_of(chart: manuscripts.Chart, language: str) -> manuscripts.Table:
    """A chart's data as a table: a row per category, a column per series."""
    return manuscripts.Table(
        caption=f"{chart.title} ({chart.unit})" if chart.unit else chart.title,
        columns=(
            manuscripts.Column(heading=""),
            *(manuscripts.Column(heading=one.name, align=manuscripts.Alignment.END) for one in chart.series),
        ),
        rows=tuple(
            (category, *(written(one.values[index], language) for one in chart.series))
            for index, category in enumerate(chart.categories)
        ),
    )


def written(value: str | None, language: str) -> str:
    """A chart's decimal as `language` writes it, unrounded, with a true minus sign; a dash for a gap."""
    if value is None:
        return "\N{EN DASH}"
    return _number(decimal.Decimal(value), language)


@functools.lru_cache(maxsize=4096)
def _number(value: decimal.Decimal, language: str) -> str:
    text = numbers.format_decimal(value, locale=_locale(language), decimal_quantization=False)
    return text.replace("-", "\N{MINUS SIGN}")


@functools.lru_cache(maxsize=256)
def _locale(language: str) -> babel.Locale:
    """The locale of a tag, of its language alone, or English where neither is known, as in the letter."""
    for tag in (language, language.partition("-")[0]):
        try:
            return babel.Locale.parse(tag, sep="-")
        except (babel.UnknownLocaleError, ValueError):
            continue
    return babel.Locale("en")


def _bars(
    chart: manuscripts.Chart,
    language: str,
    heads: Sequence[SeriesHead],
    longest: decimal.Decimal,
) -> Bars:
    def bar(value: str | None, head: SeriesHead, height: int) -> Bar:
        return Bar(
            percent=_share(value, longest, 100),
            height=height,
            value=written(value, language),
            is_hollow=decimal.Decimal(value or 0) < 0,
            mark=head.mark,
            colour=head.colour,
        )

    return Bars(
        title=chart.title,
        unit=chart.unit,
        alternative=chart.alternative,
        series=tuple(heads),
        rows=tuple(
            BarRow(
                category=category,
                bars=tuple(
                    bar(one.values[index], head, height)
                    for one, head, height in zip(chart.series, heads, _BAR_HEIGHTS_PX, strict=False)
                ),
            )
            for index, category in enumerate(chart.categories)
        ),
    )


def _strips(
    chart: manuscripts.Chart,
    language: str,
    heads: Sequence[SeriesHead],
    longest: decimal.Decimal,
    *,
    direction: manuscripts.Direction,
) -> Strips:
    labels, aligns = chart.categories, ("center",) * len(chart.categories)
    if len(labels) > STRIP_LABELS:
        labels = (labels[0], labels[-1])
        aligns = ("left", "right") if direction is manuscripts.Direction.LTR else ("right", "left")
    return Strips(
        title=chart.title,
        unit=chart.unit,
        alternative=chart.alternative,
        series=tuple(_strip(one, head, longest, language) for one, head in zip(chart.series, heads, strict=True)),
        fill=60 if labels is chart.categories else 100,
        labels=labels,
        label_aligns=aligns,
    )


def _strip(series: manuscripts.Series, head: SeriesHead, longest: decimal.Decimal, language: str) -> Strip:
    heights = [_share(value, longest, STRIP_HEIGHT_PX) for value in series.values]
    are_below = [value is not None and decimal.Decimal(value) < 0 for value in series.values]
    above = tuple(0 if is_below else height for height, is_below in zip(heights, are_below, strict=True))
    below = tuple(height if is_below else 0 for height, is_below in zip(heights, are_below, strict=True))
    known = [value for value in series.values if value is not None]
    ends = (min(known, key=decimal.Decimal), max(known, key=decimal.Decimal)) if known else ()
    return Strip(
        name=series.name,
        mark=head.mark,
        colour=head.colour,
        range=" … ".join(written(value, language) for value in ends),
        above=above,
        above_height=max(above),
        below=below if any(are_below) else (),
        below_height=max(below),
    )


def _decimals(values: Iterable[str | None]) -> list[decimal.Decimal]:
    return [decimal.Decimal(value) for value in values if value is not None]


def _share(value: str | None, longest: decimal.Decimal, full: int) -> int:
    """How much of `full` a value takes beside the longest; at least 1 for what is not zero."""
    size = abs(decimal.Decimal(value or 0))
    return max(1, round(size / longest * full)) if size else 0
