"""A span for each job, linked to the events it is about."""

import contextlib
import datetime as dt
from collections.abc import Generator, Mapping

from signalpost.store import traces
from signalpost.telemetry import spans


@contextlib.contextmanager
def traced(step: str, lane: str, arguments: Mapping[str, str | int]) -> Generator[None]:
    """Keep a span for a job, while spans are kept at all."""
    if not spans.is_on():
        yield
        return
    begun = dt.datetime.now(dt.UTC)
    with spans.span(step, {"signalpost.step": step, "signalpost.lane": lane}) as span:
        known = _before(step, arguments)
        yield
        if span is not None:
            span.link(known or _after(step, begun))


def _before(step: str, arguments: Mapping[str, str | int]) -> list[str]:
    """What a job is about by its arguments: afterwards it is done, and no longer in the index of what waits."""
    match step:
        case "choose":
            return traces.of_changes(str(arguments["change"]).split())
        case "compose":
            return traces.of_page(int(arguments["page"]))
        case _:
            return []


def _after(step: str, begun: dt.datetime) -> list[str]:
    """What a job turned out to be about."""
    match step:
        case "assess":
            return traces.carry()
        case "deliver":
            return traces.of_attempts(begun)
        case "follow":
            return traces.of_receipts(begun)
        case _:
            return []
