"""Envelope headers, held against the standard library's parser."""

import datetime as dt
import email.header
import email.message
import email.parser
import email.policy
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.channels import conformance

from signalpost.channels.smtp import message
from signalpost.vocabulary import deliveries, parties

AT = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
SENDER = message.Mailbox(local="notices", domain="signalpost.example")
RECIPIENT = message.Mailbox(local="ann", domain="customer.example")
UNSUBSCRIBE = "u+d1.abc@bounces.signalpost.example"


def written(*, has_unsubscribe: bool = False, **words: str) -> bytes:
    outgoing = deliveries.Outgoing(
        ref="d1",
        attempt=1,
        communication="c1",
        channel=parties.ChannelKind.EMAIL,
        address=RECIPIENT.address,
        media_type="message/rfc822",
        content=b"",
        headers=tuple(words.items()),
        has_unsubscribe=has_unsubscribe,
    )
    return message.headers(
        outgoing,
        message.Envelope(sender=SENDER, sender_name="Grid"),
        recipient=RECIPIENT,
        token="d1.abc",
        unsubscribe=UNSUBSCRIBE,
        at=AT,
    )


def parsed(head: bytes) -> email.message.EmailMessage:
    parser = email.parser.BytesParser(email.message.EmailMessage, policy=email.policy.SMTP)
    return parser.parsebytes(head + b"Content-Type: text/plain\r\n\r\nbody")


#: The headers of every message, in order.
NAMES = ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Auto-Submitted", "Content-Type"]


def test_headers_of_a_message():
    assert written(subject="Power is back", to_name="Ann Smith", category="outage", language="en") == (
        b'From: "Grid"\r\n <notices@signalpost.example>\r\n'
        b'To: "Ann Smith"\r\n <ann@customer.example>\r\n'
        b"Subject: Power is back\r\n"
        b"Date: Fri, 02 Jan 2026 03:04:05 +0000\r\n"
        b"Message-ID: <d1.abc@signalpost.example>\r\n"
        b"MIME-Version: 1.0\r\n"
        b"Auto-Submitted: auto-generated\r\n"
    )


def test_sender_name_of_the_delivery_goes_first():
    assert parsed(written(from_name="Water Works"))["from"].addresses[0].display_name == "Water Works"


#: What becomes of a text in a header: controls and line ends are a space, direction marks are gone.
def seen(text: str) -> str:
    without_marks = re.sub(r"[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]", "", text)
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", without_marks).strip()


def _assert_safe(head: bytes) -> None:
    mail = parsed(head)
    assert mail.keys() == NAMES
    assert not mail.defects
    assert mail.get_payload() == "body"
    lines = head.removesuffix(b"\r\n").split(b"\r\n")
    assert all(line.strip() and len(line) <= 998 for line in lines)
    assert b"\n" not in head.replace(b"\r\n", b"")
    assert b"\r" not in head.replace(b"\r\n", b"")
    assert head.isascii()
    assert [address.addr_spec for address in mail["to"].addresses] == ["ann@customer.example"]
    assert [address.addr_spec for address in mail["from"].addresses] == ["notices@signalpost.example"]


@settings(deadline=None)
@given(st.text(max_size=300) | st.sampled_from(sorted(conformance.HOSTILE_TEXTS.values())))
def test_any_subject_arrives_literally(text: str):
    head = written(subject=text)
    _assert_safe(head)
    assert parsed(head)["subject"] == seen(text)


def display_name(head: bytes) -> str:
    """Read the name in To; encoded words by the standard library's older reader.

    Its newer one leaves blanks between the encoded words of a name, against RFC 2047, 6.2.
    """
    raw = email.parser.BytesParser(policy=email.policy.compat32).parsebytes(head)["to"]
    if "=?" not in raw.partition('"')[0]:
        return parsed(head)["to"].addresses[0].display_name
    return str(email.header.make_header(email.header.decode_header(raw.rpartition("<")[0].rstrip())))


@settings(deadline=None)
@given(st.text(max_size=200) | st.sampled_from(sorted(conformance.HOSTILE_TEXTS.values())))
def test_any_name_arrives_literally(text: str):
    head = written(to_name=text, from_name=text)
    _assert_safe(head)
    assert display_name(head) == seen(text)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 500,
        "word " * 100,
        "ä" * 500,
        "\N{PILE OF POO}" * 100,
        "=?utf-8?q?x?=",
        'a "quoted" \\ name',
        "two  blanks",
    ],
)
def test_lines_stay_short(text: str):
    head = written(subject=text, to_name=text)
    _assert_safe(head)
    assert max(len(line) for line in head.split(b"\r\n")) <= message.LINE_LIMIT_CHARACTERS
    assert parsed(head)["subject"] == text.strip()


def test_unsubscribe_only_where_it_is_allowed():
    link = "https://signalpost.example/u/1?a=b&c=d"
    assert "list-unsubscribe" not in parsed(written(unsubscribe_link=link))
    mail = parsed(written(has_unsubscribe=True, unsubscribe_link=link))
    assert mail["list-unsubscribe"] == f"<{link}>, <mailto:{UNSUBSCRIBE}?subject=unsubscribe>"
    assert mail["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize(
    ("link", "has_link"),
    [
        ("http://signalpost.example/u/1", True),
        ("", False),
        ("javascript:alert(1)", False),
        ("https://a.example/>,<mailto:victim@a.example", False),
        ("https://a.example/\r\nBcc: victim@a.example", False),
        ("https://a.example/ä", False),
        ("https://a.example/" + "x" * message.URI_LIMIT_CHARACTERS, False),
    ],
)
def test_unsubscribe_without_one_click(link: str, *, has_link: bool):
    mail = parsed(written(has_unsubscribe=True, unsubscribe_link=link))
    mailto = f"<mailto:{UNSUBSCRIBE}?subject=unsubscribe>"
    assert mail["list-unsubscribe"] == (f"<{link}>, {mailto}" if has_link else mailto)
    assert "list-unsubscribe-post" not in mail
    assert "bcc" not in mail


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ann@customer.example", "ann@customer.example"),
        ("Ann.Smith+tag@Customer.Example", "Ann.Smith+tag@customer.example"),
        ("o'neil@a.example", "o'neil@a.example"),
        ('"a b"@a.example', '"a b"@a.example'),
        ('"a\\"b"@a.example', '"a\\"b"@a.example'),
        ("root@localhost", "root@localhost"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
        ("ann@faß.example", "ann@xn--fa-hia.example"),
        ("jörg@例え.テスト", "jörg@xn--r8jz45g.xn--zckzah"),
        ("x" * 64 + "@a.example", "x" * 64 + "@a.example"),
    ],
)
def test_addresses(text: str, address: str):
    found = message.mailbox(text)
    assert isinstance(found, message.Mailbox)
    assert found.address == address
    assert found.needs_utf8 is not address.isascii()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ann",
        "@a.example",
        "ann@",
        "ann@b@a.example",
        "ann smith@a.example",
        ".ann@a.example",
        "ann.@a.example",
        "a..b@a.example",
        "<ann@a.example>",
        "ann@a.example>",
        "ann@a.example,ben@a.example",
        "ann@-a.example",
        "ann@a..example",
        "ann@a_b.example",
        "ann@[127.0.0.1]",
        "ann@" + "a" * 64 + ".example",
        "x" * 65 + "@a.example",
        "ä" * 33 + "@a.example",
        "ann@" + "a." * 125 + "example",
        "ann@xn--\u202e.example",
        "ann\u202e@a.example",
        "ann\u00a0b@a.example",
        "ann\ud800@a.example",
        '"a"b"@a.example',
        '"a\nb"@a.example',
        "ann@a.example\r\nRCPT TO:<victim@a.example>",
    ],
)
def test_texts_that_are_no_address(text: str):
    found = message.mailbox(text)
    assert isinstance(found, message.Unaddressable)
    assert found.detail
    assert "@a.example" not in found.detail


@given(st.text(max_size=100) | st.builds("{}@{}".format, st.text(max_size=70), st.text(max_size=70)))
def test_whatever_is_taken_for_an_address_cannot_leave_its_brackets(text: str):
    found = message.mailbox(text)
    if isinstance(found, message.Mailbox):
        assert found.domain.isascii()
        assert found.address.isprintable()
        outside_quotes = re.sub(r'^"(\\.|[^"\\])*"@', "@", found.address)
        assert not set(outside_quotes) & set(' <>"\r\n,;:()')
        assert len(found.address.encode()) <= message.ADDRESS_LIMIT_OCTETS


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"a\r\nb\r\n", b"a\r\nb\r\n"),
        (b"a\nb", b"a\r\nb\r\n"),
        (b"a\rb\n\r\n", b"a\r\nb\r\n\r\n"),
        (b"a\r\r\nb", b"a\r\n\r\nb\r\n"),
        (b"", b"\r\n"),
    ],
)
def test_every_line_ends_with_both_characters(content: bytes, expected: bytes):
    assert message.entity(content) == expected


@given(st.lists(st.sampled_from([b".", b"\r", b"\n", b"\r\n", b"a"]), max_size=12).map(b"".join))
def test_content_cannot_end_the_message(content: bytes):
    entity = message.entity(content)
    lines = message.stuffed(entity).split(b"\r\n")
    assert b"." not in lines
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    assert [line.removeprefix(b".") for line in lines] == entity.split(b"\r\n")
