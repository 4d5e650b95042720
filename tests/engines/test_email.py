"""The e-mail engine: what is in the MIME entity, and what a reader sees of it."""

import functools
import importlib.util
import io
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import hypothesis
import msgspec
import PIL.Image
import pytest
import zxingcpp
from hypothesis import strategies
from playwright import sync_api
from tests.engines import conformance, mail, samples
from tests.peers import inventory

from signalpost import engines
from signalpost.engines.email import Email, bidi, charts, palette, pictures, view
from signalpost.vocabulary import links, manuscripts, parties, records
from signalpost.vocabulary.manuscripts import Run
from signalpost.vocabulary.manuscripts import UnrenderableReason as Reason

LINE_CHARACTERS = 78

Sample = Callable[[], manuscripts.Manuscript]
Scheme = Literal["light", "dark"]


@functools.cache
def _engine() -> Email:
    return Email(samples.ASSETS.get)


def _mail(manuscript: manuscripts.Manuscript) -> mail.Mail:
    (rendered,) = _engine().render([manuscript])
    return mail.Mail(rendered)


def _with(*blocks: manuscripts.Block, **changes: object) -> manuscripts.Manuscript:
    sample = samples.manuscript("with", (samples.heading("Title", 1), *blocks))
    return msgspec.structs.replace(sample, **changes)


PLAIN_BRAND = msgspec.structs.replace(samples.BRAND, logo_svg="")


class TestHtml(conformance.Conformance):
    @classmethod
    def make(cls) -> engines.Engine:
        return Email(samples.ASSETS.get)

    def text(self, rendition: manuscripts.Rendition) -> str:
        return mail.Mail(rendition).page.text


class TestPlain(conformance.Conformance):
    @classmethod
    def make(cls) -> engines.Engine:
        return Email(samples.ASSETS.get)

    def text(self, rendition: manuscripts.Rendition) -> str:
        return mail.Mail(rendition).plain


# The MIME entity


@pytest.mark.parametrize("sample", [samples.outage, samples.bill, samples.arabic, samples.every_block])
def test_the_entity_is_lines_that_every_relay_passes_on(sample: Sample):
    content = _mail(sample()).content
    assert content.startswith(b"Content-Type: multipart/alternative;\r\n")
    assert content.isascii()
    assert content.endswith(b"\r\n")
    lines = content.removesuffix(b"\r\n").split(b"\r\n")
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    assert max(map(len, lines)) <= LINE_CHARACTERS


def test_the_envelope_is_left_to_the_channel():
    assert _mail(samples.bill()).entity.keys() == ["Content-Type", "Content-Language"]


def test_plain_text_comes_first_and_pictures_stay_beside_the_html():
    assert _mail(samples.bill()).types == [
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "image/png",
    ]


def test_without_pictures_there_is_nothing_to_relate():
    found = _mail(msgspec.structs.replace(samples.outage(), brand=PLAIN_BRAND))
    assert found.types == ["multipart/alternative", "text/plain", "text/html"]


def test_every_picture_is_shown_and_every_shown_picture_is_there():
    found = _mail(samples.every_block())
    shown = [element.attributes["src"] for element in found.page.of("img")]
    assert {source.removeprefix("cid:") for source in shown} == set(found.pictures)
    assert all(source.startswith("cid:") for source in shown)


def test_the_language_is_said_to_mail_clients_and_to_screen_readers():
    found = _mail(samples.outage_german())
    assert found.entity["Content-Language"] == "de-DE"
    assert found.page.of("html")[0].attributes["lang"] == "de-DE"


def test_boundaries_come_from_the_reference():
    first, again, other = (_mail(samples.outage(ref)).entity.get_boundary() for ref in ("a", "a", "b"))
    assert first == again != other


@pytest.mark.parametrize(
    ("sample", "encodings"),
    [
        (samples.outage, ["quoted-printable", "quoted-printable"]),
        (samples.arabic, ["base64", "quoted-printable"]),
    ],
)
def test_text_is_encoded_as_is_shorter(sample: Sample, encodings: list[str]):
    assert _mail(sample()).encodings[:2] == encodings


def test_much_foreign_text_makes_the_html_base64_too():
    assert _mail(_with(samples.paragraph("水" * 3000))).encodings[:2] == ["base64", "base64"]


def test_a_line_that_starts_with_from_is_safe_from_mail_stores():
    found = _mail(_with(samples.paragraph("From here on, all is well.")))
    assert b"\r\nFrom " not in found.content
    assert "\r\nFrom here on, all is well.\r\n" in found.plain


# What a reader sees


def test_the_plain_text_reads_well():
    manuscript = msgspec.structs.replace(
        samples.outage(),
        web_link="https://northlight.example/m/1",
        unsubscribe_link="https://northlight.example/u/1",
    )
    assert _mail(manuscript).plain.replace("\r\n", "\n") == OUTAGE_TEXT


OUTAGE_TEXT = """\
Northlight Energy
14 March 2026

Customer number: 4711 0815
Incident:        WH-2026-0314-07
Premises:        14 Mill Lane

Power cut in your street
========================

Dear Ms Meyer,

since 14:05 today the power has been off at 14 Mill Lane. A damaged
underground cable has been found near Harbour Bridge. Our crew is on site.

Off since:      14:05
Expected back:  18:30 (14 March, first estimate)
Homes affected: 1,024

| Warning: Never touch fallen lines
| Keep at least 10 metres away and call us at once.

What you can do
---------------

* Switch off appliances that were on, the oven and the iron first.
* Keep the fridge closed: it stays cold for about four hours.
* Look in on neighbours who depend on medical equipment.

See the current state:
https://northlight.example/o/WH-0314-07

Kind regards

Jonas Weber
Network operations

--\N{SPACE}
Northlight Energy Ltd · 12 Harbour Road · Westhaven WH1 4DT
Registered in Westhaven, No. 0042 4711 · VAT XX 123 456 789 · Directors:
A. Sommer, B. Lind
https://northlight.example
+44 20 7946 0100

View this message in your browser
https://northlight.example/m/1

Unsubscribe
https://northlight.example/u/1
"""


def test_tables_stand_in_columns():
    plain = _mail(samples.bill()).plain.replace("\r\n", "\n")
    assert (
        """\
Charges in February 2026
Charge                            Quantity     Price   Amount
--------------------------------  --------  --------  -------
Energy, day rate (07:00\N{EN DASH}21:00)     162 kWh  £ 0.2948  £ 47.76
Energy, night rate (21:00\N{EN DASH}07:00)    79 kWh  £ 0.2110  £ 16.67
Standing charge                    28 days  £ 0.5510  £ 15.43
Solar export credit                \N{MINUS SIGN}12 kWh  £ 0.1500  \N{MINUS SIGN}£ 1.80
Smart meter service                1 month  £ 2.1200   £ 2.12
--------------------------------  --------  --------  -------
Net                                                   £ 80.18
VAT 5 %                                                £ 4.01
Total                                                 £ 84.19
"""
        in plain
    )


def test_a_long_chart_is_said_in_words_alone():
    plain = _mail(_with(_chart(manuscripts.ChartKind.LINE, ("1",) * 17))).plain
    assert "Use (kWh)\r\n\r\nUp and down.\r\n" in plain


def test_a_wide_table_is_wrapped_in_its_widest_column():
    table = manuscripts.Table(
        caption="",
        columns=(manuscripts.Column(heading="What"), manuscripts.Column(heading="When")),
        rows=(("a long explanation that takes much more than one line of this plain text", "14:05 today"),),
    )
    assert _mail(_with(table)).plain.splitlines()[6:10] == [
        "What                                                           When",
        "-------------------------------------------------------------  -----------",
        "a long explanation that takes much more than one line of this  14:05 today",
        "plain text",
    ]


def test_wide_characters_take_two_columns():
    table = manuscripts.Table(
        caption="",
        columns=(manuscripts.Column(heading="a"), manuscripts.Column(heading="b")),
        rows=(("東京", "1"), ("e\u0301", "2")),
    )
    assert _mail(_with(table)).plain.splitlines()[6:10] == ["a     b", "----  -", "東京  1", "e\u0301     2"]


def test_links_are_written_out_once():
    runs = (
        Run(text="Read "),
        Run(text="this page", link="https://northlight.example/p"),
        Run(text=" or write to "),
        Run(text="help@northlight.example", link="mailto:help@northlight.example"),
        Run(text=" or call "),
        Run(text="+44 20", link="tel:+4420"),
        Run(text=" or "),
        Run(text="us", link="mailto:us@northlight.example"),
    )
    assert (
        "Read this page <https://northlight.example/p> or write to\r\n"
        "help@northlight.example or call +44 20 or us <us@northlight.example>\r\n"
    ) in _mail(_with(manuscripts.Paragraph(runs=runs))).plain


@hypothesis.given(words=strategies.lists(strategies.text("abcdefgäß-", min_size=1, max_size=90), max_size=60))
def test_lines_of_plain_text_have_at_most_74_columns_or_one_word(words: list[str]):
    lines = _mail(_with(samples.paragraph(" ".join(words)), brand=PLAIN_BRAND)).plain.splitlines()
    assert all(len(line) <= 74 or " " not in line for line in lines)


#: Anything but what no engine carries: C0 controls and halves of surrogate pairs.
_ANY_TEXT = strategies.text(
    strategies.one_of(
        strategies.sampled_from("<>&\"'`{}%#|[]\\/=\0\n\r\t ".replace("\0", "")),
        strategies.characters(exclude_categories=("Cs",), exclude_characters=[chr(code) for code in range(32)]),
    ),
    max_size=60,
)


@hypothesis.given(text=_ANY_TEXT)
@hypothesis.settings(deadline=None)
def test_any_text_is_literal_to_the_character(text: str):
    text = f"\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}{text}\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}"
    block = manuscripts.Callout(tone=manuscripts.Tone.NOTE, title="t", runs=(Run(text=text), Run(text="!")))
    found = _mail(_with(block, brand=PLAIN_BRAND, language="he", direction=manuscripts.Direction.RTL))
    line_ends = re.compile(r"\r\n|\r|\n")
    assert line_ends.sub("\n", text) in line_ends.sub("\n", found.page.text)
    bars = found.plain.replace("\r\n| ", " ")
    assert " ".join(re.split(r"[ \t\r\n]+", text)) in bars


@pytest.mark.parametrize("hostile", ['" onload="x', "' style='", "<img src=x>", "{{ title }}", "</title><script>"])
def test_attributes_and_the_head_hold_text_literally(hostile: str):
    link = f"https://northlight.example/?q={links.escaped(hostile)}&a='b'"
    found = _mail(
        _with(
            manuscripts.Image(digest=records.digest(samples.PNG), media_type="image/png", alternative=hostile),
            manuscripts.Action(label="Go", link=link),
            title=hostile,
        )
    )
    assert hostile in [element.attributes.get("alt") for element in found.page.of("img")]
    assert hostile in [element.attributes.get("aria-label") for element in found.page.of("div")]
    assert link in [element.attributes.get("href") for element in found.page.of("a")]
    assert found.page.of("script") == []
    assert not any("onload" in element.attributes for element in found.page.elements)


def test_headings_are_headings_and_the_title_is_one_where_the_text_has_none():
    headings = [
        element.tag for element in _mail(samples.every_block()).page.elements if re.match("h[1-6]$", element.tag)
    ]
    assert headings == ["h1", "h2", "h2", "h3", "h2", "h3", "h4", "h2", "h2"]
    untitled = _mail(samples.manuscript("untitled", (samples.paragraph("Text."),), title="The title"))
    assert [element.tag for element in untitled.page.elements if element.tag == "h1"] == ["h1"]
    assert "The title\r\n=========\r\n\r\nText.\r\n" in untitled.plain


def test_data_tables_have_headings_and_all_others_are_presentation():
    page = _mail(samples.every_block()).page
    tables = [element.attributes for element in page.of("table")]
    assert {table.get("role", table.get("class")) for table in tables} == {"presentation", "text data", None}
    assert {element.attributes.get("scope") for element in page.of("th")} == {"col", "row"}


def test_an_image_has_its_alternative_or_an_empty_one():
    alternatives = [element.attributes["alt"] for element in _mail(samples.every_block()).page.of("img")]
    assert alternatives == ["", "A grey gradient", "Hills", "", "Our site", "Customer 4711 0815"]


@pytest.mark.parametrize(
    ("symbology", "payload"),
    [
        (manuscripts.Symbology.QR, "https://northlight.example/pay?amount=84.19"),
        (manuscripts.Symbology.QR, "Zählerstand ✓"),
        (manuscripts.Symbology.DATA_MATRIX, "4711 0815"),
    ],
)
def test_a_barcode_can_be_scanned(symbology: manuscripts.Symbology, payload: str):
    block = manuscripts.Barcode(symbology=symbology, payload=payload, alternative="Code")
    ((media_type, content),) = _mail(_with(block, brand=PLAIN_BRAND)).pictures.values()
    assert media_type == "image/png"
    assert [code.text for code in zxingcpp.read_barcodes(PIL.Image.open(io.BytesIO(content)))] == [payload]


def test_the_logo_stands_on_white_beside_the_name():
    ((_, content),) = _mail(samples.outage()).pictures.values()
    image = PIL.Image.open(io.BytesIO(content)).convert("RGB")
    assert image.size == (72, 72)
    assert image.getpixel((0, 0)) == (255, 255, 255)
    assert image.getpixel((16, 36)) == (11, 85, 99)


def test_a_picture_shown_twice_travels_once():
    image = manuscripts.Image(digest=records.digest(samples.PNG), media_type="image/png", alternative="Twice")
    found = _mail(_with(image, image, brand=PLAIN_BRAND))
    assert [content for _, content in found.pictures.values()] == [samples.PNG]
    assert len(found.page.of("img")) == 2


def test_links_of_the_footer_are_shown_only_when_there_are_any():
    bare = _mail(samples.outage())
    assert "Unsubscribe" not in bare.page.text + bare.plain
    assert "View this message in your browser" not in bare.page.text + bare.plain
    given = _mail(
        msgspec.structs.replace(
            samples.outage(), web_link="https://a.example/?a=1&b=2", unsubscribe_link="mailto:stop@a.example"
        )
    )
    shown = [element.attributes["href"] for element in given.page.of("a")]
    assert shown[-2:] == ["https://a.example/?a=1&b=2", "mailto:stop@a.example"]
    assert "Unsubscribe\r\nmailto:stop@a.example\r\n" in given.plain


def test_a_website_or_number_that_makes_no_link_is_shown_without_one():
    brand = msgspec.structs.replace(PLAIN_BRAND, website="javascript:1", telephone="on request")
    found = _mail(_with(brand=brand))
    assert found.page.of("a") == []
    assert re.search(r"javascript:1\s+on request", found.page.text)


def test_nothing_is_fetched_from_the_network():
    page = _mail(samples.every_block()).page
    fetched = [element for element in page.elements if element.tag in {"link", "script", "iframe", "object", "video"}]
    assert fetched == []
    assert "url(" not in _mail(samples.every_block()).html
    assert "@import" not in _mail(samples.every_block()).html


@pytest.mark.parametrize(
    ("direction", "text", "isolated"),
    [
        ("ltr", "Ms Meyer", "Ms Meyer"),
        ("ltr", "4711 <b>", "4711 &lt;b&gt;"),
        ("ltr", "مريم", '<span dir="rtl">مريم</span>'),
        ("ltr", "Dear مريم,", '<span dir="ltr">Dear مريم,</span>'),
        ("rtl", "شارع الطاحونة 14", "شارع الطاحونة 14"),
        ("rtl", "WH-0314", '<span dir="ltr">WH-0314</span>'),
        ("rtl", "+44 20 7946", '<span dir="ltr">+44 20 7946</span>'),
        ("rtl", "عبر SMS", '<span dir="rtl">عبر SMS</span>'),
        ("rtl", "…", "…"),
    ],
)
def test_text_that_runs_against_its_surroundings_is_isolated(direction: str, text: str, isolated: str):
    assert bidi.isolated(text, direction=manuscripts.Direction(direction)) == isolated


def test_right_to_left_is_mirrored():
    page = _mail(samples.arabic()).page
    assert page.of("html")[0].attributes["dir"] == "rtl"
    assert {element.attributes["align"] for element in page.of("th")} == {"right", "left"}
    assert all(
        element.attributes["align"] == "right" for element in page.of("td") if element.attributes.get("class") == "pad"
    )
    assert '<span dir="ltr">WH-2026-0314-07</span>' in _mail(samples.arabic()).html


def test_a_foreign_name_in_a_letter_from_left_to_right_is_isolated():
    found = _mail(_with(manuscripts.Paragraph(runs=(Run(text="To "), Run(text="מרים", strong=True)))))
    assert 'To <strong><span dir="rtl">מרים</span></strong>' in found.html


# Charts


def _chart(kind: manuscripts.ChartKind, *series: tuple[str | None, ...], count: int = 0) -> manuscripts.Chart:
    return manuscripts.Chart(
        kind=kind,
        title="Use",
        categories=tuple(f"c{number}" for number in range(count or len(series[0]))),
        series=tuple(manuscripts.Series(name=f"s{number}", values=values) for number, values in enumerate(series)),
        unit="kWh",
        alternative="Up and down.",
    )


def test_bars_are_as_long_as_their_values_and_hollow_below_zero():
    shown = view.of(_with(_chart(manuscripts.ChartKind.BAR, ("10", "-5", None, "0", "0.01"))), {}).blocks[1]
    assert isinstance(shown, charts.Bars)
    assert [(row.bars[0].percent, row.bars[0].value, row.bars[0].is_hollow) for row in shown.rows] == [
        (100, "10", False),
        (50, "\N{MINUS SIGN}5", True),
        (0, "\N{EN DASH}", False),
        (0, "0", False),
        (1, "0.01", False),
    ]


def test_a_line_is_a_strip_of_columns_above_and_below_the_axis():
    shown = view.of(_with(_chart(manuscripts.ChartKind.LINE, ("10", "-5", None), ("1", "2", "3"))), {}).blocks[1]
    assert isinstance(shown, charts.Strips)
    assert [(strip.above, strip.below, strip.range) for strip in shown.series] == [
        ((72, 0, 0), (0, 36, 0), "\N{MINUS SIGN}5 … 10"),
        ((7, 14, 22), (), "1 … 3"),
    ]
    assert shown.labels == ("c0", "c1", "c2")


def test_many_columns_are_labelled_at_their_ends():
    shown = view.of(_with(_chart(manuscripts.ChartKind.BAR, ("1",) * 48)), {}).blocks[1]
    assert isinstance(shown, charts.Strips)
    assert (shown.labels, shown.label_aligns) == (("c0", "c47"), ("left", "right"))


@pytest.mark.parametrize("series", [(("1", "2"),) * 4, (("1",) * 97,)])
def test_a_chart_that_cannot_be_drawn_is_a_table(series: tuple[tuple[str, ...], ...]):
    shown = view.of(_with(_chart(manuscripts.ChartKind.LINE, *series)), {}).blocks[1]
    assert isinstance(shown, view.Table)
    assert (shown.caption, shown.note) == ("Use (kWh)", "Up and down.")


@pytest.mark.parametrize("kind", list(manuscripts.ChartKind))
@pytest.mark.parametrize("count", [2, 17, 97])
def test_a_chart_always_has_its_text_alternative(kind: manuscripts.ChartKind, count: int):
    found = _mail(_with(_chart(kind, ("1",) * count)))
    assert "Up and down." in found.page.text
    assert "Up and down." in found.plain


@pytest.mark.parametrize(
    ("language", "written"),
    [("en-GB", "12,345.6789"), ("de-DE", "12.345,6789"), ("de-XX", "12.345,6789"), ("xx-Unknown", "12,345.6789")],
)
def test_numbers_of_a_chart_are_written_as_the_language_does(language: str, written: str):
    assert charts.written("12345.67890", language) == written


# Colours

_COLOURS = strategies.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@hypothesis.given(primary=_COLOURS, on_primary=_COLOURS)
def test_every_brand_is_readable_in_light_and_dark(primary: str, on_primary: str):
    found = palette.of(primary, on_primary)
    for scheme in (found.light, found.dark):
        grounds = (scheme.page, scheme.card, scheme.tile, *(tint.ground for tint in scheme.tints))
        texts = [(ink, ground) for ground in grounds for ink in (scheme.text, scheme.muted)]
        texts += [(scheme.link, ground) for ground in grounds[1:]]
        texts += [(tint.ink, tint.ground) for tint in scheme.tints]
        texts.append((scheme.on_primary, scheme.primary))
        shapes = [(colour, scheme.card) for colour in scheme.series]
        shapes += [(tint.edge, tint.ground) for tint in scheme.tints]
        assert [pair for pair in texts if palette.contrast(*pair) < 4.5] == []
        assert [pair for pair in shapes if palette.contrast(*pair) < 3] == []


@pytest.mark.parametrize(
    ("first", "second", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#767676", "#ffffff", 4.54), ("#abc123", "#abc123", 1)],
)
def test_contrast_is_that_of_wcag(first: str, second: str, ratio: float):
    assert round(palette.contrast(first, second), 2) == round(palette.contrast(second, first), 2) == ratio


def test_a_readable_brand_keeps_its_own_colours():
    found = palette.of("#0b5563", "#ffffff")
    assert (found.light.link, found.light.primary, found.light.on_primary) == ("#0b5563", "#0b5563", "#ffffff")


# What is refused


def _barcode(payload: str) -> manuscripts.Barcode:
    return manuscripts.Barcode(symbology=manuscripts.Symbology.QR, payload=payload, alternative="Code")


def _image(**changes: object) -> manuscripts.Image:
    image = manuscripts.Image(digest=records.digest(samples.PNG), media_type="image/png", alternative="x")
    return msgspec.structs.replace(image, **changes)


def _table(*rows: tuple[str, ...], width: int = 1) -> manuscripts.Table:
    return manuscripts.Table(caption="", columns=(manuscripts.Column(heading="A", width=width),), rows=rows)


REFUSED: list[tuple[manuscripts.Manuscript, Reason, str]] = [
    (samples.manuscript("r", ()), Reason.NO_CONTENT, "/blocks: wanted at least one, got none"),
    (_with(title=" "), Reason.NO_CONTENT, "/title: wanted text, got none"),
    (_with(words=manuscripts.Words(subject="")), Reason.NO_CONTENT, "/words/subject: wanted text, got none"),
    (_with(language="en\r\nBcc: x"), Reason.LAYOUT_ERROR, r"/language: wanted a BCP 47 tag, got 'en\r\nBcc: x'"),
    (
        _with(brand=msgspec.structs.replace(samples.BRAND, primary="red; }")),
        Reason.LAYOUT_ERROR,
        "/brand/primary: wanted '#rrggbb', got 'red; }'",
    ),
    (_with(samples.paragraph("a\x07b")), Reason.MISSING_GLYPH, "/blocks/1/runs/0/text: wanted characters, got U+0007"),
    (_with(samples.paragraph("a\x00")), Reason.MISSING_GLYPH, "/blocks/1/runs/0/text: wanted characters, got U+0000"),
    (_with(dated="\ud800"), Reason.MISSING_GLYPH, "/dated: wanted characters, got U+D800"),
    (_with(samples.heading("x", 5)), Reason.LAYOUT_ERROR, "/blocks/1/level: wanted 1 to 4, got 5"),
    (
        _with(manuscripts.Action(label="x", link="javascript:alert(1)")),
        Reason.UNSUPPORTED,
        "/blocks/1/link: wanted an https, mailto or tel address, got 'javascript:alert(1)'",
    ),
    (
        _with(manuscripts.List(items=(samples.runs("x"), (Run(text="x", link="https:// evil"),)))),
        Reason.UNSUPPORTED,
        "/blocks/1/items/1/runs/0/link: wanted an https, mailto or tel address, got 'https:// evil'",
    ),
    (
        _with(web_link="data:text/html,x"),
        Reason.UNSUPPORTED,
        "/web_link: wanted an https, mailto or tel address, got 'data:text/html,x'",
    ),
    (
        _with(manuscripts.Table(caption="", columns=(), rows=())),
        Reason.LAYOUT_ERROR,
        "/blocks/1/columns: wanted at least one, got none",
    ),
    (_with(_table(("1", "2"))), Reason.LAYOUT_ERROR, "/blocks/1/rows/0: wanted 1 cells, got 2"),
    (_with(_table(("1",), width=0)), Reason.LAYOUT_ERROR, "/blocks/1/columns: wanted widths above 0, got [0]"),
    (
        _with(_chart(manuscripts.ChartKind.BAR, ("1", "2"), count=3)),
        Reason.LAYOUT_ERROR,
        "/blocks/1/series/0: wanted 3 values, got 2",
    ),
    (
        _with(_chart(manuscripts.ChartKind.BAR, ("1e9",))),
        Reason.LAYOUT_ERROR,
        "/blocks/1/series/0/values/0: wanted a plain decimal, got '1e9'",
    ),
    (_with(_image(width_mm=0)), Reason.LAYOUT_ERROR, "/blocks/1/width_mm: wanted more than 0, got 0"),
    (_with(_image(digest="0")), Reason.LAYOUT_ERROR, "/blocks/1: wanted the asset '0', got none"),
    (
        _with(_image(media_type="image/webp")),
        Reason.UNSUPPORTED,
        "/blocks/1: wanted PNG, JPEG, GIF or SVG, got 'image/webp'",
    ),
    (_with(samples.paragraph("word " * 19_900)), Reason.TOO_LONG, "HTML: wanted at most 100000 bytes, got "),
    (_with(_barcode("x" * 9_000)), Reason.OVERFLOW, "/blocks/1: payload of 9000 characters: "),
    (_with(_barcode("")), Reason.OVERFLOW, "/blocks/1: payload of 0 characters: "),
    (
        _with(brand=msgspec.structs.replace(samples.BRAND, logo_svg="<svg")),
        Reason.LAYOUT_ERROR,
        "/brand/logo_svg: drawing: failed to parse SVG",
    ),
]


@pytest.mark.parametrize(("manuscript", "reason", "detail"), REFUSED, ids=[detail for _, _, detail in REFUSED])
def test_what_cannot_be_shown_is_refused_with_its_place(
    manuscript: manuscripts.Manuscript, reason: Reason, detail: str
):
    (rendered,) = _engine().render([manuscript])
    assert isinstance(rendered, manuscripts.Unrenderable), rendered
    assert (rendered.ref, rendered.channel, rendered.reason) == (manuscript.ref, parties.ChannelKind.EMAIL, reason)
    assert rendered.detail.startswith(detail)


def test_text_that_only_looks_like_an_escape_is_shown():
    found = _mail(_with(samples.paragraph(r"C:\u0000 \b \f")))
    assert r"C:\u0000 \b \f" in found.page.text


_SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'
_SIZE = pictures.Size(width_px=100, height_px=100)


def test_a_drawing_may_not_read_files():
    made = pictures.draw(_SVG.format('<image href="/etc/passwd" width="9" height="9"/>').encode(), _SIZE)
    assert isinstance(made, pictures.Fault)
    assert made.reason is Reason.LAYOUT_ERROR


def test_a_drawing_that_grows_without_end_is_refused():
    nested = '<g id="g0"><path d="M0 0h9"/></g>' + "".join(
        f'<g id="g{level}">' + f'<use href="#g{level - 1}"/>' * 10 + "</g>" for level in range(1, 12)
    )
    made = pictures.draw(_SVG.format(nested).encode(), _SIZE)
    assert isinstance(made, pictures.Fault)
    assert made.reason in {Reason.LAYOUT_ERROR, Reason.TIMED_OUT, Reason.OUT_OF_MEMORY}


def test_a_drawing_that_needs_too_much_memory_is_refused():
    vast = pictures.Size(width_px=30_000, height_px=30_000)
    made = pictures.draw(_SVG.format("").encode(), vast)
    assert made == pictures.Fault(reason=Reason.OUT_OF_MEMORY, detail="drawing: ended by SIGABRT")


def test_pictures_are_kept_but_not_for_ever():
    asked: list[str] = []

    def assets(digest: str) -> bytes:
        asked.append(digest)
        return samples.PNG

    gallery = pictures.Gallery(assets)
    images = [_image(digest=str(number)) for number in range(pictures.SHARED_PICTURES + 1)]
    for image in (*images, images[-1], images[0]):
        assert isinstance(gallery.album(_with(image, brand=PLAIN_BRAND)), dict)
    assert len(asked) == len(images) + 1


def test_a_drawing_that_takes_too_long_is_ended():
    made = pictures.draw(samples.SVG, _SIZE, limit_seconds=0.001)
    assert made == pictures.Fault(reason=Reason.TIMED_OUT, detail="drawing: wanted an end within 0.001 s, got none")


def test_a_flat_drawing_still_has_a_height():
    made = pictures.draw(b'<svg xmlns="http://www.w3.org/2000/svg" width="100000" height="1"/>', _SIZE)
    assert isinstance(made, pictures.Picture)
    assert (made.width_px, made.height_px) == (100, 1)


def test_a_picture_of_more_than_two_megabytes_is_refused():
    engine = Email(lambda _digest: b"x" * 2_000_001)
    (rendered,) = engine.render([_with(_image())])
    assert isinstance(rendered, manuscripts.Unrenderable)
    assert (rendered.reason, rendered.detail) == (
        Reason.TOO_LONG,
        "/blocks/1: wanted 2000000 bytes, got 2000001",
    )


# The independent judge of accessibility

AXE = (
    inventory.CACHE / "axe" / "axe.min.js",
    *(
        Path(place) / "axe.min.js"
        for spec in [importlib.util.find_spec("axe_playwright_python")]
        if spec is not None
        for place in spec.submodule_search_locations or ()
    ),
)
#: An e-mail is a part of the mail client's page, which has the landmarks; a second "main" in it would be a fault.
NOT_FOR_PARTS_OF_A_PAGE = ("landmark-one-main", "region")


def _axe() -> str:
    found = [path for path in AXE if path.is_file()]
    if not found:
        message = f"axe-core is missing: wanted one of {', '.join(map(str, AXE))}"
        assert os.environ.get("CI") != "true", message
        pytest.skip(message)
    return found[0].read_text(encoding="utf-8")


def _judge(page: sync_api.Page, axe: str) -> list[str]:
    page.evaluate(axe)
    options = {"rules": {rule: {"enabled": False} for rule in NOT_FOR_PARTS_OF_A_PAGE}}
    violations = page.evaluate("options => axe.run(options).then(result => result.violations)", options)
    return [f"{found['id']}: {node['html']}" for found in violations for node in found["nodes"]]


@pytest.mark.parametrize("width", [640, 375])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("sample", [samples.outage, samples.bill, samples.arabic, samples.every_block, samples.parts])
def test_an_independent_judge_finds_it_accessible(
    chromium_page: sync_api.Page, sample: Sample, scheme: Scheme, width: int
):
    axe = _axe()
    manuscript = msgspec.structs.replace(
        sample(), web_link="https://northlight.example/m/1", unsubscribe_link="https://northlight.example/u/1"
    )
    chromium_page.set_viewport_size({"width": width, "height": 900})
    chromium_page.emulate_media(color_scheme=scheme)
    chromium_page.set_content(_mail(manuscript).shown)
    assert _judge(chromium_page, axe) == []
    assert chromium_page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_dark_client_gets_the_dark_colours(chromium_page: sync_api.Page):
    chromium_page.set_content(_mail(samples.outage()).shown)
    colour = "getComputedStyle(document.querySelector('.card')).backgroundColor"
    chromium_page.emulate_media(color_scheme="light")
    assert chromium_page.evaluate(colour) == "rgb(253, 253, 254)"
    chromium_page.emulate_media(color_scheme="dark")
    assert chromium_page.evaluate(colour) == "rgb(27, 31, 36)"
