"""Webhooks to an organisation's own systems, signed after Standard Webhooks 1.0.

The delivery reference is the webhook's id, the same on every attempt: a receiver that saw it already recognises it, so
an unclear attempt is simply sent again. Addresses inside private networks are refused unless operations allow them, and
the address that was checked is the address that is connected to.
"""

import base64
import datetime as dt
import email.utils
import hashlib
import hmac
import http
import ipaddress
import socket
import ssl
from collections.abc import Sequence
from concurrent import futures
from urllib.parse import SplitResult, urlsplit

import msgspec
import urllib3

from signalpost.vocabulary import deliveries, parties

#: Requests under way at once in one worker.
CONCURRENT_REQUESTS = 8
CONNECT_SECONDS = 5.0
READ_SECONDS = 15.0
#: Waits before attempt 2, 3 …: Standard Webhooks, "Deliverability and Reliability".
RETRY_SECONDS = (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
#: Longest wait that a receiver may ask for.
LONGEST_WAIT_SECONDS = 86400
SECRET_PREFIX = "whsec_"  # noqa: S105 - the prefix that Standard Webhooks gives secrets


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
        target = urlsplit(outgoing.address)
        address = self._resolved(target)
        if isinstance(address, deliveries.Outcome):
            return address
        now = int(dt.datetime.now(dt.UTC).timestamp())
        headers = {
            "Host": target.netloc.rpartition("@")[2],
            "Content-Type": outgoing.media_type,
            "User-Agent": "Signalpost",
            "webhook-id": outgoing.ref,
            "webhook-timestamp": str(now),
            "webhook-signature": sign(
                dict(outgoing.headers)["secret"], webhook_id=outgoing.ref, timestamp=now, body=outgoing.content
            ),
        }
        path = (target.path or "/") + (f"?{target.query}" if target.query else "")
        try:
            with self._pool(target, address) as pool:
                response = pool.urlopen(
                    "POST", path, body=outgoing.content, headers=headers, redirect=False, retries=False
                )
        except urllib3.exceptions.HTTPError as error:
            # Before or after the receiver read it: its id makes a second copy recognisable.
            return _deferred("", f"{type(error).__name__} of the endpoint")
        return _outcome(response)

    def _resolved(self, target: SplitResult) -> str | deliveries.Outcome:
        """The address to connect to, checked: a name that leads inside is refused, whatever it leads to later."""
        if target.scheme not in {"https", "http"} or not target.hostname:
            return deliveries.Outcome(kind=deliveries.OutcomeKind.ADDRESS_INVALID, detail="wanted an http(s) address")
        try:
            found = socket.getaddrinfo(target.hostname, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return _deferred("", "the endpoint's name does not resolve")
        address = str(found[0][4][0])
        if not self._config.allows_private and not ipaddress.ip_address(address.partition("%")[0]).is_global:
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


def sign(secret: str, *, webhook_id: str, timestamp: int, body: bytes) -> str:
    """The signature header of Standard Webhooks 1.0: `v1,` and HMAC-SHA256 over id, timestamp and body."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
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
    """Seconds to wait (RFC 9110, 10.2.3): a number, or a date."""
    if text.isdecimal():
        return min(int(text[:9]), LONGEST_WAIT_SECONDS)
    try:
        until = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    now = dt.datetime.now(until.tzinfo or dt.UTC)
    wait = ((until if until.tzinfo else until.replace(tzinfo=dt.UTC)) - now).total_seconds()
    return int(min(max(wait, 0), LONGEST_WAIT_SECONDS))
