"""`accept`: bodies understood, without storing them."""

import datetime as dt
from collections.abc import Mapping

import msgspec

from benchmarks import figures
from signalpost.flow.accept import accept
from signalpost.playbooks import load
from signalpost.vocabulary import events, records

BATCH_EVENTS = 100
_SCHEMA = '{"type":"object","properties":{"volts":{"type":"number"}},"required":["volts"]}'


def measure(scale: figures.Scale) -> Mapping[str, figures.Found]:
    """Both figures."""
    return {"accept_events": _events(scale.of(100, 20)), "accept_device_messages": _messages(scale.of(10_000, 1_000))}


def _events(batches: int) -> figures.Found:
    now = dt.datetime.now(dt.UTC)
    contract = events.Contract(type="device.last_gasp", data_schema=_SCHEMA, subject_kind="device")
    raw = events.Raw(
        channel="http",
        sender="bench",
        content_type="application/cloudevents-batch+json",
        body=msgspec.json.encode(
            [
                {
                    "specversion": "1.0",
                    "id": str(number),
                    "source": "meters",
                    "type": contract.type,
                    "subject": f"M-{number}",
                    "time": now,
                    "data": {"volts": 0},
                }
                for number in range(BATCH_EVENTS)
            ]
        ),
        received_at=now,
    )

    def run() -> None:
        for _ in range(batches):
            accept(raw, {contract.type: contract}, limits=events.Limits(), now=now)

    return figures.Found(BATCH_EVENTS * batches / figures.median_seconds(run))


def _messages(count: int) -> figures.Found:
    now = dt.datetime.now(dt.UTC)
    books = [load.load(folder) for folder in load.BUILT_IN]
    contracts = {contract.type: contract for book in books for contract in book.contracts}
    mappings = [rule for book in books for rule in book.mappings]
    raws = [
        events.Raw(
            channel="mqtt",
            sender="meters",
            content_type="application/json",
            body=records.canonical({"id": f"M-{number}", "ts": now.isoformat(), "ev": "HB", "v": 230.1, "n": number}),
            received_at=now,
            headers=(("topic", f"meters/M-{number}/events"),),
        )
        for number in range(count)
    ]

    def run() -> None:
        for raw in raws:
            accept(raw, contracts, mappings=mappings, limits=events.Limits(), now=now)

    return figures.Found(count / figures.median_seconds(run))
