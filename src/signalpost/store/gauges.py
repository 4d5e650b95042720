"""Figures that the database knows, for Prometheus: each a bounded look at an index, whatever the number of rows."""

import datetime as dt

import msgspec

from signalpost.store import batch, overview, traffic
from signalpost.vocabulary import traffic as nouns

#: A scrape that takes longer than this is given up; the processes' own figures are answered all the same.
LONGEST_LOOK_MILLISECONDS = 5_000

# Jobs that wait or run, by step and lane. The queue's own index is on its waiting jobs.
_JOBS = """
SELECT task_name, queue_name, status::text, count(*) FROM (
    SELECT task_name, queue_name, status FROM procrastinate_jobs WHERE status IN ('todo', 'doing', 'failed')
    LIMIT %(cap)s) AS found
GROUP BY task_name, queue_name, status
"""

# Since when the oldest of what waits for each stage has waited; each the head of the partial index that is its queue.
_OLDEST = """
SELECT 'assess', (SELECT min(received_at) FROM (SELECT received_at FROM event WHERE noted = '' ORDER BY id LIMIT 100)
                  AS head)
UNION ALL
SELECT 'choose', (SELECT min(change.at) FROM (SELECT DISTINCT change_id FROM (SELECT change_id FROM affected
                  WHERE NOT is_decided LIMIT %(cap)s) AS waiting) AS found JOIN change ON change.ref = found.change_id)
UNION ALL
SELECT 'compose', (SELECT min(decided_at) FROM (SELECT decided_at FROM decision WHERE state = 'decided'
                   ORDER BY page LIMIT 1000) AS head)
UNION ALL
SELECT 'deliver', (SELECT min(due_at) FROM (SELECT due_at FROM delivery WHERE state = 'due' AND due_at <= %(now)s
                   LIMIT %(cap)s) AS waiting)
UNION ALL
SELECT 'follow', (SELECT min(received_at) FROM (SELECT received_at FROM receipt WHERE followed_at IS NULL
                  ORDER BY id LIMIT 100) AS head)
UNION ALL
SELECT 'keep', (SELECT min(at) FROM (SELECT at FROM log_fact WHERE sequence IS NULL ORDER BY id LIMIT 100) AS head)
"""

_QUARANTINE = """
SELECT reason, count(*) FROM (SELECT reason FROM quarantine WHERE state = 'open' LIMIT %(cap)s) AS found GROUP BY reason
"""


class Jobs(msgspec.Struct, frozen=True, kw_only=True):
    """Jobs of the queue: `todo`, `doing` or `failed`."""

    task_name: str
    queue_name: str
    status: str
    count: int


class Gauges(msgspec.Struct, frozen=True, kw_only=True):
    """What the database knows at one moment."""

    at: dt.datetime
    numbers: overview.Numbers
    jobs: list[Jobs]
    queues: list[overview.Queue]
    #: Channel, outcome, how many: attempts of the last hour.
    attempts: list[tuple[str, str, int]]
    #: Stage → since when its oldest has waited; stages where nothing waits are not named.
    oldest: dict[str, dt.datetime]
    #: Reason → open refusals.
    quarantine: dict[str, int]
    #: Names of what is paused.
    paused: list[str]
    #: Relays and centres behind the channels.
    providers: list[nouns.Provider]


def read(now: dt.datetime) -> Gauges:
    """Everything, in the transaction that the caller began: its time is bounded."""
    batch.run("SELECT set_config('statement_timeout', %s, true)", [str(LONGEST_LOOK_MILLISECONDS)])
    cap = {"cap": overview.COUNTED_ROWS, "now": now}
    oldest = batch.fetch(_OLDEST, cap, tuple[str, dt.datetime | None])
    return Gauges(
        at=now,
        numbers=overview.numbers(now),
        jobs=batch.fetch(_JOBS, cap, Jobs),
        queues=overview.queues(now),
        attempts=overview.attempts(now),
        oldest={stage: since for stage, since in oldest if since is not None},
        quarantine=dict(batch.fetch(_QUARANTINE, cap, tuple[str, int])),
        paused=[switch.name for switch in overview.switches()],
        providers=traffic.providers(),
    )
