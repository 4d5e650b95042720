"""Signed references to a delivery, in places that come back: bounce address, Message-ID, envelope id.

Variable envelope return path: each delivery has its own sender address `b+<reference>.<mac>@bounce-domain`, so a
delivery report names its delivery by the address it comes to, however badly it is written. The HMAC keeps anybody who
knows or guesses a reference from inventing reports about it. It refuses to sign what would not survive as a local
part: references are lower-case letters, digits, "-" and "_".
"""

import base64
import hashlib
import hmac
import re

#: 80 bits of HMAC-SHA256, in lower-case base 32: some servers fold local parts to lower case.
MAC_LENGTH_CHARACTERS = 16
#: A local part holds 64 octets (RFC 5321, 4.5.3.1.1): `b+`, the reference, `.` and the MAC.
REFERENCE_LIMIT_CHARACTERS = 64 - len("b+.") - MAC_LENGTH_CHARACTERS
#: Signed words looked at in one mail; a mail of ours returned holds about four.
CANDIDATE_LIMIT = 64

#: Address prefixes: delivery reports, and the mailto of List-Unsubscribe.
BOUNCE = "b"
UNSUBSCRIBE = "u"

_REFERENCE = re.compile(rf"[a-z0-9_-]{{1,{REFERENCE_LIMIT_CHARACTERS}}}")
_TOKEN = rf"([a-z0-9_-]{{1,{REFERENCE_LIMIT_CHARACTERS}}})\.([a-z2-7]{{{MAC_LENGTH_CHARACTERS}}})"
_ANYWHERE = re.compile(rf"(?<![a-z0-9_-]){_TOKEN}(?![a-z0-9_.-])", re.IGNORECASE)


class Verp:
    """Signs and recognises references with one key."""

    def __init__(self, key: bytes, *, domain: str) -> None:
        """Use `key` (any secret bytes, not empty) for addresses at `domain`.

        Raises:
            ValueError: the key is empty.
        """
        if not key:
            raise ValueError("key of the bounce addresses: wanted secret bytes, got none")
        self._key = key
        self._domain = domain.lower()
        self._at_domain = re.compile(
            rf"(?<![^\s<,:;])([bu])\+([^\s<>@\"]{{1,64}})@{re.escape(self._domain)}(?![\w.-])", re.IGNORECASE
        )

    def token(self, reference: str) -> str:
        """Sign a reference: `<reference>.<mac>`, the same every time.

        Raises:
            ValueError: the reference would not survive in a local part.
        """
        if not _REFERENCE.fullmatch(reference):
            raise ValueError(
                f"delivery reference: wanted 1 to {REFERENCE_LIMIT_CHARACTERS} of a-z, 0-9, - and _, got {reference!r}"
            )
        return f"{reference}.{self._mac(reference)}"

    def address(self, token: str, prefix: str = BOUNCE) -> str:
        """Give the address that stands for the delivery of a token."""
        return f"{prefix}+{token}@{self._domain}"

    def addressed(self, text: str) -> tuple[list[tuple[str, str]], bool]:
        """Find our own addresses in the recipients of a mail.

        Returns:
            (prefix, reference) of each that is truly ours, and whether there were forged ones.
        """
        genuine: list[tuple[str, str]] = []
        is_forged = False
        for number, found in enumerate(self._at_domain.finditer(text)):
            if number == CANDIDATE_LIMIT:
                break
            reference = self._verified(found[2])
            if reference:
                genuine.append((found[1].lower(), reference))
            else:
                is_forged = True
        return list(dict.fromkeys(genuine)), is_forged

    def mentioned(self, text: str) -> list[str]:
        """Give the references whose signed form stands anywhere in the text, in order, each once."""
        references: dict[str, None] = {}
        for number, found in enumerate(_ANYWHERE.finditer(text)):
            if number == CANDIDATE_LIMIT:
                break
            if reference := self._verified(found[0]):
                references[reference] = None
        return list(references)

    def _verified(self, token: str) -> str:
        reference, _, mac = token.lower().rpartition(".")
        if not _REFERENCE.fullmatch(reference):
            return ""
        return reference if hmac.compare_digest(mac.encode(errors="replace"), self._mac(reference).encode()) else ""

    def _mac(self, reference: str) -> str:
        full = hmac.digest(self._key, b"signalpost delivery " + reference.encode(), hashlib.sha256)
        return base64.b32encode(full)[:MAC_LENGTH_CHARACTERS].decode().lower()
