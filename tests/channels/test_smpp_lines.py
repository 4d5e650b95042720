"""The SMS channel when the line to the centre breaks at every point of the dialogue, and over TLS."""

import pathlib
import time

import pytest
from tests.channels import between, conformance, test_smpp
from tests.channels.between import Cut, Moment, Way
from tests.peers import certificates
from tests.peers import smsc as smsc_peer
from tests.sources import listening

from signalpost import settings as table
from signalpost.channels import smpp
from signalpost.channels.smpp import wire
from signalpost.sources import sms as listener
from signalpost.vocabulary import deliveries

Kind = deliveries.OutcomeKind


def channel_to(line: between.Line, server: smsc_peer.Smsc) -> smpp.Smpp:
    centre = wire.Centre(host=server.host, port=line.port, system_id=server.system_id, password=server.password)
    return smpp.Smpp(smpp.Config(centres=(centre,), sender="UTILITY"))


CLIENT, SERVER = Way.FROM_CLIENT, Way.FROM_SERVER
BIND, FIRST_SUBMIT, SECOND_SUBMIT = 1, 2, 3

#: Where the line breaks while two messages are sent → what each comes to, how many the centre may have read.
BREAKS = [
    (Cut(CLIENT, BIND, Moment.BEFORE), (Kind.DEFERRED, Kind.DEFERRED), 0),
    (Cut(CLIENT, BIND, Moment.INSIDE), (Kind.DEFERRED, Kind.DEFERRED), 0),
    (Cut(CLIENT, BIND, Moment.AFTER), (Kind.DEFERRED, Kind.DEFERRED), 0),
    (Cut(CLIENT, BIND, Moment.HELD), (Kind.DEFERRED, Kind.DEFERRED), 0),
    (Cut(SERVER, BIND, Moment.BEFORE), (Kind.DEFERRED, Kind.DEFERRED), 0),
    (Cut(SERVER, BIND, Moment.INSIDE), (Kind.DEFERRED, Kind.DEFERRED), 0),
    (Cut(SERVER, BIND, Moment.GARBLED), (Kind.DEFERRED, Kind.DEFERRED), 0),
    (Cut(SERVER, BIND, Moment.HELD), (Kind.DEFERRED, Kind.DEFERRED), 0),
    # Both were handed to the line: what it lost of them, nobody here can know.
    (Cut(CLIENT, FIRST_SUBMIT, Moment.BEFORE), (Kind.UNCLEAR, Kind.UNCLEAR), 0),
    (Cut(CLIENT, FIRST_SUBMIT, Moment.INSIDE), (Kind.UNCLEAR, Kind.UNCLEAR), 0),
    (Cut(CLIENT, FIRST_SUBMIT, Moment.HELD), (Kind.UNCLEAR, Kind.UNCLEAR), 0),
    (Cut(CLIENT, SECOND_SUBMIT, Moment.HELD), (Kind.ACCEPTED, Kind.UNCLEAR), 1),
    (Cut(SERVER, FIRST_SUBMIT, Moment.BEFORE), (Kind.UNCLEAR, Kind.UNCLEAR), 2),
    (Cut(SERVER, FIRST_SUBMIT, Moment.INSIDE), (Kind.UNCLEAR, Kind.UNCLEAR), 2),
    (Cut(SERVER, FIRST_SUBMIT, Moment.GARBLED), (Kind.UNCLEAR, Kind.UNCLEAR), 2),
    (Cut(SERVER, FIRST_SUBMIT, Moment.HELD), (Kind.UNCLEAR, Kind.UNCLEAR), 2),
    (Cut(SERVER, SECOND_SUBMIT, Moment.BEFORE), None, 2),
    (Cut(SERVER, SECOND_SUBMIT, Moment.INSIDE), None, 2),
    (Cut(SERVER, SECOND_SUBMIT, Moment.GARBLED), None, 2),
    (Cut(SERVER, SECOND_SUBMIT, Moment.AFTER), (Kind.ACCEPTED, Kind.ACCEPTED), 2),
]


@pytest.mark.parametrize(
    ("cut", "kinds", "read"), BREAKS, ids=lambda value: " ".join(map(str, value)) if isinstance(value, Cut) else None
)
def test_every_break_is_known_for_what_it_is(
    smsc: smsc_peer.Smsc, monkeypatch: pytest.MonkeyPatch, cut: Cut, kinds: tuple[Kind, Kind] | None, read: int
):
    monkeypatch.setattr(wire, "ANSWER_SECONDS", 0.7)
    smsc.behave(receipt=None)
    with between.line(smsc.port, cut=cut) as line:
        channel = channel_to(line, smsc)
        outcomes = conformance.sent(channel, [test_smpp.outgoing("a"), test_smpp.outgoing("b")])
        # jSMPP answers in any order: then the one answered is accepted, the other unclear.
        assert sorted(outcome.kind for outcome in outcomes) == sorted(kinds or (Kind.ACCEPTED, Kind.UNCLEAR))
        # An end of the line may overtake what was on its way.
        assert len(smsc.submits()) <= read
        # The next batch finds the centre again over a new connection.
        (after,) = conformance.sent(channel, [test_smpp.outgoing("after")])
        channel.close()
    assert after.kind is Kind.ACCEPTED


PATIENCE_SECONDS = 20.0


# --- TLS --------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> certificates.Certificate:
    return certificates.make(tmp_path_factory.mktemp("tls"))


def over_tls(server: smsc_peer.Smsc, line: between.Line, ca_file: pathlib.Path | None) -> table.Settings:
    return table.Settings(
        smpp_url=f"smpps://{server.system_id}:{server.password}@127.0.0.1:{line.port}",
        smpp_ca_file=str(ca_file or ""),
        sms_from="UTILITY",
    )


def made(given: table.Settings) -> smpp.Smpp:
    channel = smpp.from_settings(given, lambda purpose: purpose.encode())
    assert channel is not None
    return channel


def test_messages_go_out_and_receipts_come_in_over_tls(smsc: smsc_peer.Smsc, certificate: certificates.Certificate):
    smsc.behave(receipt=None)
    with between.line(smsc.port, certificate=certificate) as line:
        given = over_tls(smsc, line, certificate.authority)
        channel = made(given)
        outcomes = conformance.sent(channel, [test_smpp.outgoing(f"d{number}") for number in range(60)])
        assert channel.check() == ""
        receiver = listener.from_settings(given)
        assert receiver is not None
        with listening.Running(receiver) as running:
            smsc.wait_for_binds(2)
            smsc.send_receipt(outcomes[0].provider_ref)
            [raw] = running.wait_for(1)
        [receipt] = channel.understand(raw.body, raw.content_type)
        channel.close()
        assert line.handshakes == 2
    assert {outcome.kind for outcome in outcomes} == {Kind.ACCEPTED}
    assert (receipt.kind, receipt.provider_ref) == (Kind.DELIVERED, outcomes[0].provider_ref)


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("unknown authority", "certificate not accepted"),
        ("no TLS there", "no encryption"),
    ],
)
def test_a_centre_that_cannot_prove_itself_gets_nothing(
    smsc: smsc_peer.Smsc,
    certificate: certificates.Certificate,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fault: str,
    why: str,
):
    monkeypatch.setattr(wire, "ANSWER_SECONDS", 2.0)
    monkeypatch.setattr(listener, "ANSWER_SECONDS", 2.0)
    with between.line(smsc.port, certificate=None if fault == "no TLS there" else certificate) as line:
        given = over_tls(smsc, line, None if fault == "unknown authority" else certificate.authority)
        channel = made(given)
        (outcome,) = conformance.sent(channel, [test_smpp.outgoing()])
        told = channel.check()
        channel.close()
        receiver = listener.from_settings(given)
        assert receiver is not None
        with listening.Running(receiver):
            until = time.monotonic() + PATIENCE_SECONDS
            while "SMS centre: " not in caplog.text and time.monotonic() < until:
                time.sleep(0.02)
    assert outcome.kind is Kind.DEFERRED
    assert why in told
    assert "SMS centre: " in caplog.text
    assert smsc.password not in told + caplog.text
    assert smsc.binds() == []
