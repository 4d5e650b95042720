"""DKIM signatures (RFC 6376) with rsa-sha256 and ed25519-sha256 (RFC 8463), relaxed/relaxed.

Signs the whole body (no `l=`) and lists the headers that a reader sees once more than they are there, so that nobody
can add a second Subject or From to a signed message. It signs only; verifying is the receiver's business.
"""

import base64
import datetime as dt
import hashlib
import re
from collections.abc import Sequence
from typing import TypeAlias

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

from signalpost.vocabulary import records

#: RFC 8301, 3.2: signers must use at least 1024 bits and should use 2048; below that receivers may ignore it.
RSA_LEAST_BITS = 2048

#: Signed wherever present; those of `_SEALED` are also signed as absent beyond that.
_SIGNED = (
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "auto-submitted",
    "list-unsubscribe",
    "list-unsubscribe-post",
)
_SEALED = ("from", "to", "subject", "date", "content-type")

#: Characters of a base64 line in the header.
_FOLD_CHARACTERS = 72

_BLANKS = re.compile(rb"[ \t]+")
_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
_SELECTOR = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")

_PrivateKey: TypeAlias = rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey


class Identity(records.Record, frozen=True, kw_only=True):
    """Under which name messages are signed."""

    #: `d=`: the domain of the From address or one above it, for DMARC to count it.
    domain: str
    #: `s=`: the public key is the TXT record of `<selector>._domainkey.<domain>`.
    selector: str
    #: The private key, PEM, unencrypted: RSA of at least 2048 bits or Ed25519.
    pem: bytes

    def __repr__(self) -> str:
        """Show everything but the key."""
        return f"Identity(domain={self.domain!r}, selector={self.selector!r})"


class Signer:
    """Signs messages with one key."""

    def __init__(self, identity: Identity) -> None:
        """Load the key.

        Raises:
            ValueError: name or key cannot be used; says what was wanted.
        """
        if not _DOMAIN.fullmatch(identity.domain) or not _SELECTOR.fullmatch(identity.selector):
            raise ValueError(
                f"DKIM name: wanted a lower-case domain and selector, got {identity.domain!r} and {identity.selector!r}"
            )
        self._key = _loaded(identity.pem)
        algorithm = "rsa-sha256" if isinstance(self._key, rsa.RSAPrivateKey) else "ed25519-sha256"
        self._start = f"v=1; a={algorithm}; c=relaxed/relaxed;\r\n\td={identity.domain}; s={identity.selector};"

    def header(self, head: bytes, body_digest: bytes, *, at: dt.datetime) -> bytes:
        """Make the `DKIM-Signature` header, which goes before all others.

        Args:
            head: All headers of the message, each ended by CRLF, without the blank line.
            body_digest: `digest` of the body.
            at: Moment of signing.
        """
        names, canonical = _chosen(head)
        listed = ":\r\n\t".join(":".join(names[start : start + 4]) for start in range(0, len(names), 4))
        unsigned = (
            f"DKIM-Signature: {self._start} t={int(at.timestamp())};\r\n"
            f"\th={listed};\r\n"
            f"\tbh={base64.b64encode(body_digest).decode()};\r\n"
            f"\tb="
        ).encode()
        signature = base64.b64encode(self._sign(canonical + _relaxed(unsigned))).decode()
        folded = "\r\n\t ".join(
            signature[start : start + _FOLD_CHARACTERS] for start in range(0, len(signature), _FOLD_CHARACTERS)
        )
        return unsigned + folded.encode() + b"\r\n"

    def _sign(self, data: bytes) -> bytes:
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        # RFC 8463, 3: Ed25519 signs the SHA-256 of the data.
        return self._key.sign(hashlib.sha256(data).digest())


def signed(message: bytes, signers: Sequence[Signer], *, at: dt.datetime) -> bytes:
    """Put one signature per signer before a message whose lines end with CRLF."""
    if not signers:
        return message
    head, _, body = message.partition(b"\r\n\r\n")
    head += b"\r\n"
    body_digest = digest(body)
    return b"".join([*(signer.header(head, body_digest, at=at) for signer in signers), message])


def digest(body: bytes) -> bytes:
    """Hash a body in relaxed form (RFC 6376, 3.4.4): blanks joined, none before a line end, no empty last lines."""
    if b"\t" in body or b"  " in body or b" \r\n" in body:
        body = _BLANKS.sub(b" ", body).replace(b" \r\n", b"\r\n")
    trimmed = body.rstrip(b" \r\n")
    return hashlib.sha256(trimmed + b"\r\n" if trimmed else b"").digest()


def _loaded(pem: bytes) -> _PrivateKey:
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise ValueError("DKIM key: wanted an unencrypted PEM private key, got something else") from error
    if isinstance(key, rsa.RSAPrivateKey):
        if key.key_size < RSA_LEAST_BITS:
            raise ValueError(f"DKIM key: wanted RSA of at least {RSA_LEAST_BITS} bits, got {key.key_size}")
        return key
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key
    raise ValueError(f"DKIM key: wanted RSA or Ed25519, got {type(key).__name__}")


def _chosen(head: bytes) -> tuple[list[str], bytes]:
    """Give the names for `h=` and the signed headers in relaxed form, in that order."""
    present: dict[str, bytes] = {}
    for field in re.split(rb"\r\n(?![ \t])", head.removesuffix(b"\r\n")):
        present.setdefault(field.partition(b":")[0].strip().lower().decode("latin-1"), field)
    names = [name for name in _SIGNED if name in present]
    canonical = b"".join(_relaxed(present[name]) + b"\r\n" for name in names)
    return [*names, *_SEALED], canonical


def _relaxed(field: bytes) -> bytes:
    """Put a header in relaxed form (RFC 6376, 3.4.2), without its line end."""
    name, _, value = field.partition(b":")
    unfolded = value.replace(b"\r\n", b"")
    return name.strip().lower() + b":" + _BLANKS.sub(b" ", unfolded).strip()
