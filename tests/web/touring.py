"""The tour through the console in a real browser: every page, judged by axe-core, in light and dark, wide and narrow.

It visits what a person would: each entry of the menu, the first incident, one communication by each channel. It starts
from a running system and changes nothing in it but the log, which notes that documents were looked at.

    scripts/tour --url http://127.0.0.1:8320 --user demo --pictures docs/pictures
"""

import argparse
import contextlib
import getpass
import importlib.util
import os
import pathlib
import sys
from collections.abc import Generator, Mapping, Sequence
from typing import Literal

import msgspec
from playwright import sync_api
from tests.peers import chromium

Scheme = Literal["light", "dark"]

#: Width in CSS pixels and colours in which each page is judged.
VIEWS: Sequence[tuple[int, Scheme]] = ((1280, "light"), (1280, "dark"), (375, "light"), (375, "dark"))
HEIGHT = 900
#: What the judge asks: WCAG 2.2 at level AA, and what is good practice beyond it.
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
#: How long a page may take.
PAGE_MS = 60_000
#: Pictures: file name → page, width, height, colours.
PICTURES: Mapping[str, tuple[str, int, int, Scheme]] = {
    "console.png": ("overview", 1280, 860, "light"),
    "console-dark.png": ("overview", 1280, 860, "dark"),
    "console-incidents.png": ("incidents", 1280, 860, "light"),
    "console-incident.png": ("incident", 1280, 1150, "light"),
    "console-communications.png": ("communications", 1280, 860, "light"),
    "console-letter.png": ("letter", 1280, 1150, "light"),
    "console-email.png": ("email", 1280, 1150, "light"),
    "console-phone.png": ("overview", 375, 812, "light"),
}
_MENU = ("incidents", "alarms", "communications", "letters", "channels", "quarantine", "dead-letters")
_RUN = "tags => axe.run(document, {runOnly: tags}).then(result => result.violations)"
_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Place(msgspec.Struct, frozen=True):
    """A page of the tour."""

    name: str
    path: str


class Finding(msgspec.Struct, frozen=True):
    """Something that is wrong with a page in one view."""

    page: str
    view: str
    text: str


class Tour:
    """A person who logs in and looks at everything."""

    def __init__(self, page: sync_api.Page, url: str) -> None:
        """Use an empty page of a browser and the address of a running system."""
        self._page = page
        self._url = url.rstrip("/")
        self._axe = axe()
        self._heard: list[str] = []
        page.set_default_timeout(PAGE_MS)
        page.on("pageerror", lambda error: self._heard.append(f"uncaught: {error}"))
        page.on("console", self._hear)

    def log_in(self, name: str, password: str) -> list[Finding]:
        """Judge the login and log in."""
        found = self.look(Place("login", "/console/login/"))
        self._page.fill("input[name=login]", name)
        self._page.fill("input[name=password]", password)
        self._page.click("button[type=submit]")
        self._page.wait_for_selector("[data-live]")
        return found

    def places(self) -> list[Place]:
        """What there is to see: the menu, the account, and one of each thing behind the lists."""
        fixed = [Place("overview", "/console/"), *(Place(name, f"/console/{name}/") for name in _MENU)]
        deeper = [
            ("incident", "/console/incidents/", "td a[href*='/incidents/']"),
            ("letter", "/console/communications/?type=bill-ready", "tr:has-text('letter') td a"),
            (
                "email",
                "/console/communications/",
                "tr:has-text('email accepted') td a, tr:has-text('email delivered') td a",
            ),
            ("sms", "/console/communications/", "tr:has-text('sms') td a"),
            ("withheld", "/console/communications/?outcome=withheld", "td a"),
            ("refusal", "/console/quarantine/", "td a"),
            ("switch", "/console/channels/", "td a.button"),
        ]
        found = [Place(name, path) for name, start, link in deeper if (path := self._first(start, link))]
        mine = [Place("account", "/console/account/"), Place("second-factor", "/console/second-factor/")]
        return [*fixed, *found, *mine, Place("nothing", "/console/nothing/")]

    def look(self, place: Place) -> list[Finding]:
        """Judge one page in every view."""
        self._heard.clear()
        self._open(place)
        found: list[Finding] = []
        for width, scheme in VIEWS:
            view = f"{width} px, {scheme}"
            self._page.set_viewport_size({"width": width, "height": HEIGHT})
            self._page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            self._page.evaluate(self._axe)
            violations = self._page.evaluate(_RUN, list(TAGS))
            texts = [f"{one['id']}: {node['html'][:200]}" for one in violations for node in one["nodes"]]
            overflow = self._page.evaluate(_OVERFLOW)
            if overflow > 0:
                texts.append(f"wanted it to fit the width, got {overflow} px more")
            found += [Finding(place.name, view, text) for text in texts]
        return found + [Finding(place.name, "console", text) for text in self._heard]

    def take(self, folder: pathlib.Path, places: Sequence[Place]) -> list[str]:
        """Take the pictures for the docs; the names of the files."""
        known = {place.name: place for place in places}
        taken: list[str] = []
        for file, (name, width, height, scheme) in PICTURES.items():
            if name not in known:
                continue
            self._page.set_viewport_size({"width": width, "height": height})
            self._page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            self._open(known[name])
            self._page.screenshot(path=folder / file)
            taken.append(file)
        return taken

    def _open(self, place: Place) -> None:
        self._page.goto(self._url + place.path)
        self._page.wait_for_load_state("networkidle")

    def _first(self, start: str, link: str) -> str:
        """Where the first link of a kind on a page leads, "" where there is none."""
        self._open(Place("", start))
        links = self._page.locator(link)
        return (links.first.get_attribute("href") or "") if links.count() else ""

    def _hear(self, message: sync_api.ConsoleMessage) -> None:
        # The one page that leads nowhere says so with its status.
        if message.type == "error" and "404" not in message.text:
            self._heard.append(f"error: {message.text}")


def axe() -> str:
    """The judge, as the script it is.

    Raises:
        FileNotFoundError: it is not installed.
    """
    spec = importlib.util.find_spec("axe_playwright_python")
    places = (spec.submodule_search_locations if spec else None) or ()
    for place in places:
        file = pathlib.Path(place) / "axe.min.js"
        if file.is_file():
            return file.read_text(encoding="utf-8")
    raise FileNotFoundError("axe-core: wanted the package axe-playwright-python, got nothing of that name")


@contextlib.contextmanager
def browser() -> Generator[sync_api.Page]:
    """An empty page of a browser of one's own."""
    with chromium.start() as running, running.page(width=1280, height=HEIGHT) as page:
        yield page


def main(arguments: Sequence[str]) -> int:
    """Make the tour; 1 when something is wrong, which is printed."""
    parser = argparse.ArgumentParser(prog="scripts/tour", description="Look at every page of a running console.")
    parser.add_argument("--url", default="http://127.0.0.1:8320", help="Where the system runs.")
    parser.add_argument(
        "--user", default="demo", help="Who logs in; the password is SIGNALPOST_TOUR_PASSWORD or asked."
    )
    parser.add_argument("--pictures", type=pathlib.Path, help="Folder for the pictures of the docs.")
    given = parser.parse_args(arguments)
    password = os.environ.get("SIGNALPOST_TOUR_PASSWORD") or getpass.getpass("Password: ")
    with browser() as page:
        tour = Tour(page, given.url)
        found = tour.log_in(given.user, password)
        places = tour.places()
        for place in places:
            found += tour.look(place)
        taken = tour.take(given.pictures, places) if given.pictures else []
    for one in found:
        sys.stderr.write(f"{one.page} ({one.view}): {one.text}\n")
    sys.stdout.write(
        f"{len(places) + 1} pages in {len(VIEWS)} views each: {len(found)} findings, {len(taken)} pictures\n"
    )
    return 1 if found else 0
