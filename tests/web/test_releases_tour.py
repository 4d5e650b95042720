"""The pages of releases, versions, uses, triggers, segments and the channel policy in a real browser."""

import os
import pathlib
from collections.abc import Sequence
from typing import Literal

import pytest
from tests.peers.chromium import Chromium
from tests.web import releasing as town

from signalpost.acts import releasing
from signalpost.vocabulary import library

#: Where pictures of each page go, for whoever wants to look; "" for none.
SHOTS = os.environ.get("SIGNALPOST_TEST_SHOTS", "")
SHOWN: Sequence[tuple[int, Literal["light", "dark"]]] = ((1280, "light"), (1280, "dark"), (375, "light"))


def story() -> dict[str, str]:
    """Something of everything; the pages to look at by name."""
    town.staff()
    town.live()
    words = town.in_review(
        town.disclaimer("Prices include 19 % value added tax, and the levy of § 17."),
        town.notice(
            "We correct your bill of this month by {event.data.amount | number}, for {event.data.reason}.",
        ),
        title="Value added tax in every letter",
    )
    town.made(releasing.comment(words.ref, by=town.person("bob"), place="text prices", text="Which levy is this?"))
    town.made(releasing.comment(words.ref, by=town.both("ann"), place="#1", text="The one for the grid."))
    town.made(releasing.comment(words.ref, by=town.both("ann"), place="", text="Ready to be read."))
    town.made(releasing.resolve(words.ref, 3, by=town.person("bob")))
    town.made(releasing.assign(words.ref, by=town.both("ann"), to="bob", due_at=None))
    draft = town.proposed(town.segment().__class__(name="new", title="New customers", condition="true"), by="bob")
    change = next(one for one in words.changes if one.key.kind is library.Kind.TEXT)
    notice = next(one for one in words.changes if one.key.kind is library.Kind.COMMUNICATION)
    compare = f"/console/library/text/prices/compare/?before={change.base}&after={change.digest}&release={words.ref}"
    letter = (
        f"/console/library/communication/bill-corrected/compare/?before={notice.base}&after={notice.digest}"
        f"&release={words.ref}"
    )
    return {
        "work": "/console/work/",
        "releases": "/console/releases/",
        "release": f"/console/releases/{words.ref}/",
        "draft": f"/console/releases/{draft.ref}/",
        "approve": f"/console/releases/{words.ref}/approve/",
        "send-back": f"/console/releases/{words.ref}/send-back/",
        "compare-text": compare,
        "compare-letter": letter,
        "compare-mail": f"{letter}&channel=email",
        "compare-sms": f"{letter}&channel=sms&language=de",
        "item": "/console/library/text/prices/",
        "uses": "/console/library/text/prices/uses/",
        "uses-none": "/console/library/trigger/tell-of-correction/uses/",
        "triggers": "/console/triggers/",
        "trigger": "/console/triggers/tell-of-correction/",
        "trigger-new": "/console/triggers/new/",
        "segments": "/console/segments/",
        "segment": "/console/segments/german/",
        "policy": "/console/policy/",
        "cell": "/console/policy/safety/urgent_channels/",
        "cell-cap": "/console/policy/marketing/frequency_cap/",
        "cell-hours": "/console/policy/table/quiet_hours/",
        "rows": "/console/policy/table/rows/",
    }


@pytest.mark.timeout(900)
def test_every_page_is_accessible_in_light_and_dark_wide_and_narrow(console: str, chromium: Chromium):
    from tests.web import touring  # noqa: PLC0415 - importing Playwright takes longer than most test files run

    pages = story()
    findings: list[touring.Finding] = []
    with chromium.page() as page:
        for person, mine in (("bob", [name for name in pages if name < "s"]), ("ola", [n for n in pages if n >= "s"])):
            page.context.clear_cookies()
            tour = touring.Tour(page, console)
            page.goto(f"{console}/console/login/")
            findings += tour.log_in(person, town.PASSWORD)
            for name in mine:
                findings += tour.look(touring.Place(name, pages[name]))
                if SHOTS:
                    folder = pathlib.Path(SHOTS)
                    for width, scheme in SHOWN:
                        page.set_viewport_size({"width": width, "height": 1600})
                        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                        page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)

    assert findings == []
