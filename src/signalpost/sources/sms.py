"""SMS in: receipts and replies from SMS centres, acknowledged after they are stored.

Bound as receiver beside the transmitter of the channel, to every centre of it at once. What a centre sent without
waiting is stored in one transaction and acknowledged together; what could not be stored is answered with "later"
(ESME_RX_T_APPN), on which the centre delivers it again. Bodies are the deliver_sm PDUs as they came: nothing here
reads more than their header.
"""

import datetime as dt
import logging
import select
import socket
import ssl
import struct
import threading
from collections.abc import Sequence
from concurrent import futures

import msgspec

from signalpost import settings
from signalpost.sources import NotStoredError, Sink
from signalpost.vocabulary import events, records

logger = logging.getLogger("signalpost.sources.sms")

NAME = "smpp"
#: Media type of a stored PDU; of several centres, `; centre=host:port` behind it names the one.
MEDIA_TYPE = "application/vnd.smpp.deliver-sm"
#: Seconds of silence after which the centre is asked whether it is there.
SILENCE_SECONDS = 20.0
#: Seconds for a connection, and for an answer to what was asked.
ANSWER_SECONDS = 10.0
#: How often a silent connection is left to see whether to stop.
LOOK_SECONDS = 0.2
FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 30.0
#: A PDU larger than this is no SMS.
PDU_OCTETS = 65_536
#: PDUs stored at once.
BATCH_PDUS = 500

#: Command ids and states (SMPP 3.4, 5.1.2 and 5.1.3).
_RESPONSE = 0x80000000
_GENERIC_NACK = 0x80000000
_BIND_RECEIVER = 0x00000001
_DELIVER_SM = 0x00000005
_UNBIND = 0x00000006
_ENQUIRE_LINK = 0x00000015
_OK = 0x00
_INVALID_COMMAND = 0x03
_LATER = 0x64
#: interface_version 3.4.
_VERSION = 0x34
_HEADER = struct.Struct(">LLLL")


class LinkError(Exception):
    """The connection is of no use any more."""


class Config(records.Record, frozen=True, kw_only=True):
    """Where the centre is and who we are there."""

    host: str
    port: int
    system_id: str
    password: str
    uses_tls: bool = False
    #: PEM file of the authority that signed its certificate; "" is the system's own list.
    ca_file: str = ""

    @property
    def where(self) -> str:
        """Host and port as an operator writes them."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def __repr__(self) -> str:
        """Show everything but the password."""
        return f"Config(host={self.host!r}, port={self.port!r}, system_id={self.system_id!r})"


class _Pdu(msgspec.Struct, frozen=True, kw_only=True):
    """The header of a PDU, and all of it."""

    command: int
    status: int
    sequence: int
    raw: bytes


class Sms:
    """The listener for SMS centres."""

    def __init__(self, *centres: Config) -> None:
        """Prepare; nothing is connected before `run`."""
        self.centres = centres
        self._stop = threading.Event()

    @property
    def name(self) -> str:
        """As it stands in `Raw.channel`."""
        return NAME

    def stop(self) -> None:
        """Ask `run` to end."""
        self._stop.set()

    def run(self, sink: Sink) -> None:
        """Listen to every centre until stopped; a lost connection is made again with backoff."""
        has_several = len(self.centres) > 1
        listeners = [
            _Listener(config, self._stop, sink, label=config.where if has_several else "") for config in self.centres
        ]
        with futures.ThreadPoolExecutor(len(listeners), thread_name_prefix="sms") as threads:
            running = [threads.submit(self._listen, listener) for listener in listeners[1:]]
            self._listen(listeners[0])
        for future in running:
            future.result()

    def _listen(self, listener: "_Listener") -> None:
        try:
            listener.run()
        finally:
            # One that broke ends all: whoever runs them starts them again.
            self._stop.set()


class _Listener:
    """Listens to one centre."""

    def __init__(self, config: Config, stop: threading.Event, sink: Sink, *, label: str) -> None:
        self.config = config
        self._stop = stop
        self._sink = sink
        self._media_type = f"{MEDIA_TYPE}; centre={label}" if label else MEDIA_TYPE

    def run(self) -> None:
        wait = FIRST_WAIT_SECONDS
        while not self._stop.is_set():
            try:
                with self._connected() as connected:
                    link = _Link(connected)
                    first = self._bind(link)
                    wait = FIRST_WAIT_SECONDS
                    self._take(link, first)
                    self._listen(link)
            except (OSError, LinkError) as error:
                told = error or type(error).__name__
                logger.warning("SMS centre: %s: %s, again in %.1f s", self.config.where, told, wait)
                self._stop.wait(wait)
                wait = min(LONGEST_WAIT_SECONDS, wait * 2)

    def _connected(self) -> socket.socket:
        config = self.config
        connected = socket.create_connection((config.host, config.port), timeout=ANSWER_SECONDS)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if config.uses_tls:
            context = ssl.create_default_context(cafile=config.ca_file or None)
            connected = context.wrap_socket(connected, server_hostname=config.host)
        return connected

    def _bind(self, link: "_Link") -> Sequence[_Pdu]:
        """Bind; gives what the centre sent right behind its answer."""
        names = b"".join(text.encode() + b"\x00" for text in (self.config.system_id, self.config.password, ""))
        link.request(_BIND_RECEIVER, names + bytes([_VERSION, 0, 0, 0]))
        until = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=ANSWER_SECONDS)
        while dt.datetime.now(dt.UTC) < until:
            pdus = link.read(LOOK_SECONDS)
            if not pdus:
                continue
            if pdus[0].command != _BIND_RECEIVER | _RESPONSE or pdus[0].status != _OK:
                raise LinkError(f"it refuses to bind as {self.config.system_id!r}: status {pdus[0].status:#x}")
            return pdus[1:]
        raise LinkError("no answer to bind")

    def _listen(self, link: "_Link") -> None:
        heard_at = dt.datetime.now(dt.UTC)
        is_asked = False
        while not self._stop.is_set():
            pdus = link.read(LOOK_SECONDS)
            silence = (dt.datetime.now(dt.UTC) - heard_at).total_seconds()
            if pdus:
                heard_at, is_asked = dt.datetime.now(dt.UTC), False
                self._take(link, pdus)
            elif silence > SILENCE_SECONDS + ANSWER_SECONDS:
                raise LinkError("it fell silent")
            elif silence > SILENCE_SECONDS and not is_asked:
                link.request(_ENQUIRE_LINK)
                is_asked = True
        link.request(_UNBIND)

    def _take(self, link: "_Link", pdus: Sequence[_Pdu]) -> None:
        delivered = [pdu for pdu in pdus if pdu.command == _DELIVER_SM]
        if delivered:
            status = self._stored(delivered)
            for pdu in delivered:
                link.answer(pdu, status, b"\x00")
        for pdu in pdus:
            if pdu.command == _UNBIND:
                link.answer(pdu, _OK)
                raise LinkError("it ended the session")
            if pdu.command == _ENQUIRE_LINK:
                link.answer(pdu, _OK)
            elif pdu.command != _DELIVER_SM and not pdu.command & _RESPONSE:
                link.refuse(pdu)

    def _stored(self, delivered: Sequence[_Pdu]) -> int:
        now = dt.datetime.now(dt.UTC)
        raws = [
            events.Raw(
                channel=NAME,
                sender=self.config.system_id,
                content_type=self._media_type,
                body=pdu.raw,
                received_at=now,
            )
            for pdu in delivered
        ]
        try:
            self._sink(raws)
        except NotStoredError as error:
            logger.warning("SMS centre: %d PDUs not stored, asked for again: %s", len(raws), error)
            return _LATER
        return _OK


class _Link:
    """PDUs over a connection."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self._sequence = 0
        self._buffer = bytearray()

    def request(self, command: int, body: bytes = b"") -> None:
        self._sequence += 1
        self._send(command, _OK, self._sequence, body)

    def answer(self, pdu: _Pdu, status: int, body: bytes = b"") -> None:
        self._send(pdu.command | _RESPONSE, status, pdu.sequence, body)

    def refuse(self, pdu: _Pdu) -> None:
        self._send(_GENERIC_NACK, _INVALID_COMMAND, pdu.sequence, b"")

    def read(self, wait_seconds: float) -> list[_Pdu]:
        """All whole PDUs that are there, at most one batch; none when none came in time.

        Raises:
            LinkError: the centre closed, or sent what is no PDU.
            OSError: the connection broke.
        """
        found = self._whole()
        is_pending = isinstance(self._socket, ssl.SSLSocket) and self._socket.pending() > 0
        if found or not (is_pending or select.select([self._socket], [], [], wait_seconds)[0]):
            return found
        part = self._socket.recv(PDU_OCTETS)
        if not part:
            raise LinkError("it closed the connection")
        self._buffer += part
        return self._whole()

    def _whole(self) -> list[_Pdu]:
        found: list[_Pdu] = []
        start = 0
        while len(self._buffer) - start >= _HEADER.size and len(found) < BATCH_PDUS:
            length, command, status, sequence = _HEADER.unpack_from(self._buffer, start)
            if not _HEADER.size <= length <= PDU_OCTETS:
                raise LinkError("it sent what is no PDU")
            if len(self._buffer) - start < length:
                break
            raw = bytes(self._buffer[start : start + length])
            found.append(_Pdu(command=command, status=status, sequence=sequence, raw=raw))
            start += length
        del self._buffer[:start]
        return found

    def _send(self, command: int, status: int, sequence: int, body: bytes) -> None:
        self._socket.sendall(_HEADER.pack(_HEADER.size + len(body), command, status, sequence) + body)


def from_settings(given: settings.Settings) -> Sms | None:
    """The listener, `None` without a centre.

    Raises:
        settings.SettingError: a centre's address cannot be read.
    """
    if not given.smpp_url:
        return None
    places = settings.endpoints(given.smpp_url, "smpp_url", ports={"smpp": 2775, "smpps": 3550})
    return Sms(
        *(
            Config(
                host=place.host,
                port=place.port,
                system_id=place.user,
                password=place.password,
                uses_tls=place.scheme == "smpps",
                ca_file=given.smpp_ca_file,
            )
            for place in places
        )
    )
