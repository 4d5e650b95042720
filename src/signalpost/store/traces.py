"""Trace contexts of events, and which of them a batch is about. Asked only while traces are on; looks are bounded."""

import datetime as dt
from collections.abc import Sequence

from signalpost.store import batch

#: Links of one span: a batch of a storm is about thousands of events, and a few of them lead to the rest.
LINKS = 32
KEPT_DAYS = 7
_ROWS = 500

_SAVE = """
INSERT INTO trace_context (source, event_id, context, ref, at)
SELECT source, id, context, '', %s FROM json_to_recordset(%s::json) AS given(source text, id text, context text)
ON CONFLICT (source, event_id) DO NOTHING
"""

# What the events led to, once `assess` has looked at them.
_CARRY = """
UPDATE trace_context AS kept SET ref = COALESCE(NULLIF(event.ref, ''), '-')
FROM event WHERE kept.ref = '' AND event.source = kept.source AND event.event_id = kept.event_id AND event.noted <> ''
RETURNING kept.context
"""

_OF_CHANGES = "WITH decided AS (SELECT ref AS change, situation FROM change WHERE ref = ANY(%(refs)s)) "
_OF_PAGE = """
WITH decided AS (SELECT DISTINCT change, situation FROM decision WHERE page = %(page)s AND state = 'decided')
"""
_OF_ATTEMPTS = """
WITH tried AS (SELECT delivery_id FROM attempt WHERE started_at >= %(since)s LIMIT %(rows)s),
decided AS (SELECT DISTINCT decision.change, decision.situation FROM tried
            JOIN delivery ON delivery.ref = tried.delivery_id JOIN decision ON decision.ref = delivery.communication_id)
"""
_OF_RECEIPTS = """
WITH latest AS (SELECT delivery, followed_at FROM receipt ORDER BY id DESC LIMIT %(rows)s),
decided AS (SELECT DISTINCT decision.change, decision.situation FROM latest
            JOIN delivery ON delivery.ref = latest.delivery JOIN decision ON decision.ref = delivery.communication_id
            WHERE latest.followed_at >= %(since)s)
"""
_CONTEXTS = """
SELECT DISTINCT context FROM trace_context WHERE ref IN (
    SELECT change FROM decided UNION SELECT situation FROM decided
    UNION SELECT alarm.ref FROM alarm JOIN decided ON alarm.incident = decided.situation)
LIMIT %(links)s
"""


def save(contexts: Sequence[tuple[str, str, str]], *, now: dt.datetime) -> None:
    """Keep the contexts of events, given as (source, id, context), and let go of those of long ago."""
    rows = [{"source": source, "id": event_id, "context": context} for source, event_id, context in contexts]
    batch.run("DELETE FROM trace_context WHERE at < %s", [now - dt.timedelta(days=KEPT_DAYS)])
    batch.run(_SAVE, [now, batch.encode(rows)])


def carry() -> list[str]:
    """Note what events led to; the contexts of those that were assessed since the last time."""
    return [context for (context,) in batch.fetch(_CARRY, [], tuple[str])][:LINKS]


def of_changes(refs: Sequence[str]) -> list[str]:
    """Contexts of the events that led to changes."""
    return _listed(batch.fetch(_OF_CHANGES + _CONTEXTS, {"refs": list(refs), "links": LINKS}, tuple[str]))


def of_page(page: int) -> list[str]:
    """Contexts behind the notices of a page that waits for `compose`."""
    return _listed(batch.fetch(_OF_PAGE + _CONTEXTS, {"page": page, "links": LINKS}, tuple[str]))


def of_attempts(since: dt.datetime) -> list[str]:
    """Contexts behind what was attempted since a moment."""
    given = {"since": since, "rows": _ROWS, "links": LINKS}
    return _listed(batch.fetch(_OF_ATTEMPTS + _CONTEXTS, given, tuple[str]))


def of_receipts(since: dt.datetime) -> list[str]:
    """Contexts behind the receipts that were followed since a moment."""
    given = {"since": since, "rows": _ROWS, "links": LINKS}
    return _listed(batch.fetch(_OF_RECEIPTS + _CONTEXTS, given, tuple[str]))


def _listed(rows: Sequence[tuple[str]]) -> list[str]:
    return [context for (context,) in rows]
