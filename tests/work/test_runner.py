"""The runner: lanes, retries, dead letters, pauses, and workers that are killed or asked to stop."""

import asyncio
import datetime as dt
import http.server
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent import futures

import pytest
from django import db
from django.conf import settings as django_settings
from procrastinate import jobs
from procrastinate.contrib.django import app
from tests.path.test_documents import bill
from tests.path.world import METERS, Crash, World

from signalpost.acts import operate
from signalpost.store import batch, bells
from signalpost.vocabulary import events
from signalpost.work import drain, runner
from signalpost.work import parts as work_parts

#: Longest wait for another process; a busy machine needs some of it.
PATIENCE_SECONDS = 60


def work_off(world: World, *lanes: events.Lane, parts: work_parts.Parts | None = None) -> None:
    """One worker takes what waits in its lanes and stops."""

    async def run() -> None:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(futures.ThreadPoolExecutor(1))
        try:
            await runner.work(app, parts or world.parts, lanes=list(lanes), name="test", waits=False)
        finally:
            await loop.run_in_executor(None, db.connections.close_all)

    asyncio.run(run())


def waiting() -> list[tuple[str, str, int]]:
    return [
        (job.task_name, job.queue, job.attempts) for job in app.job_manager.list_jobs(status=jobs.Status.TODO.value)
    ]


def test_the_reserved_worker_takes_urgent_work_only(world: World):
    app.job_manager.list_jobs()
    world.change("DELETE FROM procrastinate_jobs")
    bells.ring("keep", events.Lane.NORMAL)
    bells.ring("assess", events.Lane.URGENT)

    work_off(world, events.Lane.URGENT)

    assert waiting() == [("keep", "normal", 0)]


def test_the_most_urgent_work_is_taken_first_and_passes_its_priority_on(world: World):
    world.change("DELETE FROM procrastinate_jobs")
    for lane in (events.Lane.BULK, events.Lane.NORMAL, events.Lane.URGENT):
        bells.ring("watch", lane)
    taken: list[str] = []

    def gate(name: str) -> None:
        taken.append(name)

    work_off(world, *events.Lane, parts=world.with_gate(gate))
    done = batch.fetch("SELECT priority FROM procrastinate_jobs WHERE task_name = 'watch' ORDER BY id", [], tuple[int])
    world.meters_say("LG", METERS)

    assert taken.count("watch:begin") == 3
    assert done == []
    assert batch.fetch("SELECT queue_name, priority FROM procrastinate_jobs", [], tuple[str, int]) == [("urgent", 100)]


def test_a_bell_that_rings_twice_is_one_job(world: World):
    world.change("DELETE FROM procrastinate_jobs")

    bells.ring("keep", events.Lane.NORMAL)
    bells.ring("keep", events.Lane.NORMAL)

    assert waiting() == [("keep", "normal", 0)]


def _failing(world: World, name: str) -> work_parts.Parts:
    def gate(passed: str) -> None:
        if passed == name:
            raise Crash(name)

    return world.with_gate(gate)


def test_a_step_that_fails_is_tried_again_later_each_time_and_ends_as_a_dead_letter(world: World):
    world.change("DELETE FROM procrastinate_jobs")
    bells.ring("keep", events.Lane.NORMAL)
    waits: list[float] = []

    for _ in range(2):
        work_off(world, *events.Lane, parts=_failing(world, "keep:begin"))
        ((at,),) = batch.fetch("SELECT scheduled_at FROM procrastinate_jobs", [], tuple[dt.datetime])
        waits.append((at - dt.datetime.now(dt.UTC)).total_seconds())
        world.change("UPDATE procrastinate_jobs SET scheduled_at = NULL")
    work_off(world, *events.Lane, parts=_failing(world, "keep:begin"))

    assert -3 < waits[0] < runner.FIRST_WAIT_SECONDS
    assert -3 < waits[1] < 2 * runner.FIRST_WAIT_SECONDS
    assert [job.task_name for job in runner.dead_letters(app)] == ["keep"]
    world.restart()


def _dead_letter(world: World) -> int:
    world.change("DELETE FROM procrastinate_jobs")
    bells.ring("keep", events.Lane.NORMAL)
    world.change("UPDATE procrastinate_jobs SET attempts = 2")
    work_off(world, *events.Lane, parts=_failing(world, "keep:begin"))
    (job,) = runner.dead_letters(app)
    assert job.id is not None
    return job.id


def test_a_dead_letter_that_is_redriven_is_done(world: World):
    number = _dead_letter(world)

    bells.put_back(number)
    work_off(world, *events.Lane)

    assert runner.dead_letters(app) == []
    assert not [job for job in waiting() if job[0] == "keep"]


def test_a_dead_bell_that_was_rung_again_meanwhile_can_be_redriven(world: World):
    number = _dead_letter(world)
    bells.ring("keep", events.Lane.NORMAL)

    bells.put_back(number)

    assert runner.dead_letters(app) == []
    assert waiting() == [("keep", "normal", 0)]


def test_a_paused_lane_rests_and_goes_on(world: World):
    operate.pause("lane:normal", by="olga", reason="")
    world.event("billing.closed", "A-cem-M-04", bill())
    while_paused = len(world.email.sent)

    operate.resume("lane:normal", by="olga")
    world.drain()

    assert while_paused == 0
    assert len(world.email.sent) == 1


class Endpoint:
    """A webhook receiver that answers only when it is let."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.may_answer = threading.Event()
        self.seen: list[str] = []
        endpoint = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["content-length"]))
                endpoint.seen.append(self.headers["webhook-id"])
                endpoint.asked.set()
                endpoint.may_answer.wait(PATIENCE_SECONDS)
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                del format, args

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    made = Endpoint()
    yield made
    made.may_answer.set()
    made.server.shutdown()
    made.server.server_close()


def _one_webhook(world: World, endpoint: Endpoint) -> None:
    """A status webhook waits for a worker, and nothing else does."""
    world.register_platform()
    batch.run("UPDATE endpoint SET url = %s", [f"http://127.0.0.1:{endpoint.server.server_port}/"])
    operate.pause("channel:webhook", by="test", reason="")
    world.event("billing.closed", "A-gus-M-08", bill())
    operate.resume("channel:webhook", by="test")
    world.change("DELETE FROM procrastinate_jobs")
    bells.ring("deliver", events.Lane.NORMAL, via="webhook")


def _worker(world: World) -> subprocess.Popen[bytes]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("SIGNALPOST_")},
        "SIGNALPOST_DATABASE_URL": django_settings.SIGNALPOST_DATABASE_URL,
        "SIGNALPOST_DATA_FOLDER": world.parts.settings.data_folder,
        "SIGNALPOST_WEBHOOK_ALLOW_PRIVATE": "true",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "signalpost", "worker", "--lanes", "normal"],
        stdin=subprocess.PIPE,
        env=environment,
    )


def _states() -> list[tuple[str]]:
    return batch.fetch("SELECT state FROM delivery WHERE channel = 'webhook'", [], tuple[str])


def test_the_job_of_a_killed_worker_is_taken_up_and_the_webhook_sent_again_under_its_name(
    world: World, endpoint: Endpoint
):
    _one_webhook(world, endpoint)
    worker = _worker(world)
    try:
        assert endpoint.asked.wait(PATIENCE_SECONDS)
    finally:
        worker.kill()
        worker.communicate()
    assert _states() == [("attempting",)]

    world.change("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")
    taken_up = runner.Sweeper(app).look(dt.datetime.now(dt.UTC))
    world.sender_is_missed()
    world.later(40)
    world.drain()

    assert taken_up == 1
    assert [sent.ref for sent in world.webhook.sent] == endpoint.seen
    assert _states() == [("delivered",)]


def test_a_worker_that_is_asked_to_stop_ends_what_it_has_in_hand(world: World, endpoint: Endpoint):
    _one_webhook(world, endpoint)
    worker = _worker(world)
    try:
        assert endpoint.asked.wait(PATIENCE_SECONDS)
        worker.send_signal(signal.SIGTERM)
        time.sleep(0.5)  # the signal arrives while the answer is still awaited
        was_running = worker.poll() is None
        endpoint.may_answer.set()
        code = worker.wait(PATIENCE_SECONDS)
    finally:
        worker.kill()
        worker.communicate()

    assert was_running
    assert code == 0
    assert _states() == [("delivered",)]
    assert (
        json.dumps(batch.fetch("SELECT status::text FROM procrastinate_jobs WHERE status = 'doing'", [], tuple[str]))
        == "[]"
    )


def test_draining_says_which_step_failed(world: World):
    world.meters_say("LG", METERS)

    with pytest.raises(RuntimeError, match="got failures of assess"):
        drain.drain(app, world.with_gate(_raise_at_assess))
    world.restart()


def _raise_at_assess(name: str) -> None:
    if name == "assess:commit":
        raise Crash(name)
