"""What could not be accepted, and jobs that gave up, as the console lists them."""

import datetime as dt

import msgspec

from signalpost.store import batch
from signalpost.store.seen import asked

_QUARANTINE = """
SELECT id, body_id, position, reason, field, wanted, got, source, event_id, state, created_at, settled_at, settled_by
FROM quarantine
WHERE (%(state)s = '' OR state = %(state)s)
  AND (%(reason)s = '' OR reason = %(reason)s)
  AND (%(number)s = 0 OR id = %(number)s)
  AND (%(words)s = '' OR event_id = %(words)s OR source = %(words)s OR field = %(words)s OR id::text = %(words)s)
ORDER BY CASE WHEN %(sort)s = 'number' THEN id END, CASE WHEN %(sort)s = '-number' THEN id END DESC,
         CASE WHEN %(sort)s = 'reason' THEN reason END, CASE WHEN %(sort)s = '-reason' THEN reason END DESC, id DESC
LIMIT %(limit)s OFFSET %(offset)s
"""

_BODY = """
SELECT quarantine.id, body.channel, body.sender, body.content_type, body.body, body.headers::text AS headers,
       body.received_at
FROM quarantine JOIN body ON body.id = quarantine.body_id WHERE quarantine.id = %s
"""

# Jobs that gave up, with when.
_DEAD = """
SELECT job.id, job.task_name, job.queue_name, job.attempts, job.args::text AS arguments,
       (SELECT max(at) FROM procrastinate_events WHERE job_id = job.id AND type = 'failed') AS failed_at
FROM procrastinate_jobs AS job
WHERE job.status = 'failed' AND (%(lane)s = '' OR job.queue_name = %(lane)s)
  AND (%(step)s = '' OR job.task_name = ANY(string_to_array(%(step)s, ',')))
  AND (%(words)s = '' OR job.id::text = %(words)s OR job.task_name = %(words)s)
ORDER BY CASE WHEN %(sort)s = 'number' THEN job.id END, CASE WHEN %(sort)s = '-number' THEN job.id END DESC,
         CASE WHEN %(sort)s = 'step' THEN job.task_name END, CASE WHEN %(sort)s = '-step' THEN job.task_name END DESC,
         job.id DESC
LIMIT %(limit)s OFFSET %(offset)s
"""


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """A refusal."""

    id: int
    body_id: int
    position: int
    reason: str
    field: str
    wanted: str
    got: str
    source: str
    event_id: str
    state: str
    created_at: dt.datetime
    settled_at: dt.datetime | None
    settled_by: str


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """A body as it came."""

    id: int
    channel: str
    sender: str
    content_type: str
    body: bytes
    headers: str
    received_at: dt.datetime


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True):
    """A job that gave up."""

    id: int
    task_name: str
    queue_name: str
    attempts: int
    arguments: str
    failed_at: dt.datetime | None


def quarantined(given: asked.Asked) -> list[Refused]:
    """A page of refusals. Filters: state, reason."""
    return batch.fetch(_QUARANTINE, {"number": 0, **given.parameters()}, Refused)


def refused(number: int) -> Refused | None:
    """One refusal."""
    parameters = asked.Asked(chosen={"state": "", "reason": ""}).parameters()
    rows = batch.fetch(_QUARANTINE, {**parameters, "number": number}, Refused)
    return rows[0] if rows else None


def body(number: int) -> Body | None:
    """The body of a refusal, as it came."""
    rows = batch.fetch(_BODY, [number], Body)
    return rows[0] if rows else None


def dead_letters(given: asked.Asked) -> list[DeadLetter]:
    """A page of jobs that gave up. Filters: lane, step (several are separated by commas)."""
    return batch.fetch(_DEAD, given.parameters(), DeadLetter)
