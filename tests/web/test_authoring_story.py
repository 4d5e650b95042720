"""An author writes in a real browser: two languages, a table, a chart, a condition, a shared text; and submits."""

import pathlib
import threading
from collections.abc import Iterator

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.wsgi import get_wsgi_application
from django.test.testcases import QuietWSGIRequestHandler
from playwright import sync_api
from tests.peers.chromium import Chromium

from signalpost import drafts, settings
from signalpost.acts import access, releasing
from signalpost.playbooks import load
from signalpost.vocabulary import library, templates

PASSWORD = "pass-1234-word"
ANN = releasing.Person(name="ann", roles=frozenset({"author", "approver", "legal", "brand"}))


@pytest.fixture
def served(database: settings.Settings) -> Iterator[str]:
    del database
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler)
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def shipped() -> dict[library.Key, library.Item]:
    root = pathlib.Path(load.__file__).parent
    books = [load.load(folder) for folder in sorted(root.iterdir()) if (folder / "playbook.yaml").exists()]
    return {library.key(item): item for item in load.items(books)}


class Author:
    """Somebody who writes."""

    def __init__(self, page: sync_api.Page, url: str, pictures: pathlib.Path) -> None:
        self.page, self._url, self._pictures = page, url, pictures
        page.set_default_timeout(30_000)

    def log_in(self, name: str) -> None:
        access.make_staff(name, role="author", password=PASSWORD)
        self.open("login/")
        self.page.fill("input[name=login]", name)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("button[type=submit]")
        self.page.wait_for_selector("[data-live]")

    def open(self, path: str) -> None:
        self.page.goto(f"{self._url}/console/{path}")
        self.page.wait_for_load_state("networkidle")

    def look(self, name: str) -> None:
        self.page.screenshot(path=self._pictures / f"{name}.png")

    def add(self, stream: str, label: str) -> None:
        """Add a block at the end of a stream, by its label in the menu."""
        before = int(self.page.input_value(f"[name='{stream}-count']"))
        self.page.locator(f"[name='{stream}-count']").locator("xpath=..").locator("button.c-sf-add-button").last.click()
        self.page.locator(".w-combobox input").last.fill(label)
        self.page.locator(".w-combobox__option", has_text=label).first.click()
        self.page.wait_for_selector(f"[name='{stream}-{before}-type'], [name='{stream}-{before}-id']", state="attached")

    def more(self, elements: str) -> None:
        """Add an element to a list."""
        self.page.locator(f"[name='{elements}-count']").locator("xpath=..").locator(
            "button.c-sf-add-button"
        ).last.click()

    def write(self, field: str, text: str) -> None:
        """Type a text, placeholders in braces become chips."""
        editor = self.page.locator(f"[name='{field}']").locator("xpath=..").locator(".public-DraftEditor-content")
        editor.click()
        editor.press("End")
        editor.press_sequentially(text)

    def choose_value(self, field: str, words: str, form: str) -> None:
        """Put a value in, found by search."""
        here = self.page.locator(f"[name='{field}']").locator("xpath=..")
        here.locator("button[name=VARIABLE]").click()
        self.page.fill("#sp-search", words)
        self.page.keyboard.press("Enter")
        self.page.locator(".sp-formats button", has_text=form).first.click()
        here.locator(".sp-chip", has_text=words).first.wait_for()

    def save(self) -> None:
        self.page.click("button:has-text('Save draft')")
        self.page.wait_for_load_state("networkidle")


@pytest.mark.timeout(900)
def test_an_author_writes_a_notice_in_two_languages_and_submits_it(
    served: str, chromium: Chromium, tmp_path: pathlib.Path
):
    items = shipped()
    bill = items[library.Key(kind=library.Kind.COMMUNICATION, name="bill-ready")]
    assert isinstance(bill, library.Communication)
    for key, item in items.items():
        if key.kind in library.COMMUNICATIONS_SIDE | {library.Kind.CONTRACT} and item != bill:
            drafts.write(item, by="")
    with chromium.page(width=1400, height=1000) as page:
        author = Author(page, served, tmp_path)
        author.log_in("ann")
        begin_type(author, bill)
        write_english(author)
        start_german(author)
        submit(author)
        assert [line for line in chromium.console() if line.startswith("uncaught")] == []

    found = drafts.read(library.Kind.COMMUNICATION, "my-bill")
    assert isinstance(found, library.Communication)
    assert [edition.language for edition in found.editions] == ["de", "en"]
    assert found.editions[1].body == (
        templates.HeadingBlock(text="Your bill {event.data.bill}", level=1),
        templates.ParagraphBlock(text="Dear {party.name}, please pay {event.data.total | money} soon."),
        templates.WhenBlock(
            condition="has(event.data.due_on)",
            then=(templates.ParagraphBlock(text="It is due on {event.data.due_on | date}."),),
        ),
        templates.TableBlock(
            caption="What you used",
            each="event.data.lines",
            columns=(templates.ColumnTemplate(heading="For", cell="{item.code}"),),
        ),
        templates.SharedTextBlock(name="greeting"),
    )
    made = next(iter(releasing.releases()))
    assert made.state is library.ReleaseState.IN_REVIEW
    refused = releasing.approve(made.ref, by=ANN)
    assert isinstance(refused, releasing.Refused)
    assert refused.denied is not None
    assert refused.denied.reason == "own_change"


def begin_type(author: Author, like: library.Communication) -> None:
    """A communication type with its data and a sample."""
    page = author.page
    author.open("drafts/communications/add/")
    page.fill("input[name=title]", "My bill")
    page.fill("input[name=name]", "my-bill")
    page.fill("input[name=category]", like.category)
    for channel in ("letter", "email", "sms"):
        page.check(f"input[name=channels][value={channel}]")
    page.select_option("select[name=brand]", like.brand)
    page.fill("input[name=speaks_of]", like.speaks_of)
    page.once("dialog", lambda dialog: dialog.accept())
    page.click("button:has-text('Start from what events of this type give')")
    page.wait_for_selector(".sp-tree")
    page.fill("textarea[name=contract]", like.contract)
    author.more("samples")
    page.fill("[name='samples-0-value-name']", like.samples[0].name)
    page.fill("[name='samples-0-value-facts']", like.samples[0].facts)
    author.save()
    author.look("type")


def write_english(author: Author) -> None:
    """The first language, block by block."""
    page = author.page
    author.open("drafts/communications/my-bill/side-by-side/")
    page.select_option("select[name=language]", "en")
    page.click("main button:has-text('Start')")
    page.wait_for_selector("[name='body-count']", state="attached")
    page.wait_for_load_state("networkidle")
    page.fill("input[name=title]", "Your bill")
    author.write("subject", "Your bill")
    author.write("sms", "Your bill of {event.data.total | money} is here.")
    author.add("body", "Heading")
    page.select_option("[name='body-0-value-level']", "1")
    author.write("body-0-value-text", "Your bill {event.data.bill}")
    author.add("body", "Paragraph")
    author.write("body-1-value-text", "Dear {party.name}, please pay ")
    author.choose_value("body-1-value-text", "total", "12.30")
    author.write("body-1-value-text", " soon.")
    author.add("body", "When")
    page.fill("[name='body-2-value-condition']", "has(event.data.due_no)")
    page.wait_for_selector("text=The data has no field “event.data.due_no”")
    page.fill("[name='body-2-value-condition']", "has(event.data.due_on)")
    page.wait_for_selector(".sp-truth li")
    author.add("body-2-value-then", "Paragraph")
    author.write("body-2-value-then-0-value-text", "It is due on {event.data.due_on | date}.")
    author.add("body", "Table")
    author.write("body-3-value-caption", "What you used")
    page.fill("[name='body-3-value-each']", "event.data.lines")
    author.more("body-3-value-columns")
    author.write("body-3-value-columns-0-value-heading", "For")
    author.choose_value("body-3-value-columns-0-value-cell", "code", "as it is")
    author.add("body", "Shared text")
    page.select_option("[name='body-4-value-name']", "greeting")
    author.look("writing")
    author.save()
    page.wait_for_selector("#sms-segments, [id$=sms-segments] p")
    author.look("english")
    page.click("button[aria-label*=preview i]")
    panel = page.frame_locator("iframe[title=Preview]").last
    for channel in ("Letter", "E-mail", "SMS"):
        panel.locator(f"button:has-text('{channel}')").click()
        panel.locator(f"button[aria-pressed=true]:has-text('{channel}')").wait_for()
        author.look(f"preview-{channel}")


def start_german(author: Author) -> None:
    """The second language from the first."""
    page = author.page
    author.open("drafts/communications/my-bill/side-by-side/")
    page.select_option("select[name=language]", "de")
    page.select_option("select[name=source]", "en")
    page.click("main button:has-text('Start')")
    page.wait_for_selector("[name='body-count']", state="attached")
    page.fill("input[name=title]", "Ihre Rechnung")
    author.save()
    author.open("drafts/communications/my-bill/side-by-side/")
    author.look("side-by-side")
    assert page.locator("text=the same words in both").count() > 0
    assert page.locator(".sp-missing").count() == 0


def submit(author: Author) -> None:
    """Hand it in."""
    page = author.page
    author.open("drafts/submit/communication/my-bill/")
    author.look("submit")
    page.click("main button:has-text('Submit')")
    page.wait_for_load_state("networkidle")
    author.look("submitted")
