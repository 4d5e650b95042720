"""Who sends holds a lease: a dead sender is missed at once, a living one keeps what it knows."""

import time
from collections.abc import Callable, Sequence

import psycopg
import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from tests.path import recording
from tests.path.test_documents import bill
from tests.path.world import Crash, Kind, World

from signalpost.acts import request
from signalpost.store import batch, leases
from signalpost.vocabulary import deliveries, events, records
from signalpost.work import drain
from signalpost.work.stages import deliver, follow

#: Longest wait for the other thread or PostgreSQL.
PATIENCE_SECONDS = 60
ALL = "SELECT kind FROM attempt ORDER BY delivery_id, number"


def database_url() -> str:
    return str(django_settings.SIGNALPOST_DATABASE_URL)


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def held() -> list[int]:
    with psycopg.connect(database_url()) as other:
        return [number for (number,) in other.execute("SELECT number FROM held_lease ORDER BY 1").fetchall()]


def break_lease() -> None:
    """The connection of the lease is lost, as when PostgreSQL is restarted; the process lives."""
    with psycopg.connect(database_url(), autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'signalpost lease' AND datname = current_database()"
        )


def settle(world: World) -> None:
    deliver.settle(world.parts, lane=events.Lane.NORMAL)


def while_sending(channel: recording.Recording, happens: Callable[[], None]) -> None:
    """Something happens once between the send and its outcome."""
    left = [happens]
    answer = channel.answer

    def send(outgoing: deliveries.Outgoing) -> deliveries.Outcome:
        if left:
            left.pop()()
        return answer(outgoing)

    channel.answer = send


def one_mail(world: World) -> None:
    world.event("billing.closed", "A-cem-M-04", bill())


def presumed_dead(world: World) -> None:
    """The sender loses its lease for longer than the grace, and others settle what it had in hand."""
    world.parts.lease.release()
    settle(world)
    world.later(int(leases.GRACE_SECONDS) + 1, of="lease")
    settle(world)


def test_a_sender_that_fails_gives_its_lease_up_and_is_missed_after_the_grace(world: World):
    world.event("billing.closed", "A-cem-M-04", bill(), drains=False)

    def gate(name: str) -> None:
        if name == "deliver:send":
            raise Crash(name)

    with pytest.raises(RuntimeError, match="draining"):
        drain.drain(app, world.with_gate(gate))
    settle(world)
    within_grace = world.states("bill-ready")["cem"][0]
    world.later(int(leases.GRACE_SECONDS) + 1, of="lease")
    settle(world)

    assert within_grace == "email attempting"
    assert world.states("bill-ready")["cem"][0] == "email unclear"
    assert world.rows("SELECT kind, code FROM attempt", tuple[str, str]) == [("unclear", "sender-gone")]
    world.restart()


def test_a_sender_that_lives_is_not_presumed_dead_when_its_connection_is_lost(world: World):
    seen: list[str] = []

    def lose_connection() -> None:
        before = held()
        break_lease()
        settle(world)
        until(lambda: held() == before)
        world.later(int(leases.GRACE_SECONDS) + 1, of="lease")
        settle(world)
        seen.append(world.states("bill-ready")["cem"][0])

    while_sending(world.email, lose_connection)
    one_mail(world)

    assert seen == ["email attempting"]
    assert world.states("bill-ready")["cem"][0] == "email accepted"
    assert world.rows(ALL, tuple[str]) == [("accepted",)]


def test_what_a_sender_knows_wins_over_the_presumption_that_it_is_dead(world: World):
    seen: list[str] = []

    def be_missed() -> None:
        presumed_dead(world)
        seen.append(world.states("bill-ready")["cem"][0])

    while_sending(world.email, be_missed)
    one_mail(world)

    assert seen == ["email unclear"]
    assert world.states("bill-ready")["cem"][0] == "email accepted"
    assert world.rows(ALL, tuple[str]) == [("accepted",)]
    assert len(world.email.sent) == 1


def test_bad_news_that_comes_after_the_presumption_starts_the_fallback(world: World):
    while_sending(world.email, lambda: presumed_dead(world))
    world.email.answer = _refuse(world.email.answer)
    one_mail(world)

    assert world.states("bill-ready")["cem"] == ["email failed", "letter accepted"]


def _refuse(first: recording.Answer) -> recording.Answer:
    def answer(outgoing: deliveries.Outgoing) -> deliveries.Outcome:
        first(outgoing)
        return deliveries.Outcome(kind=Kind.ADDRESS_INVALID, code="550 5.1.1")

    return answer


@pytest.mark.parametrize("late", [Kind.DELIVERED, Kind.DEFERRED, Kind.REJECTED])
def test_an_attempt_that_was_presumed_lost_and_made_again_ends_as_the_later_one_says(world: World, late: Kind):
    world.register_platform()
    seen: list[Sequence[object]] = []

    def be_missed_and_sent_again() -> None:
        presumed_dead(world)
        world.later(60)
        deliver.deliver(world.parts, lane=events.Lane.NORMAL, via="webhook")
        seen.append(world.rows("SELECT DISTINCT state FROM delivery WHERE channel = 'webhook'", tuple[str]))

    while_sending(world.webhook, be_missed_and_sent_again)
    told = world.webhook.answer
    firsts: list[str] = []

    def answer(outgoing: deliveries.Outgoing) -> deliveries.Outcome:
        usual = told(outgoing)
        if not firsts and outgoing.attempt == 1 and seen:
            firsts.append(outgoing.ref)
            return deliveries.Outcome(kind=late, code="late")
        return usual

    world.webhook.answer = answer
    one_mail(world)

    assert ("delivered",) in seen[0]
    assert world.rows("SELECT DISTINCT state FROM delivery WHERE channel = 'webhook'", tuple[str]) == [("delivered",)]
    assert world.rows("SELECT count(*) FROM attempt WHERE finished_at IS NULL", tuple[int]) == [(0,)]


def test_a_process_that_hangs_is_unclear_in_the_end_though_its_lease_lives(world: World):
    seen: list[str] = []

    def hang() -> None:
        world.later(deliver.ABANDONED_AFTER_SECONDS - 60, of="attempt")
        settle(world)
        seen.append(world.states("bill-ready")["cem"][0])
        world.later(61, of="attempt")
        settle(world)
        seen.append(world.states("bill-ready")["cem"][0])

    while_sending(world.email, hang)
    one_mail(world)

    assert seen == ["email attempting", "email unclear"]
    assert world.states("bill-ready")["cem"][0] == "email accepted"


def test_known_outcomes_wait_for_a_database_that_went_away(world: World):
    left = [1]

    def lose(name: str) -> None:
        if name == "deliver:outcome" and left:
            left.pop()
            ((pid,),) = batch.fetch("SELECT pg_backend_pid()", [], tuple[int])
            with psycopg.connect(database_url(), autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s)", [pid])
            break_lease()

    world.event("billing.closed", "A-cem-M-04", bill(), drains=False)
    drain.drain(app, world.with_gate(lose))

    assert not left
    assert world.states("bill-ready")["cem"][0] == "email accepted"
    assert world.rows(ALL, tuple[str]) == [("accepted",)]


def test_outcomes_that_are_recorded_twice_are_recorded_once(world: World):
    """A commit whose answer was lost is made again."""
    one_mail(world)
    facts = "SELECT count(*) FROM log_fact WHERE kind = 'delivery_changed'"
    before = world.rows(facts, tuple[int])
    ((ref,),) = world.rows("SELECT ref FROM delivery WHERE rank = 0 AND channel = 'email'", tuple[str])
    known = deliveries.Outcome(kind=Kind.ACCEPTED, provider_ref="p")

    with transaction.atomic():
        deliver.record_outcomes(world.parts, {str(ref): (1, known)}, now=timezone.now())

    assert world.rows(facts, tuple[int]) == before


@pytest.mark.parametrize(
    ("receipt", "state", "letter"),
    [
        (Kind.ADDRESS_INVALID, "email failed", "letter accepted"),
        (Kind.DELIVERED, "email delivered", "letter cancelled"),
    ],
)
def test_a_receipt_that_overtakes_the_outcome_stays(world: World, receipt: Kind, state: str, letter: str):
    def overtake() -> None:
        raw = events.Raw(
            channel="email",
            sender="peer",
            content_type="application/json",
            body=records.canonical([world.receipt(world.email, receipt, of=world.email.sent[0])]),
            received_at=timezone.now(),
        )
        assert request.take_returns([raw], world.email) == 1
        follow.follow(world.parts, lane=events.Lane.NORMAL)

    while_sending(world.email, overtake)
    one_mail(world)

    assert world.states("bill-ready")["cem"] == [state, letter]
    ((name,),) = world.rows("SELECT provider_ref FROM delivery WHERE channel = 'email'", tuple[str])
    assert str(name).startswith("p-")


def test_what_we_hold_back_ourselves_uses_up_no_attempt(world: World):
    held_back = deliveries.Outcome(
        kind=Kind.DEFERRED, detail="held back: its share", retry_after_seconds=1, is_held_back=True
    )
    turns = [held_back] * 12
    usual = world.email.answer

    def answer(outgoing: deliveries.Outgoing) -> deliveries.Outcome:
        return turns.pop() if turns else usual(outgoing)

    world.email.answer = answer

    one_mail(world)
    while turns:
        world.later(2)
        world.drain()
    world.later(2)
    world.drain()

    assert world.states("bill-ready")["cem"][0] == "email accepted"
    assert {sent.attempt for sent in world.email.sent} == {1}
    assert world.rows("SELECT number, kind FROM attempt", tuple[int, str]) == [(1, "accepted")]
