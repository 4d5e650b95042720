"""What a contract offers to those who write, and what a condition comes to while it is written."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalpost.flow import contrast
from signalpost.flow.compose import offered
from signalpost.vocabulary import records

MONEY = {"type": "object", "properties": {"amount": {"type": "string"}, "currency": {"type": "string"}}}
CONTRACT = json.dumps(
    {
        "$defs": {"money": MONEY},
        "type": "object",
        "required": ["bill"],
        "properties": {
            "bill": {
                "type": "object",
                "required": ["total"],
                "properties": {
                    "total": {"$ref": "#/$defs/money", "title": "Total"},
                    "due_on": {"type": "string", "description": "Day of payment"},
                    "closed": {"type": "string", "format": "date-time"},
                    "state": {"enum": ["open", "paid"]},
                    "is_final": {"type": "boolean"},
                    "lines": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {"name": {"type": "string"}, "parts": {"type": "array"}},
                        },
                    },
                    "things": {"type": "array"},
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "units": {"type": ["number", "null"]},
                    "minutes": {"type": "integer"},
                    "telephone": {"type": "string"},
                    "sent_at": {"type": "string"},
                    "count": {"type": "integer"},
                    "any": {},
                    "lost": {"$ref": "#/$defs/nothing"},
                    "odd": 3,
                },
            }
        },
    }
)
OFFERS = {offer.path: offer for offer in offered.offered(CONTRACT) if not offer.each}


@pytest.mark.parametrize(
    ("path", "kind", "first"),
    [
        ("bill.total", "money", "money"),
        ("bill.due_on", "moment", "date"),
        ("bill.closed", "moment", "datetime"),
        ("bill.sent_at", "moment", "datetime"),
        ("bill.state", "code", "term"),
        ("bill.is_final", "yes_or_no", None),
        ("bill.lines", "list", None),
        ("bill.tags", "list", "list"),
        ("bill.units", "number", "number"),
        ("bill.count", "number", "number"),
        ("bill.minutes", "number", "duration"),
        ("bill.telephone", "text", "phone"),
        ("bill.any", "text", ""),
    ],
)
def test_a_field_is_offered_by_its_kind_with_the_likeliest_format_first(path: str, kind: str, first: str | None):
    offer = OFFERS[path]

    assert offer.kind == kind
    assert next(iter(offer.formats), None) == first


def test_a_field_says_what_it_is_called_and_whether_it_is_always_there():
    assert OFFERS["bill.total"].label == "Total"
    assert OFFERS["bill.due_on"].label == "bill due on"
    assert OFFERS["bill.due_on"].description == "Day of payment"
    assert (OFFERS["bill.total"].is_required, OFFERS["bill.due_on"].is_required) == (True, False)
    assert OFFERS["bill.state"].codes == ("open", "paid")
    assert "bill.odd" not in OFFERS


def test_below_a_list_the_fields_of_its_elements_are_offered():
    found = {(offer.each, offer.path) for offer in offered.offered(CONTRACT) if offer.each}

    assert found == {("bill.lines", "item.name"), ("bill.tags", "item")}


@pytest.mark.parametrize("contract", ["", "{", "[]", "3"])
def test_what_is_no_contract_offers_nothing(contract: str):
    assert offered.offered(contract) == ()


def test_a_contract_without_end_is_read_to_a_depth_and_a_number():
    itself = json.dumps({"properties": {"a": {"$ref": "#"}, "b": {"type": "string"}, "c": {"$ref": "#"}}})
    found = offered.offered(itself)

    assert len(found) <= offered.FIELDS_MAX
    assert max(offer.path.count(".") for offer in found) < offered.DEPTH_MAX
    many = json.dumps({"properties": {f"f{number}": {"type": "string"} for number in range(offered.FIELDS_MAX + 5)}})
    assert len(offered.offered(many)) == offered.FIELDS_MAX


def judged(expression: str, **bill: records.Json) -> offered.Judgement:
    return offered.judged(expression, offered.offered(CONTRACT), [("one", {"bill": bill})])


@pytest.mark.parametrize(
    ("expression", "holds"), [("bill.count > 3", True), ("bill.count > 5", False), ("has(bill.due_on)", False)]
)
def test_a_condition_is_answered_for_each_sample(expression: str, *, holds: bool):
    assert judged(expression, count=5).samples == (("one", holds, ""),)


def test_a_field_that_is_not_there_is_named():
    found = judged("bill.cuont > 3 || bill.total.amount == '2'", count=5, total={"amount": "1"})

    assert found.unknown == ("bill.cuont",)
    assert found.samples[0][1] is None
    assert "cuont" in found.samples[0][2]


def test_a_condition_that_cannot_be_read_says_where():
    found = judged("bill.count >")

    assert "1:13" in found.fault
    assert found.samples == ()


def test_elements_of_a_list_are_no_fields_of_a_condition():
    assert judged("item.name == 'x'").unknown == ("item.name",)


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#777777", 1.0), ("#0b4f94", "#ffffff", 8.2), ("#fff", "#000000", None)],
)
def test_contrast(one: str, other: str, wanted: float | None):
    found = contrast.ratio(one, other)

    assert (None if found is None else round(found, 1)) == wanted


@given(st.text("0123456789abcdef", min_size=6, max_size=6), st.text("0123456789abcdef", min_size=6, max_size=6))
def test_contrast_has_no_direction(one: str, other: str):
    assert contrast.ratio(f"#{one}", f"#{other}") == contrast.ratio(f"#{other}", f"#{one}")
