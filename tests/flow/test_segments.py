"""Segments: conditions over what is known of a party."""

import msgspec
import pytest
from tests.flow import choosing as c

from signalpost.flow import expressions, persons, segments
from signalpost.vocabulary import parties


def test_a_party_is_what_texts_may_say_of_it():
    person = persons.record(c.party(facts='{"account":"7"}', salutation="Ms"))
    assert (person["ref"], person["salutation"], person["facts"]) == ("anna", "Ms", {"account": "7"})
    assert person["postal"] == {
        "country": "DE", "lines": ["Anna Meyer", "Ring 1"], "locality": "Berlin", "postcode": "10115", "region": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    "points",
    [
        (),
        (c.email("anna"),),
        (c.letter("anna", state=parties.AddressState.INVALID),),
        (c.letter("anna", suppressed="moved"),),
    ],
)
def test_without_a_postal_address_in_use_there_is_none(points: tuple[parties.ContactPoint, ...]):
    assert "postal" not in persons.record(c.party(contact_points=points))


def test_facts_that_are_no_object_are_broken():
    with pytest.raises(msgspec.ValidationError, match="Expected `object`"):
        persons.record(c.party(facts="[]"))


@pytest.mark.parametrize(
    ("condition", "flaw"),
    [
        ("", None),
        ('party.language == "de"', None),
        ('event.data.x > 1 && party.language == "de"', "wanted fields of 'party' alone, got 'event.data.x'"),
        ("party.", "expression 'party.': "),
    ],
)
def test_what_is_wrong_with_a_condition_by_itself(condition: str, flaw: str | None):
    found = segments.flaw(condition)
    assert found == flaw if flaw is None else found is not None and found.startswith(flaw)


def test_an_answer_is_yes_no_or_none():
    party = persons.record(c.party())
    assert segments.is_in("", party) is True
    assert segments.is_in('party.language == "en"', party) is False
    assert isinstance(segments.is_in("party.facts.none > 1", party), expressions.Fault)
