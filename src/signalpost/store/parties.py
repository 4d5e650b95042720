"""Parties in batches: imports of customers, places and devices, and what replies mean for them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import LiteralString

from signalpost.store import batch
from signalpost.vocabulary import parties

#: How long after an incident's end a reply still refers to it.
REPLY_DAYS = 14

_SUPPRESS = """
UPDATE contact_point SET suppressed = %s WHERE channel = %s AND address = %s AND suppressed = ''
"""

# Premises about which this address was told lately.
_TOLD_PREMISES = """
SELECT DISTINCT premise FROM delivery
JOIN decision ON decision.ref = delivery.communication_id
JOIN affected ON affected.change_id = decision.change AND affected.household = decision.household,
unnest(affected.premises) AS premise
WHERE delivery.channel = %s AND delivery.address = %s AND decision.decided_at > now() - make_interval(days => %s)
  AND EXISTS (SELECT 1 FROM incident WHERE incident.ref = decision.situation)
"""

#: Upserts of master data, by table, in the order in which rows refer to each other.
_SAVES: Mapping[str, LiteralString] = {
    "area": """
        INSERT INTO area (ref, name, outline)
        SELECT ref, name, COALESCE(outline, '[]'::jsonb)
        FROM json_to_recordset(%s::json) AS given(ref text, name text, outline jsonb)
        ON CONFLICT (ref) DO UPDATE SET name = excluded.name, outline = excluded.outline
        """,
    "premise": """
        INSERT INTO premise (ref, area_id, lines, postcode, locality, region, country, time_zone, longitude, latitude)
        SELECT ref, area, lines, postcode, locality, COALESCE(region, ''), country, time_zone, longitude, latitude
        FROM json_to_recordset(%s::json) AS given(ref text, area text, lines jsonb, postcode text, locality text,
            region text, country text, time_zone text, longitude float8, latitude float8)
        ON CONFLICT (ref) DO UPDATE SET area_id = excluded.area_id, lines = excluded.lines,
            postcode = excluded.postcode, locality = excluded.locality, region = excluded.region,
            country = excluded.country, time_zone = excluded.time_zone, longitude = excluded.longitude,
            latitude = excluded.latitude
        """,
    "customer": """
        INSERT INTO customer (ref, kind, name, salutation, household, language, time_zone, is_barred, quiet_start,
                              quiet_end, role, facts)
        SELECT ref, COALESCE(kind, 'person'), name, COALESCE(salutation, ''), COALESCE(household, ref), language,
               time_zone, COALESCE(is_barred, FALSE), quiet_start, quiet_end, COALESCE(role, ''), COALESCE(facts, '{}')
        FROM json_to_recordset(%s::json) AS given(ref text, kind text, name text, salutation text, household text,
            language text, time_zone text, is_barred boolean, quiet_start time, quiet_end time, role text, facts text)
        ON CONFLICT (ref) DO UPDATE SET kind = excluded.kind, name = excluded.name, salutation = excluded.salutation,
            household = excluded.household, language = excluded.language, time_zone = excluded.time_zone,
            is_barred = excluded.is_barred, quiet_start = excluded.quiet_start, quiet_end = excluded.quiet_end,
            role = excluded.role, facts = excluded.facts
        """,
    "account": """
        INSERT INTO account (ref, customer_id, premise_id, currency, facts)
        SELECT ref, customer, premise, COALESCE(currency, 'EUR'), COALESCE(facts, '{}')
        FROM json_to_recordset(%s::json) AS given(ref text, customer text, premise text, currency text, facts text)
        ON CONFLICT (ref) DO UPDATE SET customer_id = excluded.customer_id, premise_id = excluded.premise_id,
            currency = excluded.currency, facts = excluded.facts
        """,
    "contact_point": """
        INSERT INTO contact_point (ref, customer_id, channel, address, postal, state, suppressed)
        SELECT ref, customer, channel, COALESCE(address, ''), postal, COALESCE(state, 'unverified'), ''
        FROM json_to_recordset(%s::json) AS given(ref text, customer text, channel text, address text, postal jsonb,
            state text)
        ON CONFLICT (ref) DO UPDATE SET channel = excluded.channel, address = excluded.address,
            postal = excluded.postal, state = excluded.state
        """,
    "preference": """
        INSERT INTO preference (customer_id, category, channels, refused)
        SELECT customer, COALESCE(category, ''), channels, refused
        FROM json_to_recordset(%s::json) AS given(customer text, category text, channels text[], refused text[])
        ON CONFLICT (customer_id, category) DO UPDATE SET channels = excluded.channels, refused = excluded.refused
        """,
    "consent": """
        INSERT INTO consent (customer_id, purpose, given_at)
        SELECT customer, purpose, COALESCE(given_at, now())
        FROM json_to_recordset(%s::json) AS given(customer text, purpose text, given_at timestamptz)
        ON CONFLICT (customer_id, purpose) DO UPDATE SET given_at = excluded.given_at, withdrawn_at = NULL
        """,
    "device": """
        INSERT INTO device (ref, type, premise_id, area_id, cleared)
        SELECT given.ref, given.type, given.premise, premise.area_id, '[]'
        FROM json_to_recordset(%s::json) AS given(ref text, type text, premise text)
        JOIN premise ON premise.ref = given.premise
        ON CONFLICT (ref) DO UPDATE SET type = excluded.type, premise_id = excluded.premise_id,
            area_id = excluded.area_id
        """,
}
TABLES = tuple(_SAVES)

_KNOWN: Mapping[str, LiteralString] = {
    "area": "SELECT ref FROM area WHERE ref = ANY(%s)",
    "premise": "SELECT ref FROM premise WHERE ref = ANY(%s)",
    "customer": "SELECT ref FROM customer WHERE ref = ANY(%s)",
}


def suppress(channel: parties.ChannelKind, address: str, *, because: str, now: dt.datetime) -> int:
    """Leave an address in peace from now on; the number of contact points it was."""
    return batch.run(_SUPPRESS, [f"{because} {now.date().isoformat()}", channel, address])


def told_premises(channel: parties.ChannelKind, address: str) -> list[str]:
    """Premises about which an address was told lately, for a reply that says "still off"."""
    return [premise for (premise,) in batch.fetch(_TOLD_PREMISES, [channel, address, REPLY_DAYS], tuple[str])]


def save(table: str, rows: Sequence[Mapping[str, object]]) -> int:
    """Store master data of one table; rows that are there already are replaced. The number of rows touched."""
    return batch.run(_SAVES[table], [batch.encode(list(rows))]) if rows else 0


def known(table: str, refs: Sequence[str]) -> frozenset[str]:
    """Which of these references exist in a table (`area`, `premise` or `customer`)."""
    return frozenset(ref for (ref,) in batch.fetch(_KNOWN[table], [list(refs)], tuple[str]))
