"""What must hold of a manuscript before it can be laid out as an e-mail.

Checked once, up front, so that everything behind it builds without failing. The first fault found is told with its
place; nothing is repaired in silence.
"""

import re
from collections.abc import Iterator
from typing import assert_never

import msgspec

from signalpost.engines.email import attachments, standing
from signalpost.vocabulary import links, manuscripts, parties, records
from signalpost.vocabulary.manuscripts import UnrenderableReason as Reason

HEADING_LEVELS = range(1, 5)

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
#: Up to 20 digits on either side, so that no number of a chart can fill a page.
_DECIMAL = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
#: C0 controls but tab and line ends (WHATWG HTML, 13.2.3.5), and halves of surrogate pairs: nothing can carry them.
_UNCARRIED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")

_Fault = tuple[Reason, str]


def fault(manuscript: manuscripts.Manuscript) -> manuscripts.Unrenderable | None:
    """The first fault of `manuscript`, `None` when it is sound."""
    found = _characters(manuscript) or _fault(manuscript)
    if found is None:
        return None
    reason, detail = found
    return manuscripts.Unrenderable(ref=manuscript.ref, channel=parties.ChannelKind.EMAIL, reason=reason, detail=detail)


def _characters(manuscript: manuscripts.Manuscript) -> _Fault | None:
    # Canonical JSON escapes controls. Where all escapes are quotes and line ends, there is nothing to look for.
    try:
        written = records.canonical(manuscript)
        if written.count(b"\\") == written.count(b'\\"') + written.count(b"\\n"):
            return None
    except UnicodeEncodeError:
        pass
    for path, text in _texts(msgspec.to_builtins(manuscript), ""):
        if found := _UNCARRIED.search(text):
            return Reason.MISSING_GLYPH, f"{path}: wanted characters, got U+{ord(found[0]):04X}"
    return None


def _texts(value: "records.Json | tuple[records.Json, ...]", path: str) -> Iterator[tuple[str, str]]:
    """Every string in plain data, with its JSON Pointer (RFC 6901)."""
    match value:
        case str():
            yield path, value
        case dict():
            for name, item in value.items():
                yield from _texts(item, f"{path}/{name}")
        case list() | tuple():
            for index, item in enumerate(value):
                yield from _texts(item, f"{path}/{index}")
        case _:
            return


def _fault(manuscript: manuscripts.Manuscript) -> _Fault | None:
    if found := _missing(manuscript) or _malformed(manuscript):
        return found
    is_empty = True
    for path, block in standing.everything(manuscript.blocks):
        is_empty = False
        if found := _block(block):
            return found[0], f"{path}{found[1]}"
    return (Reason.NO_CONTENT, "/blocks: wanted at least one, got none") if is_empty else None


def _missing(manuscript: manuscripts.Manuscript) -> _Fault | None:
    for name, text in (("title", manuscript.title), ("words/subject", manuscript.words.subject)):
        if not text.strip():
            return Reason.NO_CONTENT, f"/{name}: wanted text, got none"
    return None


def _malformed(manuscript: manuscripts.Manuscript) -> _Fault | None:
    if not _LANGUAGE.fullmatch(manuscript.language):
        return Reason.LAYOUT_ERROR, f"/language: wanted a BCP 47 tag, got {manuscript.language[:40]!r}"
    for name, colour in (("primary", manuscript.brand.primary), ("on_primary", manuscript.brand.on_primary)):
        if not _COLOUR.fullmatch(colour):
            return Reason.LAYOUT_ERROR, f"/brand/{name}: wanted '#rrggbb', got {colour[:40]!r}"
    for name, link in (("web_link", manuscript.web_link), ("unsubscribe_link", manuscript.unsubscribe_link)):
        if link and (found := _link(link, f"/{name}")):
            return found
    return None


def _block(  # noqa: C901, PLR0911, PLR0912 -- one case per kind of block
    block: manuscripts.Block,
) -> _Fault | None:
    """The first fault of a block, its place from the block on."""
    match block:
        case manuscripts.Paragraph() | manuscripts.Callout():
            return _runs(block.runs)
        case manuscripts.Heading():
            if block.level not in HEADING_LEVELS:
                return Reason.LAYOUT_ERROR, f"/level: wanted 1 to 4, got {block.level}"
            return _runs(block.runs)
        case (
            manuscripts.KeyFigures()
            | manuscripts.ReferenceLines()
            | manuscripts.Signature()
            | manuscripts.Barcode()
            | manuscripts.Break()
        ):
            return None
        case manuscripts.List():
            for index, item in enumerate(block.items):
                if found := _runs(item):
                    return found[0], f"/items/{index}{found[1]}"
            return None
        case manuscripts.Action():
            return _link(block.link, "/link")
        case manuscripts.Table():
            return _table(block)
        case manuscripts.Chart():
            return _chart(block)
        case manuscripts.Columns():
            return _columns(block)
        case manuscripts.Attachment():
            wrong = attachments.flaw(block)
            return (Reason.LAYOUT_ERROR, wrong) if wrong else None
        case manuscripts.Keep() | manuscripts.Only():
            raise AssertionError("what they hold stands in the flow")
        case manuscripts.Image():
            if block.width_mm <= 0:
                return Reason.LAYOUT_ERROR, f"/width_mm: wanted more than 0, got {block.width_mm}"
            return None
        case _:
            assert_never(block)


def _runs(runs: manuscripts.Runs) -> _Fault | None:
    for index, run in enumerate(runs):
        if run.link and (found := _link(run.link, f"/runs/{index}/link")):
            return found
    return None


def _link(link: str, path: str) -> _Fault | None:
    if links.is_allowed(link):
        return None
    return Reason.UNSUPPORTED, f"{path}: wanted {links.WANTED}, got {link[:40]!r}"


def _columns(block: manuscripts.Columns) -> _Fault | None:
    if not block.columns or any(part.width <= 0 for part in block.columns):
        return Reason.LAYOUT_ERROR, "/columns: wanted at least one, with widths above 0"
    if any(isinstance(inner, manuscripts.Columns) for part in block.columns for inner in manuscripts.walk(part.blocks)):
        return Reason.UNSUPPORTED, "/columns: wanted no columns inside columns"
    return None


def _table(table: manuscripts.Table) -> _Fault | None:
    width = len(table.columns)
    if width == 0:
        return Reason.LAYOUT_ERROR, "/columns: wanted at least one, got none"
    if any(column.width <= 0 for column in table.columns):
        return Reason.LAYOUT_ERROR, f"/columns: wanted widths above 0, got {[one.width for one in table.columns]}"
    grouped = [(f"groups/{index}/subtotals", group.subtotals) for index, group in enumerate(table.groups)]
    for name, rows in (("rows", table.rows), ("totals", table.totals), *grouped):
        for index, row in enumerate(rows):
            if len(row) != width:
                return Reason.LAYOUT_ERROR, f"/{name}/{index}: wanted {width} cells, got {len(row)}"
    counted = sum(group.rows for group in table.groups)
    if table.groups and counted != len(table.rows):
        return Reason.LAYOUT_ERROR, f"/groups: wanted {len(table.rows)} rows in all, got {counted}"
    return None


def _chart(chart: manuscripts.Chart) -> _Fault | None:
    wanted = len(chart.categories)
    for index, one in enumerate(chart.series):
        if len(one.values) != wanted:
            return Reason.LAYOUT_ERROR, f"/series/{index}: wanted {wanted} values, got {len(one.values)}"
        for place, value in enumerate(one.values):
            if value is not None and not _DECIMAL.fullmatch(value):
                got = f"wanted a plain decimal, got {value[:40]!r}"
                return Reason.LAYOUT_ERROR, f"/series/{index}/values/{place}: {got}"
    return None
