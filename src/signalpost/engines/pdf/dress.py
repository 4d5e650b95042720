"""Manuscript to sheet: checks it, cleans its texts and computes what a layout cannot.

The first flaw found wins; nothing is left out in silence.
"""

import re
from collections.abc import Collection, Sequence

from signalpost.engines.pdf import blocks, fitting, sheets, texts
from signalpost.vocabulary import manuscripts
from signalpost.vocabulary.manuscripts import UnrenderableReason

#: Contrast of text on its ground (WCAG 2.2, 1.4.3).
CONTRAST_MIN = 4.5

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:-[A-Za-z]{4})?(?:-([A-Za-z]{2}|\d{3}))?(?:-[A-Za-z0-9]{1,8})*")


def dress(
    manuscript: manuscripts.Manuscript, wardrobe: fitting.Wardrobe, *, assets: Collection[str], rows_max: int
) -> sheets.Sheet | sheets.Flaw:
    """Make the sheet of a manuscript, or say what is wrong with it.

    Args:
        manuscript: as composed.
        wardrobe: the stationery and fonts to use.
        assets: digests of the images and files that lie ready.
        rows_max: rows of the longest table that is laid out.
    """
    tailor = fitting.Tailor(manuscript, wardrobe, assets, rows_max=rows_max)
    flowing, references = _take_references(list(blocks.flow("blocks", manuscript.blocks)))
    title = _title(tailor, flowing)
    dressed = [*title, *(pair for path, block in flowing if (pair := blocks.dress(tailor, path, block)))]
    if not tailor.has_content:
        tailor.refuse("blocks", "wanted at least one with something to say", UnrenderableReason.NO_CONTENT)
    frame = _frame(tailor, references)
    sheet = sheets.Sheet(
        frame=frame,
        blocks=tuple(block for block, _ in dressed),
        extras=tuple(extra for _, extra in dressed),
        paper=wardrobe.paper,
        primary=manuscript.brand.primary,
        accent=_accent(tailor),
        is_rtl=tailor.is_rtl,
        tone_words=_tone_words(tailor),
        doubtful=tuple(tailor.doubtful),
        carried=tailor.carried,
    )
    return tailor.flaw or sheet


def _take_references(
    numbered: list[blocks.Numbered],
) -> tuple[list[blocks.Numbered], manuscripts.ReferenceLines]:
    """Take the first reference lines out of the flow: they have their own place."""
    for place, (_, block) in enumerate(numbered):
        if isinstance(block, manuscripts.ReferenceLines):
            return numbered[:place] + numbered[place + 1 :], block
    return numbered, manuscripts.ReferenceLines(lines=())


def _title(tailor: fitting.Tailor, flowing: Sequence[blocks.Numbered]) -> list[blocks.Dressed]:
    """The title as a heading, where the first heading is not one of level 1 (PDF/UA-1, 7.4.2)."""
    headings = [
        block
        for block in manuscripts.walk([block for _, block in flowing])
        if isinstance(block, manuscripts.Heading) and fitting.has_text(block.runs)
    ]
    if headings and headings[0].level == 1:
        return []
    tailor.level = 1
    text = tailor.text("title", tailor.manuscript.title, width=tailor.width, size=tailor.look.title_pt)
    heading = manuscripts.Heading(level=1, runs=(manuscripts.Run(text=text),))
    return [(heading, sheets.HeadingExtra(level=1))]


def _frame(tailor: fitting.Tailor, references: manuscripts.ReferenceLines) -> sheets.Frame:
    """Letterhead, window, reference block, running header and footer."""
    manuscript, look, paper = tailor.manuscript, tailor.look, tailor.wardrobe.paper
    language, region = _language(tailor)
    dated = tailor.text("dated", manuscript.dated, width=look.running_date_mm, size=look.small_pt)
    website = texts.printed(manuscript.brand.website)
    contact = paper.contact.width
    recipient = tuple(
        tailor.text(f"recipient[{index}]", line, width=paper.address.width, size=look.address_pt)
        for index, line in enumerate(manuscript.recipient)
    )
    _box(tailor, "address window", recipient, area=paper.address, size=look.address_pt)
    frame = sheets.Frame(
        title=_document_title(tailor),
        dated=dated,
        brand=_brand(tailor),
        website=tailor.text("brand.website", website, width=contact, size=look.small_pt),
        recipient=recipient,
        references=_references(tailor, references),
        page_label=_page_label(tailor),
        language=language,
        region=region,
        fonts=tailor.wardrobe.fonts.names(manuscript.language),
    )
    running = paper.body_width - look.running_date_mm - look.footer_gap_mm
    name = " ".join((frame.brand.name, *recipient[:1], "  "))
    tailor.box("running header", [name], width=running, height=8, size=look.small_pt)
    return frame


def _box(tailor: fitting.Tailor, name: str, lines: Sequence[str], *, area: sheets.Area, size: float) -> None:
    tailor.box(name, lines, width=area.width, height=area.height, size=size)


def _language(tailor: fitting.Tailor) -> tuple[str, str]:
    """Language and region (two letters, or "") of the BCP 47 tag."""
    found = _LANGUAGE.fullmatch(tailor.manuscript.language)
    if not found:
        tailor.refuse("language", f"wanted a BCP 47 tag, got {tailor.manuscript.language[:40]!r}")
        return "", ""
    region: str | None = found[2]
    return found[1].lower(), region.upper() if region and region.isalpha() else ""


def _document_title(tailor: fitting.Tailor) -> str:
    title = texts.clean(tailor.manuscript.title).replace("\n", " ").strip()
    tailor.text("title", title, width=tailor.width, size=tailor.look.title_pt)
    if not title:
        tailor.refuse("title", "wanted the title that PDF/UA-1, 7.1 demands, got none", UnrenderableReason.NO_CONTENT)
    return title


def _references(tailor: fitting.Tailor, given: manuscripts.ReferenceLines) -> tuple[manuscripts.ReferenceLine, ...]:
    """The reference block: the given lines, and the date."""
    manuscript, look, area = tailor.manuscript, tailor.look, tailor.wardrobe.paper.reference
    dated = manuscripts.ReferenceLine(label=manuscript.labels.date, value=manuscript.dated)
    block = manuscripts.ReferenceLines(lines=(*given.lines, dated))
    label, size = area.width * look.label_share, look.cell_pt
    lines = blocks.lines(tailor, "reference_lines", block, label=label, width=area.width, size=size)
    room = area.width - label - look.label_gap_mm
    tailor.box("reference block", [line.label for line in lines], width=label, height=area.height, size=size)
    tailor.box("reference block", [line.value for line in lines], width=room, height=area.height, size=size)
    return lines


def _brand(tailor: fitting.Tailor) -> manuscripts.Brand:
    brand, look, paper = tailor.manuscript.brand, tailor.look, tailor.wardrobe.paper
    room = paper.body_width - look.page_label_mm - look.footer_gap_mm
    imprint = tuple(
        tailor.text(f"brand.imprint[{index}]", line, width=room, size=look.tiny_pt)
        for index, line in enumerate(brand.imprint)
    )
    tailor.box("imprint", imprint, width=room, height=paper.footer_height - 2, size=look.tiny_pt)
    name = tailor.text("brand.name", brand.name, width=paper.contact.width, size=look.name_pt)
    telephone = tailor.text("brand.telephone", brand.telephone, width=paper.contact.width, size=look.small_pt)
    _box(tailor, "contact lines", [name, telephone, brand.website], area=paper.contact, size=look.small_pt)
    if not brand.logo_svg:
        _box(tailor, "letterhead", [name], area=paper.letterhead, size=look.name_pt)
    sender = tailor.text(
        "brand.return_address", brand.return_address, width=paper.return_address.width, size=look.tiny_pt
    )
    _box(tailor, "return address", [sender], area=paper.return_address, size=look.tiny_pt)
    return manuscripts.Brand(
        name=name,
        imprint=imprint,
        return_address=sender,
        primary=brand.primary,
        on_primary=brand.on_primary,
        website=brand.website,
        telephone=telephone,
        logo_svg=brand.logo_svg,
    )


def _page_label(tailor: fitting.Tailor) -> sheets.PageLabel:
    """The label of the page number; it must hold each placeholder once and fit on one line."""
    given, look = tailor.manuscript.labels.page, tailor.look
    label = texts.page_label(texts.clean(given))
    if label is None:
        tailor.refuse("labels.page", f"wanted one {{page}} and one {{pages}}, got {given[:40]!r}")
        return sheets.PageLabel(first="", between="", last="", is_total_first=False)
    shown = f"{label.first}000{label.between}000{label.last}"
    tailor.text("labels.page", shown, width=look.page_label_mm, size=look.small_pt)
    if not tailor.is_single(shown, width=look.page_label_mm, size=look.small_pt):
        tailor.refuse("labels.page", f"does not fit {look.page_label_mm} mm", UnrenderableReason.OVERFLOW)
    return label


def _tone_words(tailor: fitting.Tailor) -> dict[str, str]:
    size = tailor.look.body_pt
    words = zip(manuscripts.Tone, tailor.manuscript.labels.tones, strict=True)
    return {tone.value: tailor.text("labels.tones", word, width=tailor.width / 2, size=size) for tone, word in words}


def _accent(tailor: fitting.Tailor) -> str:
    """The brand's colour where text in it can be read on white, else ink."""
    primary = tailor.manuscript.brand.primary
    if not _COLOUR.fullmatch(primary):
        tailor.refuse("brand.primary", f"wanted #rrggbb, got {primary[:20]!r}")
        return tailor.look.ink
    return primary if contrast(primary, "#ffffff") >= CONTRAST_MIN else tailor.look.ink


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours `#rrggbb`, 1 to 21 (WCAG 2.2, contrast ratio)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    """Relative luminance of sRGB (WCAG 2.2)."""
    shares = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)  # noqa: PLR2004
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
