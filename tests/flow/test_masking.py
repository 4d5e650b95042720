"""Facts of a past case without its person."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalpost.flow import masking
from signalpost.vocabulary import records

KEY = b"key of the installation"

FACTS: "dict[str, records.Json]" = {
    "party": {
        "ref": "4711-0815",
        "name": "Adelheid Krummacher",
        "salutation": "Frau Krummacher",
        "language": "de",
        "time_zone": "Europe/Berlin",
        "premise_address": "Lindenstraße 5, 12345 Musterstadt",
        "postal": {"street": "Lindenstraße 5", "postcode": "12345", "city": "Musterstadt", "country": "DE"},
        "facts": {
            "tariff": "green",
            "born_on": "1961-04-30",
            "since": "2020-13-99",
            "readings": [4711, 1.25],
            "is_paperless": True,
            "note": None,
            "blank": " ",
            "mail": "adelheid@krummacher.example",
        },
    },
    "event": {
        "type": "billing.closed",
        "subject": "4711-0815",
        "occurred_at": "2025-01-31T13:30:00Z",
        "data": {
            "bill": "B-2025-1",
            "total": {"amount": "117.30", "currency": "EUR"},
            "due_on": "2025-02-14",
            "iban": "DE02120300000000202051",
            "remark": "Frau KRUMMACHER rief an: +49 30 23125-100, krumm@gmx.example, DE02 1203 0000 0000 2020 51",
            "count": 3,
        },
    },
}


def masked(kept: frozenset[str] = frozenset()) -> "dict[str, records.Json]":
    return masking.mask(FACTS, key=KEY, kept=kept)


def at(facts: "dict[str, records.Json]", path: str) -> records.Json:
    found: records.Json = facts
    for name in path.split("."):
        assert isinstance(found, dict)
        found = found[name]
    return found


def strings(value: "records.Json") -> list[str]:
    match value:
        case dict():
            return [text for inner in value.values() for text in strings(inner)]
        case list():
            return [text for inner in value for text in strings(inner)]
        case str():
            return [value]
        case _:
            return []


@pytest.mark.parametrize(
    "path",
    [
        "party.ref",
        "party.name",
        "party.salutation",
        "party.premise_address",
        "party.postal.street",
        "party.postal.city",
        "party.facts.tariff",
        "party.facts.born_on",
        "party.facts.since",
        "party.facts.readings",
        "party.facts.mail",
        "event.subject",
        "event.data.iban",
        "event.data.remark",
    ],
)
def test_what_tells_who_it_is_becomes_something_else(path: str):
    assert at(masked(), path) != at(FACTS, path)


@pytest.mark.parametrize(
    "path",
    [
        "party.language",
        "party.time_zone",
        "party.postal.country",
        "party.facts.is_paperless",
        "party.facts.note",
        "party.facts.blank",
        "event.type",
        "event.occurred_at",
        "event.data.total",
        "event.data.due_on",
        "event.data.count",
    ],
)
def test_what_a_text_branches_on_stays(path: str):
    assert at(masked(), path) == at(FACTS, path)


def test_nothing_that_names_the_person_stands_anywhere():
    text = " ".join(strings(masked()))
    for word in (
        "Krummacher",
        "Adelheid",
        "Lindenstraße",
        "12345",
        "Musterstadt",
        "4711",
        "0815",
        "23125",
        "202051",
        "gmx",
    ):
        assert word.casefold() not in text.casefold()


def test_codes_that_the_contract_lists_stay():
    contract = """{"$defs": {"tariff": {"enum": ["green", "grey"]}, "loop": {"items": {"$ref": "#/$defs/loop"}}},
    "properties": {"party": {"properties": {"facts": {"properties": {
        "tariff": {"$ref": "#/$defs/tariff"}, "loop": {"$ref": "#/$defs/loop"}, "kind": {"const": 1},
        "no": {"$ref": "#/$defs/none"}, "odd": 1}}}}}}"""
    kept = masking.codes(contract)
    assert kept == {"party.facts.tariff", "party.facts.kind"}
    assert at(masked(kept), "party.facts.tariff") == "green"


def test_a_party_that_is_none_breaks_nothing():
    assert masking.mask({"party": [["a"]], "now": "x"}, key=KEY)["now"] == "x"


@pytest.mark.parametrize("number", [0, 7, 4711, 10**30, 1e-05, 1.5])
def test_numbers_of_a_party_become_others(number: float):
    found = at(masking.mask({"party": {"facts": {"n": number}}}, key=KEY), "party.facts.n")
    assert found != number
    assert type(found) is type(number)


@pytest.mark.parametrize("contract", ["", "[]", "nonsense", "{}", '{"$ref": "#/$defs/a"}'])
def test_a_contract_that_says_nothing_lists_no_codes(contract: str):
    assert masking.codes(contract) == frozenset()


def test_the_same_person_is_always_the_same_and_under_another_key_somebody_else():
    assert masked() == masked()
    assert masking.mask(FACTS, key=b"another") != masked()


def test_without_a_party_addresses_are_made_up_all_the_same():
    found = masking.mask({"event": {"data": {"remark": "Write to a@b.example"}}}, key=KEY)
    assert "a@b.example" not in str(found)
    assert masking.mask({"event": {"type": "plain words"}}, key=KEY) == {"event": {"type": "plain words"}}


def test_a_customer_number_among_amounts_is_made_up():
    facts: dict[str, records.Json] = {"party": {"ref": "4711"}, "event": {"data": {"texts": ["4711", "4712"]}}}
    found = at(masking.mask(facts, key=KEY), "event.data.texts")
    assert isinstance(found, list)
    assert found[0] != "4711"
    assert found[1] == "4712"


def test_who_is_called_as_the_made_up_people_are_is_not_called_so_any_more():
    names = " ".join((*masking._GIVEN, *masking._FAMILY))  # pyright: ignore[reportPrivateUsage]
    facts: dict[str, records.Json] = {"party": {"name": "Maria Muster", "facts": {"all": names}}}
    assert at(masking.mask(facts, key=KEY), "party.name") == "×××"  # noqa: RUF001


TEXTS = st.text(min_size=3, max_size=30).filter(lambda text: bool(text.strip()))


@given(
    st.fixed_dictionaries(
        {"name": TEXTS, "ref": TEXTS, "premise_address": TEXTS, "facts": st.dictionaries(TEXTS, TEXTS)}
    ),
    TEXTS,
    TEXTS,
)
def test_no_original_text_of_the_party_survives(party: "dict[str, records.Json]", before: str, after: str):
    remark = f"{before} {party['name']} {after}"
    found = masking.mask({"party": party, "event": {"data": {"remark": remark}}}, key=KEY)
    for original in strings(party):
        if original.casefold() in {name.casefold() for name in masking.KEPT_NAMES}:
            continue
        alone = re.compile(rf"(?<!\w){re.escape(original)}(?!\w)")
        letters = sum(character.isalnum() for character in original)
        if letters >= 3:
            assert not any(alone.search(text) for text in strings(found)), original
