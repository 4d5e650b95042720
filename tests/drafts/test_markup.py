"""Texts through the editor and back."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalpost.drafts import markup

#: What the language is made of, put together in any order.
scraps = st.sampled_from(
    (
        *("a", "b c", "*", "**", "[", "]", "(", ")", "{", "}", "{{", "}}", "\\", "😀", "א", " ", ".", "\n"),
        *("{x.y}", "{x | time}", "{sum(item.a) | money}"),
        *("[l](https://a.example)", "[l]({links.s})", "[**l** {x}](https://a.example)"),
    )
)
texts = st.lists(scraps, max_size=12).map("".join) | st.text(max_size=30)


def joined(text: str, *, is_marked: bool) -> "list[list[markup.Piece]] | None":
    """The lines of a text in pieces, neighbours with the same marks as one; `None` where one cannot be read."""
    lines: list[list[markup.Piece]] = []
    for line in text.split("\n"):
        found = markup.pieces(line, is_marked=is_marked)
        if found is None:
            return None
        one: list[markup.Piece] = []
        for piece in found:
            if one and not (one[-1].is_placeholder or piece.is_placeholder) and one[-1][1:] == piece[1:]:
                one[-1] = one[-1]._replace(text=one[-1].text + piece.text)
            elif piece.text:
                one.append(piece)
        lines.append(one)
    return lines


def through(text: str, *, is_marked: bool) -> str:
    return markup.from_state(markup.to_state(text, is_marked=is_marked), is_marked=is_marked)


@given(text=texts, is_marked=st.booleans())
def test_what_can_be_read_means_the_same_after_the_editor(text: str, *, is_marked: bool):
    text = text.encode("utf-8", "ignore").decode()
    wanted = joined(text, is_marked=is_marked)
    if wanted is not None:
        assert joined(through(text, is_marked=is_marked), is_marked=is_marked) == wanted


@given(text=texts, is_marked=st.booleans())
def test_a_line_that_cannot_be_read_comes_back_as_it_was(text: str, *, is_marked: bool):
    line = text.encode("utf-8", "ignore").decode().replace("\n", " ")
    if joined(line, is_marked=is_marked) is None:
        assert through(line, is_marked=is_marked) == line


@given(text=texts, is_marked=st.booleans())
def test_the_second_time_nothing_changes_any_more(text: str, *, is_marked: bool):
    once = through(text.encode("utf-8", "ignore").decode(), is_marked=is_marked)
    assert through(once, is_marked=is_marked) == once


@pytest.mark.parametrize(
    "text",
    [
        "Dear **{party.name}**, see [here]({links.status}) at {a.b | time:zone}",
        "a [b] c\\d",
        "1 \\* 2 {{literal}}",
        "two\nlines {now | date}",
        "**a***b*",
    ],
)
def test_as_people_write_it_comes_back_to_the_letter(text: str):
    assert through(text, is_marked=True) == text


def state(text: str, *ranges: "dict[str, Any]", entities: "dict[str, Any] | None" = None) -> str:
    styles = [each for each in ranges if "style" in each]
    held = [each for each in ranges if "key" in each]
    block = {"text": text, "inlineStyleRanges": styles, "entityRanges": held}
    return json.dumps({"blocks": [block], "entityMap": entities or {}})


def test_a_chip_says_what_it_is_and_keeps_its_source():
    found = json.loads(markup.to_state("at {x.opened_at | time:zone}!", is_marked=True))

    assert found["blocks"][0]["text"] == "at x opened at (time zone)!"
    assert found["entityMap"]["0"]["data"] == {"source": "{x.opened_at | time:zone}", "link": ""}
    assert found["entityMap"]["0"]["mutability"] == "IMMUTABLE"
    named = json.loads(markup.to_state("{x}", is_marked=True, label=lambda path, form: f"<{path}|{form}>"))
    assert named["blocks"][0]["text"] == "<x|>"


@pytest.mark.parametrize(
    ("given_state", "wanted"),
    [
        (state("bold", {"offset": 0, "length": 4, "style": "BOLD"}), "**bold**"),
        (state("a😀b", {"offset": 1, "length": 2, "style": "ITALIC"}), "a*😀*b"),
        (state("far", {"offset": -3, "length": 99, "style": "BOLD"}), "**far**"),
        (state("odd", {"offset": 0, "length": 3, "style": "UNDERLINE"}), "odd"),
        (
            state(
                "link", {"offset": 0, "length": 4, "key": 0}, entities={"0": {"type": "LINK", "data": {"url": "tel:1"}}}
            ),
            "[link](tel:1)",
        ),
        (state("gone", {"offset": 0, "length": 4, "key": 7}), "gone"),
        (state("{x} is text", {"offset": 0, "length": 0, "style": "BOLD"}), "{{x}} is text"),
    ],
)
def test_what_an_editor_gives_is_read(given_state: str, wanted: str):
    assert markup.from_state(given_state, is_marked=True) == wanted


def test_what_is_no_content_state_is_refused():
    with pytest.raises(ValueError, match="wanted the editor's content state"):
        markup.from_state('{"blocks": 3}', is_marked=True)
