"""What is in force: contracts, mappings, rules, policy, communication types and approved templates.

Each is kept as the canonical JSON of its record, so that what is used is what was approved, byte for byte.
"""

import datetime as dt
import functools
from collections.abc import Mapping, Sequence

import msgspec

from signalpost.store import batch
from signalpost.vocabulary import events, notices, parties, records, situations, templates


class NothingInForceError(LookupError):
    """No rules or no policy are in force: no playbook was installed yet."""


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """A template version with the approval it has, if any."""

    digest: str
    content: str
    approval: str


# The rules in force: the latest version whose time has come.
_RULES = "SELECT body FROM rule_set WHERE in_force_from <= %s ORDER BY in_force_from DESC, version LIMIT 1"

# The policy in force: the latest version whose time has come.
_POLICY = "SELECT body FROM policy_version WHERE in_force_from <= %s ORDER BY in_force_from DESC, version LIMIT 1"

# Approved versions of a communication type that may leave now, the latest first in each language.
_IN_FORCE = """
SELECT language, digest FROM template_version
WHERE communication_id = %s AND state = 'live' AND effective_from <= %s
  AND (effective_to IS NULL OR effective_to > %s) AND approval <> ''
ORDER BY effective_from DESC, approval::jsonb ->> 'approved_at' DESC, digest
"""


# Contracts and mapping rules as one number, by which a change of any of them is noticed.
_VERSION = """
SELECT sum(hashtextextended(body, rank))::text
FROM (SELECT body, 0 AS rank FROM contract UNION ALL SELECT body, rank + 1 FROM mapping) AS kept
"""


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """How bodies are understood: contracts and mapping rules."""

    #: As `version` told it before they were read.
    version: str
    contracts: Mapping[str, events.Contract]
    mappings: tuple[events.MappingRule, ...]


#: What was last read; bodies are understood by it before the transaction that looks whether it is in force still.
_last: list[Reading] = []


def known() -> Reading:
    """What was last known; read when nothing is."""
    return _last[0] if _last else reading(version())


def version() -> str:
    """The contracts and mapping rules in force, in one word."""
    ((found,),) = batch.fetch(_VERSION, [], tuple[str | None])
    return found or ""


def reading(wanted: str) -> Reading:
    """What is in force, given its version; read anew unless it is what was last read."""
    if not _last or _last[0].version != wanted:
        _last[:] = [Reading(version=wanted, contracts=contracts(), mappings=mappings())]
    return _last[0]


def contracts() -> dict[str, events.Contract]:
    """Every contract, by event type."""
    rows = batch.fetch("SELECT body FROM contract", [], tuple[str])
    return {contract.type: contract for contract in (_decode_contract(body) for (body,) in rows)}


def mappings() -> tuple[events.MappingRule, ...]:
    """Every mapping rule, in order."""
    rows = batch.fetch("SELECT body FROM mapping ORDER BY rank, name", [], tuple[str])
    return tuple(_decode_mapping(body) for (body,) in rows)


def rules(now: dt.datetime) -> situations.Rules:
    """The rules in force; none at all when nothing was installed."""
    rows = batch.fetch(_RULES, [now], tuple[str])
    return _decode_rules(rows[0][0]) if rows else situations.Rules(version="none")


def policy(now: dt.datetime) -> notices.Policy:
    """The policy in force.

    Raises:
        NothingInForceError: no playbook was installed.
    """
    rows = batch.fetch(_POLICY, [now], tuple[str])
    if not rows:
        raise NothingInForceError("channel policy: wanted one in force, got none; install a playbook first")
    return _decode_policy(rows[0][0])


def communication_type(name: str, now: dt.datetime) -> notices.CommunicationType:
    """A communication type with the template versions in force.

    Raises:
        NothingInForceError: there is no such type.
    """
    rows = batch.fetch(
        "SELECT title, category, channels, retention_days FROM communication_type WHERE name = %s",
        [name],
        tuple[str, str, list[str], int],
    )
    if not rows:
        raise NothingInForceError(f"communication type: wanted {name!r} to be installed, got none of that name")
    title, category, channels, retention_days = rows[0]
    versions: dict[str, str] = {}
    for language, digest in batch.fetch(_IN_FORCE, [name, now, now], tuple[str, str]):
        versions.setdefault(language, digest)
    return notices.CommunicationType(
        name=name,
        title=title,
        category=category,
        versions=tuple(sorted(versions.items())),
        channels=tuple(parties.ChannelKind(channel) for channel in channels),
        retention_days=retention_days,
    )


def template_versions(digests: Sequence[str]) -> dict[str, Version]:
    """Template versions by digest, as stored; `govern.templates` makes approved templates of them."""
    rows = batch.fetch(
        "SELECT digest, content, approval FROM template_version WHERE digest = ANY(%s)", [list(digests)], Version
    )
    return {row.digest: row for row in rows}


def retention_days(names: Sequence[str]) -> Mapping[str, int]:
    """How long communications of these types are kept."""
    return dict(
        batch.fetch(
            "SELECT name, retention_days FROM communication_type WHERE name = ANY(%s)", [list(names)], tuple[str, int]
        )
    )


@functools.lru_cache(maxsize=1024)
def _decode_contract(body: str) -> events.Contract:
    return records.decode(body, events.Contract)


@functools.lru_cache(maxsize=1024)
def _decode_mapping(body: str) -> events.MappingRule:
    return records.decode(body, events.MappingRule)


@functools.lru_cache(maxsize=8)
def _decode_rules(body: str) -> situations.Rules:
    return records.decode(body, situations.Rules)


@functools.lru_cache(maxsize=8)
def _decode_policy(body: str) -> notices.Policy:
    return records.decode(body, notices.Policy)


def content(version: Version) -> templates.Content:
    """The content of a version."""
    return records.decode(version.content, templates.Content)


_SAVE_CONTRACTS = """
INSERT INTO contract (type, body, playbook)
SELECT type, body, playbook FROM json_to_recordset(%s::json) AS given(type text, body text, playbook text)
ON CONFLICT (type) DO UPDATE SET body = excluded.body, playbook = excluded.playbook
"""

_SAVE_MAPPINGS = """
INSERT INTO mapping (name, rank, body, playbook)
SELECT name, rank, body, playbook
FROM json_to_recordset(%s::json) AS given(name text, rank int, body text, playbook text)
ON CONFLICT (name) DO UPDATE SET rank = excluded.rank, body = excluded.body, playbook = excluded.playbook
"""

_SAVE_TYPES = """
INSERT INTO communication_type (name, title, category, channels, retention_days, playbook)
SELECT name, title, category, channels, retention_days, playbook
FROM json_to_recordset(%s::json) AS given(name text, title text, category text, channels text[], retention_days int,
    playbook text)
ON CONFLICT (name) DO UPDATE SET title = excluded.title, category = excluded.category, channels = excluded.channels,
    retention_days = excluded.retention_days, playbook = excluded.playbook
"""

# The same version again is in force from now on again.
_SAVE_RULES = """
INSERT INTO rule_set (version, body, in_force_from) VALUES (%s, %s, %s)
ON CONFLICT (version) DO UPDATE SET in_force_from = excluded.in_force_from
"""

_SAVE_POLICY = """
INSERT INTO policy_version (version, body, in_force_from) VALUES (%s, %s, %s)
ON CONFLICT (version) DO UPDATE SET in_force_from = excluded.in_force_from
"""


def save_contracts(contracts_given: Sequence[events.Contract], *, playbook: str = "") -> None:
    """Store contracts; one of the same type is replaced."""
    rows = [
        {"type": contract.type, "body": records.canonical(contract).decode(), "playbook": playbook}
        for contract in contracts_given
    ]
    batch.run(_SAVE_CONTRACTS, [batch.encode(rows)])


def drop_contracts(types: Sequence[str]) -> None:
    """Understand events of these types no more."""
    batch.run("DELETE FROM contract WHERE type = ANY(%s)", [list(types)])


def save_mappings(mappings_given: Sequence[events.MappingRule], *, playbook: str) -> None:
    """Store mapping rules in their order; one of the same name is replaced."""
    rows = [
        {"name": rule.name, "rank": rank, "body": records.canonical(rule).decode(), "playbook": playbook}
        for rank, rule in enumerate(mappings_given)
    ]
    batch.run(_SAVE_MAPPINGS, [batch.encode(rows)])


def save_types(types: Sequence[notices.CommunicationType], *, playbook: str = "") -> None:
    """Store communication types; one of the same name is replaced."""
    rows = [msgspec.structs.asdict(kind) | {"playbook": playbook} for kind in types]
    batch.run(_SAVE_TYPES, [batch.encode(rows)])


def save_rules(given: situations.Rules, *, now: dt.datetime) -> None:
    """Store rules as the version in force from now on."""
    batch.run(_SAVE_RULES, [given.version, records.canonical(given).decode(), now])


def save_policy(given: notices.Policy, *, now: dt.datetime) -> None:
    """Store a channel policy as the version in force from now on."""
    batch.run(_SAVE_POLICY, [given.version, records.canonical(given).decode(), now])
