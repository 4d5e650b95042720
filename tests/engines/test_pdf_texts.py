"""What happens to a text between the manuscript and the page."""

import pytest
from hypothesis import given, strategies
from tests.engines import conformance

from signalpost.engines.pdf import blocks, dress, glyphs, sheets, texts

COVERAGE = glyphs.Coverage(glyphs.fonts(()))
FITTER = texts.Fitter(COVERAGE)


class TestCleaning:
    @pytest.mark.parametrize(
        ("given", "wanted"),
        [
            ("plain", "plain"),
            ("one\r\ntwo\rthree\u2028four\vfive", "one\ntwo\nthree\nfour\nfive"),
            ("a\tb", "a b"),
            ("\u202eevil\u202c \u2066x\u2069", "evil x"),
            ("\ufeffsoft\u00adhyphen", "softhyphen"),
            ("join\u200der stays", "join\u200der stays"),
        ],
    )
    def test_lines_and_directions(self, given: str, wanted: str):
        assert texts.clean(given) == wanted

    @given(strategies.text())
    def test_nothing_a_reader_sees_is_lost(self, text: str):
        assert conformance.essence(texts.clean(text)) == conformance.essence(text)
        assert texts.clean(texts.clean(text)) == texts.clean(text)

    @pytest.mark.parametrize(
        ("given", "is_marked"), [("4711 0815", True), ("WH-07", True), ("رقم 7", False), ("—", False), ("", False)]
    )
    def test_only_what_could_turn_round_is_marked(self, given: str, *, is_marked: bool):
        assert (texts.steady(given) == f"\u200e{given}\u200e") is is_marked


class TestFitting:
    @given(strategies.text(max_size=200), strategies.floats(5, 100))
    def test_no_word_is_wider_than_its_column_and_none_is_changed(self, text: str, width: float):
        fitted = FITTER.fit(text, width_mm=width, size_pt=10)
        assert fitted.replace("\u200b", "") == text.replace("\u200b", "")
        room = width * texts.PT_PER_MM / 10 * glyphs.EM
        for word in fitted.replace("\u200b", " ").split():
            widest = max(COVERAGE.width(character) for character in word)
            assert COVERAGE.width(word) <= max(room, 2 * widest) or not word.isascii()

    def test_a_joined_character_is_never_torn_off(self):
        fitted = FITTER.fit("e\u0301" * 50, width_mm=5, size_pt=10)
        assert "\u200b\u0301" not in fitted
        assert "\u200b" in fitted

    def test_an_estimate_of_lines_is_never_too_low(self):
        assert FITTER.lines_at_most("word " * 100, width_mm=50, size_pt=10) >= 8
        assert FITTER.lines_at_most("a\nb", width_mm=50, size_pt=10) == 2


class TestLinks:
    @pytest.mark.parametrize(
        ("link", "is_one", "printed"),
        [
            ("https://northlight.example/", True, "northlight.example"),
            ("https://northlight.example/a?b=c#d", True, "northlight.example/a?b=c#d"),
            ("mailto:help@northlight.example", True, "help@northlight.example"),
            ("tel:+44(20)7946-0100", True, "+44(20)7946-0100"),
            ("http://northlight.example", False, "northlight.example"),
            ("https://", False, ""),
            ("https:// northlight.example", False, " northlight.example"),
            ("javascript:alert(1)", False, "javascript:alert(1)"),
            ("data:text/html,x", False, "data:text/html,x"),
            ("https://x.example/\n", False, "x.example/\n"),
            ("", False, ""),
        ],
    )
    def test_three_kinds_of_address(self, link: str, *, is_one: bool, printed: str):
        assert texts.is_link(link) is is_one
        assert texts.printed(link) == printed

    @pytest.mark.parametrize(
        ("text", "link", "shows"),
        [
            ("northlight.example", "https://northlight.example/", True),
            ("https://Northlight.example", "https://northlight.example/", True),
            ("our site", "https://northlight.example/", False),
            ("020 7946-0100", "tel:02079460100", True),
            ("call us", "tel:02079460100", False),
        ],
    )
    def test_a_text_may_show_its_address(self, text: str, link: str, *, shows: bool):
        assert texts.shows(text, link) is shows


class TestPageLabel:
    @pytest.mark.parametrize("label", ["", "Page {page}", "{page} {page}", "{page}{pages}{page}", "{0} of {pages}"])
    def test_each_placeholder_stands_once(self, label: str):
        assert texts.page_label(label) is None

    def test_the_total_may_come_first(self):
        assert texts.page_label("of {pages}: {page}.") == sheets.PageLabel(
            first="of ", between=": ", last=".", is_total_first=True
        )


@pytest.mark.parametrize(("count", "columns"), [(1, 1), (2, 2), (3, 3), (4, 4), (5, 3), (6, 3), (7, 4), (12, 4)])
def test_figures_stand_side_by_side(count: int, columns: int):
    assert blocks.figure_columns(count) == columns


@pytest.mark.parametrize(
    ("colour", "ratio"),
    [("#ffffff", 1), ("#000000", 21), ("#767676", 4.54), ("#0000ff", 8.59), ("#ff0000", 4.0), ("#ffff00", 1.07)],
)
def test_contrast_is_that_of_wcag(colour: str, ratio: float):
    assert dress.contrast(colour, "#ffffff") == pytest.approx(ratio, abs=0.05)


def test_every_face_of_the_packaged_family_holds_the_same_characters():
    faces = [glyphs.characters(str(path)) for path in sorted(glyphs.PACKAGED_FOLDER.glob("*.ttf"))]
    assert len(faces) == 4
    assert set(faces) == {faces[0]}
    assert {ord(character) for character in "ÄßĆŐŁİğșțΑωЖїґў€£\u2013„“”…→\u2011\u202f"} <= faces[0]
