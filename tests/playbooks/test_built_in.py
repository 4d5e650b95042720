"""The playbooks that come with the product: they load, their templates are without a finding, every sample is said."""

import jsonschema_rs
import msgspec
import pytest

from signalpost.flow import expressions
from signalpost.flow.compose import check
from signalpost.playbooks import load
from signalpost.vocabulary import library, manuscripts, parties, records, situations, sms, templates

BOOKS = {path.name: load.load(path) for path in load.BUILT_IN}
COMMUNICATIONS = {one.type.name: one for book in BOOKS.values() for one in book.communications}
CONTRACTS = {contract.type: contract for book in BOOKS.values() for contract in book.contracts}
CONTENTS = [(f"{one.type.name}.{each.language}", each) for one in COMMUNICATIONS.values() for each in one.contents]

each_content = pytest.mark.parametrize("content", [one for _, one in CONTENTS], ids=[name for name, _ in CONTENTS])


def samples(content: templates.Content) -> "list[dict[str, records.Json]]":
    return [msgspec.json.decode(sample.facts) for sample in COMMUNICATIONS[content.communication].samples]


def said(content: templates.Content) -> "list[manuscripts.Manuscript]":
    results = [check.preview(content, facts) for facts in samples(content)]
    assert all(isinstance(result, manuscripts.Manuscript) for result in results), results
    return [result for result in results if isinstance(result, manuscripts.Manuscript)]


def test_what_is_told():
    assert sorted(COMMUNICATIONS) == [
        "account-status",
        "bill-ready",
        "contract-change-confirmed",
        "outage-estimate-passed",
        "outage-opened",
        "outage-reopened",
        "outage-resolved",
        "outage-restored",
        "outage-updated",
        "review-requested",
    ]
    assert {one.type.name: sorted(each.language for each in one.contents) for one in COMMUNICATIONS.values()} == {
        name: ["de", "en"] for name in COMMUNICATIONS
    }


@each_content
def test_a_template_is_without_a_finding(content: templates.Content):
    assert check.check(content, samples(content)) == ()


@each_content
def test_every_sample_is_said_for_every_channel(content: templates.Content):
    channels = COMMUNICATIONS[content.communication].type.channels
    for manuscript in said(content):
        words = manuscript.words
        assert manuscript.title
        assert words.subject
        assert words.preheader
        assert bool(words.sms) == (parties.ChannelKind.SMS in channels)
        assert bool(words.push_title and words.push_body) == (parties.ChannelKind.PUSH in channels)


@each_content
def test_an_sms_of_a_sample_is_one_segment_in_the_default_alphabet(content: templates.Content):
    for manuscript in said(content):
        if manuscript.words.sms:
            cut = sms.segments(manuscript.words.sms)
            assert cut.encoding is sms.Encoding.GSM7, manuscript.words.sms
            assert len(cut.parts) == 1, manuscript.words.sms


@each_content
def test_the_languages_of_a_template_have_the_same_shape(content: templates.Content):
    def shape(manuscript: manuscripts.Manuscript) -> "list[str]":
        return [type(block).__name__ for block in manuscript.blocks]

    first = COMMUNICATIONS[content.communication].contents[0]
    assert [shape(manuscript) for manuscript in said(content)] == [shape(manuscript) for manuscript in said(first)]


def test_labels_stand_in_five_languages():
    languages = {item.name: item for item in load.items(list(BOOKS.values())) if isinstance(item, library.Language)}
    assert sorted(languages) == ["ar", "de", "en", "es", "fr"]
    assert languages["ar"].direction is manuscripts.Direction.RTL
    assert all("{page}" in each.labels.page and "{pages}" in each.labels.page for each in languages.values())


def test_the_rules_can_be_asked():
    rules, policy = load.combined(list(BOOKS.values()))
    asked = [rule.raised_when for rule in rules.alarms] + [rule.cleared_when for rule in rules.alarms]
    assert [expressions.check(expression) for expression in (*asked, *(one.when for one in rules.triggers))] == (
        [None] * (len(asked) + len(rules.triggers))
    )
    types = {kind for rule in rules.alarms for kind in (rule.raised_by, *rule.cleared_by) if kind}
    assert types <= set(CONTRACTS)
    assert all(trigger.audience in situations.AUDIENCES[trigger.change] for trigger in rules.triggers)
    assert {trigger.cause for trigger in rules.triggers if trigger.cause} <= {one.cause for one in rules.incidents}
    assert sorted(row.category for row in policy.categories) == [
        "account",
        "billing",
        "marketing",
        "operations",
        "outage",
        "regulatory",
        "safety",
    ]


@pytest.mark.parametrize(
    ("volts", "raised", "cleared"),
    [
        (12, "", ""),
        (181, "low-voltage", "power-loss"),
        (206.9, "low-voltage", "power-loss"),
        (207, "", "power-loss low-voltage"),
        (230.4, "", "power-loss low-voltage"),
    ],
)
def test_a_heartbeat_raises_and_clears_by_its_voltage(volts: float, raised: str, cleared: str):
    rules = [rule for rule in BOOKS["d1_outage"].rules.alarms if rule.name != "silence"]
    facts: dict[str, records.Json] = {"data": {"volts": volts, "sequence": 1}}
    assert [
        rule.name
        for rule in rules
        if rule.raised_by == "device.heartbeat" and expressions.holds(rule.raised_when, facts) is True
    ] == raised.split()
    assert [rule.name for rule in rules if expressions.holds(rule.cleared_when, facts) is True] == cleared.split()


def test_what_meters_say_becomes_an_event_that_its_contract_lets_through():
    book = BOOKS["d1_outage"]
    found: list[tuple[records.Json, ...]] = []
    for row in msgspec.json.decode(dict(book.samples)["meter-messages.json"]):
        facts: dict[str, records.Json] = {"topic": row["topic"].split("/"), "message": row["message"]}
        rule = next(rule for rule in book.mappings if expressions.holds(rule.when, facts) is True)
        data = {name: expressions.value(expression, facts) for name, expression in rule.data}
        validator = jsonschema_rs.validator_for(msgspec.json.decode(CONTRACTS[rule.type].data_schema))
        assert validator.is_valid(data)
        subject, name, at = (expressions.value(text, facts) for text in (rule.subject, rule.id, rule.occurred_at))
        assert not any(isinstance(value, expressions.Fault) for value in (subject, name, at, *data.values()))
        found.append((rule.type, subject, name, at))  # pyright: ignore[reportArgumentType]
    assert found == [
        ("device.last_gasp", "M-100001", "M-100001/2026-01-30T13:30:00Z/41", "2026-01-30T13:30:00Z"),
        ("device.power_restored", "M-100001", "M-100001/2026-01-30T15:42:00Z/1", "2026-01-30T15:42:00Z"),
        ("device.heartbeat", "M-100001", "M-100001/2026-01-30T15:57:00Z/2", "2026-01-30T15:57:00Z"),
    ]


def test_a_meter_cannot_speak_for_another():
    facts: dict[str, records.Json] = {
        "topic": ["meters", "M-1", "events"],
        "message": {"id": "M-2", "ts": "2026-01-30T13:30:00Z", "ev": "LG", "v": 12.5, "n": 41},
    }
    assert [expressions.holds(rule.when, facts) for rule in BOOKS["d1_outage"].mappings] == [False, False, False]


@pytest.mark.parametrize(("book", "file"), [("d1_outage", "operations-events.json"), ("b1_documents", "events.json")])
def test_sample_events_keep_to_their_contracts(book: str, file: str):
    for event in msgspec.json.decode(dict(BOOKS[book].samples)[file]):
        schema = msgspec.json.decode(CONTRACTS[event["type"]].data_schema)
        errors = [error.message for error in jsonschema_rs.validator_for(schema).iter_errors(event["data"])]
        assert (event["type"], errors) == (event["type"], [])


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("billing.closed", {"payment": {"method": "transfer"}}),
        ("billing.closed", {"payment": {"method": "refund", "account_ending": "4021", "booked_on": "2026-02-10"}}),
        ("billing.closed", {"total": {"amount": 119.63, "currency": "EUR"}}),
        ("contract.changed", {"change": "instalment", "monthly": None}),
        ("account.status", {"status": "closed"}),
    ],
)
def test_what_a_document_could_not_do_without_is_refused_at_the_door(kind: str, data: "dict[str, records.Json]"):
    event = next(
        one for one in msgspec.json.decode(dict(BOOKS["b1_documents"].samples)["events.json"]) if one["type"] == kind
    )
    validator = jsonschema_rs.validator_for(msgspec.json.decode(CONTRACTS[kind].data_schema))
    assert validator.is_valid(event["data"])
    assert not validator.is_valid({**event["data"], **data})


def test_crews_can_report_exactly_what_the_closing_message_has_words_for():
    reported = msgspec.json.decode(CONTRACTS["incident.actions"].data_schema)["properties"]["codes"]["items"]["enum"]
    for content in COMMUNICATIONS["outage-resolved"].contents:
        assert [code for code, _ in content.terms] == reported
        contract = msgspec.json.decode(content.contract)
        assert contract["$defs"]["actions"]["items"]["enum"] == reported


def test_what_is_expected_is_counts_without_doubles_and_gaps():
    expected = {name: {file: msgspec.json.decode(body) for file, body in book.expected} for name, book in BOOKS.items()}
    for name, files in expected.items():
        assert set(files) == {"counts.json", "samples.json"}, name
        for counts in files.values():
            assert (counts["duplicates"], counts["unexplained"]) == (0, 0), name
