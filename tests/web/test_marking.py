"""Two renditions beside each other with what differs marked."""

import io
import pathlib

import pytest
import typst
from PIL import Image, ImageChops

from signalpost.web.console import marking

RED, BLUE = (179, 38, 30), (11, 79, 148)
#: How far a drawn colour may be from the one meant, in steps of 255.
NEAR = 40


@pytest.fixture
def page(tmp_path: pathlib.Path) -> "type[Pages]":
    Pages.folder = tmp_path
    return Pages


class Pages:
    """Letters made of plain Typst."""

    folder: pathlib.Path

    @classmethod
    def of(cls, *paragraphs: str, drawn: str = "white") -> bytes:
        source = cls.folder / f"{abs(hash((paragraphs, drawn)))}.typ"
        lines = [f"#rect(width: 3cm, height: 1cm, fill: {drawn}, stroke: none)", *paragraphs]
        source.write_text("#set page(width: 12cm, height: 10cm)\n" + "\n\n".join(lines), encoding="utf-8")
        made = typst.compile(source, format="pdf")
        assert isinstance(made, bytes)
        return made


def has_colour(sheet: marking.Sheet, colour: tuple[int, int, int]) -> bool:
    """Whether a line in about that colour is drawn; the picture is compressed with loss."""
    shown = Image.open(io.BytesIO(sheet.content)).convert("RGB")
    far = ImageChops.difference(shown, Image.new("RGB", shown.size, colour)).convert("L")
    nearest, _ = far.getextrema()
    return isinstance(nearest, int | float) and nearest < NEAR


def test_words_that_differ_are_marked_on_both_pages(page: type[Pages]):
    found = marking.letters(page.of("Pay by Friday please."), page.of("Pay by Monday noon please."))

    assert (found.before[0].marks, found.after[0].marks) == (1, 2)
    assert has_colour(found.before[0], RED)
    assert has_colour(found.after[0], BLUE)
    assert found.marks() == 3


def test_text_that_only_moved_is_not_marked(page: type[Pages]):
    found = marking.letters(page.of("One.", "Two."), page.of("New.", "One.", "Two."))

    assert (found.before[0].marks, found.after[0].marks) == (0, 1)


def test_the_same_letter_has_no_mark(page: type[Pages]):
    same = page.of("One.", drawn="blue")

    assert marking.letters(same, same).marks() == 0


def test_a_drawing_of_another_colour_is_framed_where_the_words_stayed(page: type[Pages]):
    found = marking.letters(page.of("One.", drawn="yellow"), page.of("One.", drawn="green"))

    assert (found.before[0].marks, found.after[0].marks) == (1, 1)


def test_a_version_that_is_not_there_has_no_page(page: type[Pages]):
    found = marking.letters(b"", page.of("All of it is new."))

    assert (found.before, found.pages_before, found.pages_after) == ([], 0, 1)
    assert found.after[0].marks == 5


def test_pages_beyond_the_limit_are_counted_and_not_drawn(page: type[Pages]):
    many = page.of(*["#pagebreak()" if number % 2 else f"Page {number}" for number in range(30)])

    found = marking.letters(many, many)

    assert len(found.after) == marking.PAGES_SHOWN < found.pages_after


def test_words_of_an_e_mail_are_marked_and_its_elements_left_alone():
    before = (
        '<html><head><title>x</title></head><body><p class="due Friday">Pay by Friday</p><!-- Friday --></body></html>'
    )
    after = before.replace("Pay by Friday", "Pay by Monday &amp; soon")

    old, new = marking.mails(before, after)

    assert '<p class="due Friday">Pay by <span style=' in old
    assert ">Friday</span></p><!-- Friday -->" in old
    assert ">Monday</span> <span" in new
    assert ">&amp;</span>" in new
    assert marking.mails(before, before) == (before, before)
    assert marking.mails("", after)[0] == ""
