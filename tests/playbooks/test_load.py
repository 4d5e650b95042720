"""Reading a playbook's folder: what may be in it, and that every mistake is named with its file and place."""

import pathlib
import shutil
from typing import cast

import msgspec
import pytest
import yaml

from signalpost.playbooks import load, reading
from signalpost.vocabulary import events, library, manuscripts, notices, situations, templates

FILES: dict[str, object] = {
    "shared/brands/lumen.yaml": {
        "dress": {
            "name": "Lumen",
            "imprint": ["Lumen AG"],
            "return_address": "Lumen AG",
            "primary": "#0b3d5c",
            "on_primary": "#ffffff",
            "website": "https://lumen.example",
            "telephone": "030 23125-0",
        }
    },
    **{
        f"shared/languages/{language}.yaml": {
            "direction": direction,
            "labels": {
                "page": "{page}/{pages}",
                "date": "D",
                "unsubscribe": "U",
                "web_view": "W",
                "tones": ["N", "A", "W", "D"],
            },
        }
        for language, direction in (("en", "ltr"), ("ar", "rtl"))
    },
    "shared/texts/thanks.yaml": {
        "title": "Thanks",
        "variants": [{"language": "en", "body": [{"type": "paragraph", "text": "Thank you."}]}],
    },
    "shared/contracts/incident.yaml": {"title": "An incident", "facts": {"incident": {"type": "object"}}},
    "shared/policy.yaml": {
        "categories": [{"category": "billing", "legal_class": "contractual", "routine_channels": ["email"]}],
        "quiet_hours": {"start": "21:00:00", "end": "08:00:00"},
        "fallback_languages": ["en"],
    },
    "shared/facts.yaml": {
        "definitions": {"text": {"type": "string"}},
        "common": {"party": {"type": "object"}, "now": {"$ref": "#/$defs/text"}},
    },
    "book/playbook.yaml": {"title": "Bills", "flows": ["B1"], "description": "Sends bills."},
    "book/triggers/send.yaml": {"event_type": "billing.closed", "communication": "bill", "lane": "bulk"},
    "book/rules.yaml": {
        "alarms": [{"name": "a", "kind": "k", "cause": "c", "severity": 3}],
        "incidents": [{"cause": "c", "storm": {"min_devices": 10, "min_percent": 5, "within_seconds": 60}}],
    },
    "book/mappings.yaml": [
        {
            "name": "gasp",
            "topic_filter": "m/+",
            "type": "device.last_gasp",
            "subject": "topic[1]",
            "id": "message.n",
            "occurred_at": "",
            "data": {"volts": "message.v"},
        }
    ],
    "book/contracts/billing.closed.yaml": {
        "subject_kind": "account",
        "lane": "bulk",
        "data": {"type": "object", "properties": {"total": {"$ref": "#/$defs/money"}}, "$defs": {"money": {}}},
    },
    "book/communications/bill/type.yaml": {
        "title": "Bill",
        "category": "billing",
        "channels": ["email"],
        "speaks_of": "billing.closed",
        "brand": "lumen",
    },
    "book/communications/bill/content.en.yaml": {
        "title": "Your bill",
        "subject": "Your bill",
        "terms": {"a": "b"},
        "body": [{"type": "heading", "level": 1, "text": "Your bill"}, {"type": "shared_text", "name": "thanks"}],
    },
    "book/communications/bill/content.ar.yaml": {"title": "T", "subject": "S", "body": []},
    "book/communications/bill/samples.json": [
        {"name": "One", "facts": {"party": {"name": "Ben"}, "event": {"id": "1"}, "now": "2026-02-01T00:00:00Z"}}
    ],
    "book/samples/events.json": [{"id": "1"}],
    "book/expected/counts.json": {"messages": 1},
}


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> pathlib.Path:
    for name, body in FILES.items():
        write(tmp_path / name, body)
    return tmp_path / "book"


def write(path: pathlib.Path, body: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = msgspec.json.encode(body).decode() if path.suffix == ".json" else yaml.safe_dump(body, allow_unicode=True)
    path.write_text(text, encoding="utf-8")


def change(path: pathlib.Path, **members: object) -> None:
    """Give an object in a file other members; `None` takes one out."""
    body = {**yaml.safe_load(path.read_text(encoding="utf-8")), **members}
    write(path, {name: value for name, value in body.items() if value is not None})


def test_a_folder_is_a_playbook(folder: pathlib.Path):
    book = load.load(folder)
    assert (book.name, book.title, book.flows, book.description, book.needs) == (
        "book",
        "Bills",
        ("B1",),
        "Sends bills.",
        (),
    )
    assert book.rules.triggers == (
        situations.Trigger(name="send", communication="bill", event_type="billing.closed", lane=events.Lane.BULK),
    )
    assert book.rules.alarms[0].severity is situations.Severity.MAJOR
    assert book.policy.categories[0].legal_class is notices.LegalClass.CONTRACTUAL
    assert book.contracts == (
        events.Contract(
            type="billing.closed",
            data_schema='{"$defs":{"money":{}},"properties":{"total":{"$ref":"#/$defs/money"}},"type":"object"}',
            lane=events.Lane.BULK,
            subject_kind="account",
        ),
    )
    assert book.mappings[0].data == (("volts", "message.v"),)
    assert book.samples == (("events.json", '[{"id":"1"}]'),)
    assert book.expected == (("counts.json", '{"messages":1}'),)


def test_a_communication_has_its_text_in_each_language(folder: pathlib.Path):
    (bill,) = load.load(folder).communications
    assert bill.type.name == "bill"
    arabic, english = bill.contents
    assert [(each.language, each.direction) for each in bill.contents] == [
        ("ar", manuscripts.Direction.RTL),
        ("en", manuscripts.Direction.LTR),
    ]
    assert (arabic.title, english.title, english.terms) == ("T", "Your bill", (("a", "b"),))
    assert english.body == (
        templates.HeadingBlock(text="Your bill", level=1),
        templates.ParagraphBlock(text="Thank you."),
    )
    assert (english.communication, english.category, english.brand.name) == ("bill", "billing", "Lumen")


def test_the_contract_of_a_text_is_what_it_speaks_of_beside_what_all_have(folder: pathlib.Path):
    (bill,) = load.load(folder).communications
    contract = msgspec.json.decode(bill.contents[0].contract)
    assert contract["required"] == ["event", "now", "party"]
    assert contract["$defs"] == {"text": {"type": "string"}, "money": {}}
    assert contract["properties"]["event"]["required"] == ["data", "id", "occurred_at", "source", "subject", "type"]
    assert contract["properties"]["event"]["properties"]["data"] == {
        "type": "object",
        "properties": {"total": {"$ref": "#/$defs/money"}},
    }
    change(folder / "communications/bill/type.yaml", speaks_of="incident")
    (bill,) = load.load(folder).communications
    assert msgspec.json.decode(bill.contents[0].contract)["required"] == ["incident", "now", "party"]


def test_a_sample_holds_all_facts(folder: pathlib.Path):
    (bill,) = load.load(folder).communications
    facts = '{"event":{"id":"1"},"now":"2026-02-01T00:00:00Z","party":{"name":"Ben"}}'
    assert bill.samples == (load.Sample(name="One", facts=facts),)


def test_a_playbooks_own_item_stands_before_the_shared_one(folder: pathlib.Path):
    (folder / "brands").mkdir()
    shutil.copy(folder.parent / "shared/brands/lumen.yaml", folder / "brands/lumen.yaml")
    change(folder / "brands/lumen.yaml", title="Own")
    titles = [item.title for item in load.load(folder).items if isinstance(item, library.Brand)]
    assert titles == ["Own"]


def test_the_items_of_a_playbook_are_its_own_and_those_in_common(folder: pathlib.Path):
    assert [str(library.key(item).kind) + " " + item.name for item in load.items([load.load(folder)])] == [
        "brand lumen",
        "communication bill",
        "contract billing.closed",
        "contract incident",
        "language ar",
        "language en",
        "policy policy",
        "text thanks",
        "trigger send",
    ]


def test_mappings_samples_and_expectations_may_be_missing(folder: pathlib.Path):
    (folder / "mappings.yaml").unlink()
    (folder / "rules.yaml").unlink()
    for name in ("samples", "expected", "communications", "contracts", "triggers"):
        shutil.rmtree(folder / name)
    book = load.load(folder)
    assert (book.mappings, book.samples, book.expected, book.communications) == ((), (), (), ())


def test_the_same_rules_are_the_same_version(folder: pathlib.Path):
    before = load.load(folder)
    assert load.load(folder).rules.version == before.rules.version
    change(folder / "rules.yaml", alarms=[])
    after = load.load(folder)
    assert after.rules.version != before.rules.version
    assert after.policy.version == before.policy.version


@pytest.mark.parametrize(
    ("name", "members", "message"),
    [
        ("playbook.yaml", {"colour": 1}, "playbook.yaml:1: Object contains unknown field `colour`"),
        ("playbook.yaml", {"title": None}, "playbook.yaml:1: Object missing required field `title`"),
        (
            "rules.yaml",
            {"alarms": [{"name": "a"}]},
            "rules.yaml:2: alarms[0]: Object missing required field `kind`",
        ),
        (
            "triggers/send.yaml",
            {"communication": "letter"},
            "send.yaml:1: communication: wanted one of this playbook, got 'letter'",
        ),
        (
            "triggers/send.yaml",
            {"event_type": "billing.opened"},
            "send.yaml:2: event_type: wanted a type with a contract, got 'billing.opened'",
        ),
        (
            "triggers/send.yaml",
            {"event_type": "", "change": "opened", "audience": "told"},
            "send.yaml:1: audience: wanted members or role for opened, got told",
        ),
        ("../shared/policy.yaml", {"categories": []}, "type.yaml:2: category: wanted one of , got 'billing'"),
        ("../shared/brands/lumen.yaml", {"title": 1}, "lumen.yaml:10: title: Expected `str`, got `int`"),
        (
            "../shared/facts.yaml",
            {"definitions": {"money": {}}},
            "billing.closed.yaml:3: data.$defs: money: stands in facts.yaml too",
        ),
        (
            "communications/bill/type.yaml",
            {"speaks_of": "billing"},
            "type.yaml:5: speaks_of: wanted one of billing.closed, incident, got 'billing'",
        ),
        (
            "communications/bill/type.yaml",
            {"channels": ["fax"]},
            "type.yaml:4: channels[0]: Invalid enum value 'fax'",
        ),
        (
            "communications/bill/type.yaml",
            {"channels": ["sms"]},
            "content.ar.yaml:1: sms: wanted a text, because type.yaml has the channel, got none",
        ),
        (
            "communications/bill/content.en.yaml",
            {"body": [{"type": "headline"}]},
            "content.en.yaml:2: body[0].type: Invalid value 'headline'",
        ),
        (
            "communications/bill/content.en.yaml",
            {"terms": {1: "one"}},
            "content.en.yaml:9: terms: Expected `str`, got `int`",
        ),
    ],
)
def test_a_mistake_is_named_with_its_file_and_place(
    folder: pathlib.Path, name: str, members: "dict[str, object]", message: str
):
    change(folder / name, **members)
    with pytest.raises(reading.PlaybookError) as raised:
        load.load(folder)
    assert str(raised.value).endswith(message)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("rules.yaml", "alarms: []\nalarms: []\n", "the key 'alarms' is given twice"),
        ("playbook.yaml", "title: [", "playbook.yaml:2: did not find expected node content"),
        ("playbook.yaml", "", "wanted YAML, got an empty file"),
        ("communications/bill/samples.json", "[{", "Input data was truncated"),
        (
            "communications/bill/content.fr.yaml",
            "title: T\nsubject: S\nbody: []",
            "content.fr.yaml:1: wanted language 'fr' to be kept, got none of that name",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_named(folder: pathlib.Path, name: str, text: str, message: str):
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(reading.PlaybookError, match=name.rsplit("/", maxsplit=1)[-1]) as raised:
        load.load(folder)
    assert message in str(raised.value)


def test_a_key_given_twice_is_found_at_any_depth(folder: pathlib.Path):
    text = "categories:\n- {category: billing, legal_class: service, at_once: 1, at_once: 2}\n"
    (folder.parent / "shared/policy.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(reading.PlaybookError, match="the key 'at_once' is given twice"):
        load.load(folder)


@pytest.mark.parametrize("name", ["playbook.yaml", "communications/bill/samples.json"])
def test_a_file_that_is_missing_is_named(folder: pathlib.Path, name: str):
    (folder / name).unlink()
    with pytest.raises(reading.PlaybookError, match=r"wanted a UTF-8 file, got .*No such file"):
        load.load(folder)


def test_a_file_in_another_encoding_is_named(folder: pathlib.Path):
    (folder / "playbook.yaml").write_bytes("title: Größe".encode("latin-1"))
    with pytest.raises(reading.PlaybookError, match=r"playbook.yaml: wanted a UTF-8 file"):
        load.load(folder)


def test_a_communication_without_a_text_is_named(folder: pathlib.Path):
    for path in (folder / "communications/bill").glob("content.*"):
        path.unlink()
    with pytest.raises(reading.PlaybookError, match=r"type\.yaml:1: wanted a language at least, got none"):
        load.load(folder)


def shared_policy(**members: object) -> dict[str, object]:
    policy = FILES["shared/policy.yaml"]
    assert isinstance(policy, dict)
    return {**cast("dict[str, object]", policy), **members}


def copy(folder: pathlib.Path, name: str) -> pathlib.Path:
    return pathlib.Path(shutil.copytree(folder, folder.parent / name))


def test_several_playbooks_have_one_set_of_rules_and_one_policy(folder: pathlib.Path):
    other = copy(folder, "other")
    shutil.rmtree(other / "triggers")
    categories = [
        {"category": "billing", "legal_class": "contractual", "routine_channels": ["email"]},
        {"category": "outage", "legal_class": "service"},
    ]
    write(other / "policy.yaml", shared_policy(categories=categories))
    books = [load.load(folder), load.load(other)]
    rules, policy = load.combined(books)
    assert ([one.name for one in rules.alarms], [one.name for one in rules.triggers]) == (["a"], ["send"])
    assert [row.category for row in policy.categories] == ["billing", "outage"]
    assert rules.version == load.combined(books[:1])[0].version
    assert policy.version == books[1].policy.version


def test_a_playbook_that_builds_on_another_needs_it(folder: pathlib.Path):
    change(folder / "playbook.yaml", needs=["ground"])
    with pytest.raises(reading.PlaybookError, match="playbook 'book': wanted ground to be installed with it"):
        load.combined([load.load(folder)])
    ground = load.load(copy(folder, "ground"))
    assert load.combined([msgspec.structs.replace(ground, needs=()), load.load(folder)])[0].triggers == (
        ground.rules.triggers
    )


def test_two_meanings_of_one_name_are_refused(folder: pathlib.Path):
    other = copy(folder, "other")
    change(other / "rules.yaml", alarms=[{"name": "a", "kind": "k", "cause": "c", "severity": 4}])
    with pytest.raises(reading.PlaybookError, match="AlarmRule 'a': wanted one meaning in all playbooks, got two"):
        load.combined([load.load(folder), load.load(other)])


def test_two_policies_are_refused(folder: pathlib.Path):
    other = copy(folder, "other")
    write(other / "policy.yaml", shared_policy(fallback_languages=["de"]))
    with pytest.raises(reading.PlaybookError, match="playbook 'other': wanted one policy for all but its categories"):
        load.combined([load.load(folder), load.load(other)])


def test_a_policy_is_wanted(folder: pathlib.Path):
    (folder.parent / "shared/policy.yaml").unlink()
    with pytest.raises(reading.PlaybookError, match=r"wanted a policy.yaml, of its own or in shared, got none"):
        load.load(folder)


def test_rules_of_no_playbook_at_all_are_refused():
    with pytest.raises(reading.PlaybookError, match="wanted a playbook at least, got none"):
        load.combined([])
