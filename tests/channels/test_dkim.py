"""DKIM signatures, judged by a verifier that nobody here wrote and by the values in the standards."""

import base64
import datetime as dt
import functools
import importlib.util
import os
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.channels import mail_servers, test_smtp

from signalpost.channels import smtp
from signalpost.channels.smtp import dkim, relay

AT = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
DOMAIN = "signalpost.example"

PrivateKey = rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey

HEAD = (
    b"From: Grid <notices@signalpost.example>\r\n"
    b"To: Ann\r\n <ann@customer.example>\r\n"
    b"Subject: Power  is\tback\r\n"
    b"Date: Fri, 02 Jan 2026 03:04:05 +0000\r\n"
    b"Message-ID: <d1.x@signalpost.example>\r\n"
    b"MIME-Version: 1.0\r\n"
    b"List-Unsubscribe: <https://signalpost.example/u/1>\r\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n"
)
BODY = b"Dear Ann,  \r\n\r\npower\t is  back.\r\n.\r\n\r\n\r\n"
MESSAGE = HEAD + b"\r\n" + BODY


def pem(key: PrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def record(key: PrivateKey) -> bytes:
    """Write the DNS record of the public key (RFC 6376, 3.6.1; RFC 8463, 4)."""
    public = key.public_key()
    if isinstance(public, rsa.RSAPublicKey):
        der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        return b"v=DKIM1; k=rsa; p=" + base64.b64encode(der)
    raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return b"v=DKIM1; k=ed25519; p=" + base64.b64encode(raw)


@functools.cache
def key_named(name: str) -> PrivateKey:
    return {
        "rsa": lambda: rsa.generate_private_key(public_exponent=65537, key_size=dkim.RSA_LEAST_BITS),
        "ed25519": ed25519.Ed25519PrivateKey.generate,
    }[name]()


def identity(name: str) -> dkim.Identity:
    return dkim.Identity(domain=DOMAIN, selector=name, pem=pem(key_named(name)))


def signer(name: str) -> dkim.Signer:
    return dkim.Signer(identity(name))


def dns(name: bytes, timeout: float = 5) -> bytes | None:
    """Answer for the two selectors, and for nothing else."""
    del timeout
    selector, _, rest = name.decode().rstrip(".").partition(".")
    return record(key_named(selector)) if rest == f"_domainkey.{DOMAIN}" else None


@pytest.fixture(scope="module")
def is_valid() -> Callable[[bytes], list[bool]]:
    """Verify each signature of a message, topmost first, with dkimpy."""
    if importlib.util.find_spec("dkim") is None:
        reason = "the verifier is missing: pip install 'dkimpy[ed25519]'"
        if os.environ.get("CI") == "true":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    verifier = importlib.import_module("dkim")

    def is_one_valid(message: bytes, number: int) -> bool:
        try:
            return bool(verifier.DKIM(message).verify(idx=number, dnsfunc=dns))
        except verifier.ValidationError:
            return False

    def verify(message: bytes) -> list[bool]:
        count = message.partition(b"\r\n\r\n")[0].count(b"DKIM-Signature:")
        return [is_one_valid(message, number) for number in range(count)]

    return verify


@pytest.mark.parametrize("name", ["rsa", "ed25519"])
def test_signature_is_valid(is_valid: Callable[[bytes], list[bool]], name: str):
    assert is_valid(dkim.signed(MESSAGE, [signer(name)], at=AT)) == [True]


def test_both_signatures_are_valid(is_valid: Callable[[bytes], list[bool]]):
    message = dkim.signed(MESSAGE, [signer("rsa"), signer("ed25519")], at=AT)
    assert is_valid(message) == [True, True]
    assert message.endswith(MESSAGE)


def test_unsigned_message_stays_as_it_is():
    assert dkim.signed(MESSAGE, [], at=AT) == MESSAGE


@pytest.mark.parametrize("name", ["rsa", "ed25519"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"is  back", b"is bacc"),
        (b"Dear Ann", b"Dear Ben"),
        (b"Subject: Power", b"Subject: Tower"),
        (b"notices@signalpost", b"n0tices@signalpost"),
        (b"https://signalpost", b"https://5ignalpost"),
        (b"\r\nSubject:", b"\r\nSubject: Another\r\nSubject:"),
        (b"\r\nFrom:", b"\r\nFrom: evil@a.example\r\nFrom:"),
        (b"\r\n\r\nDear", b"\r\nContent-Type: text/html\r\n\r\nDear"),
        (b"is  back.", b"is  back.\r\nmore"),
    ],
)
def test_any_change_that_a_reader_sees_breaks_it(
    is_valid: Callable[[bytes], list[bool]], name: str, old: bytes, new: bytes
):
    message = dkim.signed(b"X: y\r\n" + MESSAGE, [signer(name)], at=AT)
    assert message.count(old) == 1
    assert is_valid(message.replace(old, new)) == [False]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"power\t is  back.", b"power is back."),
        (b"Dear Ann,  \r\n", b"Dear Ann,\r\n"),
        (b"\r\n.\r\n\r\n\r\n", b"\r\n.\r\n"),
        (b"Subject: Power  is\tback", b"SUBJECT:   Power is\r\n back"),
        (b"To: Ann\r\n <ann", b"To: Ann <ann"),
    ],
)
def test_changes_that_servers_make_do_not_break_it(is_valid: Callable[[bytes], list[bool]], old: bytes, new: bytes):
    message = dkim.signed(MESSAGE, [signer("ed25519")], at=AT)
    assert message.count(old) == 1
    assert is_valid(message.replace(old, new)) == [True]


_BODIES = st.lists(st.sampled_from([b"a", b" ", b"\t", b"\r\n", b".", b"\xc3\xa4", b"=20", b"  "]), max_size=30)


@settings(max_examples=60, deadline=None)
@given(parts=_BODIES, subject=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=100))
def test_any_body_and_subject_is_signed_validly(
    is_valid: Callable[[bytes], list[bool]], parts: list[bytes], subject: str
):
    message = HEAD.replace(b"Power  is\tback", subject.encode()) + b"\r\n" + b"".join(parts) + b"\r\n"
    assert is_valid(dkim.signed(message, [signer("ed25519")], at=AT)) == [True]


def test_body_digests_of_the_standards():
    # RFC 6376, 3.4.4: the empty body. RFC 8463, A.3: the sample message.
    empty, sample = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8="
    body = b"Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n"
    assert base64.b64encode(dkim.digest(b"")).decode() == empty
    assert base64.b64encode(dkim.digest(b" \r\n\t\r\n")).decode() == empty
    assert base64.b64encode(dkim.digest(body)).decode() == sample


def test_signature_names_what_it_covers():
    header = signer("ed25519").header(HEAD, dkim.digest(BODY), at=AT).decode()
    tags = dict(tag.strip().split("=", 1) for tag in header.partition(":")[2].replace("\r\n", "").split(";"))
    covered = [name.strip() for name in tags["h"].split(":")]
    assert tags["a"] == "ed25519-sha256"
    assert tags["c"] == "relaxed/relaxed"
    assert tags["t"] == str(int(AT.timestamp()))
    assert "l" not in tags
    # RFC 8058, 4: both unsubscribe headers must be covered. Twice: sealed against a second one.
    assert {name for name in covered if covered.count(name) == 1} == {
        "message-id",
        "mime-version",
        "list-unsubscribe",
        "list-unsubscribe-post",
    }
    assert {name for name in covered if covered.count(name) == 2} == {"from", "to", "subject", "date", "content-type"}
    assert max(len(line) for line in header.split("\r\n")) <= 78


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"domain": "Example.org"}, "lower-case domain"),
        ({"selector": "a b"}, "lower-case domain"),
        ({"selector": "a;d=b"}, "lower-case domain"),
        ({"pem": b"-----BEGIN"}, "unencrypted PEM"),
        ({"pem": pem(rsa.generate_private_key(public_exponent=65537, key_size=1024))}, "at least 2048 bits, got 1024"),
        ({"pem": pem(ec.generate_private_key(ec.SECP256R1()))}, "RSA or Ed25519"),
    ],
)
def test_key_that_cannot_sign_is_refused_at_once(changes: dict[str, object], what: str):
    fields = {"domain": DOMAIN, "selector": "s", "pem": pem(key_named("ed25519"))} | changes
    with pytest.raises(ValueError, match=what):
        dkim.Signer(dkim.Identity(**fields))  # pyright: ignore[reportArgumentType]


def test_key_is_not_shown():
    assert repr(identity("ed25519")) == f"Identity(domain='{DOMAIN}', selector='ed25519')"


def test_mail_of_the_channel_is_signed_validly(is_valid: Callable[[bytes], list[bool]]):
    with mail_servers.aiosmtpd() as server:
        where = relay.Relay(host="127.0.0.1", port=server.port, encryption=relay.Encryption.NONE)
        both = (identity("rsa"), identity("ed25519"))
        channel = smtp.Smtp(test_smtp.config(where, signing=both))
        channel.send(
            [test_smtp.outgoing("d1"), test_smtp.outgoing("d2", content=b"Content-Type: text/plain\r\n\r\n.\n")]
        )
        channel.close()
    contents = [envelope.original_content or b"" for envelope in server.handler.envelopes]
    assert [is_valid(content) for content in contents] == [[True, True], [True, True]]
