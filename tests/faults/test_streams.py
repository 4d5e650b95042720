"""Events come twice and thrice, in another order, and late: who is told what stays the same where the rules promise it.

Promised: copies change nothing, however many there are and whenever they come; among the meters of an area no order
matters. Not promised: a meter whose power is heard of before its last gasp was never out for us. Then what is told may
be less, and what is promised is that nothing stays open, nobody is told twice, and the end is told to nobody who was
not told of the beginning.
"""

import datetime as dt
import random
from collections.abc import Callable, Sequence

import hypothesis
import msgspec
import pytest
from hypothesis import strategies as st
from tests.faults.clocks import Clock
from tests.faults.plugin import Tried
from tests.path.world import METERS, TOLD, World

from signalpost.acts import request
from signalpost.store import registry
from signalpost.vocabulary import events

Stream = Callable[[World, Clock, random.Random], None]

COPIES = 3
#: How late a copy comes at most.
LATE = dt.timedelta(days=1)
EXAMPLES_QUICK, EXAMPLES_LONG = 3, 60


def hear(world: World, raws: Sequence[events.Raw], draw: random.Random) -> None:
    """Bodies come in pieces of any size, and all that is due happens between them."""
    waiting = list(raws)
    while waiting:
        size = draw.randint(1, len(waiting))
        answers = request.accept(waiting[:size], events.Limits())
        assert [answer.refusals for answer in answers] == [()] * size
        del waiting[:size]
        world.drain()


def shuffled(raws: Sequence[events.Raw], draw: random.Random) -> list[events.Raw]:
    return draw.sample(list(raws), len(raws))


def copies(raws: Sequence[events.Raw], draw: random.Random) -> list[events.Raw]:
    return [raw for raw in raws for _ in range(draw.randint(0, COPIES - 1))]


def begin_again(world: World, clock: Clock) -> None:
    clock.set(dt.datetime.now(dt.UTC))
    world.forget()
    world.settle_in()
    # Nobody sends heartbeats here: a day that is skipped would be a day of silence.
    rules = registry.rules(clock.now())
    heard = tuple(rule for rule in rules.alarms if not rule.silent_seconds)
    registry.save_rules(msgspec.structs.replace(rules, version="heard", alarms=heard), now=clock.now())


def promised(world: World, clock: Clock, draw: random.Random) -> None:
    begin_again(world, clock)
    gasps = world.said_by(METERS, "LG", at=clock.now())
    hear(world, shuffled([*gasps, *copies(gasps, draw)], draw), draw)
    ((incident,),) = world.rows("SELECT ref FROM incident", tuple[str])
    told_at = (clock.now() + dt.timedelta(hours=3)).replace(microsecond=0).isoformat()
    for _ in range(draw.randint(1, COPIES)):
        world.event("incident.estimate", str(incident), {"restoration_at": told_at}, name="estimate-1")
    world.everything_arrives()
    back = world.said_by(METERS, "PR", volts=230, at=clock.now())
    hear(world, shuffled([*back, *copies(back, draw), *copies(gasps, draw)], draw), draw)
    clock.jump(LATE * draw.random())
    hear(world, shuffled([*copies(gasps, draw), *copies(back, draw)], draw), draw)

    assert world.told("outage-opened") == TOLD
    assert world.told("outage-updated") == TOLD
    assert world.told("outage-resolved") == TOLD
    assert world.rows("SELECT state FROM incident", tuple[str]) == [("resolved",)]
    assert world.twice_decided() == []


def any_order(world: World, clock: Clock, draw: random.Random) -> None:
    begin_again(world, clock)
    early = clock.now() - dt.timedelta(minutes=2)
    gasps = world.said_by(METERS, "LG", at=early)
    back = world.said_by(METERS, "PR", volts=230, at=early + dt.timedelta(seconds=60))
    hear(world, shuffled([*gasps, *back, *copies(gasps, draw), *copies(back, draw)], draw), draw)
    world.everything_arrives()
    clock.jump(LATE * draw.random())
    hear(world, shuffled([*copies(gasps, draw), *copies(back, draw)], draw), draw)

    opened, resolved = world.told("outage-opened"), world.told("outage-resolved")
    assert resolved.keys() <= opened.keys()
    assert world.rows("SELECT count(*) FROM incident WHERE state <> 'resolved'", tuple[int]) == [(0,)]
    assert world.rows("SELECT count(*) FROM alarm WHERE state <> 'cleared'", tuple[int]) == [(0,)]
    assert world.twice_decided() == []


def run(stream: Stream, world: World, clock: Clock, *, examples: int, tried: Tried) -> None:
    @hypothesis.settings(max_examples=examples, phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate])
    @hypothesis.given(seed=st.integers(0, 2**32))
    def example(seed: int) -> None:
        stream(world, clock, random.Random(seed))
        tried("streams", 1)

    example()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("stream", [promised, any_order])
def test_some_streams(world: World, clock: Clock, stream: Stream, tried: Tried):
    run(stream, world, clock, examples=EXAMPLES_QUICK, tried=tried)


@pytest.mark.faults
@pytest.mark.timeout(2 * 3600)
@pytest.mark.parametrize("stream", [promised, any_order])
def test_many_streams(world: World, clock: Clock, stream: Stream, tried: Tried):
    run(stream, world, clock, examples=EXAMPLES_LONG, tried=tried)
