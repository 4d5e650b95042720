"""The console: its lists and pages, who may open them, what they change, and what they leave in the log."""

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Mapping

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client, override_settings
from procrastinate.contrib.django import app
from tests.path import world as town
from tests.path.test_crashes import crash_at
from tests.path.test_documents import bill
from tests.path.world import World

from signalpost.acts import access, operate
from signalpost.govern import staff as rights
from signalpost.store import batch, bells, traffic
from signalpost.vocabulary import events
from signalpost.vocabulary import traffic as nouns
from signalpost.work import runner

PASSWORD = "pass-1234-word"


def logged_in(role: str) -> Client:
    access.make_staff(role, role=role, password=PASSWORD)
    browser = Client(SERVER_NAME="localhost")
    assert browser.login(username=role, password=PASSWORD)
    return browser


@pytest.fixture(autouse=True)
def forget_what_was_shown(configured: object) -> None:
    del configured
    cache.clear()


@pytest.fixture
def staff(world: World) -> Client:
    del world
    return logged_in("operations")


def rows(page: str) -> list[str]:
    """The rows of a page's table, as text."""
    body = re.search(r"<tbody>(.*?)</tbody>", page, re.DOTALL)
    if body is None:
        return []
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in body[1].split("</tr>")[:-1]]


def exported(answer: HttpResponse) -> list[dict[str, str]]:
    text = b"".join(answer).decode("utf-8-sig")  # pyright: ignore[reportUnknownArgumentType] - a stream of bytes
    return list(csv.DictReader(io.StringIO(text)))


def facts(kind: str) -> list[Mapping[str, str]]:
    found = batch.fetch("SELECT body FROM log_fact WHERE kind = %s ORDER BY id", [kind], tuple[str])
    return [json.loads(body) for (body,) in found]


# Who may.


def test_the_console_needs_a_login(world: World):
    ref = world.storm()

    for path in ("/console/", "/console/communications/", f"/console/incidents/{ref}/", "/console/numbers/"):
        answer = Client(SERVER_NAME="localhost").get(path)
        assert (answer.status_code, path) == (302, path)
        assert answer.headers["location"].startswith("/console/login/")


@pytest.mark.parametrize("role", list(rights.Role))
@pytest.mark.usefixtures("world")
def test_a_role_opens_the_lists_it_has_a_right_to_and_sees_only_those_in_its_menu(role: rights.Role):
    from signalpost.web.console import urls  # noqa: PLC0415 - Django is set up by now

    browser = logged_in(role)
    lists = {page.name: page for page in urls.PAGES if "<" not in page.route and not page.given}

    answers = {name: browser.get(f"/console/{page.route}").status_code for name, page in lists.items()}

    allowed = {name for name, page in lists.items() if page.right in rights.ROLE_RIGHTS[role]}
    assert answers == {name: 200 if name in allowed else 403 for name in lists}
    menu = browser.get("/console/").text
    shown = {name for name, page in lists.items() if f'"url": "/console/{page.route}"' in menu}
    assert shown == allowed - {"overview_numbers"}


@pytest.mark.usefixtures("world")
def test_an_auditor_reads_and_changes_nothing():
    auditor = logged_in("auditor")

    assert auditor.post("/console/channels/channel:sms/switch/").status_code == 403
    assert auditor.post("/console/quarantine/replay/", {"number": "1"}).status_code == 403
    assert auditor.post("/console/dead-letters/redrive/", {"number": "1"}).status_code == 403
    assert batch.fetch("SELECT count(*) FROM switch", [], tuple[int]) == [(0,)]


@pytest.mark.usefixtures("world")
def test_a_role_has_its_rights_and_no_others_after_they_were_made_again():
    from django.contrib.auth.models import Group, Permission  # noqa: PLC0415 - Django is set up by now

    agents = Group.objects.get(name="agent")
    agents.permissions.add(Permission.objects.get(codename="pause"))

    access.make_roles()

    held = {permission.codename for permission in agents.permissions.all()}
    assert held == {"see", "read_customers", "write_letters", "access_admin"}


# The overview.


def test_the_overview_counts_what_waits_flows_and_fails(world: World, staff: Client):
    world.meters_say("LG", town.METERS)
    before = staff.get("/console/numbers/").json()
    again = staff.get("/console/numbers/").json()
    world.drain()
    world.event("no.such", "A-ada-M-01", {})
    cache.clear()
    after = staff.get("/console/numbers/").json()

    assert (before["numbers"]["assess.waiting"], before["states"]["assess"]) == ("10", "busy")
    assert again == before
    assert after["numbers"]["assess.waiting"] == "0"
    assert after["numbers"]["accept.hour"] == "10"
    assert after["numbers"]["choose.minute"] == str(len(town.TOLD) + len(town.WITHHELD))
    assert after["numbers"]["deliver.hour"] == str(len(town.TOLD))
    assert (after["numbers"]["quarantined"], after["shown"]["quarantined"], after["states"]["accept"]) == (
        "1",
        True,
        "bad",
    )
    assert after["summary"] == "1 open incidents. Failures at: accept."
    assert "Harbour Quarter" in after["parts"]["incidents"]
    assert "5 accepted" in after["parts"]["channels"]


def test_every_stage_is_on_the_overview_in_the_order_of_travel(staff: Client):
    page = staff.get("/console/").text

    stages = re.findall(r'data-stage="(\w+)"', page)
    assert stages == sorted(stages)
    assert len(stages) == 8


# Lists.


def test_incidents_are_listed_with_members_and_households_told(world: World, staff: Client):
    world.storm()

    (row,) = rows(staff.get("/console/incidents/").text)

    assert "Harbour Quarter" in row
    assert "power loss" in row
    assert row.endswith(f"{len(town.METERS)} {len(town.METERS)} {len(town.TOLD)}")
    assert rows(staff.get("/console/incidents/", {"state": "resolved"}).text) == []
    assert "Nothing fits" in staff.get("/console/incidents/", {"q": "nowhere"}).text
    assert len(rows(staff.get("/console/incidents/", {"q": "harbour", "state": "going_on"}).text)) == 1


def test_alarms_are_filtered_searched_and_sorted(world: World, staff: Client):
    world.storm()

    by_time = rows(staff.get("/console/alarms/", {"sort": "raised_at", "state": "open"}).text)
    one = rows(staff.get("/console/alarms/", {"q": "M-03"}).text)

    assert len(by_time) == len(town.METERS)
    assert len(one) == 1
    assert "M-03" in one[0]
    assert rows(staff.get("/console/alarms/", {"state": "cleared"}).text) == []


def test_communications_are_found_by_party_name_address_and_incident(world: World, staff: Client):
    incident = world.storm()

    def found(**asked: str) -> int:
        return len(rows(staff.get("/console/communications/", asked).text))

    everybody = len(town.TOLD) + len(town.WITHHELD)
    assert found() == everybody
    assert found(q=incident) == everybody
    assert found(q="ada") == found(q="Ada Adl") == found(q=town.PHONES["ada"]) == 1
    assert found(q="%") == found(q="a_a") == 0
    assert found(outcome="withheld") == len(town.WITHHELD)
    assert found(outcome="withheld", reason="barred") == 1
    assert found(type="outage-opened", outcome="notice") == len(town.TOLD)
    assert found(outcome="failed") == found(outcome="unclear") == found(outcome="incomplete") == 0
    assert found(q="ada", outcome="failed") == found(q="ada", outcome="withheld") == 0


def test_sorting_turns_the_order_and_a_column_says_so(world: World, staff: Client):
    world.storm()

    down = staff.get("/console/communications/", {"sort": "-party"}).text
    up = staff.get("/console/communications/", {"sort": "party"}).text

    assert rows(down) == rows(up)[::-1]
    assert 'aria-sort="descending"' in down
    assert 'aria-sort="ascending"' in up


def test_a_long_list_has_pages(world: World, staff: Client):
    for number in range(120):
        world.event("no.such", "x", {}, name=f"e-{number:03d}", drains=False)

    first = staff.get("/console/quarantine/").text
    last = staff.get("/console/quarantine/", {"p": "3"}).text

    assert (len(rows(first)), len(rows(last))) == (50, 20)
    assert "?p=2" in first
    assert 'rel="next"' not in last
    for odd in ("0", "-1", "x", "9" * 30, "\u0665"):
        assert staff.get("/console/quarantine/", {"p": odd}).status_code == 200


def test_a_list_is_exported_as_it_is_filtered_and_the_log_knows_who_took_it(world: World, staff: Client):
    world.storm()

    answer = staff.get("/console/communications/", {"format": "csv", "outcome": "withheld"})
    table = exported(answer)

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert {row["party"].split()[0] for row in table} == set(town.WITHHELD)
    assert dt.datetime.fromisoformat(table[0]["decided_at"]).tzinfo is not None
    assert facts("staff_acted")[-1] == {"act": "export communications", "by": "operations", "reason": ""}
    assert logged_in("agent").get("/console/communications/", {"format": "csv"}).status_code == 403


def test_an_exported_cell_is_never_a_formula(world: World, staff: Client):
    world.event("no.such", "x", {}, name="=HYPERLINK(1)")

    (row,) = exported(staff.get("/console/quarantine/", {"format": "csv"}))

    assert row["got"] in {"no.such", "'no.such"}
    assert not any(value.startswith(("=", "+", "-", "@")) for value in row.values())


@pytest.mark.parametrize(
    "path", ["incidents", "alarms", "communications", "quarantine", "dead-letters"], ids=lambda path: path
)
def test_an_empty_list_teaches_what_will_appear_there(staff: Client, path: str):
    page = staff.get(f"/console/{path}/").text

    assert 'class="sp-empty"' in page
    assert "Nothing fits" not in page
    for hostile in ("'; DROP TABLE event; --", "a\x00b", "<script>", "\U0001f600" * 300):
        answer = staff.get(f"/console/{path}/", {"q": hostile, "sort": hostile, "state": hostile})
        assert answer.status_code == 200
        assert "<script>" not in answer.text.split("sp-page", 1)[1].split("sp-foot", 1)[0]


# One incident.


def test_an_incident_shows_its_timeline_and_who_was_told_or_not(world: World, staff: Client):
    ref = world.storm()
    world.estimate(ref, 2)
    world.power_is_back()

    page = staff.get(f"/console/incidents/{ref}/").text

    assert "10 alarms: power loss" in page
    assert "Estimate 1" in page
    assert f"{len(town.TOLD)} households told" in page
    for reason in town.WITHHELD.values():
        assert f"1 not told: {reason.replace('_', ' ')}" in page
    assert page.index("10 alarms") < page.index("Change 1, opened") < page.index("Estimate 1")
    assert staff.get("/console/incidents/nothing/").status_code == 404


@pytest.mark.usefixtures("configured")
def test_a_hull_holds_every_point():
    from signalpost.web.console import maps  # noqa: PLC0415 - Django is set up by now

    points = [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0), (1.0, 1.0), (1.0, 0.0)]

    assert maps.hull(points) == [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)]
    assert maps.hull([(1.0, 1.0)]) == [(1.0, 1.0)]


# One communication.


def test_a_decision_shows_its_reasons_in_sentences(world: World, staff: Client):
    world.storm()
    told = world.message_to("fay", "outage-opened").communication
    ((ben,),) = batch.fetch("SELECT ref FROM decision WHERE party = 'ben'", [], tuple[str])

    why = staff.get(f"/console/communications/{told}/").text
    why_not = staff.get(f"/console/communications/{ben}/").text

    assert "It was considered because an incident began (trigger “tell-of-outage”)." in why
    assert "By sms first" in why
    assert "accepted" in why
    assert "Somebody else of the household was told" in why_not
    assert "bea is told instead" in why_not
    assert staff.get("/console/communications/nobody/").status_code == 404


def test_an_sms_is_shown_with_its_segments_and_the_look_is_in_the_log(world: World, staff: Client):
    world.storm()
    sent = world.message_to("fay", "outage-opened")

    page = staff.get(f"/console/communications/{sent.communication}/").text

    assert page.count('class="sp-bubble"') == sent.pages
    assert f"{sent.pages} segments" in page
    (read,) = facts("document_read")
    assert read["by"] == "staff:operations"
    assert len(read["document"]) == 64


def test_an_email_is_shown_so_that_nothing_in_it_runs_or_fetches(world: World, staff: Client):
    world.storm()
    sent = world.message_to("cem", "outage-opened")

    page = staff.get(f"/console/communications/{sent.communication}/").text
    mail = staff.get(f"/console/communications/{sent.communication}/documents/{sent.ref}/mail/")

    assert '<iframe sandbox=""' in page
    assert mail.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert "cid:" not in mail.text
    assert "Stromausfall" in mail.text
    assert len(facts("document_read")) == 2


def test_a_letters_pages_are_pictures_and_its_file_is_what_was_kept(world: World, staff: Client):
    world.event("billing.closed", "A-dora-M-05", bill())
    (sent,) = world.letter.sent
    base = f"/console/communications/{sent.communication}/documents/{sent.ref}"

    first = staff.get(f"{base}/pages/1/")
    file = staff.get(f"{base}/file/")

    assert first.content.startswith(b"\x89PNG")
    assert staff.get(f"{base}/pages/99/").status_code == 404
    assert file.content == sent.content
    assert f"{base}/pages/1/" in staff.get(f"/console/communications/{sent.communication}/").text
    assert staff.get(f"{base}/mail/").status_code == 404
    assert staff.get("/console/communications/other/documents/nothing/file/").status_code == 404


def test_a_document_that_is_gone_is_said_to_be_missing(world: World, staff: Client):
    world.storm()
    sent = world.message_to("fay", "outage-opened")
    world.change("UPDATE document SET pack = repeat('0', 64)")

    page = staff.get(f"/console/communications/{sent.communication}/")
    file = staff.get(f"/console/communications/{sent.communication}/documents/{sent.ref}/file/")

    assert page.status_code == 200
    assert "The archive does not have this document" in page.text
    assert (file.status_code, "signalpost verify" in file.text) == (410, True)
    assert str(world.parts.settings.folder()) not in page.text + file.text
    world.forget()


# Steering.


def test_a_channel_is_paused_after_it_was_asked_and_goes_on_again(world: World, staff: Client):
    address = "/console/channels/channel:sms/switch/"
    with override_settings(SIGNALPOST_CHANNELS=lambda: ("sms",)):
        asked = staff.get(address).text
        staff.post(address, {"reason": "relay is moved"})
        paused = staff.get("/console/channels/").text
        world.storm()
        waiting = world.sms.sent.copy()
        staff.post(address)

    assert "Nothing leaves by sms until somebody resumes it" in asked
    assert "relay is moved" in paused
    assert "by operations" in paused
    assert waiting == []
    world.drain()
    assert world.sms.sent
    assert [fact["act"] for fact in facts("staff_acted")[-2:]] == ["pause channel:sms", "resume channel:sms"]
    assert staff.get("/console/channels/channel:none/switch/").status_code == 404


def test_lanes_can_be_paused_too(staff: Client):
    staff.post("/console/channels/lane:bulk/switch/", {"reason": ""})

    assert batch.fetch("SELECT name, paused_by FROM switch", [], tuple[str, str]) == [("lane:bulk", "operations")]


def test_a_refusal_shows_its_body_and_is_replayed_after_asking(world: World, staff: Client):
    world.event("no.such", "x", {"note": "<b>&"}, name="e-1")
    ((number,),) = batch.fetch("SELECT id FROM quarantine", [], tuple[int])

    page = staff.get(f"/console/quarantine/{number}/").text
    asked = staff.post("/console/quarantine/replay/", {"number": str(number)})
    untouched = batch.fetch("SELECT state FROM quarantine", [], tuple[str])
    done = staff.post("/console/quarantine/replay/", {"number": str(number), "confirmed": "yes"}, follow=True)

    assert "&lt;b&gt;&amp;" in page
    assert "accepted again, as it came" in asked.text
    assert untouched == [("open",)]
    assert f"{number} is still refused: unknown type" in done.text
    assert ("replayed",) in batch.fetch("SELECT state FROM quarantine", [], tuple[str])
    assert staff.get("/console/quarantine/999/").status_code == 404


def test_several_refusals_are_discarded_at_once(world: World, staff: Client):
    for name in ("e-1", "e-2", "e-3"):
        world.event("no.such", "x", {}, name=name, drains=False)
    numbers = [str(row.id) for row in operate.quarantined()]

    staff.post("/console/quarantine/discard/", {"number": numbers[:2], "confirmed": "yes"})
    again = staff.post("/console/quarantine/discard/", {"number": numbers[:1], "confirmed": "yes"}, follow=True)

    assert len(rows(staff.get("/console/quarantine/").text)) == 1
    assert len(rows(staff.get("/console/quarantine/", {"state": "discarded"}).text)) == 2
    assert "is settled already" in again.text


def test_nothing_selected_changes_nothing(staff: Client):
    answer = staff.post("/console/quarantine/replay/", {"number": ["x", "-1", "9" * 40]}, follow=True)

    assert "Nothing was selected." in answer.text


@pytest.mark.parametrize(
    ("act", "state"), [("delivered", "delivered"), ("failed", "failed"), ("resend", "accepted")], ids=lambda one: one
)
def test_an_unclear_delivery_is_settled_after_asking(world: World, staff: Client, act: str, state: str):
    world.event("billing.closed", "A-cem-M-04", bill(), drains=False)
    crash_at(world, "deliver:sent")
    world.restart()
    world.sender_is_missed()
    world.later(901)
    world.drain()
    ((ref,),) = batch.fetch("SELECT ref FROM delivery WHERE state = 'unclear'", [], tuple[str])

    listed = rows(staff.get("/console/unclear/").text)
    asked = staff.post(f"/console/unclear/{act}/", {"number": ref})
    untouched = rows(staff.get("/console/unclear/").text)
    staff.post(f"/console/unclear/{act}/", {"number": ref, "confirmed": "yes"})
    world.drain()
    again = staff.post(f"/console/unclear/{act}/", {"number": ref, "confirmed": "yes"}, follow=True)

    assert [ref in row for row in listed] == [True]
    assert ref in asked.text
    assert untouched == listed
    assert batch.fetch("SELECT state FROM delivery WHERE ref = %s", [ref], tuple[str]) == [(state,)]
    assert f"{ref} is not unclear any more" in again.text
    assert "Nothing is unclear" in staff.get("/console/unclear/").text


def test_the_channels_page_shows_how_providers_fare(world: World, staff: Client):
    known = traffic.Traffic()
    known.note(nouns.Provider(via="email", name="first:25", rank=0), problem="connection refused")
    known.note(nouns.Provider(via="email", name="second:25", rank=1, failures=1), problem="")

    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", staff.get("/console/channels/").text))
    world.change("DELETE FROM provider")

    assert re.search(r"first:25 email rests until [^,]+, failed 1 times in a row .*connection refused", page)
    assert re.search(r"second:25 email well", page)


def test_a_dead_letter_is_put_back_after_asking(world: World, staff: Client):
    bells.ring("keep", events.Lane.NORMAL)
    world.change("UPDATE procrastinate_jobs SET status = 'failed'")
    ((number,),) = batch.fetch("SELECT id FROM procrastinate_jobs", [], tuple[int])

    listed = rows(staff.get("/console/dead-letters/", {"step": "keep", "lane": "normal"}).text)
    staff.post("/console/dead-letters/redrive/", {"number": str(number)})
    asked = len(runner.dead_letters(app))
    staff.post("/console/dead-letters/redrive/", {"number": str(number), "confirmed": "yes"})
    again = staff.post("/console/dead-letters/redrive/", {"number": "99", "confirmed": "yes"}, follow=True)

    assert len(listed) == 1
    assert "keep" in listed[0]
    assert rows(staff.get("/console/dead-letters/", {"step": "report"}).text) == []
    assert asked == 1
    assert runner.dead_letters(app) == []
    assert facts("staff_acted")[-1]["act"] == f"redrive {number}"
    assert "99 is no dead letter any more" in again.text


def test_no_page_names_the_framework_it_is_built_on(world: World, staff: Client):
    ref = world.storm()

    for path in ("", "incidents/", f"incidents/{ref}/", "communications/", "nothing/", "account/", "second-factor/"):
        text = staff.get(f"/console/{path}").text
        visible = re.sub(r"<script.*?</script>|<[^>]+>", " ", text, flags=re.DOTALL)
        assert "Wagtail" not in visible, path
        assert "Signalpost</title>" in text.replace("\n", ""), path
