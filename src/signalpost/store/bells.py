"""Bells and jobs: how a stage makes the next one happen.

A *job* is enqueued in the transaction whose result needs it: a page of work, done once. A *bell* is rung after the
commit and says "look at your queue of rows": ringing twice is ringing once, and a lost ring is made good by the clock,
because the rows themselves are what waits.
"""

from django.db import transaction
from procrastinate import exceptions
from procrastinate.contrib.django import app

from signalpost.store import batch
from signalpost.vocabulary import events

#: Priority of a lane's jobs; passed on to every job that a job causes.
PRIORITY = {events.Lane.URGENT: 100, events.Lane.NORMAL: 50, events.Lane.BULK: 10}


def enqueue(step: str, lane: events.Lane, **arguments: str | int) -> None:
    """Enqueue a job in the current transaction."""
    app.configure_task(step, queue=lane, priority=PRIORITY[lane]).defer(lane=lane, **arguments)


def ring(step: str, lane: events.Lane, **arguments: str | int) -> None:
    """Ring a bell when the current transaction commits; at once when there is none."""
    transaction.on_commit(lambda: _ring(step, lane, arguments))


def _ring(step: str, lane: events.Lane, arguments: dict[str, str | int]) -> None:
    name = ":".join([step, lane, *(str(value) for value in arguments.values())])
    bell = app.configure_task(step, queue=lane, priority=PRIORITY[lane], queueing_lock=name)
    try:
        bell.defer(lane=lane, **arguments)
    except exceptions.AlreadyEnqueued:
        return


def take_off(number: int) -> None:
    """Take a job that gave up off the list."""
    batch.run("DELETE FROM procrastinate_jobs WHERE id = %s AND status = 'failed'", [number])
