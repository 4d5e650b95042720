"""Traces from an event to its receipt: a span for each batch, linked to the event, and nothing of a person in them."""

import json
from collections.abc import Iterator, Mapping, Sequence

import pytest
from opentelemetry.sdk import trace as sdk
from opentelemetry.sdk.trace import export
from opentelemetry.sdk.trace.export import in_memory_span_exporter
from procrastinate.contrib.django import app
from tests.path.test_documents import bill
from tests.path.world import METERS, PEOPLE, PHONES, Crash, World

from signalpost.store import batch
from signalpost.telemetry import otel, spans
from signalpost.vocabulary import deliveries
from signalpost.work import drain

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
CONTEXT = f"00-{TRACE}-{SPAN}-01"


@pytest.fixture
def kept() -> Iterator[in_memory_span_exporter.InMemorySpanExporter]:
    exporter = in_memory_span_exporter.InMemorySpanExporter()
    spans.to(otel.Tracer(export.SimpleSpanProcessor(exporter)))
    yield exporter
    spans.to(None)


Kept = in_memory_span_exporter.InMemorySpanExporter


def event(subject: str, **more: object) -> Mapping[str, object]:
    return {
        "specversion": "1.0",
        "id": f"traced-{subject}",
        "source": "https://platform.example",
        "type": "billing.closed",
        "subject": subject,
        "datacontenttype": "application/json",
        "data": bill(),
        **more,
    }


def linked(finished: Sequence[sdk.ReadableSpan]) -> dict[str, set[str]]:
    """Name of a span → traces it is linked to."""
    found: dict[str, set[str]] = {}
    for span in finished:
        found.setdefault(span.name, set()).update(f"{link.context.trace_id:032x}" for link in span.links)
    return found


def test_a_trace_leads_from_the_event_to_the_receipt(world: World, kept: Kept):
    world.post(json.dumps(event("A-cem-M-04", traceparent=CONTEXT)).encode())
    world.everything_arrives()

    found = linked(kept.get_finished_spans())
    assert {name for name, traces in found.items() if TRACE in traces} == {
        "accept",
        "assess",
        "choose",
        "compose",
        "deliver",
        "follow",
    }


def test_an_event_without_a_trace_belongs_to_the_span_that_accepted_it(world: World, kept: Kept):
    world.post(json.dumps(event("A-cem-M-04")).encode())

    finished = kept.get_finished_spans()
    (accept,) = [span for span in finished if span.name == "accept"]
    assert accept.context is not None
    assert linked(finished)["deliver"] == {f"{accept.context.trace_id:032x}"}


def test_what_is_no_trace_context_is_left_alone(world: World, kept: Kept):
    world.post(json.dumps(event("A-cem-M-04", traceparent="not-a-trace")).encode())

    stored = batch.fetch("SELECT context FROM trace_context", [], tuple[str])
    assert len(stored) == 1
    assert stored[0][0] != "not-a-trace"
    assert linked(kept.get_finished_spans())["accept"] == set()


def test_a_storm_is_linked_to_a_bounded_number_of_its_events(world: World, kept: Kept):
    world.meters_say("LG", METERS)
    world.drain()

    finished = kept.get_finished_spans()
    assert {"accept", "assess", "choose", "compose", "deliver"} <= set(linked(finished))
    assert max(len(span.links) for span in finished) <= 32
    assert linked(finished)["deliver"] == linked(finished)["assess"]


def test_the_spans_name_nobody_even_when_a_step_fails(world: World, kept: Kept):
    def breaks(name: str) -> None:
        if name == "compose:commit":
            raise Crash("Cem Adler, cem@mail.example")

    def refuses(outgoing: deliveries.Outgoing) -> deliveries.Outcome:
        detail = f"<{outgoing.address}> is not welcome"
        return deliveries.Outcome(kind=deliveries.OutcomeKind.REJECTED, code="550", detail=detail)

    world.email.answer = refuses
    world.post(json.dumps(event("A-cem-M-04", traceparent=CONTEXT)).encode(), drains=False)
    with pytest.raises(RuntimeError):
        drain.drain(app, world.with_gate(breaks))
    world.restart()
    world.drain()

    finished = kept.get_finished_spans()
    text = "\n".join(span.to_json() for span in finished)
    failed = [span.status.description for span in finished if span.name == "compose" and not span.status.is_ok]
    assert "Crash" in failed
    assert [word for word in ("Adler", "mail.example", *PHONES.values()) if word in text] == []
    assert [ref for ref, *_ in PEOPLE if f"-{ref}-" in text] == []


def test_without_a_tracer_nothing_is_kept(world: World):
    world.post(json.dumps(event("A-cem-M-04", traceparent=CONTEXT)).encode())

    assert not spans.is_on()
    assert batch.fetch("SELECT count(*) FROM trace_context", [], tuple[int]) == [(0,)]
