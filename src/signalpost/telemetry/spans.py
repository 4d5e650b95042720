"""Spans for OpenTelemetry: one for each batch of a stage, with links to the events it is about.

Off unless `SIGNALPOST_OTLP_ENDPOINT` is set; OpenTelemetry itself is the extra `signalpost[otel]`. Attributes are names
of steps and lanes, and numbers: nothing of a person, and nothing that an exception says.
"""

import contextlib
from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

Attributes = dict[str, str | int]


class Span(Protocol):
    """A piece of work that is being done."""

    @property
    def context(self) -> str:
        """Its place in a trace, as W3C Trace Context writes it in `traceparent`."""
        ...

    def link(self, contexts: Sequence[str]) -> None:
        """Link it to events, given by their `traceparent`; what is none is left out."""
        ...


class Tracer(Protocol):
    """What keeps spans."""

    def span(self, name: str, attributes: Attributes) -> AbstractContextManager[Span]:
        """A span for the block; one that raises is marked with the name of the exception."""
        ...


_tracers: list[Tracer] = []


def to(tracer: Tracer | None) -> None:
    """Keep spans with this tracer from now on; with `None` nowhere."""
    _tracers[:] = [tracer] if tracer is not None else []


def is_on() -> bool:
    """Whether spans are kept: what costs a query for them is done only then."""
    return bool(_tracers)


@contextlib.contextmanager
def span(name: str, attributes: Attributes) -> Generator[Span | None]:
    """A span for the block, `None` where spans are not kept."""
    if not _tracers:
        yield None
        return
    with _tracers[0].span(name, attributes) as made:
        yield made
