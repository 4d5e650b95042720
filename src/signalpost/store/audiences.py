"""Changes and whom they concern: the ledger of affected households, and the parties of a page of it."""

import datetime as dt
from collections.abc import Sequence

import msgspec

from signalpost.store import batch
from signalpost.vocabulary import parties, records, situations

_SAVE_CHANGES = """
INSERT INTO change (ref, kind, situation, stage, communication, lane, at, body)
SELECT ref, kind, situation, stage, communication, lane, at, body
FROM json_to_recordset(%s::json) AS given(ref text, kind text, situation text, stage int, communication text,
    lane text, at timestamptz, body text)
ON CONFLICT (ref) DO NOTHING
"""

# Households with an account at the premises of these devices. A household that is there already gains premises and is
# decided again: another member may have an account there. Who was decided keeps that decision.
_AFFECT_MEMBERS = """
INSERT INTO affected (change_id, household, party, premises, is_decided)
SELECT given.change, customer.household, '', array_agg(DISTINCT device.premise_id), FALSE
FROM json_to_recordset(%s::json) AS given(change text, device text)
JOIN device ON device.ref = given.device
JOIN account ON account.premise_id = device.premise_id
JOIN customer ON customer.ref = account.customer_id
GROUP BY given.change, customer.household
ON CONFLICT (change_id, household) DO UPDATE SET premises =
    (SELECT array_agg(DISTINCT premise) FROM unnest(affected.premises || excluded.premises) AS premise),
    is_decided = affected.is_decided AND excluded.premises <@ affected.premises
"""

# Every household that an earlier change of the same situation concerned; an alarm concerns staff, not households.
_AFFECT_TOLD = """
INSERT INTO affected (change_id, household, party, premises, is_decided)
SELECT given.ref, earlier.household, '', ARRAY(
    SELECT DISTINCT premise FROM affected AS mine JOIN change AS c ON c.ref = mine.change_id,
           unnest(mine.premises) AS premise
    WHERE c.situation = given.situation AND mine.household = earlier.household), FALSE
FROM json_to_recordset(%s::json) AS given(ref text, situation text)
JOIN change ON change.situation = given.situation AND change.ref <> given.ref AND change.kind <> 'alarm'
JOIN affected AS earlier ON earlier.change_id = change.ref
GROUP BY given.ref, given.situation, earlier.household
ON CONFLICT (change_id, household) DO NOTHING
"""

# The subject of a business event: an account means its customer, a premise everyone with an account there.
_AFFECT_SUBJECT = """
INSERT INTO affected (change_id, household, party, premises, is_decided)
SELECT given.ref, customer.household, customer.ref, ARRAY[account.premise_id], FALSE
FROM json_to_recordset(%s::json) AS given(ref text, subject text)
JOIN account ON account.ref = given.subject JOIN customer ON customer.ref = account.customer_id
UNION ALL
SELECT given.ref, customer.household, customer.ref,
       ARRAY(SELECT premise_id FROM account WHERE account.customer_id = customer.ref ORDER BY ref), FALSE
FROM json_to_recordset(%s::json) AS given(ref text, subject text) JOIN customer ON customer.ref = given.subject
UNION ALL
SELECT DISTINCT given.ref, customer.household, '', ARRAY[given.subject], FALSE
FROM json_to_recordset(%s::json) AS given(ref text, subject text)
JOIN account ON account.premise_id = given.subject JOIN customer ON customer.ref = account.customer_id
ON CONFLICT (change_id, household) DO NOTHING
"""

_AFFECT_ROLE = """
INSERT INTO affected (change_id, household, party, premises, is_decided)
SELECT given.ref, customer.household, customer.ref, ARRAY[]::text[], FALSE
FROM json_to_recordset(%s::json) AS given(ref text, role text)
JOIN customer ON customer.kind = 'staff' AND customer.role = given.role
ON CONFLICT (change_id, household) DO NOTHING
"""

# The next page of the undecided households of some changes; another worker's page is passed over.
_PAGE = """
SELECT id, change_id AS change, household, party, premises FROM affected
WHERE change_id = ANY(%s) AND NOT is_decided ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
"""

# Parties of a page, each with everything the choice needs, as one JSON record per row. Alarms are asked for device by
# device (OFFSET 0 keeps it so): in a storm most open alarms are of one kind, and a join from that side reads them all
# for each party.
_PARTIES = """
SELECT page.change, json_build_object(
    'ref', customer.ref, 'kind', customer.kind, 'name', customer.name, 'household', customer.household,
    'language', customer.language, 'time_zone', customer.time_zone, 'is_barred', customer.is_barred,
    'salutation', customer.salutation, 'facts', facts.body, 'premises', page.premises,
    'quiet_hours', CASE WHEN customer.quiet_start IS NULL THEN NULL
        ELSE json_build_object('start', customer.quiet_start, 'end', customer.quiet_end) END,
    'contact_points', COALESCE((
        SELECT json_agg(json_build_object('ref', ref, 'channel', channel, 'address', address, 'postal', postal,
                                          'state', state, 'suppressed', suppressed) ORDER BY ref)
        FROM contact_point WHERE customer_id = customer.ref), '[]'),
    'preferences', COALESCE((
        SELECT json_agg(json_build_object('category', category, 'channels', channels, 'refused', refused)
                        ORDER BY category) FROM preference WHERE customer_id = customer.ref), '[]'),
    'consents', COALESCE((
        SELECT json_agg(purpose) FROM consent WHERE customer_id = customer.ref AND withdrawn_at IS NULL), '[]'),
    'device_states', CASE WHEN EXISTS (
        SELECT 1 FROM device WHERE device.premise_id = ANY(page.premises) AND EXISTS (
            SELECT 1 FROM alarm WHERE alarm.subject = device.ref AND alarm.kind = 'power_loss'
            AND alarm.state <> 'cleared' OFFSET 0))
        THEN json_build_array('mains_off') ELSE '[]'::json END,
    'told', COALESCE((
        SELECT json_agg(json_build_object('change', d.kind, 'stage', d.stage, 'estimate_version', d.estimate_version,
            'at', d.decided_at, 'reached_by', reached.by,
            'was_reached', reached.is_possible) ORDER BY d.stage, d.decided_at)
        FROM decision AS d, LATERAL (
            SELECT COALESCE(json_agg(channel ORDER BY (state = 'delivered') DESC, rank)
                            FILTER (WHERE state IN ('accepted', 'delivered')), '[]') AS by,
                   COALESCE(bool_or(state IN ('accepted', 'delivered', 'attempting', 'unclear')), FALSE) AS is_possible
            FROM delivery WHERE delivery.communication_id = d.ref) AS reached
        WHERE d.situation = page.situation AND d.household = customer.household AND d.party = customer.ref
          AND d.verdict = 'notice' AND (page.before IS NULL OR d.decided_at < page.before)), '[]'),
    'recent_counts', COALESCE((
        SELECT json_agg(json_build_array(category, number)) FROM (
            SELECT category, count(*) AS number FROM decision AS d
            WHERE d.party = customer.ref AND d.verdict = 'notice' AND d.category = page.category
                AND d.decided_at > page.counted_since AND (page.before IS NULL OR d.decided_at < page.before)
            GROUP BY category) AS counted), '[]'),
    'premise_address', COALESCE((
        SELECT concat_ws(', ', array_to_string(ARRAY(SELECT json_array_elements_text(lines::json)), ', '),
                         concat_ws(' ', postcode, locality))
        FROM premise WHERE ref = page.premises[1]), '')
)::text
FROM json_to_recordset(%s::json) AS page(change text, household text, party text, premises text[], situation text,
    category text, counted_since timestamptz, before timestamptz)
JOIN customer ON customer.household = page.household AND (page.party = '' OR customer.ref = page.party)
CROSS JOIN LATERAL (
    SELECT (customer.facts::jsonb || COALESCE((
        SELECT a.facts::jsonb || jsonb_build_object('account', a.ref) FROM account AS a
        WHERE a.customer_id = customer.ref AND (cardinality(page.premises) = 0 OR a.premise_id = ANY(page.premises))
        ORDER BY a.ref LIMIT 1), '{}'::jsonb))::text AS body) AS facts
WHERE page.party <> '' OR cardinality(page.premises) = 0 OR EXISTS (
    SELECT 1 FROM account WHERE account.customer_id = customer.ref AND account.premise_id = ANY(page.premises))
ORDER BY customer.household, customer.ref
"""


class AffectedRow(msgspec.Struct, frozen=True, kw_only=True):
    """One household of a page, and the change that concerns it."""

    id: int
    change: str
    household: str
    party: str
    premises: list[str]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A household of a page with what its parties' history is asked by."""

    change: str
    household: str
    party: str
    premises: list[str]
    situation: str
    #: Category of the communication, and since when messages of it count towards a cap.
    category: str
    counted_since: dt.datetime
    #: For a past case, what was decided later does not count; `None` for now.
    before: dt.datetime | None = None


def save(assessment: situations.Assessment) -> None:
    """Store the changes of an assessment with the households that each concerns."""
    changes = assessment.changes
    if changes:
        rows = [msgspec.structs.asdict(change) | {"body": records.canonical(change).decode()} for change in changes]
        batch.run(_SAVE_CHANGES, [batch.encode(rows)])
    devices = [
        {"change": audience.change, "device": device}
        for audience in assessment.audiences
        for device in audience.devices
    ]
    if devices:
        batch.run(_AFFECT_MEMBERS, [batch.encode(devices)])
    of_kind: dict[situations.AudienceKind, list[dict[str, str]]] = {}
    for change in changes:
        row = {"ref": change.ref, "situation": change.situation}
        of_kind.setdefault(change.audience, []).append(
            row | {"subject": change.audience_ref, "role": change.audience_ref}
        )
    if told := of_kind.get(situations.AudienceKind.TOLD):
        batch.run(_AFFECT_TOLD, [batch.encode(told)])
    if subjects := of_kind.get(situations.AudienceKind.SUBJECT):
        encoded = batch.encode(subjects)
        batch.run(_AFFECT_SUBJECT, [encoded, encoded, encoded])
    if roles := of_kind.get(situations.AudienceKind.ROLE):
        batch.run(_AFFECT_ROLE, [batch.encode(roles)])


def change(ref: str) -> situations.Change:
    """A change by its reference.

    Raises:
        LookupError: there is none.
    """
    return changes([ref])[ref]


def changes(refs: Sequence[str]) -> dict[str, situations.Change]:
    """Changes by their references.

    Raises:
        LookupError: one of them is not there.
    """
    rows = batch.fetch("SELECT ref, body FROM change WHERE ref = ANY(%s)", [list(refs)], tuple[str, str])
    found = {ref: records.decode(body, situations.Change) for ref, body in rows}
    missing = sorted(set(refs) - set(found))
    if missing:
        raise LookupError(f"change: wanted one named {missing[0]!r}, got none")
    return found


def page(change_refs: Sequence[str], limit: int) -> list[AffectedRow]:
    """The next undecided households of some changes, locked until the transaction ends."""
    return batch.fetch(_PAGE, [list(change_refs), limit], AffectedRow)


def parties_of(asked: Sequence[Asked]) -> dict[str, list[parties.Party]]:
    """The parties of a page by change, household by household, each with its history in the situation."""
    found: dict[str, list[parties.Party]] = {}
    for change_ref, body in batch.fetch(_PARTIES, [batch.encode(asked)], tuple[str, str]):
        found.setdefault(change_ref, []).append(records.decode(body, parties.Party))
    return found


def decided(rows: Sequence[AffectedRow]) -> None:
    """Mark a page as decided."""
    batch.run("UPDATE affected SET is_decided = TRUE WHERE id = ANY(%s)", [[row.id for row in rows]])
