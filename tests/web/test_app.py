"""The short way for events: what the web server runs answers as Django does, and a revoked token ends."""

import datetime as dt
import io
import json
import threading
import time
from collections.abc import Callable
from typing import cast
from wsgiref import types as wsgi

import msgspec
import psycopg
import pytest
from django import db
from django.http import HttpResponse
from django.test import RequestFactory
from tests.faults.test_leases import database_url
from tests.path.world import World
from tests.web.test_api import STRUCTURED, Caller, event, stored

from signalpost.acts import request, together
from signalpost.store import batch
from signalpost.vocabulary import events, records
from signalpost.web import app

Answer = tuple[int, dict[str, str], bytes]


@pytest.fixture
def caller(world: World) -> Caller:
    del world
    return Caller("events:write")


@pytest.fixture
def ask(caller: Caller) -> Callable[..., Answer]:
    """Asks what the web server runs, as a server would."""
    application = app.application()

    def asked(body: bytes, path: str = "/api/events", method: str = "POST", **changed: str) -> Answer:
        given: wsgi.WSGIEnvironment = RequestFactory().generic(method, path, body, content_type=STRUCTURED).environ
        given |= {"HTTP_AUTHORIZATION": f"Bearer {caller.token}", "HTTP_HOST": "localhost", **changed}
        given["wsgi.input"] = io.BytesIO(body)
        heads: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], *_: object) -> Callable[[bytes], object]:
            heads.append((status, headers))
            return heads.append  # type: ignore[return-value] - nobody writes so

        content = b"".join(application(given, start))
        ((status, headers),) = heads
        return int(status[:3]), dict(headers), content

    return asked


def test_an_event_is_stored_before_it_is_answered(ask: Callable[..., Answer]):
    status, headers, content = ask(records.canonical(event()))

    assert (status, json.loads(content)) == (202, {"accepted": 1, "repeated": 0})
    assert headers["Content-Length"] == str(len(content))
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert stored() == [("b-1",)]


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        (b"{", {}),
        (b"", {"HTTP_AUTHORIZATION": "Bearer made-up"}),
        (b"", {"HTTP_AUTHORIZATION": ""}),
        (b"", {"CONTENT_LENGTH": "99999999999"}),
        (b"<a/>", {"CONTENT_TYPE": "text/xml"}),
        (b"{}", {"method": "PUT"}),
        (b"", {"method": "GET"}),
        (b"{}", {"HTTP_HOST": "elsewhere.example"}),
    ],
)
def test_what_is_refused_is_refused_as_by_the_long_way(
    body: bytes, changed: dict[str, str], ask: Callable[..., Answer], caller: Caller
):
    short = ask(body, **changed)
    method = changed.pop("method", "POST")
    given = {"HTTP_AUTHORIZATION": f"Bearer {caller.token}", "SERVER_NAME": "localhost", "CONTENT_TYPE": STRUCTURED}
    made = caller.client.generic(
        method, "/api/events", body, secure=False, headers=None, query_params=None, **(given | changed)
    )
    long = cast("HttpResponse", made)

    assert (short[0], short[2]) == (long.status_code, long.content)
    assert short[0] >= 400


def test_other_addresses_are_answered_by_django(ask: Callable[..., Answer]):
    status, _, content = ask(b"", "/api/openapi.json", "GET")

    assert (status, json.loads(content)["openapi"]) == (200, "3.1.0")
    assert ask(b"", "/api/events/", "GET")[0] == 404


def test_a_revoked_token_ends_when_it_is_no_longer_remembered(caller: Caller, world: World):
    from signalpost.web.api import tokens  # noqa: PLC0415 - once Django is set up

    assert caller.post(records.canonical(event("b-1"))).status_code == 202
    world.change("DELETE FROM oauth2_provider_accesstoken")

    tokens.forget()

    assert caller.post(records.canonical(event("b-2"))).status_code == 401
    assert 0 < tokens.REMEMBERED_SECONDS <= 10


def test_a_token_is_not_remembered_beyond_its_end(caller: Caller, world: World):
    world.change("UPDATE oauth2_provider_accesstoken SET expires = now() + interval '0.2 seconds'")
    assert caller.post(records.canonical(event("b-1"))).status_code == 202
    deadline = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=30)

    while caller.post(records.canonical(event("b-2"))).status_code == 202:
        assert dt.datetime.now(dt.UTC) < deadline


def test_a_token_is_remembered_for_the_scope_it_was_verified_for(caller: Caller):
    assert caller.post(records.canonical(event())).status_code == 202

    assert caller.post(b"[]", "application/json", path="/api/print-status").status_code == 403


def raw(body: bytes) -> events.Raw:
    return events.Raw(
        channel="http", sender="client:x", content_type=STRUCTURED, body=body, received_at=dt.datetime.now(dt.UTC)
    )


def test_what_comes_together_is_stored_together_and_each_gets_its_own_answer(caller: Caller):
    del caller
    both = together.Together()
    bodies = [records.canonical(event(f"b-{number % 6}")) for number in range(11)] + [b"{"]
    answers: dict[int, request.Answer] = {}

    def bring(number: int) -> None:
        try:
            answers[number] = both.accept(raw(bodies[number]), events.Limits())
        finally:
            db.connections.close_all()

    threads = [threading.Thread(target=bring, args=(number,)) for number in range(len(bodies))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(answer.accepted for answer in answers.values()) == 6
    assert sum(answer.repeated for answer in answers.values()) == 5
    assert [refusal.reason for refusal in answers[11].refusals] == [events.RefusalReason.MALFORMED]
    assert stored() == [(f"b-{number}",) for number in range(6)]
    assert batch.fetch("SELECT count(*) FROM body", [], tuple[int]) == [(12,)]


def test_what_cannot_be_stored_keeps_nothing_else_back(caller: Caller):
    del caller
    both = together.Together()
    bodies = [raw(records.canonical(event(f"b-{number}"))) for number in range(4)]
    bodies[2] = msgspec.structs.replace(bodies[2], sender="\x00")
    told: dict[int, request.Answer | str] = {}

    def bring(number: int) -> None:
        try:
            told[number] = both.accept(bodies[number], events.Limits())
        except db.DataError as error:
            told[number] = type(error).__name__
        finally:
            db.connections.close_all()

    threads = [threading.Thread(target=bring, args=(number,)) for number in range(4)]
    with psycopg.connect(database_url()) as other:
        # The first waits for the table, the others for the first.
        other.execute("LOCK TABLE body")
        threads[0].start()
        wait_until(lambda: other.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone() is not None)
        for thread in threads[1:]:
            thread.start()
        wait_until(lambda: both.waits() == 3)
    for thread in threads:
        thread.join()

    good = request.Answer(accepted=1, repeated=0, refusals=())
    assert told == {0: good, 1: good, 2: "DataError", 3: good}
    assert stored() == [("b-0",), ("b-1",), ("b-3",)]


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=30)
    while not is_so():
        assert dt.datetime.now(dt.UTC) < deadline
        time.sleep(0.01)
