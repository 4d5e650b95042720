"""What customers see behind their link."""

import pytest
from django.test import Client
from tests.path.world import World

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

    forged = link.replace(world.message_to("ada", "outage-opened").communication, other)

    assert browser.get(forged).status_code == 404
    assert browser.get("/s/nothing").status_code == 404
    assert browser.post("/u/nothing").status_code == 404


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
