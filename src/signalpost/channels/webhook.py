"""Webhooks to an organisation's own systems, signed after Standard Webhooks 1.0.

The delivery reference is the webhook's id, the same on every attempt: a receiver that saw it already recognises it, so
an unclear attempt is simply sent again. Addresses inside private networks are refused unless operations allow them, and
the address that was checked is the address that is connected to. Redirects are not followed, and what a receiver says
beside its status is not read.
"""

import base64
import datetime as dt
import email.utils
import hashlib
import hmac
import http
import ipaddress
import math
import re
import socket
import ssl
from collections.abc import Callable, Sequence
from concurrent import futures
from urllib.parse import SplitResult, urlsplit

import msgspec
import urllib3

from signalpost import settings
from signalpost.channels import traffic
from signalpost.vocabulary import deliveries, parties

#: Requests under way at once in one worker.
CONCURRENT_REQUESTS = 8
CONNECT_SECONDS = 5.0
READ_SECONDS = 15.0
#: Waits before attempt 2, 3 …: Standard Webhooks, "Deliverability and Reliability".
RETRY_SECONDS = (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
#: Longest wait that a receiver may ask for.
LONGEST_WAIT_SECONDS = 86400
#: Name under which a delivery brings the endpoint's secret.
SECRET_HEADER = "secret"  # noqa: S105 - the name, not the secret
SECRET_PREFIX = "whsec_"  # noqa: S105 - the prefix that Standard Webhooks gives secrets

#: RFC 3986 characters; a name outside ASCII is given in its A-label form.
_CALLABLE = re.compile(r"https?://[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+", re.IGNORECASE)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """How webhooks go out."""

    name: str = "webhook"
    #: Whether private, loopback and link-local addresses may be called.
    allows_private: bool = False


class Webhook:
    """The webhook channel."""

    def __init__(self, config: Config) -> None:
        """Prepare; nothing is connected before the first `send`."""
        self._config = config
        self._threads = futures.ThreadPoolExecutor(CONCURRENT_REQUESTS, thread_name_prefix="webhook")
        self._verified = ssl.create_default_context()
        self.profile = deliveries.Profile(
            name=config.name,
            kind=parties.ChannelKind.WEBHOOK,
            unclear=deliveries.UnclearPolicy.RESEND,
            retry_seconds=RETRY_SECONDS,
        )

    def send(self, batch: Sequence[deliveries.Outgoing]) -> Sequence[deliveries.Outcome]:
        """Post each delivery to its endpoint; several at once."""
        return list(self._threads.map(self._post, batch))

    def understand(self, raw: bytes, media_type: str) -> Sequence[deliveries.Receipt]:
        """Nothing comes back later: the answer is the receipt."""
        del raw, media_type
        return ()

    def check(self) -> str:
        """Webhooks need nothing of their own to be well."""
        return ""

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown()

    def _post(self, outgoing: deliveries.Outgoing) -> deliveries.Outcome:
        target = _target(outgoing.address)
        if target is None:
            return deliveries.Outcome(kind=deliveries.OutcomeKind.ADDRESS_INVALID, detail="wanted an http(s) address")
        now = int(dt.datetime.now(dt.UTC).timestamp())
        secret = dict(outgoing.headers).get(SECRET_HEADER, "")
        try:
            signature = sign(secret, webhook_id=outgoing.ref, timestamp=now, body=outgoing.content)
        except SecretError:
            return deliveries.Outcome(
                kind=deliveries.OutcomeKind.REJECTED, detail="the endpoint's secret is none; give it a new one"
            )
        address = self._resolved(target)
        if isinstance(address, deliveries.Outcome):
            return address
        headers = {
            "Host": target.netloc,
            "Content-Type": outgoing.media_type,
            "User-Agent": "Signalpost",
            "webhook-id": outgoing.ref,
            "webhook-timestamp": str(now),
            "webhook-signature": signature,
        }
        path = (target.path or "/") + (f"?{target.query}" if target.query else "")
        try:
            with self._pool(target, address) as pool:
                response = pool.urlopen(
                    "POST",
                    path,
                    body=outgoing.content,
                    headers=headers,
                    redirect=False,
                    retries=False,
                    preload_content=False,
                )
                response.close()
        except (urllib3.exceptions.ConnectTimeoutError, urllib3.exceptions.SSLError) as error:
            return _deferred("", f"{type(error).__name__}: no connection to the endpoint")
        except urllib3.exceptions.HTTPError as error:
            return deliveries.Outcome(
                kind=deliveries.OutcomeKind.UNCLEAR, detail=f"{type(error).__name__}: no answer of the endpoint"
            )
        return _outcome(response)

    def _resolved(self, target: SplitResult) -> str | deliveries.Outcome:
        """The address to connect to, checked: a name that leads inside is refused, whatever it leads to later."""
        try:
            found = socket.getaddrinfo(target.hostname, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return _deferred("", "the endpoint's name does not resolve")
        address = str(found[0][4][0])
        if not self._config.allows_private and not is_public(address):
            return deliveries.Outcome(
                kind=deliveries.OutcomeKind.REJECTED,
                detail="the endpoint is in a private network; set webhook_allow_private to call it",
            )
        return address

    def _pool(self, target: SplitResult, address: str) -> urllib3.HTTPConnectionPool:
        timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
        if target.scheme == "http":
            return urllib3.HTTPConnectionPool(address, target.port or 80, timeout=timeout, maxsize=1)
        return urllib3.HTTPSConnectionPool(
            address,
            target.port or 443,
            timeout=timeout,
            maxsize=1,
            ssl_context=self._verified,
            server_hostname=target.hostname,
            assert_hostname=target.hostname,
        )


def from_settings(
    given: settings.Settings, key: Callable[[str], bytes], known: traffic.Traffic | None = None
) -> Webhook:
    """The webhook channel; there is always one."""
    del key, known
    return Webhook(Config(allows_private=given.webhook_allow_private))


def is_public(address: str) -> bool:
    """Whether an IP address lies in the public internet; one that wraps an IPv4 address is judged by that."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        wrapped = ip.ipv4_mapped or ip.sixtofour or (ipaddress.IPv4Address(ip.packed[-4:]) if ip in _NAT64 else None)
        if wrapped is not None:
            return is_public(str(wrapped))
    return ip.is_global and not ip.is_multicast


def _target(address: str) -> SplitResult | None:
    """The parts of an address that can be called, `None` for any other text."""
    if not _CALLABLE.fullmatch(address):
        return None
    try:
        target = urlsplit(address)
        is_callable = bool(target.hostname) and target.username is None and target.port != 0
    except ValueError:
        return None
    return target if is_callable else None


class SecretError(ValueError):
    """A webhook secret that is no key."""


def sign(secret: str, *, webhook_id: str, timestamp: int, body: bytes) -> str:
    """The signature header of Standard Webhooks 1.0: `v1,` and HMAC-SHA256 over id, timestamp and body.

    Raises:
        SecretError: the secret is not `whsec_` and base64, or empty.
    """
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except ValueError as error:
        raise SecretError("webhook secret: wanted whsec_ and base64, got another form") from error
    if not key:
        raise SecretError("webhook secret: wanted whsec_ and base64, got none")
    signed = b".".join([webhook_id.encode(), str(timestamp).encode(), body])
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def _outcome(response: urllib3.BaseHTTPResponse) -> deliveries.Outcome:
    code = str(response.status)
    if http.HTTPStatus.OK <= response.status < http.HTTPStatus.MULTIPLE_CHOICES:
        return deliveries.Outcome(kind=deliveries.OutcomeKind.DELIVERED, code=code)
    if response.status == http.HTTPStatus.GONE:
        return deliveries.Outcome(
            kind=deliveries.OutcomeKind.REJECTED, code=code, detail="the endpoint wants no more webhooks"
        )
    return _deferred(code, "the endpoint did not take it", _retry_after(response.headers.get("retry-after", "")))


def _deferred(code: str, detail: str, retry_after_seconds: int | None = None) -> deliveries.Outcome:
    return deliveries.Outcome(
        kind=deliveries.OutcomeKind.DEFERRED, code=code, detail=detail, retry_after_seconds=retry_after_seconds
    )


def _retry_after(text: str) -> int | None:
    """Seconds to wait (RFC 9110, 10.2.3): a number, or a date; `None` when it does not say, or no wait."""
    if text.isascii() and text.isdecimal():
        return min(int(text[:9]), LONGEST_WAIT_SECONDS) or None
    try:
        until = email.utils.parsedate_to_datetime(text)
        until = until if until.tzinfo else until.replace(tzinfo=dt.UTC)
        wait = (until - dt.datetime.now(dt.UTC)).total_seconds()
    except (ValueError, OverflowError):
        return None
    return min(math.ceil(wait), LONGEST_WAIT_SECONDS) if wait > 0 else None
