"""Traffic shared over the database: the same laws as in memory, and over several workers at once."""

import concurrent.futures
import datetime as dt
import threading

import psycopg
import pytest
from django import db
from django.db import connection
from django.utils import timezone
from tests.path import recording
from tests.path.world import World

from signalpost import settings
from signalpost.channels import traffic as protocol
from signalpost.store import batch
from signalpost.store import traffic as store
from signalpost.vocabulary import deliveries
from signalpost.vocabulary import traffic as nouns


@pytest.fixture(params=["alone", "shared"])
def known(request: pytest.FixtureRequest, database: settings.Settings) -> protocol.Traffic:
    del database
    kinds: dict[str, type[protocol.Alone | store.Traffic]] = {"alone": protocol.Alone, "shared": store.Traffic}
    return kinds[str(request.param)]()


def wanted(count: int, per_second: float = 0, bucket: str = "b", *, is_urgent: bool = False) -> nouns.Wanted:
    return nouns.Wanted(bucket=bucket, count=count, per_second=per_second, is_urgent=is_urgent)


def names(known: protocol.Traffic) -> list[str]:
    return [one.name for one in known.providers("mail", ["a", "b"])]


def rest_is_over() -> None:
    batch.run("UPDATE provider SET rests_until = now() - interval '1 second'")


# --- Laws of both -----------------------------------------------------------------------------------------------------


def test_providers_that_nobody_used_stand_in_their_order(known: protocol.Traffic):
    assert names(known) == ["a", "b"]
    assert list(known.providers("mail", [])) == []


def test_one_that_failed_stands_behind_until_it_answers(known: protocol.Traffic):
    first = known.providers("mail", ["a", "b"])[0]
    known.note(first, problem="cannot connect")
    assert names(known) == ["b", "a"]
    failed = known.providers("mail", ["a", "b"])[1]
    assert (failed.failures, failed.detail) == (1, "cannot connect")
    known.note(failed, problem="")
    assert names(known) == ["a", "b"]


def test_the_same_host_of_two_channels_is_two_providers(known: protocol.Traffic):
    known.note(known.providers("mail", ["a"])[0], problem="cannot connect")
    assert [one.failures for one in known.providers("other", ["a"])] == [0]


def test_without_a_rate_everything_may_go(known: protocol.Traffic):
    shares = known.take([wanted(5), wanted(0, bucket="c")])
    assert (shares["b"].granted, shares["c"].granted) == (5, 0)
    assert dict(known.take([])) == {}


def test_each_bucket_has_its_own_share(known: protocol.Traffic):
    shares = known.take([wanted(6, 2, "x"), wanted(6, 5, "y"), wanted(6, bucket="z")])
    assert [shares[name].granted for name in "xyz"] == [2, 5, 6]
    assert shares["x"].waits_seconds == (1, 1, 2, 2)


def test_a_wish_for_a_slower_pace_holds_also_without_a_rate(known: protocol.Traffic):
    known.slow_down(["b"])
    shares = known.take([wanted(60), wanted(60, bucket="c")])
    assert (shares["b"].granted, shares["c"].granted) == (50, 60)


# --- Shared -----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("database")
def test_what_one_worker_learned_the_others_know():
    mine, other = store.Traffic(), store.Traffic()
    mine.note(mine.providers("mail", ["a", "b"])[0], problem="cannot connect")
    assert names(other) == ["b", "a"]
    assert [(one.via, one.name, one.rank, one.failures) for one in store.providers()] == [("mail", "a", 0, 1)]


@pytest.mark.usefixtures("database")
def test_a_rest_that_is_over_is_probed_by_one_worker_alone():
    mine, other = store.Traffic(), store.Traffic()
    mine.note(mine.providers("mail", ["a", "b"])[0], problem="cannot connect")
    rest_is_over()
    assert names(mine) == ["a", "b"]
    assert names(other) == ["b", "a"]
    assert names(mine) == ["b", "a"]
    # Its word did not come: the next one probes.
    rest_is_over()
    assert names(other) == ["a", "b"]
    other.note(other.providers("mail", ["a", "b"])[1], problem="")
    assert names(mine) == ["a", "b"]


@pytest.mark.usefixtures("database")
def test_a_changed_order_in_the_settings_holds_at_once():
    known = store.Traffic()
    for one in known.providers("mail", ["a", "b"]):
        known.note(one, problem="")
    assert [one.name for one in known.providers("mail", ["b", "a"])] == ["b", "a"]


@pytest.mark.usefixtures("database")
def test_that_all_is_well_is_written_now_and_then_and_not_every_batch():
    known = store.Traffic()
    for _ in range(5):
        known.note(known.providers("mail", ["a"])[0], problem="")
    versions = batch.fetch("SELECT xmin::text FROM provider", [], tuple[str])
    known.note(known.providers("mail", ["a"])[0], problem="")
    assert batch.fetch("SELECT xmin::text FROM provider", [], tuple[str]) == versions


WORKERS = 8
BATCHES = 10


@pytest.mark.usefixtures("database")
def test_a_rate_holds_over_all_workers():
    start = threading.Barrier(WORKERS)

    def work() -> list[int]:
        known = store.Traffic()
        try:
            start.wait(30)
            return [known.take([wanted(20, 100, "x"), wanted(20, 3, "y")])["x"].granted for _ in range(BATCHES)]
        finally:
            connection.close()

    began = timezone.now()
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as threads:
        granted = sum(sum(future.result()) for future in [threads.submit(work) for _ in range(WORKERS)])
    passed = (timezone.now() - began).total_seconds()
    # One second's share at once, and the steady rate after it.
    assert 100 <= granted <= 100 * (1 + passed) + 1


@pytest.mark.usefixtures("database")
def test_buckets_that_nobody_uses_are_cleared(monkeypatch: pytest.MonkeyPatch):
    known = store.Traffic()
    known.take([wanted(1, 1, "old")])
    batch.run("UPDATE bucket SET free_at = now() - interval '2 hours', promised_until = now() - interval '2 hours'")
    monkeypatch.setattr(store, "SWEEP_SECONDS", 0.0)
    known.take([wanted(1, 1, "new")])
    assert batch.fetch("SELECT name FROM bucket", [], tuple[str]) == [("new",)]


@pytest.mark.usefixtures("database")
def test_a_database_that_is_away_stops_no_mail_without_a_rate_and_holds_back_the_rest():
    known = store.Traffic()
    providers = known.providers("mail", ["a", "b"])
    known.note(providers[0], problem="cannot connect")
    connection.ensure_connection()
    kept = dict(connection.settings_dict)
    db.connection.close()
    connection.settings_dict.update({"PORT": "1", "HOST": "127.0.0.1"})
    try:
        assert names(known) == ["a", "b"]
        shares = known.take([wanted(5), wanted(3, 100, "rated")])
        known.note(providers[0], problem="again")
        known.slow_down(["b"])
    finally:
        connection.settings_dict.update(kept)
    assert shares["b"].granted == 5
    assert (shares["rated"].granted, shares["rated"].waits_seconds) == (0, (store.AWAY_SECONDS,) * 3)
    assert names(known) == ["b", "a"]


@pytest.mark.usefixtures("database")
def test_a_connection_that_was_cut_is_made_again():
    known = store.Traffic()
    connection.ensure_connection()
    with psycopg.connect(connection.connection.info.dsn, password=connection.connection.info.password) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
    assert known.take([wanted(3, 100, "rated")])["rated"].granted == 0
    assert known.take([wanted(3, 100, "rated")])["rated"].granted == 3


def answering(outcome: deliveries.Outcome) -> recording.Answer:
    def answer(outgoing: deliveries.Outgoing) -> deliveries.Outcome:
        del outgoing
        return outcome

    return answer


# --- On the path ------------------------------------------------------------------------------------------------------


def test_what_was_held_back_is_due_later_and_used_up_no_attempt(world: World):
    later = deliveries.Outcome(
        kind=deliveries.OutcomeKind.DEFERRED, detail="held back", retry_after_seconds=7, is_held_back=True
    )
    world.email.answer = answering(later)
    before = timezone.now()
    world.storm()
    sql = "SELECT state, attempts, due_at FROM delivery WHERE via = 'email' AND state <> 'standby'"
    [(state, attempts, due_at)] = world.rows(sql, tuple[str, int, dt.datetime])
    assert (state, attempts) == ("due", 0)
    assert isinstance(due_at, dt.datetime)
    assert due_at > before + dt.timedelta(seconds=6)
    assert world.rows(
        "SELECT count(*) FROM attempt JOIN delivery ON ref = delivery_id WHERE via = 'email'", tuple[int]
    ) == [(0,)]


def test_the_provider_that_answered_stands_with_the_attempt(world: World):
    taken = deliveries.Outcome(kind=deliveries.OutcomeKind.ACCEPTED, provider="one.example:25")
    world.email.answer = answering(taken)
    world.storm()
    rows = world.rows(
        "SELECT DISTINCT attempt.provider FROM attempt JOIN delivery ON delivery.ref = attempt.delivery_id"
        " WHERE delivery.via = 'email'",
        tuple[str],
    )
    assert rows == [("one.example:25",)]
