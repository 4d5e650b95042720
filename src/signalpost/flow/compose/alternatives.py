"""The text alternative of a chart whose author left it to the data: what it is, what it shows, where its extremes lie.

The words are the manuscript's `Labels`; a content from before they were asked for has none, and then the figures alone
are told.
"""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from signalpost.flow.compose import amounts
from signalpost.vocabulary import manuscripts

#: Values that are read out one by one; of longer series only the ends and the extremes.
VALUES_TOLD_MAX = 16

_KINDS = tuple(manuscripts.ChartKind)
_GAP = "\N{EN DASH}"


def of(chart: manuscripts.Chart, labels: manuscripts.Labels, locale: str) -> str:
    """The alternative of a chart; its own is not looked at."""
    kind = labels.charts[_KINDS.index(chart.kind)]
    head = ": ".join(part for part in (kind, chart.title) if part)
    parts = [head, *(_series(series, chart, labels, locale) for series in chart.series)]
    return " ".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in parts if part)


def _series(series: manuscripts.Series, chart: manuscripts.Chart, labels: manuscripts.Labels, locale: str) -> str:
    """One series: its name, its values, its highest and lowest."""

    def told(value: str | None) -> str:
        if value is None:
            return labels.chart_gap or _GAP
        return " ".join(part for part in (amounts.number_text(value, locale), chart.unit) if part)

    name = series.name if len(chart.series) > 1 or series.name != chart.title else ""
    points = list(zip(chart.categories, series.values, strict=False))
    shown = points if len(points) <= VALUES_TOLD_MAX else [points[0], points[-1]]
    figures = "; ".join(f"{category} {told(value)}" for category, value in shown)
    listed = ": ".join(part for part in (name, figures) if part)
    return ". ".join((listed, *_extremes(points, labels, told)))


def _extremes(
    points: Sequence[tuple[str, str | None]], labels: manuscripts.Labels, told: Callable[[str], str]
) -> Iterator[str]:
    """The highest and the lowest value, where they differ and the language has words for them."""
    known = [(Decimal(value), category, value) for category, value in points if value is not None]
    if len({number for number, _, _ in known}) < 2:  # noqa: PLR2004 -- all alike
        return
    highest, lowest = max(known, key=lambda each: each[0]), min(known, key=lambda each: each[0])
    for pattern, (_, category, value) in ((labels.chart_highest, highest), (labels.chart_lowest, lowest)):
        if pattern:
            yield pattern.replace("{value}", told(value), 1).replace("{category}", category, 1)
