"""The mail server of the demo: keeps every message as it came, and knows no mailbox that is gone."""

import datetime as dt
import email
import email.message
import email.policy
import threading

import msgspec
from aiosmtpd import controller, smtp

from signalpost.demo import ports, town

#: RFC 3463: bad destination mailbox address.
NO_MAILBOX = "550 5.1.1 no such mailbox"


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """One message as it was received."""

    number: int
    at: dt.datetime
    recipient: str
    content: bytes

    def message(self) -> email.message.EmailMessage:
        """The message, read."""
        return email.message_from_bytes(self.content, policy=email.policy.default)

    def part(self, kind: str) -> str:
        """Its text of a kind, `plain` or `html`; "" when it has none."""
        found = self.message().get_body((kind,))
        return str(found.get_content()) if found is not None else ""


class Server:
    """An SMTP server that delivers into memory."""

    def __init__(self) -> None:
        """Listen on a free port of the loopback interface."""
        self._kept: list[Mail] = []
        self._lock = threading.Lock()
        self.port = ports.free()
        self._controller = controller.Controller(self, hostname=ports.LOOPBACK, port=self.port, enable_SMTPUTF8=True)
        self._controller.start()

    @property
    def url(self) -> str:
        """Its address as a setting."""
        return f"smtp://{ports.LOOPBACK}:{self.port}"

    def kept(self) -> list[Mail]:
        """Every message so far, the oldest first."""
        with self._lock:
            return list(self._kept)

    def stop(self) -> None:
        """Listen no more."""
        self._controller.stop()

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, server: smtp.SMTP, session: smtp.Session, envelope: smtp.Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        """Refuse mailboxes that are gone."""
        del server, session, rcpt_options
        if address.startswith(town.DEAD_MAILBOX_PREFIX):
            return NO_MAILBOX
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd calls
        self, server: smtp.SMTP, session: smtp.Session, envelope: smtp.Envelope
    ) -> str:
        """Keep one copy per recipient."""
        del server, session
        content = envelope.content
        if not isinstance(content, bytes):
            return "554 5.6.0 no content"
        with self._lock:
            for recipient in envelope.rcpt_tos:
                self._kept.append(
                    Mail(
                        number=len(self._kept) + 1,
                        at=dt.datetime.now(dt.UTC),
                        recipient=recipient,
                        content=content,
                    )
                )
            number = len(self._kept)
        return f"250 2.0.0 OK: kept as {number}"
