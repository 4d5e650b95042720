"""Preferences in (flow B4): by API and in the portal, and the next decision goes by them."""

import json
import re
from collections.abc import Mapping

import pytest
from django.test import Client
from tests.path.test_documents import bill
from tests.path.world import World
from tests.web.test_api import Caller

from signalpost.acts import links, prefer
from signalpost.vocabulary import parties, records

PATCH = "application/merge-patch+json"


class Desk(Caller):
    """The business platform, where a customer is known by name."""

    def patch(self, party: str, change: object, kind: str = PATCH):
        body = change if isinstance(change, bytes) else records.canonical(change)
        return self.client.patch(
            f"/api/parties/{party}/preferences",
            data=body,
            content_type=kind,
            headers={"authorization": f"Bearer {self.token}"},
        )

    def get(self, party: str):
        return self.client.get(f"/api/parties/{party}/preferences", headers={"authorization": f"Bearer {self.token}"})


@pytest.fixture
def desk(world: World) -> Desk:
    del world
    return Desk("preferences:read", "preferences:write")


def facts(world: World) -> list[dict[str, object]]:
    rows = world.rows(
        "SELECT subject, body FROM log_fact WHERE kind = 'preference_changed' ORDER BY id", tuple[str, str]
    )
    return [{"subject": subject, **json.loads(str(body))} for subject, body in rows]


def test_paperless_in_the_chosen_language_is_what_the_next_bill_goes_by(world: World, desk: Desk):
    desk.patch("ida", {"categories": {"billing": {"channels": ["letter"]}}})
    world.event("billing.closed", "A-ida-M-10", bill(), name="b-1")
    by_post = [sent.channel for kind, party, sent in world.outbox() if (kind, party) == ("bill-ready", "ida")]

    answer = desk.patch("ida", {"is_paperless": True, "language": "en"})
    world.letter.sent.clear()
    world.event("billing.closed", "A-ida-M-10", bill(), name="b-2")

    assert by_post == [parties.ChannelKind.LETTER]
    assert answer.status_code == 200, answer.content
    assert (answer.json()["is_paperless"], answer.json()["language"]) == (True, "en")
    assert "billing" not in answer.json()["categories"]
    assert world.told("bill-ready") == {"ida": "email"}
    assert b"Content-Language: en" in world.message_to("ida", "bill-ready").content
    decided = "SELECT language FROM decision WHERE communication = 'bill-ready' ORDER BY decided_at"
    assert world.rows(decided, tuple[str]) == [("de",), ("en",)]


def test_a_change_is_a_fact_without_names_and_addresses(world: World, desk: Desk):
    desk.patch("ada", {"is_paperless": True, "contact_points": {"ada-email": {"address": "ada@new.example"}}})
    desk.patch("ada", {"is_paperless": True})

    (fact,) = facts(world)
    assert (fact["subject"], fact["changed"]) == ("ada", ["categories", "contact_points", "is_paperless"])
    assert str(fact["by"]).startswith("client:")
    assert "new.example" not in str(fact)
    assert fact["before"] != fact["after"]


def test_a_refused_channel_is_not_used_and_a_liked_one_comes_first(world: World, desk: Desk):
    desk.patch("ada", {"categories": {"outage": {"refused": ["sms"]}}})
    desk.patch("ida", {"categories": {"billing": {"channels": ["letter"]}}})

    world.storm()
    world.event("billing.closed", "A-ida-M-10", bill(), name="b-1")

    assert world.told("outage-opened")["ada"] == "email"
    assert world.told("bill-ready") == {"ida": "letter"}


def test_the_next_message_goes_to_the_new_address(world: World, desk: Desk):
    home = {"lines": ["Neue Gasse 7"], "postcode": "10115", "locality": "Berlin", "country": "DE"}
    desk.patch("cem", {"contact_points": {"cem-email": {"address": "cem@new.example"}}})
    desk.patch("dora", {"delivery_address": home})

    world.event("billing.closed", "A-cem-M-04", bill(), name="b-1")
    world.event("billing.closed", "A-dora-M-05", bill(), name="b-2")

    assert world.message_to("cem", "bill-ready").address == "cem@new.example"
    postal = world.message_to("dora", "bill-ready").postal
    assert postal is not None
    assert (postal.lines, postal.locality) == (("Neue Gasse 7",), "Berlin")
    assert desk.get("dora").json()["delivery_address"] == home | {"region": ""}


def test_what_is_shown_can_be_sent_back_and_changes_nothing(world: World, desk: Desk):
    for party in ("ada", "ben", "dora", "hal", "STAFF-OPS"):
        shown = desk.get(party)
        again = desk.patch(party, shown.content)
        assert (again.status_code, again.json()) == (200, shown.json()), party
    assert facts(world) == []


def test_null_takes_away_and_what_is_not_named_stays(desk: Desk):
    desk.patch("ada", {"categories": {"outage": {"refused": ["email"]}, "billing": {"channels": ["email"]}}})
    answer = desk.patch(
        "ada",
        {
            "categories": {"outage": None},
            "contact_points": {"ada-sms": None, "ada-2": {"channel": "email", "address": "a2@mail.example"}},
            "consents": {"marketing": True},
        },
    ).json()

    assert answer["categories"] == {"billing": {"channels": ["email"], "refused": []}}
    assert sorted(answer["contact_points"]) == ["ada-2", "ada-email"]
    assert answer["consents"] == {"marketing": True}
    assert desk.patch("ada", {"consents": {"marketing": None}}).json()["consents"] == {"marketing": False}
    assert desk.patch("ada", {"consents": {"marketing": True}}).json()["consents"] == {"marketing": True}


REFUSED: list[tuple[object, int, str, str]] = [
    (b"{", 400, "malformed", ""),
    (b"\xff", 400, "malformed", ""),
    (b"[]", 400, "malformed", ""),
    (b'{"categories":' + b'{"a":' * 50 + b"1" + b"}" * 51, 400, "too_deep", "/categories/a/a/a/a/a"),
    ({"language": "german!"}, 422, "invalid_field", "/language"),
    ({"language": None}, 422, "missing_field", "/language"),
    ({"colour": "red"}, 422, "invalid_field", ""),
    ({"is_paperless": "yes"}, 422, "invalid_field", "/is_paperless"),
    ({"categories": {"weather": {"refused": ["sms"]}}}, 422, "invalid_field", "/categories/weather"),
    ({"categories": {"outage": {"refused": ["pigeon"]}}}, 422, "invalid_field", "/categories/.../refused/0"),
    (
        {"categories": {"outage": {"channels": ["sms"], "refused": ["sms"]}}},
        422,
        "invalid_field",
        "/categories/outage/refused",
    ),
    ({"categories": {"*": {"refused": ["letter"]}}}, 422, "invalid_field", "/categories/*/refused"),
    ({"categories": {"safety": {"refused": ["sms"]}}}, 422, "owed_by_law", "/categories/safety/refused"),
    ({"consents": {"everything": True}}, 422, "invalid_field", "/consents/everything"),
    (
        {"contact_points": {"ada-email": {"address": "no at sign"}}},
        422,
        "invalid_field",
        "/contact_points/ada-email/address",
    ),
    ({"contact_points": {"ada-sms": {"address": "0171"}}}, 422, "invalid_field", "/contact_points/ada-sms/address"),
    (
        {"contact_points": {"ada-app": {"channel": "push"}}},
        422,
        "invalid_field",
        "/contact_points/ada-app/address",
    ),
    (
        {"contact_points": {"ada-web": {"channel": "portal", "address": "x"}}},
        422,
        "invalid_field",
        "/contact_points/ada-web/address",
    ),
    (
        {"contact_points": {"x\ny": {"channel": "email", "address": "x@mail.example"}}},
        422,
        "invalid_field",
        "/contact_points/x\ny",
    ),
    (
        {"contact_points": {f"p{n}": {"channel": "email", "address": f"p{n}@mail.example"} for n in range(30)}},
        422,
        "invalid_field",
        "/contact_points",
    ),
    (
        {"contact_points": {"ada-email": {"is_usable": False}}},
        422,
        "invalid_field",
        "/contact_points/ada-email/is_usable",
    ),
    (
        {"contact_points": {"ben-email": {"channel": "email", "address": "ada@mail.example"}}},
        422,
        "not_yours",
        "/contact_points/ben-email",
    ),
    ({"delivery_address": {"country": "Germany"}}, 422, "invalid_field", "/delivery_address/country"),
    ({"delivery_address": {"lines": []}}, 422, "invalid_field", "/delivery_address/lines"),
    ({"language": "x" * 70_000}, 422, "invalid_field", ""),
    (
        {"is_paperless": True, "categories": {"billing": {"refused": ["email"]}}},
        422,
        "unreachable",
        "/is_paperless",
    ),
    (
        {"categories": {"billing": {"refused": ["email", "letter", "portal"]}}},
        422,
        "unreachable",
        "/categories",
    ),
]


def test_what_cannot_be_is_refused_whole_with_its_field(world: World, desk: Desk):
    before = desk.get("ada").json()
    for change, status, reason, field in REFUSED:
        answer = desk.patch("ada", change)
        problem = answer.json()
        assert (answer.status_code, problem["type"], problem.get("field", "")) == (
            status,
            f"urn:signalpost:problem:{reason}",
            field,
        ), (change, problem)
        assert answer.headers["content-type"] == "application/problem+json"
    assert desk.get("ada").json() == before
    assert facts(world) == []


def test_another_media_type_is_refused(desk: Desk):
    answer = desk.patch("ada", b"<a/>", "text/xml")

    assert answer.status_code == 415
    assert PATCH in answer.headers["accept-patch"]


def test_nobody_is_not_found(desk: Desk):
    for party in ("nobody", "a%00b", "a%ff", "x" * 3000, "'; DROP TABLE customer; --"):
        assert (desk.get(party).status_code, desk.patch(party, {}).status_code) == (404, 404), party


def test_reading_and_writing_are_two_scopes(world: World):
    del world
    reader, writer, other = Desk("preferences:read"), Desk("preferences:write"), Desk("events:write")

    assert [one.get("ada").status_code for one in (reader, writer, other)] == [200, 403, 403]
    assert [one.patch("ada", {}).status_code for one in (reader, writer, other)] == [403, 200, 403]


def test_who_was_never_reached_may_still_choose(desk: Desk):
    assert desk.patch("hal", {"is_paperless": True, "language": "de"}).status_code == 200


def test_an_address_that_said_stop_stays_silent_however_it_is_entered(world: World, desk: Desk):
    world.change("UPDATE contact_point SET suppressed = 'reply STOP' WHERE ref = 'ada-sms'")
    number = desk.get("ada").json()["contact_points"]["ada-sms"]["address"]

    changed = desk.patch("ada", {"contact_points": {"ada-sms": {"address": "+4915100000999"}}})
    removed = desk.patch("ada", {"contact_points": {"ada-sms": None}})
    entered = desk.patch("ada", {"contact_points": {"again": {"channel": "sms", "address": number}}})
    elsewhere = desk.patch("bea", {"contact_points": {"bea-2": {"channel": "sms", "address": number}}})

    assert [answer.json()["type"].rpartition(":")[2] for answer in (changed, removed)] == ["not_yours"] * 2
    assert entered.json()["contact_points"]["again"]["is_usable"] is False
    assert elsewhere.json()["contact_points"]["bea-2"]["is_usable"] is False
    world.storm()
    assert world.told("outage-opened")["ada"] == "email"


def test_another_address_may_be_added_in_its_place(world: World, desk: Desk):
    world.change("UPDATE contact_point SET state = 'invalid' WHERE ref = 'cem-email'")
    desk.patch("cem", {"contact_points": {"cem-2": {"channel": "email", "address": "cem@new.example"}}})

    world.event("billing.closed", "A-cem-M-04", bill(), name="b-1")

    assert world.message_to("cem", "bill-ready").address == "cem@new.example"


def test_a_delivery_address_can_be_given_and_taken_away(desk: Desk):
    home = {"lines": ["Hafenstraße 1"], "postcode": "20457", "locality": "Hamburg", "country": "DE"}

    given = desk.patch("fay", {"delivery_address": home})
    taken = desk.patch("fay", {"delivery_address": None})

    assert given.json()["delivery_address"] == home | {"region": ""}
    assert taken.json()["delivery_address"] is None


def test_one_click_is_a_fact_too_and_twice_is_once(world: World):
    for _ in range(2):
        prefer.refuse("cem", category="outage", channel=parties.ChannelKind.EMAIL, by="recipient")
    prefer.refuse("nobody", category="outage", channel=parties.ChannelKind.EMAIL, by="recipient")

    assert [(fact["subject"], fact["by"]) for fact in facts(world)] == [("cem", "recipient")]


# The portal.


def page_of(world: World, party: str) -> str:
    world.storm()
    return f"/p/{links.token(world.message_to(party, 'outage-opened').communication)}"


def form(page: str) -> dict[str, list[str]]:
    """What a browser would send of the form as it is shown."""
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        given = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if given["type"] == "hidden" or " checked" in tag:
            found.setdefault(given["name"], []).append(given.get("value", "on"))
    for name, inside in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.findall(r'<option value="([^"]*)"[^>]* selected>', inside) or re.findall(r'value="([^"]*)"', inside)
        found[name] = [chosen[0]]
    return found


def choose(browser: Client, address: str, **changed: list[str]) -> tuple[int, str]:
    shown: Mapping[str, list[str]] = form(browser.get(address).text)
    answer = browser.post(address, {**shown, **{name.replace("__", "."): value for name, value in changed.items()}})
    return answer.status_code, answer.text


def test_the_page_of_the_portal_changes_what_the_next_bill_goes_by(world: World):
    browser = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    address = page_of(world, "ida")

    status, page = choose(browser, address, language=["en"], is_paperless=["on"])
    world.event("billing.closed", "A-ida-M-10", bill(), name="b-1")

    assert status == 200
    assert "Gespeichert" in page
    assert world.told("bill-ready") == {"ida": "email"}
    assert b"Content-Language: en" in world.message_to("ida", "bill-ready").content
    assert [(fact["subject"], fact["by"]) for fact in facts(world)] == [("ida", "recipient")]


def test_a_page_saved_as_it_is_changes_nothing(world: World):
    address = page_of(world, "ada")

    assert choose(Client(SERVER_NAME="localhost"), address)[0] == 200
    assert facts(world) == []


def test_a_topic_can_be_ended_on_a_channel_and_begun_again(world: World):
    address = page_of(world, "fay")
    browser = Client(SERVER_NAME="localhost")

    choose(browser, address, outage__may=["email"], outage__first=["email"])
    ended = prefer.show("fay")
    choose(browser, address, outage__may=["email", "sms"], outage__first=[""])
    begun = prefer.show("fay")

    assert isinstance(ended, prefer.document.Preferences)
    assert isinstance(begun, prefer.document.Preferences)
    assert ended.categories["outage"] == prefer.document.Category(channels=("email",), refused=("sms",))
    assert "outage" not in begun.categories


def test_the_page_says_when_nothing_owed_would_arrive_and_changes_nothing(world: World):
    address = page_of(world, "cem")

    status, page = choose(Client(SERVER_NAME="localhost"), address, is_paperless=["on"], billing__may=[])
    wrong, _ = choose(Client(SERVER_NAME="localhost"), address, language=["<script>"])

    assert (status, wrong) == (422, 422)
    assert 'role="alert"' in page
    assert "nichts geändert" in page
    assert facts(world) == []


def test_the_page_shows_no_whole_address_and_opens_for_its_link_alone(world: World):
    address = page_of(world, "ada")
    browser = Client(SERVER_NAME="localhost")

    page = browser.get(address).text

    assert "a…@mail.example" in page
    assert "ada@mail.example" not in page
    assert "+49151" not in page
    assert "operations" not in page
    assert browser.get("/p/nothing").status_code == 404
    assert browser.get(f"{address[:-1]}{'B' if address[-1] == 'A' else 'A'}").status_code == 404
    assert "nirgendwohin" in browser.get("/p/nothing", headers={"accept-language": "de-DE,de;q=0.9"}).text
