"""MQTT 3.1.1 and 5 on the wire, as far as a listener needs it: it connects, subscribes, takes messages, acknowledges.

A general client spends more on each message (measured: 75 µs with paho) than a listener has for all that it does with
it. This one reads what has come in one go, and writes all acknowledgements of a batch in one go. It does not publish,
and it takes nothing of QoS 2. Sections in comments are those of MQTT 5.
"""

import contextlib
import select
import socket
import ssl
import struct
import threading
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from signalpost.vocabulary import records

CONNECT_SECONDS = 20.0
KEEPALIVE_SECONDS = 30
#: How long the broker keeps the session of a listener that is away.
SESSION_SECONDS = 7 * 24 * 3600
#: Messages that the broker may send before the first of them is acknowledged (receive maximum; MQTT 5 only).
UNACKNOWLEDGED_LIMIT = 20_000
#: Read from the connection at once: some hundred messages, so that a batch is not much longer than it is meant to be.
READ_BYTES = 65_536
#: How often a waiting reader looks whether it has been closed and whether a sign of life is due.
LOOK_SECONDS = 0.5

LEVELS: Mapping[str, int] = {"3.1.1": 4, "5": 5}
_CONNACK, _PUBLISH, _SUBACK, _PINGRESP, _DISCONNECT = 0x20, 0x30, 0x90, 0xD0, 0xE0
_PUBACK_HEAD = b"\x40\x02"
_PINGREQ = b"\xc0\x00"
_GOODBYE = b"\xe0\x00"
_FAILED_FROM = 0x80
_SERVER_KEEP_ALIVE, _CONTENT_TYPE = 0x13, 0x03
#: Kind of each property that a broker may send (2.2.2.2): a number of so many bytes, "v" variable, "s" text or bytes.
_PROPERTIES: Mapping[int, str] = {
    **dict.fromkeys((0x01, 0x24, 0x25, 0x28, 0x29, 0x2A), "1"),
    **dict.fromkeys((0x13, 0x21, 0x22, 0x23), "2"),
    **dict.fromkeys((0x02, 0x11, 0x27), "4"),
    **dict.fromkeys((0x03, 0x08, 0x09, 0x12, 0x15, 0x16, 0x1A, 0x1C, 0x1F), "s"),
    0x0B: "v",
    0x26: "ss",
}
#: What brokers say when they refuse: CONNACK of 3.1.1 (3.2.2.3), and the reason codes of 5 (2.4) a listener may meet.
_REASONS: Mapping[int, str] = {
    1: "Unacceptable protocol version",
    2: "Client identifier rejected",
    3: "Server unavailable",
    4: "Bad user name or password",
    5: "Not authorized",
    0x80: "Unspecified error",
    0x81: "Malformed packet",
    0x82: "Protocol error",
    0x84: "Unsupported protocol version",
    0x85: "Client identifier not valid",
    0x86: "Bad user name or password",
    0x87: "Not authorized",
    0x88: "Server unavailable",
    0x89: "Server busy",
    0x8A: "Banned",
    0x8B: "Server shutting down",
    0x8D: "Keep alive timeout",
    0x8E: "Session taken over",
    0x8F: "Topic filter invalid",
    0x95: "Packet too large",
    0x97: "Quota exceeded",
    0x98: "Administrative action",
    0x9E: "Shared subscriptions not supported",
}


class LostError(ConnectionError):
    """The connection ended or cannot be understood any more; its text is the reason."""


class RefusedError(LostError):
    """The broker does not want us."""


class Login(records.Record, frozen=True, kw_only=True):
    """Which session to take up, and as whom."""

    client_id: str
    #: A key of `LEVELS`.
    version: str
    username: str = ""
    password: str = ""

    def __repr__(self) -> str:
        """Show everything but the password."""
        return f"Login(client_id={self.client_id!r}, version={self.version!r}, username={self.username!r})"


class Message(NamedTuple):
    """A message as it came."""

    topic: str
    body: bytes
    #: What it is acknowledged by; 0 for one of QoS 0, which is not.
    number: int
    #: Of MQTT 5, "" where there is none.
    content_type: str


class Link:
    """One connection. `receive` is called by one thread, `acknowledge` and `close` may be called by others."""

    def __init__(self, host: str, port: int, *, tls: ssl.SSLContext | None = None) -> None:
        """Connect.

        Raises:
            OSError: nobody answers there, or the certificate is not trusted.
        """
        plain = socket.create_connection((host, port), CONNECT_SECONDS)
        try:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket = plain if tls is None else tls.wrap_socket(plain, server_hostname=host)
        except OSError:
            plain.close()
            raise
        self._socket.settimeout(0)
        #: Held for each call on the socket: a TLS connection bears one at a time. No call waits.
        self._lock = threading.Lock()
        self._is_closed = False
        self._is_five = False
        self._rest = b""
        self._has_more = False
        self._came: list[tuple[int, bytes]] = []
        self._keep_alive_seconds = KEEPALIVE_SECONDS
        self._heard_at = self._said_at = time.monotonic()

    def begin(self, login: Login, topics: Sequence[str]) -> tuple[list[int], list[Message]]:
        """Take up the session and subscribe at QoS 1.

        Returns:
            The broker's answer per topic filter (128 and more is a refusal, `reason` names it), and the messages of
            the session that came meanwhile.

        Raises:
            RefusedError: the broker does not want us.
            LostError: the connection ended.
        """
        self._is_five = LEVELS[login.version] == LEVELS["5"]
        deadline = time.monotonic() + CONNECT_SECONDS
        messages: list[Message] = []
        self._send(_connect(login))
        answer = self._awaited(_CONNACK, messages, deadline=deadline)
        if answer[1]:
            raise RefusedError(reason(answer[1]))
        if self._is_five:
            properties, _ = _read_properties(answer, 2)
            given = properties.get(_SERVER_KEEP_ALIVE)
            self._keep_alive_seconds = given if isinstance(given, int) and given else KEEPALIVE_SECONDS
        self._send(_subscribe(topics, is_five=self._is_five))
        answer = self._awaited(_SUBACK, messages, deadline=deadline)
        start = _read_properties(answer, 2)[1] if self._is_five else 2
        return list(answer[start:]), messages

    def receive(self) -> list[Message]:
        """Wait for messages, at most `LOOK_SECONDS`, and give those that came; says that we are alive when it is time.

        Raises:
            LostError: the connection ended.
        """
        self._stay()
        messages = self._read(LOOK_SECONDS)
        for kind, body in self._came:
            if kind == _DISCONNECT:
                raise LostError(f"the broker ended it: {reason(body[0] if body else 0)}")
        self._came.clear()
        return messages

    def acknowledge(self, numbers: Sequence[int]) -> None:
        """Acknowledge messages by their numbers, in order.

        Raises:
            LostError: the connection ended; the broker gives them again.
        """
        self._send(b"".join([_PUBACK_HEAD + number.to_bytes(2, "big") for number in numbers]))

    def close(self) -> None:
        """End the connection; the broker keeps the session."""
        if self._is_closed:
            return
        with contextlib.suppress(LostError):
            self._send(_GOODBYE)
        with self._lock:
            self._is_closed = True
            self._socket.close()

    def _stay(self) -> None:
        """Say that we are alive when nothing was said for long (3.1.2.10); a broker that keeps silent is gone."""
        now = time.monotonic()
        if now - self._heard_at > self._keep_alive_seconds * 1.5:
            raise LostError(f"nothing was heard for {now - self._heard_at:.0f} s")
        if now - max(self._said_at, self._heard_at) > self._keep_alive_seconds / 2:
            self._send(_PINGREQ)

    def _awaited(self, kind: int, messages: list[Message], *, deadline: float) -> bytes:
        while time.monotonic() < deadline:
            messages.extend(self._read(LOOK_SECONDS))
            for place, (came, body) in enumerate(self._came):
                if came == kind and len(body) > 1:
                    del self._came[: place + 1]
                    return body
        raise LostError(f"the broker did not answer within {CONNECT_SECONDS:.0f} s")

    def _read(self, wait_seconds: float) -> list[Message]:
        """Wait until something comes; messages are returned, other packets remembered."""
        try:
            if not self._has_more:
                select.select([self._socket], [], [], wait_seconds)
            with self._lock:
                chunk = self._socket.recv(READ_BYTES)
            if not chunk:
                raise LostError("the broker closed it")
            # What a TLS connection has read ahead, `select` does not see.
            self._has_more = isinstance(self._socket, ssl.SSLSocket)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            self._has_more = False
            return []
        except (OSError, ValueError) as error:
            # ValueError: another thread closed the socket before `select`.
            raise error if isinstance(error, LostError) else LostError(str(error)) from error
        self._heard_at = time.monotonic()
        try:
            messages, self._rest = _parsed(self._rest + chunk, self._came, is_five=self._is_five)
        except (IndexError, struct.error, UnicodeDecodeError) as error:
            raise LostError(f"a packet could not be read: {error}") from error
        return messages

    def _send(self, data: bytes) -> None:
        view = memoryview(data)
        deadline = time.monotonic() + CONNECT_SECONDS
        try:
            while view:
                try:
                    with self._lock:
                        view = view[self._socket.send(view) :]
                except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError) as error:
                    if time.monotonic() > deadline:
                        raise LostError("the broker takes nothing") from error
                    select.select([], [self._socket], [], LOOK_SECONDS)
        except (OSError, ValueError) as error:
            raise error if isinstance(error, LostError) else LostError(str(error)) from error
        self._said_at = time.monotonic()


def reason(code: int) -> str:
    """A broker's reason in words."""
    return _REASONS.get(code, f"reason {code}")


def _parsed(data: bytes, others: list[tuple[int, bytes]], *, is_five: bool) -> tuple[list[Message], bytes]:
    """The messages in what was read, and the beginning of a packet at its end; other packets go to `others`."""
    messages: list[Message] = []
    at, end = 0, len(data)
    while end - at > 1:
        length, body = data[at + 1], at + 2
        if length > 0x7F:  # noqa: PLR2004 - a length of more than one byte (1.5.5)
            if end - at < 5 and all(byte > 0x7F for byte in data[at + 1 : end]):  # noqa: PLR2004 - it is cut off
                break
            length, body = _variable(data, at + 1)
        stop = body + length
        if stop > end:
            break
        first = data[at]
        if first & 0xF0 == _PUBLISH:
            messages.append(_message(data, first, body, stop, is_five=is_five))
        elif first != _PINGRESP:
            others.append((first & 0xF0, data[body:stop]))
        at = stop
    return messages, data[at:]


def _message(data: bytes, first: int, at: int, stop: int, *, is_five: bool) -> Message:
    place = at + 2 + (data[at] << 8 | data[at + 1])
    topic = data[at + 2 : place].decode()
    number = 0
    if first & 0x06:
        number = data[place] << 8 | data[place + 1]
        place += 2
    content_type = ""
    if is_five:
        if data[place]:
            properties, place = _read_properties(data, place)
            given = properties.get(_CONTENT_TYPE)
            content_type = given.decode() if isinstance(given, bytes) else ""
        else:
            place += 1
    if place > stop or first & 0x04:
        raise IndexError("a message that is longer than its packet, or of QoS 2")
    return Message(topic, data[place:stop], number, content_type)


def _variable(data: bytes, at: int) -> tuple[int, int]:
    """A variable byte integer (1.5.5) and where it ends."""
    found = 0
    for shift in range(0, 28, 7):
        byte = data[at]
        at += 1
        found |= (byte & 0x7F) << shift
        if byte < 0x80:  # noqa: PLR2004 - the last byte of it
            return found, at
    raise IndexError("a length of more than four bytes")


def _read_properties(data: bytes, at: int) -> tuple[dict[int, int | bytes], int]:
    """Properties (2.2.2) and where they end; of those that repeat, the last."""
    length, at = _variable(data, at)
    end = at + length
    found: dict[int, int | bytes] = {}
    while at < end:
        name = data[at]
        at += 1
        for kind in _PROPERTIES.get(name, "?"):
            match kind:
                case "s":
                    (size,) = struct.unpack_from("!H", data, at)
                    found[name] = data[at + 2 : at + 2 + size]
                    at += 2 + size
                case "v":
                    found[name], at = _variable(data, at)
                case "?":
                    raise IndexError(f"an unknown property, {name}")
                case _:
                    found[name] = int.from_bytes(data[at : at + int(kind)], "big")
                    at += int(kind)
    return found, end


def _connect(login: Login) -> bytes:
    flags = 0x80 * bool(login.username) | 0x40 * bool(login.password)
    head = _text("MQTT") + struct.pack("!BBH", LEVELS[login.version], flags, KEEPALIVE_SECONDS)
    wished = struct.pack("!BIBH", 0x11, SESSION_SECONDS, 0x21, UNACKNOWLEDGED_LIMIT)
    if login.version == "5":
        head += _length(len(wished)) + wished
    words = [login.client_id, *filter(None, (login.username, login.password))]
    return _packet(0x10, head + b"".join(map(_text, words)))


def _subscribe(topics: Sequence[str], *, is_five: bool) -> bytes:
    head = b"\x00\x01" + (b"\x00" if is_five else b"")
    return _packet(0x82, head + b"".join(_text(topic) + b"\x01" for topic in topics))


def _packet(first: int, body: bytes) -> bytes:
    return bytes([first]) + _length(len(body)) + body


def _length(size: int) -> bytes:
    found = bytearray()
    while True:
        size, low = size >> 7, size & 0x7F
        found.append(low | (0x80 if size else 0))
        if not size:
            return bytes(found)


def _text(text: str) -> bytes:
    octets = text.encode()
    return struct.pack("!H", len(octets)) + octets
