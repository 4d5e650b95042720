"""The pages of a release's blast radius: who sees what, what is asked for, one case side by side."""

import csv
import io

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.acts.test_replaying import opened, proposed, replayed, with_body, with_paragraph
from tests.path.world import World
from tests.web.test_console import facts, logged_in, rows

from signalpost.store import batch, replays
from signalpost.vocabulary import library


@pytest.fixture
def release(world: World) -> library.Release:
    world.storm()
    return proposed(with_body(opened(), with_paragraph("We are sorry.")))


def page(browser: Client, release: library.Release, more: str = "") -> HttpResponse:
    return browser.get(f"/console/blast-radius/{release.ref}/{more}")


def test_an_author_asks_sees_the_numbers_and_nobodys_name(world: World, release: library.Release) -> None:
    author = logged_in("author")
    assert "Not gone through yet" in page(author, release).text

    asked = author.post(f"/console/blast-radius/{release.ref}/start/", {"days": "30", "cases": "1000"})
    assert asked.status_code == 302
    (replay,) = replays.of_release(release.ref)
    assert (replay.asked_by, replay.cases_max, asked.headers["location"]) == (
        "author",
        1000,
        f"/console/blast-radius/{release.ref}/?replay={replay.ref}",
    )
    assert "Pause updates" in page(author, release).text
    world.drain()

    found = page(author, release).text
    assert "10 of 10 cases gone through" in found
    assert len(rows(found)) == 3
    assert "outage-opened" in rows(found)[0]
    assert not any("Dora" in row or "dora" in row for row in rows(found))
    assert f"/console/blast-radius/{release.ref}/{replay.ref}/cases/" not in found
    assert author.get(case_of(release, "dora")).status_code == 403


def case_of(release: library.Release, party: str) -> str:
    (replay,) = replays.of_release(release.ref)
    ((decision,),) = batch.fetch(
        "SELECT decision FROM replay_case WHERE replay_id = %s AND party = %s", [replay.ref, party], tuple[str]
    )
    return f"/console/blast-radius/{release.ref}/{replay.ref}/cases/{decision}/"


def test_a_case_is_seen_side_by_side_as_text_and_pages_and_that_is_in_the_log(
    world: World, release: library.Release
) -> None:
    replayed(world, release)
    operations = logged_in("operations")

    found = page(operations, release, "?aspect=text").text
    assert case_of(release, "dora") in found
    shown = operations.get(case_of(release, "dora")).text

    assert "<ins>We are sorry.</ins>" in shown
    assert shown.count('src="data:image/webp;base64,') == 2
    assert "1 pages before, 1 with the release" in shown
    assert [fact["by"] for fact in facts("document_read") if "replay" in fact] == ["staff:operations"]


def test_the_list_is_filtered_and_exported(world: World, release: library.Release) -> None:
    replayed(world, release)
    operations = logged_in("operations")
    assert len(rows(page(operations, release, "?verdict=different").text)) == 3
    assert rows(page(operations, release, "?verdict=gone").text) == []
    answer = page(operations, release, "?format=csv")
    text = b"".join(answer).decode("utf-8-sig")  # pyright: ignore[reportUnknownArgumentType] - a stream of bytes
    assert len(list(csv.DictReader(io.StringIO(text)))) == 3


def test_a_replay_is_followed_and_cancelled(world: World, release: library.Release) -> None:
    author = logged_in("author")
    author.post(f"/console/blast-radius/{release.ref}/start/", {"days": "7", "cases": "10000"})
    (replay,) = replays.of_release(release.ref)
    now = author.get(f"/console/blast-radius/{release.ref}/{replay.ref}/now/").json()
    assert "waiting" in now["parts"]["progress"]

    author.post(f"/console/blast-radius/{release.ref}/{replay.ref}/cancel/")
    world.drain()

    assert "cancelled" in page(author, release).text
    again = author.post(f"/console/blast-radius/{release.ref}/{replay.ref}/cancel/", follow=True)
    assert "over already" in again.text


def test_who_neither_writes_nor_approves_sees_the_numbers_and_begins_nothing(
    world: World, release: library.Release
) -> None:
    replayed(world, release)
    agent = logged_in("agent")
    (replay,) = replays.of_release(release.ref)
    base = f"/console/blast-radius/{release.ref}"
    assert f"{base}/start/" not in page(agent, release).text
    assert agent.get(f"{base}/{replay.ref}/now/").status_code == 200
    assert agent.post(f"{base}/start/").status_code == 403
    assert agent.post(f"{base}/{replay.ref}/cancel/").status_code == 403


def test_what_is_not_there_is_said(world: World, release: library.Release) -> None:
    replayed(world, release)
    operations = logged_in("operations")
    assert operations.get("/console/blast-radius/nothing/").status_code == 404
    assert operations.get(f"/console/blast-radius/{release.ref}/nothing/now/").status_code == 404
    (replay,) = replays.of_release(release.ref)
    assert operations.get(f"/console/blast-radius/{release.ref}/{replay.ref}/cases/nothing/").status_code == 404
    assert operations.get(f"/console/blast-radius/other/{replay.ref}/now/").status_code == 404
