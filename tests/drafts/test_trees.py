"""Trees of blocks through the form and back."""

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalpost.drafts import trees
from signalpost.vocabulary import manuscripts, parties, templates

words = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
names = st.text(string.ascii_lowercase, min_size=1, max_size=6)


def many(of: "st.SearchStrategy[Any]", most: int = 3) -> "st.SearchStrategy[tuple[Any, ...]]":
    return st.lists(of, max_size=most).map(tuple)


cells = many(words)
columns = st.builds(
    templates.ColumnTemplate,
    heading=words,
    cell=words,
    align=st.sampled_from(manuscripts.Alignment),
    width=st.integers(1, 9),
)
carry = st.builds(templates.CarryTemplate, column=st.integers(0, 9), amount=words, forward=words, brought=words)
tables = st.builds(
    templates.TableBlock,
    caption=words,
    each=words,
    columns=many(columns),
    totals=many(cells),
    group_by=words,
    group_heading=words,
    subtotals=many(cells),
    carry=st.none() | carry,
    is_row_kept=st.booleans(),
)
leaves = st.one_of(
    st.builds(templates.HeadingBlock, text=words, level=st.integers(1, 4)),
    st.builds(templates.ParagraphBlock, text=words),
    st.builds(templates.ListBlock, items=cells, each=words, item=words, is_ordered=st.booleans()),
    tables,
    st.builds(
        templates.KeyFiguresBlock,
        figures=many(st.builds(templates.FigureTemplate, label=words, value=words, note=words)),
    ),
    st.builds(
        templates.ChartBlock,
        kind=st.sampled_from(manuscripts.ChartKind),
        title=words,
        categories=words,
        series=many(st.builds(templates.SeriesTemplate, name=words, values=words)),
        unit=words,
        alternative=words,
    ),
    st.builds(templates.ImageBlock, asset=names, alternative=words, width_mm=st.integers(1, 200)),
    st.builds(
        templates.BarcodeBlock, symbology=st.sampled_from(manuscripts.Symbology), payload=words, alternative=words
    ),
    st.builds(templates.CalloutBlock, tone=st.sampled_from(manuscripts.Tone), title=words, text=words),
    st.builds(templates.ActionBlock, label=words, link=words),
    st.builds(
        templates.ReferenceLinesBlock, lines=many(st.builds(templates.ReferenceTemplate, label=words, value=words))
    ),
    st.builds(templates.SignatureBlock, closing=words, name=words, role=words),
    st.just(templates.BreakBlock()),
    st.builds(templates.SharedTextBlock, name=names),
    st.builds(templates.AttachmentBlock, asset=names, title=words),
)


def level(number: int) -> "st.SearchStrategy[Any]":
    """Blocks that may stand at a level."""
    if number == trees.DEPTH_LEVELS:
        return leaves
    inside = many(level(number + 1), 2)
    part = st.builds(templates.ColumnsPart, width=st.integers(1, 9), blocks=inside)
    holders = (
        st.builds(templates.WhenBlock, condition=words, then=inside, otherwise=inside),
        st.builds(templates.ColumnsBlock, columns=many(part, 2)),
        st.builds(templates.KeepBlock, blocks=inside),
        st.builds(templates.OnlyBlock, channels=many(st.sampled_from(parties.ChannelKind)), blocks=inside),
        st.builds(templates.OpenBlock, name=names, label=words, blocks=inside, characters_max=st.integers(1, 9999)),
    )
    return st.one_of(leaves, *holders)


@given(many(level(0)))
def test_any_tree_within_the_depth_comes_back_identical(tree: tuple[templates.TemplateBlock, ...]):
    assert trees.from_form(trees.to_form(tree)) == tree


def nested(depth: int) -> tuple[templates.TemplateBlock, ...]:
    tree: tuple[templates.TemplateBlock, ...] = (templates.ParagraphBlock(text="in"),)
    for _ in range(depth):
        tree = (templates.KeepBlock(blocks=tree),)
    return tree


def test_a_tree_that_is_too_deep_is_refused_with_its_place():
    assert trees.from_form(trees.to_form(nested(3))) == nested(3)
    with pytest.raises(trees.TooDeepError, match=r"body\[0\]\.blocks\[0\]\.blocks\[0\]\.blocks\[0\]\.blocks: wanted"):
        trees.to_form(nested(4))


@pytest.mark.parametrize(("text", "place"), [("\0", r"body\[0\]\.text"), ("\ud800", "body")])
def test_a_character_that_no_database_keeps_is_refused_with_its_place(text: str, place: str):
    with pytest.raises(trees.UnkeepableError, match=f"{place}: wanted"):
        trees.to_form((templates.ParagraphBlock(text=text),))


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ([{"type": "heading", "value": {"text": "A", "level": None}}], templates.HeadingBlock(text="A")),
        ([{"type": "heading", "value": {"text": "A", "level": "3"}}], templates.HeadingBlock(text="A", level=3)),
        (
            [{"type": "callout", "value": {"title": "A", "text": "b", "tone": ""}}],
            templates.CalloutBlock(tone=manuscripts.Tone.NOTE, title="A", text="b"),
        ),
    ],
)
def test_what_is_not_filled_in_yet_has_its_default(value: list[Any], wanted: templates.TemplateBlock):
    assert trees.from_form(value) == (wanted,)
