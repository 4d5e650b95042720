"""Compose: what is said, word for word; and what a notice lacks to be said."""

import datetime as dt

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.flow import composing

from signalpost.flow import compose
from signalpost.flow.compose import values
from signalpost.vocabulary import events, manuscripts, parties, records, situations, templates

BODY = """
- {type: heading, level: 1, text: "Power cut in {incident.area_name}"}
- {type: paragraph, text: "Dear {party.salutation}, since **{incident.opened_at | time}** there is no power."}
- type: when
  condition: has(estimate.restoration_at)
  then: [{type: paragraph, text: "Back by {estimate.restoration_at | time:zone}."}]
  otherwise: [{type: paragraph, text: "We do not know yet when it is back."}]
- {type: action, label: See the status, link: "{links.status}"}
"""


def said(body: str, facts: dict[str, records.Json], **changes: object) -> manuscripts.Composed:
    template = composing.approved(composing.content(body, **changes))
    return compose.compose(composing.notice(template), template, facts)


def manuscript(
    body: str, facts: dict[str, records.Json] = composing.FACTS, **changes: object
) -> manuscripts.Manuscript:
    result = said(body, facts, **changes)
    assert isinstance(result, manuscripts.Manuscript), result
    return result


def incomplete(body: str, facts: dict[str, records.Json], **changes: object) -> manuscripts.Incomplete:
    result = said(body, facts, **changes)
    assert isinstance(result, manuscripts.Incomplete), result
    return result


def text_of(runs: manuscripts.Runs) -> str:
    return "".join(run.text for run in runs)


def test_a_manuscript_is_everything_that_is_said():
    template = composing.approved(composing.content(BODY))
    assert compose.compose(composing.notice(template), template, composing.FACTS) == manuscripts.Manuscript(
        ref="n1",
        communication="outage-opened",
        template=template.version,
        language="en",
        direction=manuscripts.Direction.LTR,
        dated="31 January 2025",
        title="Power cut",
        brand=composing.BRAND,
        recipient=("Ann Meyer",),
        blocks=(
            manuscripts.Heading(level=1, runs=(manuscripts.Run(text="Power cut in Old Town"),)),
            manuscripts.Paragraph(
                runs=(
                    manuscripts.Run(text="Dear Ms Meyer, since "),
                    manuscripts.Run(text="14:30", strong=True),
                    manuscripts.Run(text=" there is no power."),
                )
            ),
            manuscripts.Paragraph(runs=(manuscripts.Run(text="Back by 17:30 CET."),)),
            manuscripts.Action(label="See the status", link="https://lumen.example/s/1"),
        ),
        words=manuscripts.Words(subject="Power cut"),
        labels=composing.LABELS,
        web_link="https://lumen.example/s/1",
    )


def test_the_same_arguments_give_the_same_bytes():
    assert records.canonical(manuscript(BODY)) == records.canonical(manuscript(BODY))


@pytest.mark.parametrize("estimate", [{}, {"restoration_at": None}, {"restoration_at": ""}])
def test_a_fact_that_says_nothing_is_absent_for_has(estimate: dict[str, records.Json]):
    blocks = manuscript(BODY, composing.with_facts(estimate=estimate)).blocks
    assert blocks[2] == manuscripts.Paragraph(runs=(manuscripts.Run(text="We do not know yet when it is back."),))


def test_every_missing_and_mistyped_field_is_named_with_its_place():
    result = incomplete(
        BODY,
        composing.with_facts(
            incident={"area_name": " ", "opened_at": "yesterday"},
            estimate={"restoration_at": 1738341000},
            links={"status": "javascript:alert(1)"},
        ),
        sms="{party.nickname} {incident.households}",
    )
    instant = "wanted an instant with its offset from UTC, got"
    assert result == manuscripts.Incomplete(
        ref="n1",
        missing=(
            "body[0].text: {incident.area_name}",
            f"body[1].text: {{incident.opened_at | time}}: {instant} text",
            f"body[2].then[0].text: {{estimate.restoration_at | time:zone}}: {instant} a number",
            "body[3].link: {links.status}: wanted an https, mailto or tel address, got another text",
            "sms: {party.nickname}",
            "sms: {incident.households}",
        ),
        detail="template 'outage-opened' (en) lacks facts",
    )


def test_a_condition_over_a_field_that_is_not_there_is_missing_and_not_false():
    body = "[{type: when, condition: estimate.version > 1, then: [{type: break}]}]"
    result = incomplete(body, composing.with_facts(estimate={}))
    assert [place.split(":")[0] for place in result.missing] == ["body[0].condition"]
    assert "no field 'version'" in result.missing[0]


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", 1, None])
def test_without_a_time_zone_nothing_is_said(zone: records.Json):
    facts = composing.with_facts(party={"name": "Ann Meyer", "time_zone": zone, "salutation": "Ms Meyer"})
    assert incomplete(BODY, facts).missing == ("{party.time_zone}: wanted an IANA time zone",)


def test_the_name_and_the_date_of_the_letter_are_facts_too():
    facts = composing.with_facts(party={"time_zone": "Europe/Berlin"}, now="")
    assert incomplete("[]", facts).missing == ("dated: {now | date}", "recipient: {party.name}")


def test_a_content_that_cannot_be_read_is_incomplete_whatever_the_facts():
    body = "[{type: paragraph, text: '{incident.opened_at | clock}'}]"
    result = incomplete(body, composing.FACTS, language="xx")
    assert result.missing == (
        "language: no language 'xx'",
        "body[0].text: {incident.opened_at | clock}: no format 'clock'",
    )
    assert result.detail == "template 'outage-opened' (xx) cannot be filled with any facts"


def test_another_version_than_was_decided_is_refused():
    decided = composing.approved(composing.content(BODY))
    other = composing.approved(composing.content("[]"))
    with pytest.raises(ValueError, match=f"wanted template version '{decided.version}', got '{other.version}'"):
        compose.compose(composing.notice(decided), other, composing.FACTS)


HOME = parties.PostalAddress(lines=("Lindenstraße 5",), postcode="12345", locality="Musterstadt", country="DE")
AWAY = parties.PostalAddress(lines=("12 Rue de la Paix",), postcode="75002", locality="Paris", country="FR")


def test_the_letter_goes_to_the_address_that_was_decided():
    template = composing.approved(composing.content(BODY))
    facts = composing.with_facts(party={**_party(), "postal": _json(HOME)})
    result = compose.compose(composing.notice(template, postal=AWAY), template, facts)
    assert isinstance(result, manuscripts.Manuscript)
    assert result.recipient == ("Ann Meyer", "12 Rue de la Paix", "75002 PARIS", "FRANCE")


def test_without_a_letter_in_the_plan_the_address_is_the_partys():
    facts = composing.with_facts(party={**_party(), "postal": _json(HOME)})
    assert manuscript(BODY, facts).recipient == ("Ann Meyer", "Lindenstraße 5", "12345 Musterstadt")


def test_an_address_that_is_none_is_named():
    facts = composing.with_facts(party={**_party(), "postal": {"postcode": "12345"}})
    assert incomplete(BODY, facts).missing == ("recipient: {party.postal}: Object missing required field `lines`",)


def _party() -> dict[str, records.Json]:
    return {"name": "Ann Meyer", "salutation": "Ms Meyer", "time_zone": "Europe/Berlin"}


def _json(address: parties.PostalAddress) -> records.Json:
    return msgspec.json.decode(records.canonical(address))


KNOWN = templates.WordsVariant(
    condition="has(estimate.restoration_at)",
    preheader="Back by {estimate.restoration_at | time}",
    sms="Power is out, back by {estimate.restoration_at | time}.",
)


@pytest.mark.parametrize(
    ("estimate", "expected"),
    [
        (
            {"restoration_at": "2025-01-31T16:30:00Z"},
            manuscripts.Words(
                subject="No power",
                preheader="Back by 17:30",
                sms="Power is out, back by 17:30.",
                push_title="No power",
                push_body="In Old Town\nsince 14:30",
            ),
        ),
        (
            {},
            manuscripts.Words(
                subject="No power",
                preheader="We tell you more",
                sms="Power is out.",
                push_title="No power",
                push_body="In Old Town\nsince 14:30",
            ),
        ),
    ],
)
def test_words_of_the_first_variant_that_holds_replace_the_others(
    estimate: dict[str, records.Json], expected: manuscripts.Words
):
    result = manuscript(
        BODY,
        composing.with_facts(estimate=estimate),
        subject="No power",
        preheader="We tell you more",
        sms="Power is out.",
        push_title="No power",
        push_body="In {incident.area_name}\nsince {incident.opened_at | time}",
        variants=(KNOWN, templates.WordsVariant(condition="true", subject="")),
    )
    assert result.words == expected


def test_an_sms_has_no_spaces_that_would_double_its_price():
    brand = msgspec.structs.replace(composing.BRAND, country="US")
    result = manuscript(
        "[{type: paragraph, text: '{incident.opened_at | time}'}]",
        sms="Out since {incident.opened_at | time}",
        brand=brand,
    )
    assert result.words.sms == "Out since 2:30 PM"
    assert result.blocks == (manuscripts.Paragraph(runs=(manuscripts.Run(text="2:30\u202fPM"),)),)


#: What may be in a name, with the marks of templates, Typst, HTML and CEL, and what turns text around.
HOSTILE = st.text(
    st.one_of(st.characters(), st.sampled_from("{}|*[]()\\#<>&%$\u202e\u2066\u200f\u061c\x00\x1b\x85\u2028\n")),
    max_size=60,
).map(lambda text: f"x{text}")
UNPRINTED = {
    chr(code)
    for first, last in (
        *((0x202A, 0x202E), (0x2066, 0x2069), (0x200E, 0x200F), (0x061C, 0x061C)),
        *((0x00, 0x1F), (0x7F, 0x9F), (0x2028, 0x2029), (0xD800, 0xDFFF)),
    )
    for code in range(first, last + 1)
}


@given(value=HOSTILE)
def test_any_value_comes_out_literally(value: str):
    facts = composing.with_facts(incident={"area_name": value})
    result = manuscript(
        "[{type: paragraph, text: 'In **{incident.area_name}** [{incident.area_name}](https://a.example/)'}]",
        facts,
        title="{incident.area_name}",
        sms="{incident.area_name}",
    )
    paragraph = result.blocks[0]
    assert isinstance(paragraph, manuscripts.Paragraph)
    assert [(run.strong, run.link) for run in paragraph.runs] == [
        (False, ""),
        (True, ""),
        (False, ""),
        (False, "https://a.example/"),
    ]
    for text in (paragraph.runs[1].text, paragraph.runs[3].text, result.title):
        assert not UNPRINTED & set(text)
        assert [*_printed(text)] == [*_printed(value)]


def _printed(text: str) -> str:
    return "".join(character for character in text if character not in UNPRINTED and character != " ")


@pytest.mark.parametrize(
    "value",
    ["{{", "#{x}", "<script>alert(1)</script>", "**", "\\*", "{now | date}", "%s %%", "שלום", "👩‍👩‍👧", "n" * 10_240],
)
def test_values_with_marks_of_any_language_are_text(value: str):
    facts = composing.with_facts(incident={"area_name": value})
    assert manuscript("[{type: paragraph, text: '{incident.area_name}'}]", facts).blocks == (
        manuscripts.Paragraph(runs=(manuscripts.Run(text=value),)),
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [("a\u202eb\u2066c\u200fd\u061ce", "abcde"), ("a\x00b\x1b[0m", "ab[0m"), ("a\r\nb\tc\u2028d", "a b c d")],
)
def test_what_has_no_printed_form_is_taken_out_and_line_ends_become_spaces(value: str, expected: str):
    assert values.clean(value) == expected


def test_a_value_of_nothing_but_controls_is_missing():
    facts = composing.with_facts(incident={"area_name": "\u202e\u2066"})
    assert incomplete("[{type: paragraph, text: '{incident.area_name}'}]", facts).missing == (
        "body[0].text: {incident.area_name}",
    )


def test_facts_are_the_changes_and_the_partys_with_links_and_the_moment():
    change = situations.Change(
        ref="c1",
        kind=situations.ChangeKind.OPENED,
        situation="i1",
        stage=1,
        communication="outage-opened",
        trigger="t",
        severity=situations.Severity.MAJOR,
        lane=events.Lane.URGENT,
        at=composing.NOON,
        audience=situations.AudienceKind.MEMBERS,
        facts='{"incident":{"ref":"i1"},"party":{"name":"not this one"}}',
    )
    letters = (
        parties.ContactPoint(ref="1", channel=parties.ChannelKind.EMAIL, address="a@b.example"),
        parties.ContactPoint(
            ref="2",
            channel=parties.ChannelKind.LETTER,
            address="",
            postal=AWAY,
            state=parties.AddressState.INVALID,
        ),
        parties.ContactPoint(
            ref="3", channel=parties.ChannelKind.LETTER, address="", postal=AWAY, suppressed="returned"
        ),
        parties.ContactPoint(ref="4", channel=parties.ChannelKind.LETTER, address="", postal=HOME),
    )
    party = parties.Party(
        ref="p1",
        name="Ann Meyer",
        household="h1",
        language="de",
        time_zone="Europe/Berlin",
        contact_points=letters,
        salutation="Frau Meyer",
        premise_address="Lindenstraße 5",
        facts='{"account":"4711"}',
    )
    berlin = dt.timezone(dt.timedelta(hours=1))
    now = composing.NOON.astimezone(berlin)
    assert compose.facts(change, party, links={"status": "https://a.example/"}, now=now) == {
        "incident": {"ref": "i1"},
        "party": {
            "ref": "p1",
            "name": "Ann Meyer",
            "salutation": "Frau Meyer",
            "language": "de",
            "time_zone": "Europe/Berlin",
            "premise_address": "Lindenstraße 5",
            "facts": {"account": "4711"},
            "postal": {
                "lines": ["Lindenstraße 5"],
                "postcode": "12345",
                "locality": "Musterstadt",
                "region": "",
                "country": "DE",
            },
            "today": "2025-01-31",
        },
        "links": {"status": "https://a.example/"},
        "now": "2025-01-31T11:00:00Z",
    }


def test_facts_hold_no_letter_address_that_is_not_there_and_no_date_of_no_place():
    party = parties.Party(ref="p1", name="Ann", household="h1", language="de", time_zone="Europe/Berlin")
    change = situations.Change(
        ref="c1",
        kind=situations.ChangeKind.EVENT,
        situation="e1",
        stage=1,
        communication="bill-ready",
        trigger="t",
        severity=situations.Severity.INFO,
        lane=events.Lane.NORMAL,
        at=composing.NOON,
        audience=situations.AudienceKind.SUBJECT,
    )
    found = compose.facts(change, party, links={}, now=composing.NOON)["party"]
    assert isinstance(found, dict)
    assert "postal" not in found
    nowhere = msgspec.structs.replace(party, time_zone="Nowhere/At_All")
    elsewhere = compose.facts(change, nowhere, links={}, now=composing.NOON)["party"]
    assert isinstance(elsewhere, dict)
    assert ("today" in found, "today" in elsewhere) == (True, False)
