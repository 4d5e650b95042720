"""A process dies between intent and outcome, or at any other gate: nothing is lost, nothing told twice unsaid."""

import collections
import contextlib
import itertools
from typing import Literal

import pytest
from procrastinate.contrib.django import app
from tests.path.test_documents import bill
from tests.path.world import METERS, Crash, Kind, World

from signalpost.acts import operate
from signalpost.work import drain


def crash_at(world: World, name: str) -> None:
    """The story goes on and the process dies once, at a gate."""
    left = [name]

    def gate(passed: str) -> None:
        if left == [passed]:
            left.pop()
            raise Crash(name)

    # On a slow machine the job's next try comes at once, and drains what the dead one left: nothing is raised then.
    with contextlib.suppress(RuntimeError):
        drain.drain(app, world.with_gate(gate))
    assert not left, f"{name}: wanted the story to come to it"


def test_a_mail_whose_outcome_was_lost_is_unclear_and_not_sent_again(world: World):
    world.event("billing.closed", "A-cem-M-04", bill(), drains=False)
    crash_at(world, "deliver:sent")
    assert world.states("bill-ready")["cem"][0] == "email attempting"

    world.restart()
    world.sender_is_missed()

    assert world.states("bill-ready")["cem"][0] == "email unclear"
    assert len(world.email.sent) == 1


def test_a_receipt_clears_up_what_was_unclear(world: World):
    world.event("billing.closed", "A-cem-M-04", bill(), drains=False)
    crash_at(world, "deliver:sent")
    world.restart()
    world.sender_is_missed()

    world.comes_back(world.email, [world.receipt(world.email, Kind.DELIVERED, of=world.email.sent[0])])

    assert world.states("bill-ready")["cem"][0] == "email delivered"


def test_an_unclear_mail_without_receipt_is_a_persons_to_decide(world: World):
    world.event("billing.closed", "A-cem-M-04", bill(), drains=False)
    crash_at(world, "deliver:sent")
    world.restart()
    world.sender_is_missed()

    world.later(901)
    world.drain()

    assert world.rows("SELECT state, detail FROM delivery WHERE rank = 0", tuple[str, str]) == [
        ("unclear", "no receipt came; a person has to decide")
    ]


@pytest.mark.parametrize(("decision", "state", "sent"), [("delivered", "delivered", 1), ("resend", "accepted", 2)])
def test_a_person_decides_about_an_unclear_mail(
    world: World, decision: Literal["delivered", "resend"], state: str, sent: int
):
    world.event("billing.closed", "A-cem-M-04", bill(), drains=False)
    crash_at(world, "deliver:sent")
    world.restart()
    world.sender_is_missed()
    world.later(901)
    world.drain()
    (waiting,) = operate.unclear()

    assert operate.settle_unclear(waiting.ref, decision, by="ops")
    world.drain()

    assert world.states("bill-ready")["cem"][0] == f"email {state}"
    assert len(world.email.sent) == sent
    assert not operate.unclear()


def test_a_webhook_whose_outcome_was_lost_is_sent_again_under_the_same_name(world: World):
    world.register_platform()
    world.event("billing.closed", "A-dora-M-05", bill())
    world.webhook.sent.clear()
    world.comes_back(world.letter, [])

    world.event("billing.closed", "A-gus-M-08", bill(), drains=False)
    crash_at(world, "deliver:sent")
    world.restart()
    world.sender_is_missed()
    world.later(40)
    world.drain()

    copies = collections.Counter(outgoing.ref for outgoing in world.webhook.sent)
    assert max(copies.values()) == 2
    assert world.rows("SELECT DISTINCT state FROM delivery WHERE channel = 'webhook'", tuple[str]) == [("delivered",)]


def small_story(world: World) -> None:
    """A storm, the receipts of it, its end."""
    world.meters_say("LG", METERS)


def check(world: World, *, gate: str) -> None:
    declared = {ref for (ref,) in world.rows("SELECT delivery_id FROM attempt WHERE kind = 'unclear'", tuple[str])}
    copies = collections.Counter(sent.ref for _, _, sent in world.outbox())
    told_twice = {ref for ref, number in copies.items() if number > 1}
    assert told_twice <= declared, gate
    decided = {party for (party,) in world.rows("SELECT party FROM decision WHERE verdict = 'notice'", tuple[str])}
    reached = {party for _, party, _ in world.outbox()}
    doubtful = {
        party
        for (party,) in world.rows(
            "SELECT party FROM decision JOIN delivery ON communication_id = decision.ref"
            " WHERE delivery.state = 'unclear'",
            tuple[str],
        )
    }
    assert decided <= reached | doubtful, gate
    assert world.rows("SELECT count(*) FROM event WHERE noted = ''", tuple[int]) == [(0,)]
    assert world.twice_decided() == []
    assert world.verified().problems == (), gate


class Nth:
    """A gate at which the process dies the n-th time that one is passed."""

    def __init__(self, n: int) -> None:
        self.left = n
        self.name = ""

    def __call__(self, name: str) -> None:
        self.left -= 1
        if self.left == 0:
            self.name = name
            raise Crash(name)


def run_with_fault(world: World, n: int) -> str:
    """The story with a death at the n-th gate; the gate's name, "" when there were fewer."""
    gate = Nth(n)
    small_story(world)
    try:
        drain.drain(app, world.with_gate(gate))
    except RuntimeError:
        assert gate.name
    world.restart()
    world.drain()
    world.sender_is_missed()
    check(world, gate=f"{n}: {gate.name}")
    return gate.name


def begin_again(world: World) -> None:
    world.forget()
    world.settle_in()


def test_a_death_at_some_gates(world: World):
    for n in (1, 3, 5, 8, 12, 13, 14, 15):
        run_with_fault(world, n)
        begin_again(world)


@pytest.mark.faults
def test_a_death_at_every_gate(world: World):
    for n in itertools.count(1):
        if not run_with_fault(world, n):
            assert n > 20
            return
        begin_again(world)
