"""The page docs/benchmarks.md, from the lines of a run and the notes beside this file."""

import pathlib
from collections.abc import Sequence

import msgspec

from benchmarks import figures

NOTES = pathlib.Path(__file__).parent / "notes.md"
_HEAD = """# Benchmarks

Written by `.venv/bin/python -m benchmarks --write docs/benchmarks.md`. `make bench` prints a JSON line a figure,
`make bench ONLY=storm` those of one group; `python -m benchmarks --small` tries it on a busy machine.

Machine of the table: 2 cores, 24 GiB, PostgreSQL as it comes embedded. The product runs as its own processes, with
senders, sinks and peers on loopback, all on the same machine. *Per core*: the measured process has one core, and all
else, the database and the other side among it, the other one. Values are medians where a figure is repeated.

| Figure | What | Value | Target | Peer | Its value | Ratio |
|---|---|---|---|---|---|---|
"""


class _Line(msgspec.Struct, frozen=True, kw_only=True):
    """What a line says."""

    name: str
    value: float
    peer_value: float | None = None
    ratio: float | None = None


def written(lines: Sequence[str]) -> str:
    """The page; figures that were not measured have no value."""
    found = {line.name: line for line in (msgspec.json.decode(text, type=_Line) for text in lines)}
    rows = [_row(figure, found.get(figure.name)) for of in figures.FIGURES.values() for figure in of]
    return _HEAD + "".join(rows) + "\n" + NOTES.read_text(encoding="utf-8")


def _row(figure: figures.Figure, found: _Line | None) -> str:
    sign = "≤" if figure.is_limit else "≥"
    value = _number(found.value if found else None)
    is_missed = found is not None and (found.value > figure.target) is figure.is_limit and found.value != figure.target
    cells = [
        f"`{figure.name}`",
        f"{figure.meaning}, {figure.unit}",
        f"**{value}** (missed)" if is_missed else value,
        f"{sign} {_number(figure.target)}",
        figure.peer,
        _number(found.peer_value if found else None),
        _number(found.ratio if found else None),
    ]
    return f"| {' | '.join(cells)} |\n"


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:g}"  # noqa: PLR2004 - three digits are enough
