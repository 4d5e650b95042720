"""SMTP servers for tests that need a fault: aiosmtpd with switches, and a server that breaks at a step of choice."""

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Generator, Iterator, Mapping

from aiosmtpd import controller, smtp
from tests.peers import processes

#: Local part → answer to RCPT.
REFUSALS = {"nobody": "550 5.1.1 No such user", "full": "552 5.2.2 Mailbox full", "later": "451 4.7.1 Greylisted"}


class _Handler:
    """What aiosmtpd calls. Keeps what was taken."""

    def __init__(self) -> None:
        self.envelopes: list[smtp.Envelope] = []
        self.sessions: list[smtp.Session] = []
        self.drops = False
        self.resets = 0

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: smtp.SMTP, session: smtp.Session, envelope: smtp.Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        del server, envelope
        session.host_name = hostname
        self.sessions.append(session)
        return responses

    async def handle_RSET(self, server: smtp.SMTP, session: smtp.Session, envelope: smtp.Envelope) -> str:  # noqa: N802
        del server, session, envelope
        self.resets += 1
        return "250 2.0.0 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: smtp.SMTP, session: smtp.Session, envelope: smtp.Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        answer = REFUSALS.get(address.partition("@")[0].partition("+")[0])
        if answer is not None:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: smtp.SMTP, session: smtp.Session, envelope: smtp.Envelope) -> str:  # noqa: N802
        del session
        self.envelopes.append(envelope)
        if self.drops and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return f"250 2.0.0 OK: queued as {len(self.envelopes):010d}"


class Aiosmtpd:
    """A running aiosmtpd: `conformance.DroppingPeer`."""

    def __init__(self, *, has_smtputf8: bool = True) -> None:
        self.port = processes.free_port()
        self.handler = _Handler()
        self._has_smtputf8 = has_smtputf8
        self._controller: controller.Controller | None = None
        self.revive()

    @property
    def where(self) -> str:
        return f"{processes.LOOPBACK}:{self.port}"

    def taken(self) -> int:
        return len(self.handler.envelopes)

    def die(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def revive(self) -> None:
        self._controller = controller.Controller(
            self.handler, hostname=processes.LOOPBACK, port=self.port, enable_SMTPUTF8=self._has_smtputf8
        )
        self._controller.start()

    def drop_before_answering(self) -> None:
        self.handler.drops = True


@contextlib.contextmanager
def aiosmtpd(*, has_smtputf8: bool = True) -> Generator[Aiosmtpd]:
    """Run an aiosmtpd."""
    server = Aiosmtpd(has_smtputf8=has_smtputf8)
    try:
        yield server
    finally:
        server.die()


#: What a step may do instead of answering.
CLOSE = "close"
SILENT = "silent"
#: Close as soon as the content begins, with a reset, so that the other side can write no more.
RESET_INSIDE = "reset inside"
#: Answer without end.
DRIP = "drip"
#: Behind an answer: close the connection after it.
THEN_CLOSE = " (and closes)"

#: Usual answers by step.
ANSWERS: Mapping[str, str] = {
    "greeting": "220 scripted ESMTP",
    "ehlo": "250-scripted\r\n250-8BITMIME\r\n250 PIPELINING",
    "helo": "250 scripted",
    "rset": "250 2.0.0 OK",
    "mail": "250 2.1.0 OK",
    "rcpt": "250 2.1.5 OK",
    "data": "354 Go ahead",
    "end": "250 2.0.0 OK: queued as 4bXyZ12345",
}


class Scripted:
    """A server that answers each step as told: with a text, by closing, or not at all."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.answers = dict(ANSWERS) | dict(answers)
        self.contents: list[bytes] = []
        self.commands: list[str] = []
        self.has_reset = threading.Event()
        self._listener = socket.create_server((processes.LOOPBACK, 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._start(self._accept)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for client in self._open:
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)
        for client in self._open:
            client.close()

    @property
    def connections(self) -> int:
        return len(self._open)

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
            self._open.append(client)
            self._start(self._serve, client)

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError), client.makefile("rb") as lines:
            is_greeted = self._answer(client, lines, "greeting")
            for line in lines if is_greeted else ():
                word = line[:4].decode("ascii", "replace").strip().lower()
                self.commands.append(line.decode("utf-8", "replace").rstrip())
                if word == "quit" or not self._answer(client, lines, word):
                    break
                if word == "data" and self.answers[word].startswith("354") and not self._content(client, lines):
                    break
        if self.answers["end"] == RESET_INSIDE:
            client.close()
            self.has_reset.set()
        with contextlib.suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)

    def _content(self, client: socket.socket, lines: Iterator[bytes]) -> bool:
        content = b""
        for line in lines:
            if self.answers["end"] == RESET_INSIDE:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return False
            if line == b".\r\n":
                self.contents.append(content)
                return self._answer(client, lines, "end")
            content += line
        return False

    def _answer(self, client: socket.socket, lines: Iterator[bytes], step: str) -> bool:
        answer = self.answers.get(step, "500 5.5.2 What")
        if answer == CLOSE:
            return False
        if answer == SILENT:
            for _ in lines:
                pass
            return False
        while answer == DRIP:
            client.sendall(b"220-wait\r\n")
        client.sendall(f"{answer}\r\n".encode())
        return not answer.startswith("421") and not answer.endswith(THEN_CLOSE)


@contextlib.contextmanager
def scripted(answers: Mapping[str, str]) -> Generator[Scripted]:
    """Run a scripted server."""
    server = Scripted(answers)
    try:
        yield server
    finally:
        server.close()
