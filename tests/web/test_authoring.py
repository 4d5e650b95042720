"""The forms of working copies: who may, what is asked while somebody types, what bad input gets."""

import json
from typing import Any

import msgspec
import pytest
from django.test import Client

from signalpost import drafts
from signalpost.acts import access, drafting, releasing
from signalpost.vocabulary import library, manuscripts, parties, templates

PASSWORD = "pass-1234-word"
ANN = releasing.Person(name="ann", roles=frozenset({"author"}))
CONTRACT = {
    "type": "object",
    "properties": {
        "event": {
            "type": "object",
            "properties": {
                "data": {"type": "object", "properties": {"total": {"type": "integer"}, "name": {"type": "string"}}}
            },
        }
    },
}
BILL = library.Communication(
    name="bill",
    title="Bill",
    category="bills",
    channels=(parties.ChannelKind.SMS,),
    sms_segments=1,
    speaks_of="billing.closed",
    contract=json.dumps(CONTRACT),
    brand="acme",
    editions=(
        library.Edition(
            language="en",
            title="Bill",
            subject="Bill",
            sms="Bill",
            body=(templates.ParagraphBlock(text="{event.data.nmae}"), templates.SharedTextBlock(name="gone")),
        ),
    ),
    samples=(
        library.Sample(name="low", facts='{"event": {"data": {"total": 1, "name": "A"}}}'),
        library.Sample(name="high", facts='{"event": {"data": {"total": 9, "name": "B"}}}'),
        library.Sample(name="broken", facts="{"),
    ),
)
BRAND = library.Brand(
    name="acme",
    title="Acme",
    dress=manuscripts.Brand(
        name="Acme", imprint=(), return_address="", primary="#0b4f94", on_primary="#ffffff", website="", telephone=""
    ),
)
LABELS = manuscripts.Labels(page="{page} {pages}", date="d", unsubscribe="u", web_view="w", tones=("a", "b", "c", "d"))
ENGLISH = library.Language(name="en", title="English", labels=LABELS)
pytestmark = pytest.mark.usefixtures("database")


def client(name: str = "ann", role: str = "author") -> Client:
    access.make_roles()
    access.make_staff(name, role=role, password=PASSWORD)
    made = Client(SERVER_NAME="localhost")
    assert made.login(username=name, password=PASSWORD)
    return made


def asked(by: Client, what: str, text: str, **more: str) -> dict[str, Any]:
    number = str(drafts.edition_row("bill", "en"))
    body = {"text": text, "kind": "communication", "edition": "true", "pk": number, **more}
    answer = by.post(f"/console/drafts/asks/{what}/", body)
    assert answer.status_code == 200
    return json.loads(answer.content)


def test_a_condition_is_judged_while_it_is_typed():
    drafts.write(BILL, by="")
    by = client()

    found = asked(by, "condition", "event.data.total > 5")
    assert found == {
        "fault": "",
        "unknown": [],
        "samples": [{"name": "low", "holds": False, "why": ""}, {"name": "high", "holds": True, "why": ""}],
    }
    assert asked(by, "condition", "event.data.totl > 5")["unknown"] == ["event.data.totl"]
    assert "Syntax error" in asked(by, "condition", "event.data.total >")["fault"]
    assert "comprehensions" in asked(by, "condition", "a.all(x, a.all(y, a.all(z, true)))")["fault"]


def test_an_sms_is_counted_with_the_values_of_the_samples():
    for item in (BILL, BRAND, ENGLISH):
        drafts.write(item, by="")
    by = client()

    assert asked(by, "sms", "x" * 160) | {"odd": ""} == {
        "segments": 1,
        "budget": 1,
        "units": 160,
        "limit": 160,
        "encoding": "GSM",
        "isSamples": False,
        "odd": "",
    }
    long = asked(by, "sms", "ж" * 71)
    assert (long["segments"], long["limit"], long["encoding"], long["odd"]) == (2, 134, "Unicode", "ж")


def test_what_is_wrong_is_told_with_its_place():
    for item in (BILL, BRAND, ENGLISH):
        drafts.write(item, by="")
    found = asked(client(), "findings", "")["findings"]

    places = {one["place"]: one["severity"] for one in found}
    assert places["editions[en].body[1]"] == "error"
    assert all(one["remedy"] for one in found)


@pytest.mark.parametrize(
    ("what", "text", "more", "wanted"),
    [
        ("contrast", "#0b4f94", {"other": "#ffffff"}, {"ratio": 8.2, "isEnough": True}),
        ("contrast", "#777777", {"other": "#888888"}, {"ratio": 1.3, "isEnough": False}),
        ("contrast", "blue", {"other": "#888888"}, {"fault": "Write both colours as #rrggbb."}),
        ("begin", "nothing", {}, {"fault": "There is no data contract 'nothing'. There are: none yet."}),
    ],
)
def test_what_a_form_asks_is_answered(what: str, text: str, more: dict[str, str], wanted: dict[str, object]):
    drafts.write(BILL, by="")
    assert asked(client(), what, text, **more) == wanted


def test_a_broken_schema_and_a_hostile_logo_get_clear_words():
    drafts.write(BILL, by="")
    by = client()

    assert "malformed" in asked(by, "schema", '{"a": }')["fault"]
    assert "<script>" in asked(by, "logo", '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>')["fault"]
    assert asked(by, "schema", json.dumps(CONTRACT))["fields"][0]["path"] == "event.data.total"
    assert by.post("/console/drafts/asks/nonsense/", {"text": ""}).status_code == 404
    assert by.post("/console/drafts/asks/schema/", {"text": "x" * 300_001}).status_code == 413


def test_readers_read_and_authors_write():
    drafts.write(BILL, by="")
    number = drafts.edition_row("bill", "en")
    writes = (
        f"/console/drafts/editions/edit/{number}/",
        "/console/drafts/texts/add/",
        "/console/drafts/submit/communication/bill/",
    )
    reads = ("/console/drafts/communications/", f"/console/drafts/editions/inspect/{number}/")
    author, auditor = client(), client("bob", "auditor")

    for path in (*writes, *reads):
        assert author.get(path).status_code == 200, path
    for path in reads:
        assert auditor.get(path).status_code == 200, path
    for path in writes:
        assert auditor.get(path).status_code in {302, 403, 404}, path


def form_of(item: library.SharedText) -> dict[str, str]:
    return {"title": item.title, "name": item.name, "variants-count": "0"}


def test_nothing_is_published_whoever_asks():
    text = library.SharedText(name="greeting", title="Greeting", variants=())
    drafts.write(text, by="")
    by = client()
    row = by.get("/console/drafts/texts/")
    address = row.content.decode().split("/console/drafts/texts/edit/")[1].split("/")[0]

    shown = by.get(f"/console/drafts/texts/edit/{address}/").content.decode()
    assert "action-publish" not in shown
    assert "Submit for review" in shown
    by.post(f"/console/drafts/texts/edit/{address}/", {**form_of(text), "title": "New", "action-publish": "yes"})
    assert drafts.read(library.Kind.TEXT, "greeting") == msgspec.structs.replace(text, title="New")
    assert releasing.shelf() == {}
    assert drafts.editors(library.Kind.TEXT, "greeting") == {"ann"}


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({"name": "x" * 20_000}, "at most 140 characters"),
        ({"name": "a b"}, "Wanted letters, digits"),
        ({"title": "t" * 201}, "at most 200 characters"),
    ],
)
def test_bad_input_gets_a_clear_word_and_is_shown_again(changed: dict[str, str], wanted: str):
    by = client()
    text = library.SharedText(name="greeting", title="Greeting", variants=())
    answer = by.post("/console/drafts/texts/add/", {**form_of(text), **changed})

    assert answer.status_code == 200
    assert wanted in answer.content.decode()
    assert drafts.names(library.Kind.TEXT) == ()


def test_what_is_wrong_bars_the_review_and_is_linked_to_its_field():
    for item in (BILL, BRAND, ENGLISH):
        drafts.write(item, by="")
    answer = client().post("/console/drafts/submit/communication/bill/", {"title": "Bills"})

    assert answer.status_code == 422
    assert f"/console/drafts/editions/edit/{drafts.edition_row('bill', 'en')}/#at=body[1]" in answer.text


def test_what_is_live_is_there_to_be_edited():
    made = releasing.propose([ENGLISH], by=ANN, title="English")
    assert isinstance(made, library.Release)
    releasing.submit(made.ref, by=ANN)
    steps = frozenset(releasing.steps(made.ref))
    assert isinstance(releasing.approve(made.ref, by=releasing.Person(name="rita", roles=steps)), library.Release)
    assert drafts.names(library.Kind.LANGUAGE) == ()

    assert "English" in client().get("/console/drafts/languages/").text
    assert drafts.read(library.Kind.LANGUAGE, "en") == ENGLISH
    assert drafts.editors(library.Kind.LANGUAGE, "en") == frozenset()
    drafts.write(msgspec.structs.replace(ENGLISH, title="English (GB)"), by="ann")
    drafting.adopt(library.Kind.LANGUAGE)
    assert drafts.read(library.Kind.LANGUAGE, "en") == msgspec.structs.replace(ENGLISH, title="English (GB)")


def test_a_language_starts_with_the_words_of_another():
    for item in (
        BILL,
        BRAND,
        ENGLISH,
        msgspec.structs.replace(ENGLISH, name="ar", title="Arabic", direction=manuscripts.Direction.RTL),
    ):
        drafts.write(item, by="")
    by = client()
    page = by.get("/console/drafts/communications/bill/side-by-side/").text
    assert "Arabic (ar)" in page

    started = by.post("/console/drafts/communications/bill/start/", {"language": "ar", "source": "en"})
    assert started.status_code == 302
    found = drafts.read(library.Kind.COMMUNICATION, "bill")
    assert isinstance(found, library.Communication)
    assert [edition.language for edition in found.editions] == ["ar", "en"]
    assert found.editions[0].body == found.editions[1].body
    page = by.get("/console/drafts/communications/bill/side-by-side/").text
    assert 'lang="ar" dir="rtl"' in page
    assert "the same words in both" in page
    again = by.post("/console/drafts/communications/bill/start/", {"language": "ar", "source": "en"}, follow=True)
    assert "cannot be started" in again.text
