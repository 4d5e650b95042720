"""Letters to write, in the console: the list, the page, and what an agent is told when words are not taken."""

import pytest
from django.test import Client
from tests.path.world import World
from tests.path.writing import CONTRACT, OWN, goes_live, interactive
from tests.web.test_console import logged_in, rows

from signalpost.acts import writing
from signalpost.store import batch
from signalpost.store.seen import asked


@pytest.fixture
def letter(world: World) -> str:
    goes_live([interactive()])
    world.event("contract.changed", "A-dora-M-05", CONTRACT)
    (found,) = writing.waiting(asked.Asked(chosen={"type": "", "waiting": ""}))
    return found.ref


@pytest.fixture
def agent(letter: str) -> Client:
    del letter
    return logged_in("agent")


def test_an_agent_finds_writes_sees_and_releases_a_letter(world: World, letter: str, agent: Client) -> None:
    (row,) = rows(agent.get("/console/letters/").text)
    assert "Dora Adler" in row
    address = f"/console/letters/{letter}/"
    shown = agent.get(address).text
    assert OWN in shown
    assert 'src="data:image/jpeg;base64,' in shown

    seen = agent.post(address, {"version": "0", "region-answer": "Fitted today.", "act": "preview"})
    assert "Fitted today." in seen.text
    assert writing.look(letter).kept.version == 0
    assert agent.post(address, {"version": "0", "region-answer": "Fitted today.", "act": "save"}).status_code == 302
    assert "Written by agent" in agent.get(address).text
    words = {"version": "1", "region-answer": "Fitted today."}
    asked_first = agent.post(address, words | {"act": "release"}).text
    assert "Release the letter as it is shown?" in asked_first
    assert writing.look(letter).is_waiting
    done = agent.post(address, words | {"act": "confirmed"}, follow=True)
    assert "Released" in done.text
    world.drain()

    assert world.told("contract-change-confirmed") == {"dora": "letter"}
    page = agent.get(f"/console/communications/{letter}/").text
    assert "Written by agents" in page
    assert "Fitted today." in page
    assert "No letter waits" in agent.get("/console/letters/").text
    assert "waits for no words any more" in agent.get(address).text


def test_words_that_were_not_saved_are_not_lost(letter: str, agent: Client) -> None:
    address = f"/console/letters/{letter}/"
    other = logged_in("operations")
    agent.get(address)
    assert "agent has this letter open" in other.get(address).text

    refused = other.post(address, {"version": "0", "region-answer": "My own words.", "act": "save"}).text
    assert "Not saved: agent has this letter open" in refused
    assert "My own words." in refused

    agent.post(address, {"version": "0", "region-answer": "First.", "act": "save"})
    stale = agent.post(address, {"version": "0", "region-answer": "Second.", "act": "save"}).text
    assert "somebody saved this letter after you opened it" in stale
    assert "Second." in stale
    assert "First." in stale
    assert 'name="version" value="1"' in stale


def test_a_letter_that_waits_too_long_is_shown_first(letter: str, agent: Client) -> None:
    batch.run("UPDATE decision SET decided_at = decided_at - interval '30 hours' WHERE ref = %s", [letter])
    page = agent.get("/console/letters/").text
    assert "1 letter waits too long" in page
    assert len(rows(agent.get("/console/letters/?waiting=late").text)) == 1


def test_letters_are_for_those_who_write_them(letter: str) -> None:
    author = logged_in("author")
    assert author.get("/console/letters/").status_code == 403
    assert author.get(f"/console/letters/{letter}/").status_code == 403
    assert author.post(f"/console/letters/{letter}/", {"act": "confirmed"}).status_code == 403
    assert writing.look(letter).is_waiting


def test_what_is_no_letter_is_said(letter: str, agent: Client) -> None:
    del letter
    assert agent.get("/console/letters/nothing/").status_code == 404
    assert agent.post("/console/letters/nothing/", {"act": "save"}).status_code == 404
