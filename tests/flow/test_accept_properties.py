"""Laws of accept: whatever arrives, the answer is events and refusals, and what was accepted can be sent again."""

import datetime as dt
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from signalpost.flow import accept as stage
from signalpost.vocabulary import events, records

NOW = dt.datetime(2026, 1, 5, 10, tzinfo=dt.UTC)
CONTRACTS = {"plain": events.Contract(type="plain", data_schema="true")}
MAPPINGS = (
    events.MappingRule(
        name="any",
        topic_filter="#",
        when="",
        type="plain",
        subject="topic[0]",
        id="",
        occurred_at="",
        data=(("message", "message"),),
    ),
)
TYPES = ["application/cloudevents+json", "application/cloudevents-batch+json", "application/json", "", "\x00;"]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
names = st.sampled_from(["specversion", "id", "source", "type", "subject", "time", "data", "datacontenttype", "x"])


def accepted(body: bytes, content_type: str, headers: list[tuple[str, str]]) -> events.Accepted:
    raw = events.Raw(
        channel="http", sender="s", content_type=content_type, body=body, received_at=NOW, headers=tuple(headers)
    )
    return stage.accept(raw, CONTRACTS, mappings=MAPPINGS, limits=events.Limits(), now=NOW)


def check(result: events.Accepted) -> None:
    for refusal in result.refusals:
        # It can be stored and shown.
        records.canonical(refusal)
        assert "\x00" not in refusal.got + refusal.id + refusal.source
        assert len(refusal.got) <= 200
    for event in result.events:
        assert "\x00" not in event.data + event.id + event.source + event.subject
        assert "\\u0000" not in event.data.replace("\\\\", "")
        assert event.occurred_at.tzinfo == dt.UTC


headers = st.lists(
    st.tuples(st.sampled_from(["ce-specversion", "ce-id", "ce-type", "ce-source", "ce-time", "topic"]), st.text()),
    max_size=6,
)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(TYPES), headers)
def test_no_bytes_raise(body: bytes, content_type: str, given_headers: list[tuple[str, str]]):
    check(accepted(body, content_type, given_headers))


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(names, json_values), st.sampled_from(TYPES[:2]))
def test_no_json_raises(body: dict[str, object], content_type: str):
    whole = {"specversion": "1.0", "id": "1", "source": "s", "type": "plain"} | body
    check(accepted(json.dumps(whole).encode(), content_type, []))
    check(accepted(json.dumps([whole, body]).encode(), content_type, []))


@settings(max_examples=200, deadline=None)
@given(json_values)
def test_no_device_message_raises(message: object):
    check(accepted(json.dumps(message).encode(), "application/json", [("topic", "meters/1")]))


texts = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1, max_size=30)
small = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(
    texts,
    texts,
    texts,
    small,
    st.integers(946_684_800, 1_767_225_600).map(lambda seconds: dt.datetime.fromtimestamp(seconds, tz=dt.UTC)),
)
def test_what_was_accepted_is_accepted_again_as_the_same(
    event_id: str, source: str, subject: str, data: object, at: dt.datetime
):
    body = {
        "specversion": "1.0",
        "id": event_id,
        "source": source,
        "type": "plain",
        "subject": subject,
        "time": at.isoformat(),
        "data": data,
    }
    [first] = accepted(json.dumps(body).encode(), TYPES[0], []).events
    assert (first.key, first.subject, first.occurred_at) == ((source, event_id), subject, at)
    assert json.loads(first.data) == ({} if data is None else data)
    [again] = accepted(json.dumps(body | {"data": json.loads(first.data)}, indent=1).encode(), TYPES[0], []).events
    assert again == first
    [beside] = accepted(json.dumps([7, body]).encode(), TYPES[1], []).events
    assert beside == first
