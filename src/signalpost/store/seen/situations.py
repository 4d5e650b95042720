"""Incidents and alarms as the console lists them, and all there is about one incident."""

import datetime as dt

import msgspec

from signalpost.store import batch
from signalpost.store.seen import asked

#: Points drawn on one map, areas on the map of all.
MAP_POINTS = 2000
MAP_AREAS = 200
#: Members and alarms shown on an incident's page.
SHOWN = 100

# Incidents with their area and the households that were told of them.
_INCIDENTS = """
SELECT incident.ref, incident.area AS area, COALESCE(area.name, incident.area) AS area_name, incident.cause,
       incident.severity, incident.state, incident.opened_at, incident.resolved_at, incident.restoration_at,
       incident.active_count, incident.member_count,
       (SELECT count(DISTINCT household) FROM decision
        WHERE situation = incident.ref AND verdict = 'notice') AS households_told
FROM incident LEFT JOIN area ON area.ref = incident.area
WHERE (%(state)s = '' OR incident.state = %(state)s OR (%(state)s = 'going_on' AND incident.state <> 'resolved'))
  AND (%(cause)s = '' OR incident.cause = %(cause)s)
  AND (%(area)s = '' OR incident.area = %(area)s)
  AND (%(ref)s = '' OR incident.ref = %(ref)s)
  AND (%(words)s = '' OR incident.ref = %(words)s OR incident.area = %(words)s
       OR strpos(lower(area.name), lower(%(words)s)) > 0)
ORDER BY CASE WHEN %(sort)s = 'opened_at' THEN incident.opened_at END,
         CASE WHEN %(sort)s = '-opened_at' THEN incident.opened_at END DESC,
         CASE WHEN %(sort)s = 'severity' THEN incident.severity END,
         CASE WHEN %(sort)s = '-severity' THEN incident.severity END DESC,
         CASE WHEN %(sort)s = 'members' THEN incident.member_count END,
         CASE WHEN %(sort)s = '-members' THEN incident.member_count END DESC,
         CASE WHEN %(sort)s = 'area' THEN area.name END,
         CASE WHEN %(sort)s = '-area' THEN area.name END DESC,
         incident.ref
LIMIT %(limit)s OFFSET %(offset)s
"""

_ALARMS = """
SELECT alarm.ref, alarm.subject, alarm.kind, alarm.severity, alarm.state, alarm.area,
       COALESCE(area.name, alarm.area) AS area_name, alarm.incident, alarm.raised_at, alarm.cleared_at
FROM alarm LEFT JOIN area ON area.ref = alarm.area
WHERE (%(state)s = '' OR alarm.state = %(state)s OR (%(state)s = 'going_on' AND alarm.state <> 'cleared'))
  AND (%(kind)s = '' OR alarm.kind = %(kind)s)
  AND (%(area)s = '' OR alarm.area = %(area)s)
  AND (%(words)s = '' OR alarm.subject = %(words)s OR alarm.incident = %(words)s OR alarm.ref = %(words)s)
ORDER BY CASE WHEN %(sort)s = 'raised_at' THEN alarm.raised_at END,
         CASE WHEN %(sort)s = '-raised_at' THEN alarm.raised_at END DESC,
         CASE WHEN %(sort)s = 'severity' THEN alarm.severity END,
         CASE WHEN %(sort)s = '-severity' THEN alarm.severity END DESC,
         alarm.ref
LIMIT %(limit)s OFFSET %(offset)s
"""

# The areas there are, each with its outline and as many of its premises as a map needs to find its shape.
_AREAS = """
SELECT area.ref, area.name, area.outline::text AS outline,
       COALESCE((SELECT json_agg(json_build_array(spot.longitude, spot.latitude))
                 FROM (SELECT longitude, latitude FROM premise
                       WHERE premise.area_id = area.ref AND longitude IS NOT NULL LIMIT %(points)s) AS spot),
                '[]')::text AS points
FROM area WHERE %(area)s = '' OR area.ref = %(area)s ORDER BY area.ref LIMIT %(areas)s
"""

# What goes on in each area.
_AREA_STATES = """
SELECT incident.area, count(*) AS incidents, max(incident.severity) AS severity, sum(active_count)::bigint AS affected
FROM incident WHERE state <> 'resolved' GROUP BY incident.area
"""

# Where the members of an incident are, and whether they are still affected.
_MEMBER_POINTS = """
SELECT premise.longitude, premise.latitude, member.left_at IS NULL AS is_affected
FROM member JOIN premise ON premise.ref = member.premise
WHERE member.incident_id = %s AND premise.longitude IS NOT NULL ORDER BY member.device LIMIT %s
"""

_MEMBERS = """
SELECT member.device, member.premise, member.left_at, member.tell_restored_at
FROM member WHERE incident_id = %s ORDER BY member.left_at IS NOT NULL, member.device LIMIT %s
"""

_ESTIMATES = """
SELECT version, restoration_at, stated_at FROM estimate WHERE incident_id = %s ORDER BY version
"""

_CHANGES = """
SELECT ref, kind, stage, communication, lane, at FROM change WHERE situation = %s ORDER BY stage, ref
"""

# Of each change of a situation: how many parties were told, or not and why.
_VERDICTS = """
SELECT change, verdict, reason, count(*) AS parties, count(DISTINCT household) AS households
FROM decision WHERE situation = %s GROUP BY change, verdict, reason ORDER BY change, verdict, reason
"""

# Of each change: where its deliveries stand, by channel.
_CHANNEL_STATES = """
SELECT decision.change, delivery.channel, delivery.state, count(*)
FROM decision JOIN delivery ON delivery.communication_id = decision.ref
WHERE decision.situation = %s GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""

# Alarms of an incident by the minute in which they began: a storm is one line, not a thousand.
_ALARM_MINUTES = """
SELECT date_trunc('minute', raised_at) AS at, kind, count(*) AS alarms,
       count(*) FILTER (WHERE state = 'cleared') AS cleared
FROM alarm WHERE incident = %s GROUP BY 1, 2 ORDER BY 1, 2 LIMIT %s
"""


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """An incident as it is listed."""

    ref: str
    area: str
    area_name: str
    cause: str
    severity: int
    state: str
    opened_at: dt.datetime
    resolved_at: dt.datetime | None
    restoration_at: dt.datetime | None
    active_count: int
    member_count: int
    households_told: int


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    """An alarm as it is listed."""

    ref: str
    subject: str
    kind: str
    severity: int
    state: str
    area: str
    area_name: str
    incident: str
    raised_at: dt.datetime
    cleared_at: dt.datetime | None


class Area(msgspec.Struct, frozen=True, kw_only=True):
    """An area for the map: its outline if it has one, and places in it, as (longitude, latitude)."""

    ref: str
    name: str
    outline: str
    points: str


class AreaState(msgspec.Struct, frozen=True, kw_only=True):
    """What goes on in an area."""

    area: str
    incidents: int
    severity: int
    affected: int


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A device's part in an incident."""

    device: str
    premise: str
    left_at: dt.datetime | None
    tell_restored_at: dt.datetime | None


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """A stated estimate."""

    version: int
    restoration_at: dt.datetime | None
    stated_at: dt.datetime


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A change of a situation."""

    ref: str
    kind: str
    stage: int
    communication: str
    lane: str
    at: dt.datetime


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """How many were told of a change, or not for one reason."""

    change: str
    verdict: str
    reason: str
    parties: int
    households: int


class AlarmMinute(msgspec.Struct, frozen=True, kw_only=True):
    """Alarms of one kind that began in one minute."""

    at: dt.datetime
    kind: str
    alarms: int
    cleared: int


def incidents(given: asked.Asked) -> list[Incident]:
    """A page of incidents. Filters: state (or `going_on`), cause, area."""
    return batch.fetch(_INCIDENTS, {"ref": "", **given.parameters()}, Incident)


def incident(ref: str) -> Incident | None:
    """One incident."""
    found = incidents(asked.Asked(chosen={"state": "", "cause": "", "area": "", "ref": ref}))
    return found[0] if found else None


def alarms(given: asked.Asked) -> list[Alarm]:
    """A page of alarms. Filters: state (or `going_on`), kind, area."""
    return batch.fetch(_ALARMS, given.parameters(), Alarm)


def causes() -> list[str]:
    """Causes that incidents have had."""
    return [cause for (cause,) in batch.fetch("SELECT DISTINCT cause FROM incident ORDER BY 1", [], tuple[str])]


def area_names() -> list[tuple[str, str]]:
    """The areas by name."""
    return batch.fetch("SELECT ref, name FROM area ORDER BY name LIMIT %s", [MAP_AREAS], tuple[str, str])


def areas(ref: str = "") -> list[Area]:
    """Areas for a map: one, or all."""
    return batch.fetch(_AREAS, {"area": ref, "points": MAP_POINTS, "areas": MAP_AREAS}, Area)


def area_states() -> list[AreaState]:
    """What goes on, by area."""
    return batch.fetch(_AREA_STATES, [], AreaState)


def member_points(ref: str) -> list[tuple[float, float, bool]]:
    """Where members of an incident are: longitude, latitude, whether they are still affected."""
    return batch.fetch(_MEMBER_POINTS, [ref, MAP_POINTS], tuple[float, float, bool])


def members(ref: str) -> list[Member]:
    """Members of an incident, those still affected first."""
    return batch.fetch(_MEMBERS, [ref, SHOWN], Member)


def estimates(ref: str) -> list[Estimate]:
    """Every stated estimate of an incident."""
    return batch.fetch(_ESTIMATES, [ref], Estimate)


def changes(ref: str) -> list[Change]:
    """The changes of a situation in order."""
    return batch.fetch(_CHANGES, [ref], Change)


def verdicts(ref: str) -> list[Verdict]:
    """How many were told of each change of a situation, or not and why."""
    return batch.fetch(_VERDICTS, [ref], Verdict)


def channel_states(ref: str) -> list[tuple[str, str, str, int]]:
    """Of each change: channel, state of the delivery, how many."""
    return batch.fetch(_CHANNEL_STATES, [ref], tuple[str, str, str, int])


def alarm_minutes(ref: str) -> list[AlarmMinute]:
    """When the alarms of an incident began."""
    return batch.fetch(_ALARM_MINUTES, [ref, SHOWN], AlarmMinute)
