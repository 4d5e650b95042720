"""What the doctor asks the database: its server, the queue, and what a person has to look at. Each a bounded look."""

import datetime as dt

import msgspec

from signalpost.store import batch

#: What waits longer than this for a worker is stuck.
WAITING_SECONDS = 300
#: A worker that gave no sign of life for so long is gone; its jobs are stalled until the sweep.
HEARTBEAT_SECONDS = 60
_CAP = 10_000

_SERVER = """
SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS version_text,
       pg_encoding_to_char(encoding) AS encoding, datcollate AS collation, clock_timestamp() AS now,
       pg_database_size(oid) AS bytes, pg_is_in_recovery() AS is_standby,
       current_setting('max_connections')::int AS connections_most,
       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections
FROM pg_database WHERE datname = current_database()
"""

_QUEUE = """
SELECT (SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '15 seconds') AS workers,
       (SELECT count(*) FROM procrastinate_jobs AS job LEFT JOIN procrastinate_workers AS worker
               ON worker.id = job.worker_id
        WHERE job.status = 'doing' AND (worker.last_heartbeat IS NULL
              OR worker.last_heartbeat < now() - make_interval(secs => %(heartbeat)s))) AS stalled,
       (SELECT count(*) FROM (SELECT FROM procrastinate_jobs WHERE status = 'failed' LIMIT %(cap)s) AS found) AS dead,
       (SELECT count(*) FROM (SELECT FROM procrastinate_jobs AS job WHERE status = 'todo'
               AND COALESCE(scheduled_at, (SELECT min(at) FROM procrastinate_events WHERE job_id = job.id))
                   < now() - make_interval(secs => %(waiting)s) LIMIT %(cap)s) AS found) AS late,
       (SELECT count(*) FROM (SELECT FROM quarantine WHERE state = 'open' LIMIT %(cap)s) AS found) AS quarantined,
       (SELECT count(*) FROM (SELECT FROM delivery WHERE state = 'unclear' AND due_at IS NULL LIMIT %(cap)s) AS found)
           AS undecided,
       (SELECT count(*) FROM endpoint WHERE disabled_at IS NOT NULL) AS disabled
"""

_PAUSED = "SELECT name, paused_at FROM switch ORDER BY name"

_WITHOUT_TEMPLATE = """
SELECT name FROM communication_type AS kind
WHERE NOT EXISTS (SELECT FROM template_version AS version
                  WHERE version.communication_id = kind.name AND version.state = 'live')
ORDER BY name LIMIT 100
"""
_TEMPLATES = """
SELECT (SELECT count(*) FROM communication_type), (SELECT count(*) FROM template_version WHERE state = 'live')
"""


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """The database server."""

    #: As PostgreSQL numbers it: 180004 is 18.4.
    version: int
    version_text: str
    encoding: str
    collation: str
    now: dt.datetime
    bytes: int
    is_standby: bool
    connections_most: int
    connections: int


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """The queue, and what waits for a person."""

    workers: int
    #: Jobs whose worker gives no sign of life.
    stalled: int
    #: Jobs that gave up.
    dead: int
    #: Jobs that wait longer than they should.
    late: int
    quarantined: int
    undecided: int
    #: Endpoints that get no news any more.
    disabled: int


def server() -> Server:
    """The database server."""
    return batch.fetch(_SERVER, [], Server)[0]


def queue() -> Queue:
    """The queue, and what waits for a person."""
    given = {"heartbeat": HEARTBEAT_SECONDS, "waiting": WAITING_SECONDS, "cap": _CAP}
    return batch.fetch(_QUEUE, given, Queue)[0]


def paused() -> list[tuple[str, dt.datetime]]:
    """What is paused, and since when."""
    return batch.fetch(_PAUSED, [], tuple[str, dt.datetime])


def templates() -> tuple[int, int, list[str]]:
    """How many communication types there are, how many template versions are live, and which types have none."""
    ((types, live),) = batch.fetch(_TEMPLATES, [], tuple[int, int])
    return types, live, [name for (name,) in batch.fetch(_WITHOUT_TEMPLATE, [], tuple[str])]
