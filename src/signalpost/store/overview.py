"""The path in numbers: what waits, flows and fails at each stage, now.

Each number is one look at an index, and stops counting at a limit, so that looking costs the same beside a million rows
as beside none.
"""

import datetime as dt

import msgspec

from signalpost.store import batch

#: Counting ends here; the console shows "100,000+".
COUNTED_ROWS = 100_000
MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
#: Open incidents and waiting channels shown at once.
SHOWN = 50

# What waits for each stage, in the partial index that is its queue.
_WAITING = """
SELECT 'assess', (SELECT count(*) FROM (SELECT FROM event WHERE noted = '' LIMIT %(cap)s) AS found)
UNION ALL
SELECT 'choose', (SELECT count(*) FROM (SELECT FROM affected WHERE NOT is_decided LIMIT %(cap)s) AS found)
UNION ALL
SELECT 'compose', (SELECT count(*) FROM (SELECT FROM decision WHERE state = 'decided' LIMIT %(cap)s) AS found)
UNION ALL
SELECT 'deliver', (SELECT count(*) FROM (SELECT FROM delivery WHERE state = 'due' AND due_at <= %(now)s LIMIT %(cap)s)
                   AS found)
UNION ALL
SELECT 'follow', (SELECT count(*) FROM (SELECT FROM receipt WHERE followed_at IS NULL LIMIT %(cap)s) AS found)
UNION ALL
SELECT 'keep', (SELECT count(*) FROM (SELECT FROM log_fact WHERE sequence IS NULL LIMIT %(cap)s) AS found)
UNION ALL
SELECT 'report', (SELECT COALESCE(max(sequence), 0) FROM log_fact)
               - (SELECT COALESCE(max(position), 0) FROM log_cursor WHERE name = 'report')
"""

# What each stage did since a moment, by the indices over time.
_FLOWED = """
SELECT 'accept', (SELECT count(*) FROM (SELECT FROM event WHERE received_at >= %(since)s LIMIT %(cap)s) AS found)
UNION ALL
SELECT 'assess', (SELECT count(*) FROM (SELECT FROM event WHERE received_at >= %(since)s AND noted <> '' LIMIT %(cap)s)
                  AS found)
UNION ALL
SELECT 'choose', (SELECT count(*) FROM (SELECT FROM decision WHERE decided_at >= %(since)s AND kind <> 'status'
                                        LIMIT %(cap)s) AS found)
UNION ALL
SELECT 'compose', (SELECT count(*) FROM (SELECT FROM decision WHERE decided_at >= %(since)s AND kind <> 'status'
                                         AND state = 'composed' LIMIT %(cap)s) AS found)
UNION ALL
SELECT 'deliver', (SELECT count(*) FROM (SELECT FROM attempt WHERE started_at >= %(since)s LIMIT %(cap)s) AS found)
UNION ALL
SELECT 'follow', (SELECT count(*) FROM (SELECT FROM receipt WHERE received_at >= %(since)s LIMIT %(cap)s) AS found)
UNION ALL
SELECT 'keep', (SELECT count(*) FROM (SELECT FROM log_fact WHERE at >= %(since)s LIMIT %(cap)s) AS found)
UNION ALL
SELECT 'report', (SELECT count(*) FROM (SELECT FROM decision WHERE decided_at >= %(since)s AND kind = 'status'
                                        LIMIT %(cap)s) AS found)
"""

# What went wrong and still does, or did since a moment.
_FAILED = """
SELECT 'quarantined', (SELECT count(*) FROM (SELECT FROM quarantine WHERE state = 'open' LIMIT %(cap)s) AS found)
UNION ALL
SELECT 'faulty', (SELECT count(*) FROM (SELECT FROM event WHERE noted = 'faulty' AND assessed_at >= %(since)s
                                        LIMIT %(cap)s) AS found)
UNION ALL
SELECT 'incomplete', (SELECT count(*) FROM (SELECT FROM decision WHERE state = 'incomplete' AND decided_at >= %(since)s
                                            LIMIT %(cap)s) AS found)
UNION ALL
SELECT 'failed', (SELECT count(*) FROM (SELECT FROM delivery WHERE state = 'failed' AND changed_at >= %(since)s
                                        LIMIT %(cap)s) AS found)
UNION ALL
SELECT 'unclear', (SELECT count(*) FROM (SELECT FROM delivery WHERE state = 'unclear' LIMIT %(cap)s) AS found)
UNION ALL
SELECT 'unmatched', (SELECT count(*) FROM (SELECT FROM receipt WHERE received_at >= %(since)s AND result = 'unmatched'
                                           LIMIT %(cap)s) AS found)
UNION ALL
SELECT 'disabled', (SELECT count(*) FROM endpoint WHERE disabled_at IS NOT NULL)
"""

# Jobs that gave up, by step.
_DEAD = "SELECT task_name, count(*) FROM procrastinate_jobs WHERE status = 'failed' GROUP BY task_name"

# Incidents that go on, the worst and largest first.
_INCIDENTS = """
SELECT incident.ref, COALESCE(area.name, incident.area) AS area, incident.cause, incident.severity, incident.state,
       incident.opened_at, incident.active_count, incident.member_count, incident.restoration_at
FROM incident LEFT JOIN area ON area.ref = incident.area
WHERE incident.state <> 'resolved' ORDER BY incident.severity DESC, incident.active_count DESC, incident.ref
LIMIT %(shown)s
"""

# What waits on each channel, and for how long.
_CHANNELS = """
SELECT via, lane, count(*) AS waiting, min(due_at) AS oldest_due_at
FROM (SELECT via, lane, due_at FROM delivery WHERE state = 'due' AND due_at <= %(now)s LIMIT %(cap)s) AS due
WHERE via <> '' GROUP BY via, lane ORDER BY via, lane
"""

# What came of the attempts on each channel since a moment.
_ATTEMPTS = """
SELECT delivery.via, COALESCE(NULLIF(tried.kind, ''), 'running'), count(*)
FROM (SELECT delivery_id, kind FROM attempt WHERE started_at >= %(since)s LIMIT %(cap)s) AS tried
JOIN delivery ON delivery.ref = tried.delivery_id GROUP BY 1, 2 ORDER BY 1, 2
"""

_SWITCHES = "SELECT name, paused_by, paused_at, reason FROM switch ORDER BY name"


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """An incident that goes on."""

    ref: str
    area: str
    cause: str
    severity: int
    state: str
    opened_at: dt.datetime
    active_count: int
    member_count: int
    restoration_at: dt.datetime | None


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """What is due on a channel in a lane."""

    via: str
    lane: str
    waiting: int
    oldest_due_at: dt.datetime


class Switch(msgspec.Struct, frozen=True, kw_only=True):
    """A pause: who asked for it, when and why."""

    name: str
    paused_by: str
    paused_at: dt.datetime
    reason: str


class Numbers(msgspec.Struct, frozen=True, kw_only=True):
    """The path at one moment. Stages and failures by name; what is not named is nought."""

    at: dt.datetime
    waiting: dict[str, int]
    last_minute: dict[str, int]
    last_hour: dict[str, int]
    #: By kind: `quarantined` `unclear` `disabled` as it stands; `faulty` `incomplete` `failed` `unmatched` of a day.
    failed: dict[str, int]
    #: Jobs that gave up, by step.
    dead: dict[str, int]


def numbers(now: dt.datetime) -> Numbers:
    """What waits, flows and fails."""
    return Numbers(
        at=now,
        waiting=_counts_waiting(now),
        last_minute=dict(batch.fetch(_FLOWED, {"since": now - MINUTE, "cap": COUNTED_ROWS}, tuple[str, int])),
        last_hour=dict(batch.fetch(_FLOWED, {"since": now - HOUR, "cap": COUNTED_ROWS}, tuple[str, int])),
        failed=dict(batch.fetch(_FAILED, {"since": now - DAY, "cap": COUNTED_ROWS}, tuple[str, int])),
        dead=dict(batch.fetch(_DEAD, [], tuple[str, int])),
    )


def _counts_waiting(now: dt.datetime) -> dict[str, int]:
    found = dict(batch.fetch(_WAITING, {"now": now, "cap": COUNTED_ROWS}, tuple[str, int]))
    return found | {"accept": 0}


def open_incidents() -> list[Incident]:
    """Incidents that go on, the worst first."""
    return batch.fetch(_INCIDENTS, {"shown": SHOWN}, Incident)


def queues(now: dt.datetime) -> list[Queue]:
    """What is due, by channel and lane."""
    return batch.fetch(_CHANNELS, {"now": now, "cap": COUNTED_ROWS}, Queue)


def attempts(now: dt.datetime) -> list[tuple[str, str, int]]:
    """Attempts of the last hour: channel, outcome, how many."""
    return batch.fetch(_ATTEMPTS, {"since": now - HOUR, "cap": COUNTED_ROWS}, tuple[str, str, int])


def switches() -> list[Switch]:
    """What is paused."""
    return batch.fetch(_SWITCHES, [], Switch)
