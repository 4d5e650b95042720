"""The e-mail channel against servers that nobody here wrote, and against one that breaks at every step."""

import email.message
import email.parser
import email.policy
import time
from collections.abc import Callable, Iterator
from typing import TypedDict

import msgspec
import pytest
from tests.channels import conformance, mail_servers
from tests.peers import postfix as postfix_peer

from signalpost.channels import smtp
from signalpost.channels.smtp import codes, pool, relay
from signalpost.vocabulary import deliveries, parties

Kind = deliveries.OutcomeKind

KEY = b"test key of the bounce addresses"
BOUNCES = "bounces.signalpost.example"
BODY = (
    b"Content-Type: multipart/alternative; boundary=part\r\n"
    b"\r\n"
    b"--part\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nPower is back.\r\n.\r\n..two\r\n\r\n"
    b"--part\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Power is back.</p>\r\n"
    b"--part--\r\n"
)


def outgoing(ref: str = "d1", address: str = "ann@customer.example", **changes: object) -> deliveries.Outgoing:
    made = deliveries.Outgoing(
        ref=ref,
        attempt=1,
        communication=f"c-{ref}",
        channel=parties.ChannelKind.EMAIL,
        address=address,
        media_type="message/rfc822",
        content=BODY,
        headers=(("subject", "Power is back"), ("to_name", "Änne Müller"), ("category", "outage"), ("language", "en")),
    )
    return msgspec.structs.replace(made, **changes)


def to(port: int, **changes: object) -> relay.Relay:
    plain = relay.Relay(
        host="127.0.0.1", port=port, encryption=relay.Encryption.NONE, reply_seconds=5.0, final_seconds=5.0
    )
    return msgspec.structs.replace(plain, **changes)


def config(where: relay.Relay, **changes: object) -> smtp.Config:
    made = smtp.Config(
        name="mail",
        relays=(where,),
        sender="notices@signalpost.example",
        bounce_domain=BOUNCES,
        key=KEY,
        sender_name="Grid",
    )
    return msgspec.structs.replace(made, **changes)


class _JobParts(TypedDict):
    sender: str
    recipient: str
    needs_utf8: bool
    envelope_id: str


JOB: _JobParts = {"sender": "a@a.example", "recipient": "b@b.example", "needs_utf8": False, "envelope_id": "x"}

OpenChannel = Callable[..., smtp.Smtp]


@pytest.fixture
def open_channel() -> Iterator[OpenChannel]:
    """Make channels that are closed at the end."""
    opened: list[smtp.Smtp] = []

    def make(where: relay.Relay, **changes: object) -> smtp.Smtp:
        opened.append(smtp.Smtp(config(where, **changes)))
        return opened[-1]

    yield make
    for channel in opened:
        channel.close()


def bounce_of(sender: str, recipient: str) -> bytes:
    """Write the report that an RFC 3464 server sends to the envelope sender."""
    lines = [
        "From: MAILER-DAEMON@mx.example (Mail Delivery System)",
        f"To: {sender}",
        "Subject: Undelivered Mail Returned to Sender",
        "Date: Mon, 03 Mar 2025 10:00:00 +0000",
        "Message-ID: <report-1@mx.example>",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        "",
        "--b",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.example",
        "",
        f"Final-Recipient: rfc822; {recipient}",
        "Action: failed",
        "Status: 5.1.1",
        f"Diagnostic-Code: smtp; 550 5.1.1 <{recipient}> User unknown",
        "",
        "--b--",
        "",
    ]
    return "\r\n".join(lines).encode()


class _MailSuite(conformance.ChannelSuite):
    """What the suites share."""

    def good(self, number: int) -> deliveries.Outgoing:
        return outgoing(f"good-{number}", f"person{number}@customer.example")

    def refused(self, number: int) -> deliveries.Outgoing | None:
        return outgoing(f"bad-{number}", "nobody@customer.example")

    def receipt(
        self, rig: conformance.Rig, outgoing: deliveries.Outgoing, outcome: deliveries.Outcome
    ) -> conformance.Inbound | None:
        del rig, outcome
        sender = verp_address(outgoing.ref)
        return conformance.Inbound(bounce_of(sender, outgoing.address), "message/rfc822", Kind.ADDRESS_INVALID)


def verp_address(ref: str) -> str:
    signer = smtp.verp.Verp(KEY, domain=BOUNCES)
    return signer.address(signer.token(ref))


class TestSmtpToAiosmtpd(_MailSuite, conformance.AnsweringPeerSuite):
    """One command after the other: aiosmtpd offers no PIPELINING."""

    @pytest.fixture
    def rig(self, open_channel: OpenChannel) -> Iterator[conformance.Rig]:
        with mail_servers.aiosmtpd() as server:
            yield conformance.Rig(open_channel(to(server.port)), server, server.where)

    @pytest.fixture
    def dropping_rig(self, open_channel: OpenChannel) -> Iterator[conformance.DroppingRig]:
        with mail_servers.aiosmtpd() as server:
            yield conformance.DroppingRig(open_channel(to(server.port)), server)


class _PostfixPeer:
    """Postfix as a `conformance.Peer`."""

    def __init__(self, server: postfix_peer.Postfix) -> None:
        self._server = server

    def taken(self) -> int:
        queue = self._server.folder / "queue"
        on_its_way = ("maildrop", "incoming", "active", "deferred")
        self._server.process.wait_until(
            lambda: not any(path.is_file() for name in on_its_way for path in (queue / name).rglob("*")),
            what="empty queue",
        )
        return len(self._server.messages())

    def die(self) -> None:
        self._server.stop()

    def revive(self) -> None:
        self._server.restart()


@pytest.mark.peer("postfix")
class TestSmtpToPostfix(_MailSuite):
    """With PIPELINING."""

    @pytest.fixture
    def rig(self, postfix: postfix_peer.Postfix, open_channel: OpenChannel) -> conformance.Rig:
        peer = _PostfixPeer(postfix)
        # What the test before left on its way.
        peer.taken()
        postfix.clear()
        return conformance.Rig(open_channel(to(postfix.port)), peer, f"127.0.0.1:{postfix.port}")

    def refused(self, number: int) -> deliveries.Outgoing | None:
        return outgoing(f"bad-{number}", "bounce@customer.example")


#: Step at which the server breaks → what it does → what the attempt comes to.
BREAKS = [
    ("greeting", mail_servers.CLOSE, Kind.DEFERRED),
    ("greeting", "554 5.3.2 No service here", Kind.DEFERRED),
    ("greeting", "421 4.3.2 Too many connections", Kind.DEFERRED),
    ("greeting", "HTTP/1.1 400 Bad Request", Kind.DEFERRED),
    ("ehlo", mail_servers.CLOSE, Kind.DEFERRED),
    ("mail", mail_servers.CLOSE, Kind.DEFERRED),
    ("mail", "garbage", Kind.DEFERRED),
    ("mail", "354 Out of step", Kind.DEFERRED),
    ("rcpt", mail_servers.CLOSE, Kind.DEFERRED),
    ("rcpt", "421 4.3.2 Closing", Kind.DEFERRED),
    ("data", mail_servers.CLOSE, Kind.DEFERRED),
    ("data", "250 Out of step", Kind.DEFERRED),
    ("data", "451 4.3.0 Queue full", Kind.DEFERRED),
    ("data", "554 5.5.1 No", Kind.REJECTED),
    ("end", mail_servers.CLOSE, Kind.UNCLEAR),
    ("end", "garbage", Kind.UNCLEAR),
    ("end", "354 Out of step", Kind.UNCLEAR),
    ("end", "452 4.3.1 Disk full", Kind.DEFERRED),
    ("end", "421 4.3.0 Going down", Kind.DEFERRED),
    ("end", "554 5.7.1 Looks like spam", Kind.REJECTED),
    ("end", "550 5.1.1 No such user", Kind.ADDRESS_INVALID),
    # Filters write all kinds of words after the content; only a code makes an address invalid there.
    ("end", "550 User unknown to our spam filter", Kind.REJECTED),
]


#: Step after whose answer the connection breaks → what the attempt may come to.
AFTER_ANSWERS: list[tuple[str, set[deliveries.OutcomeKind]]] = [
    ("greeting", {Kind.DEFERRED}),
    ("ehlo", {Kind.DEFERRED}),
    ("mail", {Kind.DEFERRED}),
    ("rcpt", {Kind.DEFERRED}),
    # Whether the final dot could still leave is known to the octet; what the other side read of it is not.
    ("data", {Kind.DEFERRED, Kind.UNCLEAR}),
    ("end", {Kind.ACCEPTED}),
]


@pytest.mark.parametrize("pipelines", [True, False])
@pytest.mark.parametrize(("step", "kinds"), AFTER_ANSWERS)
def test_every_break_after_an_answer_is_known_for_what_it_is(
    open_channel: OpenChannel, step: str, kinds: set[deliveries.OutcomeKind], *, pipelines: bool
):
    hello = {} if pipelines else {"ehlo": "250-scripted\r\n250 8BITMIME"}
    usual = dict(mail_servers.ANSWERS) | hello
    with mail_servers.scripted(hello | {step: usual[step] + mail_servers.THEN_CLOSE}) as server:
        outcomes = conformance.sent(open_channel(to(server.port), connections=1), [outgoing("d1"), outgoing("d2")])
    assert {outcome.kind for outcome in outcomes} <= kinds
    # What was taken was said to be, and nothing twice.
    assert len(server.contents) == sum(outcome.kind is Kind.ACCEPTED for outcome in outcomes)


@pytest.mark.parametrize("pipelines", [True, False])
@pytest.mark.parametrize(("step", "answer", "kind"), BREAKS)
def test_every_break_is_known_for_what_it_is(
    open_channel: OpenChannel, step: str, answer: str, kind: deliveries.OutcomeKind, *, pipelines: bool
):
    hello = {} if pipelines else {"ehlo": "250-scripted\r\n250 8BITMIME"}
    with mail_servers.scripted(hello | {step: answer}) as server:
        (outcome,) = conformance.sent(open_channel(to(server.port)), [outgoing()])
    assert outcome.kind is kind
    assert len(server.contents) == (1 if step == "end" else 0)


_WITH_LOGIN = {"ehlo": "250-x\r\n250 AUTH PLAIN LOGIN"}
_WITH_OLD_LOGIN = {"ehlo": "250-x\r\n250 AUTH LOGIN"}
_WITH_TLS = {"ehlo": "250-x\r\n250 STARTTLS"}

#: What the server offers, the step of the session that breaks, how → what the advice names. Nothing was sent.
SESSIONS: list[tuple[dict[str, str], relay.Encryption, str, str, str]] = [
    (_WITH_LOGIN, relay.Encryption.NONE, "auth", mail_servers.CLOSE, "closed the connection"),
    (_WITH_LOGIN, relay.Encryption.NONE, "auth", mail_servers.SILENT, "no answer in time"),
    (_WITH_LOGIN, relay.Encryption.NONE, "auth", mail_servers.DRIP, "no answer in time"),
    (_WITH_LOGIN, relay.Encryption.NONE, "auth", "535 5.7.8 Wrong", "login refused: 5.7.8 Wrong"),
    (_WITH_LOGIN, relay.Encryption.NONE, "auth", "454 4.7.0 Later", "login refused: 4.7.0 Later"),
    (_WITH_LOGIN, relay.Encryption.NONE, "auth", "garbage", "not SMTP"),
    (_WITH_LOGIN, relay.Encryption.NONE, "auth", "334 More", "login refused"),
    (_WITH_OLD_LOGIN, relay.Encryption.NONE, "dq==", mail_servers.CLOSE, "closed the connection"),
    (_WITH_OLD_LOGIN, relay.Encryption.NONE, "dq==", mail_servers.SILENT, "no answer in time"),
    (_WITH_OLD_LOGIN, relay.Encryption.NONE, "ca==", "535 5.7.8 Wrong", "login refused: 5.7.8 Wrong"),
    (_WITH_TLS, relay.Encryption.STARTTLS, "star", mail_servers.CLOSE, "closed the connection"),
    (_WITH_TLS, relay.Encryption.STARTTLS, "star", mail_servers.SILENT, "no answer in time"),
    (_WITH_TLS, relay.Encryption.STARTTLS, "star", "454 4.7.0 No TLS now", "STARTTLS refused"),
    (_WITH_TLS, relay.Encryption.STARTTLS, "star", "garbage", "not SMTP"),
    # It says 220 and then speaks no TLS, or nothing at all.
    (_WITH_TLS, relay.Encryption.STARTTLS, "star", "220 Go ahead", "no encryption"),
    (_WITH_TLS, relay.Encryption.OPPORTUNISTIC, "star", "220 Go ahead", "no encryption"),
    ({}, relay.Encryption.IMPLICIT, "greeting", mail_servers.SILENT, "no encryption"),
    ({}, relay.Encryption.IMPLICIT, "greeting", mail_servers.CLOSE, "no encryption"),
]


@pytest.mark.parametrize(("offers", "encryption", "step", "answer", "why"), SESSIONS)
def test_a_session_that_breaks_before_the_first_mail_sends_nothing_and_ends_in_time(
    open_channel: OpenChannel, offers: dict[str, str], encryption: relay.Encryption, step: str, answer: str, why: str
):
    answers = offers | {"auth": "334 VXNlcm5hbWU6", "dq==": "334 UGFz", "ca==": "235 OK"} | {step: answer}
    with mail_servers.scripted(answers) as server:
        login = {} if encryption is not relay.Encryption.NONE else {"username": "u", "password": "p"}
        where = to(server.port, encryption=encryption, reply_seconds=0.3, connect_seconds=0.3, **login)
        channel = open_channel(where)
        began = time.monotonic()
        (outcome,) = conformance.sent(channel, [outgoing()])
        # Limits of 0.3 s each, and a machine that is busy.
        assert time.monotonic() - began < 10
        told = channel.check()
    assert outcome.kind is Kind.DEFERRED
    assert why in told
    assert why in outcome.detail
    assert not any(command.startswith("MAIL") for command in server.commands)


@pytest.mark.parametrize("answer", [mail_servers.CLOSE, mail_servers.SILENT, "garbage"])
def test_a_reset_between_two_messages_that_breaks_loses_neither(open_channel: OpenChannel, answer: str):
    answers = {"ehlo": "250-x\r\n250 8BITMIME", "rcpt": "550 5.1.1 No such user", "rset": answer}
    with mail_servers.scripted(answers) as server:
        channel = open_channel(to(server.port, reply_seconds=0.3))
        outcomes = conformance.sent(channel, [outgoing("d1"), outgoing("d2")])
    # The second one is tried over a connection of its own.
    assert [outcome.kind for outcome in outcomes] == [Kind.ADDRESS_INVALID] * 2
    assert server.connections == 2


@pytest.mark.parametrize("pipelines", [True, False])
def test_break_inside_the_content_cannot_have_sent_it(open_channel: OpenChannel, *, pipelines: bool):
    hello = {} if pipelines else {"ehlo": "250-scripted\r\n250 8BITMIME"}
    # More than the buffers between the two hold, so that the end cannot have left.
    content = BODY + (b"x" * 70 + b"\r\n") * 200_000
    with mail_servers.scripted(hello | {"end": mail_servers.RESET_INSIDE}) as server:
        (outcome,) = conformance.sent(open_channel(to(server.port)), [outgoing(content=content)])
    assert outcome.kind is Kind.DEFERRED
    assert "lost while sending" in outcome.detail
    # Once more over a new connection, then later.
    assert server.connections == 2


def test_end_that_could_not_leave_is_sent_again_and_only_once():
    with mail_servers.scripted({"end": mail_servers.RESET_INSIDE}) as server:

        def compose_when_the_connection_is_gone() -> bytes:
            assert server.has_reset.wait(10)
            server.answers["end"] = mail_servers.ANSWERS["end"]
            return b"second\r\n"

        jobs = [
            pool.Job(position=0, compose=lambda: b"first\r\n", **JOB),
            pool.Job(position=1, compose=compose_when_the_connection_is_gone, **JOB),
        ]
        connections = pool.Pool(to(server.port), connections=1)
        outcomes = connections.carry(jobs).outcomes
        connections.close()
    assert [outcome.kind for outcome in outcomes if outcome] == [Kind.ACCEPTED] * 2
    assert server.contents == [b"first\r\n", b"second\r\n"]


@pytest.mark.parametrize("answer", [mail_servers.DRIP, "220 " + "x" * relay.REPLY_LIMIT_OCTETS * 2])
def test_answer_without_end_ends(open_channel: OpenChannel, answer: str):
    with mail_servers.scripted({"greeting": answer}) as server:
        (outcome,) = conformance.sent(open_channel(to(server.port, reply_seconds=0.2)), [outgoing()])
    assert outcome.kind is Kind.DEFERRED


def test_encryption_that_is_not_offered_is_done_without_where_allowed(open_channel: OpenChannel):
    with mail_servers.scripted({}) as server:
        where = to(server.port, encryption=relay.Encryption.OPPORTUNISTIC)
        (outcome,) = conformance.sent(open_channel(where), [outgoing()])
    assert outcome.kind is Kind.ACCEPTED


def test_host_that_cannot_be_a_name_is_out_of_reach(open_channel: OpenChannel):
    channel = open_channel(to(25, host="x" * 64 + ".example"))
    (outcome,) = conformance.sent(channel, [outgoing()])
    assert outcome.kind is Kind.DEFERRED
    assert "correct host and port" in channel.check()


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        ("greeting", Kind.DEFERRED),
        ("ehlo", Kind.DEFERRED),
        ("mail", Kind.DEFERRED),
        ("rcpt", Kind.DEFERRED),
        ("data", Kind.DEFERRED),
        ("end", Kind.UNCLEAR),
    ],
)
def test_silence_ends(open_channel: OpenChannel, step: str, kind: deliveries.OutcomeKind):
    with mail_servers.scripted({step: mail_servers.SILENT}) as server:
        impatient = to(server.port, reply_seconds=0.2, final_seconds=0.2)
        (outcome,) = conformance.sent(open_channel(impatient), [outgoing()])
    assert outcome.kind is kind
    assert "no answer in time" in outcome.detail


def test_data_answered_354_without_recipient_is_ended_with_an_empty_message(open_channel: OpenChannel):
    # RFC 2920, 3.1: the server may take DATA although it refused the recipient.
    with mail_servers.scripted({"rcpt": "550 5.1.1 No such user", "end": "554 5.5.1 No valid recipients"}) as server:
        outcomes = conformance.sent(open_channel(to(server.port)), [outgoing("d1"), outgoing("d2")])
    assert [outcome.kind for outcome in outcomes] == [Kind.ADDRESS_INVALID] * 2
    assert server.contents == [b"", b""]


def test_refused_transaction_is_reset_before_the_next(open_channel: OpenChannel):
    with mail_servers.aiosmtpd() as server:
        batch = [outgoing("d1", "nobody@a.example"), outgoing("d2"), outgoing("d3")]
        outcomes = conformance.sent(open_channel(to(server.port)), batch)
    assert [outcome.kind for outcome in outcomes] == [Kind.ADDRESS_INVALID, Kind.ACCEPTED, Kind.ACCEPTED]
    assert server.handler.resets == 1
    assert len(server.handler.sessions) == 1


#: Answer to RCPT → kind, code, wait.
ANSWERS = [
    ("550 5.1.1 <ann@customer.example> User unknown", Kind.ADDRESS_INVALID, "550 5.1.1", None),
    ("550 5.1.2 Bad destination system", Kind.ADDRESS_INVALID, "550 5.1.2", None),
    ("553 5.1.3 Bad syntax", Kind.ADDRESS_INVALID, "553 5.1.3", None),
    ("550 5.1.6 Mailbox has moved", Kind.ADDRESS_INVALID, "550 5.1.6", None),
    ("556 5.1.10 Domain takes no mail", Kind.ADDRESS_INVALID, "556 5.1.10", None),
    ("550 5.2.1 Mailbox disabled", Kind.ADDRESS_INVALID, "550 5.2.1", None),
    ("550 No such user here", Kind.ADDRESS_INVALID, "550", None),
    ("550 5.0.0 mailbox unavailable", Kind.ADDRESS_INVALID, "550 5.0.0", None),
    ("550 5.1.7 Bad sender address", Kind.REJECTED, "550 5.1.7", None),
    ("553 5.1.8 Sender domain does not exist", Kind.REJECTED, "553 5.1.8", None),
    ("550 Sender address does not exist", Kind.REJECTED, "550", None),
    ("554 5.7.1 Recipient address rejected: Access denied", Kind.REJECTED, "554 5.7.1", None),
    ("550 Denied by policy", Kind.REJECTED, "550", None),
    ("552 5.3.4 Too big", Kind.REJECTED, "552 5.3.4", None),
    ("552 5.2.2 Mailbox full", Kind.DEFERRED, "552 5.2.2", None),
    ("552 Quota exceeded, mailbox is full", Kind.DEFERRED, "552", None),
    ("530 5.7.0 Authentication required", Kind.DEFERRED, "530 5.7.0", None),
    ("450 4.2.1 Mailbox busy", Kind.DEFERRED, "450 4.2.1", codes.GREYLIST_SECONDS),
    ("451 4.7.1 Greylisted, please try again in 90 seconds", Kind.DEFERRED, "451 4.7.1", 90),
    ("451 4.7.1 Come back in 5 minutes", Kind.DEFERRED, "451 4.7.1", 300),
    ("421 4.7.0 Try again later", Kind.DEFERRED, "421 4.7.0", codes.GREYLIST_SECONDS),
    ("452 4.3.1 Disk full", Kind.DEFERRED, "452 4.3.1", None),
    ("450 4.7.1 Wait for 99999 hours", Kind.DEFERRED, "450 4.7.1", codes.RETRY_LIMIT_SECONDS),
]


@pytest.mark.parametrize(("answer", "kind", "code", "wait_seconds"), ANSWERS)
def test_answers_in_our_words(
    open_channel: OpenChannel, answer: str, kind: deliveries.OutcomeKind, code: str, wait_seconds: int | None
):
    with mail_servers.scripted({"rcpt": answer, "data": "503 5.5.1 No recipient"}) as server:
        (outcome,) = conformance.sent(open_channel(to(server.port)), [outgoing()])
    assert (outcome.kind, outcome.code, outcome.retry_after_seconds) == (kind, code, wait_seconds)
    assert outcome.detail.startswith("RCPT: ")
    assert "@" not in outcome.detail


@pytest.mark.parametrize("answer", ["550 5.1.1 User unknown", "554 5.7.1 No", "550 No such user"])
def test_refused_sender_never_makes_the_recipient_invalid(open_channel: OpenChannel, answer: str):
    with mail_servers.scripted({"mail": answer, "rcpt": "503 5.5.1 MAIL first", "data": "503 5.5.1 RCPT"}) as server:
        (outcome,) = conformance.sent(open_channel(to(server.port)), [outgoing()])
    assert outcome.kind is Kind.REJECTED
    assert outcome.detail.startswith("MAIL: ")


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ("250 2.0.0 Ok: queued as 4bXyZ12345", "4bXyZ12345"),
        ("250 OK id=1X58pT-0004bZ-Co", "1X58pT-0004bZ-Co"),
        ("250 2.0.0 s5LIZIfM028477 Message accepted for delivery", "s5LIZIfM028477"),
        ("250 Ok 0100018f2a-9c1d-000000", "0100018f2a-9c1d-000000"),
        ("250 2.6.0 <a@b> Queued mail for delivery", ""),
        ("250 Thanks", ""),
    ],
)
def test_accepted_mail_has_the_name_the_relay_gave_it(open_channel: OpenChannel, answer: str, name: str):
    with mail_servers.scripted({"end": answer}) as server:
        (outcome,) = conformance.sent(open_channel(to(server.port)), [outgoing()])
    assert outcome.kind is Kind.ACCEPTED
    assert outcome.provider_ref == name


def test_connection_that_broke_inside_a_batch_is_replaced(open_channel: OpenChannel):
    with mail_servers.aiosmtpd() as server:
        channel = open_channel(to(server.port))
        conformance.sent(channel, [outgoing("d1")])
        server.handler.drops = True
        (lost,) = conformance.sent(channel, [outgoing("d2")])
        server.handler.drops = False
        (after,) = conformance.sent(channel, [outgoing("d3")])
    assert lost.kind is Kind.UNCLEAR
    assert after.kind is Kind.ACCEPTED


def test_connection_is_used_again_up_to_its_limit(open_channel: OpenChannel):
    with mail_servers.aiosmtpd() as server:
        channel = open_channel(to(server.port, messages_per_connection=3))
        for number in range(6):
            conformance.sent(channel, [outgoing(f"d{number}")])
    assert server.taken() == 6
    assert len(server.handler.sessions) == 2


def test_idle_connection_is_not_used_again(open_channel: OpenChannel):
    with mail_servers.aiosmtpd() as server:
        channel = open_channel(to(server.port, idle_seconds=0))
        for number in range(2):
            conformance.sent(channel, [outgoing(f"d{number}")])
    assert len(server.handler.sessions) == 2


def test_large_batch_goes_over_several_connections_and_no_more(open_channel: OpenChannel):
    with mail_servers.aiosmtpd() as server:
        channel = open_channel(to(server.port), connections=3)
        outcomes = conformance.sent(channel, [outgoing(f"d{number}") for number in range(100)])
    assert {outcome.kind for outcome in outcomes} == {Kind.ACCEPTED}
    assert sorted(envelope.rcpt_tos[0] for envelope in server.handler.envelopes) == ["ann@customer.example"] * 100
    senders = {envelope.mail_from for envelope in server.handler.envelopes}
    assert senders == {verp_address(f"d{number}") for number in range(100)}
    assert 1 <= len(server.handler.sessions) <= 3


def test_same_delivery_has_the_same_message_id_on_every_attempt(open_channel: OpenChannel):
    with mail_servers.aiosmtpd() as server:
        channel = open_channel(to(server.port))
        conformance.sent(channel, [outgoing("d1"), outgoing("d2")])
        conformance.sent(channel, [outgoing("d1", attempt=2)])
    ids = [parsed(envelope.original_content or b"")["message-id"] for envelope in server.handler.envelopes]
    assert ids[0] == ids[2]
    assert ids[0] != ids[1]
    assert ids[0].startswith("<d1.")


def parsed(content: bytes) -> email.message.EmailMessage:
    return email.parser.BytesParser(email.message.EmailMessage, policy=email.policy.SMTP).parsebytes(content)


def test_dots_and_line_ends_arrive_as_sent(open_channel: OpenChannel):
    content = b"Content-Type: text/plain\r\n\r\n.\r\n..\r\nbare\nline\rend\r\n.last"
    with mail_servers.aiosmtpd() as server:
        conformance.sent(open_channel(to(server.port)), [outgoing(content=content)])
    received = server.handler.envelopes[0].original_content or b""
    assert received.partition(b"\r\n\r\n")[2] == b".\r\n..\r\nbare\r\nline\r\nend\r\n.last\r\n"


@pytest.mark.parametrize(
    ("address", "recipient"),
    [
        ("anna@bücher.example", "anna@xn--bcher-kva.example"),
        ("anna@straße.example", "anna@xn--strae-oqa.example"),
        ("jörg@bücher.example", "jörg@xn--bcher-kva.example"),
        ('"two words"@a.example', '"two words"@a.example'),
    ],
)
def test_addresses_of_all_kinds_arrive(open_channel: OpenChannel, address: str, recipient: str):
    with mail_servers.aiosmtpd() as server:
        (outcome,) = conformance.sent(open_channel(to(server.port)), [outgoing(address=address)])
    assert outcome.kind is Kind.ACCEPTED
    assert server.handler.envelopes[0].rcpt_tos == [recipient]


def test_address_beyond_ascii_needs_a_server_for_it(open_channel: OpenChannel):
    with mail_servers.aiosmtpd(has_smtputf8=False) as server:
        outcomes = conformance.sent(open_channel(to(server.port)), [outgoing("d1", "jörg@a.example"), outgoing("d2")])
    assert [outcome.kind for outcome in outcomes] == [Kind.ADDRESS_INVALID, Kind.ACCEPTED]
    assert "SMTPUTF8" in outcomes[0].detail


@pytest.mark.parametrize(
    ("hello", "content", "code"),
    [
        ("250-scripted\r\n250 SIZE 100", BODY, "5.3.4"),
        ("250-scripted\r\n250 PIPELINING", "Content-Type: text/plain\r\n\r\nÄ\r\n".encode(), "5.6.3"),
    ],
)
def test_what_the_relay_cannot_take_is_rejected_unsent(
    open_channel: OpenChannel, hello: str, content: bytes, code: str
):
    with mail_servers.scripted({"ehlo": hello}) as server:
        (outcome,) = conformance.sent(open_channel(to(server.port)), [outgoing(content=content)])
    assert (outcome.kind, outcome.code) == (Kind.REJECTED, code)
    assert not any(command.startswith("MAIL") for command in server.commands)


def test_extensions_are_used_where_offered(open_channel: OpenChannel):
    hello = "250-scripted\r\n250-PIPELINING\r\n250-SIZE 1000000\r\n250-DSN\r\n250-SMTPUTF8\r\n250 8BITMIME"
    content = "Content-Type: text/plain\r\n\r\nÄ\r\n".encode()
    with mail_servers.scripted({"ehlo": hello}) as server:
        conformance.sent(open_channel(to(server.port)), [outgoing("d1", "jörg@a.example", content=content)])
    mail, recipient = server.commands[1:3]
    sender = verp_address("d1")
    token = sender.partition("+")[2].partition("@")[0]
    size = len(server.contents[0])
    assert mail == f"MAIL FROM:<{sender}> SIZE={size} BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID={token}"
    assert recipient == "RCPT TO:<jörg@a.example> NOTIFY=FAILURE,DELAY"


def test_server_that_knows_no_ehlo_gets_helo(open_channel: OpenChannel):
    with mail_servers.scripted({"ehlo": "502 5.5.1 What"}) as server:
        (outcome,) = conformance.sent(open_channel(to(server.port)), [outgoing()])
    assert outcome.kind is Kind.ACCEPTED
    assert [command.split()[0] for command in server.commands[:5]] == ["EHLO", "HELO", "MAIL", "RCPT", "DATA"]
    assert "SIZE" not in server.commands[2]


def test_domain_gets_its_share_and_the_rest_a_time(open_channel: OpenChannel):
    with mail_servers.aiosmtpd() as server:
        channel = open_channel(to(server.port), per_domain_per_second=2)
        batch = [outgoing(f"d{number}", f"p{number}@big.example") for number in range(6)]
        outcomes = conformance.sent(channel, [*batch, outgoing("other", "p@small.example")])
    assert [outcome.kind for outcome in outcomes] == [Kind.ACCEPTED] * 2 + [Kind.DEFERRED] * 4 + [Kind.ACCEPTED]
    assert [outcome.retry_after_seconds for outcome in outcomes[2:6]] == [1, 1, 2, 2]
    assert server.taken() == 3


def test_dead_relay_is_not_waited_for_again_and_again(open_channel: OpenChannel):
    with mail_servers.scripted({"greeting": mail_servers.SILENT}) as server:
        channel = open_channel(to(server.port, reply_seconds=0.3), connections=2)
        outcomes = conformance.sent(channel, [outgoing(f"d{number}") for number in range(40)])
    assert {outcome.kind for outcome in outcomes} == {Kind.DEFERRED}
    assert server.connections == 2


def test_relay_that_breaks_every_connection_is_given_up(open_channel: OpenChannel):
    with mail_servers.scripted({"mail": mail_servers.CLOSE}) as server:
        channel = open_channel(to(server.port), connections=2)
        outcomes = conformance.sent(channel, [outgoing(f"d{number}") for number in range(40)])
    assert {outcome.kind for outcome in outcomes} == {Kind.DEFERRED}
    assert server.connections <= 2 * pool.LOST_LIMIT


@pytest.mark.parametrize(
    "changes", [{"sender": "nobody"}, {"sender": "jörg@a.example"}, {"bounce_domain": "-"}, {"key": b""}]
)
def test_wrong_configuration_is_refused_at_once(changes: dict[str, object]):
    with pytest.raises(ValueError, match=r"wanted"):
        smtp.Smtp(config(to(25), **changes))


def test_we_name_ourselves_by_the_bounce_domain_unless_told(open_channel: OpenChannel):
    with mail_servers.scripted({}) as server:
        assert open_channel(to(server.port)).check() == ""
        assert open_channel(to(server.port, hello="mail.signalpost.example")).check() == ""
    names = [command for command in server.commands if command.startswith("EHLO")]
    assert names == [f"EHLO {BOUNCES}", "EHLO mail.signalpost.example"]


def test_secrets_are_not_shown():
    shown = repr(config(to(25, username="u", password="hunter2")))
    assert "hunter2" not in shown
    assert KEY.decode() not in shown


def test_reference_that_cannot_be_an_address_is_a_broken_machine(open_channel: OpenChannel):
    with pytest.raises(ValueError, match="delivery reference"):
        open_channel(to(25)).send([outgoing("No Reference")])


@pytest.mark.parametrize(
    ("answers", "encryption", "what"),
    [
        ({"greeting": "554 5.7.1 Go away"}, relay.Encryption.NONE, "greeting refused: 5.7.1 Go away"),
        ({}, relay.Encryption.STARTTLS, "offers no STARTTLS"),
        ({"ehlo": "250-x\r\n250 STARTTLS", "star": "454 4.7.0 No TLS"}, relay.Encryption.STARTTLS, "STARTTLS refused"),
        ({"ehlo": "250-x\r\n250 STARTTLS", "star": "220 Go\r\n250 slipped"}, relay.Encryption.STARTTLS, "slipped in"),
        ({}, relay.Encryption.IMPLICIT, "no encryption"),
        ({"greeting": mail_servers.SILENT}, relay.Encryption.NONE, "no answer in time"),
    ],
)
def test_check_names_what_is_wrong(
    open_channel: OpenChannel, answers: dict[str, str], encryption: relay.Encryption, what: str
):
    with mail_servers.scripted(answers) as server:
        channel = open_channel(to(server.port, encryption=encryption, reply_seconds=0.5, connect_seconds=0.5))
        advice = channel.check()
    assert what in advice
    assert advice.startswith(f"e-mail relay 127.0.0.1:{server.port}: ")


def test_login_without_a_way_for_it_is_named(open_channel: OpenChannel):
    with mail_servers.scripted({}) as server:
        advice = open_channel(to(server.port, username="u", password="p")).check()
    assert "neither AUTH PLAIN nor LOGIN" in advice


def test_login_with_the_older_mechanism(open_channel: OpenChannel):
    answers = {
        "ehlo": "250-x\r\n250 AUTH LOGIN CRAM-MD5",
        "auth": "334 VXNlcm5hbWU6",
        "dq==": "334 UGFz",
        "ca==": "235 OK",
    }
    with mail_servers.scripted(answers) as server:
        assert open_channel(to(server.port, username="u", password="p")).check() == ""
    assert server.commands[1:4] == ["AUTH LOGIN", "dQ==", "cA=="]


class TestPostfix:
    """Against Postfix as operators run it."""

    def test_delivered_mail_is_what_was_sent(self, postfix: postfix_peer.Postfix, open_channel: OpenChannel):
        long_lines = b"x" * 900 + b"\r\n"
        content = BODY.replace(b"..two\r\n", b"..two\r\n" + long_lines * 50)
        sent = outgoing("d1", content=content, headers=(("subject", "Ström är tillbaka ☀ " * 6), ("to_name", "Å, “Ö”")))
        (outcome,) = conformance.sent(open_channel(to(postfix.port)), [sent])
        (mail,) = postfix.wait_for_messages("ann@customer.example")
        assert outcome.kind is Kind.ACCEPTED
        assert outcome.provider_ref in postfix.log.read_text()
        assert mail.sender == verp_address("d1")
        assert mail.parsed["subject"] == ("Ström är tillbaka ☀ " * 6).strip()
        assert mail.parsed["to"].addresses[0].display_name == "Å, “Ö”"
        assert mail.parsed["auto-submitted"] == "auto-generated"
        assert not [name for name in mail.parsed if name.lower().startswith("x-")]
        entity = mail.content[mail.content.index(b"Content-Type: multipart") :]
        assert entity == content
        parts = [part.get_content_type() for part in mail.parsed.walk()]
        assert parts == ["multipart/alternative", "text/plain", "text/html"]

    @pytest.mark.parametrize(
        ("local", "kind", "code"),
        [
            ("bounce", Kind.ADDRESS_INVALID, "550 5.1.1"),
            ("blocked", Kind.REJECTED, "554 5.7.1"),
            ("full", Kind.DEFERRED, "552 5.2.2"),
            ("later", Kind.DEFERRED, "450 4.2.1"),
            ("closing", Kind.DEFERRED, "421 4.3.2"),
        ],
    )
    def test_refusals_between_accepted_mail(
        self,
        postfix: postfix_peer.Postfix,
        open_channel: OpenChannel,
        local: str,
        kind: deliveries.OutcomeKind,
        code: str,
    ):
        batch = [outgoing("d1"), outgoing("d2", f"{local}@a.example"), outgoing("d3")]
        outcomes = conformance.sent(open_channel(to(postfix.port)), batch)
        assert [outcome.kind for outcome in outcomes] == [Kind.ACCEPTED, kind, Kind.ACCEPTED]
        assert outcomes[1].code == code
        assert len(postfix.wait_for_messages(count=2)) == 2

    @pytest.mark.parametrize(
        ("encryption", "port_name"),
        [
            (relay.Encryption.STARTTLS, "submission_port"),
            (relay.Encryption.OPPORTUNISTIC, "submission_port"),
            (relay.Encryption.IMPLICIT, "tls_port"),
        ],
    )
    def test_encrypted_and_logged_in(
        self,
        postfix: postfix_peer.Postfix,
        open_channel: OpenChannel,
        encryption: relay.Encryption,
        port_name: str,
    ):
        port = {"submission_port": postfix.submission_port, "tls_port": postfix.tls_port}[port_name]
        where = to(
            port,
            encryption=encryption,
            ca_file=str(postfix.authority),
            username=postfix.username,
            password=postfix.password,
        )
        channel = open_channel(where)
        assert channel.check() == ""
        outcomes = conformance.sent(channel, [outgoing(f"d{number}") for number in range(12)])
        assert {outcome.kind for outcome in outcomes} == {Kind.ACCEPTED}
        assert len(postfix.wait_for_messages(count=12)) == 12

    @pytest.mark.parametrize(
        ("changes", "what"),
        [
            ({"password": "wrong"}, "login refused"),
            ({"username": ""}, ""),
            ({"ca_file": ""}, "certificate not accepted"),
        ],
    )
    def test_wrong_set_up_defers_and_says_what_to_do(
        self, postfix: postfix_peer.Postfix, open_channel: OpenChannel, changes: dict[str, object], what: str
    ):
        where = to(
            postfix.submission_port,
            encryption=relay.Encryption.STARTTLS,
            ca_file=str(postfix.authority),
            username=postfix.username,
            password=postfix.password,
        )
        channel = open_channel(msgspec.structs.replace(where, **changes))
        (outcome,) = conformance.sent(channel, [outgoing()])
        assert what in channel.check()
        # Without a login the connection stands and the sender is refused for it: ours to set right, so later.
        assert outcome.kind is Kind.DEFERRED

    def test_address_beyond_ascii(self, postfix: postfix_peer.Postfix, open_channel: OpenChannel):
        (outcome,) = conformance.sent(open_channel(to(postfix.port)), [outgoing("d1", "jörg@bücher.example")])
        (mail,) = postfix.wait_for_messages("jörg@xn--bcher-kva.example")
        assert outcome.kind is Kind.ACCEPTED
        assert "jörg@xn--bcher-kva.example".encode() in mail.content

    @pytest.mark.parametrize(
        ("local", "kind", "code"),
        [
            ("dsn", Kind.ADDRESS_INVALID, "5.1.1"),
            ("dsn-full", Kind.REJECTED, "5.2.2"),
            ("slow", Kind.DEFERRED, "4.4.1"),
        ],
    )
    def test_report_comes_back_and_is_understood(
        self,
        postfix: postfix_peer.Postfix,
        open_channel: OpenChannel,
        local: str,
        kind: deliveries.OutcomeKind,
        code: str,
    ):
        channel = open_channel(to(postfix.port))
        (outcome,) = conformance.sent(channel, [outgoing(f"to-{local}", f"{local}@customer.example")])
        assert outcome.kind is Kind.ACCEPTED
        postfix.wait_for_messages(verp_address(f"to-{local}"))
        came_back = [path.read_bytes() for path in sorted((postfix.maildir / "new").iterdir())]
        receipts = [receipt for raw in came_back for receipt in channel.understand(raw, "message/rfc822")]
        assert [(receipt.delivery, receipt.kind, receipt.code) for receipt in receipts] == [(f"to-{local}", kind, code)]
        assert "@" not in receipts[0].detail
