"""Communications as the console lists them, and what belongs to one delivery."""

import datetime as dt

import msgspec

from signalpost.store import batch
from signalpost.store.seen import asked

#: Parties that a name or address may stand for.
PARTIES = 200
#: Outcomes that are rare among decisions and have an index among deliveries.
_WRONG = frozenset({"failed", "unclear"})

# Whom a text may mean: a party or household by its reference, people by how their name begins, or by an address.
_PARTIES = """
(SELECT ref FROM customer WHERE ref = %(words)s OR household = %(words)s LIMIT %(limit)s)
UNION (SELECT ref FROM customer WHERE lower(name) COLLATE "C" LIKE %(prefix)s LIMIT %(limit)s)
UNION (SELECT customer_id FROM contact_point WHERE channel IN ('email', 'sms', 'push') AND address = %(words)s
       LIMIT %(limit)s)
"""

# Decisions with the states of their deliveries.
_ROWS = """
SELECT decision.ref, decision.situation, decision.kind, decision.party, COALESCE(customer.name, '') AS name,
       decision.communication, decision.verdict, decision.reason, decision.decided_at, decision.state,
       decision.title,
       COALESCE((SELECT string_agg(delivery.channel || ' ' || delivery.state, ', ' ORDER BY delivery.rank)
                 FROM delivery WHERE delivery.communication_id = decision.ref AND delivery.state <> 'standby'),
                '') AS deliveries
FROM decision LEFT JOIN customer ON customer.ref = decision.party
WHERE decision.kind <> 'status'
  AND (%(outcome)s NOT IN ('notice', 'withheld') OR decision.verdict = %(outcome)s)
  AND (%(outcome)s <> 'incomplete' OR decision.state = 'incomplete')
  AND (%(outcome)s NOT IN ('failed', 'unclear') OR EXISTS
       (SELECT FROM delivery WHERE communication_id = decision.ref AND state = %(outcome)s))
  AND (%(type)s = '' OR decision.communication = %(type)s)
  AND (%(reason)s = '' OR (decision.verdict = 'withheld' AND decision.reason = %(reason)s))
"""

_ORDER = """
ORDER BY CASE WHEN %(sort)s = 'decided_at' THEN decision.decided_at END,
         CASE WHEN %(sort)s = '-decided_at' THEN decision.decided_at END DESC,
         CASE WHEN %(sort)s = 'party' THEN decision.party END,
         CASE WHEN %(sort)s = '-party' THEN decision.party END DESC,
         decision.ref
LIMIT %(limit)s OFFSET %(offset)s
"""

# Those that a text means: by their own reference, their situation, or whom they speak to.
_MEANT = """
WITH meant AS MATERIALIZED (
    SELECT ref FROM decision WHERE ref = %(words)s
    UNION SELECT ref FROM decision WHERE situation = %(words)s
    UNION SELECT ref FROM decision WHERE party = ANY(%(parties)s))
"""

# Those of which something failed or is unclear.
_WENT_WRONG = """
WITH meant AS MATERIALIZED (
    SELECT communication_id AS ref FROM delivery WHERE state = 'failed' AND %(outcome)s = 'failed'
    UNION SELECT communication_id FROM delivery WHERE state = 'unclear' AND %(outcome)s = 'unclear')
"""

_AMONG_MEANT = "AND decision.ref IN (SELECT ref FROM meant)"

# The latest; those that a text means; those that went wrong. One statement each, because each has its own index.
_COMMUNICATIONS = _ROWS + _ORDER
_COMMUNICATIONS_MEANT = _MEANT + _ROWS + _AMONG_MEANT + _ORDER
_COMMUNICATIONS_WRONG = _WENT_WRONG + _ROWS + _AMONG_MEANT + _ORDER

_RENDITIONS = """
SELECT ref, channel, via, rank, state, rendition, media_type, units FROM delivery
WHERE communication_id = %s AND rendition <> '' ORDER BY rank
"""

_ATTEMPTS = """
SELECT delivery.channel, delivery.via, attempt.number, attempt.started_at, attempt.finished_at, attempt.kind,
       attempt.code, attempt.detail
FROM attempt JOIN delivery ON delivery.ref = attempt.delivery_id
WHERE delivery.communication_id = %s ORDER BY attempt.started_at, attempt.id
"""

_RECEIPTS = """
SELECT receipt.channel, receipt.kind, receipt.at, receipt.received_at, receipt.code, receipt.detail, receipt.result
FROM receipt JOIN delivery ON delivery.ref = receipt.delivery
WHERE delivery.communication_id = %s ORDER BY receipt.received_at, receipt.id
"""


class Communication(msgspec.Struct, frozen=True, kw_only=True):
    """A decision as it is listed."""

    ref: str
    situation: str
    kind: str
    party: str
    name: str
    communication: str
    verdict: str
    reason: str
    decided_at: dt.datetime
    state: str
    title: str
    deliveries: str


class Rendition(msgspec.Struct, frozen=True, kw_only=True):
    """What was laid out for a delivery."""

    ref: str
    channel: str
    via: str
    rank: int
    state: str
    rendition: str
    media_type: str
    units: int


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One try."""

    channel: str
    via: str
    number: int
    started_at: dt.datetime
    finished_at: dt.datetime | None
    kind: str
    code: str
    detail: str


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """News of a delivery."""

    channel: str
    kind: str
    at: dt.datetime
    received_at: dt.datetime
    code: str
    detail: str
    result: str


def communications(given: asked.Asked) -> list[Communication]:
    """A page of decisions. Filters: outcome (notice, withheld, incomplete, failed, unclear), type, reason.

    Words are a reference, a situation, an address, or how a person's name begins.
    """
    parameters = given.parameters()
    if given.words:
        return batch.fetch(_COMMUNICATIONS_MEANT, parameters | {"parties": _parties(given.words)}, Communication)
    if given.chosen["outcome"] in _WRONG:
        return batch.fetch(_COMMUNICATIONS_WRONG, parameters, Communication)
    return batch.fetch(_COMMUNICATIONS, parameters, Communication)


def _parties(words: str) -> list[str]:
    prefix = words.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    rows = batch.fetch(_PARTIES, {"words": words, "prefix": prefix, "limit": PARTIES}, tuple[str])
    return [ref for (ref,) in rows]


def types() -> list[tuple[str, str]]:
    """The communication types, name and title."""
    return batch.fetch("SELECT name, title FROM communication_type ORDER BY title, name", [], tuple[str, str])


def renditions(ref: str) -> list[Rendition]:
    """What was laid out for a communication, in the order of its plan."""
    return batch.fetch(_RENDITIONS, [ref], Rendition)


def attempts(ref: str) -> list[Attempt]:
    """Every try to deliver a communication."""
    return batch.fetch(_ATTEMPTS, [ref], Attempt)


def receipts(ref: str) -> list[Receipt]:
    """Everything that came back about a communication."""
    return batch.fetch(_RECEIPTS, [ref], Receipt)


def party_name(ref: str) -> str:
    """The name of a party, "" for one that is not known (any more)."""
    rows = batch.fetch("SELECT name FROM customer WHERE ref = %s", [ref], tuple[str])
    return rows[0][0] if rows else ""
