"""What the layout shows: the manuscript's blocks with everything decided that HTML has no arithmetic for.

Pure: a `View` depends on the manuscript and its pictures alone.
"""

import re
from collections.abc import Iterator
from typing import assert_never

import msgspec

from signalpost.engines.email import charts, palette, pictures, standing
from signalpost.vocabulary import links, manuscripts

FIGURES_PER_ROW = 3
#: Between two columns of blocks.
GAP_PERCENT = 4
_TONES = tuple(manuscripts.Tone)
_NOT_DIALLED = re.compile(r"[^0-9+]")


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """Heading cell of a table."""

    heading: str
    align: str
    percent: int


class Table(msgspec.Struct, frozen=True, kw_only=True, tag="table"):
    """A table with the sides its columns stand at, `left`, `center` or `right`, and a note below it."""

    caption: str
    columns: tuple[Column, ...]
    aligns: tuple[str, ...]
    #: All rows, in one group or more.
    groups: tuple["RowGroup", ...]
    totals: tuple[tuple[str, ...], ...]
    note: str


class RowGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of a table below a heading, "" for none, and above their subtotals."""

    heading: str
    rows: tuple[tuple[str, ...], ...]
    subtotals: tuple[tuple[str, ...], ...]


class KeyFigures(msgspec.Struct, frozen=True, kw_only=True, tag="key_figures"):
    """Figures in rows; `missing` cells fill the last one."""

    rows: tuple[tuple[manuscripts.KeyFigure, ...], ...]
    percent: int
    missing: int


class Callout(msgspec.Struct, frozen=True, kw_only=True, tag="callout"):
    """A callout with the word for its tone."""

    tone: manuscripts.Tone
    label: str
    title: str
    runs: manuscripts.Runs


class Picture(msgspec.Struct, frozen=True, kw_only=True, tag="picture"):
    """An image that travels in the same e-mail. `caption` repeats the alternative for those who see the picture."""

    cid: str
    alternative: str
    caption: str
    width: int


class Attachment(msgspec.Struct, frozen=True, kw_only=True, tag="attachment"):
    """A line that names a file which goes with the e-mail."""

    label: str
    title: str
    name: str


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One of several columns of blocks."""

    percent: int
    blocks: tuple["Shown", ...]


class Columns(msgspec.Struct, frozen=True, kw_only=True, tag="columns"):
    """Blocks side by side, below each other on a narrow screen."""

    parts: tuple[Part, ...]


Shown = (
    manuscripts.Heading
    | manuscripts.Paragraph
    | manuscripts.List
    | manuscripts.Action
    | manuscripts.ReferenceLines
    | manuscripts.Signature
    | manuscripts.Break
    | Table
    | KeyFigures
    | Callout
    | charts.Bars
    | charts.Strips
    | Picture
    | Attachment
    | Columns
)


class Logo(msgspec.Struct, frozen=True, kw_only=True):
    """The logo's place in the letterhead, in pixels."""

    cid: str
    width: int
    height: int


class Dress(msgspec.Struct, frozen=True, kw_only=True):
    """What `layout.mjml` names of a brand: letterhead and footer."""

    name: str
    logo: Logo | None
    imprint: tuple[str, ...]
    website: str
    website_text: str
    telephone: str
    telephone_link: str


class View(msgspec.Struct, frozen=True, kw_only=True):
    """What `layout.mjml` names of one manuscript."""

    language: str
    title: str
    #: Whether a heading of level 1 is among the blocks; else the title is shown as one.
    has_title: bool
    preheader: str
    dated: str
    blocks: tuple[Shown, ...]
    web_link: str
    web_view: str
    unsubscribe_link: str
    unsubscribe: str


def of(manuscript: manuscripts.Manuscript, album: pictures.Album) -> View:
    """The view of a manuscript that `soundness` found nothing against, with its pictures by block."""
    return View(
        language=manuscript.language,
        title=manuscript.title,
        has_title=standing.has_title(manuscript.blocks),
        preheader=manuscript.words.preheader,
        dated=manuscript.dated,
        blocks=tuple([_shown(placed, manuscript, album) for placed in standing.flow(manuscript.blocks)]),
        web_link=manuscript.web_link,
        web_view=manuscript.labels.web_view,
        unsubscribe_link=manuscript.unsubscribe_link,
        unsubscribe=manuscript.labels.unsubscribe,
    )


def dress(brand: manuscripts.Brand, logo: pictures.Picture | None) -> Dress:
    """The dress of a brand. A website or telephone number that makes no allowed link is shown without one."""
    telephone_link = "tel:" + _NOT_DIALLED.sub("", brand.telephone)
    return Dress(
        name=brand.name,
        logo=None if logo is None else Logo(cid=logo.cid, width=logo.width_px, height=logo.height_px),
        imprint=brand.imprint,
        website=brand.website if links.is_allowed(brand.website) else "",
        website_text=brand.website.removeprefix("https://").removesuffix("/"),
        telephone=brand.telephone,
        telephone_link=telephone_link if links.is_allowed(telephone_link) else "",
    )


def _shown(  # noqa: PLR0911 -- one case per kind of block
    placed: standing.Placed, manuscript: manuscripts.Manuscript, album: pictures.Album
) -> Shown:
    path, block = placed
    match block:
        case manuscripts.Table():
            return _table(block, manuscript.direction, note="")
        case manuscripts.KeyFigures():
            return _key_figures(block)
        case manuscripts.Callout():
            label = manuscript.labels.tones[_TONES.index(block.tone)]
            return Callout(tone=block.tone, label=label, title=block.title, runs=block.runs)
        case manuscripts.Chart():
            return _chart(block, manuscript)
        case manuscripts.Image() | manuscripts.Barcode():
            picture = album[path]
            caption = block.alternative if isinstance(block, manuscripts.Barcode) else ""
            return Picture(cid=picture.cid, alternative=block.alternative, caption=caption, width=picture.width_px)
        case (
            manuscripts.Heading()
            | manuscripts.Paragraph()
            | manuscripts.List()
            | manuscripts.Action()
            | manuscripts.ReferenceLines()
            | manuscripts.Signature()
            | manuscripts.Break()
        ):
            return block
        case manuscripts.Attachment():
            return Attachment(label=manuscript.labels.attachment, title=block.title, name=block.name)
        case manuscripts.Columns():
            return _columns(path, block, manuscript, album)
        case manuscripts.Keep() | manuscripts.Only():
            raise AssertionError("what they hold stands in the flow")
        case _:
            assert_never(block)


def _columns(
    path: str, block: manuscripts.Columns, manuscript: manuscripts.Manuscript, album: pictures.Album
) -> Columns:
    shares = sum(part.width for part in block.columns)
    room = 100 - GAP_PERCENT * (len(block.columns) - 1)
    return Columns(
        parts=tuple(
            Part(
                percent=room * part.width // shares,
                blocks=tuple([_shown(each, manuscript, album) for each in standing.column(path, index, part)]),
            )
            for index, part in enumerate(block.columns)
        )
    )


def _table(table: manuscripts.Table, direction: manuscripts.Direction, *, note: str) -> Table:
    aligns = tuple(_side(column.align, direction) for column in table.columns)
    shares = sum(column.width for column in table.columns)
    return Table(
        caption=table.caption,
        columns=tuple(
            Column(heading=column.heading, align=align, percent=100 * column.width // shares)
            for column, align in zip(table.columns, aligns, strict=True)
        ),
        aligns=aligns,
        groups=tuple(_groups(table)),
        totals=table.totals,
        note=note,
    )


def _groups(table: manuscripts.Table) -> Iterator[RowGroup]:
    start = 0
    for group in table.groups or (manuscripts.RowGroup(heading="", rows=len(table.rows)),):
        rows = table.rows[start : start + group.rows]
        start += group.rows
        yield RowGroup(heading=group.heading, rows=rows, subtotals=group.subtotals)


def _side(align: manuscripts.Alignment, direction: manuscripts.Direction) -> str:
    match align:
        case manuscripts.Alignment.CENTER:
            return "center"
        case manuscripts.Alignment.START:
            return "left" if direction is manuscripts.Direction.LTR else "right"
        case manuscripts.Alignment.END:
            return "right" if direction is manuscripts.Direction.LTR else "left"
        case _:
            assert_never(align)


def _key_figures(block: manuscripts.KeyFigures) -> KeyFigures:
    across = 2 if len(block.figures) in {2, 4} else min(FIGURES_PER_ROW, max(1, len(block.figures)))
    starts = range(0, len(block.figures), across)
    return KeyFigures(
        rows=tuple(block.figures[start : start + across] for start in starts),
        percent=(100 - 2 * (across - 1)) // across,
        missing=-len(block.figures) % across,
    )


def _chart(chart: manuscripts.Chart, manuscript: manuscripts.Manuscript) -> Shown:
    """The chart drawn, or its data as a table where it has too much of it."""
    colours = palette.of(manuscript.brand.primary, manuscript.brand.on_primary).light.series
    return charts.drawn(chart, manuscript.language, colours=colours, direction=manuscript.direction) or _table(
        charts.table_of(chart, manuscript.language), manuscript.direction, note=chart.alternative
    )
