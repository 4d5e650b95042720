"""The SMPP server does what the tests of our SMPP channel rely on, seen by a client of a few lines."""

import socket
import struct
import threading
from collections.abc import Generator

import pytest
from tests.peers import plugin, processes
from tests.peers import smsc as smsc_peer

BIND_TRANSCEIVER = 0x09
DELIVER_SM = 0x05
RESPONSE = 0x80000000


class Esme:
    """As much of an SMPP client as these tests need, written against the specification alone."""

    def __init__(self, server: smsc_peer.Smsc) -> None:
        self.socket = socket.create_connection((server.host, server.port), timeout=5)
        self.sequence = 0

    def send(self, command: int, body: bytes = b"", *, sequence: int | None = None) -> int:
        if sequence is None:
            self.sequence += 1
            sequence = self.sequence
        self.socket.sendall(struct.pack(">IIII", 16 + len(body), command, 0, sequence) + body)
        return sequence

    def read(self) -> tuple[int, int, int, bytes]:
        """Give command, status, sequence and body of the next PDU; command 0 at the end of the stream."""
        header = self._exactly(16)
        if not header:
            return 0, 0, 0, b""
        length, command, status, sequence = struct.unpack(">IIII", header)
        return command, status, sequence, self._exactly(length - 16)

    def _exactly(self, count: int) -> bytes:
        found = b""
        while len(found) < count:
            piece = self.socket.recv(count - len(found))
            if not piece:
                return b""
            found += piece
        return found

    def bind(self, system_id: str, password: str) -> int:
        names = b"".join(text.encode() + b"\0" for text in (system_id, password, ""))
        self.send(BIND_TRANSCEIVER, names + bytes([0x34, 0, 0]) + b"\0")
        return self.read()[1]

    def submit(self, text: bytes, *, esm_class: int = 0, data_coding: int = 0, wants_receipt: bool = True) -> int:
        addresses = bytes([5, 0]) + b"UTILITY\0" + bytes([1, 1]) + b"4915112345\0"
        flags = bytes([esm_class, 0, 0]) + b"\0\0" + bytes([wants_receipt, 0, data_coding, 0, len(text)])
        return self.send(smsc_peer.SUBMIT_SM, b"\0" + addresses + flags + text)

    def read_delivery(self) -> tuple[int, bytes]:
        """Read a deliver_sm, acknowledge it, and give its esm_class and short message."""
        command, _, sequence, body = self.read()
        assert command == DELIVER_SM
        self.send(DELIVER_SM | RESPONSE, b"\0", sequence=sequence)
        rest = body.split(b"\0", 1)[1][2:].split(b"\0", 1)[1][2:].split(b"\0", 1)[1]
        return rest[0], rest[10 : 10 + rest[9]]


@pytest.fixture
def esme(smsc: smsc_peer.Smsc) -> Generator[Esme]:
    connection = Esme(smsc)
    assert connection.bind(smsc.system_id, smsc.password) == smsc_peer.ESME_ROK
    yield connection
    connection.socket.close()


def test_the_smsc_checks_the_password(smsc: smsc_peer.Smsc) -> None:
    stranger = Esme(smsc)
    assert stranger.bind(smsc.system_id, "wrong") == smsc_peer.ESME_RINVPASWD
    stranger.socket.close()
    assert [bind.status for bind in smsc.wait_for_binds()] == [smsc_peer.ESME_RINVPASWD]


def test_the_smsc_reads_back_a_segment(esme: Esme, smsc: smsc_peer.Smsc) -> None:
    header = bytes([6, 8, 4, 0x12, 0x34, 2, 1])
    esme.submit(header + b"5\x1be", esm_class=0x40)
    assert esme.read()[:2] == (smsc_peer.SUBMIT_SM | RESPONSE, smsc_peer.ESME_ROK)
    [submit] = smsc.wait_for_submits(1)
    assert (submit.source, submit.source_ton, submit.destination, submit.destination_ton) == (
        "UTILITY",
        5,
        "4915112345",
        1,
    )
    assert (submit.content, submit.text) == (header + b"5\x1be", "5€")
    assert submit.segment == smsc_peer.Segment(reference=0x1234, total=2, number=1)
    assert (submit.registered_delivery, submit.esm_class, submit.data_coding) == (1, 0x40, 0)


@pytest.mark.parametrize(
    ("coding", "content", "text"), [(8, "Größe €".encode("utf-16-be"), "Größe €"), (0, b"\x00", "@")]
)
def test_the_smsc_reads_text_as_a_phone_would(
    esme: Esme, smsc: smsc_peer.Smsc, coding: int, content: bytes, text: str
) -> None:
    esme.submit(content, data_coding=coding)
    assert smsc.wait_for_submits(1)[0].text == text


def test_the_smsc_refuses_the_first_messages_as_told(esme: Esme, smsc: smsc_peer.Smsc) -> None:
    smsc.behave([smsc_peer.ESME_RTHROTTLED, smsc_peer.ESME_RTHROTTLED, smsc_peer.ESME_RMSGQFUL], receipt=None)
    sent = [esme.submit(b"hello") for _ in range(4)]
    answers = {sequence: status for _, status, sequence, _ in (esme.read() for _ in sent)}
    assert [answers[sequence] for sequence in sent] == [0x58, 0x58, 0x14, 0]


def test_the_smsc_throttles_by_rate(esme: Esme, smsc: smsc_peer.Smsc) -> None:
    smsc.behave(submits_per_second=5, receipt=None)
    statuses = [esme.read()[1] for _ in range(20) if esme.submit(b"hello")]
    assert set(statuses) == {smsc_peer.ESME_ROK, smsc_peer.ESME_RTHROTTLED}


def test_the_smsc_takes_a_message_and_hangs_up(esme: Esme, smsc: smsc_peer.Smsc) -> None:
    smsc.behave([smsc_peer.Action.DROP])
    esme.submit(b"hello")
    assert esme.read()[0] == 0
    [submit] = smsc.wait_for_submits(1)
    assert submit.status is None
    assert submit.message_id
    assert [closed.was for closed in smsc.wait_for_closed()] == ["BOUND_TRX"]


def test_the_smsc_leaves_a_message_unanswered(esme: Esme, smsc: smsc_peer.Smsc) -> None:
    smsc.behave([smsc_peer.Action.IGNORE], receipt=None)
    esme.submit(b"first")
    second = esme.submit(b"second")
    assert esme.read()[:3] == (smsc_peer.SUBMIT_SM | RESPONSE, smsc_peer.ESME_ROK, second)
    assert {submit.text: submit.status for submit in smsc.wait_for_submits(2)} == {"first": None, "second": 0}


def test_the_smsc_sends_receipts_by_itself_before_or_after_the_answer(esme: Esme, smsc: smsc_peer.Smsc) -> None:
    esme.submit(b"hello")
    assert esme.read()[0] == smsc_peer.SUBMIT_SM | RESPONSE
    esm_class, text = esme.read_delivery()
    assert esm_class == 0x04
    assert b"stat:DELIVRD err:000" in text
    smsc.behave(receipt=smsc_peer.ReceiptState.EXPIRED, is_receipt_first=True)
    esme.submit(b"hello")
    assert b"stat:EXPIRED" in esme.read_delivery()[1]
    assert esme.read()[0] == smsc_peer.SUBMIT_SM | RESPONSE


def test_the_smsc_sends_receipts_and_replies_in_any_order(esme: Esme, smsc: smsc_peer.Smsc) -> None:
    smsc.behave(receipt=None)
    for text in (b"first", b"second"):
        esme.submit(text)
        esme.read()
    first, second = (submit.message_id for submit in smsc.wait_for_submits(2))
    heard: list[bytes] = []
    reader = threading.Thread(target=lambda: heard.extend(esme.read_delivery()[1] for _ in range(3)))
    reader.start()
    assert smsc.send_receipt(second, state=smsc_peer.ReceiptState.UNDELIV, error="00A") == smsc_peer.ESME_ROK
    assert smsc.send_receipt(first, shown_id=f"{int(first):X}") == smsc_peer.ESME_ROK
    assert smsc.send_message("4915112345", "49800", content=b"OFF") == smsc_peer.ESME_ROK
    reader.join()
    assert heard[0].startswith(f"id:{second} ".encode())
    assert b"stat:UNDELIV err:00A" in heard[0]
    assert heard[1].startswith(f"id:{int(first):X} ".encode())
    assert heard[2] == b"OFF"


def test_the_smsc_asks_and_answers_enquire_link() -> None:
    plugin.require("smsc")
    with smsc_peer.start(enquire_link_seconds=0.2) as server:
        esme = Esme(server)
        assert esme.bind(server.system_id, server.password) == smsc_peer.ESME_ROK
        command, _, sequence, _ = esme.read()
        assert command == smsc_peer.ENQUIRE_LINK
        esme.send(smsc_peer.ENQUIRE_LINK_RESP, sequence=sequence)
        esme.send(smsc_peer.ENQUIRE_LINK)
        assert len(server.wait_for_pdus(smsc_peer.ENQUIRE_LINK)) == 1
        server.kill()
        esme.socket.close()
        assert not processes.is_listening(server.port)
        server.restart()
        again = Esme(server)
        assert again.bind(server.system_id, server.password) == smsc_peer.ESME_ROK
        again.socket.close()
