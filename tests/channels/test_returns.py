"""Mail that comes back: the samples of real servers, our own references in them, and whatever else may come in."""

import datetime as dt
import os
import pathlib

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signalpost.channels.smtp import codes, inbound, returns, verp
from signalpost.vocabulary import deliveries, parties

Kind = deliveries.OutcomeKind

NOW = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
DOMAIN = "bounces.signalpost.example"
SIGNER = verp.Verp(b"test key", domain=DOMAIN)
TOKEN = SIGNER.token("d1")
BOUNCE = SIGNER.address(TOKEN)
UNSUBSCRIBE = SIGNER.address(TOKEN, verp.UNSUBSCRIBE)

OWN_SAMPLES = pathlib.Path(__file__).parent.parent / "data" / "bounces"
#: All of them, where somebody laid them beside the checkout or names the folder.
DATA_VARIABLE = "SIGNALPOST_TEST_DATA"
ALL_SAMPLES = (
    pathlib.Path(os.environ.get(DATA_VARIABLE, str(pathlib.Path(__file__).parents[3] / "shared" / "data"))) / "bounces"
)

#: What each sample says, as a person reads it: kind and code per recipient.
SAMPLES: dict[str, list[tuple[deliveries.OutcomeKind, str]]] = {
    "arf-02": [(Kind.COMPLAINED, "abuse")],
    "arf-12": [(Kind.UNSUBSCRIBED, "opt-out")],
    "arf-14": [(Kind.COMPLAINED, "abuse")],
    "arf-16": [(Kind.COMPLAINED, "abuse")],
    # DMARC failure reports: nobody complained, the mail was delivered.
    "arf-18": [],
    "arf-20": [],
    "arf-22": [(Kind.COMPLAINED, "")],
    "arf-24": [(Kind.COMPLAINED, "")],
    "arf-26": [(Kind.UNSUBSCRIBED, "")],
    "lhost-amazonses-02": [(Kind.ADDRESS_INVALID, "550 5.3.0")],
    "lhost-amazonses-06": [(Kind.ADDRESS_INVALID, "550 5.1.1")],
    "lhost-amazonses-08": [(Kind.REJECTED, "550 5.7.9")],
    "lhost-amazonses-10": [(Kind.ADDRESS_INVALID, "550 5.1.1")],
    "lhost-amazonses-12": [(Kind.DELIVERED, "")],
    "lhost-amazonses-14": [(Kind.REJECTED, "554 5.7.1")],
    "lhost-amazonses-16": [(Kind.REJECTED, "521 5.7.1")],
    "lhost-amazonses-18": [(Kind.ADDRESS_INVALID, "550 5.4.4")],
    "lhost-amazonses-20": [(Kind.ADDRESS_INVALID, "550 5.2.1")],
    "lhost-exim-02": [(Kind.ADDRESS_INVALID, "550 5.1.1"), (Kind.ADDRESS_INVALID, "550 5.2.1")],
    "lhost-exim-04": [(Kind.REJECTED, "550 5.7.0")],
    "lhost-exim-06": [(Kind.EXPIRED, "")],
    "lhost-exim-08": [(Kind.EXPIRED, "")],
    "lhost-exim-30": [(Kind.REJECTED, "554 5.7.1")],
    "lhost-exim-32": [(Kind.REJECTED, "571")],
    "lhost-exim-34": [(Kind.REJECTED, "554 5.7.1")],
    "lhost-exim-36": [(Kind.REJECTED, "550")],
    "lhost-exim-38": [(Kind.DEFERRED, "450")],
    "lhost-exim-40": [(Kind.REJECTED, "551")],
    "lhost-exim-42": [(Kind.REJECTED, "554 5.7.1")],
    "lhost-exim-44": [(Kind.REJECTED, "5.0.0")],
    "lhost-exim-46": [(Kind.REJECTED, "554 5.7.1")],
    "lhost-exim-48": [(Kind.REJECTED, "550 5.7.1")],
    # 5.1.7 is about the sender's address.
    "lhost-exim-50": [(Kind.REJECTED, "550 5.1.7")],
    "lhost-exim-52": [(Kind.ADDRESS_INVALID, "")],
    "lhost-exim-54": [(Kind.REJECTED, "550")],
    "lhost-exim-56": [(Kind.REJECTED, "554")],
    "lhost-exim-58": [(Kind.REJECTED, "500")],
    # A full mailbox until the queue's time was over: the address lives.
    "lhost-exim-60": [(Kind.EXPIRED, "5.0.0")],
    "lhost-postfix-02": [(Kind.ADDRESS_INVALID, "550 5.2.1"), (Kind.ADDRESS_INVALID, "550 5.1.1")],
    "lhost-postfix-04": [(Kind.ADDRESS_INVALID, "550 5.1.1")],
    "lhost-postfix-06": [(Kind.ADDRESS_INVALID, "5.4.4")],
    "lhost-postfix-08": [(Kind.EXPIRED, "4.4.1")],
    "lhost-postfix-10": [(Kind.REJECTED, "553 5.1.8")],
    "lhost-postfix-14": [(Kind.ADDRESS_INVALID, "5.1.1")],
    "lhost-postfix-16": [(Kind.ADDRESS_INVALID, "550 5.1.6")],
    "lhost-postfix-28": [(Kind.REJECTED, "550 5.7.1")],
    # Exchange Online's way of saying that there is no such recipient.
    "lhost-postfix-30": [(Kind.ADDRESS_INVALID, "550 5.4.1")],
    "lhost-postfix-32": [(Kind.ADDRESS_INVALID, "550 5.1.1")],
    "lhost-postfix-34": [(Kind.EXPIRED, "")],
    "lhost-postfix-36": [(Kind.ADDRESS_INVALID, "550 5.0.0")],
    "lhost-postfix-38": [(Kind.EXPIRED, "554 4.0.0")],
    "lhost-postfix-40": [(Kind.EXPIRED, "451 4.0.0")],
    "lhost-postfix-42": [(Kind.REJECTED, "550 5.0.0")],
    "lhost-postfix-44": [(Kind.REJECTED, "501 5.7.1")],
    "lhost-postfix-46": [(Kind.ADDRESS_INVALID, "550 5.0.0")],
    "lhost-postfix-48": [(Kind.REJECTED, "552 5.0.0")],
    "lhost-postfix-50": [(Kind.EXPIRED, "421 4.0.0")],
    "lhost-postfix-52": [(Kind.ADDRESS_INVALID, "554 5.0.0")],
    "lhost-postfix-54": [(Kind.REJECTED, "550 5.7.1")],
    "lhost-postfix-56": [(Kind.EXPIRED, "4.4.2")],
    "lhost-postfix-58": [(Kind.REJECTED, "550 5.7.1")],
    "lhost-postfix-60": [(Kind.EXPIRED, "554 4.0.0")],
    "lhost-postfix-62": [(Kind.REJECTED, "550 5.0.0")],
    # "Delivery report unavailable": it came back, nobody says why.
    "lhost-postfix-64": [(Kind.REJECTED, "")],
    "lhost-postfix-66": [(Kind.REJECTED, "554 5.7.9")],
    "lhost-postfix-68": [(Kind.REJECTED, "554 5.0.0")],
    "lhost-postfix-70": [(Kind.REJECTED, "550 5.7.26")],
    "lhost-postfix-72": [(Kind.REJECTED, "550 5.7.1")],
    "lhost-postfix-74": [(Kind.EXPIRED, "421 4.7.0")],
    "lhost-postfix-76": [(Kind.ADDRESS_INVALID, "550 5.0.0")],
    "not-a-bounce-is-not-bounce-01": [],
    "not-a-bounce-is-not-bounce-02": [],
    "not-a-bounce-rb-issue-368-bug": [],
}


def understand(raw: bytes | str) -> tuple[deliveries.Receipt, ...]:
    return returns.understand(raw.encode() if isinstance(raw, str) else raw, SIGNER, via="mail", now=NOW)


def kinds(raw: bytes | str) -> list[tuple[deliveries.OutcomeKind, str]]:
    return [(receipt.kind, receipt.delivery) for receipt in understand(raw)]


def own(name: str) -> bytes:
    return (OWN_SAMPLES / f"{name}.eml").read_bytes()


@pytest.mark.parametrize("name", sorted(path.stem for path in OWN_SAMPLES.glob("*.eml")))
def test_samples_here(name: str):
    assert [(receipt.kind, receipt.code) for receipt in understand(own(name))] == SAMPLES[name]


@pytest.fixture(scope="module")
def all_samples() -> pathlib.Path:
    if not ALL_SAMPLES.is_dir():
        if DATA_VARIABLE in os.environ:
            pytest.fail(f"{DATA_VARIABLE} names no folder with {ALL_SAMPLES.name}/: {ALL_SAMPLES}", pytrace=False)
        pytest.skip(f"the whole set of samples is not here; set {DATA_VARIABLE} to the folder above bounces/")
    return ALL_SAMPLES


@pytest.mark.parametrize("name", SAMPLES)
def test_all_samples(all_samples: pathlib.Path, name: str):
    receipts = understand((all_samples / f"{name}.eml").read_bytes())
    assert [(receipt.kind, receipt.code) for receipt in receipts] == SAMPLES[name]
    for receipt in receipts:
        assert receipt.delivery == ""
        assert "@" not in receipt.detail
        assert "kijitora" not in receipt.detail
        assert receipt.at < NOW


def test_no_sample_is_without_a_judgement(all_samples: pathlib.Path):
    assert {path.stem for path in all_samples.glob("*.eml")} == set(SAMPLES)


@pytest.mark.parametrize("name", [name for name, expected in SAMPLES.items() if expected])
def test_samples_to_our_signed_address_speak_of_our_delivery(all_samples: pathlib.Path, name: str):
    raw = f"X-Original-To: {BOUNCE}\r\n".encode() + (all_samples / f"{name}.eml").read_bytes()
    receipts = understand(raw.partition(b"\nFrom MAILER-DAEMON ")[0] if raw.startswith(b"From ") else raw)
    assert [(receipt.kind, receipt.code) for receipt in receipts] == SAMPLES[name]
    assert {receipt.delivery for receipt in receipts} == {"d1"}
    assert {receipt.provider_ref for receipt in receipts} == {""}


def test_relay_that_names_messages_itself_is_referred_to_by_that_name():
    (receipt,) = understand(own("lhost-amazonses-10"))
    assert receipt.provider_ref == "01010157e6083857-2c73eed0-71f8-47d1-ab77-c4646f9d776d-000000"
    first, second = understand(own("lhost-exim-02"))
    assert first.provider_ref == second.provider_ref == "E1X58pB-0004bW-2s"
    assert first.dedupe != second.dedupe


def mail(*headers: str, body: str = "") -> str:
    return "\r\n".join([*headers, "", body, ""])


def report(*fields: str, to: str = BOUNCE, returned: str = "") -> str:
    """Write a delivery report of which only one recipient's fields matter."""
    parts = [
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n",
        "\r\n".join(fields),
        f"\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{returned}\r\n" if returned else "",
        "--b--",
    ]
    return mail(
        "From: MAILER-DAEMON@mx.example",
        f"To: {to}",
        "Message-ID: <r@mx.example>",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        body="\r\n".join(parts),
    )


@pytest.mark.parametrize(
    ("fields", "kind", "code"),
    [
        (("Action: failed", "Status: 5.1.1"), Kind.ADDRESS_INVALID, "5.1.1"),
        (("Action: FAILED", "Status: 5.2.2"), Kind.REJECTED, "5.2.2"),
        (("Action: failed", "Status: 4.2.2"), Kind.EXPIRED, "4.2.2"),
        (("Action: failed", "Status: 5.0.0", "Diagnostic-Code: smtp; 550 5.1.1 x"), Kind.ADDRESS_INVALID, "550 5.1.1"),
        (("Action: failed", "Status: 5.7.1", "Diagnostic-Code: smtp; 550 no such user"), Kind.REJECTED, "550 5.7.1"),
        (("Action: delayed", "Status: 4.4.1"), Kind.DEFERRED, "4.4.1"),
        (("Action: delivered", "Status: 2.0.0"), Kind.DELIVERED, "2.0.0"),
        (("Action: relayed", "Status: 2.0.0"), Kind.ACCEPTED, "2.0.0"),
        (("Action: expanded", "Status: 2.0.0"), Kind.ACCEPTED, "2.0.0"),
        (("Status: 2.1.5",), Kind.DELIVERED, "2.1.5"),
        (("Status: 4.4.7",), Kind.DEFERRED, "4.4.7"),
        ((), Kind.REJECTED, ""),
    ],
)
def test_delivery_status_fields(fields: tuple[str, ...], kind: deliveries.OutcomeKind, code: str):
    (receipt,) = understand(report("Final-Recipient: rfc822; ann@a.example", *fields))
    assert (receipt.kind, receipt.code, receipt.delivery) == (kind, code, "d1")


def test_report_in_the_international_form():
    raw = report("Final-Recipient: utf-8; jörg@a.example", "Action: failed", "Status: 5.1.1")
    (receipt,) = understand(raw.replace("message/delivery-status", "message/global-delivery-status"))
    assert (receipt.kind, receipt.delivery) == (Kind.ADDRESS_INVALID, "d1")


def test_receipt_says_what_it_came_over_and_when():
    raw = "Date: Mon, 03 Mar 2025 10:00:00 +0100\r\n" + report("Final-Recipient: rfc822; a@b.c", "Action: delayed")
    (receipt,) = understand(raw)
    assert receipt.channel is parties.ChannelKind.EMAIL
    assert receipt.via == "mail"
    assert receipt.at == dt.datetime(2025, 3, 3, 9, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize("date", ["Fri, 01 Jan 2100 00:00:00 +0000", "yesterday", "Mon, 99 Foo 0 99:99:99 +9999", ""])
def test_date_that_cannot_be_is_now(date: str):
    (receipt,) = understand(f"Date: {date}\r\n" + report("Final-Recipient: rfc822; a@b.c", "Action: delayed"))
    assert receipt.at == NOW


def test_detail_holds_no_address_and_no_name_of_the_recipient():
    diagnostic = "Diagnostic-Code: smtp; 550 5.1.1 <ann.smith@a.example>: user ann.smith (Ann.Smith) unknown\x07"
    (receipt,) = understand(report("Final-Recipient: rfc822; ann.smith@a.example", "Action: failed", diagnostic))
    assert receipt.detail == "550 5.1.1 <…>: user <…> (<…>) unknown"


def test_same_report_twice_has_one_name_and_another_delivery_another():
    fields = ("Final-Recipient: rfc822; a@b.c", "Action: failed", "Status: 5.1.1")
    first, second = (
        understand("Received: a\r\n" + report(*fields))[0],
        understand("Received: b\r\n" + report(*fields))[0],
    )
    other = understand(report(*fields, to=SIGNER.address(SIGNER.token("d2"))))[0]
    assert first == second
    assert first.dedupe != other.dedupe


@pytest.mark.parametrize("header", ["X-Original-To", "Delivered-To", "Envelope-To", "Original-Recipient", "To", "Cc"])
@pytest.mark.parametrize("form", ["{}", "<{}>", "rfc822;{}", "Name <{}>, other@a.example"])
def test_signed_address_is_found_in(header: str, form: str):
    raw = mail(f"{header}: {form.format(BOUNCE)}", "From: postmaster@a.example", "Subject: rejected", body="no reason")
    assert kinds(raw) == [(Kind.REJECTED, "d1")]


def test_signed_address_is_found_in_capitals():
    assert kinds(report("Action: failed", "Status: 5.1.1", to=BOUNCE.upper())) == [(Kind.ADDRESS_INVALID, "d1")]


FORGED = [
    f"b+d1.{'a' * verp.MAC_LENGTH_CHARACTERS}@{DOMAIN}",
    f"b+{TOKEN}x@{DOMAIN}",
    f"b+{TOKEN[:-1]}@{DOMAIN}",
    f"b+d2.{TOKEN.partition('.')[2]}@{DOMAIN}",
    f"b+d1@{DOMAIN}",
    f"u+{'x' * 60}@{DOMAIN}",
]


@pytest.mark.parametrize("address", FORGED)
def test_report_to_a_forged_address_says_nothing(address: str):
    fields = ("Final-Recipient: rfc822; a@b.c", "Action: failed", "Status: 5.1.1")
    # Not even with a genuine name in the returned headers.
    assert understand(report(*fields, to=address, returned=f"Message-ID: <{TOKEN}@signalpost.example>")) == ()


def test_report_to_another_domain_is_no_forgery_but_refers_to_nothing():
    (receipt,) = understand(report("Action: failed", "Status: 5.1.1", to=f"b+{'d1.' + 'a' * 16}@elsewhere.example"))
    assert receipt.delivery == ""


@pytest.mark.parametrize(
    "returned",
    [
        f"Message-ID: <{TOKEN}@signalpost.example>",
        f"Message-Id:\r\n <{TOKEN}@signalpost.example>",
        f"Return-Path: <{BOUNCE}>",
    ],
)
def test_reference_in_the_returned_headers(returned: str):
    raw = report("Final-Recipient: rfc822; a@b.c", "Action: failed", "Status: 5.1.1", to="x@y.z", returned=returned)
    assert kinds(raw) == [(Kind.ADDRESS_INVALID, "d1")]


def test_reference_in_the_envelope_id():
    raw = report("Action: failed", "Status: 5.1.1", to="x@y.z").replace(
        "Reporting-MTA", f"Original-Envelope-Id: {TOKEN}\r\nReporting-MTA"
    )
    assert kinds(raw) == [(Kind.ADDRESS_INVALID, "d1")]


@given(reference=st.from_regex(r"[a-z0-9_-]{1,45}", fullmatch=True), other=st.binary(min_size=1))
def test_only_the_key_that_signed_recognises(reference: str, other: bytes):
    token = SIGNER.token(reference)
    assert SIGNER.addressed(SIGNER.address(token)) == ([("b", reference)], False)
    assert SIGNER.mentioned(f"<{token}@a.example>") == [reference]
    if other != b"test key":
        stranger = verp.Verp(other, domain=DOMAIN)
        assert stranger.addressed(SIGNER.address(token)) == ([], True)
        assert stranger.mentioned(token) == []


@given(reference=st.from_regex(r"[a-z0-9_-]{1,45}", fullmatch=True), data=st.data())
def test_any_changed_character_is_noticed(reference: str, data: st.DataObject):
    token = SIGNER.token(reference)
    position = data.draw(st.integers(0, len(token) - 1))
    character = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz234567.-_"))
    changed = token[:position] + character + token[position + 1 :]
    if changed != token:
        assert reference not in SIGNER.mentioned(changed)


def test_only_so_many_words_are_tried():
    forged = "".join(f"b+d{number}.{'a' * verp.MAC_LENGTH_CHARACTERS}@{DOMAIN}," for number in range(100))
    assert SIGNER.addressed(forged + BOUNCE) == ([], True)
    assert SIGNER.mentioned(forged + BOUNCE) == []
    assert SIGNER.mentioned(BOUNCE + forged) == ["d1"]


@pytest.mark.parametrize("reference", ["", "A", "a.b", "a+b", "ä", "a" * 46, "a b", "a\n"])
def test_reference_that_an_address_cannot_carry_is_not_signed(reference: str):
    with pytest.raises(ValueError, match="delivery reference"):
        SIGNER.token(reference)


@pytest.mark.parametrize(
    ("feedback", "kind"),
    [
        ("abuse", Kind.COMPLAINED),
        ("Fraud", Kind.COMPLAINED),
        ("virus", Kind.COMPLAINED),
        ("other", Kind.COMPLAINED),
        ("opt-out", Kind.UNSUBSCRIBED),
        ("not-spam", None),
        ("auth-failure", None),
        ("brand-new", None),
    ],
)
def test_feedback_reports(feedback: str, kind: deliveries.OutcomeKind | None):
    raw = mail(
        "From: fbl@provider.example",
        "To: abuse@signalpost.example",
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"',
        body=f"--b\r\nContent-Type: message/feedback-report\r\n\r\nVersion: 1\r\nFeedback-Type: {feedback}\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <{TOKEN}@signalpost.example>\r\n\r\n\r\n--b--",
    )
    assert kinds(raw) == ([] if kind is None else [(kind, "d1")])


def test_mail_to_the_unsubscribe_address():
    raw = mail("From: ann@a.example", f"To: <{UNSUBSCRIBE}>", "Subject: unsubscribe", body="please")
    assert kinds(raw) == [(Kind.UNSUBSCRIBED, "d1")]


AUTOMATIC = [
    "Auto-Submitted: auto-replied",
    "Auto-Submitted: auto-generated; owner=x",
    "X-Autoreply: yes",
    "Precedence: auto_reply",
    "Subject: Automatic reply: Power is back",
    "Subject: Out of office: back on Monday",
    "Return-Path: <>",
]


@pytest.mark.parametrize("header", AUTOMATIC)
def test_absence_notes_say_nothing_about_delivery(header: str):
    raw = mail(
        "From: Ann <ann@a.example>",
        f"To: {BOUNCE}",
        header,
        body="I am away. It could not be better. Mail is not lost.",
    )
    assert kinds(raw) == [(Kind.AUTO_REPLIED, "d1")]


@pytest.mark.parametrize("header", AUTOMATIC)
def test_absence_note_without_a_reference_says_nothing_at_all(header: str):
    assert kinds(mail("From: Ann <ann@a.example>", "To: notices@signalpost.example", header, body="away")) == []


def answer(body: str, *headers: str, content_type: str = "text/plain; charset=utf-8") -> str:
    return mail(
        "From: Ann Smith <Ann@A.example>",
        "To: notices@signalpost.example",
        f"In-Reply-To: <{TOKEN}@signalpost.example>",
        f"Content-Type: {content_type}",
        *headers,
        body=body,
    )


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("OFF", "OFF"),
        ("  still off \r\n\r\n> Is the power back?\r\n> yes", "still off"),
        ("OFF\r\n\r\nOn Monday, Grid wrote:\r\n> text", "OFF"),
        ("AUS\r\n\r\nAm Montag schrieb Grid <notices@signalpost.example>:\r\n> text", "AUS"),
        ("OFF\r\n-- \r\nAnn Smith\r\nTel. 123", "OFF"),
        ("OFF\r\n-----Original Message-----\r\nFrom: Grid", "OFF"),
        ("OFF\r\n________________________________\r\nFrom: Grid", "OFF"),
        ("Zwei\r\nZeilen, für euch", "Zwei\nZeilen, für euch"),
        ("", ""),
    ],
)
def test_reply_of_a_person_holds_their_own_words(body: str, words: str):
    (receipt,) = understand(answer(body))
    assert (receipt.kind, receipt.delivery) == (Kind.REPLIED, "d1")
    assert receipt.text == words
    assert receipt.sender == "Ann@a.example"
    assert receipt.detail == ""


def test_reply_in_html_only():
    page = "<html><head><style>p{}</style></head><body><p>still <b>off</b><br>here</p><blockquote>&gt; old</blockquote>"
    (receipt,) = understand(answer(page, content_type="text/html"))
    assert receipt.text == "still off\nhere"


def test_reply_is_cut_at_its_limit():
    (receipt,) = understand(answer("x" * 10_000))
    assert len(receipt.text) == returns.TEXT_LIMIT_CHARACTERS


def test_reply_in_an_older_charset():
    raw = answer("Stromausfall für alle", content_type="text/plain; charset=iso-8859-1").encode("latin-1")
    assert understand(raw)[0].text == "Stromausfall für alle"


def test_reply_to_the_newest_of_several_of_ours():
    newest = SIGNER.token("d2")
    raw = f"References: <{TOKEN}@s.example> <{newest}@s.example>\r\n" + answer("OFF").replace(TOKEN, newest)
    assert kinds(raw) == [(Kind.REPLIED, "d2")]


def test_reply_without_a_sender_says_nothing():
    assert kinds(answer("OFF").replace("From: Ann Smith <Ann@A.example>", "From: nobody")) == []


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        ("reject reason: Mailbox full", Kind.REJECTED, ""),
        ("Your mail was rejected. The server said: 550 5.1.1 user unknown", Kind.ADDRESS_INVALID, "550 5.1.1"),
        ("It could not be delivered because there is no such user.", Kind.ADDRESS_INVALID, ""),
        ("Your message was returned.", Kind.REJECTED, ""),
    ],
)
def test_failure_notice_in_nobodys_format(body: str, kind: deliveries.OutcomeKind, code: str):
    raw = mail(f"To: {BOUNCE}", "From: postmaster@a.example", "Subject: email bounce notification", body=body)
    assert [(receipt.kind, receipt.code) for receipt in understand(raw)] == [(kind, code)]


def test_bounce_in_nobodys_format_among_the_samples():
    raw = own("not-a-bounce-rb-issue-368-bug").replace(b"bounce+xxxx=yyyyyy.net@zzzzzzzz.net", BOUNCE.encode(), 1)
    (receipt,) = understand(raw.partition(b"\n")[2])
    assert (receipt.kind, receipt.delivery, receipt.detail) == (Kind.REJECTED, "d1", "reject reason: Mailbox full")


def test_report_that_a_person_forwards_is_no_report():
    inside = report("Final-Recipient: rfc822; a@b.c", "Action: failed", "Status: 5.1.1")
    raw = mail(
        "From: Ann <ann@a.example>",
        "To: notices@signalpost.example",
        'Content-Type: multipart/mixed; boundary="f"',
        body="--f\r\nContent-Type: text/plain\r\n\r\nwhat is this?\r\n"
        f"--f\r\nContent-Type: message/rfc822\r\n\r\n{inside}--f--",
    )
    assert kinds(raw) == [(Kind.REPLIED, "d1")]


TRANSIENT = (
    '{"notificationType":"Bounce","mail":{"messageId":"m-1"},'
    '"bounce":{"bounceType":"Transient","bouncedRecipients":[{"status":"5.2.2"}]}}'
)


@pytest.mark.parametrize(
    ("notice", "kind"),
    [
        ('{"notificationType":"Complaint","mail":{"messageId":"m-1"}}', Kind.COMPLAINED),
        (
            TRANSIENT,
            Kind.EXPIRED,
        ),
        ('{"notificationType":"Received","mail":{"messageId":"m-1"}}', None),
        ('{"notificationType":"Bounce"}', None),
        ("{broken", None),
        ("[" * 100_000, None),
        ('{"a":' * 50_000, None),
    ],
)
def test_amazon_notices(notice: str, kind: deliveries.OutcomeKind | None):
    receipts = understand(mail("From: no-reply@sns.amazonaws.com", "To: ops@signalpost.example", body=notice))
    assert [receipt.kind for receipt in receipts] == ([] if kind is None else [kind])


HOSTILE_MAILS = {
    "nested": b"Content-Type: message/rfc822\r\n\r\n" * 5000,
    "nested multiparts": b"".join(
        f'Content-Type: multipart/mixed; boundary="{n}"\r\n\r\n--{n}\r\n'.encode() for n in range(1500)
    ),
    "parameters": b'Content-Type: multipart/mixed; x="' + b";" * 250_000 + b"\r\n\r\n",
    "folded parameters": b'Content-Type: multipart/mixed; x="' + b";\r\n " * 60_000 + b"\r\n\r\n",
    "carriage returns": b'X: y\rContent-Type: multipart/mixed; x="' + b";\r " * 60_000 + b"\r\n\r\n",
    "messages in messages": b"Content-Type: message/x\r\n\r\n" * 10_000,
    "lines under boundaries": b"".join(
        f'Content-Type: multipart/mixed; boundary="{n}"\r\n\r\n--{n}\r\n'.encode() for n in range(inbound.NESTING_LIMIT)
    )
    + b"x\n" * 120_000,
    "charset": b'Content-Type: text/plain; charset="idna\x00"\r\n\r\n\xff',
    "odd charset": b"Content-Type: text/plain; charset=undefined\r\nIn-Reply-To: x\r\n\r\nx",
    "rfc2231": b"Content-Type: text/plain; charset*0*=\xff'x'%zz; charset*99999999999999999999=x\r\n\r\n",
    "base64": b"Content-Transfer-Encoding: base64\r\n\r\n=A=A==\xff\xfe",
    "uuencode": b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 999 \x00\r\n\xff\xff\r\nend",
    "date": b"From: a@b.c\r\nDate: " + b"9" * 5000 + b"\r\n\r\n",
    "from": b"From: " + b"<(" * 5000 + b"\r\n\r\n",
    "long line": b"Subject: " + b"wrote " * 40_000 + b"\r\n\r\n" + b"wrote " * 40_000,
    "html": b"Content-Type: text/html\r\n\r\n" + b"<a " * 60_000,
    "entities": b"Content-Type: text/html\r\n\r\n" + b"&#" * 60_000,
    "angles": b"From: postmaster@a\r\n\r\nundelivered\r\n" + b"<x> (expanded from " * 10_000,
    "blank lines": b"From: postmaster@a\r\n\r\naddress(es) failed:\r\n" + b"\r\n" * 100_000,
    "status": b"From: postmaster@a\r\n\r\nFinal-Recipient:\r\n" + b" \t" * 100_000,
}


@pytest.mark.parametrize("headers", [b"", f"To: {BOUNCE}\r\n".encode()])
@pytest.mark.parametrize("name", HOSTILE_MAILS)
def test_hostile_mail_is_read_in_time(name: str, headers: bytes):
    before = dt.datetime.now(dt.UTC)
    understand(headers + HOSTILE_MAILS[name])
    assert dt.datetime.now(dt.UTC) - before < dt.timedelta(seconds=10)


def _holds(receipts: tuple[deliveries.Receipt, ...]) -> None:
    """Hold receipts against the vocabulary."""
    for receipt in receipts:
        assert receipt.at <= NOW
        assert len(receipt.detail) <= codes.DETAIL_LIMIT_CHARACTERS
        assert receipt.detail.isprintable()
        assert receipt.dedupe
        assert msgspec.json.decode(msgspec.json.encode(receipt), type=deliveries.Receipt) == receipt


@settings(deadline=None)
@given(st.binary(max_size=2000))
def test_any_octets_are_read(raw: bytes):
    _holds(understand(raw))


@settings(deadline=None)
@given(
    st.binary(max_size=1000),
    st.sampled_from(["text/plain", "message/delivery-status", "multipart/report", "text/html"]),
)
def test_any_octets_behind_a_sensible_head_are_read(body: bytes, media_type: str):
    head = f"From: MAILER-DAEMON@a.example\r\nTo: {BOUNCE}\r\nContent-Type: {media_type}; boundary=b\r\n\r\n--b\r\n"
    _holds(understand(head.encode() + body))


_MUTATIONS = st.lists(
    st.tuples(
        st.floats(0, 1), st.integers(0, 40), st.binary(max_size=20) | st.sampled_from([b"\r\n", b"\n\n", b"--", b";"])
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(sorted(path.stem for path in OWN_SAMPLES.glob("*.eml"))), mutations=_MUTATIONS)
def test_damaged_samples_are_read(name: str, mutations: list[tuple[float, int, bytes]]):
    raw = own(name)
    for place, length, inserted in mutations:
        start = int(place * len(raw))
        raw = raw[:start] + inserted + raw[start + length :]
    _holds(understand(raw))


def test_only_the_beginning_of_a_huge_mail_is_read():
    raw = report("Final-Recipient: rfc822; a@b.c", "Action: failed", "Status: 5.1.1").encode() + b"x" * 10_000_000
    assert kinds(raw) == [(Kind.ADDRESS_INVALID, "d1")]
    assert inbound.parse(raw) is not None
