"""Accept: what becomes of a body, reason by reason."""

import datetime as dt
import json

import msgspec
import pytest

from signalpost.flow import accept as stage
from signalpost.flow.accept import devices, reading
from signalpost.vocabulary import events

R = events.RefusalReason
NOW = dt.datetime(2026, 1, 5, 10, tzinfo=dt.UTC)
STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
SCHEMA = """{"type": "object", "required": ["lines"], "additionalProperties": false, "properties": {
  "lines": {"type": "array", "items": {
    "type": "object", "required": ["a/b~c"], "properties": {"n": {"type": "integer"}}}}
}}"""
CONTRACTS = {
    contract.type: contract
    for contract in [
        events.Contract(type="account.closed", data_schema="true", subject_kind="account", lane=events.Lane.URGENT),
        events.Contract(type="plain", data_schema="true"),
        events.Contract(type="fresh", data_schema="true", max_age_seconds=60),
        events.Contract(type="strict", data_schema=SCHEMA),
    ]
}
MAPPINGS = (
    events.MappingRule(
        name="gasp",
        topic_filter="meters/+/events",
        when='message.kind == "gasp"',
        type="plain",
        subject="topic[1]",
        id="message.id",
        occurred_at="message.at",
        data=(("volts", "message.volts"),),
    ),
    events.MappingRule(
        name="any", topic_filter="pumps/#", when="", type="plain", subject="topic[1]", id="", occurred_at=""
    ),
    events.MappingRule(
        name="odd", topic_filter="odd", when="", type="plain", subject="message.n", id="", occurred_at=""
    ),
    events.MappingRule(
        name="bare",
        topic_filter="bare",
        when="",
        type="plain",
        subject="",
        id="",
        occurred_at="",
        data=(("n", "message.n"),),
    ),
)


def event(**changes: object) -> dict[str, object]:
    made = {"specversion": "1.0", "id": "1", "source": "crm", "type": "plain", "data": {"n": 1}} | changes
    return {name: value for name, value in made.items() if value is not ...}


def accepted(
    body: object,
    content_type: str = STRUCTURED,
    *,
    headers: tuple[tuple[str, str], ...] = (),
    limits: events.Limits | None = None,
) -> events.Accepted:
    raw = events.Raw(
        channel="http",
        sender="crm",
        content_type=content_type,
        body=body if isinstance(body, bytes) else json.dumps(body).encode(),
        received_at=NOW,
        headers=headers,
    )
    return stage.accept(raw, CONTRACTS, mappings=MAPPINGS, limits=limits or events.Limits(), now=NOW)


def told(result: events.Accepted) -> list[tuple[events.RefusalReason, str]]:
    return [(refusal.reason, refusal.field) for refusal in result.refusals]


# --- What is accepted -------------------------------------------------------------------------------------------------


def test_an_event_is_understood():
    result = accepted(
        event(type="account.closed", subject="A-1", time="2026-01-05T10:30:00.5+01:00", data={"b": 1, "a": "ß"})
    )
    [made] = result.events
    assert result.refusals == ()
    assert made == events.Event(
        source="crm",
        id="1",
        type="account.closed",
        subject="A-1",
        occurred_at=dt.datetime(2026, 1, 5, 9, 30, 0, 500_000, tzinfo=dt.UTC),
        received_at=NOW,
        lane=events.Lane.URGENT,
        data='{"a":"ß","b":1}',
        digest=made.digest,
    )
    assert made.key == ("crm", "1")


def test_an_event_without_time_and_data_is_of_now_and_empty():
    [made] = accepted(event(data=...)).events
    assert (made.occurred_at, made.data, made.subject) == (NOW, "{}", "")


def test_unknown_attributes_and_parameters_are_left_alone():
    body = event(datacontenttype="application/json; charset=utf-8", dataschema="x", traceparent="00-1", extra=[1])
    assert len(accepted(body, "Application/CloudEvents+JSON; charset=utf-8").events) == 1


@pytest.mark.parametrize(
    ("changes", "is_same"),
    [
        ({}, True),
        ({"data": {"n": 2}}, False),
        ({"subject": "x"}, False),
        ({"type": "fresh"}, False),
        ({"time": "2026-01-05T10:00:00Z"}, False),
        ({"id": "2", "source": "other"}, True),
    ],
)
def test_the_digest_tells_a_repeat_from_a_conflict(changes: dict[str, object], *, is_same: bool):
    [first], [second] = accepted(event()).events, accepted(event(**changes)).events
    assert (first.digest == second.digest) is is_same


def test_a_batch_keeps_the_good_and_places_the_bad():
    body = [event(id="a"), event(id="b", type="none"), 7, event(id="c"), event(id="", source="s")]
    result = accepted(body, BATCH)
    assert [made.id for made in result.events] == ["a", "c"]
    assert [(refusal.position, refusal.reason, refusal.id) for refusal in result.refusals] == [
        (1, R.UNKNOWN_TYPE, "b"),
        (2, R.INVALID_FIELD, ""),
        (4, R.INVALID_FIELD, ""),
    ]
    assert result.refusals[2].source == "s"


def test_an_empty_batch_holds_nothing():
    assert accepted([], BATCH) == events.Accepted()


HEADERS = (("ce-specversion", "1.0"), ("ce-id", "1"), ("ce-source", "crm"), ("ce-type", "plain"))


def test_binary_mode_reads_headers():
    headers = (*HEADERS, ("ce-subject", "caf%C3%A9%20x"), ("ce-time", "2026-01-05T09:00:00Z"))
    [made] = accepted({"n": 1}, "application/json", headers=headers).events
    assert (made.subject, made.occurred_at.hour, made.data) == ("café x", 9, '{"n":1}')
    [bare] = accepted(b"", "", headers=HEADERS).events
    assert bare.data == "{}"
    [suffixed] = accepted({"n": 1}, "application/vnd.x+json; v=1", headers=HEADERS).events
    assert suffixed.data == '{"n":1}'


def test_a_device_message_becomes_an_event():
    body = {"kind": "gasp", "id": "g1", "at": "2026-01-05T09:59:00Z", "volts": 0.5}
    [made] = accepted(body, "application/json", headers=(("topic", "meters/m7/events"),)).events
    assert (made.source, made.id, made.subject, made.data) == ("mqtt/crm", "g1", "m7", '{"volts":0.5}')
    assert made.occurred_at == dt.datetime(2026, 1, 5, 9, 59, tzinfo=dt.UTC)


def test_a_device_message_without_id_is_named_by_its_content():
    def one(body: object, topic: str = "pumps/p1") -> events.Event:
        [made] = accepted(body, "application/json", headers=(("topic", topic),)).events
        return made

    assert one({"n": 1}).id == one({"n": 1}).id
    assert len({one({"n": 1}).id, one({"n": 2}).id, one({"n": 1}, "pumps/p2").id}) == 3
    assert one({"n": 1}, "bare").subject == ""


@pytest.mark.parametrize(
    ("topic_filter", "topic", "expected"),
    [
        ("a/b", "a/b", True),
        ("a/b", "a", False),
        ("a", "a/b", False),
        ("a/+", "a/b", True),
        ("a/+", "a", False),
        ("a/+", "a/b/c", False),
        ("a/+/c", "a/b/c", True),
        ("a/#", "a/b/c", True),
        ("a/#", "a", True),
        ("#", "a/b", True),
        ("+/+", "/b", True),
        ("a/b", "a/c", False),
    ],
)
def test_topic_filters_match_as_mqtt_has_it(topic_filter: str, topic: str, *, expected: bool):
    assert devices.matches(topic_filter, topic) is expected


# --- What is refused, reason by reason --------------------------------------------------------------------------------

REFUSED = {
    "no_json": (b"{", STRUCTURED, R.MALFORMED, ""),
    "no_utf8": (b'{"id": "\xff"}', STRUCTURED, R.MALFORMED, ""),
    "empty": (b"", STRUCTURED, R.MALFORMED, ""),
    "batch_no_json": (b"[", BATCH, R.MALFORMED, ""),
    "lone_surrogate": (b'{"id": "\\ud800"}', STRUCTURED, R.MALFORMED, ""),
    "deep_envelope": (b'{"data":' + b"[" * 5000 + b"]" * 5000 + b"}", STRUCTURED, R.TOO_DEEP, ""),
    "deep_data": (event(data=json.loads("[" * 40 + "]" * 40)), STRUCTURED, R.TOO_DEEP, "/data" + "/0" * 32),
    "no_media_type": (event(), "", R.UNSUPPORTED_MEDIA_TYPE, ""),
    "other_media_type": (event(), "text/xml", R.UNSUPPORTED_MEDIA_TYPE, ""),
    "base64": (event(data=..., data_base64="AA=="), STRUCTURED, R.UNSUPPORTED_MEDIA_TYPE, "/data_base64"),
    "xml_data": (event(datacontenttype="text/xml"), STRUCTURED, R.UNSUPPORTED_MEDIA_TYPE, "/datacontenttype"),
    "version": (event(specversion="0.3"), STRUCTURED, R.UNSUPPORTED_VERSION, "/specversion"),
    "no_id": (event(id=...), STRUCTURED, R.MISSING_FIELD, "/id"),
    "no_subject": (event(type="account.closed"), STRUCTURED, R.MISSING_FIELD, "/subject"),
    "missing_data": (event(type="strict", data={}), STRUCTURED, R.MISSING_FIELD, "/data/lines"),
    "missing_inside": (
        event(type="strict", data={"lines": [{"n": 1}]}),
        STRUCTURED,
        R.MISSING_FIELD,
        "/data/lines/0/a~1b~0c",
    ),
    "wrong_data": (
        event(type="strict", data={"lines": [{"a/b~c": 1, "n": "x"}]}),
        STRUCTURED,
        R.INVALID_FIELD,
        "/data/lines/0/n",
    ),
    "more_data": (event(type="strict", data={"lines": [], "x": 1}), STRUCTURED, R.INVALID_FIELD, "/data"),
    "id_is_number": (event(id=7), STRUCTURED, R.INVALID_FIELD, "/id"),
    "id_is_empty": (event(id=""), STRUCTURED, R.INVALID_FIELD, "/id"),
    "subject_is_empty": (event(subject=""), STRUCTURED, R.INVALID_FIELD, "/subject"),
    "id_is_long": (event(id="x" * 1025), STRUCTURED, R.INVALID_FIELD, "/id"),
    "nul_in_source": (event(source="a\x00b"), STRUCTURED, R.INVALID_FIELD, "/source"),
    "nul_in_data": (event(data={"a": ["x\x00"]}), STRUCTURED, R.INVALID_FIELD, "/data/a/0"),
    "nul_in_name": (event(data={"x\x00": 1}), STRUCTURED, R.INVALID_FIELD, "/data"),
    "huge_number": (event(data={"n": 2**63}), STRUCTURED, R.INVALID_FIELD, "/data/n"),
    "low_number": (event(data=[-(2**63) - 1]), STRUCTURED, R.INVALID_FIELD, "/data/0"),
    "endless_number": (
        b'{"specversion":"1.0","id":"1","source":"s","type":"plain","data":' + b"9" * 5000 + b"}",
        STRUCTURED,
        R.INVALID_FIELD,
        "/data",
    ),
    "no_time": (event(time="yesterday"), STRUCTURED, R.INVALID_FIELD, "/time"),
    "naive_time": (event(time="2026-01-05T10:00:00"), STRUCTURED, R.INVALID_FIELD, "/time"),
    "time_before_time": (event(time="0001-01-01T00:00:00+14:00"), STRUCTURED, R.INVALID_FIELD, "/time"),
    "batch_is_object": (event(), BATCH, R.INVALID_FIELD, ""),
    "unknown_type": (event(type="none"), STRUCTURED, R.UNKNOWN_TYPE, "/type"),
    "too_old": (event(type="fresh", time="2026-01-05T09:58:59Z"), STRUCTURED, R.TOO_OLD, "/time"),
    "in_future": (event(time="2026-01-05T10:05:01Z"), STRUCTURED, R.IN_FUTURE, "/time"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(name: str):
    body, content_type, reason, field = REFUSED[name]
    result = accepted(body, content_type)
    assert (result.events, told(result)) == ((), [(reason, field)])
    [refusal] = result.refusals
    assert refusal.wanted
    assert len(refusal.got) <= 200
    assert "\x00" not in refusal.got + refusal.source + refusal.id


@pytest.mark.parametrize(("number", "is_taken"), [(2**63 - 1, True), (-(2**63), True), (2**63, False)])
def test_numbers_of_64_bits_are_kept(number: int, *, is_taken: bool):
    assert bool(accepted(event(data={"n": number})).events) is is_taken


def test_as_deep_as_allowed_is_kept():
    assert len(accepted(event(data=json.loads("[" * 32 + "]" * 32))).events) == 1


def test_too_much_is_refused_whole():
    limits = events.Limits(max_body_bytes=1000, max_batch_events=2)
    assert told(accepted(b" " * 1001, limits=limits)) == [(R.TOO_LARGE, "")]
    assert told(accepted([1, 2, 3], BATCH, limits=limits)) == [(R.TOO_LARGE, "")]
    assert len(accepted([event(id="1"), event(id="2")], BATCH, limits=limits).events) == 2


@pytest.mark.parametrize(
    ("headers", "content_type", "body", "reason", "field"),
    [
        (HEADERS[:2], "application/json", b"{}", R.MISSING_FIELD, "/source"),
        (HEADERS, "text/plain", b"hello", R.UNSUPPORTED_MEDIA_TYPE, ""),
        (HEADERS, "", b"{}", R.UNSUPPORTED_MEDIA_TYPE, ""),
        (HEADERS, "application/json", b"{", R.MALFORMED, "/data"),
        ((*HEADERS, ("ce-subject", "\ud800")), "application/json", b"{}", R.INVALID_FIELD, "/subject"),
        ((*HEADERS[1:], ("ce-specversion", "2.0")), "application/json", b"{}", R.UNSUPPORTED_VERSION, "/specversion"),
        ((("topic", "elsewhere"),), "application/json", b"{}", R.UNMAPPED, ""),
        ((("topic", "meters/m7/events"),), "application/json", b'{"kind": "tick"}', R.UNMAPPED, ""),
        ((("topic", "meters/m7/events"),), "application/json", b"{}", R.UNMAPPED, ""),
        ((("topic", "meters/m7/events"),), "application/json", b'{"kind": "gasp"}', R.UNMAPPED, ""),
        ((("topic", "odd"),), "application/json", b'{"n": 7}', R.UNMAPPED, "/subject"),
        ((("topic", "bare"),), "application/json", b"{}", R.UNMAPPED, ""),
        ((("topic", "pumps/p1"),), "application/json", b"[" * 17 + b"]" * 17, R.TOO_DEEP, "/0" * 16),
        ((("topic", "pumps/p1"),), "application/json", b"\xff", R.MALFORMED, ""),
    ],
)
def test_what_is_refused_of_headers_and_devices(
    headers: tuple[tuple[str, str], ...], content_type: str, body: bytes, reason: R, field: str
):
    assert told(accepted(body, content_type, headers=headers)) == [(reason, field)]


def test_a_topic_with_half_a_character_harms_nothing():
    result = accepted(b"{}", "application/json", headers=(("topic", "pumps/\ud800"),))
    assert len(result.events) + len(result.refusals) == 1
    assert len(accepted(b'{"n": 1}', "application/json", headers=(("topic", "bare"), ("topic", "bare"))).events) == 1


def test_every_reason_has_its_case():
    seen = {reason for _, _, reason, _ in REFUSED.values()} | {R.TOO_LARGE, R.UNMAPPED}
    # These two need what is stored: the event under the same key, the device or account that is meant.
    assert set(R) - seen == {R.CONFLICT, R.UNKNOWN_SUBJECT}


def test_a_place_is_shown_as_a_json_pointer():
    refusal = reading.decode(b'[{"id": 1}]', list[_Named])
    assert isinstance(refusal, events.Refusal)
    assert (refusal.field, refusal.wanted, refusal.got) == ("/0/id", "str", "int")


class _Named(msgspec.Struct):
    id: str
