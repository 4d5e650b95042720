"""What stands between a client and an SMPP server: a TLS terminator, and a line that breaks at a PDU of choice."""

import contextlib
import enum
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Generator
from typing import NamedTuple

from tests.peers import certificates, processes

_LENGTH = struct.Struct(">L")
JOIN_SECONDS = 10


class Way(enum.Enum):
    """Who sent the PDU at which the line breaks."""

    FROM_CLIENT = "from client"
    FROM_SERVER = "from server"


class Moment(enum.Enum):
    """How much of it still arrives."""

    BEFORE = "nothing"
    INSIDE = "half"
    AFTER = "all"
    #: Nothing, and other bytes instead.
    GARBLED = "garbage"
    #: Nothing more at all, while the line stays.
    HELD = "silence"


class Cut(NamedTuple):
    """Where the first connection breaks; later ones hold."""

    way: Way
    #: 1 is the first PDU in that direction.
    pdu: int
    moment: Moment


class Line:
    """Carries connections to a server; the first one breaks where told."""

    def __init__(self, port: int, *, cut: Cut | None, certificate: certificates.Certificate | None) -> None:
        self._server_port = port
        self._cut = cut
        self._context = None
        if certificate is not None:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(certificate.chain, certificate.key)
        self._listener = socket.create_server((processes.LOOPBACK, 0))
        self.port: int = self._listener.getsockname()[1]
        self.handshakes = 0
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._start(self._accept)

    def close(self) -> None:
        for one in [self._listener, *self._open]:
            _shut(one)
        self._listener.close()
        for thread in self._threads:
            thread.join(JOIN_SECONDS)
        for one in self._open:
            one.close()

    def _start(self, target: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client = self._listener.accept()[0]
            except OSError:
                return
            cut, self._cut = self._cut, None
            self._start(self._serve, client, cut)

    def _serve(self, client: socket.socket, cut: Cut | None) -> None:
        self._open.append(client)
        try:
            if self._context is not None:
                client = self._context.wrap_socket(client, server_side=True)
                self.handshakes += 1
                self._open.append(client)
            server = socket.create_connection((processes.LOOPBACK, self._server_port))
        except OSError:
            _shut(client)
            return
        self._open.append(server)
        self._start(self._pump, client, server, cut if cut and cut.way is Way.FROM_CLIENT else None)
        self._pump(server, client, cut if cut and cut.way is Way.FROM_SERVER else None)

    def _pump(self, source: socket.socket, sink: socket.socket, cut: Cut | None) -> None:
        count = 0
        with contextlib.suppress(OSError):
            while pdu := _read(source):
                count += 1
                if cut is None or count < cut.pdu:
                    sink.sendall(pdu)
                    continue
                match cut.moment:
                    case Moment.BEFORE:
                        pass
                    case Moment.INSIDE:
                        sink.sendall(pdu[: len(pdu) // 2])
                    case Moment.AFTER:
                        sink.sendall(pdu)
                    case Moment.GARBLED:
                        sink.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                    case Moment.HELD:
                        while source.recv(4096):
                            pass
                break
        for one in (source, sink):
            _shut(one)


def _read(source: socket.socket) -> bytes:
    head = _exactly(source, _LENGTH.size)
    return head and head + _exactly(source, _LENGTH.unpack(head)[0] - _LENGTH.size)


def _exactly(source: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        part = source.recv(count - len(found))
        if not part:
            return b""
        found += part
    return found


def _shut(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def line(port: int, *, cut: Cut | None = None, certificate: certificates.Certificate | None = None) -> Generator[Line]:
    """Stand before the server on `port`."""
    made = Line(port, cut=cut, certificate=certificate)
    try:
        yield made
    finally:
        made.close()
