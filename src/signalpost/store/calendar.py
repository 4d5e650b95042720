"""What the clock looks at: due times on rows. Each question is one look at a partial index."""

import datetime as dt
from collections.abc import Sequence

from signalpost.store import batch, leases

_SITUATIONS = """
SELECT EXISTS (SELECT 1 FROM alarm WHERE state = 'pending' AND due_at <= %s)
    OR EXISTS (SELECT 1 FROM alarm WHERE state IN ('open', 'acknowledged') AND incident = '' AND area <> ''
               AND raised_at <= %s)
    OR EXISTS (SELECT 1 FROM member WHERE tell_restored_at <= %s)
    OR EXISTS (SELECT 1 FROM incident WHERE state <> 'resolved' AND restoration_at <= %s
               AND NOT EXISTS (SELECT 1 FROM alarm WHERE subject = incident.ref AND kind = 'estimate_passed'
                               AND alarm.state <> 'cleared'))
"""

_SILENT = """
SELECT EXISTS (
    SELECT 1 FROM json_to_recordset(%s::json) AS rule(device_type text, kind text, since timestamptz)
    JOIN device ON (device.type = rule.device_type OR rule.device_type = '') AND device.seen_at < rule.since
    WHERE NOT EXISTS (SELECT 1 FROM alarm WHERE alarm.subject = device.ref AND alarm.kind = rule.kind
                      AND alarm.state <> 'cleared'))
"""

_UNSETTLED = """
SELECT EXISTS (SELECT 1 FROM attempt WHERE finished_at IS NULL AND started_at < %s)
    OR EXISTS (SELECT 1 FROM delivery WHERE state = 'unclear' AND due_at <= %s)
"""

# Channels and lanes where something is due, laid out, and not held back by an earlier one of its line.
_DELIVERIES = """
SELECT DISTINCT via, lane FROM delivery AS d WHERE state = 'due' AND due_at <= %s AND rendition <> ''
  AND (ordering_key = '' OR NOT EXISTS (
      SELECT 1 FROM delivery AS earlier
      WHERE earlier.ordering_key = d.ordering_key AND earlier.state IN ('due', 'attempting', 'unclear')
        AND (earlier.created_at, earlier.ref) < (d.created_at, d.ref)))
"""


def lanes_with_events() -> list[str]:
    """Lanes with events that wait for `assess`."""
    rows = batch.fetch("SELECT DISTINCT lane FROM event WHERE noted = ''", [], tuple[str])
    return [lane for (lane,) in rows]


def has_due_situations(
    now: dt.datetime, *, isolated_before: dt.datetime | None, silences: Sequence[tuple[str, str, dt.datetime]]
) -> bool:
    """Whether anything in the situations falls due: durations, isolated alarms, members, estimates, silence."""
    never = dt.datetime.min.replace(tzinfo=dt.UTC)
    if batch.fetch(_SITUATIONS, [now, isolated_before or never, now, now], tuple[bool])[0][0]:
        return True
    rules = [{"device_type": device, "kind": kind, "since": since} for device, kind, since in silences]
    return bool(rules) and batch.fetch(_SILENT, [batch.encode(rules)], tuple[bool])[0][0]


def deliveries_due(now: dt.datetime) -> list[tuple[str, str]]:
    """Channels and lanes where something is due."""
    return batch.fetch(_DELIVERIES, [now], tuple[str, str])


def lanes_to_render() -> list[str]:
    """Lanes with started deliveries that have no rendition yet."""
    rows = batch.fetch("SELECT DISTINCT lane FROM delivery WHERE state = 'due' AND rendition = ''", [], tuple[str])
    return [lane for (lane,) in rows]


def has_unsettled(*, started_before: dt.datetime, gone_before: dt.datetime, now: dt.datetime) -> bool:
    """Whether attempts lost their sender, leases came or went, or unclear deliveries have waited long enough."""
    return (
        leases.stirs(gone_before=gone_before, now=now)
        or batch.fetch(_UNSETTLED, [started_before, now], tuple[bool])[0][0]
    )


def has_unsealed_facts() -> bool:
    """Whether facts wait for `keep`."""
    return batch.fetch("SELECT EXISTS (SELECT 1 FROM log_fact WHERE sequence IS NULL)", [], tuple[bool])[0][0]


def has_unreported_facts(reader: str) -> bool:
    """Whether sealed facts wait for a reader of the log."""
    return batch.fetch(
        """
        SELECT COALESCE((SELECT max(sequence) FROM log_fact), 0)
             > COALESCE((SELECT position FROM log_cursor WHERE name = %s), 0)
        """,
        [reader],
        tuple[bool],
    )[0][0]


def has_due_releases(now: dt.datetime, *, reader: str, position: int) -> bool:
    """Whether a release is to go live or to end, or a reader that looks once a night has not come so far."""
    return batch.fetch(
        """
        SELECT EXISTS (SELECT 1 FROM release WHERE state = 'scheduled' AND effective_from <= %(now)s)
            OR EXISTS (SELECT 1 FROM release WHERE state = 'live' AND effective_to <= %(now)s)
            OR NOT EXISTS (SELECT 1 FROM log_cursor WHERE name = %(reader)s AND position >= %(position)s)
        """,
        {"now": now, "reader": reader, "position": position},
        tuple[bool],
    )[0][0]
