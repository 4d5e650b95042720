"""The trace contexts that events bring along: CloudEvents' distributed tracing extension."""

import re
from collections.abc import Sequence
from typing import cast

import msgspec

from signalpost.store import traces
from signalpost.telemetry import spans
from signalpost.vocabulary import events

_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_NAME = "traceparent"


class _Envelope(msgspec.Struct):
    traceparent: object = ""


def keep(new: Sequence[tuple[events.Raw, int, events.Event]], span: spans.Span) -> None:
    """Keep the context of each new event, given with the body it came in and its position in that.

    One that brings none belongs to the span that accepted it; the span is linked to those that the others bring.
    """
    brought = [_context(raw, position) for raw, position, _ in new]
    span.link([context for context in brought if context][: traces.LINKS])
    rows = [
        (event.source, event.id, context or span.context) for (_, _, event), context in zip(new, brought, strict=True)
    ]
    if rows:
        traces.save(rows, now=new[0][2].received_at)


def _context(raw: events.Raw, position: int) -> str:
    """The context that an event brings, "" for none or one that is not well-formed."""
    in_header = dict(raw.headers).get(f"ce-{_NAME}", "")
    if in_header:
        return in_header if _TRACEPARENT.fullmatch(in_header) else ""
    if _NAME.encode() not in raw.body:
        return ""
    try:
        content = cast("_Envelope | list[_Envelope]", msgspec.json.decode(raw.body, type=_Envelope | list[_Envelope]))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ""
    envelopes = content if isinstance(content, list) else [content]
    found = envelopes[position].traceparent if position < len(envelopes) else ""
    return found if isinstance(found, str) and _TRACEPARENT.fullmatch(found) else ""
