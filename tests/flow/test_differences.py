"""Differences of texts and of outlines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalpost.flow import differences

Mark = differences.Mark


def shown(before: str, after: str) -> str:
    """Removed in brackets, added in braces."""
    marks = {Mark.SAME: "{}", Mark.REMOVED: "[{}]", Mark.ADDED: "<{}>"}
    return "".join(marks[piece.mark].format(piece.text) for piece in differences.words(before, after))


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ("", "", ""),
        ("same", "same", "same"),
        ("", "new", "<new>"),
        ("old", "", "[old]"),
        ("pay by Friday", "pay by Monday", "pay by [Friday]<Monday>"),
        ("the quick brown fox", "the slow red fox", "the [quick brown]<slow red> fox"),
        ("pay now", "pay it now", "pay <it >now"),
        ("Total: 10 €", "Total: 12 €", "Total: [10]<12> €"),
        ("10,50", "10.50", "10[,]<.>50"),
        ("停电通知", "停水通知", "停[电]<水>通知"),
        ("a b", "a\nb", "a[ ]<\n>b"),
    ],
)
def test_words(before: str, after: str, wanted: str):
    assert shown(before, after) == wanted


texts = st.text(st.sampled_from("ab ,.\n停é"), max_size=40)


@given(before=texts, after=texts)
def test_both_texts_are_in_the_difference(before: str, after: str):
    found = differences.words(before, after)

    assert "".join(piece.text for piece in found if piece.mark is not Mark.ADDED) == before
    assert "".join(piece.text for piece in found if piece.mark is not Mark.REMOVED) == after
    assert all(piece.text for piece in found)


def test_texts_that_differ_over_a_great_length_are_exchanged_as_a_whole():
    before = "begin " + "a " * differences.WORDS_MAX + "end"
    after = "begin " + "b " * differences.WORDS_MAX + "end"

    marks = [piece.mark for piece in differences.words(before, after)]

    assert marks == [Mark.SAME, Mark.REMOVED, Mark.ADDED, Mark.SAME]


def test_the_words_that_only_one_text_has_are_known_by_their_numbers():
    found = differences.unlike(["pay", "by", "Friday", "please"], ["pay", "it", "by", "Monday", "please"])

    assert found == (frozenset({2}), frozenset({1, 3}))
    assert differences.unlike(["one"], ["one"]) == (frozenset(), frozenset())


def lines(*texts: str, label: str = "Paragraph") -> list[differences.Line]:
    return [differences.Line(place=f"body[{number}].text", label=label, text=text) for number, text in enumerate(texts)]


def marks(before: list[differences.Line], after: list[differences.Line]) -> list[tuple[str, str]]:
    return [(passage.mark, passage.pieces[-1].text) for passage in differences.passages(before, after)]


def test_a_new_paragraph_moves_the_others_and_changes_none():
    found = marks(lines("one is here", "two is here"), lines("nothing like it", "one is here", "two is here"))

    assert found == [("added", "nothing like it"), ("same", "one is here"), ("same", "two is here")]


def test_paragraphs_that_say_nearly_the_same_are_compared_by_words():
    found = differences.passages(
        lines("Your power is off in Kiel.", "Goodbye for now"), lines("Hello", "Your power is off in Bonn.")
    )

    assert [passage.mark for passage in found] == [Mark.ADDED, Mark.CHANGED, Mark.REMOVED]
    assert [piece.text for piece in found[1].pieces] == ["Your power is off in ", "Kiel", "Bonn", "."]
    assert differences.is_changed(found)
    assert not differences.is_changed(differences.passages(lines("one"), lines("one")))


def test_lines_of_another_kind_are_never_one_that_changed():
    found = marks(lines("one and the same"), lines("one and the same", label="Heading"))

    assert found == [("removed", "one and the same"), ("added", "one and the same")]


def test_a_field_is_itself_whatever_it_says():
    old = [differences.Line(place="retention_days", label="Retention days", text="30")]
    new = [differences.Line(place="retention_days", label="Retention days", text="3650")]

    (passage,) = differences.passages(old, new)

    assert passage.mark is Mark.CHANGED


def test_outlines_beyond_the_limit_are_paired_in_their_order():
    many = int(differences.PAIRED_MAX**0.5) + 2
    old = lines(*(f"line number {number} old" for number in range(many)))
    new = lines(*(f"line number {number} new" for number in range(many)))

    assert {passage.mark for passage in differences.passages(old, new)} == {Mark.CHANGED}


@given(before=st.lists(texts, max_size=6), after=st.lists(texts, max_size=6))
def test_every_line_of_both_is_in_the_difference(before: list[str], after: list[str]):
    found = differences.passages(lines(*before), lines(*after))

    old = ["".join(p.text for p in one.pieces if p.mark is not Mark.ADDED) for one in found if one.mark != "added"]
    new = ["".join(p.text for p in one.pieces if p.mark is not Mark.REMOVED) for one in found if one.mark != "removed"]
    assert (old, new) == (before, after)
