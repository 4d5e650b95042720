"""The tour of the console, through a small town."""

import pathlib
import threading
from collections.abc import Iterator

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.wsgi import get_wsgi_application
from django.test.testcases import QuietWSGIRequestHandler
from tests.path.test_documents import bill
from tests.path.world import METERS, World
from tests.peers.chromium import Chromium

from signalpost.acts import access, operate
from signalpost.store import bells
from signalpost.vocabulary import events

PASSWORD = "pass-1234-word"


@pytest.fixture
def served(world: World) -> Iterator[str]:
    """The town on a web server."""
    del world
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler)
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def story(world: World) -> None:
    """Something of everything the console shows."""
    incident = world.storm()
    world.estimate(incident, 2)
    world.everything_arrives()
    world.power_is_back(METERS[:4])
    world.event("billing.closed", "A-dora-M-05", bill())
    world.event("no.such", "nobody", {"note": "x" * 300})
    operate.pause("lane:bulk", by="olga", reason="the print shop is closed")
    bells.ring("report", events.Lane.NORMAL)
    world.change("UPDATE procrastinate_jobs SET status = 'failed'")
    access.make_staff("olga", role="operations", password=PASSWORD)


@pytest.mark.timeout(900)
def test_every_page_is_accessible_in_light_and_dark_wide_and_narrow(
    world: World, served: str, chromium: Chromium, tmp_path: pathlib.Path
):
    from tests.web import touring  # noqa: PLC0415 - importing Playwright takes longer than most test files run

    story(world)
    with chromium.page() as page:
        tour = touring.Tour(page, served)
        findings = tour.log_in("olga", PASSWORD)
        places = tour.places()
        for place in places:
            findings += tour.look(place)
        pictures = tour.take(tmp_path, places)
    world.change("DELETE FROM procrastinate_jobs WHERE status = 'failed'")

    assert findings == []
    names = {place.name for place in places}
    assert {"overview", "incident", "letter", "email", "sms", "withheld", "refusal", "switch"} <= names
    assert set(pictures) == set(touring.PICTURES)


@pytest.mark.timeout(300)
def test_the_overview_updates_by_itself_pauses_and_tells_what_began_to_fail(
    world: World, served: str, chromium: Chromium
):
    from tests.web import touring  # noqa: PLC0415

    access.make_staff("olga", role="operations", password=PASSWORD)
    with chromium.page() as page:
        tour = touring.Tour(page, served)
        tour.log_in("olga", PASSWORD)
        before = page.inner_text("[data-number='accept.hour']")
        world.event("no.such", "nobody", {}, drains=False)
        page.wait_for_selector("[data-fail=quarantined]:not([hidden])", timeout=60_000)
        told = page.inner_text("[data-live-voice]")
        state = page.get_attribute("[data-stage=accept]", "data-state")
        page.click("[data-live-pause]")
        label = page.inner_text("[data-live-pause]")

    assert before == "0"
    assert told == "0 open incidents. Failures at: accept."
    assert state == "bad"
    assert label == "Go on updating"
