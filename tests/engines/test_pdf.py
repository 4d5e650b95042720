"""The PDF engine: what a recipient sees, what a screen reader hears, what does not fit."""

import collections
import io
import pathlib
import re
from collections.abc import Iterator, Sequence
from statistics import fmean

import msgspec
import pikepdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from tests.engines import conformance, samples
from tests.peers import verapdf as judges

from signalpost import engines
from signalpost.engines import pdf
from signalpost.engines.pdf import charts, glyphs, pool, sheets
from signalpost.vocabulary import manuscripts
from signalpost.vocabulary.manuscripts import UnrenderableReason as Reason

MM = 72 / 25.4

HAS_NOTO = len(glyphs.fonts().further) == len(glyphs.FURTHER)
needs_noto = pytest.mark.skipif(not HAS_NOTO, reason="peer noto is missing: apt-get install fonts-noto-core fonts-noto-cjk")


def _text(content: bytes) -> str:
    with pypdfium2.PdfDocument(content) as document:
        return "\n".join(document[index].get_textpage().get_text_range() for index in range(len(document)))


def _place(content: bytes, wanted: str, page: int = 0) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of a text on a page, in millimetres from the top left corner."""
    with pypdfium2.PdfDocument(content) as document:
        sheet = document[page]
        height = sheet.get_height()
        found = sheet.get_textpage().search(wanted).get_next()
        assert found is not None, wanted
        boxes = [sheet.get_textpage().get_charbox(index) for index in range(found[0], found[0] + found[1])]
        left, bottom = min(box[0] for box in boxes), min(box[1] for box in boxes)
        right, top = max(box[2] for box in boxes), max(box[3] for box in boxes)
        return left / MM, (height - top) / MM, right / MM, (height - bottom) / MM


def _picture(content: bytes, *, dpi: int = 300) -> Image.Image:
    """The first page in grey."""
    with pypdfium2.PdfDocument(content) as document:
        return document[0].render(scale=dpi / 72, grayscale=True).to_pil()


def _spread(values: Sequence[float]) -> float:
    return max(values) - min(values)


class _Tag(msgspec.Struct):
    """An element of the structure tree."""

    kind: str
    alternative: str
    inside: list["_Tag"]

    def walk(self) -> Iterator["_Tag"]:
        yield self
        for tag in self.inside:
            yield from tag.walk()

    def all(self, kind: str) -> list["_Tag"]:
        return [tag for tag in self.walk() if tag.kind == kind]


def _tags(content: bytes) -> _Tag:
    def read(node: pikepdf.Object) -> list[_Tag]:
        if isinstance(node, pikepdf.Array):
            return [tag for index in range(len(node)) for tag in read(node[index])]
        if not isinstance(node, pikepdf.Dictionary) or "/S" not in node:
            return []
        inside = read(node["/K"]) if "/K" in node else []
        return [_Tag(str(node["/S"])[1:], str(node["/Alt"]) if "/Alt" in node else "", inside)]

    with pikepdf.open(io.BytesIO(content)) as document:
        return _Tag("StructTreeRoot", "", read(document.Root["/StructTreeRoot"]["/K"]))


@pytest.fixture(scope="module", name="letters")
def _letters() -> Iterator[pdf.Pdf]:
    engine = pdf.Pdf(samples.ASSETS.get, workers=1)
    yield engine
    engine.close()


def _rendition(engine: engines.Engine, manuscript: manuscripts.Manuscript) -> manuscripts.Rendition:
    (rendered,) = engine.render([manuscript])
    assert isinstance(rendered, manuscripts.Rendition), rendered
    return rendered


def _refusal(engine: engines.Engine, manuscript: manuscripts.Manuscript) -> tuple[Reason, str]:
    (rendered,) = engine.render([manuscript])
    assert isinstance(rendered, manuscripts.Unrenderable), rendered
    return rendered.reason, rendered.detail


class TestConformance(conformance.Conformance):
    @classmethod
    def make(cls) -> engines.Engine:
        return pdf.Pdf(samples.ASSETS.get, workers=1)

    @classmethod
    def variants(cls) -> Sequence[engines.Engine]:
        return (
            pdf.Pdf(samples.ASSETS.get, workers=1, window="us10"),
            pdf.Pdf(samples.ASSETS.get, workers=1, layout=sheets.LAYOUT),
            *([pdf.Pdf(samples.ASSETS.get, workers=1, further_fonts=())] if HAS_NOTO else []),
        )

    def text(self, rendition: manuscripts.Rendition) -> str:
        return _text(rendition.content)


class TestAccessibility:
    def test_judges_find_nothing(self, letters: pdf.Pdf, tmp_path: pathlib.Path, verapdf: judges.Judge):
        american = pdf.Pdf(samples.ASSETS.get, workers=1, window="us10")
        try:
            given = [*samples.sound(), samples.saying(samples.LITERAL[0]), *([samples.arabic()] if HAS_NOTO else [])]
            rendered = [_rendition(letters, one) for one in given] + [_rendition(american, samples.american("us"))]
        finally:
            american.close()
        paths = [tmp_path / f"{number}-{one.ref}.pdf" for number, one in enumerate(rendered)]
        for path, one in zip(paths, rendered, strict=True):
            path.write_bytes(one.content)
        assert verapdf.judge(paths, ("ua1", "3a")) == {path: [] for path in paths}

    def test_title_language_and_tags_are_set(self, letters: pdf.Pdf):
        rendition = _rendition(letters, samples.outage_german())
        with pikepdf.open(io.BytesIO(rendition.content)) as document:
            assert str(document.Root["/Lang"]) == "de-DE"
            assert bool(document.Root["/MarkInfo"]["/Marked"])
            assert bool(document.Root["/ViewerPreferences"]["/DisplayDocTitle"])
            assert str(document.docinfo["/Title"]) == "Stromausfall in Ihrer Straße"

    def test_headings_step_down_one_level_at_a_time(self, letters: pdf.Pdf):
        blocks = (samples.heading("A", 1), samples.heading("B", 4), samples.heading("C", 2), samples.heading("D", 3))
        tags = _tags(_rendition(letters, samples.manuscript("h", blocks)).content)
        assert [tag.kind for tag in tags.walk() if re.fullmatch(r"H\d", tag.kind)] == ["H1", "H2", "H2", "H3"]

    def test_the_title_stands_on_top_where_no_heading_does(self, letters: pdf.Pdf):
        rendition = _rendition(letters, samples.manuscript("t", [samples.paragraph("Text.")], title="On top"))
        assert [tag.kind for tag in _tags(rendition.content).walk() if tag.kind.startswith("H")] == ["H1"]
        assert _place(rendition.content, "On top")[1] < _place(rendition.content, "Text.")[1]

    def test_pictures_speak(self, letters: pdf.Pdf):
        tags = _tags(_rendition(letters, samples.every_block()).content)
        said = [tag.alternative for tag in tags.all("Figure")]
        assert said == [
            "Northlight Energy",
            "Bars: A 1.5, B −2.25, C missing, D 4.",
            "Three lines between −2.25 and 4.",
            "A grey gradient",
            "Hills",
            "Our site",
            "Customer 4711 0815",
        ]

    def test_a_table_has_a_caption_headings_and_cells(self, letters: pdf.Pdf):
        table = _tags(_rendition(letters, samples.bill()).content).all("Table")[0]
        counts = collections.Counter(tag.kind for tag in table.walk())
        assert (counts["Caption"], counts["TH"], counts["TD"], counts["TR"]) == (1, 4, 8 * 4, 9)

    def test_links_lead_where_they_say(self, letters: pdf.Pdf):
        rendition = _rendition(letters, samples.every_block())
        with pikepdf.open(io.BytesIO(rendition.content)) as document:
            found = [
                str(note["/A"]["/URI"])
                for page in document.pages
                for note in page.get("/Annots", pikepdf.Array())
                if note["/Subtype"] == "/Link"
            ]
        assert found == [
            "https://northlight.example/about",
            "mailto:help@northlight.example",
            "tel:+442079460100",
            "tel:+442079460100",
        ]

    def test_a_link_on_paper_shows_its_address(self, letters: pdf.Pdf):
        said = _text(_rendition(letters, samples.every_block()).content)
        assert "a link (northlight.example/about)" in said
        assert said.count("help@northlight.example") == 1

    def test_only_used_glyphs_are_embedded(self, letters: pdf.Pdf):
        rendition = _rendition(letters, samples.outage())
        with pikepdf.open(io.BytesIO(rendition.content)) as document:
            names = {
                str(font["/BaseFont"])
                for page in document.pages
                for font in page["/Resources"]["/Font"].as_dict().values()
            }
        assert names
        assert all(re.fullmatch(r"/[A-Z]{6}\+SourceSans3-\w+", name) for name in names), names
        assert len(rendition.content) < 60_000


class TestStationery:
    """DIN 5008:2020 form B; a US #10 window is 7/8 in from the left and 1/2 in from the bottom, 4 1/2 by 1 1/8 in."""

    def test_din_address_stands_in_the_window(self, letters: pdf.Pdf):
        recipient = ("Company", "Department", "Ms Maria Meyer", "14 Mill Lane", "Westhaven WH3 7AB", "UNITED KINGDOM")
        content = _rendition(letters, msgspec.structs.replace(samples.outage(), recipient=recipient)).content
        left, top, _, _ = _place(content, "Company")
        assert left == pytest.approx(25, abs=0.3)
        assert top > 45 + 17.7
        assert _place(content, "UNITED KINGDOM")[3] < 45 + 17.7 + 27.3
        sender = _place(content, "Northlight Energy · 12 Harbour Road · Westhaven WH1 4DT")
        assert sender[1] > 45
        assert sender[3] < 45 + 17.7
        assert _place(content, "Customer number")[0] == pytest.approx(125, abs=0.3)
        assert _place(content, "Customer number")[1] == pytest.approx(50, abs=1)
        assert _place(content, "Power cut in your street")[1] == pytest.approx(101, abs=1)

    def test_din_marks_are_where_the_folds_are(self, letters: pdf.Pdf):
        content = _rendition(letters, samples.outage()).content
        picture = _picture(content)
        column = picture.crop((int(5.5 / 25.4 * 300), 0, int(5.5 / 25.4 * 300) + 1, picture.height)).tobytes()
        dark = [row / 300 * 25.4 for row, grey in enumerate(column) if grey < 200 and row > 100]
        for wanted in (105, 148.5, 210):
            assert any(abs(row - wanted) < 0.3 for row in dark), (wanted, dark)
        assert all(min(abs(row - wanted) for wanted in (105, 148.5, 210)) < 0.5 for row in dark), dark

    def test_us_address_stands_in_the_window_however_the_sheet_slides(self):
        engine = pdf.Pdf(samples.ASSETS.get, workers=1, window="us10")
        try:
            manuscript = msgspec.structs.replace(
                samples.american(), recipient=("Mr. Rafael Ortiz", "Suite 300", "1600 Elm Street", "Springfield IL 62704")
            )
            content = _rendition(engine, manuscript).content
        finally:
            engine.close()
        with pypdfium2.PdfDocument(content) as document:
            assert [round(side) for side in document[0].get_size()] == [612, 792]
        # The sheet, folded to 3 2/3 in, has 0.458 in to slide down and 1 in to slide right in a 4 1/8 by 9 1/2 envelope.
        inch = 25.4
        first, last = _place(content, "Mr. Rafael Ortiz"), _place(content, "Springfield IL 62704")
        assert first[0] > 0.875 * inch
        assert last[2] < 4.375 * inch
        assert first[1] > (4.125 - 0.5 - 1.125 - 0.458) * inch
        assert last[3] < (4.125 - 0.5 - 0.458) * inch

    def test_following_pages_say_whose_letter_it_is(self, letters: pdf.Pdf):
        content = _rendition(letters, samples.bill()).content
        with pypdfium2.PdfDocument(content) as document:
            first, second = (document[index].get_textpage().get_text_range() for index in range(2))
        assert "Page 1 of 2" in first
        assert "Page 2 of 2" in second
        assert second.index("Ms Maria Meyer") < second.index("14 March 2026") < second.index("Your use over the year")

    def test_a_language_may_name_the_total_first(self, letters: pdf.Pdf):
        labels = msgspec.structs.replace(samples.LABELS, page="{pages} pages, this is {page}")
        said = _text(_rendition(letters, msgspec.structs.replace(samples.bill(), labels=labels)).content)
        assert "2 pages, this is 1" in said
        assert "2 pages, this is 2" in said

    def test_a_pale_brand_colour_is_not_used_for_text(self, letters: pdf.Pdf):
        brand = msgspec.structs.replace(samples.BRAND, primary="#ffe500", logo_svg="")
        content = _rendition(letters, msgspec.structs.replace(samples.outage(), brand=brand)).content
        with pikepdf.open(io.BytesIO(content)) as document:
            drawn = document.pages[0]["/Contents"].read_bytes().decode("latin-1")
        colour = re.search(r"([\d. ]+) scn?\s+(?:/\w+ <<[^>]*>> BDC\s+)?BT", drawn)
        assert "1 0.8980392 0 scn" in drawn
        assert colour is None or colour[1] != "1 0.8980392 0"


class TestBlocks:
    def test_a_long_table_repeats_its_headings(self, letters: pdf.Pdf):
        rendition = _rendition(letters, samples.long_table())
        assert rendition.units == 4
        with pypdfium2.PdfDocument(rendition.content) as document:
            pages = [document[index].get_textpage().get_text_range() for index in range(4)]
        assert all("Interval" in page and "Quality" in page for page in pages)
        said = "".join(pages)
        for row in samples.long_table().blocks[2].rows:  # pyright: ignore[reportAttributeAccessIssue]
            assert row[0] in said

    def test_figures_stand_right_aligned(self, letters: pdf.Pdf):
        content = _rendition(letters, samples.bill()).content
        edges = [_place(content, amount)[2] for amount in ("£ 47.76", "−£ 1.80", "£ 80.18")]
        assert max(edges) - min(edges) < 0.2

    @pytest.mark.parametrize("symbology", list(manuscripts.Symbology))
    @pytest.mark.parametrize("payload", ["4711", "https://northlight.example/pay/R-2026?amount=84.19&x=ü", "x" * 400])
    def test_codes_read_back(self, letters: pdf.Pdf, symbology: manuscripts.Symbology, payload: str):
        code = manuscripts.Barcode(symbology=symbology, payload=payload, alternative="Pay online")
        content = _rendition(letters, samples.manuscript("code", [samples.heading("Code", 1), code])).content
        (found,) = zxingcpp.read_barcodes(_picture(content, dpi=200))
        assert found.text == payload

    def test_series_differ_without_colour(self, letters: pdf.Pdf):
        series = tuple(manuscripts.Series(name=f"S{n}", values=("4",)) for n in range(charts.SERIES_MAX))
        chart = manuscripts.Chart(
            kind=manuscripts.ChartKind.BAR, title="T", categories=("Quarter",), series=series, alternative="Four equal bars"
        )
        drawing = charts.draw(chart, width_mm=165, language="en", is_rtl=False)
        content = _rendition(letters, samples.manuscript("chart", [samples.heading("Chart", 1), chart])).content
        # The name under the axis stands a little below its floor.
        top = _place(content, "Quarter")[1] - drawing.floor
        looks = set[tuple[int, bool]]()
        for drawn in drawing.series:
            x, y, width, height = drawn.rects[0]
            sides = (25 + x + 1, top + y + 5, 25 + x + width - 1, top + y + height - 5)
            area = _picture(content).crop(tuple(int(side / 25.4 * 300) for side in sides))
            rows = [fmean(area.crop((0, row, area.width, row + 1)).tobytes()) for row in range(area.height)]
            columns = [fmean(area.crop((at, 0, at + 1, area.height)).tobytes()) for at in range(area.width)]
            looks.add((int(fmean(rows)) // 16, _spread(rows) > _spread(columns)))
        assert len(looks) == len(series), looks

    @pytest.mark.parametrize("kind", ["paragraph", "heading", "list", "cell", "callout", "value", "label", "role", "row"])
    def test_a_text_of_any_length_flows_on(self, letters: pdf.Pdf, kind: str):
        text = " ".join(f"word{number}" for number in range(1_500)) + " " + "unbroken" * 120 + " end"
        runs = samples.runs(text)
        blocks: dict[str, manuscripts.Block] = {
            "paragraph": manuscripts.Paragraph(runs=runs),
            "heading": manuscripts.Heading(level=2, runs=runs),
            "list": manuscripts.List(items=(runs,)),
            "cell": manuscripts.Table(
                caption="c",
                columns=(manuscripts.Column(heading="a"), manuscripts.Column(heading="b")),
                rows=((text, "1"),),
            ),
            "row": manuscripts.Table(caption=text, columns=(manuscripts.Column(heading="a"),), rows=(("1",),)),
            "callout": manuscripts.Callout(tone=manuscripts.Tone.NOTE, title=text, runs=runs),
            "value": manuscripts.KeyFigures(figures=(manuscripts.KeyFigure(label="l", value=text, note=text),) * 2),
            "label": manuscripts.Action(label=text, link="https://northlight.example/"),
            "role": manuscripts.Signature(closing=text, name="n", role=text),
        }
        rendition = _rendition(letters, samples.manuscript("flow", [samples.heading("Flow", 1), blocks[kind]]))
        with pypdfium2.PdfDocument(rendition.content) as document:
            said = set[str]()
            for index in range(len(document)):
                page = document[index]
                inside = page.get_textpage().get_text_bounded(left=25 * MM - 9, right=191 * MM, bottom=24 * MM)
                said.update(inside.replace("\u200b", "").split())
        assert {f"word{number}" for number in range(1_500)} <= said
        assert "end" in said


class TestRefusals:
    @pytest.mark.parametrize(
        ("changes", "box"),
        [
            ({"recipient": ("Line",) * 7}, "address window"),
            ({"recipient": ("Ms " + "Maria " * 60, "14 Mill Lane")}, "address window"),
            ({"brand": msgspec.structs.replace(samples.BRAND, imprint=("Line",) * 6)}, "imprint"),
            ({"brand": msgspec.structs.replace(samples.BRAND, name="Name " * 40, logo_svg="")}, "letterhead"),
            ({"brand": msgspec.structs.replace(samples.BRAND, return_address="12 Harbour Road " * 60)}, "return address"),
            ({"brand": msgspec.structs.replace(samples.BRAND, telephone="+44 20 7946 0100 " * 30)}, "contact lines"),
            (
                {
                    "blocks": (
                        manuscripts.ReferenceLines(lines=(manuscripts.ReferenceLine(label="L", value="V"),) * 14),
                        samples.heading("H", 1),
                    )
                },
                "reference block",
            ),
            (
                {
                    "blocks": (
                        samples.heading("H", 1),
                        manuscripts.Chart(
                            kind=manuscripts.ChartKind.BAR,
                            title="T",
                            categories=("A", "B " * 400),
                            series=(manuscripts.Series(name="s", values=("1", "2")),),
                            alternative="a",
                        ),
                    )
                },
                "chart category",
            ),
            ({"labels": msgspec.structs.replace(samples.LABELS, page="This is page {page} of {pages}" * 1 + "!" * 30)}, ""),
        ],
    )
    def test_what_does_not_fit_its_box_is_refused(self, letters: pdf.Pdf, changes: dict[str, object], box: str):
        manuscript = msgspec.convert(
            {name: getattr(samples.outage(), name) for name in manuscripts.Manuscript.__struct_fields__} | changes,
            manuscripts.Manuscript,
        )
        reason, detail = _refusal(letters, manuscript)
        assert reason is Reason.OVERFLOW
        assert box in detail

    def test_what_just_fits_its_box_comes_out(self, letters: pdf.Pdf):
        lines = tuple(manuscripts.ReferenceLine(label=f"Label {n}", value="Value " * 4) for n in range(8))
        manuscript = msgspec.structs.replace(
            samples.outage(),
            recipient=tuple(f"Line {n}" for n in range(6)),
            blocks=(manuscripts.ReferenceLines(lines=lines), samples.heading("H", 1), samples.paragraph("P")),
        )
        assert _rendition(letters, manuscript).units == 1

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
        assert "U+0627" in detail or "U+0631" in detail, detail

    def test_a_letter_of_too_many_pages_is_refused(self):
        engine = pdf.Pdf(samples.ASSETS.get, workers=1, limits=pool.Limits(pages=3))
        try:
            reason, detail = _refusal(engine, samples.long_table())
        finally:
            engine.close()
        assert (reason, detail) == (Reason.TOO_LONG, "wanted at most 3 pages, got 4")

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
        content = _rendition(letters, samples.arabic()).content
        assert _place(content, "4711")[0] < _place(content, "0815")[0] < _place(content, "رقم العميل")[0]
        assert _place(content, "14:40")[0] < 30
        with pikepdf.open(io.BytesIO(content)) as document:
            assert str(document.Root["/Lang"]) == "ar"

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
        blocks = (samples.heading("H", 1), samples.paragraph(text))
        content = _rendition(letters, samples.manuscript("script", blocks, language=language)).content
        assert font in content.decode("latin-1")
