"""Hostile input: refused with a clear problem, or its text stands literally in what people get; nothing is lost."""

import random
import re
import urllib.parse
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias, cast

import pytest
from django.test import Client
from tests.engines import conformance, mail
from tests.faults.plugin import Tried
from tests.flow import composing
from tests.path.world import World
from tests.web import hostile
from tests.web.test_api import Caller
from tests.web.test_preferences import PATCH, Desk

from signalpost.acts import links
from signalpost.engines import email, text
from signalpost.engines.pdf import dress, fitting, glyphs, pool, sheets
from signalpost.flow import compose
from signalpost.vocabulary import manuscripts, parties, records

SEED = 20260203
#: Hostile inputs, in `make test` and in `make faults`: bodies of events, further requests, texts laid out.
QUICK = (500, 500, 1000)
LONG = (30_000, 20_000, 50_000)
#: What a refusal of an event may be.
REFUSED = {400, 409, 413, 415, 422}


#: An answer of the test client, which adds to Django's what types do not know.
Answer: TypeAlias = Any


def is_problem(answer: Answer) -> bool:
    """Whether a refusal says what is wrong, in the form of RFC 9457."""
    if answer.headers["content-type"] != "application/problem+json":
        return False
    problem = records.decode(answer.content, dict[str, object])
    return (
        str(problem["type"]).startswith("urn:signalpost:problem:")
        and problem["status"] == answer.status_code
        and all(problem[name] for name in ("title", "detail"))
    )


def post_events(world: World, count: int, tried: Tried) -> None:
    rng = random.Random(SEED)
    caller = Caller("events:write")
    accepted = refused = 0
    said: dict[str, str] = {}
    for number in range(count):
        given = hostile.post(rng, number)
        headers = {"ce_id": f"c-{number}", "ce_source": "hostile", "ce_type": "billing.closed", "ce_specversion": "1.0"}
        answer = caller.post(given.body, given.kind, **(headers if given.kind == hostile.JSON else {}))
        assert answer.status_code in {202, 207} | REFUSED, (number, given)
        content = answer.json()
        accepted += content.get("accepted", 0)
        refused += len(content.get("refused", []))
        if answer.status_code == 202:
            if given.bill and content["accepted"]:
                said[given.bill[: hostile.NAME_CHARACTERS]] = given.bill
        else:
            assert is_problem(answer), (number, given, content)
    tried("hostile inputs", count)

    assert world.rows("SELECT count(*) FROM body", tuple[int]) == [(count,)]
    assert world.rows("SELECT count(*) FROM event", tuple[int]) == [(accepted,)]
    assert world.rows("SELECT count(*) FROM quarantine WHERE state = 'open'", tuple[int]) == [(refused,)]
    assert len(said) > count // 50
    world.drain()
    assert world.rows("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'", tuple[int]) == [(0,)]
    mails = list(read_mails(world))
    found = {key: text for text in mails for key in re.findall("H[0-9]{5}H", text)}
    wrong = {key: (bill, found.get(key, "")) for key, bill in said.items() if shown(bill) not in found.get(key, "")}
    assert wrong == {}


def read_mails(world: World) -> Iterator[str]:
    """What a reader sees of the HTML of each e-mail that left."""
    for sent in world.email.sent:
        rendered = manuscripts.Rendition(
            ref=sent.ref, channel=parties.ChannelKind.EMAIL, media_type=sent.media_type, content=sent.content
        )
        seen = mail.Mail(rendered).page.text
        yield shown(seen)


def shown(said: str) -> str:
    """What a reader sees of a text: without controls and spaces."""
    return conformance.essence("".join(one for one in said if one not in UNPRINTED))


UNPRINTED = {
    chr(code)
    for first, last in (
        *((0x202A, 0x202E), (0x2066, 0x2069), (0x200E, 0x200F), (0x061C, 0x061C)),
        *((0x00, 0x1F), (0x7F, 0x9F), (0x2028, 0x2029), (0xD800, 0xDFFF)),
    )
    for code in range(first, last + 1)
}


def ask_everything_else(world: World, count: int, tried: Tried) -> None:
    rng = random.Random(SEED + 1)
    desk, shop = Desk("preferences:read", "preferences:write"), Caller("status:write")
    world.storm()
    token = links.token(world.message_to("ida", "outage-opened").communication)
    browser = Client(SERVER_NAME="localhost", raise_request_exception=False)
    before = prefer_of(desk)

    def patch() -> Answer:
        field = rng.choice(["language", "categories", "contact_points", "delivery_address", "consents", "is_paperless"])
        said = hostile.text(rng)
        value = rng.choice(
            [
                said,
                {said: said},
                {said: {said: said}},
                {"x": {"channel": "email", "address": said}},
                [said],
                {"lines": [said]},
            ]
        )
        whole = rng.choice([hostile.junk(rng), records.canonical({field: value}), records.canonical({said: value})])
        return desk.patch("ada", whole, rng.choice([PATCH, PATCH, "application/json", "text/plain"]))

    def report() -> Answer:
        said = hostile.text(rng)
        row = {
            "delivery": said,
            "batch": said,
            "status": rng.choice(["posted", said]),
            "at": rng.choice(_TIMES),
            "detail": said,
        }
        csv = ",".join(row) + "\n" + ",".join(str(value) for value in row.values())
        body = rng.choice([hostile.junk(rng), records.canonical([row]), records.canonical(row), csv.encode()])
        key = "".join(one for one in hostile.text(rng) if one.isascii() and one.isprintable())
        return shop.post(body, rng.choice(["application/json", "text/csv"]), "/api/print-status", idempotency_key=key)

    def grant() -> Answer:
        said = urllib.parse.quote(hostile.text(rng).encode("utf-8", "replace"))
        body = rng.choice([f"grant_type={said}", f"grant_type=client_credentials&client_id={said}&scope={said}", said])
        kind = rng.choice(["application/x-www-form-urlencoded", "application/x-www-form-urlencoded;charset=x", "a/b"])
        return browser.post("/api/token", body, content_type=kind, headers={"authorization": f"Basic {said[:60]}"})

    def open_link() -> Answer:
        said = urllib.parse.quote(hostile.text(rng).encode("utf-8", "replace"), safe="")
        kind = rng.choice(list(links.PATHS.values()))
        return browser.get(f"/{kind}/{rng.choice([said, token[:20] + said, said + token])}")

    def choose() -> Answer:
        said = hostile.text(rng)
        form = {
            "language": said,
            "is_paperless": said,
            f"{said}.may": said,
            "billing.may": ["email", "letter"],
            "billing.first": said,
        }
        return browser.post(f"/p/{token}", form)

    def look_up() -> Answer:
        return desk.get(urllib.parse.quote(hostile.text(rng).encode("utf-8", "replace"), safe=""))

    asks: list[Callable[[], Answer]] = [patch, patch, report, report, grant, open_link, choose, look_up]
    for number in range(count):
        answer = rng.choice(asks)()
        assert answer.status_code < 500, (number, answer.content[:300])
        path = str(answer.request["PATH_INFO"])
        is_ours = path.startswith("/api/") and path != "/api/token"
        assert answer.status_code < 400 or not is_ours or is_problem(answer), (path, answer.content)
    tried("hostile inputs", count)
    after = prefer_of(desk)
    assert (after["language"], after["consents"]) == (before["language"], before["consents"])
    assert {way["channel"] for way in after["contact_points"].values()} <= {"sms", "email"}


_TIMES = (
    "2026-02-04T10:00:00Z",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "2026-02-04",
    "0324-11-27T18:26:31-18:28",
)


def prefer_of(desk: Desk) -> dict[str, dict[str, dict[str, object]]]:
    found: dict[str, dict[str, dict[str, object]]] = desk.get("ada").json()
    return found


def lay_out(count: int, tried: Tried) -> None:
    """Texts through the manuscript into e-mail, SMS and what the layout of letters is given."""
    rng = random.Random(SEED + 2)
    template = composing.approved(
        composing.content(
            "[{type: heading, level: 1, text: 'H {incident.area_name}'},"
            " {type: paragraph, text: 'In **{incident.area_name}**.'}]",
            title="{incident.area_name}",
            subject="{incident.area_name}",
            sms="{incident.area_name}",
        )
    )
    notice = composing.notice(template)
    wardrobe = fitting.Wardrobe("din5008", glyphs.fonts(glyphs.FURTHER_FOLDERS))
    mails, sms = email.Email(dict[str, bytes]().get), text.Sms()
    for _ in range(count):
        said = f"x{hostile.text(rng)}"
        facts = composing.with_facts(incident={"area_name": said})
        made = compose.compose(notice, template, facts)
        assert isinstance(made, manuscripts.Manuscript), (said, made)
        wanted = shown(said)
        assert wanted in shown(str(records.decode(records.canonical(made.title), str)))
        (rendered,) = mails.render([made])
        page = mail.Mail(rendered).page
        assert wanted in shown(page.text), said
        assert (page.of("script"), page.of("mj-raw")) == ([], [])
        (short,) = sms.render([made])
        if isinstance(short, manuscripts.Rendition):
            assert wanted in shown(short.content.decode())
        sheet = dress.dress(made, wardrobe, assets=(), rows_max=pool.Limits().rows)
        if isinstance(sheet, sheets.Sheet):
            assert wanted in shown("".join(words(records.decode(records.canonical(sheet.blocks), list[object]))))
    tried("hostile inputs", count)


def words(value: object) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in cast("dict[str, object]", value).values():
            yield from words(inner)
    elif isinstance(value, list):
        for inner in cast("list[object]", value):
            yield from words(inner)


def test_hostile_events_are_refused_clearly_or_come_out_literally(world: World, tried: Tried):
    post_events(world, QUICK[0], tried)


def test_hostile_requests_break_nothing(world: World, tried: Tried):
    ask_everything_else(world, QUICK[1], tried)


def test_hostile_texts_are_laid_out_literally(tried: Tried):
    lay_out(QUICK[2], tried)


@pytest.mark.faults
@pytest.mark.timeout(3600)
def test_many_hostile_events_are_refused_clearly_or_come_out_literally(world: World, tried: Tried):
    post_events(world, LONG[0], tried)


@pytest.mark.faults
@pytest.mark.timeout(3600)
def test_many_hostile_requests_break_nothing(world: World, tried: Tried):
    ask_everything_else(world, LONG[1], tried)


@pytest.mark.faults
@pytest.mark.timeout(3600)
def test_many_hostile_texts_are_laid_out_literally(tried: Tried):
    lay_out(LONG[2], tried)
