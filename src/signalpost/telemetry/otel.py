"""OpenTelemetry behind `spans`, imported only where an endpoint is set: it is an extra, `signalpost[otel]`."""

import atexit
import contextlib
from collections.abc import Generator, Sequence

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http import trace_exporter
from opentelemetry.sdk import resources
from opentelemetry.sdk import trace as sdk
from opentelemetry.sdk.trace import export
from opentelemetry.trace.propagation import tracecontext

from signalpost.telemetry import spans

_HEADER = "traceparent"
_propagator = tracecontext.TraceContextTextMapPropagator()


def tracer_to(endpoint: str) -> "Tracer":
    """A tracer that sends spans in batches over OTLP/HTTP, for instance to `http://collector:4318/v1/traces`."""
    return Tracer(export.BatchSpanProcessor(trace_exporter.OTLPSpanExporter(endpoint=endpoint)))


class Tracer:
    """Keeps spans with a processor of OpenTelemetry's."""

    def __init__(self, processor: sdk.SpanProcessor) -> None:
        """Give every span to this processor; what waits in it is sent at the end of the process."""
        provider = sdk.TracerProvider(resource=resources.Resource.create({"service.name": "signalpost"}))
        provider.add_span_processor(processor)
        atexit.register(provider.shutdown)
        self._tracer = provider.get_tracer("signalpost")

    @contextlib.contextmanager
    def span(self, name: str, attributes: spans.Attributes) -> Generator["Span"]:
        """A span for the block; of an exception only its name is kept."""
        with self._tracer.start_as_current_span(
            name, attributes=attributes, record_exception=False, set_status_on_exception=False
        ) as made:
            try:
                yield Span(made)
            except BaseException as error:
                made.set_status(trace.Status(trace.StatusCode.ERROR, type(error).__qualname__))
                raise


class Span:
    """A span of OpenTelemetry's."""

    def __init__(self, made: trace.Span) -> None:
        """Stand for this span."""
        self._made = made

    @property
    def context(self) -> str:
        """Its `traceparent`."""
        carrier: dict[str, str] = {}
        _propagator.inject(carrier, trace.set_span_in_context(self._made))
        return carrier[_HEADER]

    def link(self, contexts: Sequence[str]) -> None:
        """Link it to these."""
        for context in contexts:
            linked = trace.get_current_span(_propagator.extract({_HEADER: context})).get_span_context()
            if linked.is_valid:
                self._made.add_link(linked)
