"""Bells and jobs: how a stage makes the next one happen.

A *job* is enqueued in the transaction whose result needs it: a page of work, done once. A *bell* is rung after the
commit and says "look at your queue of rows": ringing twice is ringing once, and a lost ring is made good by the clock,
because the rows themselves are what waits.
"""

import datetime as dt
import logging

from django import db
from django.db import transaction
from procrastinate import exceptions
from procrastinate.contrib.django import app

from signalpost.store import batch
from signalpost.vocabulary import events

logger = logging.getLogger("signalpost.store.bells")

_RUNG = "SELECT 1 FROM procrastinate_jobs WHERE queueing_lock = %s AND status = 'todo'"

#: Priority of a lane's jobs; passed on to every job that a job causes.
PRIORITY = {events.Lane.URGENT: 100, events.Lane.NORMAL: 50, events.Lane.BULK: 10}
#: Within a lane, what is ready to leave goes first: in a storm the first message does not wait for the last decision.
LEAVING = frozenset({"render", "deliver"})
LEAVING_AHEAD = 5


def enqueue(step: str, lane: events.Lane, **arguments: str | int) -> None:
    """Enqueue a job in the current transaction."""
    app.configure_task(step, queue=lane, priority=_priority(step, lane)).defer(lane=lane, **arguments)


def ring(step: str, lane: events.Lane, **arguments: str | int) -> None:
    """Ring a bell when the current transaction commits; at once when there is none."""
    transaction.on_commit(lambda: _ring(step, lane, arguments))


def _ring(step: str, lane: events.Lane, arguments: dict[str, str | int]) -> None:
    name = ":".join([step, lane, *(str(value) for value in arguments.values())])
    # One that waits begins after this moment, when what it is to be told of is committed: it will see it.
    if _is_rung(name):
        return
    bell = app.configure_task(step, queue=lane, priority=_priority(step, lane), queueing_lock=name)
    try:
        bell.defer(lane=lane, **arguments)
    except exceptions.AlreadyEnqueued:
        return
    except exceptions.ConnectorException as error:
        # What it would have told of is committed: a caller that failed here would do, or refuse, what is done already.
        logger.warning("bell %s is lost with the database, the clock rings again: %s", name, type(error).__name__)


def _priority(step: str, lane: events.Lane) -> int:
    return PRIORITY[lane] + (LEAVING_AHEAD if step in LEAVING else 0)


def _is_rung(name: str) -> bool:
    """Whether a bell waits. Asking costs less than being refused a second one, and under load most would be."""
    try:
        return bool(batch.fetch(_RUNG, [name], tuple[int]))
    except db.Error as error:
        logger.warning("bell %s is lost with the database, the clock rings again: %s", name, type(error).__name__)
        return True


def put_back(number: int) -> bool:
    """Put a job that gave up back into the queue; whether there was one. One rung again since is taken off the list."""
    if not batch.fetch("SELECT 1 FROM procrastinate_jobs WHERE id = %s AND status = 'failed'", [number], tuple[int]):
        return False
    try:
        with transaction.atomic():
            app.job_manager.retry_job_by_id(number, retry_at=dt.datetime.now(dt.UTC))
    except exceptions.UniqueViolation:
        batch.run("DELETE FROM procrastinate_jobs WHERE id = %s AND status = 'failed'", [number])
    return True
