"""A small library, people in their roles, and the state of things that pages of releases show."""

import datetime as dt
import re
import threading
from collections.abc import Iterator, Sequence

import msgspec
import pytest
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.wsgi import get_wsgi_application
from django.test import Client
from django.test.testcases import QuietWSGIRequestHandler

from signalpost import drafts
from signalpost.acts import access, releasing
from signalpost.vocabulary import (
    events,
    library,
    manuscripts,
    notices,
    parties,
    situations,
    templates,
)

PASSWORD = "pass-1234-word"
Channel = parties.ChannelKind
Kind = library.Kind
#: Who writes, who keeps the rules, and who reviews.
STAFF = {"ann": "author", "ola": "operations", "bob": "approver", "lea": "legal", "bea": "brand", "eve": "author"}

CONTRACT = """{"type": "object", "properties": {"event": {"type": "object", "properties": {
 "data": {"type": "object", "properties": {"amount": {"type": "number"}, "reason": {"type": "string"}},
 "required": ["amount", "reason"]}}, "required": ["data"]}}, "required": ["event"]}"""
EVENT = """{"type": "object", "properties": {"amount": {"type": "number"}, "reason": {"type": "string"}},
 "required": ["amount", "reason"]}"""
FACTS = """{"event": {"data": {"amount": 12.5, "reason": "a late reading"}}, "now": "2026-11-22T10:00:00+01:00",
 "party": {"name": "Ada Adler", "facts": {"jurisdiction": "DE"}, "time_zone": "Europe/Berlin"}}"""


def paragraph(text: str) -> templates.ParagraphBlock:
    """One paragraph."""
    return templates.ParagraphBlock(text=text)


def disclaimer(text: str = "Prices include value added tax.") -> library.SharedText:
    """A shared text."""
    return library.SharedText(
        name="prices",
        title="Notice on prices",
        variants=(
            library.TextVariant(language="en", body=(paragraph(text),)),
            library.TextVariant(language="de", body=(paragraph("Preise enthalten Umsatzsteuer."),)),
        ),
    )


def edition(language: str, *body: str, title: str = "Correction of your bill") -> library.Edition:
    """A communication in one language."""
    blocks: tuple[templates.TemplateBlock, ...] = (
        templates.HeadingBlock(text=title, level=1),
        *(paragraph(text) for text in body),
        templates.SharedTextBlock(name="prices"),
    )
    return library.Edition(
        language=language,
        title=title,
        subject=title,
        preheader=title,
        sms=f"{title}: {{event.data.reason}}",
        body=blocks,
    )


def notice(*english: str, category: str = "billing") -> library.Communication:
    """A communication in two languages."""
    said = english or ("We correct your bill by {event.data.amount | number} because of {event.data.reason}.",)
    return library.Communication(
        name="bill-corrected",
        title="Bill corrected",
        category=category,
        channels=(Channel.LETTER, Channel.EMAIL, Channel.SMS),
        speaks_of="bill.corrected",
        contract=CONTRACT,
        brand="nordlicht",
        editions=(
            edition("en", *said),
            edition("de", "Wir korrigieren Ihre Rechnung um {event.data.amount | number}: {event.data.reason}."),
        ),
        samples=(library.Sample(name="late reading", facts=FACTS),),
    )


def trigger(name: str = "tell-of-correction", **changed: object) -> library.Trigger:
    """A trigger of the business side."""
    given = situations.Trigger(
        name=name,
        communication="bill-corrected",
        event_type="bill.corrected",
        when="event.data.amount > 1.0",
        audience=situations.AudienceKind.SUBJECT,
    )
    return library.Trigger(name=name, title="Tell of a correction", trigger=msgspec.structs.replace(given, **changed))


def segment() -> library.Segment:
    """Customers that are meant."""
    return library.Segment(name="german", title="Who reads German", condition='party.language == "de"')


def policy(*rows: notices.CategoryPolicy) -> library.Policy:
    """A channel policy of three categories."""
    given = rows or (
        notices.CategoryPolicy(
            category="billing",
            legal_class=notices.LegalClass.CONTRACTUAL,
            routine_channels=(Channel.EMAIL, Channel.LETTER),
        ),
        notices.CategoryPolicy(
            category="safety",
            legal_class=notices.LegalClass.SAFETY,
            urgent_channels=(Channel.SMS, Channel.EMAIL, Channel.LETTER),
            at_once=2,
            urgent_from=2,
            routine_channels=(Channel.EMAIL, Channel.LETTER),
            breaks_quiet_hours_from=0,
            escalate_after_seconds=3600,
            review=("legal", "brand"),
        ),
        notices.CategoryPolicy(
            category="marketing",
            legal_class=notices.LegalClass.MARKETING,
            consent="marketing",
            routine_channels=(Channel.EMAIL,),
            frequency_cap=notices.FrequencyCap(count=2, within_seconds=2_592_000),
            has_unsubscribe=True,
        ),
    )
    return library.Policy(
        policy=notices.Policy(
            version="1",
            categories=given,
            quiet_hours=parties.QuietHours(start=dt.time(21), end=dt.time(8)),
            fallback_languages=("en",),
        )
    )


def shelf() -> Sequence[library.Item]:
    """Everything that the communication needs, and the business side's."""
    labels = manuscripts.Labels(
        page="Page {page} of {pages}",
        date="Date",
        unsubscribe="Unsubscribe",
        web_view="View in your browser",
        tones=("Note", "Advice", "Warning", "Danger"),
    )
    dress = manuscripts.Brand(
        name="Nordlicht",
        imprint=("Nordlicht AG, Hafenstraße 1, 24103 Kiel",),
        return_address="Nordlicht AG, Hafenstraße 1, 24103 Kiel",
        primary="#0b3a66",
        on_primary="#ffffff",
        website="https://nordlicht.example",
        telephone="+49 431 123456",
        country="DE",
    )
    contract = library.DataContract(
        name="bill.corrected",
        title="Bill corrected",
        facts=CONTRACT,
        event=events.Contract(type="bill.corrected", data_schema=EVENT),
    )
    return (
        library.Language(name="en", title="English", labels=labels),
        library.Language(name="de", title="Deutsch", labels=labels),
        library.Brand(name="nordlicht", title="Nordlicht", dress=dress),
        contract,
        disclaimer(),
        notice(),
        segment(),
        trigger(),
        policy(),
    )


def person(name: str) -> releasing.Person:
    """Somebody with their role."""
    return releasing.Person(name=name, roles=frozenset({STAFF[name]}))


def both(name: str) -> releasing.Person:
    """Somebody of both sides."""
    return releasing.Person(name=name, roles=frozenset({"author", "operations"}))


def made(answer: library.Release | releasing.Refused) -> library.Release:
    """The release, or the refusal as a failure."""
    assert isinstance(answer, library.Release), answer
    return answer


def live() -> library.Release:
    """The whole library, live."""
    for item in shelf():
        drafts.write(item, by="")
    release = made(releasing.propose(shelf(), by=both("eve"), title="The beginning"))
    made(releasing.submit(release.ref, by=both("eve"), is_checked=True))
    return made(releasing.approve(release.ref, by=person("bob")))


def proposed(*items: library.Item, title: str = "New words", by: str = "ann") -> library.Release:
    """A draft by an author."""
    return made(releasing.propose(items, by=both(by), title=title))


def in_review(*items: library.Item, title: str = "New words", by: str = "ann") -> library.Release:
    """A release that waits for its first step."""
    return made(releasing.submit(proposed(*items, title=title, by=by).ref, by=both(by), is_checked=True))


def staff() -> None:
    """Accounts for everybody."""
    for name, role in STAFF.items():
        access.make_staff(name, role=role, password=PASSWORD)


def logged_in(name: str) -> Client:
    """A browser of somebody."""
    browser = Client(SERVER_NAME="localhost")
    assert browser.login(username=name, password=PASSWORD)
    return browser


def plain(page: str) -> str:
    """The text of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.fixture
def people(database: object) -> None:
    """Accounts, and a live library."""
    del database
    staff()
    live()


@pytest.fixture
def console(database: object) -> Iterator[str]:
    """The address of the console on a web server."""
    del database
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler)
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()
