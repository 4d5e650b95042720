"""The PDF engine block by block: tables, charts, codes, scripts, and what is refused."""

import re
from collections.abc import Iterator, Sequence
from statistics import fmean

import msgspec
import pytest
import zxingcpp
from tests.engines import pages, samples

from signalpost import engines
from signalpost.engines import pdf
from signalpost.engines.pdf import charts, pool
from signalpost.vocabulary import manuscripts, records
from signalpost.vocabulary.manuscripts import UnrenderableReason as Reason

needs_noto = pytest.mark.peer("noto")


@pytest.fixture(scope="module", name="letters")
def _letters() -> Iterator[pdf.Pdf]:
    engine = pdf.Pdf(samples.ASSETS.get, workers=1)
    yield engine
    engine.close()


def _render(engine: engines.Engine, *blocks: manuscripts.Block) -> bytes:
    (rendered,) = engine.render([samples.manuscript("blocks", [samples.heading("Top", 1), *blocks])])
    assert isinstance(rendered, manuscripts.Rendition), rendered
    return rendered.content


def _refusal(engine: engines.Engine, manuscript: manuscripts.Manuscript) -> tuple[Reason, str]:
    (rendered,) = engine.render([manuscript])
    assert isinstance(rendered, manuscripts.Unrenderable), rendered
    return rendered.reason, rendered.detail


def _table(*rows: tuple[str, ...], caption: str = "Table") -> manuscripts.Table:
    columns = tuple(manuscripts.Column(heading=f"Column {n}") for n in range(len(rows[0])))
    return manuscripts.Table(caption=caption, columns=columns, rows=rows)


class TestTables:
    def test_a_long_table_repeats_its_headings_and_loses_no_row(self, letters: pdf.Pdf):
        manuscript = samples.long_table()
        (rendered,) = letters.render([manuscript])
        assert isinstance(rendered, manuscripts.Rendition)
        assert rendered.units == 4
        said = pages.texts(rendered.content)
        assert all("Interval" in page and "Quality" in page for page in said)
        rows = [row for block in manuscript.blocks if isinstance(block, manuscripts.Table) for row in block.rows]
        assert all(row[0] in "".join(said) for row in rows)

    def test_figures_stand_right_aligned(self, letters: pdf.Pdf):
        content = _render(letters, *samples.bill().blocks)
        edges = [pages.place(content, amount).right for amount in ("£ 47.76", "£ 1.80", "£ 80.18", "£ 84.19")]
        assert max(edges[:3]) - min(edges[:3]) < 0.2

    def test_rows_of_known_height_look_like_measured_ones(self, letters: pdf.Pdf):
        """A row that certainly stands on one line is not measured; beside one that is, it must have the same height."""
        narrow = _render(letters, _table(("Alpha", "x"), ("Beta", "x"), ("Gamma", "x")))
        # The same with a second column as wide as it can be on one line: in doubt, so it is measured.
        wide = "m" * 28
        measured = _render(letters, _table(("Alpha", wide), ("Beta", wide), ("Gamma", wide)))
        heights = [pages.place(one, "Gamma").top - pages.place(one, "Beta").top for one in (narrow, measured)]
        assert heights[0] == pytest.approx(heights[1], abs=0.05)

    def test_a_figure_is_never_broken_in_two(self, letters: pdf.Pdf):
        columns = (
            manuscripts.Column(heading="Charge", width=14),
            manuscripts.Column(heading="€", align=manuscripts.Alignment.END),
        )
        table = manuscripts.Table(caption="", columns=columns, rows=(("Energy", "1.00"), ("Grid", "1,234,567.89")))
        assert _refusal(letters, samples.manuscript("torn", [table])) == (
            Reason.OVERFLOW,
            "blocks[0].rows[1]: '1,234,567.89' does not fit",
        )


class TestFigures:
    @pytest.mark.parametrize(
        ("value", "count", "rows"),
        [("1.0 kWh", 4, 1), ("1.0 kWh", 5, 2), ("1,234,567.89 €", 4, 2), ("1,234,567,890,123.45 €", 3, 3)],
    )
    def test_figures_stand_side_by_side_as_far_as_they_fit(self, letters: pdf.Pdf, value: str, count: int, rows: int):
        figures = tuple(manuscripts.KeyFigure(label=f"Label {n}", value=value) for n in range(count))
        content = _render(letters, manuscripts.KeyFigures(figures=figures))
        tops = {round(pages.place(content, f"Label {n}").top) for n in range(count)}
        assert len(tops) == rows
        assert value in pages.texts(content)[0]


class TestOtherBlocks:
    def test_a_second_reference_block_stands_in_the_text(self, letters: pdf.Pdf):
        first, second = (
            manuscripts.ReferenceLines(lines=(manuscripts.ReferenceLine(label=label, value="4711"),))
            for label in ("Above", "Below")
        )
        content = _render(letters, first, samples.paragraph("Between."), second)
        assert pages.place(content, "Above").left == pytest.approx(125, abs=0.3)
        assert pages.place(content, "Below").left == pytest.approx(25, abs=0.5)
        assert pages.place(content, "Below").top > pages.place(content, "Between.").bottom

    def test_a_break_begins_a_page(self, letters: pdf.Pdf):
        said = pages.texts(_render(letters, manuscripts.Break(), samples.paragraph("After."), manuscripts.Break()))
        assert len(said) == 2
        assert "After." in said[1]

    def test_a_tall_picture_stays_on_its_page(self):
        tower = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 400"><rect width="10" height="400"/></svg>'
        digest = records.digest(tower)
        engine = pdf.Pdf({digest: tower}.get, workers=1)
        try:
            image = manuscripts.Image(digest=digest, media_type="image/svg+xml", alternative="A tower", width_mm=60)
            content = _render(engine, image)
        finally:
            engine.close()
        last = pages.picture(content, page=len(pages.texts(content)) - 1)
        column = pages.cut(last, pages.Box(26, 0, 26.1, 297)).tobytes()
        assert 170 < sum(grey < 50 for grey in column) / pages.DPI * 25.4 < 181


class TestCharts:
    def test_series_differ_without_colour(self, letters: pdf.Pdf):
        series = tuple(manuscripts.Series(name=f"S{n}", values=("4",)) for n in range(charts.SERIES_MAX))
        chart = manuscripts.Chart(
            kind=manuscripts.ChartKind.BAR, title="T", categories=("Quarter",), series=series, alternative="Four bars"
        )
        drawing = charts.draw(chart, width_mm=165, language="en", is_rtl=False)
        content = _render(letters, chart)
        top = pages.place(content, "Quarter").top - drawing.floor
        looks = set[tuple[int, bool]]()
        for drawn in drawing.series:
            x, y, width, height = drawn.rects[0]
            area = pages.cut(
                pages.picture(content),
                pages.Box(25 + x + 1, top + y + 5, 25 + x + width - 1, top + y + height - 5),
            )
            rows = [fmean(area.crop((0, row, area.width, row + 1)).tobytes()) for row in range(area.height)]
            columns = [fmean(area.crop((at, 0, at + 1, area.height)).tobytes()) for at in range(area.width)]
            looks.add((int(fmean(rows)) // 16, _spread(rows) > _spread(columns)))
        assert len(looks) == len(series), looks

    @pytest.mark.parametrize(
        ("values", "ticks"),
        [
            (("0", "275"), ["0", "100", "200", "300"]),
            (("1.5", "-2.25", "4"), ["-4", "-2", "0", "2", "4"]),
            (("-3",), ["-3", "-2", "-1", "0"]),
            (("0.0004",), ["0", "0.0001", "0.0002", "0.0003", "0.0004"]),
            (("1234567",), ["0", "500,000", "1,000,000", "1,500,000"]),
            ((None,), ["0", "0.2", "0.4", "0.6", "0.8", "1"]),
        ],
    )
    def test_grid_lines_are_round_and_enclose_zero_and_all_values(
        self, values: tuple[str | None, ...], ticks: list[str]
    ):
        chart = manuscripts.Chart(
            kind=manuscripts.ChartKind.LINE,
            title="",
            categories=tuple("abc"[: len(values)]),
            series=(manuscripts.Series(name="s", values=values),),
            alternative="a",
        )
        drawing = charts.draw(chart, width_mm=100, language="en", is_rtl=False)
        assert [rule.text.replace("\N{MINUS SIGN}", "-") for rule in drawing.rules] == ticks
        assert [rule.y for rule in drawing.rules] == sorted((rule.y for rule in drawing.rules), reverse=True)

    def test_figures_are_written_as_the_language_writes_them(self):
        series = (manuscripts.Series(name="s", values=("1234.5",)),)
        chart = manuscripts.Chart(
            kind=manuscripts.ChartKind.BAR, title="", categories=("a",), series=series, alternative="a"
        )
        said = {
            language: charts.draw(chart, width_mm=100, language=language, is_rtl=False).marks[0].text
            for language in ("en-GB", "de-DE", "fr-CH", "xx-unknown")
        }
        assert said == {"en-GB": "1,234.5", "de-DE": "1.234,5", "fr-CH": "1\u202f234,5", "xx-unknown": "1,234.5"}


def _spread(values: Sequence[float]) -> float:
    return max(values) - min(values)


class TestCodes:
    @pytest.mark.parametrize("symbology", list(manuscripts.Symbology))
    @pytest.mark.parametrize("payload", ["4711", "https://northlight.example/pay/R-2026?amount=84.19&x=ü", "x" * 400])
    def test_codes_read_back(self, letters: pdf.Pdf, symbology: manuscripts.Symbology, payload: str):
        content = _render(letters, manuscripts.Barcode(symbology=symbology, payload=payload, alternative="Pay online"))
        (found,) = zxingcpp.read_barcodes(pages.picture(content))  # pyright: ignore[reportUnknownMemberType]
        assert found.text == payload


class TestLongTexts:
    @pytest.mark.parametrize(
        "kind", ["paragraph", "heading", "list", "cell", "caption", "callout", "value", "label", "role"]
    )
    def test_a_text_of_any_length_flows_on_inside_the_margins(self, letters: pdf.Pdf, kind: str):
        words = [f"word{number}" for number in range(1_500)]
        text = " ".join([*words, "unbroken" * 120, "end"])
        runs = samples.runs(text)
        blocks: dict[str, manuscripts.Block] = {
            "paragraph": manuscripts.Paragraph(runs=runs),
            "heading": manuscripts.Heading(level=2, runs=runs),
            "list": manuscripts.List(items=(runs,)),
            "cell": _table((text, "1")),
            "caption": _table(("1", "2"), caption=text),
            "callout": manuscripts.Callout(tone=manuscripts.Tone.NOTE, title=text, runs=runs),
            "value": manuscripts.KeyFigures(figures=(manuscripts.KeyFigure(label="l", value=text, note=text),) * 2),
            "label": manuscripts.Action(label=text, link="https://northlight.example/"),
            "role": manuscripts.Signature(closing=text, name="n", role=text),
        }
        inside = " ".join(pages.texts_inside(_render(letters, blocks[kind]), left=22, right=191, bottom=23))
        said = inside.replace("\u200b", "").split()
        assert {*words, "end"} <= set(said)
        # A page's end may stand in the middle of one.
        assert re.sub(r"[\s\u200b]", "", inside).count("unbroken") >= 118


def _chart(**changes: object) -> manuscripts.Chart:
    given = {
        "kind": "bar",
        "title": "",
        "categories": ["a"],
        "series": [{"name": "s", "values": ["1"]}],
        "alternative": "a",
    }
    return msgspec.convert(given | changes, manuscripts.Chart)


class TestRefusals:
    @pytest.mark.parametrize(
        ("block", "detail"),
        [
            (samples.heading("H", 5), "wanted level 1 to 4, got 5"),
            (_table(("1", "2")), ""),
            (msgspec.structs.replace(_table(("1", "2")), rows=(("1",),)), "rows[0]: wanted 2 cells, got 1"),
            (msgspec.structs.replace(_table(("1",)), totals=(("1",), ())), "totals[1]: wanted 1 cells, got 0"),
            (_table(("1",) * 13), "wanted 1 to 12 columns, got 13"),
            (_table(*[("1",)] * 20_001), "wanted at most 20000 rows, got 20001"),
            (_chart(series=[{"name": "s", "values": ["1", "2"]}]), "series[0]: wanted 1 values, got 2"),
            (
                _chart(series=[{"name": "s", "values": ["1e5"]}]),
                "series[0].values[0]: wanted a plain decimal, got '1e5'",
            ),
            (_chart(series=[{"name": "s", "values": ["1"]}] * 5), "series: wanted at most 4, got 5"),
            (_chart(categories=["a"] * 121), "categories: wanted at most 120, got 121"),
            (_chart(series=[]), "wanted at least one series and one category"),
            (_chart(alternative=" "), "wanted a text alternative, got none"),
            (
                manuscripts.Barcode(symbology=manuscripts.Symbology.QR, payload="x" * 2000, alternative="a"),
                "qr code: wanted at most 142 modules with its margin, got 177",
            ),
            (
                manuscripts.Action(label="Go", link="http://x.example"),
                "wanted an https, mailto or tel link, got 'http://x.example'",
            ),
        ],
    )
    def test_a_block_that_breaks_the_model_is_named(self, letters: pdf.Pdf, block: manuscripts.Block, detail: str):
        (rendered,) = letters.render([samples.manuscript("shape", [samples.heading("H", 1), block])])
        if detail:
            assert isinstance(rendered, manuscripts.Unrenderable)
            assert rendered.detail == f"blocks[1]: {detail}"
        else:
            assert isinstance(rendered, manuscripts.Rendition)

    @pytest.mark.parametrize(
        ("changes", "box"),
        [
            ({"recipient": ("Line",) * 7}, "address window"),
            ({"recipient": ("Ms " + "Maria " * 60, "14 Mill Lane")}, "address window"),
            ({"brand": msgspec.structs.replace(samples.BRAND, imprint=("Line",) * 6)}, "imprint"),
            ({"brand": msgspec.structs.replace(samples.BRAND, name="Name " * 40, logo_svg="")}, "letterhead"),
            ({"brand": msgspec.structs.replace(samples.BRAND, return_address="Harbour Road " * 60)}, "return address"),
            ({"brand": msgspec.structs.replace(samples.BRAND, telephone="+44 20 7946 0100 " * 30)}, "contact lines"),
            ({"labels": msgspec.structs.replace(samples.LABELS, page="{page} of {pages}" + "!" * 40)}, "labels.page"),
        ],
        ids=lambda given: given if isinstance(given, str) else "",
    )
    def test_what_does_not_fit_its_box_is_refused(
        self, letters: pdf.Pdf, changes: dict[str, tuple[str, ...] | manuscripts.Brand | manuscripts.Labels], box: str
    ):
        reason, detail = _refusal(letters, msgspec.structs.replace(samples.outage(), **changes))
        assert reason is Reason.OVERFLOW
        assert box in detail

    def test_what_does_not_fit_the_reference_block_is_refused(self, letters: pdf.Pdf):
        lines = (manuscripts.ReferenceLine(label="L", value="V"),) * 14
        block = manuscripts.ReferenceLines(lines=lines)
        reason, detail = _refusal(letters, samples.manuscript("r", [block, samples.paragraph("Text.")]))
        assert reason is Reason.OVERFLOW
        assert detail.startswith("reference block: does not fit (standard/look.typ:")

    def test_a_name_that_does_not_fit_under_its_bar_is_refused(self, letters: pdf.Pdf):
        chart = manuscripts.Chart(
            kind=manuscripts.ChartKind.BAR,
            title="T",
            categories=("A", "B " * 400),
            series=(manuscripts.Series(name="s", values=("1", "2")),),
            alternative="a",
        )
        reason, detail = _refusal(letters, samples.manuscript("c", [chart]))
        assert reason is Reason.OVERFLOW
        assert detail.startswith("chart category: ")

    def test_what_just_fits_comes_out_on_one_page(self, letters: pdf.Pdf):
        lines = tuple(manuscripts.ReferenceLine(label=f"Label {n}", value="Value " * 4) for n in range(8))
        manuscript = msgspec.structs.replace(
            samples.outage(),
            recipient=tuple(f"Line {n}" for n in range(6)),
            blocks=(manuscripts.ReferenceLines(lines=lines), samples.heading("H", 1), samples.paragraph("P")),
        )
        (rendered,) = letters.render([manuscript])
        assert isinstance(rendered, manuscripts.Rendition)
        assert rendered.units == 1

    @pytest.mark.parametrize(
        ("text", "named"),
        [("no \ue000 glyph", "U+E000"), ("bell \x07", "U+0007"), ("half \ud800", "U+D800"), ("🚀", "'🚀' U+1F680")],
    )
    def test_a_character_without_glyph_is_named_with_its_place(self, letters: pdf.Pdf, text: str, named: str):
        blocks = (samples.heading("H", 1), samples.paragraph("fine"), samples.paragraph("fine", text))
        reason, detail = _refusal(letters, samples.manuscript("glyph", blocks))
        assert reason is Reason.MISSING_GLYPH
        assert named in detail
        assert re.search(r"blocks\[2\](\.runs)?\[1\]", detail), detail

    def test_without_its_fonts_a_script_is_refused(self):
        engine = pdf.Pdf(samples.ASSETS.get, workers=1, further_fonts=())
        try:
            reason, detail = _refusal(engine, samples.arabic())
        finally:
            engine.close()
        assert reason is Reason.MISSING_GLYPH
        assert re.search(r"U\+06[0-9A-F]{2}$", detail), detail

    def test_a_letter_of_too_many_pages_is_refused(self):
        engine = pdf.Pdf(samples.ASSETS.get, workers=1, limits=pool.Limits(pages=3))
        try:
            refusal = _refusal(engine, samples.long_table())
        finally:
            engine.close()
        assert refusal == (Reason.TOO_LONG, "wanted at most 3 pages, got 4")

    def test_a_manuscript_too_large_is_refused_before_any_work(self, letters: pdf.Pdf):
        reason, detail = _refusal(letters, samples.manuscript("huge", [samples.paragraph("x" * 9_000_000)]))
        assert reason is Reason.TOO_LONG
        assert detail.startswith("manuscript: wanted at most 8000000 bytes, got 9001")

    def test_a_broken_image_is_refused_with_the_layout_s_line(self):
        digest = next(iter(samples.ASSETS))
        engine = pdf.Pdf({digest: b"no picture"}.get, workers=1)
        try:
            image = manuscripts.Image(digest=digest, media_type="image/png", alternative="x")
            reason, detail = _refusal(engine, samples.manuscript("image", [samples.heading("H", 1), image]))
        finally:
            engine.close()
        assert reason is Reason.LAYOUT_ERROR
        assert detail.startswith("standard/blocks.typ:")


@needs_noto
class TestScripts:
    def test_arabic_runs_from_right_to_left(self, letters: pdf.Pdf):
        (rendered,) = letters.render([samples.arabic()])
        assert isinstance(rendered, manuscripts.Rendition)
        content = rendered.content
        number, label = (pages.place(content, "4711"), pages.place(content, "رقم العميل"))
        assert number.left < pages.place(content, "0815").left < label.left
        assert pages.place(content, "14:40").left < 30
        assert pages.facts(content)["language"] == "ar"

    @pytest.mark.parametrize(
        ("language", "text", "font"),
        [
            ("he", "שלום עולם", "NotoSansHebrew"),
            ("hi", "नमस्ते दुनिया", "NotoSansDevanagari"),
            ("th", "สวัสดีชาวโลก", "NotoSansThai"),
            ("ja", "今日は世界", "NotoSansCJKjp"),
            ("zh-Hans", "你好世界", "NotoSansCJKsc"),
            ("zh-TW", "你好世界", "NotoSansCJKtc"),
            ("ko", "안녕하세요", "NotoSansCJKkr"),
            ("ab", "\u0524", "NotoSans-Regular"),
        ],
    )
    def test_each_script_has_its_font(self, letters: pdf.Pdf, language: str, text: str, font: str):
        manuscript = samples.manuscript("s", [samples.heading("H", 1), samples.paragraph(text)], language=language)
        (rendered,) = letters.render([manuscript])
        assert isinstance(rendered, manuscripts.Rendition)
        assert any(font in name for name in pages.fonts(rendered.content))
