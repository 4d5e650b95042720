"""The in-memory channel keeps the laws of every channel, so that it can stand for any."""

import datetime as dt

import msgspec
import pytest
from tests.channels import conformance

from signalpost.channels import memory
from signalpost.vocabulary import deliveries, parties

NOBODY = "nobody@customer.example"


class Peer:
    def __init__(self, channel: memory.Memory) -> None:
        self._channel = channel

    def taken(self) -> int:
        return len(self._channel.taken)

    def die(self) -> None:
        self._channel.is_reachable = False

    def revive(self) -> None:
        self._channel.is_reachable = True


def outgoing(number: int, address: str) -> deliveries.Outgoing:
    return deliveries.Outgoing(
        ref=f"d{number}-{address}",
        attempt=1,
        communication=f"c{number}",
        channel=parties.ChannelKind.EMAIL,
        address=address,
        media_type="text/plain",
        content=b"Power is back.",
        headers=(("subject", "Power"),),
    )


class TestSuite(conformance.ChannelSuite):
    @pytest.fixture
    def rig(self) -> conformance.Rig:
        channel = memory.Memory(parties.ChannelKind.EMAIL, refuses=frozenset({NOBODY}))
        return conformance.Rig(channel=channel, peer=Peer(channel), where="'memory'")

    def good(self, number: int) -> deliveries.Outgoing:
        return outgoing(number, f"person{number}@customer.example")

    def refused(self, number: int) -> deliveries.Outgoing | None:
        return outgoing(number, NOBODY)

    def receipt(
        self, rig: conformance.Rig, outgoing: deliveries.Outgoing, outcome: deliveries.Outcome
    ) -> conformance.Inbound | None:
        del outcome
        receipt = deliveries.Receipt(
            channel=parties.ChannelKind.EMAIL,
            via=rig.channel.profile.name,
            kind=deliveries.OutcomeKind.DELIVERED,
            at=dt.datetime(2026, 1, 5, 10, tzinfo=dt.UTC),
            delivery=outgoing.ref,
        )
        return conformance.Inbound(
            raw=msgspec.json.encode(receipt), media_type=memory.MEDIA_TYPE, kind=deliveries.OutcomeKind.DELIVERED
        )


def test_what_is_sent_again_is_kept_once():
    channel = memory.Memory(parties.ChannelKind.EMAIL)
    for _ in range(2):
        channel.send([outgoing(1, "ann@customer.example")])
    assert list(channel.taken) == ["d1-ann@customer.example"]


def test_what_is_no_receipt_says_nothing():
    assert list(memory.Memory(parties.ChannelKind.EMAIL).understand(b"\xff", memory.MEDIA_TYPE)) == []
