"""The SMS centre of the demo: takes messages over SMPP 3.4, reports them delivered, passes on what people reply.

A small server of our own on the PDU codec of `smpplib`. It keeps what phones would show: parts joined and decoded. A
report or reply waits until a receiver is bound and is sent again until that acknowledges it.
"""

import collections
import datetime as dt
import socket
import socketserver
import struct
import threading
import time
from typing import cast

import msgspec
from smpplib import exceptions, smpp
from smpplib.pdu import PDU

from signalpost.demo import ports, town
from signalpost.vocabulary import sms

SYSTEM_ID, PASSWORD = "signalpost", "demo-sms"

#: command_status (SMPP 3.4, 5.1.3).
_OK, _INVALID_DESTINATION, _BIND_FAILED, _INVALID_COMMAND = 0x00, 0x0B, 0x0D, 0x03
#: esm_class (5.2.12): with a user data header; a delivery receipt.
_WITH_HEADER, _RECEIPT = 0x40, 0x04
_UCS2 = 0x08
_RECEIVERS = frozenset({"bind_receiver", "bind_transceiver"})
_BINDS = frozenset({"bind_transmitter", *_RECEIVERS})
_HEADER_OCTETS = 16
#: A PDU larger than this is none.
PDU_OCTETS = 65_536
#: Seconds that `reply` waits for the acknowledgement.
ANSWER_SECONDS = 30.0
#: A PDU that the receiver did not acknowledge is sent again after so long.
AGAIN_SECONDS = 10.0


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """One message as a phone shows it."""

    number: int
    at: dt.datetime
    to: str
    sender: str
    text: str
    segments: int
    encoding: str
    #: Written by the person, not received.
    is_reply: bool = False


class _Part(msgspec.Struct, frozen=True, kw_only=True):
    reference: int
    total: int
    number: int
    content: bytes


class _Pending(msgspec.Struct, kw_only=True):
    """A deliver_sm for the receiver, until it is acknowledged."""

    sequence: int
    content: bytes
    done: threading.Event
    sent_at: float = 0.0


class Centre:
    """The SMS centre."""

    def __init__(self) -> None:
        """Listen on a free port of the loopback interface."""
        self._lock = threading.Lock()
        self._kept: list[Text] = []
        self._parts: dict[tuple[str, str, int], dict[int, bytes]] = collections.defaultdict(dict)
        self._pending: dict[int, _Pending] = {}
        self._receivers: list[_Session] = []
        self._numbers = 0
        self._sequence = 0
        self._stopping = threading.Event()
        centre = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                _Session(centre, cast("socket.socket", self.request)).run()

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            block_on_close = False

        self._server = Server((ports.LOOPBACK, 0), Handler)
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, name="sms-centre", daemon=True).start()
        threading.Thread(target=self._pass_on, name="sms-receipts", daemon=True).start()

    @property
    def url(self) -> str:
        """Its address as a setting."""
        return f"smpp://{SYSTEM_ID}:{PASSWORD}@{ports.LOOPBACK}:{self.port}"

    def kept(self) -> list[Text]:
        """Every message so far, the oldest first."""
        with self._lock:
            return list(self._kept)

    def waiting(self) -> int:
        """Reports and replies that no receiver has acknowledged yet."""
        with self._lock:
            return len(self._pending)

    def reply(self, number: str, text: str, *, to: str) -> None:
        """A person writes back from a number; returns once it was acknowledged.

        Raises:
            TimeoutError: no receiver took it.
        """
        cut = sms.segments(text)
        (content,) = sms.encode_parts(cut)
        coding = _UCS2 if cut.encoding is sms.Encoding.UCS2 else 0
        with self._lock:
            self._keep(to=number, sender=to, text=text, segments=1, encoding=cut.encoding, is_reply=True)
        pending = self._deliver(number, to, content=content, coding=coding, esm_class=0)
        if not pending.done.wait(ANSWER_SECONDS):
            raise TimeoutError(f"SMS centre: wanted a reply acknowledged within {ANSWER_SECONDS:.0f} s, got nothing")

    def stop(self) -> None:
        """Listen no more."""
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()

    def submit(self, request: PDU) -> tuple[int, str]:
        """Take a submit_sm: the command_status, and the message's id."""
        number = "+" + _text(request.destination_addr).lstrip("+")
        if number.startswith(town.DEAD_NUMBER_PREFIX):
            return _INVALID_DESTINATION, ""
        content = bytes(request.short_message or b"")
        encoding = sms.Encoding.UCS2 if request.data_coding == _UCS2 else sms.Encoding.GSM7
        part = _part(content, has_header=bool((request.esm_class or 0) & _WITH_HEADER))
        sender = _text(request.source_addr)
        with self._lock:
            self._numbers += 1
            name = f"{self._numbers:08d}"
            key = (number, sender, part.reference)
            parts = self._parts[key]
            parts[part.number] = part.content
            if len(parts) == part.total:
                joined = "".join(sms.decode(parts[place], encoding) for place in sorted(parts))
                self._keep(to=number, sender=sender, text=joined, segments=part.total, encoding=encoding)
                del self._parts[key]
        if request.registered_delivery:
            self._deliver(number, sender, content=_receipt(name), coding=0, esm_class=_RECEIPT)
        return _OK, name

    def bound(self, session: "_Session") -> None:
        """A receiver is there: what waits is for it."""
        with self._lock:
            self._receivers.append(session)
            for pending in self._pending.values():
                pending.sent_at = 0.0

    def gone(self, session: "_Session") -> None:
        """A connection ended."""
        with self._lock:
            if session in self._receivers:
                self._receivers.remove(session)

    def acknowledged(self, sequence: int) -> None:
        """The receiver has stored a deliver_sm."""
        with self._lock:
            pending = self._pending.pop(sequence, None)
        if pending is not None:
            pending.done.set()

    def _keep(
        self, *, to: str, sender: str, text: str, segments: int, encoding: sms.Encoding, is_reply: bool = False
    ) -> None:
        self._kept.append(
            Text(
                number=len(self._kept) + 1,
                at=dt.datetime.now(dt.UTC),
                to=to,
                sender=sender,
                text=text,
                segments=segments,
                encoding=encoding,
                is_reply=is_reply,
            )
        )

    def _deliver(self, source: str, destination: str, *, content: bytes, coding: int, esm_class: int) -> _Pending:
        request = smpp.make_pdu(
            "deliver_sm",
            sequence=0,
            source_addr_ton=1,
            source_addr_npi=1,
            source_addr=source.lstrip("+"),
            destination_addr=destination,
            short_message=content,
            data_coding=coding,
            esm_class=esm_class,
        )
        with self._lock:
            self._sequence += 1
            request.sequence = self._sequence
            pending = _Pending(sequence=self._sequence, content=request.generate(), done=threading.Event())
            self._pending[self._sequence] = pending
        return pending

    def _pass_on(self) -> None:
        """Send what waits to the receiver that is bound."""
        while not self._stopping.wait(0.05):
            now = time.monotonic()
            with self._lock:
                receiver = self._receivers[-1] if self._receivers else None
                if receiver is None:
                    continue
                late = now - AGAIN_SECONDS
                waiting = [one for one in self._pending.values() if not one.sent_at or one.sent_at < late]
                for pending in waiting:
                    pending.sent_at = now
            for pending in waiting:
                receiver.send(pending.content)


class _Session:
    """One connection."""

    def __init__(self, centre: Centre, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._centre = centre
        self._connection = connection
        self._sending = threading.Lock()
        self._is_bound = False

    def run(self) -> None:
        try:
            while True:
                request = smpp.parse_pdu(_read(self._connection), sequence=0, allow_unknown_opt_params=True)
                if not self._answer(request):
                    return
        except (OSError, EOFError, exceptions.PDUError, exceptions.UnknownCommandError):
            return
        finally:
            self._centre.gone(self)
            self._connection.close()

    def send(self, content: bytes) -> None:
        """Send a PDU; a connection that is gone is noticed by its reader."""
        try:
            with self._sending:
                self._connection.sendall(content)
        except OSError:
            self._centre.gone(self)

    def _answer(self, request: PDU) -> bool:
        """Answer a PDU; whether the connection goes on."""
        command = str(request.command)
        if command in _BINDS:
            is_right = (_text(request.system_id), _text(request.password)) == (SYSTEM_ID, PASSWORD)
            self._is_bound = is_right
            self._respond(request, _OK if is_right else _BIND_FAILED, system_id="demo")
            if is_right and command in _RECEIVERS:
                self._centre.bound(self)
            return is_right
        if command == "submit_sm" and self._is_bound:
            status, name = self._centre.submit(request)
            self._respond(request, status, message_id=name)
        elif command == "deliver_sm_resp":
            self._centre.acknowledged(request.sequence)
        elif command in {"enquire_link", "unbind"}:
            self._respond(request, _OK)
            return command != "unbind"
        elif not command.endswith("_resp"):
            nack = smpp.make_pdu("generic_nack", sequence=0)
            nack.sequence, nack.status = request.sequence, _INVALID_COMMAND
            self.send(nack.generate())
        return True

    def _respond(self, request: PDU, status: int, **fields: str) -> None:
        # The codec asks its own client for a number unless one is given, and then does not use it.
        response = smpp.make_pdu(f"{request.command}_resp", sequence=0, **fields)
        response.sequence = request.sequence
        response.status = status
        self.send(response.generate())


def _part(content: bytes, *, has_header: bool) -> _Part:
    """The part that a content is, by its concatenation header (3GPP TS 23.040, 9.2.3.24.1)."""
    if not has_header:
        return _Part(reference=0, total=1, number=1, content=content)
    header, body = content[1 : 1 + content[0]], content[1 + content[0] :]
    return _Part(reference=header[2], total=header[3], number=header[4], content=body)


def _receipt(name: str) -> bytes:
    """The text of a delivery receipt (SMPP 3.4, appendix B)."""
    at = f"{dt.datetime.now(dt.UTC):%y%m%d%H%M}"
    return f"id:{name} sub:001 dlvrd:001 submit date:{at} done date:{at} stat:DELIVRD err:000 text:".encode("ascii")


def _text(field: object) -> str:
    return field.decode("ascii", "replace") if isinstance(field, bytes) else str(field or "")


def _read(connection: socket.socket) -> bytes:
    head = _exactly(connection, 4)
    (length,) = struct.unpack(">L", head)
    if not _HEADER_OCTETS <= length <= PDU_OCTETS:
        raise EOFError
    return head + _exactly(connection, length - 4)


def _exactly(connection: socket.socket, count: int) -> bytes:
    found = bytearray()
    while len(found) < count:
        part = connection.recv(count - len(found))
        if not part:
            raise EOFError
        found += part
    return bytes(found)
