"""The clock jumps: an hour forwards, an hour back, over a change of summer time. Nothing is told twice or lost.

Every instant that is decided with comes from Django's clock, which is set here; PostgreSQL's own is only written down.
"""

import datetime as dt
import zoneinfo

import pytest
from procrastinate.contrib.django import app
from tests.faults.clocks import Clock
from tests.faults.plugin import Tried
from tests.faults.test_leases import one_mail, settle, while_sending
from tests.path.test_documents import bill
from tests.path.world import BERLIN, METERS, TOLD, Kind, World

from signalpost.store import batch, leases
from signalpost.vocabulary import deliveries
from signalpost.work import drain
from signalpost.work.stages import deliver

HOUR = dt.timedelta(hours=1)
LOCAL = zoneinfo.ZoneInfo(BERLIN)


def deferred_once(world: World) -> None:
    usual = world.email.answer
    left = [deliveries.Outcome(kind=Kind.DEFERRED, code="451", retry_after_seconds=600)]

    def answer(outgoing: deliveries.Outgoing) -> deliveries.Outcome:
        return left.pop() if left else usual(outgoing)

    world.email.answer = answer


def nobody_knows(outgoing: deliveries.Outgoing) -> deliveries.Outcome:
    return deliveries.Outcome(kind=Kind.UNCLEAR, detail=outgoing.ref)


def busy_at_first(outgoing: deliveries.Outgoing) -> deliveries.Outcome:
    kind = Kind.DEFERRED if outgoing.attempt == 1 else Kind.ACCEPTED
    return deliveries.Outcome(kind=kind, retry_after_seconds=2 * 3600)


def test_a_jump_forwards_in_the_middle_of_a_send_presumes_nothing_that_stays(world: World, clock: Clock, tried: Tried):
    seen: list[str] = []

    def jump() -> None:
        clock.jump(dt.timedelta(seconds=deliver.ABANDONED_AFTER_SECONDS + 1))
        settle(world)
        seen.append(world.states("bill-ready")["cem"][0])

    while_sending(world.email, jump)
    one_mail(world)

    assert seen == ["email unclear"]
    assert world.states("bill-ready")["cem"][0] == "email accepted"
    assert len(world.email.sent) == 1
    tried("clock jumps", 1)


def test_a_jump_back_in_the_middle_of_a_send_changes_nothing(world: World, clock: Clock, tried: Tried):
    def jump() -> None:
        clock.jump(-HOUR)
        settle(world)

    while_sending(world.email, jump)
    one_mail(world)

    assert world.states("bill-ready")["cem"][0] == "email accepted"
    assert len(world.email.sent) == 1
    tried("clock jumps", 1)


@pytest.mark.parametrize(("jumps", "sent_after"), [(HOUR, 2), (-HOUR, 1)])
def test_a_retry_is_due_by_the_clock_and_made_once(
    world: World, clock: Clock, jumps: dt.timedelta, sent_after: int, tried: Tried
):
    deferred_once(world)
    one_mail(world)

    clock.jump(jumps)
    world.drain()
    after_jump = len(world.email.sent)
    clock.jump(HOUR - jumps)
    world.drain()
    world.drain()

    assert after_jump == sent_after
    assert [sent.attempt for sent in world.email.sent] == [1, 2]
    assert world.states("bill-ready")["cem"][0] == "email accepted"
    tried("clock jumps", 1)


def test_a_lease_that_was_missed_before_the_clock_was_put_back_is_dealt_with_all_the_same(
    world: World, clock: Clock, tried: Tried
):
    world.event("billing.closed", "A-cem-M-04", bill(), drains=False)

    def die(name: str) -> None:
        if name == "deliver:send":
            raise TimeoutError(name)

    with pytest.raises(RuntimeError, match="draining"):
        drain.drain(app, world.with_gate(die))
    world.restart()
    settle(world)

    clock.jump(-HOUR)
    settle(world)
    clock.jump(dt.timedelta(seconds=leases.GRACE_SECONDS + 1))
    world.drain()

    assert world.states("bill-ready")["cem"][0] == "email unclear"
    assert world.email.sent == []
    tried("clock jumps", 1)


def test_unclear_mail_that_waits_for_a_receipt_is_not_sent_again_by_any_jump(world: World, clock: Clock, tried: Tried):
    world.email.answer = nobody_knows
    one_mail(world)

    for by in (HOUR, -HOUR, 48 * HOUR, -24 * HOUR):
        clock.jump(by)
        world.drain()

    assert world.states("bill-ready")["cem"] == ["email unclear", "letter standby"]
    assert len(world.email.sent) == 1
    tried("clock jumps", 4)


@pytest.mark.parametrize(
    ("evening", "still_quiet", "morning"),
    [
        # Spring: the night is an hour shorter. Autumn: an hour longer.
        ("2027-03-27T22:30+01:00", "2027-03-28T07:58+02:00", "2027-03-28T08:01+02:00"),
        ("2027-10-30T22:30+02:00", "2027-10-31T07:58+01:00", "2027-10-31T08:01+01:00"),
    ],
)
def test_quiet_hours_end_by_the_wall_clock_in_the_night_of_the_change(
    world: World, clock: Clock, evening: str, still_quiet: str, morning: str, tried: Tried
):
    """A retry that falls into the night waits for its end, whichever clock it began by."""
    clock.set(dt.datetime.fromisoformat(evening) - 2 * HOUR)
    world.sms.answer = busy_at_first
    world.meters_say("LG", METERS, at=clock.now())
    world.drain()
    batch.run(
        "UPDATE delivery SET quiet_hours = %s, time_zone = %s WHERE channel = 'sms'",
        ['{"start":"21:00:00","end":"08:00:00"}', BERLIN],
    )
    texts: list[int] = []
    for moment in (evening, still_quiet, morning):
        clock.set(dt.datetime.fromisoformat(moment))
        world.drain()
        texts.append(len(world.sms.sent))

    by_sms = sum(channel == "sms" for channel in TOLD.values())
    assert texts == [by_sms, by_sms, 2 * by_sms]
    assert clock.now().astimezone(LOCAL).hour == 8
    tried("clock jumps", 1)


assert HOUR.total_seconds() >= deliver.ABANDONED_AFTER_SECONDS
