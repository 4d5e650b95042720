"""Situations in batches: the picture that `assess` is given, and the assessment it gives back."""

import datetime as dt
from collections.abc import Sequence
from typing import LiteralString

import msgspec

from signalpost.store import batch
from signalpost.vocabulary import records, situations

#: Devices, alarms or members that one pass of the clock takes up at most.
DUE_LIMIT = 5000

_DEVICES = """
SELECT ref, type, area_id AS area, premise_id AS premise, seen_at, cleared::json AS cleared
FROM device WHERE ref = ANY(%s)
"""

# Devices at the premises of the batch: a customer's report names a premise, not a device.
_DEVICES_AT = """
SELECT ref, type, area_id AS area, premise_id AS premise, seen_at, cleared::json AS cleared
FROM device WHERE premise_id = ANY(%s)
"""

# Devices of a type that fell silent: heard of once, not since.
_SILENT = """
SELECT ref, type, area_id AS area, premise_id AS premise, seen_at, cleared::json AS cleared FROM device
WHERE (type = %s OR %s = '') AND seen_at < %s
  AND NOT EXISTS (SELECT 1 FROM alarm WHERE alarm.subject = device.ref AND alarm.kind = %s
                  AND alarm.state <> 'cleared')
ORDER BY seen_at LIMIT %s
"""

_AREAS = """
SELECT area.ref, area.name, (SELECT count(*) FROM device WHERE device.area_id = area.ref) AS device_count
FROM area WHERE area.ref = ANY(%s)
"""

# Open alarms of these subjects, and those of their areas that no incident has taken up yet.
_ALARMS = """
SELECT body FROM alarm WHERE state <> 'cleared' AND subject = ANY(%s)
UNION SELECT body FROM alarm WHERE state <> 'cleared' AND incident = '' AND area = ANY(%s)
"""

# Alarms whose condition has lasted long enough.
_PENDING_DUE = "SELECT body FROM alarm WHERE state = 'pending' AND due_at <= %s ORDER BY due_at LIMIT %s"

# Alarms that joined no storm for so long.
_ISOLATED = """
SELECT body FROM alarm WHERE state IN ('open', 'acknowledged') AND incident = '' AND area <> '' AND raised_at <= %s
ORDER BY raised_at LIMIT %s
"""

# Open incidents of these areas, and the recent ones that these devices belong or belonged to.
_INCIDENTS = """
SELECT body FROM incident WHERE state <> 'resolved' AND (area = ANY(%s) OR ref = ANY(%s))
UNION SELECT incident.body FROM incident JOIN member ON member.incident_id = incident.ref
WHERE (incident.resolved_at IS NULL OR incident.resolved_at >= %s) AND member.device = ANY(%s)
"""

# Incidents that the clock concerns: an estimate passed.
_INCIDENTS_DUE = "SELECT body FROM incident WHERE state <> 'resolved' AND restoration_at <= %s"

# Of these incidents: these devices, and the others at their premises.
_MEMBERS = """
SELECT body FROM member WHERE incident_id = ANY(%s) AND (device = ANY(%s) OR premise = ANY(%s))
"""

# Members still affected, of incidents that an order of operations ends.
_ACTIVE_MEMBERS = "SELECT body FROM member WHERE incident_id = ANY(%s) AND left_at IS NULL"

_MEMBERS_DUE = "SELECT body FROM member WHERE tell_restored_at <= %s ORDER BY tell_restored_at LIMIT %s"

_SAVE_DEVICES = """
UPDATE device SET seen_at = given.seen_at, cleared = given.cleared
FROM json_to_recordset(%s::json) AS given(ref text, seen_at timestamptz, cleared jsonb)
WHERE device.ref = given.ref
"""

_SAVE_ALARMS = """
INSERT INTO alarm (ref, subject, kind, severity, state, area, incident, due_at, raised_at, cleared_at, body)
SELECT ref, subject, kind, severity, state, area, incident, due_at, raised_at, cleared_at, body
FROM json_to_recordset(%s::json) AS given(ref text, subject text, kind text, severity int, state text, area text,
    incident text, due_at timestamptz, raised_at timestamptz, cleared_at timestamptz, body text)
ON CONFLICT (ref) DO UPDATE SET severity = excluded.severity, state = excluded.state, incident = excluded.incident,
    due_at = excluded.due_at, cleared_at = excluded.cleared_at, body = excluded.body
"""

_SAVE_INCIDENTS = """
INSERT INTO incident (ref, area, cause, severity, state, opened_at, resolved_at, active_count, member_count,
                      restoration_at, body)
SELECT ref, area, cause, severity, state, opened_at, resolved_at, active_count, member_count, restoration_at, body
FROM json_to_recordset(%s::json) AS given(ref text, area text, cause text, severity int, state text,
    opened_at timestamptz, resolved_at timestamptz, active_count int, member_count int, restoration_at timestamptz,
    body text)
ON CONFLICT (ref) DO UPDATE SET severity = excluded.severity, state = excluded.state,
    resolved_at = excluded.resolved_at, active_count = excluded.active_count, member_count = excluded.member_count,
    restoration_at = excluded.restoration_at, body = excluded.body
"""

_SAVE_ESTIMATES = """
INSERT INTO estimate (incident_id, version, restoration_at, stated_at, body)
SELECT incident, version, restoration_at, stated_at, body
FROM json_to_recordset(%s::json) AS given(incident text, version int, restoration_at timestamptz,
    stated_at timestamptz, body text)
ON CONFLICT (incident_id, version) DO NOTHING
"""

_SAVE_MEMBERS = """
INSERT INTO member (incident_id, device, premise, left_at, tell_restored_at, body)
SELECT incident, device, premise, left_at, tell_restored_at, body
FROM json_to_recordset(%s::json) AS given(incident text, device text, premise text, left_at timestamptz,
    tell_restored_at timestamptz, body text)
ON CONFLICT (incident_id, device) DO UPDATE SET left_at = excluded.left_at,
    tell_restored_at = excluded.tell_restored_at, body = excluded.body
"""


def picture(subjects: Sequence[str], *, ended: Sequence[str], since: dt.datetime) -> situations.Picture:
    """Everything open that could matter to a batch of events.

    Args:
        subjects: Subjects of the events: devices, premises, areas, incidents.
        ended: Those of them whose incident an event of the batch ends as a whole.
        since: Incidents resolved before this no longer matter to anyone's report.
    """
    names = list(subjects)
    devices = _devices(_DEVICES, [names]) | _devices(_DEVICES_AT, [names])
    return _around(devices, names=names, ended=ended, since=since, alarms={}, members={})


def picture_due(
    silences: Sequence[tuple[str, str, dt.datetime]], *, isolated_before: dt.datetime | None, now: dt.datetime
) -> situations.Picture:
    """Everything that falls due by the clock, and what is around it.

    Args:
        silences: Device type, alarm kind and "not heard since" of each silence rule.
        isolated_before: Ungrouped alarms raised before this become incidents of their own; `None` when no rule asks.
        now: The moment for which it is asked.
    """
    devices: dict[str, situations.DeviceState] = {}
    for device_type, kind, since in silences:
        devices |= _devices(_SILENT, [device_type, device_type, since, kind, DUE_LIMIT])
    alarms = _alarms(_PENDING_DUE, [now, DUE_LIMIT])
    if isolated_before is not None:
        alarms |= _alarms(_ISOLATED, [isolated_before, DUE_LIMIT])
    members = _members(_MEMBERS_DUE, [now, DUE_LIMIT])
    devices |= _devices(_DEVICES, [sorted({alarm.subject for alarm in alarms.values()})])
    names = sorted({incident for incident, _ in members} | _incidents(_INCIDENTS_DUE, [now]).keys())
    return _around(devices, names=names, ended=(), since=now, alarms=alarms, members=members)


def _around(  # everything that one batch of devices and names touches
    devices: dict[str, situations.DeviceState],
    *,
    names: Sequence[str],
    ended: Sequence[str],
    since: dt.datetime,
    alarms: dict[str, situations.Alarm],
    members: dict[tuple[str, str], situations.Member],
) -> situations.Picture:
    areas = sorted({*names, *(device.area for device in devices.values())})
    incidents = _incidents(_INCIDENTS, [areas, list(names), since, list(devices)])
    areas = sorted({*areas, *(incident.area for incident in incidents.values())})
    ending = [incident.ref for incident in incidents.values() if incident.ref in ended or incident.area in ended]
    premises = sorted({*(device.premise for device in devices.values()), *(row.premise for row in members.values())})
    members = (
        members | _members(_MEMBERS, [list(incidents), list(devices), premises]) | _members(_ACTIVE_MEMBERS, [ending])
    )
    subjects = sorted({*devices, *incidents, *(device for _, device in members)})
    alarms = alarms | _alarms(_ALARMS, [subjects, areas])
    missing = sorted({alarm.subject for alarm in alarms.values()} | {device for _, device in members})
    devices = devices | _devices(_DEVICES, [[ref for ref in missing if ref not in devices]])
    return situations.Picture(
        devices=tuple(devices.values()),
        areas=tuple(batch.fetch(_AREAS, [areas], situations.Area)),
        alarms=tuple(alarms.values()),
        incidents=tuple(incidents.values()),
        members=tuple(members.values()),
    )


def save(assessment: situations.Assessment) -> None:
    """Store what an assessment found to be new or changed (changes and audiences: `audiences.save`)."""
    if assessment.devices:
        batch.run(_SAVE_DEVICES, [batch.encode(assessment.devices)])
    if assessment.alarms:
        # Cleared ones first: a new alarm of the same kind may only open once the old one is cleared.
        ordered = sorted(assessment.alarms, key=lambda alarm: alarm.state != situations.AlarmState.CLEARED)
        for is_cleared in (True, False):
            rows = [a for a in ordered if (a.state == situations.AlarmState.CLEARED) is is_cleared]
            if rows:
                batch.run(_SAVE_ALARMS, [batch.encode([_with_body(row) for row in rows])])
    if assessment.incidents:
        rows = [_with_body(row) | {"restoration_at": row.estimate.restoration_at} for row in assessment.incidents]
        batch.run(_SAVE_INCIDENTS, [batch.encode(rows)])
        stated = [
            _with_body(row.estimate) | {"incident": row.ref} for row in assessment.incidents if row.estimate.version
        ]
        if stated:
            batch.run(_SAVE_ESTIMATES, [batch.encode(stated)])
    if assessment.members:
        batch.run(_SAVE_MEMBERS, [batch.encode([_with_body(row) for row in assessment.members])])


def _with_body(record: records.Record) -> dict[str, object]:
    fields: dict[str, object] = msgspec.structs.asdict(record)
    return fields | {"body": records.canonical(record).decode()}


def _devices(sql: LiteralString, parameters: Sequence[object]) -> dict[str, situations.DeviceState]:
    return {row.ref: row for row in batch.fetch(sql, parameters, situations.DeviceState)}


def _alarms(sql: LiteralString, parameters: Sequence[object]) -> dict[str, situations.Alarm]:
    rows = (records.decode(body, situations.Alarm) for (body,) in batch.fetch(sql, parameters, tuple[str]))
    return {row.ref: row for row in rows}


def _incidents(sql: LiteralString, parameters: Sequence[object]) -> dict[str, situations.Incident]:
    rows = (records.decode(body, situations.Incident) for (body,) in batch.fetch(sql, parameters, tuple[str]))
    return {row.ref: row for row in rows}


def _members(sql: LiteralString, parameters: Sequence[object]) -> dict[tuple[str, str], situations.Member]:
    rows = (records.decode(body, situations.Member) for (body,) in batch.fetch(sql, parameters, tuple[str]))
    return {(row.incident, row.device): row for row in rows}
