"""Simple comparisons as CEL."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalpost.flow import expressions, phrases

Comparison = phrases.Comparison
FACTS: expressions.Facts = {"party": {"language": "de", "facts": {"units": 12, "is_new": True}}}


@pytest.mark.parametrize(
    ("path", "comparison", "value", "wanted", "holds"),
    [
        ("party.language", Comparison.IS, "de", 'party.language == "de"', True),
        ("party.language", Comparison.IS_NOT, "de", 'party.language != "de"', False),
        ("party.facts.units", Comparison.AT_LEAST, "12", "party.facts.units >= 12", True),
        ("party.facts.units", Comparison.MORE, "12.5", "party.facts.units > 12.5", False),
        ("party.facts.units", Comparison.AT_MOST, "-1", "party.facts.units <= -1", False),
        ("party.facts.units", Comparison.LESS, " 13 ", "party.facts.units < 13", True),
        ("party.facts.is_new", Comparison.IS, "true", "party.facts.is_new == true", True),
        ("party.language", Comparison.BEGINS, "d", 'party.language.startsWith("d")', True),
        ("party.language", Comparison.CONTAINS, '"', 'party.language.contains("\\"")', False),
        ("party.facts.missing", Comparison.IS_THERE, "", "has(party.facts.missing)", False),
    ],
)
def test_a_comparison(path: str, comparison: phrases.Comparison, value: str, wanted: str, *, holds: bool):
    found = phrases.condition(path, comparison, value)

    assert found == wanted
    assert expressions.holds(wanted, FACTS) is holds


def test_a_field_of_text_is_compared_with_text_even_where_it_looks_like_a_number():
    assert phrases.condition("party.ref", Comparison.IS, "12", is_text=True) == 'party.ref == "12"'


@pytest.mark.parametrize(
    ("path", "comparison", "value"),
    [
        ("party.language || true", Comparison.IS, "de"),
        ("", Comparison.IS, "de"),
        ("party", Comparison.IS_THERE, ""),
        ("party.facts.units", Comparison.MORE, "many"),
    ],
)
def test_what_is_no_comparison_is_refused_in_words(path: str, comparison: phrases.Comparison, value: str):
    found = phrases.condition(path, comparison, value)

    assert isinstance(found, phrases.Unsaid)
    assert found.text


@given(value=st.text(st.characters(exclude_categories=("Cs",)), max_size=30))
def test_any_value_is_compared_literally(value: str):
    said = phrases.condition("party.name", Comparison.IS, value, is_text=True)

    assert isinstance(said, str)
    assert expressions.holds(said, {"party": {"name": value}}) is True


@pytest.mark.parametrize(
    ("before", "wanted"),
    [("", "b"), (" a ", "a && b"), ("a || c", "(a || c) && b")],
)
def test_two_conditions_as_one(before: str, wanted: str):
    assert phrases.joined(before, "b") == wanted
