"""The life of an alarm: pending, open, cleared. What it means for incidents is left to `incidents`."""

import datetime as dt
from collections.abc import Sequence

from msgspec.structs import replace

from signalpost.flow.assess import boards, incidents
from signalpost.vocabulary import records, situations


def raised(
    board: boards.Board,
    device: situations.DeviceState,
    *,
    rules: Sequence[situations.AlarmRule],
    at: dt.datetime,
    event: str,
) -> boards.Finding:
    """A condition holds at a device, by one or more rules of one kind.

    It waits for the shortest duration among the rules and takes the highest severity.

    Args:
        board: What is known.
        device: The device.
        rules: The rules that hold, at least one.
        at: When, by the device's clock.
        event: Reference of the event, "" when it is a silence.
    """
    strongest = max(rules, key=lambda rule: rule.severity)
    if at <= _last_well(board, device.ref, strongest.kind):
        return situations.Noted.OUTDATED, strongest.name, ""
    after_seconds = min(rule.after_seconds for rule in rules)
    alarm = board.standing_of(device.ref, strongest.kind)
    if alarm is None:
        begun = _begun(device, rule=strongest, at=at, event=event)
        _waits_or_opens(board, begun, due_at=board.due_at(at, after_seconds) if after_seconds else None)
        return situations.Noted.RAISED, strongest.name, begun.ref
    seen = replace(
        alarm,
        seen_at=max(alarm.seen_at, at),
        severity=max(alarm.severity, strongest.severity),
        event=alarm.event or event,
    )
    if seen.state is situations.AlarmState.PENDING and alarm.due_at:
        due_at = min(alarm.due_at, board.due_at(at, after_seconds))
        _waits_or_opens(board, seen, due_at=due_at if after_seconds else None)
    elif seen != alarm:
        board.put_alarm(seen)
        incidents.worsened(board, seen)
    noted = situations.Noted.ESCALATED if seen.severity > alarm.severity else situations.Noted.CONFIRMED
    return noted, strongest.name, alarm.ref


def opened(board: boards.Board, alarm: situations.Alarm) -> None:
    """An alarm opens: it joins what is going on, waits for a storm, or for the end of that wait."""
    isolated_seconds = board.index.incident(alarm.cause).isolated_after_seconds
    due_at = board.due_at(alarm.raised_at, isolated_seconds) if isolated_seconds else None
    incidents.joined(board, replace(alarm, state=situations.AlarmState.OPEN, due_at=due_at))


def cleared(
    board: boards.Board, device: situations.DeviceState, *, rules: Sequence[situations.AlarmRule], at: dt.datetime
) -> boards.Finding:
    """A condition ended at a device, by one or more rules of one kind."""
    rule = rules[0]
    well(board, device.ref, kind=rule.kind, at=at)
    alarm = board.standing_of(device.ref, rule.kind)
    if alarm is None:
        return situations.Noted.CONFIRMED, rule.name, ""
    if at < alarm.seen_at:
        return situations.Noted.OUTDATED, rule.name, alarm.ref
    ended(board, alarm, at=at)
    return situations.Noted.CLEARED, rule.name, alarm.ref


def well(board: boards.Board, device_ref: str, *, kind: str, at: dt.datetime) -> None:
    """Remember that a device was well then: what is older raises nothing any more."""
    if at > _last_well(board, device_ref, kind):
        device = board.devices[device_ref]
        board.put_device(replace(device, cleared=tuple(sorted({**dict(device.cleared), kind: at}.items()))))


def ended(board: boards.Board, alarm: situations.Alarm, *, at: dt.datetime) -> None:
    """An alarm clears, and its device leaves the incident unless another alarm holds it there."""
    cleared_at = max(at, alarm.raised_at)
    board.put_alarm(replace(alarm, state=situations.AlarmState.CLEARED, cleared_at=cleared_at, due_at=None))
    if alarm.incident:
        incidents.left(board, alarm, at=cleared_at)


def _last_well(board: boards.Board, device_ref: str, kind: str) -> dt.datetime:
    return dict(board.devices[device_ref].cleared).get(kind, _NEVER)


_NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)


def _begun(
    device: situations.DeviceState, *, rule: situations.AlarmRule, at: dt.datetime, event: str
) -> situations.Alarm:
    return situations.Alarm(
        ref=records.reference("alarm", device.ref, rule.kind, event or at.isoformat()),
        subject=device.ref,
        kind=rule.kind,
        cause=rule.cause,
        severity=rule.severity,
        state=situations.AlarmState.PENDING,
        raised_at=at,
        seen_at=at,
        area=device.area,
        premise=device.premise,
        event=event,
    )


def _waits_or_opens(board: boards.Board, alarm: situations.Alarm, *, due_at: dt.datetime | None) -> None:
    """A pending alarm waits until it is due; without a due time there is nothing to wait for."""
    if due_at:
        board.put_alarm(replace(alarm, due_at=due_at))
    else:
        opened(board, alarm)
