"""Tables as a layout gets them: texts fitted to their columns, and the height of every row that can be known."""

import re
from collections.abc import Iterator, Sequence

from signalpost.engines.pdf import fitting, sheets, texts
from signalpost.vocabulary import manuscripts
from signalpost.vocabulary.manuscripts import UnrenderableReason

COLUMNS_MAX = 12
#: They are repeated on every page; higher than a page, they would repeat without end.
HEADING_LINES_MAX = 12
#: A row that may not be divided is at most so high: more does not fit a page.
KEPT_LINES_MAX = 30
#: Every further one has the whole document laid out once more; after five times it does not settle.
CARRIED_MAX = 2

_SPACES = re.compile(r"[ \n]+")

Dressed = tuple[manuscripts.Block, sheets.Extra]
_Cells = tuple[str, ...]


def dress(tailor: fitting.Tailor, path: str, table: manuscripts.Table) -> Dressed:
    """The table with what is known of its rows."""
    wrong = _flaw(table)
    if wrong:
        return table, tailor.refuse(path, wrong)
    if len(table.rows) > tailor.rows_max:
        wrong = f"wanted at most {tailor.rows_max} rows, got {len(table.rows)}"
        return table, tailor.refuse(path, wrong, UnrenderableReason.TOO_LONG)
    tailor.has_content = True
    cutter = _Cutter(tailor, path, table)
    heads = cutter.row("columns", [column.heading for column in table.columns])
    if max(cutter.lines_at_most(heads)) > HEADING_LINES_MAX:
        wanted = f"wanted headings of at most {HEADING_LINES_MAX} lines"
        tailor.refuse(f"{path}.columns", wanted, UnrenderableReason.OVERFLOW)
    _refuse_torn_figures(tailor, path, table, cutter.widths)
    dressed = manuscripts.Table(
        caption=tailor.text(f"{path}.caption", table.caption, width=tailor.width, size=tailor.look.cell_pt),
        columns=tuple(
            manuscripts.Column(heading=head, align=column.align, width=column.width)
            for head, column in zip(heads, table.columns, strict=True)
        ),
        rows=tuple(cutter.row(f"rows[{index}]", cells) for index, cells in enumerate(table.rows)),
        totals=tuple(cutter.row(f"totals[{index}]", cells) for index, cells in enumerate(table.totals)),
        groups=tuple(cutter.group(f"groups[{index}]", group) for index, group in enumerate(table.groups)),
        carry=table.carry and cutter.carry(table.carry),
        is_row_kept=table.is_row_kept and cutter.may_be_kept(table.rows),
    )
    if table.carry:
        return dressed, _carried(tailor, path, dressed)
    singles = (cutter.is_single(cells) for cells in (heads, *dressed.rows, *dressed.totals))
    return dressed, sheets.TableExtra(singles=tuple(singles))


class _Cutter:
    """Fits texts to the columns of one table; breaks their lines where heights are to be known."""

    def __init__(self, tailor: fitting.Tailor, path: str, table: manuscripts.Table) -> None:
        self._tailor = tailor
        self._path = path
        self._size = tailor.look.cell_pt
        self._inset = 2 * tailor.look.cell_inset_pt / texts.PT_PER_MM
        self._is_carried = table.carry is not None
        shares = [column.width for column in table.columns]
        self.widths = [tailor.width * share / sum(shares) - self._inset for share in shares]

    def text(self, place: str, text: str, width: float) -> str:
        """A text for a width in millimetres."""
        fitted = self._tailor.text(f"{self._path}.{place}", text, width=width, size=self._size)
        if not self._is_carried or self._tailor.is_single(fitted, width=width, size=self._size):
            return fitted
        return self._tailor.broken(fitted, width=width, size=self._size)

    def row(self, place: str, cells: Sequence[str]) -> _Cells:
        """The cells of a row."""
        return tuple(
            [
                self.text(f"{place}[{index}]", cell, width)
                for index, (cell, width) in enumerate(zip(cells, self.widths, strict=True))
            ]
        )

    def group(self, place: str, group: manuscripts.RowGroup) -> manuscripts.RowGroup:
        """A group with its heading over all columns."""
        return manuscripts.RowGroup(
            heading=self.text(f"{place}.heading", group.heading, self._tailor.width - self._inset),
            rows=group.rows,
            subtotals=tuple(
                self.row(f"{place}.subtotals[{index}]", cells) for index, cells in enumerate(group.subtotals)
            ),
        )

    def carry(self, carry: manuscripts.Carry) -> manuscripts.Carry:
        """The carried totals; each stands on one line."""
        before = sum(self.widths[: carry.column]) + (carry.column - 1) * self._inset
        words = [self._one_line(f"carry.{name}", text, before) for name, text in _words(carry)]
        width = self.widths[carry.column]
        totals = [self._one_line(f"carry.totals[{index}]", text, width) for index, text in enumerate(carry.totals)]
        return manuscripts.Carry(column=carry.column, forward=words[0], brought=words[1], totals=tuple(totals))

    def _one_line(self, place: str, text: str, width: float) -> str:
        fitted = self._tailor.text(f"{self._path}.{place}", text, width=width, size=self._size)
        if not self._tailor.is_single(fitted, width=width, size=self._size):
            self._tailor.refuse(f"{self._path}.{place}", f"{text[:40]!r} does not fit", UnrenderableReason.OVERFLOW)
        return fitted

    def is_single(self, cells: Sequence[str]) -> bool:
        """Whether a row certainly stands on one line."""
        return all(
            self._tailor.is_single(cell, width=width, size=self._size)
            for cell, width in zip(cells, self.widths, strict=True)
        )

    def lines_at_most(self, cells: Sequence[str]) -> list[int]:
        """How many lines each cell may take."""
        return [
            self._tailor.lines_at_most(cell, width=width, size=self._size)
            for cell, width in zip(cells, self.widths, strict=True)
        ]

    def may_be_kept(self, rows: Sequence[Sequence[str]]) -> bool:
        """Whether every row certainly fits a page: what does not is divided after all."""
        return all(self.is_single(cells) or max(self.lines_at_most(cells)) <= KEPT_LINES_MAX for cells in rows)


def _words(carry: manuscripts.Carry) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("forward", carry.forward), ("brought", carry.brought)


def _carried(tailor: fitting.Tailor, path: str, table: manuscripts.Table) -> sheets.Extra:
    """The lines of every row as it was broken."""
    number = tailor.carried
    tailor.carried += 1
    if tailor.carried > CARRIED_MAX:
        wanted = f"wanted at most {CARRIED_MAX} tables with a total that is carried forward"
        return tailor.refuse(path, wanted)
    if len(tailor.parts) > 0:
        return tailor.refuse(path, "a total cannot be carried forward in a column or a part that is kept on one page")
    lines = tuple([_lines(cells) for cells in _strips(table)])
    if max(lines) > KEPT_LINES_MAX:
        wanted = f"wanted rows of at most {KEPT_LINES_MAX} lines where a total is carried forward, got {max(lines)}"
        return tailor.refuse(path, wanted, UnrenderableReason.OVERFLOW)
    return sheets.CarriedExtra(number=number, lines=lines)


def _lines(cells: Sequence[str]) -> int:
    return 1 + max(cell.count("\n") for cell in cells)


def _strips(table: manuscripts.Table) -> Iterator[Sequence[str]]:
    """Everything that takes a row of its own, in the order of the page."""
    yield [column.heading for column in table.columns]
    if table.groups:
        start = 0
        for group in table.groups:
            if group.heading:
                yield (group.heading,)
            yield from table.rows[start : start + group.rows]
            start += group.rows
            yield from group.subtotals
    else:
        yield from table.rows
    yield from table.totals


def _refuse_torn_figures(tailor: fitting.Tailor, path: str, table: manuscripts.Table, widths: Sequence[float]) -> None:
    """A figure wider than its column would be broken, and read as two."""
    subtotals = (row for group in table.groups for row in group.subtotals)
    size = tailor.look.cell_pt
    figures = [index for index, column in enumerate(table.columns) if column.align is manuscripts.Alignment.END]
    for number, cells in enumerate((*table.rows, *table.totals, *subtotals)):
        for index in figures:
            cell, width = cells[index], widths[index]
            if not tailor.is_single(cell, width=width, size=size) and any(
                not tailor.is_single(word, width=width, size=size) for word in cell.split() if texts.is_figure(word)
            ):
                tailor.refuse(f"{path}.rows[{number}]", f"{cell[:40]!r} does not fit", UnrenderableReason.OVERFLOW)


def _flaw(table: manuscripts.Table) -> str:
    """What is wrong with the shape of a table, "" when nothing is."""
    count = len(table.columns)
    if not 1 <= count <= COLUMNS_MAX:
        return f"wanted 1 to {COLUMNS_MAX} columns, got {count}"
    narrowest = min(column.width for column in table.columns)
    if narrowest < 1:
        return f"wanted column widths of at least 1, got {narrowest}"
    grouped = [(f"groups[{index}].subtotals", group.subtotals) for index, group in enumerate(table.groups)]
    for kind, rows in (("rows", table.rows), ("totals", table.totals), *grouped):
        for index, cells in enumerate(rows):
            if len(cells) != count:
                return f"{kind}[{index}]: wanted {count} cells, got {len(cells)}"
    if table.groups and sum(group.rows for group in table.groups) != len(table.rows):
        return f"groups: wanted {len(table.rows)} rows in all, got {sum(group.rows for group in table.groups)}"
    carry = table.carry
    if carry and (not 1 <= carry.column < count or len(carry.totals) != len(table.rows)):
        return f"carry: wanted a column from 1 to {count - 1} and {len(table.rows)} totals, got {len(carry.totals)}"
    return ""
