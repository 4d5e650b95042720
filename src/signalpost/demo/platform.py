"""The business platform of the demo: takes status webhooks, checks their signatures (Standard Webhooks 1.0), counts."""

import base64
import datetime as dt
import hashlib
import hmac
import http
import http.server
import secrets
import threading

import msgspec

from signalpost.demo import ports

#: A signature older or newer than this is none (Standard Webhooks, "Verifying webhook authenticity").
TOLERANCE_SECONDS = 300
_SECRET_PREFIX = "whsec_"  # noqa: S105 - the prefix that Standard Webhooks gives secrets


class Hook(msgspec.Struct, frozen=True, kw_only=True):
    """One webhook as it was received."""

    at: dt.datetime
    id: str
    type: str
    communication: str
    #: When what it tells happened.
    happened_at: dt.datetime
    cause: str


class _Data(msgspec.Struct, frozen=True, kw_only=True):
    communication: str
    cause: dict[str, str] = {}


class _Body(msgspec.Struct, frozen=True, kw_only=True):
    type: str
    time: dt.datetime
    data: _Data


class Platform:
    """A web server that receives webhooks."""

    def __init__(self) -> None:
        """Listen on a free port of the loopback interface."""
        self.secret = _SECRET_PREFIX + base64.b64encode(secrets.token_bytes(24)).decode()
        self._lock = threading.Lock()
        self._kept: list[Hook] = []
        self._seen: set[str] = set()
        #: Webhooks that came again, whose signature was wrong, and that came before an earlier one of their kind.
        self.repeats = 0
        self.unverified = 0
        self.out_of_order = 0
        self._latest: dict[str, dt.datetime] = {}
        platform = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", "0")))
                headers = {name.lower(): value for name, value in self.headers.items()}
                status = platform.take(headers, body)
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the standard library
                del format, args

        self._server = http.server.ThreadingHTTPServer((ports.LOOPBACK, 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, name="platform", daemon=True).start()

    @property
    def url(self) -> str:
        """Where webhooks go."""
        return f"http://{ports.LOOPBACK}:{self.port}/signalpost"

    def kept(self) -> list[Hook]:
        """Every webhook so far, the oldest first; repeats once."""
        with self._lock:
            return list(self._kept)

    def stop(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()

    def take(self, headers: dict[str, str], body: bytes) -> http.HTTPStatus:
        """Check a webhook and keep it."""
        name, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        now = dt.datetime.now(dt.UTC)
        if not self._is_signed(name, stamp, headers.get("webhook-signature", ""), body=body, now=now):
            with self._lock:
                self.unverified += 1
            return http.HTTPStatus.UNAUTHORIZED
        read = msgspec.json.decode(body, type=_Body)
        about = read.data.communication
        with self._lock:
            if name in self._seen:
                self.repeats += 1
                return http.HTTPStatus.NO_CONTENT
            self._seen.add(name)
            if about in self._latest and read.time < self._latest[about]:
                self.out_of_order += 1
            self._latest[about] = read.time
            self._kept.append(
                Hook(
                    at=now,
                    id=name,
                    type=read.type,
                    communication=about,
                    happened_at=read.time,
                    cause=read.data.cause.get("type", ""),
                )
            )
        return http.HTTPStatus.NO_CONTENT

    def _is_signed(self, name: str, stamp: str, given: str, *, body: bytes, now: dt.datetime) -> bool:
        if not stamp.isdecimal() or abs(int(stamp) - now.timestamp()) > TOLERANCE_SECONDS:
            return False
        key = base64.b64decode(self.secret.removeprefix(_SECRET_PREFIX))
        digest = hmac.new(key, b".".join([name.encode(), stamp.encode(), body]), hashlib.sha256).digest()
        wanted = "v1," + base64.b64encode(digest).decode()
        return any(hmac.compare_digest(wanted, one) for one in given.split())
