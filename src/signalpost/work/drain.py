"""Draining: every step that waits, one after another in this process, until nothing is left.

For tests, `signalpost try` and repairs: the same step functions and the same jobs as the workers', without the workers.
"""

import asyncio
from concurrent import futures

import procrastinate
from django import db
from django.utils import timezone

from signalpost.vocabulary import events
from signalpost.work import calendar, parts, runner


def drain(app: procrastinate.App, given: parts.Parts) -> None:
    """Run until neither a job nor a due row is left; what waits for a later time stays.

    Raises:
        RuntimeError: a job failed for good; its error was logged.
    """
    while True:
        calendar.tick(given, now=timezone.now())
        if not asyncio.run(_run_jobs(app, given)):
            return
        failed = [job for job in runner.dead_letters(app) if job.id is not None]
        waiting = [job for job in app.job_manager.list_jobs(status="todo") if job.attempts]
        if failed or waiting:
            names = ", ".join(sorted({job.task_name for job in [*failed, *waiting]}))
            raise RuntimeError(f"draining: wanted every step to end well, got failures of {names}; see the log")


async def _run_jobs(app: procrastinate.App, given: parts.Parts) -> int:
    """Run the jobs there are; how many there were."""
    waiting = len(list(await app.job_manager.list_jobs_async(status="todo")))
    if not waiting:
        return 0
    # Steps run in one thread, whose database connection ends with it.
    loop = asyncio.get_running_loop()
    loop.set_default_executor(futures.ThreadPoolExecutor(1, thread_name_prefix="drain"))
    try:
        await runner.work(app, given, lanes=list(events.Lane), name="drain", waits=False)
    finally:
        await loop.run_in_executor(None, db.connections.close_all)
    return waiting
