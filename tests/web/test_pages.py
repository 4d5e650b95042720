"""What customers see behind their link, and what staff see in the console."""

import re

import pytest
from django.test import Client
from tests.path import world as town
from tests.path.world import World

from signalpost.acts import access
from signalpost.store import batch


@pytest.fixture
def browser() -> Client:
    return Client(SERVER_NAME="localhost")


def link_of(world: World, party: str, kind: str = "status") -> str:
    sent = world.message_to(party, "outage-opened")
    return world.parts.link(kind, sent.communication).removeprefix(world.parts.settings.url())


def test_the_page_behind_the_link_says_what_the_message_said(world: World, browser: Client):
    world.storm()

    page = browser.get(link_of(world, "ada"))

    assert page.status_code == 200
    assert "Power cut in Harbour Quarter" in page.text
    assert 'lang="en"' in page.text
    assert 'lang="de"' in browser.get(link_of(world, "gus")).text


def test_the_button_of_the_page_raises_the_report(world: World, browser: Client):
    world.storm()
    world.everything_arrives()
    world.power_is_back()

    page = browser.post(link_of(world, "fay"))

    assert page.status_code == 200
    assert "noted" in page.text
    assert batch.fetch("SELECT type, subject FROM event WHERE source = 'signalpost/replies'", [], tuple[str, str]) == [
        ("customer.still_affected", "P-M-07")
    ]


def test_a_link_that_was_changed_leads_nowhere(world: World, browser: Client):
    world.storm()
    link = link_of(world, "ada")
    other = world.message_to("gus", "outage-opened").communication

    forged = re.sub(r"status/[^:]+", f"status/{other}", link)

    assert browser.get(forged).status_code == 404
    assert browser.get("/status/nothing").status_code == 404
    assert browser.post("/unsubscribe/nothing").status_code == 404


def test_one_click_ends_messages_of_the_category_by_email(world: World):
    world.storm()

    done = Client(SERVER_NAME="localhost", enforce_csrf_checks=True).post(
        link_of(world, "cem", "unsubscribe"), {"List-Unsubscribe": "One-Click"}
    )

    assert done.status_code == 200
    assert batch.fetch("SELECT category, refused FROM preference", [], tuple[str, list[str]]) == [("outage", ["email"])]


def test_looking_at_the_page_is_in_the_log(world: World, browser: Client):
    world.storm()

    browser.get(link_of(world, "ada"))

    assert world.rows("SELECT count(*) FROM log_fact WHERE kind = 'document_read'", tuple[int]) == [(1,)]


@pytest.fixture
def staff(browser: Client) -> Client:
    access.make_staff("olga", role="operations", password="pass-1234-word")
    assert browser.login(username="olga", password="pass-1234-word")
    return browser


def test_the_console_needs_a_login(world: World, browser: Client):
    world.storm()
    ref = world.message_to("ada", "outage-opened").communication

    for path in ("/console/communications/", f"/console/communications/{ref}/"):
        answer = browser.get(path)
        assert answer.status_code == 302
        assert "/console/login/" in answer.headers["location"]


def test_the_console_lists_who_was_told_and_who_was_not(world: World, staff: Client):
    world.storm()

    everyone = staff.get("/console/communications/").text
    withheld = staff.get("/console/communications/", {"verdict": "withheld"}).text
    of_ada = staff.get("/console/communications/", {"q": "ada"}).text

    assert all(f"<td>{party}</td>" in everyone for party in [*town.TOLD, *town.WITHHELD])
    assert all(f"withheld: {reason}" in withheld for reason in town.WITHHELD.values())
    assert "<td>gus</td>" not in of_ada


def test_a_decision_shows_its_reasons_plan_and_deliveries(world: World, staff: Client):
    world.storm()
    ref = world.message_to("fay", "outage-opened").communication

    page = staff.get(f"/console/communications/{ref}/").text

    assert "tell-of-outage" in page
    assert "sms" in page
    assert "accepted" in page
    assert staff.get("/console/communications/nobody/").status_code == 404
