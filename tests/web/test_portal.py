"""The portal's pages in a real browser, judged by axe-core: light and dark, wide and narrow."""

import pytest
from tests.path.test_documents import bill
from tests.path.world import World
from tests.peers.chromium import Chromium
from tests.web.test_tour import served

from signalpost.acts import links

__all__ = ["served"]


def places(world: World) -> list[tuple[str, str]]:
    """Every page of the portal, in both languages, with the longest content there is."""
    world.storm()
    world.event("billing.closed", "A-cem-M-04", bill(), name="b-1")
    english = links.token(world.message_to("ada", "outage-opened").communication)
    german = links.token(world.message_to("ida", "outage-opened").communication)
    billed = links.token(world.message_to("cem", "bill-ready").communication)
    return [
        ("outage", f"/s/{english}"),
        ("outage in German", f"/s/{german}"),
        ("bill", f"/s/{billed}"),
        ("preferences", f"/p/{english}"),
        ("preferences in German", f"/p/{german}"),
        ("unsubscribe", f"/u/{english}"),
        ("gone", "/s/nothing"),
    ]


@pytest.mark.timeout(600)
def test_every_page_is_accessible_in_light_and_dark_wide_and_narrow(
    world: World, served: str, chromium: Chromium
) -> None:
    from tests.web import touring  # noqa: PLC0415 - importing Playwright takes longer than most test files run

    found = places(world)
    with chromium.page() as page:
        tour = touring.Tour(page, served)
        findings = [finding for name, path in found for finding in tour.look(touring.Place(name, path))]

    assert findings == []


@pytest.mark.timeout(300)
def test_a_customer_chooses_with_the_keyboard_alone_and_is_told_that_it_is_saved(
    world: World, served: str, chromium: Chromium
) -> None:
    world.storm()
    token = links.token(world.message_to("ida", "outage-opened").communication)
    with chromium.page(width=375, height=812) as page:
        page.goto(f"{served}/p/{token}")
        page.focus("[name=is_paperless]")
        page.keyboard.press("Space")
        page.focus("button[type=submit]")
        page.keyboard.press("Enter")
        told = page.wait_for_selector("[role=status]")
        words = told.inner_text() if told else ""
        is_ticked = page.is_checked("[name=is_paperless]")
        page.click("text=Zurück zur Nachricht")
        page.wait_for_selector("h1")
        leads_to = page.url

    assert "Gespeichert" in words
    assert is_ticked
    assert leads_to == f"{served}/s/{token}"
    sql = "SELECT refused FROM preference WHERE customer_id = 'ida' AND category = ''"
    assert world.rows(sql, tuple[list[str]]) == [(["letter"],)]
