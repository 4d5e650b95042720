"""Which addresses a link may lead to: https, mailto and tel, as RFC 3986 writes them, and nothing that hides its host.

`http` is let through to the machine itself only, which browsers hold to be as trustworthy (W3C Secure Contexts, 3.1):
the demo's portal answers there.
"""

import re
from urllib import parse

#: What an address may be, for authors.
WANTED = "an https, mailto or tel address"
ADDRESS_LENGTH_CHARACTERS = 2_000

#: RFC 3986, 3.3 to 3.5: characters of path, query and fragment; others are percent-encoded by who makes the address.
_REST = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?\[\]-]|%[0-9A-Fa-f]{2})*"
#: No userinfo (RFC 3986, 7.6: it lets an address look like another host's).
#: Labels of at most 63 characters (RFC 1035, 2.3.4).
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = rf"(?:{_LABEL}\.)*{_LABEL}"
_SELF = r"(?:localhost|127\.0\.0\.1|\[::1\])"
_PORT = r"(?::[0-9]{1,5})?"
_ADDRESS = re.compile(
    rf"https://{_HOST}{_PORT}(?:[/?#]{_REST})?(?:\#{_REST})?"
    rf"|http://{_SELF}{_PORT}(?:[/?#]{_REST})?(?:\#{_REST})?"
    rf"|mailto:[A-Za-z0-9._+-]+@{_HOST}(?:\?{_REST})?"
    r"|tel:\+?[0-9][0-9().-]*"
)


def is_allowed(address: str) -> bool:
    """Whether a link may lead there."""
    return len(address) <= ADDRESS_LENGTH_CHARACTERS and _ADDRESS.fullmatch(address) is not None


def escaped(value: str) -> str:
    """A value as one part of a longer address (RFC 3986, 2.1): it can start no other part."""
    return parse.quote(value, safe="")
