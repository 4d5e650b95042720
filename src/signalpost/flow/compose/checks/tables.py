"""Tables that are too wide for a sheet: more columns than can be read, or a word that its column must break.

Measured with the mean width of a character, not with the font: what truly overflows is the PDF engine's to refuse.
"""

from collections.abc import Iterable, Iterator

from signalpost.flow.compose.checks import findings
from signalpost.vocabulary import manuscripts, templates

COLUMNS_MAX = 8
#: Text width of an A4 letter after DIN 5008: 210 less 25 and 20.
WIDTH_MM = 165.0
#: Mean advance of the packaged family at the 9.5 points of a table (0.52 em), and the gap beside each column.
CHARACTER_MM = 1.75
GAP_MM = 3.0


def check(manuscript: manuscripts.Manuscript) -> tuple[templates.Finding, ...]:
    """Findings about the tables of one manuscript; each table's first word that is too long."""
    return tuple(
        finding
        for table, width in _tables(manuscript.blocks, WIDTH_MM)
        for finding in (*_columns(table), *_words(table, width))
    )


def _tables(blocks: Iterable[manuscripts.Block], width: float) -> Iterator[tuple[manuscripts.Table, float]]:
    """Each table with the width that it has."""
    for block in blocks:
        match block:
            case manuscripts.Table():
                yield block, width
            case manuscripts.Columns(columns=columns):
                shares = sum(column.width for column in columns)
                for column in columns:
                    yield from _tables(column.blocks, width * column.width / shares)
            case manuscripts.Keep(blocks=inner) | manuscripts.Only(blocks=inner):
                yield from _tables(inner, width)
            case _:
                pass


def _columns(table: manuscripts.Table) -> Iterator[templates.Finding]:
    if len(table.columns) > COLUMNS_MAX:
        message = f"the table {table.caption!r} has {len(table.columns)} columns, wanted at most {COLUMNS_MAX}"
        yield findings.warning("body", message, "take columns out, or make two tables of it")


def _words(table: manuscripts.Table, width: float) -> Iterator[templates.Finding]:
    shares = sum(column.width for column in table.columns)
    for number, column in enumerate(table.columns):
        fits = max(1, int((width * column.width / shares - GAP_MM) / CHARACTER_MM))
        cells = (row[number] for row in (*table.rows, *table.totals) if number < len(row))
        long = next((word for text in (column.heading, *cells) for word in text.split() if len(word) > fits), "")
        if long:
            message = (
                f"the table {table.caption!r} is too wide: {long[:40]!r} does not fit its column, which has room for"
                f" about {fits} characters"
            )
            yield findings.warning("body", message, "give the column more width, or take a column out")
            return
