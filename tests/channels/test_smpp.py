"""The SMS channel against jSMPP's server."""

import pathlib
from collections import defaultdict
from collections.abc import Callable, Iterator

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.channels import conformance
from tests.peers import smsc as smsc_peer
from tests.sources import listening

from signalpost import settings as table
from signalpost.channels import smpp
from signalpost.channels.smpp import answers, link, segments, wire
from signalpost.sources import sms as listener
from signalpost.vocabulary import deliveries, parties, sms

Kind = deliveries.OutcomeKind


def outgoing(ref: str = "d1", address: str = "+4915112345678", text: str = "Power is back.") -> deliveries.Outgoing:
    return deliveries.Outgoing(
        ref=ref,
        attempt=1,
        communication=f"c-{ref}",
        channel=parties.ChannelKind.SMS,
        address=address,
        media_type="text/plain; charset=utf-8",
        content=text.encode(),
        headers=(("language", "en"),),
    )


def channel_to(server: smsc_peer.Smsc, *, password: str = "", sender: str = "UTILITY") -> smpp.Smpp:
    centre = wire.Centre(
        host=server.host, port=server.port, system_id=server.system_id, password=password or server.password
    )
    return smpp.Smpp(smpp.Config(centres=(centre,), sender=sender))


def listening_to(server: smsc_peer.Smsc, *, failures: int = 0) -> listening.Running:
    config = listener.Config(host=server.host, port=server.port, system_id=server.system_id, password=server.password)
    return listening.Running(listener.Sms(config), failures=failures)


class Peer:
    """The server under the suite's hand."""

    def __init__(self, server: smsc_peer.Smsc) -> None:
        self._server = server
        self._next: list[int | smsc_peer.Action] = []

    def taken(self) -> int:
        if self._server.process.is_running:
            # An order is carried out after what was read before it was told.
            self._server.behave(self._next)
        submits = self._server.submits()
        return sum(bool(submit.message_id) for submit in submits)

    def die(self) -> None:
        self._server.kill()

    def revive(self) -> None:
        self._server.restart()

    def drop_before_answering(self) -> None:
        self._next = [smsc_peer.Action.DROP] * 20
        self._server.behave(self._next)


@pytest.fixture
def channel(smsc: smsc_peer.Smsc) -> Iterator[smpp.Smpp]:
    made = channel_to(smsc)
    yield made
    made.close()


class TestSuite(conformance.AnsweringPeerSuite):
    @pytest.fixture
    def rig(self, smsc: smsc_peer.Smsc, channel: smpp.Smpp) -> conformance.Rig:
        return conformance.Rig(channel=channel, peer=Peer(smsc), where=f"{smsc.host}:{smsc.port}")

    @pytest.fixture
    def dropping_rig(self, smsc: smsc_peer.Smsc, channel: smpp.Smpp) -> conformance.DroppingRig:
        return conformance.DroppingRig(channel=channel, peer=Peer(smsc))

    @pytest.fixture(autouse=True)
    def reach(self, smsc: smsc_peer.Smsc) -> None:
        self._server = smsc

    def good(self, number: int) -> deliveries.Outgoing:
        return outgoing(f"good-{number}", f"+49151{number:07}")

    def refused(self, number: int) -> deliveries.Outgoing | None:
        return outgoing(f"bad-{number}", "0151 1234567")

    def receipt(
        self, rig: conformance.Rig, outgoing: deliveries.Outgoing, outcome: deliveries.Outcome
    ) -> conformance.Inbound | None:
        del rig, outgoing
        with listening_to(self._server) as running:
            self._server.wait_for_binds(2)
            self._server.send_receipt(outcome.provider_ref)
            raw = running.wait_for(1)[0]
        return conformance.Inbound(raw=raw.body, media_type=raw.content_type, kind=Kind.DELIVERED)


# --- What reaches the phone -------------------------------------------------------------------------------------------

TEXTS = {
    "plain": "Power is back.",
    "at_and_newline": "@home\nÄÖÜ ßéñ ΔΦΓ",
    "extension": "[{~^|\\}] €9.90",
    "ucs2": "Stromausfall behoben ✓ Привет 電気",
    "emoji": "Power is back \N{PARTY POPPER}" * 4,
    "gsm_160": "x" * 160,
    "gsm_161": "x" * 161,
    "gsm_escape_at_cut": "x" * 152 + "€" * 10,
    "ucs2_70": "ж" * 70,
    "ucs2_71": "ж" * 71,
    "surrogates_at_cut": "ж" * 66 + "\N{PARTY POPPER}" * 10,
    "long": "Power fails in your street. " * 40,
    "empty": "",
    "markup": "{{7*7}} <script> #{x} %s \\0",
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_phone_shows_what_was_sent(smsc: smsc_peer.Smsc, channel: smpp.Smpp, name: str):
    smsc.behave(receipt=None)
    (outcome,) = conformance.sent(channel, [outgoing(text=TEXTS[name])])
    assert outcome.kind is Kind.ACCEPTED
    submits = smsc.answered_submits()
    numbered = {submit.segment.number if submit.segment else 1: submit for submit in submits}
    assert sorted(numbered) == list(range(1, len(submits) + 1))
    assert "".join(numbered[number].text for number in sorted(numbered)) == TEXTS[name]
    assert {submit.segment.total for submit in submits if submit.segment} in (set(), {len(submits)})
    # One message, one receipt: the last segment asks for it and names the whole.
    assert [submit.registered_delivery for submit in submits] == [0] * (len(submits) - 1) + [1]
    assert outcome.provider_ref == submits[-1].message_id


@pytest.mark.parametrize(
    ("sender", "source", "kind"), [("UTILITY", "UTILITY", (5, 0)), ("+49800100200", "49800100200", (1, 1))]
)
def test_the_sender_is_a_name_or_a_number(smsc: smsc_peer.Smsc, sender: str, source: str, kind: tuple[int, int]):
    channel = channel_to(smsc, sender=sender)
    channel.send([outgoing(address="+15551234567")])
    channel.close()
    [submit] = smsc.wait_for_submits(1)
    assert (submit.source, (submit.source_ton, submit.source_npi)) == (source, kind)
    assert (submit.destination, submit.destination_ton, submit.destination_npi) == ("15551234567", 1, 1)


def test_another_attempt_completes_the_same_message(smsc: smsc_peer.Smsc, channel: smpp.Smpp):
    for _ in range(2):
        channel.send([outgoing("same", text="x" * 300)])
    channel.send([outgoing("other", text="x" * 300)])
    first, _, again, _, other, _ = smsc.wait_for_submits(6)
    assert first.segment == again.segment
    assert first.segment is not None
    assert other.segment is not None
    assert first.segment.reference != other.segment.reference


def test_what_is_no_text_is_refused_here(channel: smpp.Smpp):
    bytes_only = msgspec.structs.replace(outgoing("a"), content=b"\xff\xfe")
    endless = outgoing("b", text="x" * 153 * 256)
    refused, too_long, fine = conformance.sent(channel, [bytes_only, endless, outgoing("c")])
    assert (refused.kind, too_long.kind, fine.kind) == (Kind.REJECTED, Kind.REJECTED, Kind.ACCEPTED)
    assert too_long.detail == "wanted at most 255 parts, got 256"


# --- What the centre answers ------------------------------------------------------------------------------------------


def test_a_wrong_password_is_named_and_nothing_is_lost(smsc: smsc_peer.Smsc):
    stranger = channel_to(smsc, password="wrong")
    (outcome,) = conformance.sent(stranger, [outgoing()])
    assert (outcome.kind, smsc.submits()) == (Kind.DEFERRED, [])
    assert outcome.detail == "SMS centre: it refuses to bind as 'signalpost': ESME_RINVPASWD"
    assert "ESME_RINVPASWD" in stranger.check()
    assert "wrong" not in stranger.check()
    stranger.close()


@pytest.mark.parametrize(
    ("status", "kind", "code", "waits"),
    [
        (smsc_peer.ESME_RTHROTTLED, Kind.DEFERRED, "ESME_RTHROTTLED", True),
        (smsc_peer.ESME_RMSGQFUL, Kind.DEFERRED, "ESME_RMSGQFUL", True),
        (smsc_peer.ESME_RINVDSTADR, Kind.ADDRESS_INVALID, "ESME_RINVDSTADR", False),
        (0x45, Kind.REJECTED, "0x00000045", False),
    ],
)
def test_refusals_are_told_apart(
    smsc: smsc_peer.Smsc, channel: smpp.Smpp, status: int, kind: Kind, code: str, *, waits: bool
):
    smsc.behave([status])
    refused, fine = conformance.sent(channel, [outgoing("a"), outgoing("b")])
    assert (refused.kind, refused.code, refused.retry_after_seconds is not None) == (kind, code, waits)
    assert fine.kind is Kind.ACCEPTED


def test_a_rate_limit_of_the_centre_defers_the_rest(smsc: smsc_peer.Smsc, channel: smpp.Smpp):
    smsc.behave(submits_per_second=20, receipt=None)
    outcomes = conformance.sent(channel, [outgoing(f"d{number}") for number in range(100)])
    assert {outcome.kind for outcome in outcomes} == {Kind.ACCEPTED, Kind.DEFERRED}
    accepted = [submit for submit in smsc.answered_submits() if submit.status == 0]
    assert sum(outcome.kind is Kind.ACCEPTED for outcome in outcomes) == len(accepted)
    # What was not handed over when the centre asked for a slower pace was not tried.
    held_back = [outcome for outcome in outcomes if outcome.is_held_back]
    assert len(smsc.submits()) == 100 - len(held_back)
    assert {outcome.retry_after_seconds for outcome in held_back} == {link.BUSY_SECONDS}


def test_a_message_that_was_begun_is_ended_though_the_centre_asks_for_a_slower_pace(
    smsc: smsc_peer.Smsc, channel: smpp.Smpp, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(link, "WINDOW_SUBMITS", 2)
    smsc.behave([smsc_peer.ESME_RTHROTTLED], receipt=None)
    texts = ["first", "x" * 400, "third"]
    outcomes = conformance.sent(channel, [outgoing(f"d{number}", text=text) for number, text in enumerate(texts)])
    assert [(outcome.kind, outcome.is_held_back) for outcome in outcomes] == [
        (Kind.DEFERRED, False),
        (Kind.ACCEPTED, False),
        (Kind.DEFERRED, True),
    ]
    assert len(smsc.answered_submits()) == 1 + 3


def test_a_window_of_submits_is_under_way_at_once(smsc: smsc_peer.Smsc, channel: smpp.Smpp):
    smsc.behave(delay_seconds=0.05, receipt=None)
    outcomes = conformance.sent(channel, [outgoing(f"d{number}") for number in range(40)])
    assert {outcome.kind for outcome in outcomes} == {Kind.ACCEPTED}
    by_number = {submit.destination: submit.message_id for submit in smsc.wait_for_submits(40)}
    assert len({outcome.provider_ref for outcome in outcomes}) == 40
    assert set(by_number.values()) <= {outcome.provider_ref for outcome in outcomes}


def test_a_connection_lost_after_a_window_leaves_the_rest_unsent(smsc: smsc_peer.Smsc, channel: smpp.Smpp):
    smsc.behave([smsc_peer.Action.IGNORE] * 49 + [smsc_peer.Action.DROP], receipt=None)
    outcomes = conformance.sent(channel, [outgoing(f"d{number}") for number in range(70)])
    assert [outcome.kind for outcome in outcomes] == [Kind.UNCLEAR] * 50 + [Kind.DEFERRED] * 20
    assert all("SMS centre" in outcome.detail for outcome in outcomes)
    (after,) = conformance.sent(channel, [outgoing("after")])
    assert after.kind is Kind.ACCEPTED


def test_a_message_with_some_segments_answered_is_unclear(smsc: smsc_peer.Smsc, channel: smpp.Smpp):
    smsc.behave([smsc_peer.ESME_ROK, smsc_peer.Action.DROP], receipt=None)
    (outcome,) = conformance.sent(channel, [outgoing(text="x" * 300)])
    assert outcome.kind is Kind.UNCLEAR


def test_a_centre_that_unbinds_between_batches_is_bound_again(smsc: smsc_peer.Smsc, channel: smpp.Smpp):
    channel.send([outgoing("a")])
    smsc.unbind()
    (outcome,) = conformance.sent(channel, [outgoing("b")])
    assert (outcome.kind, len(smsc.binds())) == (Kind.ACCEPTED, 2)


def test_closing_says_goodbye(smsc: smsc_peer.Smsc, channel: smpp.Smpp):
    channel.send([outgoing()])
    channel.close()
    assert len(smsc.wait_for_pdus(smsc_peer.UNBIND)) == 1


# --- What comes back --------------------------------------------------------------------------------------------------


def heard(channel: smpp.Smpp, running: listening.Running, count: int) -> list[deliveries.Receipt]:
    return [receipt for raw in running.wait_for(count) for receipt in channel.understand(raw.body, raw.content_type)]


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (smsc_peer.ReceiptState.DELIVRD, Kind.DELIVERED),
        (smsc_peer.ReceiptState.UNDELIV, Kind.REJECTED),
        (smsc_peer.ReceiptState.REJECTD, Kind.REJECTED),
        (smsc_peer.ReceiptState.EXPIRED, Kind.EXPIRED),
        (smsc_peer.ReceiptState.DELETED, Kind.EXPIRED),
        (smsc_peer.ReceiptState.ENROUTE, None),
        (smsc_peer.ReceiptState.ACCEPTD, None),
        (smsc_peer.ReceiptState.UNKNOWN, None),
    ],
)
@pytest.mark.parametrize("has_parameters", [True, False])
def test_receipts_say_what_became_of_it(
    smsc: smsc_peer.Smsc,
    channel: smpp.Smpp,
    state: smsc_peer.ReceiptState,
    kind: Kind | None,
    *,
    has_parameters: bool,
):
    smsc.behave(receipt=None)
    (outcome,) = channel.send([outgoing()])
    with listening_to(smsc) as running:
        smsc.wait_for_binds(2)
        smsc.send_receipt(outcome.provider_ref, state=state, error="00A", has_parameters=has_parameters)
        receipts = heard(channel, running, 1)
    told = [(receipt.kind, receipt.provider_ref, receipt.code) for receipt in receipts]
    assert told == ([] if kind is None else [(kind, outcome.provider_ref, f"{state} 00A")])


def test_receipts_in_any_order_find_their_messages(smsc: smsc_peer.Smsc, channel: smpp.Smpp):
    smsc.behave(receipt=None)
    first, second = channel.send([outgoing("a"), outgoing("b")])
    with listening_to(smsc) as running:
        smsc.wait_for_binds(2)
        smsc.send_receipt(second.provider_ref, state=smsc_peer.ReceiptState.UNDELIV)
        smsc.send_receipt(first.provider_ref)
        smsc.send_receipt(first.provider_ref)
        receipts = heard(channel, running, 3)
    assert [(receipt.provider_ref, receipt.kind) for receipt in receipts] == [
        (second.provider_ref, Kind.REJECTED),
        (first.provider_ref, Kind.DELIVERED),
        (first.provider_ref, Kind.DELIVERED),
    ]
    assert receipts[1].dedupe == receipts[2].dedupe != receipts[0].dedupe


@pytest.mark.parametrize(
    ("content", "coding", "text"),
    [
        (b"OFF", 0, "OFF"),
        ("Kein Strom ⚡".encode("utf-16-be"), 8, "Kein Strom ⚡"),
        ("déjà".encode("latin-1"), 3, "déjà"),
        (b"\x00 \x1be", 0, "@ €"),
    ],
)
def test_a_reply_is_read_as_the_phone_wrote_it(
    smsc: smsc_peer.Smsc, channel: smpp.Smpp, content: bytes, coding: int, text: str
):
    with listening_to(smsc) as running:
        smsc.wait_for_binds(1)
        assert smsc.send_message("4915112345", "49800", content=content, data_coding=coding) == smsc_peer.ESME_ROK
        [receipt] = heard(channel, running, 1)
    assert (receipt.kind, receipt.text, receipt.sender) == (Kind.REPLIED, text, "+4915112345")


def deliver_sm(text: bytes, *, esm_class: int = 0x04, coding: int = 0, parameters: bytes = b"") -> bytes:
    """A deliver_sm as the specification lays it out (SMPP 3.4, 4.6.1)."""
    addresses = b"\x01\x014915112345\x00" + b"\x05\x00UTILITY\x00"
    body = b"\x00" + addresses + bytes([esm_class, 0, 0, 0, 0, 0, 0, coding, 0, len(text)]) + text + parameters
    return (16 + len(body)).to_bytes(4, "big") + bytes.fromhex("00000005 00000000 00000007") + body


def test_the_message_in_a_receipt_cannot_speak_for_the_centre():
    text = b"id:77 sub:001 dlvrd:001 submit date:2501010000 done date:2501010001 stat:DELIVRD err:000 text:stat:UNDELIV"
    [receipt] = answers.read(deliver_sm(text), via="smpp")
    assert (receipt.provider_ref, receipt.kind, receipt.code) == ("77", Kind.DELIVERED, "DELIVRD 000")


def test_an_id_that_a_centre_gives_again_is_another_message():
    def dedupe(submitted: str) -> str:
        text = f"id:77 sub:001 dlvrd:001 submit date:{submitted} done date:2501010001 stat:DELIVRD err:000 text:"
        [receipt] = answers.read(deliver_sm(text.encode()), via="smpp")
        return receipt.dedupe

    assert dedupe("2501010000") == dedupe("2501010000") != dedupe("2502010000")


def test_a_receipt_without_a_name_says_nothing():
    assert list(answers.read(deliver_sm(b"stat:DELIVRD"), via="smpp")) == []


def test_a_text_outside_short_message_is_read_too():
    reply = deliver_sm(b"", esm_class=0, parameters=bytes.fromhex("0424 0003") + b"OFF")
    [receipt] = answers.read(reply, via="smpp")
    assert receipt.text == "OFF"


def test_a_part_of_a_long_reply_is_read_without_its_header():
    [receipt] = answers.read(deliver_sm(b"\x05\x00\x03\x01\x02\x01OFF", esm_class=0x40), via="smpp")
    assert receipt.text == "OFF"


def test_other_pdus_and_media_types_say_nothing(channel: smpp.Smpp):
    enquire = bytes.fromhex("00000010 00000015 00000000 00000001")
    assert list(channel.understand(enquire, smpp.MEDIA_TYPE)) == []
    assert list(channel.understand(deliver_sm(b"OFF", esm_class=0), "text/plain")) == []


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 120), st.binary(max_size=12))
def test_no_bytes_make_reading_fail(tail: bytes, cut: int, noise: bytes):
    sound = deliver_sm(b"id:77 stat:DELIVRD err:000", parameters=bytes.fromhex("001e 0003 37 37 00"))
    for raw in (tail, sound[:16] + tail, sound[:cut] + noise + sound[cut:], sound[:cut]):
        for receipt in answers.read(raw, via="smpp"):
            assert receipt.kind in {Kind.DELIVERED, Kind.REPLIED, Kind.REJECTED, Kind.EXPIRED}


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=600))
def test_any_text_is_cut_into_segments_that_carry_it(text: str):
    message = segments.prepare(outgoing(text=text), sender="UTILITY")
    assert isinstance(message, segments.Message)
    bodies: defaultdict[int, bytes] = defaultdict(bytes)
    for segment in message.segments:
        assert len(segment.content) <= 254
        bodies[segment.data_coding] += segment.content[6:] if len(message.segments) > 1 else segment.content
    [(coding, content)] = bodies.items()
    assert (content.decode("utf-16-be") if coding == 8 else sms.decode(content, sms.Encoding.GSM7)) == text


# --- Settings ---------------------------------------------------------------------------------------------------------


def key(purpose: str) -> bytes:
    return purpose.encode()


def test_the_settings_make_the_channel(smsc: smsc_peer.Smsc, tmp_path: pathlib.Path):
    url = f"smpp://{smsc.system_id}:{smsc.password}@{smsc.host}:{smsc.port}"
    made = smpp.from_settings(table.Settings(data_folder=str(tmp_path), smpp_url=url, sms_from="GRID"), key)
    assert made is not None
    (outcome,) = conformance.sent(made, [outgoing()])
    made.close()
    assert (outcome.kind, smsc.wait_for_submits(1)[0].source) == (Kind.ACCEPTED, "GRID")


def test_no_centre_no_channel():
    assert smpp.from_settings(table.Settings(), key) is None


@pytest.mark.parametrize("url", ["http://a:topsecret@h", "smpp://", "smpp://a:topsecret@h:x", "smpp://[a:topsecret@h"])
def test_a_setting_that_is_no_address_is_named_without_its_password(url: str):
    make: Callable[[], smpp.Smpp | None] = lambda: smpp.from_settings(table.Settings(smpp_url=url), key)  # noqa: E731
    with pytest.raises(table.SettingError, match="smpp_url") as caught:
        make()
    assert "topsecret" not in str(caught.value)
