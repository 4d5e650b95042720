"""Links of messages: an address that names a communication and that nobody can guess.

A link stands in text messages, where every character counts: the reference, which has a fixed length, and a short
signature after it.
"""

import base64
import hmac

from django.conf import settings as django_settings

from signalpost.vocabulary import records

#: 72 bits: a forger who asks a thousand times a second hits one communication in 150 billion years.
SIGNATURE_BYTES = 9
#: The first part of the path by the kind of link.
PATHS = {"status": "s", "unsubscribe": "u", "preferences": "p"}
_PURPOSE = b"signalpost.link:"


def address(base_url: str, kind: str, ref: str) -> str:
    """The address of a kind of page about a communication."""
    return f"{base_url}/{PATHS[kind]}/{token(ref)}"


def token(ref: str) -> str:
    """The part of a link that names a communication: 20 characters of reference and 12 of signature."""
    return ref + _signature(ref)


def named(given: str) -> str:
    """The communication that a token names, "" for one that was not made here."""
    ref, signature = given[: records.REFERENCE_LENGTH_CHARACTERS], given[records.REFERENCE_LENGTH_CHARACTERS :]
    return ref if hmac.compare_digest(signature.encode(), _signature(ref).encode()) else ""


def _signature(ref: str) -> str:
    made = hmac.digest(django_settings.SECRET_KEY.encode(), _PURPOSE + ref.encode(), "sha256")
    return base64.urlsafe_b64encode(made[:SIGNATURE_BYTES]).decode("ascii")
