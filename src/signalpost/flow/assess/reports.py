"""What households say: that they are still affected, although their device, or operations, said otherwise."""

import datetime as dt

import msgspec

from signalpost.flow.assess import boards, incidents
from signalpost.vocabulary import events, records, situations


class _Report(msgspec.Struct, frozen=True, kw_only=True):
    """What `data` may have; other members are for others."""

    #: The incident that the message spoke of to which the household answers.
    incident: str = ""
    #: What a household says of several premises at once is one report with an event for each.
    report: str = ""


def still_affected(board: boards.Board, event: events.Event) -> situations.EventNote:
    """A household reports from its premise: it joins the incident again, or what is left over becomes a nested one."""
    try:
        data = msgspec.json.decode(event.data, type=_Report)
    except msgspec.ValidationError as error:
        board.fault(event.type, ref=records.reference(event.source, event.id), text=f"data of {event.type!r}: {error}")
        return boards.weightiest(event, [(situations.Noted.FAULTY, event.type, "")])
    noted, ref = _reported(board, event, data)
    return boards.weightiest(event, [(noted, event.type, ref)])


def _reported(board: boards.Board, event: events.Event, data: _Report) -> tuple[situations.Noted, str]:
    """What becomes of a report, and the incident it belongs to."""
    cause = board.incidents[data.incident].cause if data.incident in board.incidents else ""
    stays = [
        (member, incident)
        for member in board.members_at(event.subject)
        if (incident := board.incidents.get(member.incident)) and cause in {"", incident.cause}
    ]
    if not stays:
        is_known = event.subject in board.premises
        return (situations.Noted.NO_INCIDENT if is_known else situations.Noted.UNKNOWN_SUBJECT), ""
    for member, incident in stays:
        if not member.left_at or board.standing_of(member.device, situations.CUSTOMER_REPORT_KIND):
            return situations.Noted.CONFIRMED, incident.ref
    # The one they left last is the one they speak of, but one that still goes on comes first.
    member, incident = max(stays, key=lambda stay: (not stay[1].resolved_at, stay[0].left_at, stay[1].ref))
    if event.occurred_at <= _last_well(board, member, incident.cause):
        return situations.Noted.OUTDATED, incident.ref
    return situations.Noted.REPORTED, _rejoined(board, event, report=data.report, member=member, incident=incident)


def _rejoined(
    board: boards.Board,
    event: events.Event,
    *,
    report: str,
    member: situations.Member,
    incident: situations.Incident,
) -> str:
    """The incident that the member is in from now on: the same, another that goes on, or a nested one."""
    reported_by = records.reference(event.source, event.id)
    alarm = situations.Alarm(
        ref=records.reference("alarm", member.device, situations.CUSTOMER_REPORT_KIND, reported_by),
        subject=member.device,
        kind=situations.CUSTOMER_REPORT_KIND,
        cause=incident.cause,
        severity=incident.severity,
        state=situations.AlarmState.OPEN,
        raised_at=event.occurred_at,
        seen_at=event.occurred_at,
        area=incident.area,
        premise=member.premise,
        event=reported_by,
    )
    going_on = board.wide(incident.area, incident.cause) if incident.resolved_at else incident.ref
    if going_on:
        incidents.entered(board, going_on, alarm)
        return going_on
    # What the device said itself since then, and was waiting for a storm, is the same trouble.
    alarms = [alarm, *incidents.loose(board, member.device, incident.cause)]
    nested = records.reference("incident", incident.ref, report or alarm.ref)
    together = board.incidents.get(nested)
    if not together or together.resolved_at:
        return incidents.begun(board, alarms, ref="" if together else nested, is_single=True, parent=incident.ref)
    for joining in alarms:
        incidents.entered(board, nested, joining)
    return nested


def _last_well(board: boards.Board, member: situations.Member, cause: str) -> dt.datetime:
    """When a member that left was last known to be well: it left, or its device said so again since."""
    kinds = board.index.kinds(cause)
    said_at = (at for kind, at in board.devices[member.device].cleared if kind in kinds)
    return max(at for at in (member.left_at, *said_at) if at)
