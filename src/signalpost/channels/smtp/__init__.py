"""E-mail over SMTP (RFC 5321) to a relay, and what comes back by mail.

`Smtp` joins the parts: `message` writes, `dkim` signs, `verp` makes the address that reports come back to, `pool`
sends to a relay, `returns` understands. Relays take over from each other (`channels.failover`). See README.md.
"""

import collections
import datetime as dt
from collections.abc import Mapping, Sequence

import msgspec

from signalpost.channels import failover, traffic
from signalpost.channels.smtp import codes, dkim, message, pool, relay, returns, verp
from signalpost.vocabulary import deliveries, events, parties, records
from signalpost.vocabulary import traffic as nouns


class Config(records.Record, frozen=True, kw_only=True):
    """One configured way out by e-mail."""

    #: As it appears in receipts and in the console.
    name: str = "smtp"
    #: In order: the next one takes what the one before certainly did not.
    relays: tuple[relay.Relay, ...]
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
    #: Messages a second to one recipient domain, over all workers; 0 is unbounded.
    per_domain_per_second: float = 0
    batch: int = 100

    def __repr__(self) -> str:
        """Show everything but the secret."""
        return f"Config(name={self.name!r}, relays={self.relays!r}, sender={self.sender!r}, signing={self.signing!r})"


class Smtp:
    """The e-mail channel."""

    def __init__(self, config: Config, known: traffic.Traffic | None = None) -> None:
        """Check the configuration; nothing is connected yet. Without `known` it shares with no other process.

        Raises:
            ValueError: an address, key or name in it cannot be used.
        """
        self._config = config
        self._envelope = message.Envelope(sender=_checked_sender(config), sender_name=config.sender_name)
        self._verp = verp.Verp(config.key, domain=config.bounce_domain)
        self._signers = tuple(dkim.Signer(identity) for identity in config.signing)
        self._known = known or traffic.Alone()
        self._pools = tuple(
            pool.Pool(
                msgspec.structs.replace(where, hello=where.hello or config.bounce_domain),
                connections=config.connections,
            )
            for where in config.relays
        )
        self._relays = failover.Failover(config.name, self._pools, self._known)
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
        """Send a batch over up to `connections` connections to a relay.

        Raises:
            ValueError: a delivery reference cannot be part of an address: lower-case letters, digits, "-" and "_".
        """
        is_urgent = all(outgoing.lane is events.Lane.URGENT for outgoing in batch)
        outcomes: dict[int, deliveries.Outcome] = {}
        recipients: dict[int, message.Mailbox] = {}
        for position, outgoing in enumerate(batch):
            recipient = message.mailbox(outgoing.address)
            if isinstance(recipient, message.Unaddressable):
                outcomes[position] = deliveries.Outcome(
                    kind=deliveries.OutcomeKind.ADDRESS_INVALID, code="5.1.3", detail=codes.clean(recipient.detail)
                )
            else:
                recipients[position] = recipient
        outcomes |= self._held_back(recipients, is_urgent=is_urgent)
        jobs = [self._job(batch[at], at, to) for at, to in recipients.items() if at not in outcomes]
        sent = self._relays.send(jobs, is_urgent=is_urgent)
        outcomes |= {job.position: outcome for job, outcome in zip(jobs, sent, strict=True)}
        self._slow_down(recipients, outcomes)
        return [outcomes[position] for position in range(len(batch))]

    def understand(self, raw: bytes, media_type: str) -> Sequence[deliveries.Receipt]:
        """Read a mail that came back (`message/rfc822`); see `returns`."""
        if media_type.partition(";")[0].strip().lower() != returns.MEDIA_TYPE:
            return ()
        return returns.understand(raw, self._verp, via=self._config.name, now=dt.datetime.now(dt.UTC))

    def check(self) -> str:
        """Connect to every relay, encrypt and log in as for sending."""
        problems: list[str] = []
        for tried in self._pools:
            try:
                tried.try_out()
            except relay.UnreachableError as error:
                problems.append(f"e-mail relay {tried.name}: {error.detail}; {error.advice}")
        return failover.told(problems, count=len(self._pools))

    def close(self) -> None:
        """Close the connections."""
        for opened in self._pools:
            opened.close()

    def _held_back(
        self, recipients: Mapping[int, message.Mailbox], *, is_urgent: bool
    ) -> dict[int, deliveries.Outcome]:
        """What the recipients' domains have no share for, by position."""
        positions: collections.defaultdict[str, list[int]] = collections.defaultdict(list)
        for position, recipient in recipients.items():
            positions[self._bucket(recipient)].append(position)
        shares = self._known.take(
            [
                nouns.Wanted(
                    bucket=bucket,
                    count=len(wanting),
                    per_second=self._config.per_domain_per_second,
                    is_urgent=is_urgent,
                )
                for bucket, wanting in positions.items()
            ]
        )
        return {
            position: failover.held_back("the recipient's domain had its share", wait)
            for bucket, share in shares.items()
            for position, wait in zip(positions[bucket][share.granted :], share.waits_seconds, strict=True)
        }

    def _slow_down(self, recipients: Mapping[int, message.Mailbox], outcomes: Mapping[int, deliveries.Outcome]) -> None:
        slower = {
            self._bucket(recipient)
            for position, recipient in recipients.items()
            if outcomes[position].throttle is nouns.Throttle.DOMAIN
        }
        if slower:
            self._known.slow_down(sorted(slower))

    def _bucket(self, recipient: message.Mailbox) -> str:
        return f"{self._config.name}/domain/{recipient.domain}"

    def _job(self, outgoing: deliveries.Outgoing, position: int, recipient: message.Mailbox) -> pool.Job:
        token = self._verp.token(outgoing.ref)

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
