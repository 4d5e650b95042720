"""PDUs over a connection to an SMS centre: `smpplib` codes them, the connection and its failures are ours."""

import socket
import ssl
import struct

from smpplib import exceptions, pdu, smpp

from signalpost.vocabulary import records

#: Seconds for a connection and for each answer.
ANSWER_SECONDS = 10.0
#: A PDU larger than this is no SMS.
PDU_OCTETS = 65_536
#: Length, command, status and sequence (SMPP 3.4, 3.2).
HEADER_OCTETS = 16
#: Sequence numbers start anew after this one (SMPP 3.4, 3.2).
LAST_SEQUENCE = 0x7FFFFFFF
#: What a PDU that does not keep the specification makes the codec raise.
UNREADABLE = (
    exceptions.PDUError,
    exceptions.UnknownCommandError,
    struct.error,
    ValueError,
    IndexError,
    KeyError,
    TypeError,
)


class LinkError(Exception):
    """The connection is of no use any more; the text says why, without password."""


class Centre(records.Record, frozen=True, kw_only=True):
    """Where the centre is and who we are there."""

    host: str
    port: int
    system_id: str
    password: str
    uses_tls: bool = False
    #: PEM file of the authority that signed its certificate; "" is the system's own list.
    ca_file: str = ""
    #: Messages a second over all workers; 0 is unbounded.
    per_second: float = 0

    @property
    def where(self) -> str:
        """Host and port as an operator writes them."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def __repr__(self) -> str:
        """Show everything but the password."""
        return f"Centre(host={self.host!r}, port={self.port!r}, system_id={self.system_id!r})"


def parsed(raw: bytes) -> pdu.PDU:
    """Read a PDU; what cannot be read raises one of `UNREADABLE`."""
    return smpp.parse_pdu(raw, sequence=0, allow_unknown_opt_params=True)


def _made(command: str, sequence: int, **fields: str | int | bytes) -> pdu.PDU:
    # The codec asks its own client for a number unless one is given, and then does not use it.
    made = smpp.make_pdu(command, sequence=sequence, **fields)
    made.sequence = sequence
    return made


class Wire:
    """One open connection."""

    def __init__(self, centre: Centre) -> None:
        """Connect.

        Raises:
            LinkError: nobody answers there, or its certificate is not trusted.
        """
        self._sequence = 0
        try:
            self._socket = socket.create_connection((centre.host, centre.port), timeout=ANSWER_SECONDS)
            # Without it each window waits for the peer's delayed acknowledgement: 35 times slower on loopback.
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except (OSError, UnicodeError) as error:
            raise LinkError(f"no connection: {_reason(error)}") from error
        if centre.uses_tls:
            self._socket = _encrypted(self._socket, centre)

    def request(self, command: str, **fields: str | int | bytes) -> int:
        """Send a request; gives its sequence number.

        Raises:
            LinkError: it did not go out whole.
        """
        self._sequence = self._sequence % LAST_SEQUENCE + 1
        self._send(_made(command, self._sequence, **fields))
        return self._sequence

    def answer(self, command: str, sequence: int) -> None:
        """Send a response.

        Raises:
            LinkError: it did not go out whole.
        """
        self._send(_made(command, sequence))

    def read(self) -> pdu.PDU:
        """Wait for the next PDU.

        Raises:
            LinkError: the centre closed, fell silent, or sent what is no PDU.
        """
        (length,) = struct.unpack(">L", self._exactly(4))
        if not HEADER_OCTETS <= length <= PDU_OCTETS:
            raise LinkError("the centre sent what is no PDU")
        raw = length.to_bytes(4, "big") + self._exactly(length - 4)
        try:
            return parsed(raw)
        except UNREADABLE as error:
            raise LinkError("the centre sent a PDU that cannot be read") from error

    def close(self) -> None:
        """Close without a word."""
        self._socket.close()

    def _send(self, request: pdu.PDU) -> None:
        try:
            self._socket.sendall(request.generate())
        except OSError as error:
            raise LinkError(f"connection lost: {type(error).__name__}") from error

    def _exactly(self, count: int) -> bytes:
        parts = bytearray()
        while len(parts) < count:
            try:
                part = self._socket.recv(count - len(parts))
            except OSError as error:
                raise LinkError(f"no answer: {type(error).__name__}") from error
            if not part:
                raise LinkError("the centre closed the connection")
            parts += part
        return bytes(parts)


def _encrypted(plain: socket.socket, centre: Centre) -> ssl.SSLSocket:
    try:
        context = ssl.create_default_context(cafile=centre.ca_file or None)
        return context.wrap_socket(plain, server_hostname=centre.host)
    except (OSError, ValueError) as error:
        plain.close()
        raise LinkError(f"no encryption: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    match error:
        case ssl.SSLCertVerificationError():
            return f"certificate not accepted, {error.verify_message}"
        case OSError() if error.strerror:
            return error.strerror
        case _:
            return type(error).__name__
