"""The timeline of one communication: decided, laid out, tried, answered, confirmed, read."""

import datetime as dt
from collections.abc import Mapping, Sequence

import msgspec

from signalpost.acts import explain
from signalpost.store import explanations
from signalpost.store.seen import communications
from signalpost.vocabulary import records
from signalpost.web.console.templatetags import humane

_TONES: Mapping[str, str] = {
    "accepted": "good",
    "address_invalid": "bad",
    "complained": "bad",
    "deferred": "warn",
    "delivered": "good",
    "expired": "bad",
    "opened": "good",
    "posted": "good",
    "printed": "good",
    "rejected": "bad",
    "returned": "bad",
    "unclear": "warn",
    "viewed": "good",
}
#: What attempts and receipts say in their own words already.
_TOLD_ELSEWHERE = frozenset({records.FactKind.DELIVERY_ATTEMPTED})
#: Of a fact's body, what is shown.
_SAID = ("channel", "state", "by", "reason", "language")


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """One line."""

    at: dt.datetime
    text: str
    tone: str = "calm"
    note: str = ""


def of(
    answer: explain.Why, attempts: Sequence[communications.Attempt], receipts: Sequence[communications.Receipt]
) -> Sequence[Moment]:
    """Everything that happened, in the order of time."""
    facts = [_fact(entry) for entry in answer.timeline if entry.kind not in _TOLD_ELSEWHERE]
    tries = [moment for attempt in attempts for moment in _attempt(attempt)]
    news = [
        Moment(
            at=receipt.received_at,
            text=f"Receipt by {receipt.channel}: {humane.words(receipt.kind)}",
            tone=_TONES.get(receipt.kind, "calm"),
            note=" ".join(filter(None, (receipt.code, receipt.detail, receipt.result and f"({receipt.result})"))),
        )
        for receipt in receipts
    ]
    return sorted([*facts, *tries, *news], key=lambda moment: moment.at)


def _attempt(attempt: communications.Attempt) -> Sequence[Moment]:
    name = f"Attempt {attempt.number} by {attempt.channel} over {attempt.via}"
    if attempt.finished_at is None:
        return [Moment(at=attempt.started_at, text=f"{name} began", tone="warn", note="no outcome recorded yet")]
    return [
        Moment(
            at=attempt.finished_at,
            text=f"{name}: {humane.words(attempt.kind)}",
            tone=_TONES.get(attempt.kind, "calm"),
            note=" ".join(filter(None, (attempt.code, attempt.detail))),
        )
    ]


def _fact(entry: explanations.TimelineEntry) -> Moment:
    place = f"record {entry.sequence} of the log" if entry.sequence else "not sealed yet"
    body = records.decode(entry.body, dict[str, object])
    said = ", ".join(f"{key} {body[key]}" for key in _SAID if isinstance(body.get(key), str) and body[key])
    return Moment(at=entry.at, text=humane.words(entry.kind).capitalize() + (f": {said}" if said else ""), note=place)
