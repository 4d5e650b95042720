"""Report: sealed facts about deliveries become news for an organisation's own systems.

Each is a CloudEvent 1.0 of type `signalpost.communication.<state>` whose id is derived from the fact and the endpoint:
sent again, it is recognised as the same.
"""

from collections.abc import Mapping, Sequence

import msgspec

from signalpost.vocabulary import deliveries, records

#: Facts that are news for others.
REPORTED = frozenset(
    {
        records.FactKind.NOTICE_DECIDED,
        records.FactKind.NOTICE_WITHHELD,
        records.FactKind.COMMUNICATION_COMPOSED,
        records.FactKind.DELIVERY_CHANGED,
    }
)
#: Media type of a status (CloudEvents 1.0, JSON format).
MEDIA_TYPE = "application/cloudevents+json"
#: CloudEvents source of our own events.
SOURCE = "signalpost"


def report(
    facts: Sequence[records.Fact],
    about: Mapping[str, deliveries.StatusSubject],
    *,
    wants: frozenset[str],
    endpoint: str,
) -> tuple[deliveries.Status, ...]:
    """Make the news of these facts for one endpoint, in their order.

    Args:
        facts: Sealed facts, in the order of the log.
        about: The communications they speak of, by reference; facts about anything else are no news.
        wants: States the endpoint asked for; empty is all.
        endpoint: Its reference.
    """
    return tuple(
        _status(fact, about[fact.subject], state, endpoint)
        for fact in facts
        if fact.kind in REPORTED and fact.subject in about
        for state in [_state(fact)]
        if not wants or state in wants
    )


def _status(fact: records.Fact, subject: deliveries.StatusSubject, state: str, endpoint: str) -> deliveries.Status:
    ref = records.reference("status", records.digest(records.canonical(fact)), endpoint)
    details = _details(fact)
    body: dict[str, records.Json] = {
        "specversion": "1.0",
        "id": ref,
        "source": SOURCE,
        "type": f"signalpost.communication.{state}",
        "subject": subject.ref,
        "time": fact.at.isoformat(),
        "datacontenttype": "application/json",
        "data": {
            "communication": subject.ref,
            "communication_type": subject.communication,
            "situation": subject.situation,
            "party": subject.party,
            "language": subject.language,
            "cause": _cause(subject),
            "state": state,
            **details,
        },
    }
    return deliveries.Status(
        ref=ref,
        communication=subject.ref,
        title=f"{subject.communication}: {state}",
        body=records.canonical(body).decode(),
    )


def _state(fact: records.Fact) -> str:
    if fact.kind == records.FactKind.NOTICE_DECIDED:
        return "decided"
    if fact.kind == records.FactKind.NOTICE_WITHHELD:
        return "withheld"
    if fact.kind == records.FactKind.COMMUNICATION_COMPOSED:
        return "composed"
    state = _details(fact)["state"]
    return state if isinstance(state, str) else ""


def _details(fact: records.Fact) -> dict[str, records.Json]:
    return dict(msgspec.json.decode(fact.body, type=dict[str, str | int | None]))


def _cause(subject: deliveries.StatusSubject) -> dict[str, records.Json]:
    if not subject.event:
        return {}
    event = msgspec.json.decode(subject.event, type=_Facts).event
    return {"source": event.source, "id": event.id, "type": event.type, "subject": event.subject}


class _Cause(msgspec.Struct):
    source: str
    id: str
    type: str
    subject: str


class _Facts(msgspec.Struct):
    event: _Cause
