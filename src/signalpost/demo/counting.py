"""Counts of what came of it: what was decided and delivered, and what peers really received."""

import collections
import hashlib
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from signalpost.demo import peers
from signalpost.playbooks import load
from signalpost.store import batch

_INCIDENTS = "SELECT count(*) FROM incident"

_DECISIONS = """
SELECT communication, verdict, reason, count(*), count(DISTINCT household) FROM decision
WHERE kind <> 'status' GROUP BY 1, 2, 3
"""

_HOUSEHOLDS = """
SELECT count(DISTINCT household) FROM decision
WHERE kind <> 'status' AND verdict = 'notice' AND communication = ANY(%s)
"""

_ALL_HOUSEHOLDS = "SELECT count(DISTINCT household) FROM decision WHERE kind <> 'status' AND verdict = 'notice'"

_DELIVERED = """
SELECT decision.communication, delivery.channel, count(*) FROM delivery
JOIN decision ON decision.ref = delivery.communication_id
WHERE delivery.state IN ('accepted', 'delivered') AND decision.kind <> 'status' GROUP BY 1, 2
"""

# Households that were told the same change more than once.
_DECIDED_TWICE = """
SELECT count(*) FROM (
    SELECT change, household FROM decision WHERE kind <> 'status' AND verdict = 'notice'
    GROUP BY change, household HAVING count(*) > 1) AS twice
"""

# Affected parties that have not exactly one decision about a change, and decisions without a trace.
_UNEXPLAINED = """
SELECT (SELECT count(*) FROM (
    SELECT affected.change_id, customer.ref FROM affected
    JOIN customer ON customer.household = affected.household
        AND (affected.party = '' OR customer.ref = affected.party)
    LEFT JOIN decision ON decision.change = affected.change_id AND decision.party = customer.ref
    WHERE affected.party <> '' OR EXISTS (
        SELECT 1 FROM account WHERE account.customer_id = customer.ref
        AND account.premise_id = ANY(affected.premises))
    GROUP BY 1, 2 HAVING count(decision.ref) <> 1) AS odd)
 + (SELECT count(*) FROM decision WHERE kind <> 'status'
    AND COALESCE(jsonb_array_length(body::jsonb -> 'trace'), 0) = 0)
"""


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """What a playbook came to."""

    incidents: int = 0
    #: Households with at least one notice.
    households_told: int = 0
    #: Notices: each is one message, on whichever channel it arrived.
    messages: int = 0
    withheld: Mapping[str, int] = {}
    #: Messages that the last hop took or confirmed, by channel.
    delivered: Mapping[str, int] = {}
    duplicates: int = 0
    unexplained: int = 0


def of_playbooks(given: Sequence[load.Playbook], received: peers.Peers | None) -> dict[str, Counts]:
    """What each playbook came to, by its name. What belongs to no single one (duplicates …) stands at each."""
    decisions = batch.fetch(_DECISIONS, [], tuple[str, str, str, int, int])
    delivered = batch.fetch(_DELIVERED, [], tuple[str, str, int])
    incidents = batch.fetch(_INCIDENTS, [], tuple[int])[0][0]
    twice = batch.fetch(_DECIDED_TWICE, [], tuple[int])[0][0] + (received_twice(received) if received else 0)
    odd = batch.fetch(_UNEXPLAINED, [], tuple[int])[0][0]
    found: dict[str, Counts] = {}
    for playbook in given:
        said = [communication.type.name for communication in playbook.communications]
        found[playbook.name] = Counts(
            incidents=incidents if playbook.rules.incidents else 0,
            households_told=batch.fetch(_HOUSEHOLDS, [said], tuple[int])[0][0],
            messages=sum(count for name, verdict, _, count, _ in decisions if name in said and verdict == "notice"),
            withheld=_summed((why, count) for name, _, why, count, _ in decisions if name in said and why),
            delivered=_summed((channel, count) for name, channel, count in delivered if name in said),
            duplicates=twice,
            unexplained=odd,
        )
    return found


def total(counts: Mapping[str, Counts]) -> Counts:
    """All playbooks together; a household that several told counts once."""
    households = batch.fetch(_ALL_HOUSEHOLDS, [], tuple[int])[0][0]
    each = list(counts.values())
    return Counts(
        incidents=sum(one.incidents for one in each),
        households_told=households,
        messages=sum(one.messages for one in each),
        withheld=_summed(pair for one in each for pair in one.withheld.items()),
        delivered=_summed(pair for one in each for pair in one.delivered.items()),
        duplicates=max((one.duplicates for one in each), default=0),
        unexplained=max((one.unexplained for one in each), default=0),
    )


def received_twice(given: peers.Peers) -> int:
    """Messages that a peer received more than once: the same recipient and text on the same channel."""
    keys = [
        *(("email", one.recipient, _named(one.part("plain"))) for one in given.mail.kept()),
        *(("sms", one.to, _named(one.text)) for one in given.sms.kept() if not one.is_reply),
        *(("letter", one.communication, "") for one in given.shop.kept()),
    ]
    return sum(count - 1 for count in collections.Counter(keys).values()) + given.platform.repeats


def received(given: peers.Peers) -> dict[str, int]:
    """How many messages peers really received, by channel."""
    found = {
        "email": len(given.mail.kept()),
        "letter": len(given.shop.kept()),
        "sms": sum(1 for one in given.sms.kept() if not one.is_reply),
    }
    return {channel: count for channel, count in found.items() if count}


def expected(playbook: load.Playbook, file: str) -> Counts | None:
    """What a playbook expects, from a file in its folder `expected`; `None` when it has none of that name."""
    body = dict(playbook.expected).get(file)
    return msgspec.json.decode(body, type=Counts) if body else None


def differences(name: str, wanted: Counts, got: Counts) -> list[str]:
    """What differs, line by line."""
    one, other = _flat(wanted), _flat(got)
    return [
        f"{name}: {key}: wanted {one.get(key, 0)}, got {other.get(key, 0)}"
        for key in sorted(one.keys() | other.keys())
        if one.get(key, 0) != other.get(key, 0)
    ]


def _flat(counts: Counts) -> dict[str, int]:
    return {
        "incidents": counts.incidents,
        "households_told": counts.households_told,
        "messages": counts.messages,
        "duplicates": counts.duplicates,
        "unexplained": counts.unexplained,
        **{f"withheld.{reason}": count for reason, count in counts.withheld.items()},
        **{f"delivered.{channel}": count for channel, count in counts.delivered.items()},
    }


def _summed(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: collections.Counter[str] = collections.Counter()
    for key, count in pairs:
        found[key] += count
    return dict(sorted(found.items()))


def _named(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
