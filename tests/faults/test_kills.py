"""Any process is killed at any moment, PostgreSQL too, while a storm and bills are on their way.

What counts is what the receiving sides have: every message once, none lost but those declared unclear.
"""

import collections
import datetime as dt
import pathlib
import random
import re
import secrets
import signal
import time
from email import message_from_bytes
from typing import cast

import msgspec
import pytest
from tests.faults import installation
from tests.faults.install import HOUSEHOLDS
from tests.faults.installation import Installation, until
from tests.faults.plugin import Noted, Tried
from tests.path.test_documents import bill

from signalpost.channels import print_spool
from signalpost.demo import meters
from signalpost.vocabulary import records

pytestmark = pytest.mark.peer("mosquitto")

METERS = [f"M-{number}" for number in range(HOUSEHOLDS)]
#: Who is killed how; a stop of PostgreSQL is a restart by its keeper.
VICTIMS = ("worker", "listener", "supervisor", "web", "backend", "postmaster", "restart")
#: Kills of the long version.
KILLS = 40
#: The keeper gives a server up that dies six times in a minute: that often we must not kill it.
POSTMASTER_REST_SECONDS = 15.0
#: Longest wait for everything to come to rest on a busy machine.
REST_SECONDS = 600.0
_STATUS_LINK = re.compile(r"/s/([A-Za-z0-9_-]+)")


class Killer:
    """Kills at moments and victims drawn from a seed."""

    def __init__(self, system: Installation, seed: int) -> None:
        self._system = system
        self._draw = random.Random(seed)
        self._rest_until = 0.0
        self.killed: collections.Counter[str] = collections.Counter()

    def strike(self) -> None:
        """Wait a moment, kill one that is there, and let the service manager start what it has to."""
        time.sleep(self._draw.uniform(0.05, 2.0))
        self._system.keep_running()
        rests = time.monotonic() < self._rest_until
        for victim in self._draw.sample(VICTIMS, len(VICTIMS)):
            is_server = victim in {"postmaster", "restart"}
            found = [] if is_server and rests else self._system.find("postmaster" if victim == "restart" else victim)
            number = signal.SIGINT if victim == "restart" else signal.SIGKILL
            if found and installation.kill(self._draw.choice(found), number):
                self.killed[victim] += 1
                if is_server:
                    self._rest_until = time.monotonic() + POSTMASTER_REST_SECONDS
                return

    def must_strike(self, victim: str) -> None:
        """Kill one of a kind as soon as there is one."""
        until(lambda: bool(self._system.find(victim)), f"a {victim}")
        if installation.kill(self._draw.choice(self._system.find(victim))):
            self.killed[victim] += 1
        self._system.keep_running()


class Story:
    """An outage and bills, told to a system that is being killed."""

    def __init__(self, system: Installation) -> None:
        self._system = system
        self.bills = 0

    def say(self, kind: str) -> None:
        self._system.network.publish(self._system.network.say(kind, METERS, now=dt.datetime.now(dt.UTC)))

    def close_bills(self, count: int) -> None:
        for number in range(self.bills, self.bills + count):
            subject = f"A-{number % HOUSEHOLDS}"
            self._system.post([_event(f"bill-{number}", "billing.closed", subject, bill())])
        self.bills += count

    def estimate(self, number: int) -> None:
        until(self._has_incident, "an incident")
        ((incident,),) = self._system.rows("SELECT ref FROM incident LIMIT 1")
        at = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(hours=3 + 2 * number)
        self._system.post(
            [_event(f"estimate-{number}", "incident.estimate", str(incident), {"restoration_at": at.isoformat()})]
        )

    def _has_incident(self) -> bool:
        self._system.keep_running()
        try:
            return self._system.one("SELECT count(*) FROM incident") > 0
        except installation.psycopg.Error:
            return False


def _event(name: str, kind: str, subject: str, data: dict[str, object]) -> dict[str, object]:
    return {
        "specversion": "1.0",
        "source": "platform",
        "id": name,
        "type": kind,
        "subject": subject,
        "time": dt.datetime.now(dt.UTC).isoformat(),
        "data": data,
    }


def copies(system: Installation) -> collections.Counter[str]:
    """Delivery → copies at the receiving sides: mails by Message-ID, SMS by their link, letters by manifest."""
    sms_of = {
        str(communication): str(ref)
        for ref, communication in system.rows("SELECT ref, communication_id FROM delivery WHERE channel = 'sms'")
    }
    found: collections.Counter[str] = collections.Counter()
    for mail in system.peers.mail.kept():
        name = cast("str", message_from_bytes(mail.content)["Message-ID"])
        found[name.strip("<>").partition("@")[0].rpartition(".")[0]] += 1
    for text in system.peers.sms.kept():
        link = _STATUS_LINK.search(text.text)
        assert link is not None, text.text
        found[sms_of[link[1][: records.REFERENCE_LENGTH_CHARACTERS]]] += 1
    for file in system.peers.spool.glob("[!.]*/manifest.json"):
        manifest = msgspec.json.decode(file.read_bytes(), type=print_spool.Manifest)
        found.update(item.delivery for item in manifest.items)
    return found


def check(system: Installation, story: Story) -> int:
    """Nothing lost, nothing twice, the proof intact; how many are declared unclear."""
    received = copies(system)
    rows = system.rows(
        "SELECT delivery.ref, channel, delivery.state, communication_id, EXISTS ("
        " SELECT 1 FROM attempt WHERE delivery_id = delivery.ref AND kind = 'unclear')"
        " FROM delivery WHERE channel <> 'webhook'"
    )
    assert received.keys() <= {row[0] for row in rows}
    assert {ref: count for ref, count in received.items() if count > 1} == {}
    told: collections.Counter[object] = collections.Counter()
    unclear: set[object] = set()
    for ref, channel, state, communication, is_declared in rows:
        assert state not in {"due", "attempting", "failed"}, (ref, channel, state)
        told[communication] += received[str(ref)]
        unclear |= {communication} if is_declared else set()
        assert is_declared or received[str(ref)] == (state in {"accepted", "delivered"}), (channel, state)
    notices = system.rows("SELECT ref, communication FROM decision WHERE verdict = 'notice' AND state = 'composed'")
    for ref, communication in notices:
        assert told[ref] == 1 or (told[ref] == 0 and ref in unclear) or communication == "status", communication
    assert system.one("SELECT count(*) FROM decision WHERE communication = 'bill-ready'") == story.bills
    opened = "SELECT count(DISTINCT party) FROM decision WHERE communication = 'outage-opened' AND verdict = 'notice'"
    assert system.one(opened) == HOUSEHOLDS
    assert system.one("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'") == 0
    system.run("-m", "signalpost", "verify")
    hooks = system.one("SELECT count(*) FROM delivery WHERE channel = 'webhook' AND state = 'delivered'")
    assert len(system.peers.platform.kept()) == hooks
    assert system.peers.platform.out_of_order == 0
    return len(unclear)


def end(system: Installation, story: Story, killer: Killer) -> str:
    """Wait until all is done, and check it; what was tried, in words."""
    until(system.at_rest, f"rest after {killer.killed}", seconds=REST_SECONDS)
    unclear = check(system, story)
    kills = ", ".join(f"{count} {victim}" for victim, count in sorted(killer.killed.items()))
    return f"killed {kills}; {story.bills} bills, {HOUSEHOLDS} households, {unclear} communications unclear"


@pytest.mark.timeout(900)
def test_some_kills(tmp_path: pathlib.Path, tried: Tried, noted: Noted):
    seed = secrets.randbelow(2**32)
    noted(f"seed {seed}")
    with installation.running(tmp_path) as system:
        killer, story = Killer(system, seed), Story(system)
        story.say(meters.LAST_GASP)
        killer.must_strike("worker")
        story.close_bills(4)
        killer.must_strike("postmaster")
        story.close_bills(4)
        killer.must_strike("supervisor")
        noted(end(system, story, killer))
        tried("kills", killer.killed.total())


@pytest.mark.faults
@pytest.mark.timeout(2 * 3600)
def test_many_kills(tmp_path: pathlib.Path, tried: Tried, noted: Noted):
    seed = secrets.randbelow(2**32)
    noted(f"seed {seed}")
    with installation.running(tmp_path) as system:
        killer, story = Killer(system, seed), Story(system)
        story.say(meters.LAST_GASP)
        for round_number in range(3):
            for _ in range(KILLS // 4):
                story.close_bills(2)
                killer.strike()
            story.estimate(round_number)
        story.say(meters.RESTORED)
        while killer.killed.total() < KILLS:
            killer.strike()
        noted(end(system, story, killer))
        tried("kills", killer.killed.total())
