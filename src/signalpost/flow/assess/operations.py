"""What operations say of an incident: when it will be over, what was done, that it is over."""

import datetime as dt
from collections.abc import Callable
from typing import Annotated, TypeVar

import msgspec
from msgspec.structs import replace

from signalpost.flow.assess import alarms, boards, telling
from signalpost.vocabulary import events, records, situations


class _About(msgspec.Struct, frozen=True, kw_only=True):
    """What `data` of each of these events may have; other members are for others."""

    #: Of an area's incidents, only those of this cause.
    incident_cause: str = ""


class _Estimate(_About, frozen=True, kw_only=True):
    restoration_at: Annotated[dt.datetime, msgspec.Meta(tz=True)] | None


class _Actions(_About, frozen=True, kw_only=True):
    codes: tuple[str, ...]


_D = TypeVar("_D", bound=_About)


def estimate(board: boards.Board, event: events.Event) -> situations.EventNote:
    """A new estimate of when an incident will be over, or that there is none."""
    return _of_each(board, event, of=_Estimate, act=_estimated)


def actions(board: boards.Board, event: events.Event) -> situations.EventNote:
    """What crews reported as cause and as done; of an incident that is over, too."""
    return _of_each(board, event, of=_Actions, act=_acted)


def resolved(board: boards.Board, event: events.Event) -> situations.EventNote:
    """An incident is over by order: every member leaves."""
    return _of_each(board, event, of=_About, act=_resolved)


def _of_each(
    board: boards.Board,
    event: events.Event,
    *,
    of: type[_D],
    act: Callable[[boards.Board, events.Event, situations.Incident, _D], situations.Noted],
) -> situations.EventNote:
    """Do it to the incident that is named, or to those of the area that is named."""
    try:
        data = msgspec.json.decode(event.data, type=of)
    except msgspec.ValidationError as error:
        board.fault(event.type, ref=records.reference(event.source, event.id), text=f"data of {event.type!r}: {error}")
        return boards.weightiest(event, [(situations.Noted.FAULTY, event.type, "")])
    if event.subject in board.incidents:
        concerned = [event.subject]
    else:
        concerned = board.wide_in(event.subject, data.incident_cause)
    findings = [(act(board, event, board.incidents[ref], data), event.type, ref) for ref in concerned]
    if not findings:
        is_known = event.subject in board.areas
        noted = situations.Noted.NO_INCIDENT if is_known else situations.Noted.UNKNOWN_SUBJECT
        findings = [(noted, event.type, "")]
    return boards.weightiest(event, findings)


def _estimated(
    board: boards.Board, event: events.Event, incident: situations.Incident, data: _Estimate
) -> situations.Noted:
    if incident.state is situations.IncidentState.RESOLVED:
        return situations.Noted.NO_INCIDENT
    known = incident.estimate
    restoration_at = data.restoration_at.astimezone(dt.UTC) if data.restoration_at else None
    stated_by = records.reference(event.source, event.id)
    # Two statements of one instant are ordered by name, so that the order of arrival does not matter.
    if known.stated_at and (event.occurred_at, stated_by) < (known.stated_at, known.event):
        return situations.Noted.OUTDATED
    if restoration_at == known.restoration_at:
        again = replace(known, stated_at=event.occurred_at, event=stated_by)
        board.put_incident(replace(incident, estimate=again))
        return situations.Noted.CONFIRMED
    # Who joined before it was stated is told what held then.
    telling.joiners(board, incident.ref)
    grace_seconds = board.index.incident(incident.cause).estimate_grace_seconds
    stated = replace(
        known,
        version=known.version + 1,
        restoration_at=restoration_at,
        stated_at=event.occurred_at,
        event=stated_by,
        passes_at=board.due_at(restoration_at, grace_seconds) if restoration_at else None,
    )
    board.put_incident(replace(board.incidents[incident.ref], estimate=stated, opened_changes=()))
    passed = board.standing_of(incident.ref, situations.ESTIMATE_PASSED_KIND)
    if passed:
        alarms.ended(board, passed, at=event.occurred_at)
    _update(board, incident.ref)
    return situations.Noted.ESTIMATED


def _update(board: boards.Board, incident_ref: str) -> None:
    """Tell the new estimate if it differs enough from what everyone was last told."""
    incident = board.incidents[incident_ref]
    stated = incident.estimate
    material = dt.timedelta(seconds=board.index.incident(incident.cause).material_seconds)
    if stated.restoration_at and stated.told_restoration_at:
        is_material = abs(stated.restoration_at - stated.told_restoration_at) >= material
    else:
        is_material = stated.restoration_at != stated.told_restoration_at
    distinction = str(stated.version)
    if is_material and telling.told(board, incident_ref, kind=situations.ChangeKind.UPDATED, distinction=distinction):
        told = replace(stated, told_version=stated.version, told_restoration_at=stated.restoration_at)
        board.put_incident(replace(board.incidents[incident_ref], estimate=told))


def _acted(
    board: boards.Board, _event: events.Event, incident: situations.Incident, data: _Actions
) -> situations.Noted:
    if incident.actions == data.codes:
        return situations.Noted.CONFIRMED
    board.put_incident(replace(incident, actions=data.codes))
    return situations.Noted.ACTED


def _resolved(
    board: boards.Board, event: events.Event, incident: situations.Incident, _data: _About
) -> situations.Noted:
    if incident.state is situations.IncidentState.RESOLVED:
        return situations.Noted.CONFIRMED
    if event.occurred_at < incident.opened_at:
        return situations.Noted.OUTDATED
    active = [member for member in board.members_of(incident.ref) if not member.left_at]
    if len(active) < incident.active_count:
        wanted = f"wanted its {incident.active_count} active members, got {len(active)}"
        raise LookupError(f"picture: incident {incident.ref!r}: {wanted}")
    for member in active:
        for alarm in board.standing(member.device):
            if alarm.incident == incident.ref:
                # An alarm seen after the order was given ends with it all the same, and is not raised again by itself.
                alarms.well(board, member.device, kind=alarm.kind, at=max(event.occurred_at, alarm.seen_at))
                alarms.ended(board, alarm, at=event.occurred_at)
    return situations.Noted.ACTED
