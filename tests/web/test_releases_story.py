"""The life of a release in a real browser: submitted, refused to its author, approved by others, live, withdrawn."""

import datetime as dt
import os
import pathlib

import pytest
from playwright import sync_api
from tests.peers.chromium import Chromium
from tests.web import releasing as town

from signalpost.acts import access, releasing
from signalpost.store import shipping
from signalpost.vocabulary import library, notices, parties

SHOTS = os.environ.get("SIGNALPOST_TEST_SHOTS", "")
State = library.ReleaseState


def log_in(page: sync_api.Page, url: str, name: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{url}/console/login/")
    page.fill("input[name=login]", name)
    page.fill("input[name=password]", town.PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector("[data-live]")


def shot(page: sync_api.Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=pathlib.Path(SHOTS) / f"story-{name}.png")


def strict_policy() -> library.Policy:
    """Billing needs legal, then brand."""
    rows = (
        notices.CategoryPolicy(
            category="billing",
            legal_class=notices.LegalClass.CONTRACTUAL,
            routine_channels=(parties.ChannelKind.EMAIL, parties.ChannelKind.LETTER),
            review=("legal", "brand"),
        ),
    )
    return town.policy(*rows)


@pytest.mark.timeout(600)
def test_a_release_from_draft_to_live_and_back(  # noqa: PLR0915 - one story
    console: str,
    chromium: Chromium,
) -> None:
    town.staff()
    town.live()
    strict = town.made(releasing.propose([strict_policy()], by=town.both("ola"), title="Stricter review"))
    town.made(releasing.submit(strict.ref, by=town.both("ola")))
    town.made(releasing.approve(strict.ref, by=town.person("bob")))
    # An author who is also given the roles of a reviewer.
    access.make_staff("ann", role="author", password=town.PASSWORD)
    release = town.proposed(town.disclaimer("Prices include 19 % value added tax."), title="Value added tax")
    path = f"{console}/console/releases/{release.ref}"
    with chromium.page() as page:
        page.set_default_timeout(60_000)
        log_in(page, console, "ann")
        page.goto(f"{path}/")
        page.click("text=Submit for review")
        page.click("button:has-text('Submit for review')")
        page.wait_for_selector("text=in review")
        _also_legal("ann")
        page.goto(f"{path}/sign-off/")
        refused = page.inner_text("[role=alert]")
        buttons = page.locator("form button:has-text('Approve')").count()
        shot(page, "refused")

        log_in(page, console, "lea")
        page.goto(f"{console}/console/work/")
        waiting = page.inner_text("section[aria-labelledby=turns]")
        page.click("section[aria-labelledby=turns] a")
        page.click("text=Approve as legal")
        page.click("button:has-text('Approve this step')")
        page.wait_for_selector("text=Your step is taken")
        twice = page.inner_text(".sp-note")

        log_in(page, console, "bea")
        page.goto(f"{path}/approve/")
        later = dt.datetime.now() + dt.timedelta(days=2)  # noqa: DTZ005 - what somebody types
        page.fill("#from", later.strftime("%Y-%m-%dT%H:%M"))
        page.click("form button:has-text('Approve')")
        page.wait_for_selector("text=It goes live")
        shot(page, "scheduled")
        scheduled = releasing.release(release.ref)
        before = releasing.shelf()[library.Key(kind=library.Kind.TEXT, name="prices")]
        assert shipping.turn(dt.datetime.now(dt.UTC) + dt.timedelta(days=3), lambda _: None)
        page.goto(f"{path}/")
        page.wait_for_selector(".sp-chip:has-text('live')")
        after = releasing.shelf()[library.Key(kind=library.Kind.TEXT, name="prices")]
        page.click("text=Withdraw")
        page.fill("#reason", "the levy was left out")
        page.click("button:has-text('Withdraw')")
        page.wait_for_selector("text=the levy was left out")
        shot(page, "withdrawn")

    assert "Nobody approves their own change" in refused
    assert buttons == 0
    assert "Value added tax" in waiting
    assert "another person" in twice
    assert (scheduled.state, [step.role for step in scheduled.sign_offs]) == (State.SCHEDULED, ["legal", "brand"])
    assert (before, after) == (town.disclaimer(), town.disclaimer("Prices include 19 % value added tax."))
    assert releasing.release(release.ref).state is State.WITHDRAWN
    assert releasing.shelf()[library.Key(kind=library.Kind.TEXT, name="prices")] == town.disclaimer()


def _also_legal(name: str) -> None:
    from django.contrib.auth import get_user_model  # noqa: PLC0415 - Django is set up by now
    from django.contrib.auth.models import Group  # noqa: PLC0415

    get_user_model().objects.get(username=name).groups.add(Group.objects.get(name="legal"))
