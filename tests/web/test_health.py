"""Health and figures: who may see them, what they say when all is well and when not, and that they name nobody."""

import pathlib
import subprocess
import sys
from typing import Any

import pytest
from django import db
from django.conf import settings as django_settings
from django.test import Client, override_settings
from prometheus_client import parser
from tests.path.test_documents import bill
from tests.path.world import METERS, PEOPLE, World

from signalpost import settings
from signalpost.acts import operate
from signalpost.store import batch, bells, traffic
from signalpost.vocabulary import events
from signalpost.vocabulary import traffic as nouns

#: A process that counts two, says what all have counted, and with an argument more forgets the dead and says it again.
COUNT = """
import pathlib, sys
from signalpost import telemetry
telemetry.share_figures(pathlib.Path(sys.argv[1]))
telemetry.figures_folder().mkdir(parents=True, exist_ok=True)
from signalpost.telemetry import figures
figures.OUTCOMES.labels("smtp", "accepted").inc(2)
print(figures.exposed([]).decode())
if len(sys.argv) > 2:
    figures.forget_the_dead()
print(figures.exposed([]).decode())
"""
ABROAD: dict[str, Any] = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture
def client(database: settings.Settings) -> Client:
    del database
    return Client(SERVER_NAME="localhost")


def figures(client: Client) -> dict[str, dict[tuple[str, ...], float]]:
    """Figure → label values in the order of their names → value."""
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in parser.text_string_to_metric_families(client.get("/metrics").content.decode()):
        for sample in family.samples:
            labels = tuple(sample.labels[name] for name in sorted(sample.labels))
            found.setdefault(sample.name, {})[labels] = sample.value
    return found


def test_a_process_that_answers_lives(client: Client):
    answer = client.get("/health/live", **ABROAD)

    assert (answer.status_code, answer.json()) == (200, {"state": "ok"})


def test_ready_is_said_part_by_part_and_an_idle_queue_is_a_warning(client: Client):
    answer = client.get("/health/ready", **ABROAD)

    states = {check["name"]: check["state"] for check in answer.json()["checks"]}
    assert answer.status_code == 200
    assert states == {"storage": "ok", "database": "ok", "tables": "ok", "workers": "warn"}
    assert answer.json()["state"] == "warn"


def test_a_worker_that_gives_a_sign_of_life_is_seen(client: Client):
    batch.run("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")

    answer = client.get("/health/ready")

    assert answer.json()["state"] == "ok"


def test_missing_migrations_make_it_not_ready(client: Client):
    batch.run("UPDATE django_migrations SET app = 'gone' WHERE app = 'signalpost' AND name = '0001_initial'")
    try:
        answer = client.get("/health/ready")
    finally:
        batch.run("UPDATE django_migrations SET app = 'signalpost' WHERE app = 'gone'")

    assert answer.status_code == 503
    assert {"name": "tables", "state": "fail", "detail": "migrations are missing: signalpost migrate"} in answer.json()[
        "checks"
    ]


def test_a_data_folder_that_is_gone_makes_it_not_ready(client: Client, tmp_path: pathlib.Path):
    with override_settings(SIGNALPOST=settings.Settings(data_folder=str(tmp_path / "gone"))):
        answer = client.get("/health/ready")

    assert answer.status_code == 503
    assert answer.json()["checks"][0] == {
        "name": "storage",
        "state": "fail",
        "detail": "the data folder cannot be written to",
    }


def test_a_database_that_is_away_makes_it_not_ready_and_is_a_figure(client: Client):
    connection = db.connections["default"]
    kept = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update({"HOST": "127.0.0.1", "PORT": "1", "PASSWORD": "hunter2"})
    try:
        answer = client.get("/health/ready")
        known = figures(client)
    finally:
        connection.close()
        connection.settings_dict.update(kept)

    assert answer.status_code == 503
    assert {"name": "database", "state": "fail", "detail": "OperationalError"} in answer.json()["checks"]
    assert b"hunter2" not in answer.content
    assert known["signalpost_database_up"] == {(): 0.0}


@pytest.mark.parametrize(
    ("token", "given", "status"),
    [
        ("", {}, 200),
        ("", ABROAD, 401),
        ("", {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 401),
        ("", {"REMOTE_ADDR": "::1"}, 200),
        ("", {"REMOTE_ADDR": "unix"}, 401),
        ("s3cret", {}, 401),
        ("s3cret", {"HTTP_AUTHORIZATION": "Bearer s3cret"} | ABROAD, 200),
        ("s3cret", {"HTTP_AUTHORIZATION": "Bearer other"}, 401),
        ("s3cret", {"HTTP_AUTHORIZATION": "Basic s3cret"}, 401),
    ],
)
def test_who_may_scrape(client: Client, token: str, given: dict[str, Any], status: int):
    read = settings.Settings(data_folder=django_settings.SIGNALPOST.data_folder, metrics_token=token)
    with override_settings(SIGNALPOST=read):
        answer = client.get("/metrics", **given)

    assert answer.status_code == status
    assert (b"signalpost_" in answer.content) == (status == 200)


def test_only_reading_is_answered(client: Client):
    assert [client.post(path).status_code for path in ("/health/live", "/health/ready", "/metrics")] == [405, 405, 405]


def test_the_figures_say_what_waits_what_failed_and_what_is_paused(world: World):
    client = Client(SERVER_NAME="localhost")
    world.change("DELETE FROM procrastinate_jobs")
    world.meters_say("LG", METERS)
    world.drain()
    operate.pause("channel:email", by="olga", reason="")
    world.event("billing.closed", "A-cem-M-04", bill())
    bells.ring("keep", events.Lane.BULK)
    world.change("INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('n', 'deliver', 'failed')")
    world.change("UPDATE delivery SET due_at = due_at - interval '1 hour' WHERE state = 'due'")
    traffic.Traffic().note(nouns.Provider(via="email", name="relay:25", rank=0), problem="refused")

    known = figures(client)
    world.change("DELETE FROM procrastinate_jobs")
    world.change("DELETE FROM provider")
    operate.resume("channel:email", by="olga")

    assert known["signalpost_database_up"] == {(): 1.0}
    assert known["signalpost_queue_jobs"][("bulk", "todo", "keep")] == 1.0
    assert known["signalpost_dead_letters"] == {("deliver",): 1.0}
    assert known["signalpost_provider_failures"] == {("email", "relay:25"): 1.0}
    assert known["signalpost_paused"] == {("channel:email",): 1.0}
    assert known["signalpost_deliveries_due"] == {("email", "normal"): 1.0}
    assert known["signalpost_deliveries_oldest_due_seconds"][("email", "normal")] >= 3600
    assert known["signalpost_oldest_waiting_seconds"][("deliver",)] >= 3600
    assert known["signalpost_attempts_last_hour"][("sms", "accepted")] > 0
    assert known["signalpost_step_seconds_count"][("urgent", "choose")] >= 1
    assert known["signalpost_http_seconds_count"][("GET", "metrics", "200")] >= 1


def test_the_figures_name_nobody(world: World):
    world.meters_say("LG", METERS)
    world.drain()

    text = Client(SERVER_NAME="localhost").get("/metrics").content.decode()

    assert [ref for ref, *_ in PEOPLE if ref in text] == []
    assert "@" not in text


def test_several_processes_count_together_and_the_dead_are_forgotten(tmp_path: pathlib.Path):
    def run(*more: str) -> list[str]:
        command = [sys.executable, "-c", COUNT, str(tmp_path), *more]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return [line for line in done.stdout.splitlines() if line.startswith("signalpost_outcomes_total")]

    first, second = run(), run("forget")

    sample = 'signalpost_outcomes_total{channel="smtp",kind="accepted"} '
    assert first == [f"{sample}2.0"] * 2
    assert second == [f"{sample}4.0", f"{sample}2.0"]
