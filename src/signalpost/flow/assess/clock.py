"""What falls due by the time alone, in the order in which one may lead to the other."""

import datetime as dt
import itertools

from msgspec.structs import replace

from signalpost.flow.assess import alarms, boards, incidents, telling
from signalpost.vocabulary import records, situations


def serve(board: boards.Board) -> None:
    """Do all that is due, then tell who joined meanwhile."""
    _conditions_that_lasted(board)
    _devices_that_fell_silent(board)
    _estimates_that_passed(board)
    _alarms_that_stayed_alone(board)
    _members_that_are_restored(board)
    for incident_ref in list(board.joined):
        telling.joiners(board, incident_ref)


def _conditions_that_lasted(board: boards.Board) -> None:
    for alarm in _due(board, is_pending=True):
        alarms.opened(board, alarm)


def _devices_that_fell_silent(board: boards.Board) -> None:
    """Not for a device that was never heard of: silence is when something stops. It begins when there was who hears."""
    for device in list(board.devices.values()):
        if device.seen_at is None:
            continue
        quiet_since = max(device.seen_at, board.listening_since or device.seen_at)
        silent_seconds = (board.now - quiet_since).total_seconds()
        silent = [rule for rule in board.index.silences(device.type) if rule.silent_seconds <= silent_seconds]
        for _, of_kind in itertools.groupby(sorted(silent, key=lambda rule: rule.kind), lambda rule: rule.kind):
            rules = list(of_kind)
            began_at = quiet_since + dt.timedelta(seconds=min(rule.silent_seconds for rule in rules))
            alarms.raised(board, device, rules=rules, at=began_at, event="")


def _estimates_that_passed(board: boards.Board) -> None:
    """An alarm for staff, once for each version of an estimate."""
    for incident in list(board.incidents.values()):
        estimate = incident.estimate
        if estimate.passes_at is None or estimate.restoration_at is None or estimate.passes_at > board.now:
            continue
        version = str(estimate.version)
        board.put_alarm(
            situations.Alarm(
                ref=records.reference("alarm", incident.ref, situations.ESTIMATE_PASSED_KIND, version),
                subject=incident.ref,
                kind=situations.ESTIMATE_PASSED_KIND,
                severity=incident.severity,
                state=situations.AlarmState.OPEN,
                raised_at=estimate.restoration_at,
                seen_at=estimate.restoration_at,
            )
        )
        board.put_incident(replace(incident, estimate=replace(estimate, passes_at=None)))
        telling.told(board, incident.ref, kind=situations.ChangeKind.ALARM, distinction=version)


def _alarms_that_stayed_alone(board: boards.Board) -> None:
    for due in _due(board, is_pending=False):
        alarm = board.standing_of(due.subject, due.kind)
        # Another alarm of the device may have taken it along.
        if alarm and not alarm.incident:
            incidents.isolated(board, alarm)


def _members_that_are_restored(board: boards.Board) -> None:
    """Told while the incident goes on for others. Dropped for who has another device out, and when it has ended."""
    due = [
        member for member in board.members.values() if member.tell_restored_at and member.tell_restored_at <= board.now
    ]
    due.sort(key=lambda member: (member.incident, member.device))
    for incident_ref, group in itertools.groupby(due, lambda member: member.incident):
        members = list(group)
        devices = [member.device for member in members if _is_home_restored(board, member)]
        is_told = bool(devices) and _restored(board, incident_ref, devices)
        for member in members:
            told_restored_at = board.now if is_told and member.device in devices else member.told_restored_at
            board.put_member(replace(member, tell_restored_at=None, told_restored_at=told_restored_at))


def _is_home_restored(board: boards.Board, member: situations.Member) -> bool:
    """Whether the incident goes on, and no device of the member's premise is affected by it any more."""
    incident = board.incidents.get(member.incident)
    if incident is None or incident.state is situations.IncidentState.RESOLVED:
        return False
    return all(other.left_at for other in board.members_at(member.premise) if other.incident == member.incident)


def _restored(board: boards.Board, incident_ref: str, devices: list[str]) -> bool:
    telling.joiners(board, incident_ref)
    return telling.told(
        board,
        incident_ref,
        kind=situations.ChangeKind.RESTORED,
        distinction=str(board.incidents[incident_ref].stage),
        devices=devices,
    )


def _due(board: boards.Board, *, is_pending: bool) -> list[situations.Alarm]:
    """The alarms on which the clock acts now, by when they fell due."""
    due = [
        (alarm.due_at, alarm.ref, alarm)
        for alarm in board.all_standing()
        if alarm.due_at and alarm.due_at <= board.now and (alarm.state is situations.AlarmState.PENDING) is is_pending
    ]
    return [alarm for _, _, alarm in sorted(due, key=lambda found: found[:2])]
