"""How the demo's business systems speak to Signalpost: over its HTTP API, with an access token of their own."""

import base64
import threading
import time
from collections.abc import Sequence

import msgspec
import urllib3

#: Seconds for one request; a token is fetched anew so long before it ends.
REQUEST_SECONDS = 60.0
EARLY_SECONDS = 60.0
_OK_BELOW = 300


class ApiError(RuntimeError):
    """The API answered otherwise than it should; says status and answer."""


class _Token(msgspec.Struct, frozen=True):
    access_token: str
    expires_in: float


class Answer(msgspec.Struct, frozen=True):
    """What became of a batch of events."""

    accepted: int = 0
    repeated: int = 0


class Client:
    """A system with OAuth2 client credentials."""

    def __init__(self, base_url: str, *, client_id: str, secret: str) -> None:
        """Nothing is asked before it is needed."""
        self._base_url = base_url
        self._basic = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
        self._http = urllib3.PoolManager(timeout=urllib3.Timeout(REQUEST_SECONDS), retries=False)
        self._token = ""
        self._until = 0.0
        self._lock = threading.Lock()

    def post_events(self, batch: Sequence[object]) -> Answer:
        """Post CloudEvents as one batch."""
        answer = self._post("/api/events", msgspec.json.encode(batch), "application/cloudevents-batch+json")
        return msgspec.json.decode(answer, type=Answer)

    def post_print_status(self, reports: Sequence[object]) -> None:
        """Report what became of letters."""
        self._post("/api/print-status", msgspec.json.encode(reports), "application/json")

    def close(self) -> None:
        """Close connections."""
        self._http.clear()

    def _post(self, path: str, body: bytes, media_type: str) -> bytes:
        headers = {"Authorization": f"Bearer {self._access_token()}", "Content-Type": media_type}
        return self._asked(path, body, headers)

    def token(self) -> str:
        """An access token that is good for a while."""
        return self._access_token()

    def _access_token(self) -> str:
        with self._lock:
            if time.monotonic() > self._until:
                headers = {
                    "Authorization": f"Basic {self._basic}",
                    "Content-Type": "application/x-www-form-urlencoded",
                }
                answer = self._asked("/api/token", b"grant_type=client_credentials", headers)
                token = msgspec.json.decode(answer, type=_Token)
                self._token = token.access_token
                self._until = time.monotonic() + token.expires_in - EARLY_SECONDS
            return self._token

    def _asked(self, path: str, body: bytes, headers: dict[str, str]) -> bytes:
        try:
            response = self._http.request("POST", f"{self._base_url}{path}", body=body, headers=headers)
        except urllib3.exceptions.HTTPError as error:
            raise ApiError(f"POST {path}: {type(error).__name__}") from error
        if response.status >= _OK_BELOW:
            raise ApiError(f"POST {path}: wanted it to be accepted, got {response.status}: {response.data[:400]!r}")
        return response.data
