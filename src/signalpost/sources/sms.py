"""SMS in: receipts and replies from an SMS centre, acknowledged after they are stored.

Bound as receiver beside the transmitter of the channel: the centre keeps what we do not acknowledge and delivers it
again. Bodies are the deliver_sm PDUs as they came.
"""

import datetime as dt
import logging
import socket
import ssl
import struct
import threading

from smpplib import exceptions, smpp

from signalpost.sources import NotStoredError, Sink
from signalpost.vocabulary import events, records

logger = logging.getLogger("signalpost.sources.sms")

#: Media type of a stored PDU.
MEDIA_TYPE = "application/vnd.smpp.deliver-sm"
#: Seconds of silence after which the centre is asked whether it is there.
SILENCE_SECONDS = 20.0
CONNECT_SECONDS = 10.0
FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 30.0
#: A PDU larger than this is no SMS.
PDU_OCTETS = 65_536


class Config(records.Record, frozen=True, kw_only=True):
    """Where the centre is and who we are there."""

    host: str
    port: int
    system_id: str
    password: str
    uses_tls: bool = False

    def __repr__(self) -> str:
        """Show everything but the password."""
        return f"Config(host={self.host!r}, port={self.port!r}, system_id={self.system_id!r})"


class Sms:
    """The listener for an SMS centre."""

    def __init__(self, config: Config) -> None:
        """Prepare; nothing is connected before `run`."""
        self._config = config
        self._stop = threading.Event()
        self._sequence = 0

    @property
    def name(self) -> str:
        """As it stands in `Raw.channel`."""
        return "smpp"

    def stop(self) -> None:
        """Ask `run` to end."""
        self._stop.set()

    def run(self, sink: Sink) -> None:
        """Listen until stopped; a lost connection is made again with backoff."""
        wait = FIRST_WAIT_SECONDS
        while not self._stop.is_set():
            try:
                with self._bound() as bound:
                    wait = FIRST_WAIT_SECONDS
                    self._listen(bound, sink)
            except (OSError, exceptions.PDUError, EOFError, NotStoredError) as error:
                logger.warning("SMS centre: %s, again in %.1f s", type(error).__name__, wait)
                self._stop.wait(wait)
                wait = min(LONGEST_WAIT_SECONDS, wait * 2)

    def _bound(self) -> socket.socket:
        config = self._config
        bound = socket.create_connection((config.host, config.port), timeout=CONNECT_SECONDS)
        if config.uses_tls:
            bound = ssl.create_default_context().wrap_socket(bound, server_hostname=config.host)
        bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._send(bound, "bind_receiver", system_id=config.system_id, password=config.password)
        answer = smpp.parse_pdu(_read(bound), client=None, allow_unknown_opt_params=True)
        if answer.is_error():
            bound.close()
            raise exceptions.PDUError(f"bind refused: {answer.status}")
        return bound

    def _listen(self, bound: socket.socket, sink: Sink) -> None:
        bound.settimeout(1.0)
        heard_at = dt.datetime.now(dt.UTC)
        while not self._stop.is_set():
            try:
                first = bound.recv(1)
            except TimeoutError:
                if (dt.datetime.now(dt.UTC) - heard_at).total_seconds() > SILENCE_SECONDS:
                    self._send(bound, "enquire_link")
                    heard_at = dt.datetime.now(dt.UTC)
                continue
            if not first:
                raise EOFError
            bound.settimeout(CONNECT_SECONDS)
            raw = _read(bound, first)
            heard_at = dt.datetime.now(dt.UTC)
            self._take(bound, raw, sink)
            bound.settimeout(1.0)

    def _take(self, bound: socket.socket, raw: bytes, sink: Sink) -> None:
        pdu = smpp.parse_pdu(raw, client=None, allow_unknown_opt_params=True)
        if pdu.command == "enquire_link":
            self._answer(bound, "enquire_link_resp", pdu.sequence)
        elif pdu.command == "deliver_sm":
            sink(
                [
                    events.Raw(
                        channel=self.name,
                        sender=self._config.system_id,
                        content_type=MEDIA_TYPE,
                        body=raw,
                        received_at=dt.datetime.now(dt.UTC),
                    )
                ]
            )
            self._answer(bound, "deliver_sm_resp", pdu.sequence)
        elif pdu.command == "unbind":
            self._answer(bound, "unbind_resp", pdu.sequence)
            raise EOFError

    def _send(self, bound: socket.socket, command: str, **fields: str) -> None:
        self._sequence += 1
        pdu = smpp.make_pdu(command, client=None, **fields)
        pdu.sequence = self._sequence
        bound.sendall(pdu.generate())

    def _answer(self, bound: socket.socket, command: str, sequence: int) -> None:
        pdu = smpp.make_pdu(command)
        pdu.sequence = sequence
        bound.sendall(pdu.generate())


def _read(bound: socket.socket, first: bytes = b"") -> bytes:
    head = first + _exactly(bound, 4 - len(first))
    (length,) = struct.unpack(">L", head)
    if not 16 <= length <= PDU_OCTETS:  # noqa: PLR2004 - the header alone has 16 octets (SMPP 3.4, 3.2)
        raise EOFError
    return head + _exactly(bound, length - 4)


def _exactly(bound: socket.socket, count: int) -> bytes:
    parts = bytearray()
    while len(parts) < count:
        part = bound.recv(count - len(parts))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)
