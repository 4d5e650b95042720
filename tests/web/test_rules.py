"""Triggers, segments and the channel policy in the console: kept as working copies, judged as they are written."""

import pytest
from django.test import Client
from tests.web import releasing as town
from tests.web.releasing import plain

from signalpost import drafts
from signalpost.acts import releasing, ruling
from signalpost.store import parties as party_rows
from signalpost.vocabulary import library, notices, parties, situations

pytestmark = pytest.mark.usefixtures("people")
Kind = library.Kind

FORM = {
    "name": "tell-of-big-corrections",
    "title": "Tell of big corrections",
    "source": "event",
    "event_type": "bill.corrected",
    "communication": "bill-corrected",
    "when": "event.data.amount > 100",
    "audience": "subject",
    "severity": "2",
    "lane": "normal",
    "segment": "german",
}


@pytest.fixture
def ola(people: None) -> Client:
    del people
    return town.logged_in("ola")


def test_a_trigger_is_written_kept_and_submitted(ola: Client):
    kept = ola.post("/console/triggers/new/", FORM)
    sent = ola.post("/console/triggers/tell-of-big-corrections/", FORM | {"submit": "yes"})

    item = drafts.read(Kind.TRIGGER, "tell-of-big-corrections")
    assert (kept.status_code, kept.headers["location"]) == (302, "/console/triggers/tell-of-big-corrections/")
    assert sent.headers["location"] == "/console/drafts/submit/trigger/tell-of-big-corrections/"
    assert isinstance(item, library.Trigger)
    assert (item.title, item.segment, item.trigger.severity) == (
        "Tell of big corrections",
        "german",
        situations.Severity.MINOR,
    )
    assert library.key(item) not in releasing.shelf()
    page = plain(ola.get("/console/triggers/").text)
    assert "Tell of big corrections" in page
    assert "event bill.corrected" in page


def test_a_trigger_whose_event_lacks_a_field_of_the_text_says_which(ola: Client):
    lean = library.DataContract(
        name="bill.lean",
        title="A lean event",
        facts=town.CONTRACT.replace('"reason": {"type": "string"}', '"note": {"type": "string"}').replace(
            '["amount", "reason"]', '["amount"]'
        ),
    )
    drafts.write(lean, by="ola")
    released = town.made(releasing.propose([lean], by=town.both("ola"), title="Lean"))
    town.made(releasing.submit(released.ref, by=town.both("ola")))
    town.made(releasing.approve(released.ref, by=town.person("bob")))

    said = plain(ola.post("/console/triggers/new/check/", FORM | {"event_type": "bill.lean"}).text)

    assert "event.data.reason" in said
    assert "a field that is always there" in said
    assert "It fits" in plain(ola.post("/console/triggers/new/check/", FORM).text)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": "../x"}, "Name: wanted letters"),
        ({"title": ""}, "Title: say"),
        ({"event_type": ""}, "Event: choose"),
        ({"source": "incident"}, "Cause: name"),
        ({"communication": ""}, "Communication: choose"),
        ({"audience": "role"}, "Role: name"),
    ],
)
def test_a_form_that_cannot_be_kept_says_why(ola: Client, changed: dict[str, str], said: str):
    answer = ola.post("/console/triggers/new/", FORM | changed)

    assert answer.status_code == 422
    assert said in answer.text
    assert drafts.read(Kind.TRIGGER, "tell-of-big-corrections") is None


def test_a_condition_is_checked_as_it_is_written(ola: Client):
    said = plain(ola.post("/console/triggers/new/check/", FORM | {"when": "event.data.amount >"}).text)

    assert "correct the condition" in said.lower()


def test_a_comparison_is_added_to_the_condition(ola: Client):
    asked = FORM | {"add": "yes", "compared_field": "event.data.reason", "comparison": "is", "compared_value": "late"}

    page = ola.post("/console/triggers/new/", asked).text

    assert "event.data.amount &gt; 100 &amp;&amp; event.data.reason == &quot;late&quot;" in page


def test_an_approver_reads_triggers_and_cannot_keep_one():
    bob = town.logged_in("bob")

    answer = bob.post("/console/triggers/new/", FORM)

    assert answer.status_code == 422
    assert "role operations" in plain(answer.text)
    assert drafts.read(Kind.TRIGGER, "tell-of-big-corrections") is None


def test_a_segment_says_whom_it_means(ola: Client):
    rows = [
        {"ref": f"C-{number}", "name": "x", "language": language, "time_zone": "Europe/Berlin"}
        for number, language in enumerate(("de", "de", "en"))
    ]
    party_rows.save("customer", rows)

    said = plain(
        ola.post("/console/segments/german/check/", {"title": "Germans", "condition": 'party.language == "de"'}).text
    )
    strange = plain(ola.post("/console/segments/german/check/", {"title": "x", "condition": "event.x == 1"}).text)

    assert "2 of 3 customers" in said
    assert "C-0" in said
    assert "C-2" not in said
    assert "wanted fields of" in strange
    assert ruling.count_segment("party.facts.missing == 1").unasked == 3
    assert "customers" not in plain(
        town.logged_in("bob").post("/console/segments/german/check/", {"title": "x", "condition": "true"}).text
    )


def policy() -> notices.Policy:
    item = drafts.read(Kind.POLICY, "policy")
    assert isinstance(item, library.Policy)
    return item.policy


def row(category: str) -> notices.CategoryPolicy:
    return next(one for one in policy().categories if one.category == category)


@pytest.mark.parametrize(
    ("path", "form", "field", "wanted"),
    [
        ("billing/legal_class", {"value": "service"}, "legal_class", notices.LegalClass.SERVICE),
        ("billing/urgent_from", {"value": "1"}, "urgent_from", 1),
        ("safety/at_once", {"value": "3"}, "at_once", 3),
        (
            "billing/routine_channels",
            {"place": ["letter", "", "email", "letter"]},
            "routine_channels",
            (parties.ChannelKind.LETTER, parties.ChannelKind.EMAIL),
        ),
        ("billing/review", {"place": ["legal", "brand"]}, "review", ("legal", "brand")),
        ("billing/escalate_after_seconds", {"amount": "2", "unit": "3600"}, "escalate_after_seconds", 7200),
        (
            "billing/frequency_cap",
            {"count": "3", "amount": "1", "unit": "86400"},
            "frequency_cap",
            notices.FrequencyCap(count=3, within_seconds=86_400),
        ),
        ("marketing/frequency_cap", {"count": ""}, "frequency_cap", None),
        ("billing/consent", {"value": "billing"}, "consent", "billing"),
        ("marketing/has_unsubscribe", {}, "has_unsubscribe", False),
    ],
)
def test_a_cell_of_the_policy_is_changed(ola: Client, path: str, form: dict[str, str], field: str, wanted: object):
    shown = ola.get(f"/console/policy/{path}/")
    kept = ola.post(f"/console/policy/{path}/", form)

    category = path.split("/", maxsplit=1)[0]
    assert (shown.status_code, kept.status_code) == (200, 302)
    assert row(category).__getattribute__(field) == wanted


def test_what_the_law_does_not_allow_is_said_at_the_cell_and_bars_the_release(ola: Client):
    ola.post("/console/policy/safety/has_unsubscribe/", {"value": "yes"})

    table = plain(ola.get("/console/policy/").text)
    refused = releasing.propose([library.Policy(policy=policy())], by=town.both("ola"), title="No way")

    assert "nobody can unsubscribe" in table
    assert isinstance(refused, releasing.Refused)
    assert "policy policy: categories[safety].has_unsubscribe" in refused.text()


def test_quiet_hours_languages_and_rows(ola: Client):
    ola.post("/console/policy/table/quiet_hours/", {"start": "22:00", "end": "06:30"})
    ola.post("/console/policy/table/fallback_languages/", {"value": "de, en"})
    added = ola.post("/console/policy/table/rows/", {"category": "offers", "legal_class": "marketing"})
    twice = ola.post("/console/policy/table/rows/", {"category": "offers"})
    ola.post("/console/policy/table/rows/", {"out": "billing"})

    hours = policy().quiet_hours
    assert hours is not None
    assert (f"{hours.start:%H:%M}", f"{hours.end:%H:%M}") == ("22:00", "06:30")
    assert policy().fallback_languages == ("de", "en")
    assert (added.status_code, twice.status_code) == (302, 422)
    assert row("offers").has_unsubscribe
    assert [one.category for one in policy().categories] == ["safety", "marketing", "offers"]


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("billing/legal_class", {"value": "anything"}),
        ("billing/at_once", {"value": "many"}),
        ("billing/expires_after_seconds", {"amount": "999999999", "unit": "86400"}),
        ("billing/frequency_cap", {"count": "x"}),
        ("table/quiet_hours", {"start": "25:00", "end": "x"}),
    ],
)
def test_a_cell_that_cannot_be_read_is_refused_in_words(ola: Client, path: str, form: dict[str, str]):
    before = policy() if drafts.read(Kind.POLICY, "policy") else None

    answer = ola.post(f"/console/policy/{path}/", form)

    assert answer.status_code == 422
    assert "wanted" in answer.text
    assert (policy() if before else None) == before


def test_there_is_no_cell_of_another_name(ola: Client):
    assert ola.get("/console/policy/nobody/consent/").status_code == 404
    assert ola.get("/console/policy/billing/color/").status_code == 404
    assert ola.get("/console/triggers/nothing/").status_code == 404
    assert ola.get("/console/segments/nothing/").status_code == 404
