"""The board: what is known while a batch is assessed, by every key it is looked up by.

It holds state and no rule: the picture as it was, what has become of it so far, and what is to be told.
"""

import bisect
import collections
import datetime as dt
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from signalpost.flow.assess import matching
from signalpost.vocabulary import events, situations

_K = TypeVar("_K", bound=Hashable)
_R = TypeVar("_R")

#: What arrives late falls due no sooner than this after it was assessed, so that what else its device has to say (it
#: was buffered together) can arrive first. Nothing an event brings is due in the same call.
LATE_SECONDS = 15

_STANDING = frozenset({situations.AlarmState.OPEN, situations.AlarmState.ACKNOWLEDGED})

#: Which note an event gets when several apply, the weightiest first.
_WEIGHT = {
    noted: weight
    for weight, noted in enumerate(
        (
            situations.Noted.RAISED,
            situations.Noted.ESCALATED,
            situations.Noted.CLEARED,
            situations.Noted.ESTIMATED,
            situations.Noted.ACTED,
            situations.Noted.REPORTED,
            situations.Noted.PASSED_ON,
            situations.Noted.CONFIRMED,
            situations.Noted.OUTDATED,
            situations.Noted.FAULTY,
            situations.Noted.NO_INCIDENT,
            situations.Noted.UNKNOWN_SUBJECT,
            situations.Noted.CONDITION_FALSE,
            situations.Noted.NO_RULE,
        )
    )
}

#: What became of an event through one rule: what, the rule's or trigger's name, what it led to.
Finding = tuple[situations.Noted, str, str]


class Loose:
    """The devices of one area with open alarms of one cause that belong to no incident, by when they were raised."""

    def __init__(self) -> None:
        self._raised: list[tuple[dt.datetime, str]] = []
        self._by_device: dict[str, dt.datetime] = {}

    def __contains__(self, device: str) -> bool:
        return device in self._by_device

    def devices(self) -> list[str]:
        """The devices, whoever was raised first coming first."""
        return [device for _, device in self._raised]

    def put(self, device: str, raised_at: dt.datetime | None) -> None:
        """Note when a device was raised, or with `None` that it no longer is."""
        before = self._by_device.get(device)
        if raised_at == before:
            return
        if before is not None:
            del self._by_device[device]
            del self._raised[bisect.bisect_left(self._raised, (before, device))]
        if raised_at is not None:
            self._by_device[device] = raised_at
            bisect.insort(self._raised, (raised_at, device))

    def is_storm(self, around: dt.datetime, *, device_count: int, within: dt.timedelta) -> bool:
        """Whether so many devices were raised within so long of each other, at a time that could include `around`."""
        low = bisect.bisect_left(self._raised, (around - within, ""))
        high = bisect.bisect_left(self._raised, (around + within + dt.timedelta.resolution, ""))
        return any(
            self._raised[first + device_count - 1][0] - self._raised[first][0] <= within
            for first in range(low, high - device_count + 1)
        )


class Board:
    """What is known while a batch is assessed. The picture stays as it was; what is new or changed is put."""

    def __init__(self, picture: situations.Picture, *, index: matching.Index, now: dt.datetime) -> None:
        self.index = index
        self.now = now
        self.devices: dict[str, situations.DeviceState] = {}
        self.areas = {area.ref: area for area in picture.areas}
        self.listening_since = picture.listening_since
        self.premises = {device.premise for device in picture.devices}
        self.incidents: dict[str, situations.Incident] = {}
        self.members: dict[tuple[str, str], situations.Member] = {}
        self.changes: dict[str, situations.Change] = {}
        #: Devices by the change that concerns them; dictionaries for their order.
        self.audiences: dict[str, dict[str, None]] = collections.defaultdict(dict)
        #: Devices that joined and wait to be told so, by incident and stint.
        self.joined: dict[str, dict[int, dict[str, None]]] = {}
        self._faults: dict[situations.RuleFault, None] = {}
        self._standing: dict[str, dict[str, situations.Alarm]] = collections.defaultdict(dict)
        self._loose: dict[tuple[str, str], Loose] = collections.defaultdict(Loose)
        self._homes: dict[tuple[str, str], str] = {}
        self._wide: dict[tuple[str, str], str] = {}
        self._devices_of: dict[str, dict[str, None]] = collections.defaultdict(dict)
        #: Made when it is first asked for: most batches never do, and a storm has as many premises as members.
        self._stays_at: dict[str, dict[tuple[str, str], None]] | None = None
        self._alarms: dict[str, situations.Alarm] = {}
        for device in picture.devices:
            self.put_device(device)
        for incident in picture.incidents:
            self.put_incident(incident)
        for member in picture.members:
            self.put_member(member)
        for alarm in picture.alarms:
            self.put_alarm(alarm)
        self._before = (dict(self.devices), dict(self._alarms), dict(self.incidents), dict(self.members))

    # What there is.

    def standing(self, subject: str) -> list[situations.Alarm]:
        """The alarms of a device or incident that are not cleared."""
        return list(self._standing.get(subject, {}).values())

    def standing_of(self, subject: str, kind: str) -> situations.Alarm | None:
        """The alarm of a kind that is not cleared."""
        return self._standing.get(subject, {}).get(kind)

    def all_standing(self) -> list[situations.Alarm]:
        """Every alarm that is not cleared."""
        return [alarm for by_kind in self._standing.values() for alarm in by_kind.values()]

    def loose(self, area: str, cause: str) -> Loose:
        """The devices of an area with open alarms of a cause that belong to no incident."""
        return self._loose[area, cause]

    def home(self, device: str, cause: str) -> str:
        """The incident of a cause that a device is affected by, "" for none."""
        return self._homes.get((device, cause), "")

    def wide(self, area: str, cause: str) -> str:
        """The incident of a cause that is going on in an area as a whole, "" for none."""
        return self._wide.get((area, cause), "")

    def wide_in(self, area: str, cause: str) -> list[str]:
        """The incidents that are going on in an area as a whole; of one cause, or with "" of every one."""
        return sorted(ref for (at, of), ref in self._wide.items() if at == area and cause in {"", of})

    def members_of(self, incident: str) -> list[situations.Member]:
        """The members of an incident that were loaded or joined."""
        return [self.members[incident, device] for device in self._devices_of.get(incident, ())]

    def members_at(self, premise: str) -> list[situations.Member]:
        """Every part that the devices of a premise have or had in incidents."""
        if self._stays_at is None:
            self._stays_at = collections.defaultdict(dict)
            for key, member in self.members.items():
                self._stays_at[member.premise][key] = None
        return [self.members[key] for key in self._stays_at.get(premise, ())]

    def area(self, ref: str) -> situations.Area:
        """What is known about an area; of one that is not registered, only its reference."""
        return self.areas.get(ref) or situations.Area(ref=ref, name=ref, device_count=0)

    def due_at(self, began_at: dt.datetime, after_seconds: int) -> dt.datetime:
        """So long after the beginning, but no sooner than `LATE_SECONDS` from now for what arrives late."""
        on_time = began_at + dt.timedelta(seconds=after_seconds)
        return max(on_time, self.now + dt.timedelta(seconds=min(after_seconds, LATE_SECONDS)))

    # What becomes of it.

    def put_device(self, device: situations.DeviceState) -> None:
        """Replace what is known about a device."""
        self.devices[device.ref] = device

    def put_alarm(self, alarm: situations.Alarm) -> None:
        """Add or replace an alarm.

        Raises:
            ValueError: the move is not legal, or another alarm of the subject and kind is not cleared yet.
        """
        by_kind = self._standing[alarm.subject]
        before = by_kind.get(alarm.kind, alarm)
        if before.ref != alarm.ref:
            raise ValueError(f"alarm {alarm.ref!r}: wanted {before.ref!r} of the same kind to be cleared first")
        if alarm.state not in situations.ALARM_MOVES[before.state] | {before.state}:
            raise ValueError(f"alarm {alarm.ref!r}: no move from {before.state} to {alarm.state}")
        self._alarms[alarm.ref] = alarm
        if alarm.state is situations.AlarmState.CLEARED:
            by_kind.pop(alarm.kind, None)
        else:
            by_kind[alarm.kind] = alarm
        if self.index.is_grouped(alarm.cause):
            self._put_loose(alarm)

    def _put_loose(self, alarm: situations.Alarm) -> None:
        """Keep up with which devices have open alarms that belong to no incident."""
        loose = self._loose[alarm.area, alarm.cause]
        if alarm.subject in loose or _is_loose(alarm):
            of_cause = (other for other in self.standing(alarm.subject) if other.cause == alarm.cause)
            raised = (other.raised_at for other in of_cause if _is_loose(other))
            loose.put(alarm.subject, min(raised, default=None))

    def put_incident(self, incident: situations.Incident) -> None:
        """Add or replace an incident.

        Raises:
            ValueError: the move is not legal.
        """
        before = self.incidents.get(incident.ref, incident)
        if incident.state not in situations.INCIDENT_MOVES[before.state] | {before.state}:
            raise ValueError(f"incident {incident.ref!r}: no move from {before.state} to {incident.state}")
        self.incidents[incident.ref] = incident
        if not incident.is_single:
            if incident.state is not situations.IncidentState.RESOLVED:
                self._wide[incident.area, incident.cause] = incident.ref
            elif self._wide.get((incident.area, incident.cause)) == incident.ref:
                del self._wide[incident.area, incident.cause]

    def put_member(self, member: situations.Member) -> None:
        """Add or replace a member of an incident."""
        key = (member.incident, member.device)
        self.members[key] = member
        self._devices_of[member.incident][member.device] = None
        if self._stays_at is not None:
            self._stays_at[member.premise][key] = None
        incident = self.incidents.get(member.incident)
        if incident:
            home = (member.device, incident.cause)
            if member.left_at is None:
                self._homes[home] = incident.ref
            elif self._homes.get(home) == incident.ref:
                del self._homes[home]

    def fault(self, rule: str, *, ref: str, text: str) -> None:
        """Note that a rule or trigger could not be asked."""
        self._faults[situations.RuleFault(rule=rule, ref=ref, text=text)] = None

    def assessment(self, notes: Iterable[situations.EventNote]) -> situations.Assessment:
        """All that is not as it was before."""
        devices, alarms, incidents, members = self._before
        return situations.Assessment(
            notes=tuple(notes),
            devices=_changed(self.devices, devices),
            alarms=_changed(self._alarms, alarms),
            incidents=_changed(self.incidents, incidents),
            members=_changed(self.members, members),
            changes=tuple(self.changes.values()),
            audiences=tuple(
                situations.Audience(change=change, devices=tuple(concerned))
                for change, concerned in self.audiences.items()
            ),
            faults=tuple(self._faults),
        )


def weightiest(event: events.Event, findings: Sequence[Finding]) -> situations.EventNote:
    """The one note of an event: what weighs most of all that became of it; `no_rule` when that is nothing."""
    noted, rule, ref = min(findings, key=lambda found: _WEIGHT[found[0]], default=(situations.Noted.NO_RULE, "", ""))
    return situations.EventNote(source=event.source, id=event.id, noted=noted, rule=rule, ref=ref)


def _is_loose(alarm: situations.Alarm) -> bool:
    return not alarm.incident and alarm.state in _STANDING


def _changed(after: Mapping[_K, _R], before: Mapping[_K, _R]) -> tuple[_R, ...]:
    return tuple(
        record for key, record in after.items() if record is not (known := before.get(key)) and record != known
    )
