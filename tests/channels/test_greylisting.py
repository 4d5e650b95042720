"""Greylisting by Postfix: what is refused at first contact gets through by the ladder, or goes by another channel."""

import datetime as dt
import itertools
import os
import socketserver
import threading
from collections.abc import Iterator

import msgspec
import pytest
from tests.channels import conformance, test_smtp
from tests.peers import plugin, processes
from tests.peers import postfix as postfix_peer

from signalpost.channels import smtp
from signalpost.flow import deliver as stage
from signalpost.vocabulary import deliveries, parties

Kind = deliveries.OutcomeKind
State = deliveries.DeliveryState

NOW = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)


class Greylist(socketserver.ThreadingTCPServer):
    """A policy server for Postfix (SMTPD_POLICY_README): knows a triplet after `delay` on a clock under the hand."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__((processes.LOOPBACK, 0), _Policy)
        self.now = NOW
        self.delay = dt.timedelta(seconds=300)
        self.seen: dict[tuple[str, str, str], dt.datetime] = {}

    def verdict(self, asked: dict[str, str]) -> str:
        triplet = (asked["client_address"], asked["sender"], asked["recipient"])
        first = self.seen.setdefault(triplet, self.now)
        return "DUNNO" if self.now - first >= self.delay else "451 4.7.1 Greylisted, please come back later"


class _Policy(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        asked: dict[str, str] = {}
        for raw in self.rfile:
            name, equals, value = raw.decode().rstrip("\n").partition("=")
            if equals:
                asked[name] = value
                continue
            server = self.server
            assert isinstance(server, Greylist)
            self.wfile.write(f"action={server.verdict(asked)}\n\n".encode())
            asked = {}


@pytest.fixture(scope="session")
def greylist() -> Iterator[Greylist]:
    with Greylist() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def strict(greylist: Greylist) -> Iterator[postfix_peer.Postfix]:
    """A Postfix that greylists the local part "grey"."""
    plugin.require("postfix")
    policy = f"check_policy_service inet:{processes.LOOPBACK}:{greylist.server_address[1]}"
    with postfix_peer.start(refusals={"grey": "greylisting", "greyer": "greylisting"}) as server:
        server.stop()
        main = server.folder / "config" / "main.cf"
        with main.open("a") as file:
            file.write(f"smtpd_restriction_classes = greylisting\ngreylisting = {policy}\n")
        os.utime(main, (postfix_peer.LONG_AGO, postfix_peer.LONG_AGO))
        server.restart()
        yield server


def attempts(
    channel: smtp.Smtp, greylist: Greylist, address: str, *, draw: float
) -> tuple[list[float], deliveries.Plan]:
    """Let a delivery go its way by the plan: seconds from the first attempt to each, and the last word."""
    delivery = deliveries.Delivery(
        ref=f"d-{address.partition('@')[0]}-{round(draw * 10)}",
        communication="c",
        channel=parties.ChannelKind.EMAIL,
        rank=0,
        state=State.DUE,
        due_at=NOW,
    )
    greylist.now = NOW
    made: list[float] = []
    while True:
        plan = stage.plan(delivery, channel.profile, outcome=None, now=greylist.now, draw=draw)
        if plan.state is not State.ATTEMPTING:
            return made, plan
        made.append((greylist.now - NOW).total_seconds())
        number = delivery.attempts + 1
        delivery = msgspec.structs.replace(delivery, state=State.ATTEMPTING, attempts=number)
        (outcome,) = conformance.sent(channel, [test_smtp.outgoing(delivery.ref, address, attempt=number)])
        plan = stage.plan(delivery, channel.profile, outcome=outcome, now=greylist.now, draw=draw)
        if plan.due_at is None:
            return made, plan
        delivery = msgspec.structs.replace(delivery, state=plan.state, due_at=plan.due_at)
        greylist.now = plan.due_at


@pytest.mark.parametrize(
    ("delay_seconds", "times"),
    [
        # Most servers let pass after one to five minutes …
        (60, [0, 300]),
        (300, [0, 300]),
        # … some after longer, or with a longer memory.
        (600, [0, 300, 600]),
        (3600, [0, 300, 600, 1500, 5100]),
    ],
)
def test_the_same_triplet_comes_back_until_it_is_known(
    strict: postfix_peer.Postfix, greylist: Greylist, delay_seconds: int, times: list[float]
):
    greylist.delay = dt.timedelta(seconds=delay_seconds)
    greylist.seen.clear()
    channel = smtp.Smtp(test_smtp.config(test_smtp.to(strict.port)))
    made, plan = attempts(channel, greylist, "grey@customer.example", draw=0)
    channel.close()
    assert plan.state is State.ACCEPTED
    assert made == times
    # Sender, recipient and client are the same each time: else every attempt would be a first contact.
    assert len(greylist.seen) == 1


@pytest.mark.parametrize("draw", [0.0, 0.5, 1.0])
def test_one_that_never_lets_pass_makes_the_next_channel_start_in_bounded_time(
    strict: postfix_peer.Postfix, greylist: Greylist, draw: float
):
    greylist.delay = dt.timedelta(days=365)
    channel = smtp.Smtp(test_smtp.config(test_smtp.to(strict.port)))
    made, plan = attempts(channel, greylist, "greyer@customer.example", draw=draw)
    channel.close()
    profile = channel.profile
    assert (plan.state, plan.starts_fallback) == (State.FAILED, True)
    assert len(made) == stage.attempts_allowed(profile)
    waits = [later - earlier for earlier, later in itertools.pairwise(made)]
    shortest = [max(rung * (1 - profile.jitter), 300) for rung in profile.retry_seconds]
    longest = [max(rung, 300) for rung in profile.retry_seconds]
    assert all(low <= wait <= high for low, wait, high in zip(shortest, waits, longest, strict=True))
