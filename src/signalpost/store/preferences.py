"""How one party is written to: language, contact points, preferences and consents, read and written under a lock."""

import datetime as dt
from collections.abc import Mapping, Sequence

import msgspec

from signalpost.store import batch
from signalpost.vocabulary import parties, records

# One party as the choice sees it, locked until the transaction ends: two changes at once come one after the other.
_PARTY = """
SELECT json_build_object(
    'ref', ref, 'kind', kind, 'name', name, 'household', household, 'language', language, 'time_zone', time_zone,
    'is_barred', is_barred,
    'contact_points', COALESCE((
        SELECT json_agg(json_build_object('ref', ref, 'channel', channel, 'address', address, 'postal', postal,
                                          'state', state, 'suppressed', suppressed) ORDER BY ref)
        FROM contact_point WHERE customer_id = customer.ref), '[]'),
    'preferences', COALESCE((
        SELECT json_agg(json_build_object('category', category, 'channels', channels, 'refused', refused)
                        ORDER BY category) FROM preference WHERE customer_id = customer.ref), '[]'),
    'consents', COALESCE((
        SELECT json_agg(purpose ORDER BY purpose) FROM consent
        WHERE customer_id = customer.ref AND withdrawn_at IS NULL), '[]')
)::text FROM customer WHERE ref = %s FOR UPDATE
"""

_SAVE_PREFERENCES = """
INSERT INTO preference (customer_id, category, channels, refused)
SELECT %s, category, channels, refused
FROM json_to_recordset(%s::json) AS given(category text, channels text[], refused text[])
ON CONFLICT (customer_id, category) DO UPDATE SET channels = excluded.channels, refused = excluded.refused
"""

# A reference that is another party's is left as it is, and missing in the answer. What bounced, complained or said
# STOP anywhere stays silent under a new reference too.
_SAVE_POINTS = """
INSERT INTO contact_point (ref, customer_id, channel, address, postal, state, suppressed)
SELECT ref, %s, channel, address, postal, 'unverified', COALESCE((
    SELECT max(other.suppressed) FROM contact_point AS other
    WHERE other.channel = given.channel AND other.address = given.address AND given.address <> ''), '')
FROM json_to_recordset(%s::json) AS given(ref text, channel text, address text, postal jsonb)
ON CONFLICT (ref) DO UPDATE SET channel = excluded.channel, address = excluded.address, postal = excluded.postal,
    state = excluded.state, suppressed = excluded.suppressed
WHERE contact_point.customer_id = excluded.customer_id
RETURNING ref
"""

_REMOVE_POINTS = "DELETE FROM contact_point WHERE customer_id = %s AND ref = ANY(%s)"

_GIVE_CONSENTS = """
INSERT INTO consent (customer_id, purpose, given_at) SELECT %s, unnest(%s::text[]), %s
ON CONFLICT (customer_id, purpose) DO UPDATE SET given_at = excluded.given_at, withdrawn_at = NULL
"""

_WITHDRAW_CONSENTS = """
UPDATE consent SET withdrawn_at = %s WHERE customer_id = %s AND purpose = ANY(%s) AND withdrawn_at IS NULL
"""


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """A contact point to be stored; nothing is known about it yet."""

    ref: str
    channel: parties.ChannelKind
    address: str = ""
    postal: parties.PostalAddress | None = None


def lock(party: str) -> parties.Party | None:
    """A party as it is stored, locked until the transaction ends; `None` when there is none."""
    rows = batch.fetch(_PARTY, [party], tuple[str])
    return records.decode(rows[0][0], parties.Party) if rows else None


def read(party: str) -> parties.Party:
    """A party that is locked, as it is stored by now.

    Raises:
        LookupError: there is none.
    """
    found = lock(party)
    if found is None:
        raise LookupError(f"party: wanted one that is stored, got {party!r}")
    return found


def speak(party: str, *, language: str) -> None:
    """Store the language of a party."""
    batch.run("UPDATE customer SET language = %s WHERE ref = %s", [language, party])


def prefer(party: str, preferences: Sequence[parties.Preference]) -> None:
    """Store preferences, each in place of the one for its category."""
    if preferences:
        batch.run(_SAVE_PREFERENCES, [party, batch.encode(preferences)])


def forget(party: str, categories: Sequence[str]) -> None:
    """Remove the preferences for these categories."""
    if categories:
        batch.run("DELETE FROM preference WHERE customer_id = %s AND category = ANY(%s)", [party, list(categories)])


def reach(party: str, points: Sequence[Point]) -> frozenset[str]:
    """Store contact points, each in place of the party's own one of that reference.

    Returns:
        The references that are another party's: these were not stored.
    """
    if not points:
        return frozenset()
    stored = batch.fetch(_SAVE_POINTS, [party, batch.encode(points)], tuple[str])
    return frozenset(point.ref for point in points) - {ref for (ref,) in stored}


def leave(party: str, points: Sequence[str]) -> None:
    """Remove contact points of a party, given by their references."""
    if points:
        batch.run(_REMOVE_POINTS, [party, list(points)])


def consent(party: str, purposes: Mapping[str, bool], *, now: dt.datetime) -> None:
    """Store which purposes a party consents to, and which no longer."""
    given = [purpose for purpose, is_given in purposes.items() if is_given]
    withdrawn = [purpose for purpose, is_given in purposes.items() if not is_given]
    if given:
        batch.run(_GIVE_CONSENTS, [party, given, now])
    if withdrawn:
        batch.run(_WITHDRAW_CONSENTS, [now, party, withdrawn])


def categories(communications: Sequence[str]) -> frozenset[str]:
    """The categories of communication types."""
    found = batch.fetch(
        "SELECT DISTINCT category FROM communication_type WHERE name = ANY(%s)", [list(communications)], tuple[str]
    )
    return frozenset(category for (category,) in found)


def languages() -> tuple[str, ...]:
    """The languages that there are live texts in."""
    found = batch.fetch(
        "SELECT DISTINCT language FROM template_version WHERE state = 'live' ORDER BY language", [], tuple[str]
    )
    return tuple(language for (language,) in found)
