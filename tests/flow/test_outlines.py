"""Outlines of the library's items."""

import datetime as dt
import typing

from signalpost.flow import outlines
from signalpost.vocabulary import library, notices, parties, templates

Kind = parties.ChannelKind


def paragraph(text: str) -> templates.ParagraphBlock:
    return templates.ParagraphBlock(text=text)


def communication(*body: templates.TemplateBlock, **more: object) -> library.Communication:
    given = {
        "name": "outage-opened",
        "title": "Outage",
        "category": "outage",
        "channels": (Kind.SMS, Kind.LETTER),
        "speaks_of": "incident",
        "contract": '{"type": "object", "properties": {"event": {"type": "object"}}}',
        "brand": "nordlicht",
        "editions": (library.Edition(language="de", title="Ausfall", subject="Ausfall", body=body),),
    }
    return library.Communication(**(given | more))  # pyright: ignore[reportArgumentType] - fields by name


def said(item: library.Item | templates.Content) -> list[tuple[str, str, str, int]]:
    return [(line.place, line.label, line.text, line.depth) for one in outlines.of(item) for line in one.lines]


def test_a_communication_by_settings_data_and_languages():
    item = communication(templates.HeadingBlock(text="Kein Strom"), paragraph("Seit {incident.opened_at | time}."))

    found = outlines.of(item)

    assert [(one.place, one.name) for one in found] == [
        ("", "Settings"),
        ("contract", "Contract"),
        ("editions[de]", "Language de"),
    ]
    assert said(item) == [
        ("title", "Title", "Outage", 0),
        ("category", "Category", "outage", 0),
        ("channels", "Channels", "sms, letter", 0),
        ("retention_days", "Retention days", "3650", 0),
        ("sms_segments", "Sms segments", "3", 0),
        ("speaks_of", "Speaks of", "incident", 0),
        ("brand", "Brand", "nordlicht", 0),
        ("contract.type", "Contract / Type", "object", 0),
        ("contract.properties.event.type", "Contract / Event / Type", "object", 0),
        ("editions[de].language", "Language", "de", 0),
        ("editions[de].title", "Title", "Ausfall", 0),
        ("editions[de].subject", "Subject", "Ausfall", 0),
        ("editions[de].body[0].text", "Heading", "Kein Strom", 0),
        ("editions[de].body[0].level", "Heading / Level", "2", 0),
        ("editions[de].body[1].text", "Paragraph", "Seit {incident.opened_at | time}.", 0),
    ]


def test_what_a_block_holds_stands_deeper():
    item = communication(
        templates.WhenBlock(condition="event.late", then=(paragraph("late"),), otherwise=(paragraph("in time"),)),
        templates.ColumnsBlock(columns=(templates.ColumnsPart(blocks=(paragraph("left"),)),)),
        templates.BreakBlock(),
    )

    assert [line[1:] for line in said(item) if ".body" in line[0]] == [
        ("When / Condition", "event.late", 0),
        ("Paragraph", "late", 1),
        ("Otherwise", "", 0),
        ("Paragraph", "in time", 1),
        ("Columns", "", 0),
        ("Columns / 1 / Width", "1", 1),
        ("Paragraph", "left", 1),
        ("Break", "", 0),
    ]


def test_json_that_is_none_and_facts_that_look_like_blocks_are_shown_as_they_are():
    samples = (library.Sample(name="one", facts='{"event": {"type": "list", "late": true}}'),)
    item = communication(contract="{", samples=samples)

    found = {line[0]: line[2] for line in said(item)}

    assert found["contract"] == "{"
    assert found["samples[one].facts.event.late"] == "yes"


def test_wordings_of_a_shared_text_are_told_apart():
    variants = (
        library.TextVariant(language="de", body=(paragraph("überall"),)),
        library.TextVariant(language="de", jurisdiction="AT", body=(paragraph("in Österreich"),)),
        library.TextVariant(
            language="de", jurisdiction="AT", effective_from=dt.date(2027, 1, 1), body=(paragraph("ab 2027"),)
        ),
        library.TextVariant(language="de", body=(paragraph("noch einmal"),)),
    )

    found = outlines.of(library.SharedText(name="rights", title="Rights", variants=variants))

    assert [one.name for one in found[1:]] == [
        "Wording de",
        "Wording de AT",
        "Wording de AT 2027-01-01",
        "Wording de 2",
    ]


def policy(*categories: notices.CategoryPolicy) -> library.Policy:
    return library.Policy(
        policy=notices.Policy(
            version="1",
            categories=categories,
            quiet_hours=parties.QuietHours(start=dt.time(21), end=dt.time(8)),
            useless_in=(("mains_off", Kind.PUSH),),
        )
    )


def test_a_policy_by_its_rows():
    before = policy(notices.CategoryPolicy(category="outage", legal_class=notices.LegalClass.SERVICE))
    after = policy(
        notices.CategoryPolicy(category="bill", legal_class=notices.LegalClass.CONTRACTUAL),
        notices.CategoryPolicy(
            category="outage",
            legal_class=notices.LegalClass.SERVICE,
            frequency_cap=notices.FrequencyCap(count=2, within_seconds=3600),
        ),
    )

    found = outlines.compare(before, after)

    changed = {one.name: [(p.mark, p.label) for p in one.passages if p.mark != "same"] for one in found}
    assert changed["Category outage"] == [
        ("added", "Frequency cap / Count"),
        ("added", "Frequency cap / Within seconds"),
    ]
    assert changed["Settings"] == []
    assert {mark for mark, _ in changed["Category bill"]} == {"added"}
    assert [one.name for one in found if one.is_changed()] == ["Category bill", "Category outage"]


def test_what_is_there_in_one_version_alone_is_removed_or_added():
    item = communication(paragraph("one"))

    gone = outlines.compare(item, None)
    new = outlines.compare(None, item)

    assert {passage.mark for one in gone for passage in one.passages} == {"removed"}
    assert {passage.mark for one in new for passage in one.passages} == {"added"}
    assert [one.place for one in gone] == [one.place for one in new]


def test_every_block_has_its_name():
    tags = {str(kind.__struct_config__.tag) for kind in typing.get_args(templates.TemplateBlock)}

    assert {"paragraph", "when", "shared_text"} <= tags
