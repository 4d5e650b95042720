"""Report: which facts are news, for whom, in which words."""

import datetime as dt
import json

import pytest

from signalpost.flow import report as stage
from signalpost.vocabulary import deliveries, records

K = records.FactKind
AT = dt.datetime(2026, 1, 5, 10, tzinfo=dt.UTC)
CAUSE = {"source": "crm", "id": "1", "type": "account.closed", "subject": "A-1"}


def fact(kind: K, subject: str = "c1", **body: str | int | None) -> records.Fact:
    return records.Fact(kind=kind, subject=subject, at=AT, body=records.canonical(dict(body)).decode())


def subject(event: str = "") -> deliveries.StatusSubject:
    return deliveries.StatusSubject(
        ref="c1", situation="s1", party="p1", communication="outage", language="de", event=event
    )


FACTS = [
    fact(K.NOTICE_DECIDED, change="x", reason="affected"),
    fact(K.COMMUNICATION_COMPOSED, template="t@1", problem=""),
    fact(K.DELIVERY_CHANGED, delivery="d1", channel="sms", state="accepted", attempt=1),
    fact(K.DELIVERY_CHANGED, delivery="d1", channel="sms", state="delivered", attempt=1),
    fact(K.NOTICE_WITHHELD, change="x", reason="no_consent"),
    fact(K.DOCUMENT_READ, by="staff"),
    fact(K.DELIVERY_CHANGED, "somebody-else", state="failed"),
]


def news(
    wants: frozenset[str] = frozenset(), *, endpoint: str = "e1", event: str = ""
) -> tuple[deliveries.Status, ...]:
    return stage.report(FACTS, {"c1": subject(event)}, wants=wants, endpoint=endpoint)


NOTHING: set[str] = set()
NONE: list[str] = []


@pytest.mark.parametrize(
    ("wants", "states"),
    [
        (NOTHING, ["decided", "composed", "accepted", "delivered", "withheld"]),
        ({"delivered", "failed"}, ["delivered"]),
        ({"withheld", "decided"}, ["decided", "withheld"]),
        ({"never"}, NONE),
    ],
)
def test_an_endpoint_gets_what_it_wants_in_order(wants: set[str], states: list[str]):
    assert [json.loads(status.body)["data"]["state"] for status in news(frozenset(wants))] == states


def test_a_status_is_a_cloud_event():
    status = news(event=json.dumps({"event": CAUSE, "more": 1}))[3]
    assert json.loads(status.body) == {
        "specversion": "1.0",
        "id": status.ref,
        "source": "signalpost",
        "type": "signalpost.communication.delivered",
        "subject": "c1",
        "time": "2026-01-05T10:00:00+00:00",
        "datacontenttype": "application/json",
        "data": {
            "communication": "c1",
            "communication_type": "outage",
            "situation": "s1",
            "party": "p1",
            "language": "de",
            "cause": CAUSE,
            "state": "delivered",
            "delivery": "d1",
            "channel": "sms",
            "attempt": 1,
        },
    }
    assert (status.communication, status.title) == ("c1", "outage: delivered")


def test_what_came_of_an_incident_names_no_event():
    assert {json.dumps(json.loads(status.body)["data"]["cause"]) for status in news()} == {"{}"}


def test_the_same_news_has_the_same_name_and_each_endpoint_its_own():
    refs = [status.ref for status in news()]
    assert refs == [status.ref for status in news()]
    assert len({*refs, *(status.ref for status in news(endpoint="e2"))}) == 2 * len(refs)
