"""The runner: steps as jobs of the queue, retried with backoff, kept as dead letters when they give up.

One worker process runs one asyncio loop of `procrastinate` and its steps in threads. A worker reserved for the urgent
lane takes nothing else; the others take every lane, the most urgent first.
"""

import datetime as dt
import logging
import random
from collections.abc import Mapping, Sequence
from typing import cast

import procrastinate
from asgiref.sync import async_to_sync
from django.db import close_old_connections
from procrastinate import exceptions, jobs, retry
from procrastinate.contrib.django import django_connector

from signalpost.telemetry import figures
from signalpost.vocabulary import events
from signalpost.work import parts, steps, tracing

logger = logging.getLogger("signalpost.work")

#: First wait before a job is tried again; doubled each time, up to the longest.
FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 300.0
#: A worker that gave no sign of life for so long is dead; its jobs are taken up by others.
DEAD_WORKER_SECONDS = 15.0
HEARTBEAT_SECONDS = 3.0
#: How often jobs of dead workers are looked for.
SWEEP_SECONDS = 5.0
#: How long a worker that is asked to stop may finish what it has in hand.
STOP_SECONDS = 30.0
#: The key under which the parts reach a step.
PARTS = "parts"

_jitter = random.SystemRandom()


class Backoff(retry.BaseRetryStrategy):
    """Exponential backoff with full jitter, bounded in number."""

    def __init__(self, attempts: int) -> None:
        """Allow so many tries in all."""
        self._attempts = attempts

    def get_retry_decision(self, *, exception: BaseException, job: jobs.Job) -> retry.RetryDecision | None:
        """When to try again, or `None` for never."""
        del exception
        if job.attempts + 1 >= self._attempts:
            return None
        longest = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2**job.attempts)
        wait = dt.timedelta(seconds=_jitter.uniform(longest / 2, longest))
        return retry.RetryDecision(retry_at=dt.datetime.now(dt.UTC) + wait)


def register(app: procrastinate.App, further: Sequence[steps.Step] = ()) -> None:
    """Make every step, and further work that is none of the path, a task of the queue, once per process."""
    for step in (*steps.STEPS, *further):
        if step.name not in app.tasks:  # pyright: ignore[reportUnknownMemberType] - of any result
            app.task(name=step.name, pass_context=True, retry=Backoff(step.attempts))(_task(step))


def _task(step: steps.Step) -> steps.Callable[..., None]:
    def run(context: procrastinate.JobContext, lane: str, **arguments: str | int) -> None:
        close_old_connections()
        context_of_worker = cast("Mapping[str, object]", context.additional_context)  # pyright: ignore[reportUnknownMemberType]
        given = context_of_worker[PARTS]
        if not isinstance(given, parts.Parts):
            raise TypeError(f"step {step.name!r}: wanted its parts, got {type(given).__name__}")
        with (
            tracing.traced(step.name, lane, arguments),
            figures.timed(figures.STEP_SECONDS, step.name, lane),
            figures.STEP_FAILURES.labels(step.name).count_exceptions(),
        ):
            step.run(given, lane=events.Lane(lane), **arguments)

    return run


async def work(
    app: procrastinate.App, given: parts.Parts, *, lanes: Sequence[events.Lane], name: str, waits: bool = True
) -> None:
    """Work on lanes until told to stop (SIGTERM, SIGINT), or with `waits` off until no job is left."""
    connector = app.connector
    if not isinstance(connector, django_connector.DjangoConnector):
        raise TypeError(f"queue: wanted Django's database, got {type(connector).__name__}")
    worker_app = app.with_connector(connector.get_worker_connector())
    async with worker_app.open_async():
        await worker_app.run_worker_async(
            queues=list(lanes),
            name=name,
            wait=waits,
            install_signal_handlers=waits,
            listen_notify=waits,
            concurrency=1,
            delete_jobs="successful",
            additional_context={PARTS: given},
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=DEAD_WORKER_SECONDS,
            shutdown_graceful_timeout=STOP_SECONDS,
            fetch_job_polling_interval=1.0,
        )


class Sweeper:
    """Gives the jobs of dead workers back to the queue, every now and then."""

    def __init__(self, app: procrastinate.App) -> None:
        """Look at this queue."""
        self._app = app
        self._next = dt.datetime.min.replace(tzinfo=dt.UTC)

    def look(self, now: dt.datetime) -> int:
        """Look when it is time again; how many jobs were taken up."""
        if now < self._next:
            return 0
        self._next = now + dt.timedelta(seconds=SWEEP_SECONDS)
        return async_to_sync(sweep)(self._app)


async def sweep(app: procrastinate.App) -> int:
    """Give the jobs of dead workers back to the queue; how many."""
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_WORKER_SECONDS))
    now = dt.datetime.now(dt.UTC)
    for job in stalled:
        try:
            await app.job_manager.retry_job(job, retry_at=now)
        except exceptions.UniqueViolation:
            # The same bell was rung meanwhile: this one has nothing left to say.
            await app.job_manager.finish_job(job, status=jobs.Status.FAILED, delete_job=True)
        logger.warning("step %s: its worker is gone, taken up again", job.task_name)
    return len(stalled)


def dead_letters(app: procrastinate.App) -> Sequence[jobs.Job]:
    """Jobs that gave up."""
    return list(app.job_manager.list_jobs(status=jobs.Status.FAILED.value))
