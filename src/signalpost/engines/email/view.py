"""What the layout shows: the manuscript's blocks with everything decided that HTML has no arithmetic for.

Pure: a `View` depends on the manuscript and its pictures alone.
"""

import re
from typing import assert_never

import msgspec

from signalpost.engines.email import charts, palette, pictures
from signalpost.vocabulary import links, manuscripts

FIGURES_PER_ROW = 3
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
    rows: tuple[tuple[str, ...], ...]
    totals: tuple[tuple[str, ...], ...]
    note: str


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
        has_title=any(isinstance(block, manuscripts.Heading) and block.level == 1 for block in manuscript.blocks),
        preheader=manuscript.words.preheader,
        dated=manuscript.dated,
        blocks=tuple(_shown(block, manuscript, album.get(index)) for index, block in enumerate(manuscript.blocks)),
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


def _shown(block: manuscripts.Block, manuscript: manuscripts.Manuscript, picture: pictures.Picture | None) -> Shown:
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
            assert picture is not None
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
        case _:
            assert_never(block)


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
        rows=table.rows,
        totals=table.totals,
        note=note,
    )


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
