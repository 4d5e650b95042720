"""Webhooks against HTTP servers on loopback, and signatures against the vector of Standard Webhooks."""

import base64
import datetime as dt
import email.utils
import hashlib
import hmac
import http.server
import pathlib
import socket
import ssl
import threading
from collections.abc import Iterator
from typing import NamedTuple

import msgspec
import pytest
from tests.channels import conformance
from tests.peers import certificates

from signalpost import settings as table
from signalpost.channels import webhook
from signalpost.vocabulary import deliveries, parties

Kind = deliveries.OutcomeKind
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"state": "delivered"}'


class Request(NamedTuple):
    path: str
    headers: dict[str, str]
    body: bytes


class Endpoint:
    """A receiver that answers as told."""

    def __init__(self, tls: certificates.Certificate | None = None) -> None:
        self.requests: list[Request] = []
        self.status = 200
        self.headers: dict[str, str] = {}
        self.answers = True
        self._tls = tls
        self._port = 0
        self.revive()

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self._port}/hook"

    def taken(self) -> int:
        return len(self.requests)

    def die(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def revive(self) -> None:
        endpoint = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if endpoint.status < 300:
                    endpoint.requests.append(Request(self.path, dict(self.headers), body))
                if not endpoint.answers:
                    self.close_connection = True
                    return
                self.send_response(endpoint.status)
                for name, value in endpoint.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
                del code, size

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", self._port), Handler)
        self._port = self._server.server_port
        if self._tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self._tls.chain, self._tls.key)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def drop_before_answering(self) -> None:
        self.answers = False


def outgoing(ref: str, address: str, **changes: object) -> deliveries.Outgoing:
    made = deliveries.Outgoing(
        ref=ref,
        attempt=1,
        communication=f"c-{ref}",
        channel=parties.ChannelKind.WEBHOOK,
        address=address,
        media_type="application/cloudevents+json",
        content=BODY,
        headers=(("secret", SECRET),),
    )
    return msgspec.structs.replace(made, **changes)


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    made = Endpoint()
    yield made
    if made.is_alive:
        made.die()


@pytest.fixture
def channel() -> Iterator[webhook.Webhook]:
    made = webhook.Webhook(webhook.Config(allows_private=True))
    yield made
    made.close()


class TestSuite(conformance.AnsweringPeerSuite):
    @pytest.fixture
    def rig(self, endpoint: Endpoint, channel: webhook.Webhook) -> conformance.Rig:
        self._url = endpoint.url
        return conformance.Rig(channel=channel, peer=endpoint, where="")

    @pytest.fixture
    def dropping_rig(self, endpoint: Endpoint, channel: webhook.Webhook) -> conformance.DroppingRig:
        self._url = endpoint.url
        return conformance.DroppingRig(channel=channel, peer=endpoint)

    def good(self, number: int) -> deliveries.Outgoing:
        return outgoing(f"good-{number}", self._url)

    def refused(self, number: int) -> deliveries.Outgoing | None:
        return outgoing(f"bad-{number}", "gopher://127.0.0.1/")

    def receipt(
        self, rig: conformance.Rig, outgoing: deliveries.Outgoing, outcome: deliveries.Outcome
    ) -> conformance.Inbound | None:
        del rig, outgoing, outcome
        return None

    def test_check_says_where_and_what_to_do(self, rig: conformance.Rig):
        # There is no one place: each delivery names its own.
        rig.peer.die()
        assert rig.channel.check() == ""


# --- What is sent -----------------------------------------------------------------------------------------------------


def test_the_signature_is_that_of_the_specification():
    # Vector of the reference libraries (standard-webhooks/standard-webhooks, libraries/python/tests).
    signature = webhook.sign(
        SECRET, webhook_id="msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp=1614265330, body=b'{"test": 2432232314}'
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_receiver_can_verify_what_it_got(endpoint: Endpoint, channel: webhook.Webhook):
    address = f"{endpoint.url}?tenant=7"
    for _ in range(2):
        (outcome,) = conformance.sent(channel, [outgoing("d1", address)])
        assert (outcome.kind, outcome.code) == (Kind.DELIVERED, "200")
    first, second = endpoint.requests
    assert (first.path, first.body) == ("/hook?tenant=7", BODY)
    headers = {name.lower(): value for name, value in first.headers.items()}
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + first.body
    made = hmac.new(base64.b64decode(SECRET.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(made).decode()}"
    assert headers["content-type"] == "application/cloudevents+json"
    assert headers["host"] == endpoint.url.split("/")[2]
    assert abs(int(headers["webhook-timestamp"]) - dt.datetime.now(dt.UTC).timestamp()) < 60
    assert second.headers["webhook-id"] == first.headers["webhook-id"] == "d1"


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_!", "whsec_abc", "x\r\ny", "whsec_ключ"])
def test_a_secret_that_is_none_signs_nothing(endpoint: Endpoint, channel: webhook.Webhook, secret: str):
    (outcome,) = conformance.sent(channel, [outgoing("d1", endpoint.url, headers=(("secret", secret),))])
    assert (outcome.kind, endpoint.requests) == (Kind.REJECTED, [])
    (outcome,) = conformance.sent(channel, [outgoing("d1", endpoint.url, headers=())])
    assert outcome.kind is Kind.REJECTED


# --- What comes of it -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (200, Kind.DELIVERED),
        (202, Kind.DELIVERED),
        (204, Kind.DELIVERED),
        (301, Kind.DEFERRED),
        (400, Kind.DEFERRED),
        (404, Kind.DEFERRED),
        (410, Kind.REJECTED),
        (429, Kind.DEFERRED),
        (500, Kind.DEFERRED),
        (503, Kind.DEFERRED),
    ],
)
def test_each_status_has_its_outcome(endpoint: Endpoint, channel: webhook.Webhook, status: int, kind: Kind):
    endpoint.status = status
    (outcome,) = conformance.sent(channel, [outgoing("d1", endpoint.url)])
    assert (outcome.kind, outcome.code) == (kind, str(status))


def in_seconds(seconds: int) -> str:
    return email.utils.format_datetime(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("7", 7, 7),
        ("999999999999", 86400, 86400),
        (3600, 3500, 3601),
        (10**7, 86400, 86400),
        ("Wed, 21 Oct 2099 07:28:00", 86400, 86400),
    ],
    ids=["seconds", "too many seconds", "date", "date too far", "date without zone"],
)
def test_a_wish_to_wait_is_kept(endpoint: Endpoint, channel: webhook.Webhook, text: str | int, low: int, high: int):
    # A date counts from now, not from when the tests were collected.
    endpoint.status, endpoint.headers = 429, {"Retry-After": in_seconds(text) if isinstance(text, int) else text}
    (outcome,) = conformance.sent(channel, [outgoing("d1", endpoint.url)])
    assert outcome.retry_after_seconds is not None
    assert low <= outcome.retry_after_seconds <= high


@pytest.mark.parametrize(
    "text",
    ["0", "-5", "soon", "", in_seconds(-60), "Wed, 99 Oct 2099 07:28:00 GMT"],
    ids=["zero", "negative", "word", "empty", "past", "no date"],
)
def test_a_wish_that_says_nothing_is_none(endpoint: Endpoint, channel: webhook.Webhook, text: str):
    endpoint.status, endpoint.headers = 503, {"Retry-After": text}
    (outcome,) = conformance.sent(channel, [outgoing("d1", endpoint.url)])
    assert (outcome.kind, outcome.retry_after_seconds) == (Kind.DEFERRED, None)


def test_a_redirect_is_not_followed(endpoint: Endpoint, channel: webhook.Webhook):
    elsewhere = Endpoint()
    endpoint.status, endpoint.headers = 307, {"Location": elsewhere.url}
    (outcome,) = conformance.sent(channel, [outgoing("d1", endpoint.url)])
    elsewhere.die()
    assert (outcome.kind, elsewhere.requests) == (Kind.DEFERRED, [])


def test_silence_is_unclear(monkeypatch: pytest.MonkeyPatch, channel: webhook.Webhook):
    monkeypatch.setattr(webhook, "READ_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        (outcome,) = conformance.sent(channel, [outgoing("d1", f"http://127.0.0.1:{silent.getsockname()[1]}/")])
    assert (outcome.kind, outcome.detail) == (Kind.UNCLEAR, "ReadTimeoutError: no answer of the endpoint")


def test_a_name_that_does_not_resolve_is_tried_again(channel: webhook.Webhook):
    names = ["http://nowhere.invalid/", f"http://{'x' * 70}.invalid/"]
    outcomes = conformance.sent(channel, [outgoing("d1", name) for name in names])
    assert {(outcome.kind, outcome.detail) for outcome in outcomes} == {
        (Kind.DEFERRED, "the endpoint's name does not resolve")
    }


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ftp://example.net/",
        "http://",
        "http://example.net:99999/",
        "http://example.net:x/",
        "http://[1:/",
        "http://user:pass@example.net/",
        "http://example.net/a b",
        "http://example.net/\r\nX: y",
        "http://exämple.net/",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_address_is_named(channel: webhook.Webhook, address: str):
    (outcome,) = conformance.sent(channel, [outgoing("d1", address)])
    assert (outcome.kind, outcome.detail) == (Kind.ADDRESS_INVALID, "wanted an http(s) address")


# --- Where it may go --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "10.1.2.3", "169.254.169.254", "0.0.0.0", "2130706433"]
)
def test_private_networks_are_refused(endpoint: Endpoint, host: str):
    careful = webhook.Webhook(webhook.Config())
    port = endpoint.url.split(":")[2].split("/")[0]
    (outcome,) = conformance.sent(careful, [outgoing("d1", f"http://{host}:{port}/hook")])
    careful.close()
    assert (outcome.kind, endpoint.requests) == (Kind.REJECTED, [])
    assert "webhook_allow_private" in outcome.detail


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.215.14", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::808:808", True),
        ("2002:7f00:1::", False),
    ],
)
def test_addresses_of_the_public_internet(address: str, *, expected: bool):
    assert webhook.is_public(address) is expected


# --- TLS --------------------------------------------------------------------------------------------------------------


def test_tls_is_verified(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, channel: webhook.Webhook):
    certificate = certificates.make(tmp_path)
    endpoint = Endpoint(certificate)
    (refused,) = conformance.sent(channel, [outgoing("d1", endpoint.url)])
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.authority))
    trusting = webhook.from_settings(table.Settings(webhook_allow_private=True), lambda purpose: purpose.encode())
    (taken,) = conformance.sent(trusting, [outgoing("d1", endpoint.url)])
    trusting.close()
    endpoint.die()
    assert (refused.kind, refused.detail) == (Kind.DEFERRED, "SSLError: no connection to the endpoint")
    assert (taken.kind, endpoint.taken()) == (Kind.DELIVERED, 1)
