"""The preview beside the text and the proof: what is seen, what stays when a draft breaks, who gets what."""

import html
import pathlib
import re
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import msgspec
import pytest
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from playwright import sync_api
from tests.path.test_documents import bill
from tests.path.world import World
from tests.peers import chromium as browsers
from tests.peers import postfix as smtp
from tests.web import releasing as town

from signalpost import drafts, settings, web
from signalpost.acts import studio
from signalpost.channels.smtp import configured
from signalpost.store import batch
from signalpost.vocabulary import library, templates

COOKIE = "sp_preview"
STATIC = pathlib.Path(web.__file__).parent / "console" / "static" / "console"


def rendered(request: HttpRequest, item: library.Item, mode: str = "") -> HttpResponse:
    # Wagtail wants Django to be set up before it is imported.
    from signalpost.web.console import previewing  # noqa: PLC0415

    assert previewing.COOKIE == COOKIE
    return previewing.render_preview(request, item, mode, shelf())


class Author:
    """Somebody who writes, without a database."""

    rights: frozenset[str] = frozenset()

    def get_username(self) -> str:
        return "ann"

    def has_perm(self, perm: str, obj: object = None) -> bool:
        del obj
        return perm.removeprefix("signalpost.") in self.rights


class Reader(Author):
    rights = frozenset({"read_customers"})


@pytest.fixture(scope="module", name="engines", autouse=True)
def _engines(configured: settings.Settings) -> Iterator[None]:
    del configured
    yield
    studio.close(studio.warm())
    studio.warm.cache_clear()


def shelf() -> library.Shelf:
    return {library.key(item): item for item in town.shelf()}


def seen(item: library.Item, *, mode: str = "", user: Author | None = None, **chosen: str) -> HttpResponse:
    request = HttpRequest()
    request.user = user or Author()  # pyright: ignore[reportAttributeAccessIssue] - what the page asks of a user
    if chosen:
        request.COOKIES[COOKIE] = quote(urlencode(chosen))
    return rendered(request, item, mode)


def text(response: HttpResponse) -> str:
    return response.content.decode()


def frame(response: HttpResponse) -> str:
    found = re.search(r'srcdoc="([^"]*)"', text(response))
    assert found is not None
    return html.unescape(found[1])


class TestPage:
    def test_a_letter_is_shown_as_pictures_of_its_pages(self):
        page = seen(town.notice())
        assert text(page).count('src="data:image/jpeg;base64,') == 1
        assert 'alt="Page 1 of the letter"' in text(page)

    def test_an_email_stands_in_a_frame_in_which_nothing_runs_and_nothing_is_fetched(self):
        page = seen(town.notice(), channel="email", language="en")
        assert '<iframe sandbox=""' in text(page)
        assert "because of a late reading" in frame(page)
        assert "default-src 'none'" in page["Content-Security-Policy"]
        assert "frame-ancestors 'self'" in page["Content-Security-Policy"]
        assert 'width="1280"' in text(page)

    @pytest.mark.parametrize(
        ("view", "words"),
        [("phone", 'width="375"'), ("dark", "@media all{"), ("text", "<pre"), ("desktop", "@media not all{")],
    )
    def test_an_email_is_seen_in_every_way(self, view: str, words: str):
        assert words in html.unescape(text(seen(town.notice(), channel="email", view=view)))

    def test_an_sms_is_shown_in_its_segments(self):
        page = text(seen(town.notice(), mode="sms", language="en"))
        assert "Correction of your bill: a late reading" in page
        assert "1 of 3 segments, gsm7" in page

    def test_a_push_message_is_shown_with_title_and_body(self):
        (edition, *others) = town.notice().editions
        given = msgspec.structs.replace(
            town.notice(),
            channels=(town.Channel.PUSH,),
            editions=(msgspec.structs.replace(edition, push_title="Corrected", push_body="See it online"), *others),
        )
        assert "<strong>Corrected</strong>" in text(seen(given))

    def test_what_was_chosen_stays(self):
        page = text(seen(town.notice(), channel="sms", language="de"))
        assert re.search(r"<option selected>\s*de\s*</option>", page)
        assert re.search(r'value="sms" aria-pressed="true"', page)

    def test_what_the_page_says_of_a_draft_is_text(self):
        given = msgspec.structs.replace(town.notice(), title="<script>alert(1)</script>")
        assert "<script>alert" not in text(seen(given))

    @pytest.mark.parametrize("cookie", ["%", "a" * 5_000, "&" * 500, "sample=%00"])
    def test_a_cookie_of_somebody_else_breaks_nothing(self, cookie: str):
        request = HttpRequest()
        request.user = Author()  # pyright: ignore[reportAttributeAccessIssue] - as above
        request.COOKIES[COOKIE] = cookie
        assert rendered(request, town.notice()).status_code == 200

    def test_a_shared_text_is_seen_where_it_is_used(self):
        page = text(seen(town.disclaimer("Other words."), channel="email", language="en"))
        assert "seen in bill-corrected" in page
        assert "Other words." in html.unescape(page)


class TestBroken:
    def test_an_error_stands_at_the_top_with_a_remedy_and_the_last_good_picture_below(self):
        seen(town.notice(), channel="sms", language="en")
        page = text(seen(town.notice("We {nothing"), channel="letter", language="en"))
        assert "This cannot be shown yet" in page
        assert "What to do:" in page

        good = seen(town.notice("Good words."), channel="email", language="en")
        bad = seen(town.notice("{no.such.field}"), channel="email", language="en")
        assert "Good words." in frame(good)
        assert "Good words." in frame(bad)
        assert "The last picture that could be made" in text(bad)

    def test_nobody_sees_the_last_picture_of_somebody_else(self):
        class Other(Author):
            def get_username(self) -> str:
                return "eve"

        seen(town.notice("Secret words."), channel="email", language="en")
        page = text(seen(town.notice("{no.such.field}"), user=Other(), channel="email", language="en"))
        assert "Secret words." not in page

    def test_an_empty_draft_says_what_to_do(self):
        given = msgspec.structs.replace(town.notice(), editions=())
        page = text(seen(given))
        assert "This cannot be shown yet" in page or "There is nothing to show yet" in page

    def test_a_draft_of_ten_megabytes_gets_a_message(self):
        page = text(seen(town.notice("x" * 10_000_000), channel="letter", language="en"))
        assert "cannot be laid out as letter" in page
        assert len(page) < 1_000_000


class TestPastCase:
    def test_a_past_case_is_shown_without_its_person_and_the_look_is_logged_once(self, world: World):
        world.event("billing.closed", "A-cem-M-04", bill(), name="b-1")
        ((ref, party, name),) = batch.fetch(
            "SELECT ref, party, (facts::jsonb -> 'party' ->> 'name') FROM decision WHERE verdict = 'notice' LIMIT 1",
            [],
            tuple[str, str, str],
        )
        edition = msgspec.structs.replace(town.edition("en", "Dear {party.name}, hello."), sms="")
        given = msgspec.structs.replace(town.notice(), contract="{}", editions=(edition,))
        page = seen(given, user=Reader(), channel="email", language="en", case=ref)
        seen(given, user=Reader(), channel="email", language="en", case=ref)

        assert "Dear " in frame(page)
        assert name not in text(page)
        assert party not in text(page)
        looks = batch.fetch(
            "SELECT body FROM log_fact WHERE kind = 'document_read' AND subject = %s", [ref], tuple[str]
        )
        assert [body for (body,) in looks] == ['{"by":"staff:ann","case":"' + ref + '","masked":true}']

    def test_without_the_right_no_case_is_looked_at(self):
        page = text(seen(town.notice(), case="any"))
        assert "Past case" not in page

    def test_a_case_that_is_none_is_told(self, database: object):
        del database
        page = text(seen(town.notice(), user=Reader(), case="<none>"))
        assert "There is no past case" in page
        assert "&lt;none&gt;" in page


@pytest.fixture
def people(database: object) -> None:
    del database
    town.staff()


def asked(client: Client, name: str = "bill-corrected", **given: str) -> str:
    answer = client.post(f"/console/drafts/proof/communication/{name}/", given)
    assert answer.status_code == 200, answer.text
    return answer.json()["told"]


@pytest.mark.usefixtures("people")
class TestProof:
    @pytest.fixture(autouse=True)
    def kept(self, people: None) -> None:
        del people
        for item in town.shelf():
            drafts.write(item, by="")
        user = get_user_model().objects.get(username="ann")
        user.email = "ann@signalpost.test"
        user.save()

    @pytest.mark.peer("postfix")
    @pytest.mark.parametrize("channel", ["email", "letter", "sms"])
    def test_a_proof_goes_to_the_authors_own_address_marked(self, postfix: smtp.Postfix, channel: str):
        postfix.clear()
        url = f"smtp+starttls://{postfix.username}:{postfix.password}@127.0.0.1:{postfix.submission_port}"
        given = settings.Settings(smtp_url=url, smtp_ca_file=str(postfix.authority), mail_from="s@signalpost.test")

        def way() -> object:
            return configured.from_settings(given, lambda purpose: purpose.encode())

        with override_settings(SIGNALPOST_MAIL=way):
            told = asked(
                town.logged_in("ann"),
                channel=channel,
                language="en",
                sample="",
                to="customer@signalpost.test",
                address="customer@signalpost.test",
            )
            again = asked(town.logged_in("ann"), channel=channel, language="en")
        assert told == "Sent to ann@signalpost.test, as it is saved."
        assert "try again" in again
        (mail,) = postfix.wait_for_messages("ann@signalpost.test", count=1)
        assert postfix.messages("customer@signalpost.test") == []
        raw = str(mail)
        assert "[Proof]" in raw
        acts = batch.fetch(
            "SELECT body::jsonb ->> 'act' FROM log_fact WHERE kind = 'staff_acted' ORDER BY id", [], tuple[str]
        )
        assert [act for (act,) in acts if "proof" in act] == ["send proof", "proof sent"]
        assert batch.fetch("SELECT ref FROM delivery", [], tuple[str]) == []

    def test_without_an_address_a_channel_or_a_working_copy_it_is_told(self):
        client = town.logged_in("ann")
        assert "no relay" in asked(client, channel="sms", language="en")
        assert "Save it first" in asked(client, name="nothing")
        assert client.post("/console/drafts/proof/nonsense/x/").status_code == 404
        user = get_user_model().objects.get(username="ann")
        user.email = ""
        user.save()
        assert "no e-mail address" in asked(client, channel="sms", language="en")

    def test_what_cannot_be_shown_is_not_sent(self):
        drafts.write(town.notice("{no.such.field}"), by="ann")
        assert "Not sent" in asked(town.logged_in("ann"), channel="email", language="en")

    def test_whoever_does_not_write_gets_no_proof(self):
        assert town.logged_in("bob").post("/console/drafts/proof/communication/bill-corrected/").status_code == 403
        assert town.logged_in("ann").get("/console/drafts/proof/communication/bill-corrected/").status_code == 405


@pytest.mark.peer("chromium")
def test_the_page_works_in_a_browser_and_is_accessible(chromium: browsers.Chromium):
    from tests.web import touring  # noqa: PLC0415 - needs the browser's parts

    axe = touring.axe()
    style, script = str(STATIC / "preview.css"), str(STATIC / "preview.js")
    with chromium.page(width=480) as page:
        for item in (town.notice(), town.notice("{no.such.field}")):
            for channel in ("letter", "email", "sms"):
                content = text(seen(item, user=Reader(), channel=channel, language="en"))
                for scheme in ("light", "dark"):
                    _look(page, content, scheme, style, script)
                    page.evaluate(axe)
                    run = "axe.run(document, {iframes: false}).then(found => found.violations.map(one => one.id))"
                    assert page.evaluate(run) == [], (channel, scheme)
                    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
                    assert page.evaluate(overflow) <= 0


def _look(page: sync_api.Page, content: str, scheme: str, style: str, script: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_content(content)
    page.add_style_tag(path=style)
    page.add_script_tag(path=script)


def test_a_finding_names_its_place():
    broken = town.notice("{no.such.field}")
    assert isinstance(broken.editions[0].body[1], templates.ParagraphBlock)
    assert "body[1].text" in text(seen(broken, language="en"))
