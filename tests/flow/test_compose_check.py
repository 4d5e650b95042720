"""What an author is told about a draft before anyone may approve it."""

import msgspec
import pytest
from tests.flow import composing

from signalpost.flow.compose import check
from signalpost.vocabulary import manuscripts, records, templates

CONTRACT: "dict[str, records.Json]" = {
    "type": "object",
    "required": ["party", "links", "incident", "estimate", "now"],
    "properties": {
        "party": {
            "type": "object",
            "required": ["name", "time_zone", "salutation"],
            "properties": {
                "name": {"type": "string"},
                "time_zone": {"type": "string"},
                "salutation": {"type": "string"},
                "premise_address": {"type": "string"},
            },
        },
        "links": {"type": "object", "required": ["status"], "properties": {"status": {"type": "string"}}},
        "now": {"type": "string"},
        "incident": {
            "type": "object",
            "required": ["area_name", "cause"],
            "properties": {
                "area_name": {"type": "string"},
                "cause": {"enum": ["storm", "digger"]},
                "note": {"type": "string"},
                "due": {"$ref": "#/$defs/money"},
                "steps": {"type": "array", "items": {"$ref": "#/$defs/step"}},
            },
        },
        "estimate": {"type": "object", "properties": {"restoration_at": {"type": ["string", "null"]}}},
    },
    "$defs": {
        "money": {
            "type": "object",
            "required": ["amount", "currency"],
            "properties": {"amount": {"type": "string"}, "currency": {"type": "string"}},
        },
        "step": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "at": {}}},
    },
}
COMMON: "dict[str, records.Json]" = {
    "party": {"name": "Ann Meyer", "time_zone": "Europe/Berlin", "salutation": "Ms Meyer"},
    "links": {"status": "https://lumen.example/s/1"},
    "now": "2025-01-31T13:35:00Z",
    "estimate": {},
}
STORM: "dict[str, records.Json]" = {
    **COMMON,
    "incident": {
        "area_name": "Old Town",
        "cause": "storm",
        "note": "x",
        "steps": [{"name": "A", "at": 1}],
        "due": {"amount": "1.00", "currency": "EUR"},
    },
    "estimate": {"restoration_at": "2025-01-31T16:30:00Z"},
}
DIGGER: "dict[str, records.Json]" = {**COMMON, "incident": {"area_name": "Old Town", "cause": "digger"}}

#: Uses every field of the contract, and each optional one below a condition.
GOOD = """
- {type: heading, level: 1, text: "{incident.area_name}: {incident.cause | term}"}
- type: when
  condition: has(incident.note) && has(incident.steps) && has(incident.due)
  then:
  - {type: heading, text: "{incident.note}, {incident.due | money}"}
  - {type: list, each: incident.steps, item: "{item.name}"}
- type: when
  condition: has(estimate.restoration_at)
  then: [{type: paragraph, text: "{estimate.restoration_at | time}"}]
"""
TERMS = (("storm", "a storm"), ("digger", "a digger"))


def draft(body: str = GOOD, contract: "dict[str, records.Json]" = CONTRACT, **changes: object) -> templates.Content:
    text = msgspec.json.encode(contract).decode()
    return composing.content(body, **{"contract": text, "terms": TERMS, **changes})


def found(content: templates.Content, *samples: "dict[str, records.Json]") -> "list[tuple[str, str, str]]":
    """Severity, place and message of the findings about a draft over two good samples, or those given."""
    result = check.check(content, samples or (STORM, DIGGER))
    assert all(finding.remedy for finding in result)
    return [(finding.severity[0], finding.place, finding.message) for finding in result]


def test_nothing_is_found_in_a_good_draft():
    assert found(draft()) == []


def after_good(block: str) -> str:
    return f"{GOOD}- {block}\n"


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (
            "{type: paragraph, text: '{incident.cuase | term}'}",
            ("e", "body[3].text", "the contract has no field 'incident.cuase'"),
        ),
        (
            "{type: paragraph, text: '{incident.area_name.short}'}",
            ("e", "body[3].text", "the contract has no field 'incident.area_name.short'"),
        ),
        (
            "{type: paragraph, text: '{incident.area_name | clock}'}",
            ("e", "body[3].text", "{incident.area_name | clock}: no format 'clock'"),
        ),
        (
            "{type: paragraph, text: '{incident.note}'}",
            ("e", "body[3].text", "the contract does not promise 'incident.note'"),
        ),
        (
            "{type: list, each: incident.steps, item: '{item.name}'}",
            ("e", "body[3].each", "the contract does not promise 'incident.steps'"),
        ),
        (
            (
                "{type: when, condition: has(incident.steps),"
                " then: [{type: list, each: incident.steps, item: '{item.x}'}]}"
            ),
            ("e", "body[3].then[0].item", "the contract has no field 'item.x'"),
        ),
        (
            "{type: list, each: incident.area_name, item: '{item}'}",
            ("e", "body[3].each", "'incident.area_name' is string, which 'each' cannot write"),
        ),
        (
            "{type: paragraph, text: '{incident.area_name | money}'}",
            ("e", "body[3].text", "'incident.area_name' is string, which 'money' cannot write"),
        ),
        (
            "{type: paragraph, text: '{party.name | term}'}",
            ("w", "body[3].text", "'party.name' can be any code"),
        ),
        (
            "{type: when, condition: 'incident.kind == 1', then: []}",
            ("e", "body[3].condition", "the contract has no field 'incident.kind'"),
        ),
        (
            "{type: when, condition: 'incident.', then: []}",
            ("e", "body[3].condition", None),
        ),
        (
            "{type: when, condition: 'incident.area_name == \"Old Town\"', then: []}",
            ("w", "body[3].condition", "'incident.area_name == \"Old Town\"' holds in every sample"),
        ),
        (
            "{type: when, condition: 'incident.area_name == \"New Town\"', then: []}",
            ("w", "body[3].condition", "'incident.area_name == \"New Town\"' holds in no sample"),
        ),
        (
            "{type: paragraph, text: '{party.premise_address}'}",
            ("e", "body[3].text", "the contract does not promise 'party.premise_address'"),
        ),
        ("{type: heading, level: 1, text: A}", ("e", "body[3]", "a heading of level 1 after one of level 1 or 2")),
        ("{type: heading, level: 3, text: A}", ("e", "body[3]", "a heading of level 3 after one of level 1 or 2")),
        (
            "{type: barcode, symbology: qr, payload: A, alternative: ' '}",
            ("e", "body[3].alternative", "wanted a text alternative, got none"),
        ),
        (
            (
                "{type: when, condition: has(incident.due), then: [], otherwise: "
                "[{type: chart, kind: line, title: A, categories: '[]', series: [], alternative: ''}]}"
            ),
            ("e", "body[3].otherwise[0].alternative", "wanted a text alternative, got none"),
        ),
        (
            "{type: image, asset: map.png, alternative: ''}",
            ("w", "body[3].alternative", "an image without a text alternative"),
        ),
    ],
)
def test_what_is_wrong_with_a_block_is_found(block: str, expected: "tuple[str, str, str | None]"):
    assets = (templates.Asset(name="map.png", media_type="image/png", digest="d" * 64),)
    findings = found(draft(after_good(block), assets=assets))
    severity, place, message = expected
    assert (severity, place) in [finding[:2] for finding in findings]
    assert message is None or expected in findings


@pytest.mark.parametrize(
    ("body", "messages"),
    [
        ("[]", ["wanted a heading of level 1 in every case"]),
        (
            "[{type: heading, level: 2, text: A}]",
            ["a heading of level 2 after one of level 0"],
        ),
        (
            "[{type: when, condition: has(incident.note), then: [{type: heading, level: 1, text: A}]}]",
            ["wanted a heading of level 1 in every case"],
        ),
        (
            (
                "[{type: when, condition: has(incident.note), then: [{type: heading, level: 1, text: A}],"
                " otherwise: [{type: heading, level: 1, text: B}]}, {type: heading, level: 2, text: C}]"
            ),
            [],
        ),
    ],
)
def test_the_first_heading_is_the_only_one_of_level_1(body: str, messages: "list[str]"):
    assert [message for _, _, message in found(draft(body)) if "heading" in message] == messages


def test_words_for_codes_are_complete():
    assert found(draft(terms=(("storm", "a storm"),))) == [
        ("e", "body[0].text", "'incident.cause': no word for digger"),
        (
            "e",
            "body[0].text",
            "sample 2 lacks body[0].text: {incident.cause | term}: wanted a code among the template's terms, got text",
        ),
    ]


def test_errors_come_first_and_a_title_and_a_subject_are_wanted():
    findings = found(draft(after_good("{type: heading, text: A}"), title=" ", subject=""), STORM)
    assert findings[:2] == [("e", "title", "wanted a text, got none"), ("e", "subject", "wanted a text, got none")]
    assert {severity for severity, _, _ in findings[2:]} == {"w"}


def test_a_field_that_the_business_side_has_to_send_and_nothing_uses_is_a_warning():
    data: records.Json = {"properties": {"used": {"type": "string"}, "total": {"$ref": "#/$defs/money"}, "list": {}}}
    contract: dict[str, records.Json] = {
        "required": ["event", "now", "party"],
        "properties": {
            "event": {"required": ["data"], "properties": {"id": {"type": "string"}, "data": data}},
            "now": {},
            "party": {"required": ["name"], "properties": {"name": {}, "salutation": {}}},
        },
        "$defs": CONTRACT["$defs"],
    }
    body = "[{type: when, condition: has(event.data.used), then: []}, {type: heading, level: 1, text: A}]"
    facts: dict[str, records.Json] = {"event": {"data": {}}}
    assert [finding for finding in found(draft(body, contract), facts) if finding[1] == "contract"] == [
        ("w", "contract", f"nothing uses 'event.data.{path}'") for path in ("total.amount", "total.currency", "list")
    ]


@pytest.mark.parametrize(
    "contract",
    [
        "{",
        "[]",
        '{"type": "objekt"}',
        '{"properties": {"incident": {"$ref": "#/$defs/none"}}}',
        '{"$ref": "https://other.example/schema.json"}',
    ],
)
def test_a_contract_that_is_none_is_an_error(contract: str):
    findings = found(composing.content(GOOD, contract=contract, terms=TERMS))
    assert [finding[:2] for finding in findings] == [("e", "contract")]
    assert findings[0][2].startswith("wanted a JSON Schema: ")


@pytest.mark.parametrize("incident", [True, {"$ref": "#"}, {"type": "object"}, {"properties": {"area_name": True}}])
def test_what_the_contract_leaves_open_is_no_field(incident: records.Json):
    message = "the contract has no field 'incident.area_name'"
    assert message in [text for _, _, text in found(draft(contract={"properties": {"incident": incident}}))]


def test_a_contract_that_refers_to_itself_is_looked_into_so_far():
    contract: dict[str, records.Json] = {
        "properties": {"event": {"properties": {"data": {"$ref": "#/$defs/a"}}}},
        "$defs": {"a": {"properties": {"b": {"$ref": "#/$defs/a"}}}},
    }
    unused = [message for _, _, message in found(draft("[]", contract)) if message.startswith("nothing uses")]
    assert unused == [f"nothing uses 'event.data.{'.'.join('b' * (check.FIELD_DEPTH_MAX - 2))}'"]


def test_samples_are_checked_against_the_contract():
    sample: dict[str, records.Json] = {**DIGGER, "incident": {"area_name": 1, "cause": "digger"}}
    assert found(draft(), STORM, DIGGER, sample) == [
        ("e", "samples", 'sample 3, incident.area_name: 1 is not of type "string"'),
    ]
    # What is null says nothing, and is not there.
    assert found(draft(), STORM, {**DIGGER, "estimate": {"restoration_at": None}}) == []
    assert ("e", "samples", 'sample 1, whole: "party" is a required property') in found(draft(), {"now": "x"})


def test_a_draft_without_samples_is_told():
    result = check.check(draft(), ())
    assert [finding.message for finding in result] == ["there are no samples"]


def test_a_sample_that_lacks_a_fact_is_an_error_where_the_fact_is_used():
    sample: dict[str, records.Json] = {**DIGGER, "party": {"time_zone": "Europe/Berlin", "salutation": "Ms Meyer"}}
    assert ("e", "recipient", "sample 3 lacks recipient: {party.name}") in found(draft(), STORM, DIGGER, sample)


@pytest.mark.parametrize(
    ("primary", "on_primary", "expected"),
    [
        ("#0b3d5c", "#ffffff", []),
        ("#FFFFFF", "#767676", []),
        (
            "#777777",
            "#ffffff",
            [("e", "brand.on_primary", "contrast of text on the brand's colour: wanted 4.5, got 4.5")],
        ),
        (
            "#ffe000",
            "#ffffff",
            [("e", "brand.on_primary", "contrast of text on the brand's colour: wanted 4.5, got 1.3")],
        ),
        ("navy", "#ffffff", [("e", "brand.primary", "wanted two colours as #rrggbb")]),
    ],
)
def test_text_on_the_brands_colour_can_be_read(primary: str, on_primary: str, expected: "list[tuple[str, str, str]]"):
    brand = msgspec.structs.replace(composing.BRAND, primary=primary, on_primary=on_primary)
    assert found(draft(brand=brand)) == expected


def test_words_of_a_variant_may_use_what_it_asks_for():
    variant = templates.WordsVariant(
        condition="has(estimate.restoration_at)", sms="Back by {estimate.restoration_at | time}"
    )
    assert found(draft(sms="Out", variants=(variant,))) == []
    assert found(draft(sms="Back by {estimate.restoration_at | time}"))[0] == (
        "e",
        "sms",
        "the contract does not promise 'estimate.restoration_at'",
    )


def test_a_draft_can_be_seen_but_has_no_reference_to_be_sent_by():
    result = check.preview(draft(), DIGGER)
    assert isinstance(result, manuscripts.Manuscript)
    assert (result.ref, result.title) == ("", "Power cut")
    assert result.blocks == (manuscripts.Heading(level=1, runs=(manuscripts.Run(text="Old Town: a digger"),)),)


@pytest.mark.parametrize(
    ("block", "places"),
    [
        ("{type: keep, blocks: [{type: heading, level: 4, text: A}]}", ["body[3].blocks[0]"]),
        ("{type: keep, blocks: [{type: heading, level: 3, text: A}]}", []),
        ("{type: only, channels: [email], blocks: [{type: heading, level: 1, text: A}]}", ["body[3].blocks[0]"]),
        ("{type: only, channels: [email], blocks: [{type: heading, level: 2, text: A}]}", []),
    ],
)
def test_headings_inside_of_other_blocks_keep_the_order(block: str, places: list[str]):
    body = "- {type: heading, level: 1, text: A}\n- {type: heading, level: 2, text: B}\n- {type: break}\n- " + block
    assert [place for _, place, message in found(draft(body)) if "a heading of level" in message] == places


@pytest.mark.parametrize("name", ["title", "subject", "preheader"])
def test_a_line_without_end_is_found(name: str):
    assert ("e", name) in [finding[:2] for finding in found(msgspec.structs.replace(draft(), **{name: "N" * 20_000}))]
    assert ("e", name) not in [finding[:2] for finding in found(msgspec.structs.replace(draft(), **{name: "N" * 400}))]
