"""The relay: where e-mail is handed over, and one connection set up with it as far as encryption and login.

Errors of this package, all of them values before they reach the worker:

    ConnectionError
      UnreachableError   no usable connection: refused, no encryption, login not accepted. Nothing was sent.
      LostError          an open connection broke, fell silent or spoke nonsense. What was sent is known to the octet.
"""

import base64
import enum
import select
import socket
import ssl
import time
from collections.abc import Sequence
from typing import NamedTuple

from signalpost.channels.smtp import codes
from signalpost.vocabulary import records

#: A reply may hold so much; the longest real ones are EHLO's with about 500 octets.
REPLY_LIMIT_OCTETS = 65_536
#: Octets asked of the socket at once.
_READ_OCTETS = 8192

_POSITIVE = range(200, 300)
_INTERMEDIATE = range(300, 400)


class Encryption(enum.StrEnum):
    """How a connection is encrypted."""

    NONE = "none"
    #: STARTTLS where offered, with whatever certificate (RFC 7435): keeps out listeners, not impostors.
    OPPORTUNISTIC = "opportunistic"
    #: STARTTLS with a certificate for the host name, or no mail.
    STARTTLS = "starttls"
    #: TLS from the first octet (RFC 8314), certificate checked.
    IMPLICIT = "implicit"


class Relay(records.Record, frozen=True, kw_only=True):
    """Where and how to hand over."""

    host: str
    port: int
    encryption: Encryption = Encryption.OPPORTUNISTIC
    #: PEM file of the authority that signed the server's certificate; "" is the system's own list.
    ca_file: str = ""
    #: "" does not log in.
    username: str = ""
    password: str = ""
    #: Our name for EHLO, fully qualified; "" is the channel's bounce domain.
    hello: str = ""
    connect_seconds: float = 30.0
    #: Wait for any answer but the last (RFC 5321, 4.5.3.2 asks for up to 300).
    reply_seconds: float = 120.0
    #: Wait for the answer after the final dot; a shorter wait makes duplicates (RFC 5321, 4.5.3.2.6).
    final_seconds: float = 600.0
    #: A connection is not used again after so long without use …
    idle_seconds: float = 60.0
    #: … or after so many messages.
    messages_per_connection: int = 500
    #: Messages a second over all workers; 0 is unbounded.
    per_second: float = 0

    @property
    def where(self) -> str:
        """Host and port as an operator writes them."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def __repr__(self) -> str:
        """Show where it is, never the password."""
        return f"Relay({self.where!r}, encryption={self.encryption.value!r}, username={self.username!r})"


class UnreachableError(ConnectionError):
    """No usable connection to the relay."""

    def __init__(self, detail: str, *, advice: str, code: str = "") -> None:
        """Say what happened, what an operator does about it, and the server's code where it gave one."""
        super().__init__(detail)
        self.detail = detail
        self.advice = advice
        self.code = code


class LostError(ConnectionError):
    """An open connection is of no more use."""

    def __init__(self, detail: str, *, written: int = 0) -> None:
        """Say what happened, and how many octets of the write that failed had left."""
        super().__init__(detail)
        self.detail = detail
        self.written = written


class Reply(NamedTuple):
    """A server's answer."""

    code: int
    lines: Sequence[str]

    @property
    def text(self) -> str:
        """All lines in one."""
        return " ".join(self.lines)

    @property
    def is_positive(self) -> bool:
        """Whether it is a 2xx."""
        return self.code in _POSITIVE

    @property
    def is_intermediate(self) -> bool:
        """Whether it is a 3xx."""
        return self.code in _INTERMEDIATE


class Connection:
    """A connection to the relay, ready for mail: greeted, encrypted and logged in as configured."""

    def __init__(self, relay: Relay) -> None:
        """Connect.

        Raises:
            UnreachableError: there is no usable connection, and why.
        """
        self.relay = relay
        self._buffer = bytearray()
        #: Messages whose final dot was answered.
        self.carried = 0
        #: A transaction was begun and not ended.
        self.needs_reset = False
        #: The server said 421.
        self.is_closing = False
        self.extensions: dict[str, str] = {}
        self._socket = self._connected()
        try:
            self._set_up()
        except LostError as error:
            self.close()
            raise UnreachableError(error.detail, advice="look into the mail server's log") from error
        except UnreachableError:
            self.close()
            raise
        self._used_at = time.monotonic()

    def write(self, data: bytes) -> None:
        """Write all of it, or raise `LostError` with the number of octets that left."""
        view = memoryview(data)
        written = 0
        try:
            self._socket.settimeout(self.relay.reply_seconds)
            while written < len(data):
                written += self._socket.send(view[written:])
        except OSError as error:
            raise LostError(f"connection lost while sending ({_reason(error)})", written=written) from error

    def reply(self, seconds: float | None = None) -> Reply:
        """Read one answer, waiting `seconds` (default: the relay's `reply_seconds`); `LostError` when none comes."""
        limit = self.relay.reply_seconds if seconds is None else seconds
        deadline = time.monotonic() + limit
        lines: list[str] = []
        while True:
            line = self._read_line(deadline)
            if len(line) < len("250") or not line[:3].isdigit():
                raise LostError("the answer was not SMTP")
            lines.append(line[4:].decode("utf-8", "replace").strip())
            if line[3:4] != b"-":
                self._used_at = time.monotonic()
                return Reply(int(line[:3]), lines)

    def ask(self, command: str) -> Reply:
        """Write one command and read its answer."""
        self.write(f"{command}\r\n".encode())
        return self.reply()

    @property
    def is_spent(self) -> bool:
        """Whether it has had its share of messages, or the server takes leave."""
        return self.is_closing or self.carried >= self.relay.messages_per_connection

    def is_fresh(self) -> bool:
        """Whether it may still be used: not idle too long, and the server has not closed it or said goodbye."""
        if time.monotonic() - self._used_at > self.relay.idle_seconds or self._buffer:
            return False
        poll = select.poll()
        poll.register(self._socket, select.POLLIN | select.POLLHUP | select.POLLERR)
        return not poll.poll(0)

    def close(self) -> None:
        """Take leave and let go; nothing is waited for."""
        try:
            self._socket.settimeout(0)
            self._socket.send(b"QUIT\r\n")
        except OSError:
            pass
        finally:
            self._socket.close()

    def _connected(self) -> socket.socket:
        relay = self.relay
        try:
            plain = socket.create_connection((relay.host, relay.port), timeout=relay.connect_seconds)
        except (OSError, UnicodeError) as error:
            raise UnreachableError(
                f"cannot connect ({_reason(error)})", advice="start the mail server or correct host and port"
            ) from error
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._encrypted(plain) if relay.encryption is Encryption.IMPLICIT else plain

    def _set_up(self) -> None:
        _expect(self.reply(), "greeting", advice="see why the mail server turns us away")
        self._hello()
        if self.relay.encryption in {Encryption.STARTTLS, Encryption.OPPORTUNISTIC}:
            self._start_tls()
        if self.relay.username:
            self._log_in()

    def _hello(self) -> None:
        reply = self.ask(f"EHLO {self.relay.hello}")
        if not reply.is_positive:
            _expect(self.ask(f"HELO {self.relay.hello}"), "HELO", advice="give our name as the mail server wants it")
            self.extensions = {}
            return
        words = [line.partition(" ") for line in reply.lines[1:]]
        self.extensions = {keyword.upper(): parameters.upper() for keyword, _, parameters in words}

    def _start_tls(self) -> None:
        if "STARTTLS" not in self.extensions:
            if self.relay.encryption is Encryption.OPPORTUNISTIC:
                return
            raise UnreachableError(
                "the server offers no STARTTLS", advice="switch it on in the mail server, or use smtp:// without it"
            )
        _expect(self.ask("STARTTLS"), "STARTTLS", advice="set up the mail server's certificate")
        if self._buffer:
            # An attacker in between may have put commands before the handshake (CVE-2011-0411).
            raise UnreachableError("answers were slipped in before encryption", advice="look for who sits in between")
        self._socket = self._encrypted(self._socket)
        self._hello()

    def _encrypted(self, plain: socket.socket) -> ssl.SSLSocket:
        try:
            context = ssl.create_default_context(cafile=self.relay.ca_file or None)
            if self.relay.encryption is Encryption.OPPORTUNISTIC:
                context.check_hostname = False
                context.verify_mode = ssl.CERT_NONE
            return context.wrap_socket(plain, server_hostname=self.relay.host)
        except (OSError, ValueError) as error:
            plain.close()
            raise UnreachableError(
                f"no encryption ({_reason(error)})",
                advice="name the authority of its certificate with ca_file, and the host as in the certificate",
            ) from error

    def _log_in(self) -> None:
        if not isinstance(self._socket, ssl.SSLSocket) and not _is_loopback(self._socket):
            raise UnreachableError(
                "the password would travel unencrypted", advice="use smtp+starttls:// or smtps:// with a login"
            )
        user, password = self.relay.username.encode(), self.relay.password.encode()
        both = _base64(b"\0" + user + b"\0" + password)
        offered = self.extensions.get("AUTH", "").split()
        if "PLAIN" in offered:
            reply = self.ask(f"AUTH PLAIN {both}")
        elif "LOGIN" in offered:
            reply = self.ask("AUTH LOGIN")
            for word in (user, password):
                reply = self.ask(_base64(word)) if reply.is_intermediate else reply
        else:
            raise UnreachableError(
                "the server offers neither AUTH PLAIN nor LOGIN",
                advice="leave out user name and password, or switch it on",
            )
        _expect(reply, "login", advice="correct user name and password")

    def _read_line(self, deadline: float) -> bytes:
        while True:
            line, end, rest = self._buffer.partition(b"\n")
            if end:
                self._buffer = rest
                return bytes(line)
            if len(self._buffer) > REPLY_LIMIT_OCTETS:
                raise LostError("the answer was longer than any")
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise LostError("no answer in time")
            try:
                self._socket.settimeout(remaining)
                received = self._socket.recv(_READ_OCTETS)
            except OSError as error:
                raise LostError(f"connection lost while waiting for an answer ({_reason(error)})") from error
            if not received:
                raise LostError("the server closed the connection")
            self._buffer += received


def _expect(reply: Reply, what: str, *, advice: str) -> None:
    if not reply.is_positive:
        status = codes.Status(reply.code, codes.find(reply.text[:12]).enhanced)
        raise UnreachableError(codes.clean(f"{what} refused: {reply.text}"), advice=advice, code=status.code)


def _reason(error: Exception) -> str:
    match error:
        case ssl.SSLCertVerificationError():
            return f"certificate not accepted: {error.verify_message}"
        case TimeoutError():
            return "no answer in time"
        case OSError() if error.strerror:
            return error.strerror
        case _:
            return str(error) or type(error).__name__


def _is_loopback(connected: socket.socket) -> bool:
    address = connected.getpeername()[0]
    return address == "::1" or address.startswith("127.")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
