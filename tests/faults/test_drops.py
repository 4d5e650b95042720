"""A server that takes a connection and drops it before it answers, at each point of the dialogue, seen from the path.

What certainly did not go out is sent again and arrives once; what may have gone out is unclear and is never sent again.
What a channel itself makes of each break stands in `tests/channels`.
"""

import collections
from collections.abc import Callable

import msgspec
import pytest
from tests.channels import mail_servers
from tests.faults.plugin import Tried
from tests.path.test_documents import bill
from tests.path.world import METERS, PHONES, TOLD, World
from tests.peers import smsc as smsc_peer

from signalpost import channels
from signalpost.acts import operate
from signalpost.channels import smpp, smtp
from signalpost.channels.smpp import wire
from signalpost.channels.smtp import relay

#: command_status of a centre that cannot bind anybody now (ESME_RSYSERR, SMPP 3.4, 5.1.3).
SYSTEM_ERROR = 0x08
#: Longer than the first wait before another attempt, on every channel.
NEXT_ATTEMPT_SECONDS = 120


def to_relay(port: int) -> smtp.Smtp:
    where = relay.Relay(
        host="127.0.0.1", port=port, encryption=relay.Encryption.NONE, reply_seconds=5.0, final_seconds=5.0
    )
    return smtp.Smtp(
        smtp.Config(
            name="email", relays=(where,), sender="notices@mail.example", bounce_domain="mail.example", key=b"k"
        )
    )


def to_centre(server: smsc_peer.Smsc) -> smpp.Smpp:
    centre = wire.Centre(host=server.host, port=server.port, system_id=server.system_id, password=server.password)
    return smpp.Smpp(smpp.Config(name="sms", centres=(centre,), sender="UTILITY"))


def sends_over(world: World, name: str, make: Callable[[], channels.Channel]) -> channels.Channel:
    """A process starts that has this way out; the one before it knows nothing to it."""
    made = make()
    world.parts = msgspec.structs.replace(world.parts, channels={**world.parts.channels, name: made})
    return made


@pytest.mark.parametrize("step", ["greeting", "ehlo", "mail", "rcpt", "data"])
def test_a_mail_that_was_dropped_before_its_content_arrives_once_at_the_next_attempt(
    world: World, step: str, tried: Tried
):
    with mail_servers.scripted({step: mail_servers.CLOSE}) as server:
        first = sends_over(world, "email", lambda: to_relay(server.port))
        world.event("billing.closed", "A-cem-M-04", bill())
        after_drop = world.states("bill-ready")["cem"][0]
        first.close()

        server.answers[step] = mail_servers.ANSWERS[step]
        second = sends_over(world, "email", lambda: to_relay(server.port))
        world.later(NEXT_ATTEMPT_SECONDS)
        world.drain()
        second.close()

        assert after_drop == "email due"
        assert world.states("bill-ready")["cem"][0] == "email accepted"
        assert len(server.contents) == 1
    assert world.rows("SELECT kind FROM attempt WHERE finished_at IS NULL OR kind = 'unclear'", tuple[str]) == []
    tried("drops", 1)


def test_a_mail_that_was_dropped_after_its_content_is_unclear_and_never_sent_again(world: World, tried: Tried):
    with mail_servers.scripted({"end": mail_servers.CLOSE}) as server:
        first = sends_over(world, "email", lambda: to_relay(server.port))
        world.event("billing.closed", "A-cem-M-04", bill())
        first.close()

        server.answers["end"] = mail_servers.ANSWERS["end"]
        second = sends_over(world, "email", lambda: to_relay(server.port))
        for _ in range(3):
            world.later(24 * 3600)
            world.drain()
        second.close()

        assert world.states("bill-ready")["cem"] == ["email unclear", "letter standby"]
        assert len(server.contents) == 1
        assert len(operate.unclear()) == 1
    tried("drops", 1)


@pytest.mark.parametrize("handed_over", [0, 1, 3])
def test_sms_that_were_dropped_unanswered_are_unclear_and_the_others_arrive_once(
    world: World, smsc: smsc_peer.Smsc, handed_over: int, tried: Tried
):
    actions = [smsc_peer.Action.IGNORE] * max(0, handed_over - 1) + [smsc_peer.Action.DROP] * min(1, handed_over)
    if handed_over:
        smsc.behave(actions, receipt=None)
    else:
        smsc.behave(next_binds=[SYSTEM_ERROR], receipt=None)
    first = sends_over(world, "sms", lambda: to_centre(smsc))
    world.meters_say("LG", METERS)
    world.drain()
    first.close()
    smsc.behave(receipt=None)
    second = sends_over(world, "sms", lambda: to_centre(smsc))
    for _ in range(3):
        world.later(NEXT_ATTEMPT_SECONDS)
        world.drain()
    second.close()

    parties = [party for party, channel in TOLD.items() if channel == "sms"]
    states = {PHONES[party].removeprefix("+"): world.states("outage-opened")[party][0] for party in parties}
    copies = collections.Counter((submit.destination, submit.content) for submit in smsc.submits())
    reached = {destination for destination, _ in copies}
    assert set(copies.values()) == {1}
    assert set(states.values()) <= {"sms accepted", "sms unclear"}
    assert ("sms unclear" in states.values()) == (handed_over > 0)
    assert {destination for destination, state in states.items() if state == "sms accepted"} <= reached
    assert reached <= set(states)
    tried("drops", 1)
