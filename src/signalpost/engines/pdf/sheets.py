"""What a layout is given: the manuscript, cleaned, with everything that had to be computed before it could be drawn.

The JSON of a `Sheet` is `/data.json` in the layout's root. Texts stay texts: a layout inserts them as strings and never
looks into them.
"""

import functools
import pathlib
from typing import Literal

import msgspec

from signalpost.vocabulary import manuscripts, records

#: The standard layouts and their measures.
LAYOUT = pathlib.Path(__file__).parent / "layout"

Window = Literal["din5008", "us10"]


class Flaw(records.Record, frozen=True, kw_only=True):
    """Why this manuscript cannot be laid out: becomes an `Unrenderable`."""

    reason: manuscripts.UnrenderableReason
    #: Which block, what was wanted, what was there.
    detail: str


class Area(records.Record, frozen=True, kw_only=True):
    """A rectangle on the first page, in millimetres from its top left corner."""

    x: float
    y: float
    width: float
    height: float


class Mark(records.Record, frozen=True, kw_only=True):
    """A fold or hole mark at the left edge, in millimetres."""

    y: float
    length: float


class Paper(records.Record, frozen=True, kw_only=True):
    """Where things stand on the page, in millimetres. Read from `layout/din5008.json` and `layout/us10.json`."""

    width: float
    height: float
    margin_left: float
    margin_right: float
    #: Of the pages after the first.
    margin_top: float
    margin_bottom: float
    footer_height: float
    #: Where the text of the first page begins.
    body_top: float
    letterhead: Area
    contact: Area
    return_address: Area
    is_return_ruled: bool
    address: Area
    reference: Area
    marks: tuple[Mark, ...]

    @property
    def body_width(self) -> float:
        """Width of the text, in millimetres."""
        return self.width - self.margin_left - self.margin_right


class Measures(records.Record, frozen=True, kw_only=True):
    """Type sizes, insets and colours that layout and preparation share. Read from `layout/measures.json`."""

    ink: str
    quiet: str
    hair: str
    wash: str
    body_pt: float
    address_pt: float
    title_pt: float
    section_pt: float
    cell_pt: float
    small_pt: float
    tiny_pt: float
    chart_pt: float
    name_pt: float
    figure_pt: float
    cell_inset_pt: float
    figure_inset_pt: float
    figure_gap_mm: float
    column_gap_mm: float
    callout_inset_pt: float
    callout_icon_pt: float
    callout_gap_pt: float
    action_inset_pt: float
    code_gap_mm: float
    list_indent_mm: float
    #: Share of the reference block that its labels take.
    label_share: float
    label_gap_mm: float
    page_label_mm: float
    running_date_mm: float
    footer_gap_mm: float
    body_label_mm: float


class Plain(records.Record, frozen=True, kw_only=True):
    """Nothing to add to the block."""


class HeadingExtra(records.Record, frozen=True, kw_only=True):
    """The level in the document's outline, without gaps (PDF/UA-1, 7.4.2)."""

    level: int


class ActionExtra(records.Record, frozen=True, kw_only=True):
    """The address as a reader types it."""

    printed: str


class TableExtra(records.Record, frozen=True, kw_only=True):
    """Which rows (the headings, then rows, then totals) certainly stand on one line.

    Their height is then known, and a layout need not measure their cells first: a seventh of the time of a bill.
    """

    singles: tuple[bool, ...]


class CarriedExtra(records.Record, frozen=True, kw_only=True):
    """A table with a total that is carried from page to page: its lines are broken here, so that heights are known.

    Then the layout reckons which rows stand on which page, and the table is laid out once: with the total looked up on
    the page it takes up to five times.
    """

    #: Number among the carried tables of the document, from 0.
    number: int
    #: Lines of each row: the headings; then each group's heading, rows and subtotals, or the rows; then the totals.
    lines: tuple[int, ...]


class AttachmentExtra(records.Record, frozen=True, kw_only=True):
    """Where the file lies in the layout's root, and the word before its title."""

    path: str
    #: File name as it is given to the reader, not broken.
    name: str
    label: str
    #: Whether the file was attached before.
    is_again: bool


class PartsExtra(records.Record, frozen=True, kw_only=True):
    """What belongs to the blocks of each part, and the widths of the parts in millimetres."""

    parts: tuple[tuple["Extra", ...], ...]
    widths: tuple[float, ...]


class FiguresExtra(records.Record, frozen=True, kw_only=True):
    """How many figures stand side by side."""

    columns: int


class ImageExtra(records.Record, frozen=True, kw_only=True):
    """Where the picture lies in the layout's root, and its width in millimetres."""

    path: str
    width: float


class CodeExtra(records.Record, frozen=True, kw_only=True):
    """The code as SVG with its quiet zone, and its width in millimetres."""

    svg: str
    width: float


class Rule(records.Record, frozen=True, kw_only=True):
    """A grid line of a chart with its figure."""

    y: float
    text: str
    is_zero: bool


class Category(records.Record, frozen=True, kw_only=True):
    """A name under the axis of a chart, centred in its slot."""

    x: float
    width: float
    text: str


class Label(records.Record, frozen=True, kw_only=True):
    """A value at a bar; `x` is its middle, `y` its top."""

    x: float
    y: float
    text: str


Point = tuple[float, float]
Box = tuple[float, float, float, float]


class Drawn(records.Record, frozen=True, kw_only=True):
    """A series as shapes. `pattern` 0 to 3 tells it from the others without colour."""

    name: str
    pattern: int
    is_muted: bool
    #: Bars as x, y, width, height.
    rects: tuple[Box, ...] = ()
    #: Strokes of the pattern inside the bars, as x, y to x, y.
    strokes: tuple[Box, ...] = ()
    #: Lines, interrupted at gaps.
    pieces: tuple[tuple[Point, ...], ...] = ()
    #: The series in the legend.
    swatch: "Drawn | None" = None


class Drawing(records.Record, frozen=True, kw_only=True):
    """A chart with every position computed, in millimetres from its top left corner."""

    width: float
    height: float
    #: Where the plot begins, right of the figures.
    left: float
    #: Where it ends, above the names.
    floor: float
    rules: tuple[Rule, ...]
    categories: tuple[Category, ...]
    series: tuple[Drawn, ...]
    marks: tuple[Label, ...]


Extra = (
    Plain
    | HeadingExtra
    | TableExtra
    | CarriedExtra
    | FiguresExtra
    | ActionExtra
    | ImageExtra
    | CodeExtra
    | Drawing
    | AttachmentExtra
    | PartsExtra
)


class PageLabel(records.Record, frozen=True, kw_only=True):
    """The three texts around the two numbers of "Page x of y"; `is_total_first` where the language turns them round."""

    first: str
    between: str
    last: str
    is_total_first: bool


class Frame(records.Record, frozen=True, kw_only=True):
    """What stands around the blocks."""

    title: str
    dated: str
    brand: manuscripts.Brand
    #: The brand's website as a reader types it.
    website: str
    recipient: tuple[str, ...]
    #: Lines of the reference block, the date last.
    references: tuple[manuscripts.ReferenceLine, ...]
    page_label: PageLabel
    language: str
    region: str
    fonts: tuple[str, ...]


class Sheet(records.Record, frozen=True, kw_only=True):
    """All that a layout gets."""

    frame: Frame
    blocks: tuple[manuscripts.Block, ...]
    #: Beside each block what could not be said in it.
    extras: tuple[Extra, ...]
    paper: Paper
    primary: str
    #: The primary colour where it is dark enough for text on white (WCAG 2.2, 1.4.3), else ink.
    accent: str
    is_rtl: bool
    #: Boxes of fixed size whose content may not fit: the layout measures these.
    doubtful: tuple[str, ...]
    #: How many tables carry a total from page to page.
    carried: int
    #: "Note", "Advice", "Warning", "Danger" by tone.
    tone_words: dict[str, str]


@functools.cache
def measures() -> Measures:
    """Sizes and colours of the standard layouts."""
    return msgspec.json.decode((LAYOUT / "measures.json").read_bytes(), type=Measures)


@functools.cache
def paper(window: Window) -> Paper:
    """Measures of the stationery for a kind of window envelope."""
    return msgspec.json.decode((LAYOUT / f"{window}.json").read_bytes(), type=Paper)
