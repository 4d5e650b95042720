"""Alarms of one cause in one area become an incident; its members join, leave, and with the last one it is over."""

import datetime as dt
import math
from collections.abc import Sequence

from msgspec.structs import replace

from signalpost.flow.assess import boards, telling
from signalpost.vocabulary import records, situations


def joined(board: boards.Board, alarm: situations.Alarm) -> None:
    """An open alarm joins the incident of its cause that its device or its area has; or waits, or completes a storm."""
    if not board.index.is_grouped(alarm.cause):
        board.put_alarm(alarm)
        return
    going_on = board.home(alarm.subject, alarm.cause) or board.wide(alarm.area, alarm.cause)
    if going_on:
        entered(board, going_on, alarm)
        return
    board.put_alarm(alarm)
    if _is_storm(board, alarm):
        devices = board.loose(alarm.area, alarm.cause).devices()
        begun(board, [waiting for device in devices for waiting in loose(board, device, alarm.cause)])


def isolated(board: boards.Board, alarm: situations.Alarm) -> None:
    """An open alarm that joined no storm in time becomes an incident of its own."""
    begun(board, loose(board, alarm.subject, alarm.cause), is_single=True)


def begun(
    board: boards.Board,
    alarms: Sequence[situations.Alarm],
    *,
    ref: str = "",
    is_single: bool = False,
    parent: str = "",
) -> str:
    """A new incident of these alarms, of one cause in one area; its reference, from the first of them if not given."""
    first = min(alarms, key=lambda alarm: (alarm.raised_at, alarm.ref))
    incident = situations.Incident(
        ref=ref or records.reference("incident", first.area, first.cause, first.ref),
        area=first.area,
        cause=first.cause,
        severity=first.severity,
        state=situations.IncidentState.OPEN,
        opened_at=first.raised_at,
        is_single=is_single,
        parent=parent,
    )
    board.put_incident(incident)
    for alarm in alarms:
        entered(board, incident.ref, alarm)
    return incident.ref


def loose(board: boards.Board, device: str, cause: str) -> list[situations.Alarm]:
    """The open alarms of a device that belong to no incident of their cause yet."""
    return [
        alarm
        for alarm in board.standing(device)
        if alarm.cause == cause and not alarm.incident and alarm.state is not situations.AlarmState.PENDING
    ]


def entered(board: boards.Board, incident_ref: str, alarm: situations.Alarm) -> None:
    """An open alarm belongs to an incident from now on, and its device is affected by it."""
    board.put_alarm(replace(alarm, incident=incident_ref, due_at=None))
    incident = board.incidents[incident_ref]
    member = board.members.get((incident_ref, alarm.subject))
    if member is None or member.left_at:
        member_count = incident.member_count + (member is None)
        active_count = incident.active_count + 1
        is_whole = active_count == member_count
        incident = replace(
            incident,
            member_count=member_count,
            active_count=active_count,
            state=situations.IncidentState.OPEN if is_whole else situations.IncidentState.PARTLY_RESTORED,
        )
        back = _member(incident_ref, alarm) if member is None else _back(member, alarm)
        if member is None or back.stint > member.stint:
            telling.joined(board, back)
        board.put_member(back)
    board.put_incident(replace(incident, severity=max(incident.severity, alarm.severity)))


def worsened(board: boards.Board, alarm: situations.Alarm) -> None:
    """An alarm's severity may have risen: an incident is as bad as the worst of its alarms ever was."""
    incident = board.incidents.get(alarm.incident)
    if incident and incident.severity < alarm.severity:
        board.put_incident(replace(incident, severity=alarm.severity))


def left(board: boards.Board, alarm: situations.Alarm, *, at: dt.datetime) -> None:
    """An alarm of an incident cleared: its device leaves unless another alarm holds it, the last one ends it."""
    if any(other.incident == alarm.incident for other in board.standing(alarm.subject)):
        return
    incident = board.incidents[alarm.incident]
    member = board.members[alarm.incident, alarm.subject]
    tell_restored_at = board.due_at(at, board.index.incident(incident.cause).restored_after_seconds)
    board.put_member(replace(member, left_at=at, tell_restored_at=tell_restored_at))
    active_count = incident.active_count - 1
    if active_count:
        state = situations.IncidentState.PARTLY_RESTORED
        board.put_incident(replace(incident, active_count=active_count, state=state))
    else:
        _over(board, incident)


def _is_storm(board: boards.Board, alarm: situations.Alarm) -> bool:
    storm = board.index.incident(alarm.cause).storm
    # Rounded first: 0.7 % of 700 is 4.8999999999999995, and 7 % of 100 is 7.000000000000001.
    share = math.ceil(round(board.area(alarm.area).device_count * storm.min_percent / 100, 6))
    return board.loose(alarm.area, alarm.cause).is_storm(
        alarm.raised_at,
        device_count=max(1, storm.min_devices, share),
        within=dt.timedelta(seconds=storm.within_seconds),
    )


def _member(incident_ref: str, alarm: situations.Alarm) -> situations.Member:
    return situations.Member(
        incident=incident_ref, device=alarm.subject, premise=alarm.premise, joined_at=alarm.raised_at
    )


def _back(member: situations.Member, alarm: situations.Alarm) -> situations.Member:
    """A member that had left is affected again; anew if its household was told that it was restored."""
    back = replace(member, left_at=None, tell_restored_at=None)
    if not member.told_restored_at:
        return back
    return replace(back, joined_at=alarm.raised_at, told_restored_at=None, stint=member.stint + 1)


def _over(board: boards.Board, incident: situations.Incident) -> None:
    """The last member has left: the end is told once, to all, instead of what was still to be told to some."""
    telling.joiners(board, incident.ref)
    members = board.members_of(incident.ref)
    for member in members:
        if member.tell_restored_at:
            board.put_member(replace(member, tell_restored_at=None))
    passed = board.standing_of(incident.ref, situations.ESTIMATE_PASSED_KIND)
    resolved_at = max(member.left_at for member in members if member.left_at)
    if passed:
        board.put_alarm(
            replace(passed, state=situations.AlarmState.CLEARED, cleared_at=max(resolved_at, passed.raised_at))
        )
    board.put_incident(
        replace(
            board.incidents[incident.ref],
            state=situations.IncidentState.RESOLVED,
            resolved_at=resolved_at,
            active_count=0,
            estimate=replace(incident.estimate, passes_at=None),
            opened_changes=(),
        )
    )
    telling.told(board, incident.ref, kind=situations.ChangeKind.RESOLVED)
