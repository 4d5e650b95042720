"""Charts as geometry: every position computed here, so that the layout only draws.

A series is told from the others by its pattern or its marker, never by colour alone (WCAG 2.2, 1.4.1).
"""

import decimal
import functools
import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

import babel
import msgspec
from babel import numbers

from signalpost.engines.pdf import sheets
from signalpost.vocabulary import manuscripts

#: More cannot be told apart without colour.
SERIES_MAX = 4
CATEGORIES_MAX = 120
#: More names than this under the axis and only every second, third … is written.
NAMES_MAX = 16
#: Values are written at single bars up to so many.
VALUED_BARS_MAX = 13

HEIGHT_MM = 52.0
#: Height of the names under the axis.
NAMES_MM = 7.5
#: Width of the figures at the axis.
FIGURES_MM = 14.0
#: Room above the highest grid line for a value.
HEAD_MM = 4.0
STEPS = 5
STRIPE_MM = 0.9
#: Share of a category's slot that its bars take.
BARS_SHARE = 0.7
BAR_MAX_MM = 16.0

_PLAIN = re.compile(r"[+-]?\d{1,15}(\.\d{1,9})?")

_Values = tuple[tuple[Decimal | None, ...], ...]


def flaw(chart: manuscripts.Chart) -> str:
    """What is wrong with the data, "" when nothing is."""
    if len(chart.series) > SERIES_MAX:
        return f"series: wanted at most {SERIES_MAX}, got {len(chart.series)}"
    if not chart.alternative.strip():
        return "wanted a text alternative, got none"
    if not chart.series or not chart.categories:
        return "wanted at least one series and one category"
    if len(chart.categories) > CATEGORIES_MAX:
        return f"categories: wanted at most {CATEGORIES_MAX}, got {len(chart.categories)}"
    flaws = (_series_flaw(series, len(chart.categories)) for series in chart.series)
    return next((f"series[{number}]{flaw}" for number, flaw in enumerate(flaws) if flaw), "")


def _series_flaw(series: manuscripts.Series, count: int) -> str:
    if len(series.values) != count:
        return f": wanted {count} values, got {len(series.values)}"
    for index, value in enumerate(series.values):
        if value is not None and not _PLAIN.fullmatch(value):
            return f".values[{index}]: wanted a plain decimal, got {value[:40]!r}"
    return ""


def draw(chart: manuscripts.Chart, *, width_mm: float, language: str, is_rtl: bool) -> sheets.Drawing:
    """Lay a chart without flaw out on a width. Time runs from right to left where the text does."""
    values: _Values = tuple(
        tuple(None if value is None else Decimal(value) for value in series.values) for series in chart.series
    )
    ticks = _ticks([value for row in values for value in row if value is not None])
    axis = _Axis(low=ticks[0], high=ticks[-1], count=len(chart.categories), width_mm=width_mm, is_rtl=is_rtl)
    is_bar = chart.kind is not manuscripts.ChartKind.LINE
    return sheets.Drawing(
        width=width_mm,
        height=HEIGHT_MM,
        left=FIGURES_MM,
        floor=HEIGHT_MM - NAMES_MM + 1.5,
        rules=tuple(sheets.Rule(y=axis.y(tick), text=_number(tick, language), is_zero=tick == 0) for tick in ticks),
        categories=_categories(chart.categories, axis),
        series=tuple(
            _bars(series.name, number, values, axis) if is_bar else _line(series.name, number, values, axis)
            for number, series in enumerate(chart.series)
        ),
        marks=_marks(values, axis, language) if is_bar else (),
    )


def worded(drawing: sheets.Drawing, fit: Callable[[str, float], str]) -> sheets.Drawing:
    """The drawing with its names passed through `fit`, which gets each text and its width in millimetres."""
    return msgspec.structs.replace(
        drawing,
        categories=tuple(
            msgspec.structs.replace(category, text=fit(category.text, category.width))
            for category in drawing.categories
        ),
        series=tuple(
            msgspec.structs.replace(series, name=fit(series.name, drawing.width / 2)) for series in drawing.series
        ),
    )


class _Axis:
    """From values and places to millimetres."""

    def __init__(self, *, low: Decimal, high: Decimal, count: int, width_mm: float, is_rtl: bool) -> None:
        self._low, self._high, self.is_rtl, self._width_mm = low, high, is_rtl, width_mm
        self.count = count
        self.slot = (width_mm - FIGURES_MM) / count

    def x(self, index: int) -> float:
        """Left edge of a category's slot."""
        if self.is_rtl:
            return round(self._width_mm - (index + 1) * self.slot, 3)
        return round(FIGURES_MM + index * self.slot, 3)

    def y(self, value: Decimal) -> float:
        """Height of a value; larger is further down the page."""
        share = (self._high - value) / (self._high - self._low)
        return round(HEAD_MM + float(share) * (HEIGHT_MM - NAMES_MM - HEAD_MM), 3)


def _ticks(values: Sequence[Decimal]) -> list[Decimal]:
    """Grid lines at 1, 2 or 5 times a power of ten that enclose zero and all values."""
    low, high = min([*values, Decimal(0)]), max([*values, Decimal(0)])
    if low == high:
        high = Decimal(1)
    rough = (high - low) / STEPS
    power = Decimal(1).scaleb(rough.adjusted())
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    first = (low / step).to_integral_value(decimal.ROUND_FLOOR)
    last = (high / step).to_integral_value(decimal.ROUND_CEILING)
    return [(first + offset) * step for offset in range(int(last - first) + 1)]


def _categories(names: Sequence[str], axis: _Axis) -> tuple[sheets.Category, ...]:
    every = -(-len(names) // NAMES_MAX)
    return tuple(
        sheets.Category(x=axis.x(index) - (every - 1) / 2 * axis.slot, width=round(axis.slot * every, 3), text=name)
        for index, name in enumerate(names)
        if index % every == 0
    )


def _bars(name: str, number: int, values: _Values, axis: _Axis) -> sheets.Drawn:
    width = min(axis.slot * BARS_SHARE / len(values), BAR_MAX_MM)
    rects: list[sheets.Box] = []
    for index, value in enumerate(values[number]):
        if value is None:
            continue
        place = len(values) - 1 - number if axis.is_rtl else number
        x = axis.x(index) + (axis.slot - width * len(values)) / 2 + place * width
        top, foot = axis.y(max(value, Decimal(0))), axis.y(min(value, Decimal(0)))
        rects.append((round(x, 3), top, round(width * 0.92, 3), round(foot - top, 3)))
    swatch = (0.0, 0.0, 7.0, 2.4)
    return sheets.Drawn(
        name=name,
        pattern=number,
        is_muted=number % 2 == 1,
        rects=tuple(rects),
        strokes=tuple(stroke for rect in rects for stroke in _stripes(rect, number)),
        swatch=sheets.Drawn(
            name="", pattern=number, is_muted=number % 2 == 1, rects=(swatch,), strokes=tuple(_stripes(swatch, number))
        ),
    )


def _stripes(rect: sheets.Box, number: int) -> Iterator[sheets.Box]:
    """Series 0 is solid, 1 empty, 2 striped across, 3 striped along."""
    x, y, width, height = rect
    if number == 2:  # noqa: PLR2004 -- the pattern's own number
        for step in range(1, int(height / STRIPE_MM) + 1):
            yield (x, round(y + step * STRIPE_MM, 3), round(x + width, 3), round(y + step * STRIPE_MM, 3))
    elif number > 2:  # noqa: PLR2004 -- the same
        for step in range(1, int(width / STRIPE_MM) + 1):
            yield (round(x + step * STRIPE_MM, 3), y, round(x + step * STRIPE_MM, 3), round(y + height, 3))


def _line(name: str, number: int, values: _Values, axis: _Axis) -> sheets.Drawn:
    pieces: list[tuple[sheets.Point, ...]] = []
    piece: list[sheets.Point] = []
    for index, value in enumerate(values[number]):
        if value is None:
            pieces.append(tuple(piece))
            piece = []
        else:
            piece.append((round(axis.x(index) + axis.slot / 2, 3), axis.y(value)))
    pieces.append(tuple(piece))
    return sheets.Drawn(
        name=name, pattern=number, is_muted=number % 2 == 1, pieces=tuple(piece for piece in pieces if piece)
    )


def _marks(values: _Values, axis: _Axis, language: str) -> tuple[sheets.Label, ...]:
    if len(values) != 1 or axis.count > VALUED_BARS_MAX:
        return ()
    return tuple(
        sheets.Label(
            x=round(axis.x(index) + axis.slot / 2, 3),
            y=axis.y(value) - 3.4 if value >= 0 else axis.y(value) + 0.4,
            text=_number(value, language),
        )
        for index, value in enumerate(values[0])
        if value is not None
    )


@functools.lru_cache(maxsize=4096)
def _number(value: Decimal, language: str) -> str:
    """A figure as the language writes it, with a true minus sign."""
    text = numbers.format_decimal(value, locale=_locale(language), decimal_quantization=False)
    return text.replace("-", "\N{MINUS SIGN}")


@functools.lru_cache(maxsize=256)
def _locale(language: str) -> babel.Locale:
    """The locale of a tag, of its language alone, or English where neither is known."""
    for tag in (language, language.partition("-")[0]):
        try:
            return babel.Locale.parse(tag, sep="-")
        except (babel.UnknownLocaleError, ValueError):
            continue
    return babel.Locale("en")
