"""The n-th effect of the D1 path fails, for every n: nothing is lost, nothing told twice unsaid, the proof holds."""

import collections
import datetime as dt
import pathlib
from collections.abc import Callable, Sequence

import msgspec
import pytest
from django import db
from procrastinate import exceptions
from tests.faults.effects import Died, Effects, Kind, Unsendable, When
from tests.faults.plugin import Tried
from tests.path.world import METERS, World
from tests.path.world import Kind as Outcome

from signalpost.acts import request
from signalpost.channels import print_spool
from signalpost.store import leases
from signalpost.vocabulary import events, records

#: What a fault makes of the one who asks: a step or a request that failed, a process that is gone.
FAILED = (Died, Unsendable, OSError, RuntimeError, db.Error, exceptions.ConnectorException)
#: Tries of somebody who was not answered.
TRIES = 4
#: Effects of each kind that the quick version fails, spread evenly, the first and the last among them.
QUICK = {Kind.COMMIT: 3, Kind.FILE: 2, Kind.SEND: 3, Kind.RING: 2}
#: The story has at least so many effects; about 380 were counted.
LEAST_EFFECTS = 300
PEOPLE_CHANNELS = ("sms", "email")


class Run:
    """The story of an outage with a fault in it, and what came of it at the receiving sides."""

    def __init__(self, world: World, spool: pathlib.Path, effects: Effects) -> None:
        self.world = world
        self.effects = effects
        self._spool = spool
        self._start()

    def _start(self) -> None:
        """A process starts: all it has in memory is new."""
        made = {
            name: self.effects.channel(self.world.channels[name], one_by_one=True)
            for name in (*PEOPLE_CHANNELS, "webhook")
        }
        letters = print_spool.PrintSpool(print_spool.Config(name="letter", folder=self._spool))
        made["letter"] = self.effects.channel(letters, one_by_one=False)
        self.world.parts = msgspec.structs.replace(self.world.parts, channels=made, lease=leases.Lease())

    def _restart(self) -> None:
        if self.effects.has_died:
            self.effects.has_died = False
            self.world.parts.lease.release()
            db.connections.close_all()
            self._start()
        db.close_old_connections()
        self.world.restart()

    def insist(self, act: Callable[[], object]) -> None:
        """Ask until it is answered, as a broker, a platform or the runner does."""
        for _ in range(TRIES):
            try:
                act()
            except FAILED:
                assert self.effects.has_failed
                self._restart()
            else:
                return
        pytest.fail(f"{self.effects.what}: it never ended well")

    def story(self) -> None:
        """Storm, estimate, its confirmation, the end."""
        self._hear(self.world.said_by(METERS, "LG"))
        ((incident,),) = self.world.rows("SELECT ref FROM incident", tuple[str])
        at = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(hours=3)
        self._hear([_event("incident.estimate", str(incident), {"restoration_at": at.isoformat()})])
        self._arrive()
        self._hear(self.world.said_by(METERS, "PR", volts=230))
        self._settle()
        self._arrive()
        # News for the platform may have been on its way when the fault came.
        self._settle()

    def _hear(self, raws: Sequence[events.Raw]) -> None:
        self.insist(lambda: request.accept(raws, events.Limits()))
        self.insist(self.world.drain)

    def _arrive(self) -> None:
        """Every message that left is confirmed by its network."""
        for name in PEOPLE_CHANNELS:
            channel = self.world.channels[name]
            news = [self.world.receipt(channel, Outcome.DELIVERED, of=sent) for sent in channel.sent]
            self._come_back(name, records.canonical(news))
        now = dt.datetime.now(dt.UTC)
        posted = [print_spool.Report(status="posted", at=now, delivery=ref) for ref in self.letters()]
        self._come_back("letter", msgspec.json.encode(posted))
        self.insist(self.world.drain)

    def _come_back(self, name: str, body: bytes) -> None:
        raw = events.Raw(
            channel=name,
            sender="peer",
            content_type="application/json",
            body=body,
            received_at=dt.datetime.now(dt.UTC),
        )
        self.insist(lambda: request.take_returns([raw], self.world.parts.channels[name]))

    def _settle(self) -> None:
        """The dead are missed, what waits for its next attempt makes it, what waits for a receipt gets none."""
        self.insist(self.world.sender_is_missed)
        for _ in range(2):
            self.world.change("UPDATE delivery SET due_at = now() WHERE state IN ('due', 'unclear')")
            self.insist(self.world.drain)

    def letters(self) -> list[str]:
        """Deliveries in the manifests, as often as they are there."""
        manifests = [
            msgspec.json.decode(file.read_bytes(), type=print_spool.Manifest)
            for file in sorted(self._spool.glob("[!.]*/manifest.json"))
        ]
        return [item.delivery for manifest in manifests for item in manifest.items]

    def copies(self) -> collections.Counter[str]:
        """Delivery → copies that receiving sides have."""
        sent = [outgoing.ref for channel in self.world.channels.values() for outgoing in channel.sent]
        return collections.Counter(sent + self.letters())

    def check(self) -> None:
        what = self.effects.what if self.effects.has_failed else "no fault"
        world, copies = self.world, self.copies()
        rows = world.rows(
            "SELECT delivery.ref, channel, delivery.state, delivery.due_at IS NULL, communication_id,"
            " decision.communication, decision.party, EXISTS (SELECT 1 FROM attempt"
            "   WHERE delivery_id = delivery.ref AND kind = 'unclear')"
            " FROM delivery JOIN decision ON decision.ref = communication_id",
            tuple[str, str, str, bool, str, str, str, bool],
        )
        assert copies.keys() <= {row[0] for row in rows}, what
        told: collections.Counter[str] = collections.Counter()
        unclear = {str(row[4]) for row in rows if row[7]}
        for ref, channel, state, is_settled, communication, _, _, is_declared in rows:
            # Where nobody knows, a person decides, and the other channels stand by until then.
            final = {"delivered", "failed", "cancelled"} | ({"standby"} if communication in unclear else set[str]())
            assert state in final or (state == "unclear" and is_settled), (what, channel, state)
            assert copies[str(ref)] <= 1 or (channel == "webhook" and is_declared), (what, channel)
            assert is_declared or copies[str(ref)] == (state == "delivered"), (what, channel, state)
            told[str(communication)] += min(copies[str(ref)], 1)
        notices = world.rows(
            "SELECT ref, party, communication FROM decision WHERE verdict = 'notice' AND state = 'composed'",
            tuple[str, str, str],
        )
        for ref, party, communication in notices:
            assert told[str(ref)] == 1 or str(ref) in unclear, (what, party, communication, told[str(ref)])
        assert world.rows("SELECT count(*) FROM event WHERE noted = ''", tuple[int]) == [(0,)], what
        assert world.rows("SELECT count(*) FROM decision WHERE state = 'decided'", tuple[int]) == [(0,)], what
        assert world.rows("SELECT count(*) FROM log_fact WHERE sequence IS NULL", tuple[int]) == [(0,)], what
        assert world.twice_decided() == [], what
        assert world.verified().problems == (), what

    def decided(self) -> dict[tuple[object, object], object]:
        """(party, communication type) → verdict, of what people are told."""
        rows = self.world.rows(
            "SELECT party, communication, verdict || reason FROM decision WHERE starts_with(communication, 'outage')",
            tuple[str, str, str],
        )
        return {(party, communication): verdict for party, communication, verdict in rows}


def _event(kind: str, subject: str, data: dict[str, records.Json]) -> events.Raw:
    now = dt.datetime.now(dt.UTC)
    body = {
        "specversion": "1.0",
        "source": "platform",
        "id": "once",
        "type": kind,
        "subject": subject,
        "time": now.isoformat(),
        "data": data,
    }
    return events.Raw(
        channel="http",
        sender="client:platform",
        content_type="application/cloudevents+json",
        body=records.canonical(body),
        received_at=now,
    )


def play(world: World, folder: pathlib.Path, effects: Effects) -> Run:
    """The whole story on an empty database, checked."""
    world.forget()
    world.settle_in()
    world.register_platform()
    run = Run(world, folder / f"spool-{len(list(folder.iterdir()))}", effects)
    with effects.watched():
        run.story()
    run.check()
    world.parts.lease.release()
    return run


def spread(seen: Sequence[tuple[Kind, str]]) -> list[int]:
    """Numbers of the effects that the quick version fails."""
    chosen: list[int] = []
    for kind, count in QUICK.items():
        places = [place for place, (one, _) in enumerate(seen, start=1) if one is kind]
        chosen.extend(places[round(step * (len(places) - 1) / (count - 1))] for step in range(count))
    return sorted(set(chosen))


def fail_each(world: World, folder: pathlib.Path, numbers: Callable[[Effects], Sequence[int]], tried: Tried) -> None:
    counting = Effects()
    usual = play(world, folder, counting).decided()
    for n in numbers(counting):
        for when in When:
            effects = Effects(n, when)
            run = play(world, folder, effects)
            if not effects.has_failed:
                # Bells ring as often as there is time for: the last numbers may be beyond the end of a run.
                assert n > LEAST_EFFECTS
                continue
            assert {key: run.decided().get(key) for key in usual if key[1] != "outage-resolved"} == {
                key: verdict for key, verdict in usual.items() if key[1] != "outage-resolved"
            }, effects.what
            tried("effects", 1)
    assert len(counting.seen) > LEAST_EFFECTS


@pytest.mark.timeout(900)
def test_some_effects_fail(world: World, tmp_path: pathlib.Path, tried: Tried):
    fail_each(world, tmp_path, lambda counted: spread(counted.seen), tried)


@pytest.mark.faults
@pytest.mark.timeout(6 * 3600)
def test_every_effect_fails(world: World, tmp_path: pathlib.Path, tried: Tried):
    fail_each(world, tmp_path, lambda counted: range(1, len(counted.seen) + 1), tried)
