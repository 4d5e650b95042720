"""The demo's SMS centre against the product's own channel and listener, over SMPP on loopback."""

import threading
import time
from collections.abc import Callable, Generator

import pytest

from signalpost.channels import smpp
from signalpost.channels.smpp import wire
from signalpost.demo import ports, smsc, town
from signalpost.sources import sms as listener
from signalpost.vocabulary import deliveries, events, parties

#: How long to wait for what comes over the loopback.
WAIT_SECONDS = 20.0


@pytest.fixture
def centre() -> Generator[smsc.Centre]:
    made = smsc.Centre()
    yield made
    made.stop()


@pytest.fixture
def channel(centre: smsc.Centre) -> Generator[smpp.Smpp]:
    where = wire.Centre(host=ports.LOOPBACK, port=centre.port, system_id=smsc.SYSTEM_ID, password=smsc.PASSWORD)
    made = smpp.Smpp(smpp.Config(centres=(where,), sender="Stadtwerke"))
    yield made
    made.close()


@pytest.fixture
def heard(centre: smsc.Centre) -> Generator[list[bytes]]:
    source = listener.Sms(
        listener.Config(host=ports.LOOPBACK, port=centre.port, system_id=smsc.SYSTEM_ID, password=smsc.PASSWORD)
    )
    bodies: list[bytes] = []

    def sink(raws: "list[events.Raw]") -> "list[tuple[events.Refusal, ...]]":
        bodies.extend(raw.body for raw in raws)
        return [() for _ in raws]

    thread = threading.Thread(target=source.run, args=(sink,))
    thread.start()
    yield bodies
    source.stop()
    thread.join()


def outgoing(text: str, number: str = "+4915100000001", ref: str = "d1") -> deliveries.Outgoing:
    return deliveries.Outgoing(
        ref=ref,
        attempt=1,
        communication="c1",
        channel=parties.ChannelKind.SMS,
        address=number,
        media_type="text/plain",
        content=text.encode(),
    )


def wait_for(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not is_true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("text", "segments", "encoding"),
    [
        ("Power is back.", 1, "gsm7"),
        ("€" * 100, 2, "gsm7"),
        ("Strom: Łódź " * 20, 4, "ucs2"),
    ],
)
def test_a_text_arrives_whole(centre: smsc.Centre, channel: smpp.Smpp, text: str, segments: int, encoding: str) -> None:
    (outcome,) = channel.send([outgoing(text)])
    assert outcome.kind is deliveries.OutcomeKind.ACCEPTED
    (kept,) = centre.kept()
    assert (kept.to, kept.sender, kept.text) == ("+4915100000001", "Stadtwerke", text)
    assert (kept.segments, kept.encoding) == (segments, encoding)


def test_a_number_that_is_gone_is_refused(centre: smsc.Centre, channel: smpp.Smpp) -> None:
    (outcome,) = channel.send([outgoing("Hello", f"{town.DEAD_NUMBER_PREFIX}000001")])
    assert outcome.kind is deliveries.OutcomeKind.ADDRESS_INVALID
    assert centre.kept() == []


def test_receipts_and_replies_wait_for_the_listener(
    centre: smsc.Centre, channel: smpp.Smpp, heard: list[bytes]
) -> None:
    (outcome,) = channel.send([outgoing("Hello")])
    wait_for(lambda: centre.waiting() == 0)
    (receipt,) = channel.understand(heard[0], smpp.MEDIA_TYPE)
    assert (receipt.kind, receipt.provider_ref) == (deliveries.OutcomeKind.DELIVERED, outcome.provider_ref)
    centre.reply("+4915100000001", "OFF", to="Stadtwerke")
    (reply,) = channel.understand(heard[1], smpp.MEDIA_TYPE)
    assert (reply.kind, reply.text, reply.sender) == (deliveries.OutcomeKind.REPLIED, "OFF", "+4915100000001")


def test_a_wrong_password_is_refused(centre: smsc.Centre) -> None:
    where = wire.Centre(host=ports.LOOPBACK, port=centre.port, system_id=smsc.SYSTEM_ID, password="wrong")
    made = smpp.Smpp(smpp.Config(centres=(where,), sender="Stadtwerke"))
    assert made.check() != ""
    made.close()
