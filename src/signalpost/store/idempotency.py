"""Answers that were given under an `Idempotency-Key`, kept for as long as a client may ask again."""

import datetime as dt

import msgspec

from signalpost.store import batch

#: Expired answers removed with each new one: two leave for each that comes, so that the table does not grow.
SWEPT_ROWS = 2

# Waits for a transaction that holds the same key: whoever comes second sees what the first one answered.
_TAKE = """
INSERT INTO idempotency_key (client, key, fingerprint, status, media_type, body, expires_at)
VALUES (%s, %s, %s, 0, '', '', %s)
ON CONFLICT (client, key) DO UPDATE SET fingerprint = excluded.fingerprint, status = 0, expires_at = excluded.expires_at
WHERE idempotency_key.expires_at < %s
RETURNING key
"""

_KEPT = "SELECT fingerprint, status, media_type, body FROM idempotency_key WHERE client = %s AND key = %s"

_KEEP = "UPDATE idempotency_key SET status = %s, media_type = %s, body = %s WHERE client = %s AND key = %s"

_SWEEP = """
DELETE FROM idempotency_key WHERE id IN (
    SELECT id FROM idempotency_key WHERE expires_at < %s ORDER BY expires_at LIMIT %s FOR UPDATE SKIP LOCKED)
"""


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """An answer as it was given."""

    #: Of the request that it answered.
    fingerprint: str
    status: int
    media_type: str
    body: bytes


def take(client: str, key: str, *, fingerprint: str, now: dt.datetime, keep_seconds: int) -> Kept | None:
    """Take a key for the current transaction; `None` when it was free, else what was answered under it."""
    batch.run(_SWEEP, [now, SWEPT_ROWS])
    expires_at = now + dt.timedelta(seconds=keep_seconds)
    if batch.fetch(_TAKE, [client, key, fingerprint, expires_at, now], tuple[str]):
        return None
    (kept,) = batch.fetch(_KEPT, [client, key], Kept)
    return kept


def keep(client: str, key: str, *, status: int, media_type: str, body: bytes) -> None:
    """Keep the answer to a key that was taken."""
    batch.run(_KEEP, [status, media_type, body, client, key])


def give_back(client: str, key: str) -> None:
    """Free a key: its request may be made again."""
    batch.run("DELETE FROM idempotency_key WHERE client = %s AND key = %s", [client, key])
