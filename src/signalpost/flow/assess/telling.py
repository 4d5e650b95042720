"""What is worth telling, through triggers alone: no trigger, no change.

Facts of a change about an incident, canonical JSON with instants as RFC 3339 text in UTC; what is in brackets is absent
where there is nothing to say:

    {"incident": {"ref", "cause", "area", "area_name", "opened_at", "member_count", "active_count", "actions",
                  ["resolved_at", "duration_minutes"]},
     "estimate": {"is_known", "version", ["restoration_at"]}}

Facts of a change that is a business event:

    {"event": {"type", "source", "id", "subject", "occurred_at", "data"}}
"""

import datetime as dt
from collections.abc import Iterable
from typing import TypeAlias

import msgspec
from msgspec.structs import replace

from signalpost.flow import expressions
from signalpost.flow.assess import boards
from signalpost.vocabulary import events, records, situations

Facts: TypeAlias = "dict[str, records.Json]"

_BEGINNINGS = frozenset({situations.ChangeKind.OPENED, situations.ChangeKind.REOPENED})


def joined(board: boards.Board, member: situations.Member) -> None:
    """A member is to be told of its incident, together with all who join before anything else is told of it."""
    board.joined.setdefault(member.incident, {}).setdefault(member.stint, {})[member.device] = None


def joiners(board: boards.Board, incident_ref: str) -> None:
    """Tell those who joined: by the change that told others of the same estimate, or by a new one."""
    waiting = board.joined.pop(incident_ref, {})
    incident = board.incidents[incident_ref]
    kind = situations.ChangeKind.REOPENED if incident.parent else situations.ChangeKind.OPENED
    for stint, devices in sorted(waiting.items()):
        told(board, incident_ref, kind=kind, distinction=f"{incident.estimate.version}.{stint}", devices=devices)


def told(
    board: boards.Board,
    incident_ref: str,
    *,
    kind: situations.ChangeKind,
    distinction: str = "",
    devices: Iterable[str] = (),
) -> bool:
    """Make the change of a kind through each trigger that asks for it, or add to the one that is made already.

    A trigger's condition is asked when its change is made, not again for those who are added. Staff hear of a beginning
    once, not again of each who joins.

    Args:
        board: What is known.
        incident_ref: The incident.
        kind: What makes it worth telling.
        distinction: What tells this change from others of its kind and incident; the same one is the same change.
        devices: The devices whose households it concerns, where it is for members.

    Returns:
        Whether there is a change for others than staff.
    """
    is_told = False
    is_again = kind in _BEGINNINGS and board.incidents[incident_ref].stage > 0
    for trigger in board.index.telling(board.incidents[incident_ref].cause, kind):
        is_staff = trigger.audience is situations.AudienceKind.ROLE
        ref = _reference(incident_ref, trigger, distinction=distinction)
        is_made = ref in board.changes or ref in board.incidents[incident_ref].opened_changes
        if (is_staff and is_again) or not (is_made or _is_made_now(board, incident_ref, trigger, ref=ref)):
            continue
        if trigger.audience is situations.AudienceKind.MEMBERS:
            board.audiences[ref].update(dict.fromkeys(devices))
        is_told = is_told or not is_staff
    return is_told


def passed_on(board: boards.Board, event: events.Event) -> list[boards.Finding]:
    """What becomes of an event through the triggers that pass it on: a change of its own through each that fires."""
    triggers = board.index.passing_on(event.type)
    if not triggers:
        return []
    findings: list[boards.Finding] = []
    situation = records.reference(event.source, event.id)
    facts = _event_facts(event)
    stage = 0
    for trigger in triggers:
        ref = _reference(situation, trigger, distinction="")
        noted = _fires(board, trigger, facts=facts, about=situation)
        findings.append((noted, trigger.name, ref if noted is situations.Noted.PASSED_ON else ""))
        if noted is situations.Noted.PASSED_ON and ref not in board.changes:
            stage += 1
            subject = event.subject if trigger.audience is situations.AudienceKind.SUBJECT else trigger.role
            _make(board, trigger, ref=ref, situation=situation, stage=stage, facts=facts, audience_ref=subject)
    return findings


def _is_made_now(board: boards.Board, incident_ref: str, trigger: situations.Trigger, *, ref: str) -> bool:
    """Make an incident's change if the trigger fires; it counts, and a beginning is remembered for who joins later."""
    incident = board.incidents[incident_ref]
    facts = _incident_facts(board, incident)
    if _fires(board, trigger, facts=facts, about=incident_ref) is not situations.Noted.PASSED_ON:
        return False
    stage = incident.stage + 1
    version = incident.estimate.version
    _make(
        board,
        trigger,
        ref=ref,
        situation=incident_ref,
        stage=stage,
        facts=facts,
        audience_ref=trigger.role,
        estimate_version=version,
    )
    is_joinable = trigger.change in _BEGINNINGS and trigger.audience is situations.AudienceKind.MEMBERS
    opened_changes = (*incident.opened_changes, ref) if is_joinable else incident.opened_changes
    board.put_incident(replace(incident, stage=stage, opened_changes=opened_changes))
    return True


def _fires(board: boards.Board, trigger: situations.Trigger, *, facts: Facts, about: str) -> situations.Noted:
    """Whether a trigger makes a change of these facts: `passed_on`, `condition_false`, or `faulty`, which is noted."""
    possible = situations.AUDIENCES[trigger.change]
    if trigger.audience not in possible:
        wanted = " or ".join(sorted(possible))
        text = f"trigger {trigger.name!r}: wanted audience {wanted} for {trigger.change}, got {trigger.audience}"
        board.fault(trigger.name, ref=about, text=text)
        return situations.Noted.FAULTY
    match expressions.holds(trigger.when, facts):
        case expressions.Fault() as fault:
            board.fault(trigger.name, ref=about, text=fault.text)
            return situations.Noted.FAULTY
        case answer:
            return situations.Noted.PASSED_ON if answer else situations.Noted.CONDITION_FALSE


def _make(
    board: boards.Board,
    trigger: situations.Trigger,
    *,
    ref: str,
    situation: str,
    stage: int,
    facts: Facts,
    audience_ref: str,
    estimate_version: int = 0,
) -> None:
    board.changes[ref] = situations.Change(
        ref=ref,
        kind=trigger.change,
        situation=situation,
        stage=stage,
        communication=trigger.communication,
        trigger=f"{trigger.name}@{board.index.version}",
        severity=trigger.severity,
        lane=trigger.lane,
        at=board.now,
        audience=trigger.audience,
        audience_ref=audience_ref,
        facts=records.canonical(facts).decode(),
        estimate_version=estimate_version,
        segment=trigger.segment,
        segment_when=trigger.segment_when,
    )


def _reference(situation: str, trigger: situations.Trigger, *, distinction: str) -> str:
    """The name of a change: the same for whatever says the same to the same, whatever the trigger is called."""
    said = (trigger.change, distinction, trigger.communication)
    meant = (trigger.segment_when,) if trigger.segment_when else ()
    return records.reference(situation, *said, trigger.audience, trigger.role, *meant)


def _incident_facts(board: boards.Board, incident: situations.Incident) -> Facts:
    about: Facts = {
        "ref": incident.ref,
        "cause": incident.cause,
        "area": incident.area,
        "area_name": board.area(incident.area).name,
        "opened_at": _instant(incident.opened_at),
        "member_count": incident.member_count,
        "active_count": incident.active_count,
        "actions": list(incident.actions),
    }
    if incident.resolved_at:
        about["resolved_at"] = _instant(incident.resolved_at)
        about["duration_minutes"] = (incident.resolved_at - incident.opened_at) // dt.timedelta(minutes=1)
    estimate: Facts = {
        "is_known": incident.estimate.restoration_at is not None,
        "version": incident.estimate.version,
    }
    if incident.estimate.restoration_at:
        estimate["restoration_at"] = _instant(incident.estimate.restoration_at)
    return {"incident": about, "estimate": estimate}


def _event_facts(event: events.Event) -> Facts:
    return {
        "event": {
            "type": event.type,
            "source": event.source,
            "id": event.id,
            "subject": event.subject,
            "occurred_at": _instant(event.occurred_at),
            "data": msgspec.json.decode(event.data),
        }
    }


def _instant(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
