"""Endpoints of an organisation's own systems: who wants which news, and which are dead."""

import datetime as dt
from collections.abc import Sequence

import msgspec

from signalpost.store import batch

_ALIVE = """
SELECT ref, system, url, secret, wants, owner FROM endpoint WHERE disabled_at IS NULL ORDER BY ref
"""

# One success ends a run of failures; the first failure begins one.
_RECORD = """
UPDATE endpoint SET failing_since =
    CASE WHEN given.is_well THEN NULL ELSE COALESCE(endpoint.failing_since, %s) END
FROM json_to_recordset(%s::json) AS given(ref text, is_well boolean) WHERE endpoint.ref = given.ref
"""

_DISABLE = """
UPDATE endpoint SET disabled_at = %s, disabled_because = CASE WHEN endpoint.ref = ANY(%s) THEN 'gone' ELSE 'failing' END
WHERE disabled_at IS NULL AND (endpoint.ref = ANY(%s) OR failing_since < %s)
RETURNING ref, system, url, secret, wants, owner
"""

# What still waits for an endpoint that was disabled is given up.
_GIVE_UP = """
UPDATE delivery SET state = 'cancelled', due_at = NULL, changed_at = %s, detail = 'endpoint disabled'
WHERE state = 'due' AND contact_point = ANY(%s)
"""


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint that is alive, or was until now."""

    ref: str
    system: str
    url: str
    secret: str
    wants: list[str]
    owner: str

    def __repr__(self) -> str:
        """Show everything but the secret."""
        return f"Endpoint(ref={self.ref!r}, system={self.system!r}, url={self.url!r})"


def alive() -> list[Endpoint]:
    """Endpoints that want news."""
    return batch.fetch(_ALIVE, [], Endpoint)


def record(results: Sequence[tuple[str, bool]], *, now: dt.datetime) -> None:
    """Store how endpoints did, given as (reference, whether it took the webhook)."""
    rows = [{"ref": ref, "is_well": is_well} for ref, is_well in dict(results).items()]
    batch.run(_RECORD, [now, batch.encode(rows)])


def disable(gone: Sequence[str], *, failing_before: dt.datetime, now: dt.datetime) -> list[Endpoint]:
    """Disable endpoints that said they are gone, or have failed since before a moment; those that were alive."""
    disabled = batch.fetch(_DISABLE, [now, list(gone), list(gone), failing_before], Endpoint)
    if disabled:
        batch.run(_GIVE_UP, [now, [endpoint.ref for endpoint in disabled]])
    return disabled


_SAVE = """
INSERT INTO endpoint (ref, system, url, secret, wants, owner, disabled_because)
VALUES (%s, %s, %s, %s, %s, %s, '')
ON CONFLICT (ref) DO UPDATE SET system = excluded.system, url = excluded.url, secret = excluded.secret,
    wants = excluded.wants, owner = excluded.owner, disabled_at = NULL, disabled_because = '', failing_since = NULL
"""


def save(endpoint: Endpoint) -> None:
    """Store an endpoint; one that was disabled is enabled again."""
    batch.run(_SAVE, [endpoint.ref, endpoint.system, endpoint.url, endpoint.secret, endpoint.wants, endpoint.owner])
