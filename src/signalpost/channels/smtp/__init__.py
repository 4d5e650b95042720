"""E-mail over SMTP (RFC 5321) to a relay, and what comes back by mail.

`Smtp` joins the parts: `message` writes, `dkim` signs, `verp` makes the address that reports come back to, `limits`
spares recipient domains, `pool` sends, `returns` understands. See README.md.
"""

import datetime as dt
from collections.abc import Sequence

import msgspec

from signalpost.channels.smtp import codes, dkim, limits, message, pool, relay, returns, verp
from signalpost.vocabulary import deliveries, parties, records


class Config(records.Record, frozen=True, kw_only=True):
    """One configured way out by e-mail."""

    #: As it appears in receipts and in the console.
    name: str = "smtp"
    relay: relay.Relay
    #: From address.
    sender: str
    sender_name: str = ""
    #: Delivery reports, complaints and unsubscribe mails come to addresses of this domain.
    bounce_domain: str
    #: Secret that signs those addresses. A new one makes reports on earlier mail unrecognisable.
    key: bytes
    #: One signature each; two keys (RSA and Ed25519) reach receivers that know only one (RFC 8463, 5).
    signing: tuple[dkim.Identity, ...] = ()
    connections: int = 4
    #: Messages a second to one recipient domain, from this object; 0 is unbounded.
    per_domain_per_second: float = 0
    batch: int = 100

    def __repr__(self) -> str:
        """Show everything but the secret."""
        return f"Config(name={self.name!r}, relay={self.relay!r}, sender={self.sender!r}, signing={self.signing!r})"


class Smtp:
    """The e-mail channel."""

    def __init__(self, config: Config) -> None:
        """Check the configuration; nothing is connected yet.

        Raises:
            ValueError: an address, key or name in it cannot be used.
        """
        self._config = config
        self._envelope = message.Envelope(sender=_checked_sender(config), sender_name=config.sender_name)
        self._verp = verp.Verp(config.key, domain=config.bounce_domain)
        self._signers = tuple(dkim.Signer(identity) for identity in config.signing)
        self._limit = limits.DomainLimit(config.per_domain_per_second)
        where = msgspec.structs.replace(config.relay, hello=config.relay.hello or config.bounce_domain)
        self._pool = pool.Pool(where, connections=config.connections)
        self._profile = deliveries.Profile(
            name=config.name,
            kind=parties.ChannelKind.EMAIL,
            # A relay does not know a repeated Message-ID from a new one: a second copy would be delivered.
            unclear=deliveries.UnclearPolicy.WAIT_THEN_ASK,
            batch=config.batch,
            # Greylisting lets pass after minutes; a full mailbox or a relay at rest takes hours.
            retry_seconds=(60, 300, 900, 3600, 14_400, 43_200),
        )

    @property
    def profile(self) -> deliveries.Profile:
        """What it can do."""
        return self._profile

    def send(self, batch: Sequence[deliveries.Outgoing]) -> Sequence[deliveries.Outcome]:
        """Send a batch over up to `connections` connections.

        Raises:
            ValueError: a delivery reference cannot be part of an address: lower-case letters, digits, "-" and "_".
        """
        self._limit.start_batch()
        prepared = [self._prepare(outgoing, position) for position, outgoing in enumerate(batch)]
        outcome_by_position = self._pool.send([item for item in prepared if isinstance(item, pool.Job)])
        return [
            outcome_by_position[position] if isinstance(item, pool.Job) else item
            for position, item in enumerate(prepared)
        ]

    def understand(self, raw: bytes, media_type: str) -> Sequence[deliveries.Receipt]:
        """Read a mail that came back (`message/rfc822`); see `returns`."""
        if media_type.partition(";")[0].strip().lower() != returns.MEDIA_TYPE:
            return ()
        return returns.understand(raw, self._verp, via=self._config.name, now=dt.datetime.now(dt.UTC))

    def check(self) -> str:
        """Connect, encrypt and log in as for sending."""
        try:
            self._pool.try_out()
        except relay.UnreachableError as error:
            return f"e-mail relay {self._config.relay.where}: {error.detail}; {error.advice}"
        return ""

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()

    def _prepare(self, outgoing: deliveries.Outgoing, position: int) -> pool.Job | deliveries.Outcome:
        token = self._verp.token(outgoing.ref)
        recipient = message.mailbox(outgoing.address)
        if isinstance(recipient, message.Unaddressable):
            return deliveries.Outcome(
                kind=deliveries.OutcomeKind.ADDRESS_INVALID, code="5.1.3", detail=codes.clean(recipient.detail)
            )
        wait_seconds = self._limit.wait_seconds(recipient.domain)
        if wait_seconds is not None:
            return deliveries.Outcome(
                kind=deliveries.OutcomeKind.DEFERRED,
                detail="held back: the recipient's domain had its share",
                retry_after_seconds=wait_seconds,
            )

        def compose() -> bytes:
            return message.stuffed(self._composed(outgoing, recipient, token=token))

        return pool.Job(
            position=position,
            sender=self._verp.address(token),
            recipient=recipient.address,
            needs_utf8=recipient.needs_utf8,
            envelope_id=token,
            compose=compose,
        )

    def _composed(self, outgoing: deliveries.Outgoing, recipient: message.Mailbox, *, token: str) -> bytes:
        now = dt.datetime.now(dt.UTC)
        head = message.headers(
            outgoing,
            self._envelope,
            recipient=recipient,
            token=token,
            unsubscribe=self._verp.address(token, verp.UNSUBSCRIBE),
            at=now,
        )
        return dkim.signed(head + message.entity(outgoing.content), self._signers, at=now)


def _checked_sender(config: Config) -> message.Mailbox:
    sender = message.mailbox(config.sender)
    bounces = message.mailbox(f"postmaster@{config.bounce_domain}")
    match sender, bounces:
        case message.Mailbox(), message.Mailbox() if config.sender.isascii() and config.bounce_domain.isascii():
            return sender
        case _:
            raise ValueError(
                f"channel {config.name!r}: wanted a sender address and a bounce domain in ASCII,"
                f" got {config.sender!r} and {config.bounce_domain!r}"
            )
