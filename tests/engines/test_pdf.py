"""The PDF engine: what a recipient sees and what a screen reader hears."""

import collections
import pathlib
import re
from collections.abc import Iterator, Sequence

import msgspec
import pytest
from tests.engines import conformance, pages, samples
from tests.peers import verapdf as judges

from signalpost import engines
from signalpost.engines import pdf
from signalpost.engines.pdf import glyphs, sheets
from signalpost.vocabulary import manuscripts

HAS_NOTO = len(glyphs.fonts().further) == len(glyphs.FURTHER)


@pytest.fixture(scope="module", name="letters")
def _letters() -> Iterator[pdf.Pdf]:
    engine = pdf.Pdf(samples.ASSETS.get, workers=1)
    yield engine
    engine.close()


@pytest.fixture(scope="module", name="american")
def _american() -> Iterator[pdf.Pdf]:
    engine = pdf.Pdf(samples.ASSETS.get, workers=1, window="us10")
    yield engine
    engine.close()


def _render(engine: engines.Engine, manuscript: manuscripts.Manuscript) -> bytes:
    (rendered,) = engine.render([manuscript])
    assert isinstance(rendered, manuscripts.Rendition), rendered
    return rendered.content


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
        return "\n".join(pages.texts(rendition.content))


class TestAccessibility:
    def test_the_judge_of_both_standards_finds_nothing(
        self, letters: pdf.Pdf, american: pdf.Pdf, tmp_path: pathlib.Path, verapdf: judges.Judge
    ):
        given = [*samples.sound(), samples.saying(samples.LITERAL[0]), *([samples.arabic()] if HAS_NOTO else [])]
        contents = [_render(letters, one) for one in given] + [_render(american, samples.american())]
        paths = [tmp_path / f"{number}.pdf" for number in range(len(contents))]
        for path, content in zip(paths, contents, strict=True):
            path.write_bytes(content)
        assert verapdf.judge(paths, ("ua1", "3a")) == {path: [] for path in paths}

    def test_title_language_and_tags_are_set(self, letters: pdf.Pdf):
        assert pages.facts(_render(letters, samples.outage_german())) == {
            "title": "Stromausfall in Ihrer Straße",
            "language": "de-DE",
            "is_marked": "True",
            "shows_title": "True",
        }

    def test_headings_step_down_one_level_at_a_time(self, letters: pdf.Pdf):
        blocks = (samples.heading("A", 1), samples.heading("B", 4), samples.heading("C", 2), samples.heading("D", 3))
        found = pages.tags(_render(letters, samples.manuscript("h", blocks))).walk()
        assert [tag.kind for tag in found if re.fullmatch(r"H\d", tag.kind)] == ["H1", "H2", "H2", "H3"]

    def test_the_title_stands_on_top_where_no_heading_does(self, letters: pdf.Pdf):
        content = _render(letters, samples.manuscript("t", [samples.paragraph("Text.")], title="On top"))
        assert len(pages.tags(content).all("H1")) == 1
        assert pages.place(content, "On top").bottom < pages.place(content, "Text.").top

    def test_pictures_speak_and_ornaments_are_silent(self, letters: pdf.Pdf):
        found = pages.tags(_render(letters, samples.every_block())).all("Figure")
        said = [block.alternative for block in samples.every_block().blocks if isinstance(block, samples.Pictured)]
        assert [tag.alternative for tag in found] == ["Northlight Energy", *filter(None, said)]

    def test_a_table_has_a_caption_headings_and_cells(self, letters: pdf.Pdf):
        table = pages.tags(_render(letters, samples.bill())).all("Table")[0]
        counts = collections.Counter(tag.kind for tag in table.walk())
        assert (counts["Caption"], counts["TH"], counts["TD"], counts["TR"]) == (1, 4, 8 * 4, 9)

    def test_links_lead_where_they_say(self, letters: pdf.Pdf):
        assert pages.links(_render(letters, samples.every_block())) == [
            "https://northlight.example/about",
            "mailto:help@northlight.example",
            "tel:+442079460100",
            "tel:+442079460100",
        ]

    def test_a_link_on_paper_shows_its_address_once(self, letters: pdf.Pdf):
        said = "".join(pages.texts(_render(letters, samples.every_block())))
        assert "a link (northlight.example/about)" in said
        assert said.count("help@northlight.example") == 1

    def test_only_used_glyphs_are_embedded(self, letters: pdf.Pdf):
        content = _render(letters, samples.outage())
        names = pages.fonts(content)
        assert names
        assert all(re.fullmatch(r"[A-Z]{6}\+SourceSans3-\w+", name) for name in names), names
        assert len(content) < 60_000


class TestStationery:
    """DIN 5008:2020 form B; a US #10 window is 7/8 in from the left and 1/2 in from the bottom, 4 1/2 by 1 1/8 in."""

    def test_din_address_stands_in_the_window(self, letters: pdf.Pdf):
        recipient = ("Company", "Department", "Ms Maria Meyer", "14 Mill Lane", "Westhaven WH3 7AB", "UNITED KINGDOM")
        content = _render(letters, msgspec.structs.replace(samples.outage(), recipient=recipient))
        first = pages.place(content, "Company")
        assert first.left == pytest.approx(25, abs=0.3)
        assert first.top > 45 + 17.7
        assert pages.place(content, "UNITED KINGDOM").bottom < 45 + 17.7 + 27.3
        sender = pages.place(content, samples.BRAND.return_address)
        assert sender.top > 45
        assert sender.bottom < 45 + 17.7

    def test_din_reference_block_and_text_stand_where_the_norm_puts_them(self, letters: pdf.Pdf):
        content = _render(letters, samples.outage())
        reference = pages.place(content, "Customer number")
        assert (reference.left, reference.top) == (pytest.approx(125, abs=0.3), pytest.approx(50, abs=1))
        assert pages.place(content, "Power cut in your street").top == pytest.approx(101, abs=1)

    def test_din_marks_are_where_the_folds_are(self, letters: pdf.Pdf):
        edge = pages.cut(pages.picture(_render(letters, samples.outage())), pages.Box(5.5, 10, 5.6, 297))
        dark = [10 + row / pages.DPI * 25.4 for row, grey in enumerate(edge.tobytes()[:: edge.width]) if grey < 200]
        folds = (105, 148.5, 210)
        assert all(any(abs(row - fold) < 0.3 for row in dark) for fold in folds), dark
        assert all(any(abs(row - fold) < 0.3 for fold in folds) for row in dark), dark

    def test_us_address_stands_in_the_window_however_the_sheet_slides(self, american: pdf.Pdf):
        recipient = ("Mr. Rafael Ortiz", "Suite 300", "1600 Elm Street", "Springfield IL 62704")
        content = _render(american, msgspec.structs.replace(samples.american(), recipient=recipient))
        assert pages.size(content) == (pytest.approx(215.9, abs=0.1), pytest.approx(279.4, abs=0.1))
        # Folded to 3 2/3 in, the sheet can slide 0.458 in down and 1 in to the right in its 4 1/8 by 9 1/2 in envelope.
        inch, slide = 25.4, 0.458
        first, last = pages.place(content, recipient[0]), pages.place(content, recipient[-1])
        assert first.left > 0.875 * inch
        assert last.right < 4.375 * inch
        assert first.top > (4.125 - 0.5 - 1.125 - slide) * inch
        assert last.bottom < (4.125 - 0.5 - slide) * inch

    def test_following_pages_say_whose_letter_it_is(self, letters: pdf.Pdf):
        first, second = pages.texts(_render(letters, samples.bill()))
        assert "Page 1 of 2" in first
        assert "Page 2 of 2" in second
        assert second.index("Ms Maria Meyer") < second.index("14 March 2026") < second.index("Your use over the year")

    def test_a_language_may_name_the_total_first(self, letters: pdf.Pdf):
        labels = msgspec.structs.replace(samples.LABELS, page="{pages} pages, this is {page}")
        first, second = pages.texts(_render(letters, msgspec.structs.replace(samples.bill(), labels=labels)))
        assert "2 pages, this is 1" in first
        assert "2 pages, this is 2" in second

    @pytest.mark.parametrize(("primary", "is_used"), [("#0b5563", True), ("#ffe500", False)])
    def test_a_pale_brand_colour_is_not_used_for_text(self, letters: pdf.Pdf, primary: str, *, is_used: bool):
        brand = msgspec.structs.replace(samples.BRAND, primary=primary, logo_svg="")
        content = _render(letters, msgspec.structs.replace(samples.outage(), brand=brand))
        heading = pages.cut(pages.picture(content), _grown(pages.place(content, "Power cut in your street")))
        ink = msgspec.structs.replace(brand, primary=sheets.measures().ink)
        inked = _render(letters, msgspec.structs.replace(samples.outage(), brand=ink))
        same = pages.cut(pages.picture(inked), _grown(pages.place(inked, "Power cut in your street")))
        assert (heading.tobytes() != same.tobytes()) is is_used


def _grown(box: pages.Box) -> pages.Box:
    return pages.Box(box.left - 1, box.top - 1, box.right + 1, box.bottom + 1)
