"""The API for machines: who may, what is accepted, and what a refusal says."""

import base64
import concurrent.futures
import itertools
import json

import msgspec
import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client, override_settings
from tests.path.test_documents import bill
from tests.path.world import World

from signalpost.acts import access, operate, repeat
from signalpost.store import batch, registry
from signalpost.vocabulary import events, records
from signalpost.web.api import rates

STRUCTURED = "application/cloudevents+json"
BATCHED = "application/cloudevents-batch+json"


def token(client: Client, *scopes: str) -> str:
    made = access.make_client("platform", scopes=scopes)
    basic = base64.b64encode(f"{made.client_id}:{made.secret}".encode()).decode()
    answer = client.post(
        "/api/token",
        "grant_type=client_credentials",
        content_type="application/x-www-form-urlencoded",
        headers={"authorization": f"Basic {basic}"},
    )
    assert answer.status_code == 200, answer.content
    return str(answer.json()["access_token"])


class Caller:
    """A machine with a token."""

    def __init__(self, *scopes: str) -> None:
        self.client = Client(raise_request_exception=False, SERVER_NAME="localhost")
        self.token = token(self.client, *scopes)

    def post(self, body: bytes, kind: str = STRUCTURED, path: str = "/api/events", **headers: str):
        return self.client.post(
            path,
            data=body,
            content_type=kind,
            headers={"authorization": f"Bearer {self.token}", **{k.replace("_", "-"): v for k, v in headers.items()}},
        )


@pytest.fixture
def caller(world: World) -> Caller:
    del world
    return Caller("events:write")


def event(name: str = "b-1", **changed: object) -> dict[str, object]:
    return {
        "specversion": "1.0",
        "source": "billing",
        "id": name,
        "type": "billing.closed",
        "subject": "A-cem-M-04",
        "time": "2026-02-03T05:00:00Z",
        "data": bill(),
    } | changed


def stored() -> list[tuple[str]]:
    return batch.fetch("SELECT event_id FROM event ORDER BY event_id", [], tuple[str])


def test_an_event_is_answered_202_after_it_is_stored(caller: Caller):
    answer = caller.post(records.canonical(event()))

    assert (answer.status_code, answer.json()) == (202, {"accepted": 1, "repeated": 0})
    assert stored() == [("b-1",)]


def test_the_same_event_again_is_a_repeat_and_another_body_a_conflict(caller: Caller):
    caller.post(records.canonical(event()))

    again = caller.post(records.canonical(event()))
    other = caller.post(records.canonical(event(data=bill(usage_kwh=1))))

    assert (again.status_code, again.json()) == (202, {"accepted": 0, "repeated": 1})
    assert (other.status_code, other.headers["content-type"]) == (409, "application/problem+json")
    assert other.json()["type"] == "urn:signalpost:problem:conflict"
    assert other.json()["refused"][0]["field"] == "/id"


def test_a_binary_event_is_taken_from_its_headers(caller: Caller):
    whole = event()
    answer = caller.post(
        records.canonical(whole["data"]),
        "application/json",
        ce_specversion="1.0",
        ce_id="b-2",
        ce_source="billing",
        ce_type="billing.closed",
        ce_subject="A-cem-M-04",
        ce_time="2026-02-03T05:00:00Z",
    )

    assert answer.status_code == 202, answer.content
    assert stored() == [("b-2",)]


def test_of_a_batch_the_good_ones_are_stored_and_the_others_named(caller: Caller):
    answer = caller.post(records.canonical([event("b-1"), event("b-2", type="no.such"), event("b-3")]), BATCHED)

    assert answer.status_code == 207
    assert answer.json()["accepted"] == 2
    assert [(row["position"], row["reason"], row["id"]) for row in answer.json()["refused"]] == [
        (1, "unknown_type", "b-2")
    ]
    assert stored() == [("b-1",), ("b-3",)]


PROBLEMS = [
    (b"{", STRUCTURED, 400, "malformed"),
    (b"\xff\xfe", STRUCTURED, 400, "malformed"),
    (b"<a/>", "text/xml", 415, "unsupported_media_type"),
    (records.canonical(event(specversion="0.3")), STRUCTURED, 422, "unsupported_version"),
    (records.canonical(event(type="no.such")), STRUCTURED, 422, "unknown_type"),
    (records.canonical(event(data={})), STRUCTURED, 422, "missing_field"),
    (records.canonical(event(data=bill(usage_kwh=-1))), STRUCTURED, 422, "invalid_field"),
    (records.canonical(event(time="2126-02-03T05:00:00Z")), STRUCTURED, 422, "in_future"),
]


def test_a_problem_names_the_field_the_wanted_and_the_got(caller: Caller):
    for body, kind, status, reason in PROBLEMS:
        answer = caller.post(body, kind)

        problem = answer.json()
        assert (answer.status_code, problem["type"]) == (status, f"urn:signalpost:problem:{reason}"), body
        assert answer.headers["content-type"] == "application/problem+json"
        assert problem["status"] == status
        (refused,) = problem["refused"]
        assert refused["reason"] == reason
        assert refused["wanted"]
        assert "got" in refused
    assert stored() == []
    assert sorted(row.reason for row in operate.quarantined()) == sorted(reason for *_, reason in PROBLEMS)


HOSTILE = [
    b"null",
    b"[]",
    b"0",
    b'"\\ud800"',
    b"[" * 5000,
    b'{"a":' * 5000,
    b'{"specversion":"1.0","id":"\\u0000","source":"s","type":"billing.closed","data":{}}',
    records.canonical(event(id="x" * 5000)),
    records.canonical(event(id="a\x00b")),
    records.canonical(event(subject="a\x00b")),
    records.canonical(event(data=bill(bill="a\x00b"))),
    records.canonical(event(data=bill(bill="{{7*7}}#<script>"))),
    records.canonical(event(subject="'; DROP TABLE event; --")),
    records.canonical(event(time="0001-01-01T00:00:00+23:59")),
    records.canonical(event(time="9999-12-31T23:59:59-23:59")),
    b'{"specversion":"1.0","id":"1","source":"s","type":"billing.closed","data":{"usage_kwh":1e999}}',
    b'{"specversion":"1.0","id":"1","source":"s","type":"billing.closed","data":{"usage_kwh":' + b"9" * 5000 + b"}}",
    b'{"specversion":"1.0","id":1,"source":[],"type":{},"data":{}}',
]


KINDS = [STRUCTURED, BATCHED, "application/json", "", "\u00e4/\u00f6;charset=x", "a" * 300]


def test_nothing_that_is_posted_breaks_the_server(caller: Caller, world: World):
    headers = {"ce_id": "1", "ce_source": "s", "ce_type": "billing.closed", "ce_specversion": "1.0"}
    broken = [
        (body[:60], kind)
        for body, kind in itertools.product(HOSTILE, KINDS)
        if caller.post(body, kind, **headers).status_code >= 500
    ]

    world.drain()

    assert broken == []


def test_a_body_beyond_the_limit_is_too_large(caller: Caller):
    with override_settings(SIGNALPOST=msgspec.structs.replace(django_settings.SIGNALPOST, max_body_bytes=100)):
        answer = caller.post(records.canonical(event()))

    assert (answer.status_code, answer.json()["type"]) == (413, "urn:signalpost:problem:too_large")


def test_a_client_that_calls_too_often_is_told_how_long_to_wait(caller: Caller):
    slow = msgspec.structs.replace(django_settings.SIGNALPOST, rate_per_second=0.1, rate_burst=1)
    with override_settings(SIGNALPOST=slow):
        first, second = caller.post(records.canonical(event())), caller.post(records.canonical(event()))

    assert (first.status_code, second.status_code) == (202, 429)
    assert 1 <= int(second.headers["retry-after"]) <= 10
    assert second.headers["content-type"] == "application/problem+json"


def test_a_bucket_fills_again_and_clients_do_not_share_one():
    assert rates.wait_seconds("one", per_second=1000, burst=1) == 0
    assert rates.wait_seconds("two", per_second=0.5, burst=1) == 0
    assert rates.wait_seconds("two", per_second=0.5, burst=1) == 2
    assert rates.wait_seconds("three", per_second=0, burst=1) == 0


def test_without_a_token_nobody_comes_in_and_with_another_scope_neither(caller: Caller):
    body = records.canonical(event())

    nobody = caller.client.post("/api/events", data=body, content_type=STRUCTURED)
    caller.token = "made-up"
    stranger = caller.post(body)
    other = Caller("status:write").post(body)

    assert [answer.status_code for answer in (nobody, stranger, other)] == [401, 401, 403]
    assert 'scope="events:write"' in other.headers["www-authenticate"]
    assert stored() == []


def test_a_get_is_not_allowed(caller: Caller):
    assert caller.client.get("/api/events").status_code == 405


def test_what_lies_in_quarantine_is_accepted_after_the_contract_was_mended(caller: Caller):
    contract = registry.contracts()["billing.closed"]
    schema = json.loads(contract.data_schema)
    schema["required"].append("colour")
    strict = msgspec.structs.replace(contract, data_schema=json.dumps(schema))
    registry.save_contracts([strict], playbook="b1_documents")
    caller.post(records.canonical(event()))
    (refused,) = operate.quarantined()

    registry.save_contracts([contract], playbook="b1_documents")
    answer = operate.replay(refused.id, limits=events.Limits(), by="olga")

    assert (answer.accepted, answer.refusals) == (1, ())
    assert stored() == [("b-1",)]
    assert operate.quarantined() == []


def posted(world: World) -> bytes:
    """What the print shop says of the one letter there is."""
    world.event("billing.closed", "A-dora-M-05", bill())
    ref = world.letter.sent[0].ref
    return records.canonical([{"delivery": ref, "status": "posted", "at": "2026-02-04T10:00:00Z"}])


def test_the_print_shop_reports_what_was_posted(world: World):
    shop = Caller("status:write")
    body = posted(world)

    answer = shop.post(body, "application/json", path="/api/print-status")
    world.drain()

    assert (answer.status_code, answer.json()) == (202, {"receipts": 1})
    assert world.states("bill-ready")["dora"] == ["letter delivered"]


@pytest.mark.usefixtures("world")
def test_a_report_that_nobody_understands_is_refused():
    shop = Caller("status:write")
    for body in (b"", b"{", b"[]", b'[{"delivery":"x","status":"eaten","at":"2026-02-04T10:00:00Z"}]', b"\xff"):
        answer = shop.post(body, "application/json", path="/api/print-status")
        assert (answer.status_code, answer.json()["type"]) == (422, "urn:signalpost:problem:invalid_field"), body


def test_a_request_with_a_key_is_carried_out_once(world: World):
    shop = Caller("status:write")
    body = posted(world)
    again = body.replace(b"posted", b"printed")

    def report(content: bytes, key: str, caller: Caller = shop) -> HttpResponse:
        return caller.post(content, "application/json", path="/api/print-status", idempotency_key=key)

    answers = [
        report(body, '"k-1"'),
        report(body, '"k-1"'),
        report(body, "k-1"),
        report(again, '"k-1"'),
        report(again, '"k-2"'),
        report(body, '"k-1"', Caller("status:write")),
    ]

    assert [answer.status_code for answer in answers] == [202, 202, 202, 409, 202, 202]
    assert answers[0].content == answers[1].content == answers[2].content == b'{"receipts":1}'
    assert json.loads(answers[3].content)["type"] == "urn:signalpost:problem:key_reused"
    assert answers[5].content == b'{"receipts":0}'
    assert world.rows("SELECT count(*) FROM body WHERE channel = 'print'", tuple[int]) == [(3,)]


@pytest.mark.usefixtures("world")
def test_a_refusal_is_kept_under_its_key_and_a_key_that_is_none_is_refused():
    shop = Caller("status:write")

    refused = [
        shop.post(b"[]", "application/json", path="/api/print-status", idempotency_key=key).json()["type"]
        for key in ("k", "k", "", '"', "\u00e4", "x" * 300, '""')
    ]

    kinds = [kind.rpartition(":")[2] for kind in refused]
    assert kinds == ["invalid_field", "invalid_field", *["invalid_key"] * 5]


def test_a_key_is_forgotten_after_a_day_and_with_a_request_that_failed(world: World):
    def answered(status: int) -> repeat.Answer:
        return repeat.Answer(status=status, media_type="text/plain", body=b"%d" % status)

    def once(status: int) -> repeat.Answer | repeat.Reused:
        return repeat.once("client:a", "k", fingerprint="f", carry_out=lambda: answered(status))

    assert once(503) == answered(503)
    assert once(202) == answered(202)
    assert once(422) == answered(202)
    world.change("UPDATE idempotency_key SET expires_at = expires_at - interval '25 hours'")
    assert once(422) == answered(422)
    repeat.once("client:b", "k", fingerprint="f", carry_out=lambda: answered(202))
    world.change("UPDATE idempotency_key SET expires_at = expires_at - interval '25 hours'")
    repeat.once("client:c", "k", fingerprint="f", carry_out=lambda: answered(202))
    assert world.rows("SELECT client FROM idempotency_key", tuple[str]) == [("client:c",)]


@pytest.mark.usefixtures("world")
def test_two_at_once_under_one_key_get_one_answer():
    ran: list[int] = []

    def slowly(number: int) -> repeat.Answer:
        ran.append(number)
        return repeat.Answer(status=202, media_type="text/plain", body=b"%d" % number)

    def ask(number: int) -> repeat.Answer | repeat.Reused:
        try:
            return repeat.once("client:a", "k", fingerprint="f", carry_out=lambda: slowly(number))
        finally:
            connection.close()

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(ask, range(8)))

    assert len(ran) == 1
    assert {answer.body for answer in answers if isinstance(answer, repeat.Answer)} == {b"%d" % ran[0]}
    assert len(answers) == 8
