"""Manuscripts: what is said, settled once per recipient, before any layout.

A tree of blocks in one language: conditions decided, values formatted, and per channel only what differs. Its
canonical JSON (`records.canonical`) is hashed, archived, searched and compared. Engines only lay it out; a layout may
branch on the structure (which blocks, how many rows), never on the text of a run.

The shape follows Pandoc's document model and Portable Text: blocks hold runs, runs hold text and marks.
"""

import enum
from collections.abc import Iterable, Iterator

from signalpost.vocabulary import parties, records

#: Version of this model, part of every manuscript.
MODEL = 1


class Direction(enum.StrEnum):
    """Base direction of the text."""

    LTR = "ltr"
    RTL = "rtl"


class Tone(enum.StrEnum):
    """What a callout is for."""

    NOTE = "note"
    ADVICE = "advice"
    WARNING = "warning"
    DANGER = "danger"


class Alignment(enum.StrEnum):
    """Where the text of a column stands."""

    START = "start"
    CENTER = "center"
    END = "end"


class Symbology(enum.StrEnum):
    """Barcodes that can be drawn."""

    QR = "qr"
    DATA_MATRIX = "data_matrix"


class ChartKind(enum.StrEnum):
    """Charts that can be drawn."""

    BAR = "bar"
    LINE = "line"
    #: Bars of a period beside those of another one: the first series is now, the second then.
    COMPARISON = "comparison"


class Run(records.Record, frozen=True, kw_only=True):
    """A stretch of text with the same marks. The text is literal on every channel."""

    text: str
    strong: bool = False
    emphasis: bool = False
    #: https, mailto or tel address; "" for no link.
    link: str = ""


Runs = tuple[Run, ...]


class Heading(records.Record, frozen=True, kw_only=True, tag="heading"):
    """A heading, level 1 (once, first) to 4."""

    level: int
    runs: Runs


class Paragraph(records.Record, frozen=True, kw_only=True, tag="paragraph"):
    """A paragraph."""

    runs: Runs


class List(records.Record, frozen=True, kw_only=True, tag="list"):
    """A list; every item is one paragraph of runs."""

    items: tuple[Runs, ...]
    is_ordered: bool = False


class Column(records.Record, frozen=True, kw_only=True):
    """A column of a table: its heading and where its cells stand."""

    heading: str
    align: Alignment = Alignment.START
    #: Share of the width, relative to the other columns.
    width: int = 1


class RowGroup(records.Record, frozen=True, kw_only=True):
    """Rows of a table that belong together, under a heading and above their subtotals."""

    #: "" for none.
    heading: str
    #: How many rows, in the order of the table's.
    rows: int
    subtotals: tuple[tuple[str, ...], ...] = ()


class Carry(records.Record, frozen=True, kw_only=True):
    """A running total that stands at the foot of every page and again at the head of the next one."""

    #: Number of the column it stands in, from 0; never the first, where the words stand.
    column: int
    #: "Carried forward" at the foot, "Brought forward" at the head.
    forward: str
    brought: str
    #: The formatted total up to and including each row, in the order of the rows.
    totals: tuple[str, ...]


class Table(records.Record, frozen=True, kw_only=True, tag="table", omit_defaults=True):
    """A table with a heading row; `totals` are rows below a rule, in strong type."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    totals: tuple[tuple[str, ...], ...] = records.written(())
    #: All rows in groups, or none.
    groups: tuple[RowGroup, ...] = ()
    carry: Carry | None = None
    #: Whether no row may be divided between two pages.
    is_row_kept: bool = False


class KeyFigure(records.Record, frozen=True, kw_only=True):
    """One figure that is to be seen at a glance."""

    label: str
    value: str
    note: str = ""


class KeyFigures(records.Record, frozen=True, kw_only=True, tag="key_figures"):
    """Figures side by side."""

    figures: tuple[KeyFigure, ...]


class Series(records.Record, frozen=True, kw_only=True):
    """One series of a chart; values are plain decimals as text, `None` for a gap."""

    name: str
    values: tuple[str | None, ...]


class Chart(records.Record, frozen=True, kw_only=True, tag="chart"):
    """A chart with its data and its text alternative."""

    kind: ChartKind
    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""
    alternative: str


class Image(records.Record, frozen=True, kw_only=True, tag="image"):
    """An image from the template version's own assets, by digest."""

    digest: str
    media_type: str
    #: "" only for a purely decorative image.
    alternative: str
    width_mm: int = 60


class Barcode(records.Record, frozen=True, kw_only=True, tag="barcode"):
    """A machine-readable code with what it says for those who cannot scan it."""

    symbology: Symbology
    payload: str
    alternative: str


class Callout(records.Record, frozen=True, kw_only=True, tag="callout"):
    """A paragraph set apart, with a title."""

    tone: Tone
    title: str
    runs: Runs


class Action(records.Record, frozen=True, kw_only=True, tag="action"):
    """The one thing to do: a button in e-mail and web, a line with the address in a letter."""

    label: str
    link: str


class ReferenceLine(records.Record, frozen=True, kw_only=True):
    """One line of the reference block: "Customer number", "4711"."""

    label: str
    value: str


class ReferenceLines(records.Record, frozen=True, kw_only=True, tag="reference_lines"):
    """The reference block of a letter."""

    lines: tuple[ReferenceLine, ...]


class Signature(records.Record, frozen=True, kw_only=True, tag="signature"):
    """Closing formula, who signs and in what role."""

    closing: str
    name: str
    role: str = ""


class Break(records.Record, frozen=True, kw_only=True, tag="break"):
    """A page break in paged media, a rule elsewhere."""


class Attachment(records.Record, frozen=True, kw_only=True, tag="attachment"):
    """A file that goes with the message: a part of the e-mail, embedded in the PDF. The body names it."""

    digest: str
    media_type: str
    #: File name.
    name: str
    title: str


class ColumnsPart(records.Record, frozen=True, kw_only=True):
    """One of several columns of blocks."""

    #: Share of the width, relative to the other columns.
    width: int = 1
    blocks: tuple["Block", ...]


class Columns(records.Record, frozen=True, kw_only=True, tag="columns"):
    """Blocks side by side; below each other where the screen is narrow. Read column by column."""

    columns: tuple[ColumnsPart, ...]


class Keep(records.Record, frozen=True, kw_only=True, tag="keep"):
    """Blocks that stand on one page."""

    blocks: tuple["Block", ...]


class Only(records.Record, frozen=True, kw_only=True, tag="only"):
    """Blocks that stand on some channels alone."""

    channels: tuple[parties.ChannelKind, ...]
    blocks: tuple["Block", ...]


Block = (
    Heading
    | Paragraph
    | List
    | Table
    | KeyFigures
    | Chart
    | Image
    | Barcode
    | Callout
    | Action
    | ReferenceLines
    | Signature
    | Break
    | Attachment
    | Columns
    | Keep
    | Only
)


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """Every block in reading order, those that hold others before what they hold."""
    for block in blocks:
        yield block
        match block:
            case Columns(columns=columns):
                for column in columns:
                    yield from walk(column.blocks)
            case Keep(blocks=inner) | Only(blocks=inner):
                yield from walk(inner)
            case _:
                pass


def said_on(channel: parties.ChannelKind, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks that stand on a channel; `Only` is gone, and so is what holds nothing any more."""
    if not any(isinstance(block, Only | Keep | Columns) for block in blocks):
        return blocks
    return tuple(_said_on(channel, blocks))


def _said_on(channel: parties.ChannelKind, blocks: tuple[Block, ...]) -> Iterator[Block]:
    for block in blocks:
        match block:
            case Only(channels=channels, blocks=inner):
                if channel in channels:
                    yield from said_on(channel, inner)
            case Keep(blocks=inner):
                if kept := said_on(channel, inner):
                    yield Keep(blocks=kept)
            case Columns(columns=columns):
                parts = [ColumnsPart(width=one.width, blocks=said_on(channel, one.blocks)) for one in columns]
                if any(part.blocks for part in parts):
                    yield Columns(columns=tuple(parts))
            case _:
                yield block


class Brand(records.Record, frozen=True, kw_only=True):
    """Who speaks, and in what dress. Part of the template version, so that an approved text keeps its letterhead."""

    name: str
    #: One line under the letterhead and in the footer of e-mail: legal name, address, register.
    imprint: tuple[str, ...]
    #: One line above the recipient's address in the window.
    return_address: str
    #: sRGB `#rrggbb`; text on it is `on_primary`, contrast at least 4.5 (WCAG 2.2, 1.4.3).
    primary: str
    on_primary: str
    website: str
    telephone: str
    #: SVG, as text; "" draws the name in type.
    logo_svg: str = ""
    #: ISO 3166-1 alpha-2 of where it posts its letters: addresses there carry no country line, and texts follow its
    #: regional forms (English in Germany writes 14:30 and 1.234,50 €). "" puts a country line on every address.
    country: str = ""


class Words(records.Record, frozen=True, kw_only=True):
    """What differs per channel besides the body."""

    subject: str
    #: The preview line that mail clients show beside the subject.
    preheader: str = ""
    #: The whole SMS, "" when the communication type has none.
    sms: str = ""
    #: Length budget of the SMS in segments, from the template.
    sms_segments: int = 3
    push_title: str = ""
    push_body: str = ""


class Labels(records.Record, frozen=True, kw_only=True, omit_defaults=True):
    """Words a layout itself needs, in the manuscript's language, so that no engine holds text of its own."""

    #: `Page {page} of {pages}` with just these two placeholders, filled by the paged engine.
    page: str
    date: str
    unsubscribe: str
    #: "View this message in your browser" and the like.
    web_view: str
    #: "Note", "Advice", "Warning", "Danger" in the order of `Tone`.
    tones: tuple[str, str, str, str]
    #: What the text alternative of a chart says, where its author left it to the data: what it is, in the order of
    #: `ChartKind`, and `Highest: {value} ({category})` with just these two placeholders. What is "" is not said.
    charts: tuple[str, str, str] = ("", "", "")
    chart_highest: str = ""
    chart_lowest: str = ""
    #: Word for a value that is not there: "no value".
    chart_gap: str = ""
    #: Before the name of a file that goes with the message: "Attached".
    attachment: str = ""


class Manuscript(records.Record, frozen=True, kw_only=True, omit_defaults=True):
    """The final content for one recipient, language and moment."""

    model: int = records.written(MODEL)
    #: Reference of the notice it says.
    ref: str
    communication: str
    #: Digest of the approved template version it was made from.
    template: str
    #: BCP 47.
    language: str
    direction: Direction
    #: Date as written in the letter.
    dated: str
    title: str
    brand: Brand
    #: Who it is for: name first, then the postal address lines; just the name where there is no postal address.
    recipient: tuple[str, ...]
    blocks: tuple[Block, ...]
    words: Words
    labels: Labels
    #: Address of this communication in the portal, shown with `labels.web_view`; "" for none.
    web_link: str = records.written("")
    #: Where the recipient can end messages of this category, shown with `labels.unsubscribe`; "" where the category
    #: allows no unsubscribing.
    unsubscribe_link: str = records.written("")
    #: Typst source that lays the letter out, as it was approved; "" for the standard letter.
    layout: str = ""
    #: Whether the letter may be long: more time and memory is allowed for it.
    is_long: bool = False


class Incomplete(records.Record, frozen=True, kw_only=True):
    """A notice that could not be said, because facts its template needs are missing or of the wrong type."""

    ref: str
    #: Each one by the place that needs it: `body[3].text: {estimate.restoration_at}`; never a value.
    missing: tuple[str, ...]
    #: Which template, in which language.
    detail: str


Composed = Manuscript | Incomplete


class Rendition(records.Record, frozen=True, kw_only=True):
    """A manuscript laid out for one channel."""

    ref: str
    channel: parties.ChannelKind
    media_type: str
    #: The bytes that go out (PDF, MIME entity without envelope headers, SMS text, push JSON); not part of any JSON.
    content: bytes
    #: Pages for print, segments for SMS, 1 otherwise.
    units: int = 1


class UnrenderableReason(enum.StrEnum):
    """Why a manuscript could not be laid out. Closed."""

    MISSING_GLYPH = "missing_glyph"
    OVERFLOW = "overflow"
    TOO_LONG = "too_long"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    LAYOUT_ERROR = "layout_error"
    NO_CONTENT = "no_content"
    #: The channel cannot carry a block of this manuscript.
    UNSUPPORTED = "unsupported"


class Unrenderable(records.Record, frozen=True, kw_only=True):
    """A manuscript an engine refused, with the place."""

    ref: str
    channel: parties.ChannelKind
    reason: UnrenderableReason
    #: What and where: the character and its code point, the block, the line of the layout.
    detail: str


Rendered = Rendition | Unrenderable
