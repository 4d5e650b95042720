"""Situations: what is going on. Alarms apart from incidents apart from messages.

An *alarm* is one thing wrong at one subject (a device). An *incident* groups alarms of one cause in one area, and is
what people are told about. A *change* is the moment something about a situation becomes worth telling; it is what the
`choose` stage is given, whether it came from a device, an incident or straight from the business platform.
"""

import datetime as dt
import enum

from signalpost.vocabulary import events, records

#: Event types with a meaning of their own in `assess`; every other one means what rules and triggers make of it.
#: The subject of the first three is an incident, or an area for its open incidents (of `incident_cause`, if given).
#: `data`: `{"restoration_at": instant or null, "incident_cause": optional}`.
ESTIMATE_EVENT = "incident.estimate"
#: `data`: `{"codes": [text …], "incident_cause": optional}`.
ACTIONS_EVENT = "incident.actions"
#: `data`: `{"incident_cause": optional}`.
RESOLVED_EVENT = "incident.resolved"
#: The subject is a premise. `data`: `{"incident": optional, the one that is answered}`.
STILL_AFFECTED_EVENT = "customer.still_affected"

#: Alarm kinds that no rule names: on an incident whose estimate passed, and on a device whose household reports.
ESTIMATE_PASSED_KIND = "estimate_passed"
CUSTOMER_REPORT_KIND = "customer_report"


class Severity(enum.IntEnum):
    """How bad it is, in ascending order, after ITU-T X.733 (perceived severity)."""

    INFO = 0
    WARNING = 1
    MINOR = 2
    MAJOR = 3
    CRITICAL = 4


class AlarmState(enum.StrEnum):
    """Where an alarm stands; `ALARM_MOVES` holds the legal moves."""

    #: The condition holds, its duration has not passed yet.
    PENDING = "pending"
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CLEARED = "cleared"


#: Legal moves of an alarm. A cleared alarm stays cleared; the next one is a new alarm.
ALARM_MOVES: dict[AlarmState, frozenset[AlarmState]] = {
    AlarmState.PENDING: frozenset({AlarmState.OPEN, AlarmState.CLEARED}),
    AlarmState.OPEN: frozenset({AlarmState.ACKNOWLEDGED, AlarmState.CLEARED}),
    AlarmState.ACKNOWLEDGED: frozenset({AlarmState.CLEARED}),
    AlarmState.CLEARED: frozenset(),
}


class Alarm(records.Record, frozen=True, kw_only=True):
    """One thing wrong at one subject. At most one that is not cleared per (subject, kind)."""

    ref: str
    #: Reference of the device, or of the incident for `estimate_passed`.
    subject: str
    #: The rule's alarm kind: `power_loss`, `low_voltage`, `estimate_passed`.
    kind: str
    #: Cause of the rule that raised it: what incidents are grouped by.
    cause: str = ""
    severity: Severity
    state: AlarmState
    #: When the condition began, by the device's clock.
    raised_at: dt.datetime
    #: When the clock acts on it: a pending alarm opens unless the condition ends first, an open one that belongs to no
    #: incident becomes one of its own. `None` when nothing is due.
    due_at: dt.datetime | None = None
    #: When the condition was last seen to hold, by the device's clock: only what is not older ends it.
    seen_at: dt.datetime
    cleared_at: dt.datetime | None = None
    #: Area and premise of the device, "" for an alarm on an incident.
    area: str = ""
    premise: str = ""
    #: Incident it belongs to, "" while it belongs to none.
    incident: str = ""
    #: Reference of the event that raised it, "" when silence or the clock did.
    event: str = ""


class IncidentState(enum.StrEnum):
    """Where an incident stands; `INCIDENT_MOVES` holds the legal moves."""

    OPEN = "open"
    #: Some members have left, others have not.
    PARTLY_RESTORED = "partly_restored"
    RESOLVED = "resolved"


#: Legal moves of an incident. A resolved one is never re-opened: who is still affected gets a nested incident.
INCIDENT_MOVES: dict[IncidentState, frozenset[IncidentState]] = {
    IncidentState.OPEN: frozenset({IncidentState.PARTLY_RESTORED, IncidentState.RESOLVED}),
    IncidentState.PARTLY_RESTORED: frozenset({IncidentState.OPEN, IncidentState.RESOLVED}),
    IncidentState.RESOLVED: frozenset(),
}


class Estimate(records.Record, frozen=True, kw_only=True):
    """An estimated restoration time: a versioned fact. A later version supersedes, none is ever changed."""

    #: 1, 2, 3 …; 0 is "nothing stated yet".
    version: int = 0
    #: `None` is "no estimate yet".
    restoration_at: dt.datetime | None = None
    stated_at: dt.datetime | None = None
    #: Event that stated it.
    event: str = ""
    #: The version that everyone was last told, and what it said: they stay behind while changes are not material.
    told_version: int = 0
    told_restoration_at: dt.datetime | None = None
    #: When it counts as passed unfulfilled; `None` without an estimate, and once the alarm for it was raised.
    passes_at: dt.datetime | None = None


class Incident(records.Record, frozen=True, kw_only=True):
    """Alarms of one cause in one area, which people are told about as one."""

    ref: str
    #: Area reference; for a nested incident of a single household, its premise's area.
    area: str
    cause: str
    severity: Severity
    state: IncidentState
    opened_at: dt.datetime
    resolved_at: dt.datetime | None = None
    estimate: Estimate = Estimate()
    #: The incident this one was left over from, "" for one that stands on its own.
    parent: str = ""
    #: It is one household's alone (an isolated alarm, or left over): other devices do not join it.
    is_single: bool = False
    #: How many changes were told so far; the next one is `stage + 1`.
    stage: int = 0
    #: `opened` changes made since the last estimate: who joins now is added to their audience.
    opened_changes: tuple[str, ...] = ()
    #: Members now and members ever.
    active_count: int = 0
    member_count: int = 0
    #: What crews reported as cause and as done, for the closing summary; language-neutral codes.
    actions: tuple[str, ...] = ()


class ChangeKind(enum.StrEnum):
    """What makes a change worth telling."""

    OPENED = "opened"
    UPDATED = "updated"
    #: Some members are back while the incident goes on.
    RESTORED = "restored"
    RESOLVED = "resolved"
    #: A member reported that they are still affected after the end was told.
    REOPENED = "reopened"
    #: An alarm that concerns staff: an estimate passed, a predicted failure.
    ALARM = "alarm"
    #: A business event that passes straight through.
    EVENT = "event"


class AudienceKind(enum.StrEnum):
    """Whom a change concerns."""

    #: The households of the devices that the assessment names for it (`Assessment.audiences`).
    MEMBERS = "members"
    #: Every household that was told about the incident or will be: it has a notice in this situation.
    TOLD = "told"
    #: The parties of the event's subject (account, customer or premise).
    SUBJECT = "subject"
    #: Staff by role.
    ROLE = "role"


class Change(records.Record, frozen=True, kw_only=True):
    """The moment something about a situation becomes worth telling: the input of `choose`.

    `ref` is derived from what it says (situation, kind, estimate version …): households that join an incident later
    while nothing else changed are added to the audience of the same change.
    """

    ref: str
    kind: ChangeKind
    #: Incident reference, or the event's reference for a change that is a business event.
    situation: str
    #: Number of this change within its situation: 1, 2, 3 …
    stage: int
    #: Communication type to be sent, by the trigger that fired.
    communication: str
    #: Name and version of the trigger, for the explanation.
    trigger: str
    severity: Severity
    lane: events.Lane
    at: dt.datetime
    audience: AudienceKind
    #: Reference for `subject` and `role` audiences.
    audience_ref: str = ""
    #: Canonical JSON of the facts the templates may use (`event`, `incident`, `estimate` …).
    facts: str = "{}"
    #: Estimate version these facts speak of; 0 for none.
    estimate_version: int = 0
    #: Segment of the trigger that fired, with its condition at that moment; "" for everybody whom it concerns.
    segment: str = ""
    segment_when: str = ""


#: Whom a change of each kind can be told to; a trigger that asks for another audience is a fault.
AUDIENCES: dict[ChangeKind, frozenset[AudienceKind]] = {
    ChangeKind.OPENED: frozenset({AudienceKind.MEMBERS, AudienceKind.ROLE}),
    ChangeKind.UPDATED: frozenset({AudienceKind.TOLD, AudienceKind.ROLE}),
    ChangeKind.RESTORED: frozenset({AudienceKind.MEMBERS, AudienceKind.ROLE}),
    ChangeKind.RESOLVED: frozenset({AudienceKind.TOLD, AudienceKind.ROLE}),
    ChangeKind.REOPENED: frozenset({AudienceKind.MEMBERS, AudienceKind.ROLE}),
    ChangeKind.ALARM: frozenset({AudienceKind.ROLE}),
    ChangeKind.EVENT: frozenset({AudienceKind.SUBJECT, AudienceKind.ROLE}),
}


class StormRule(records.Record, frozen=True, kw_only=True):
    """When many alarms are one incident: at least so many devices and such a share of an area within so long."""

    min_devices: int
    #: 0 … 100, of the devices in the area.
    min_percent: float
    within_seconds: int


class AlarmRule(records.Record, frozen=True, kw_only=True):
    """When events of a device make an alarm. Rules are data; CEL is the only language in them."""

    name: str
    kind: str
    cause: str
    severity: Severity
    #: Device type it applies to, "" for every one.
    device_type: str = ""
    #: Event type that raises it, and CEL over `data` that must hold ("" always). Empty for a silence rule.
    raised_by: str = ""
    raised_when: str = ""
    #: Event types that end it, and CEL over `data` that must hold ("" always).
    cleared_by: tuple[str, ...] = ()
    cleared_when: str = ""
    #: How long the condition must last before the alarm opens.
    after_seconds: int = 0
    #: Raise when nothing was heard of the device for so long; 0 is not a silence rule.
    silent_seconds: int = 0


class IncidentRule(records.Record, frozen=True, kw_only=True):
    """How alarms of one cause become an incident and what of it is told."""

    cause: str
    storm: StormRule
    #: A changed estimate is told when it moved by at least this much, or from or to "none yet".
    material_seconds: int = 1800
    #: A restored member is told on its own when the incident still goes on after so long.
    restored_after_seconds: int = 900
    #: An alarm that joined no storm is told as an incident of its own after so long; 0 is never.
    isolated_after_seconds: int = 0
    #: The alarm for staff when an estimate passed unfulfilled is raised so long after it.
    estimate_grace_seconds: int = 300


class Trigger(records.Record, frozen=True, kw_only=True):
    """What is told when: binds an event type or a change of an incident to a communication type. Business owns it."""

    name: str
    communication: str
    #: For business events: the event type. For incidents: "".
    event_type: str = ""
    #: For incidents: cause and kind of change. For events: "".
    cause: str = ""
    change: ChangeKind = ChangeKind.EVENT
    #: CEL over `event`/`incident` facts; "" is always.
    when: str = ""
    audience: AudienceKind = AudienceKind.SUBJECT
    #: Role for the `role` audience.
    role: str = ""
    severity: Severity = Severity.INFO
    lane: events.Lane = events.Lane.NORMAL
    #: Name of the segment that narrows the audience, and its condition (CEL over `party`), bound in when the rules were
    #: made; "" is everybody whom it concerns.
    segment: str = ""
    segment_when: str = ""


class Rules(records.Record, frozen=True, kw_only=True):
    """Everything `assess` goes by, at one version."""

    version: str
    alarms: tuple[AlarmRule, ...] = ()
    incidents: tuple[IncidentRule, ...] = ()
    triggers: tuple[Trigger, ...] = ()


class DeviceState(records.Record, frozen=True, kw_only=True):
    """What is known about one device when its events are assessed."""

    ref: str
    type: str
    area: str
    premise: str
    #: When it was last heard of, by its own clock.
    seen_at: dt.datetime | None = None
    #: By alarm kind, when it was last seen to be well: a late event from before that raises nothing any more.
    cleared: tuple[tuple[str, dt.datetime], ...] = ()


class Member(records.Record, frozen=True, kw_only=True):
    """A device's part in an incident."""

    incident: str
    device: str
    premise: str
    joined_at: dt.datetime
    #: When its alarm cleared; `None` while affected.
    left_at: dt.datetime | None = None
    #: When the restored message for this member falls due, `None` when it was told or need not be.
    tell_restored_at: dt.datetime | None = None
    #: When it was told to be restored; `None` while it was not since it joined.
    told_restored_at: dt.datetime | None = None
    #: 1, and one more each time it joins again after it was told to be restored.
    stint: int = 1


class Area(records.Record, frozen=True, kw_only=True):
    """What is known about an area when events in it are assessed."""

    ref: str
    #: As people know it: goes into the facts of a change.
    name: str
    device_count: int


class Picture(records.Record, frozen=True, kw_only=True):
    """All that is open and could matter to a batch of events: loaded before, replaced after `assess`.

    "Of the batch" is what an event names as its subject: a device, a premise's devices, an area, an incident. For the
    clock it is every device, alarm, member and incident on which something falls due.
    """

    #: Of the batch, of every alarm and member below, and of every silence rule that is due.
    devices: tuple[DeviceState, ...] = ()
    #: Of those devices and incidents.
    areas: tuple[Area, ...] = ()
    #: Not cleared: of those devices and incidents, and those of their areas that belong to no incident.
    alarms: tuple[Alarm, ...] = ()
    #: Not resolved, of those areas and members; and resolved ones that a report may refer to.
    incidents: tuple[Incident, ...] = ()
    #: Of those incidents: the batch's devices, those with a due restored message and the others of their premises, and
    #: all that have not left where an event of type `incident.resolved` names the incident or its area.
    members: tuple[Member, ...] = ()
    #: Since when there is somebody to hear; what a device did not say before that is no silence of its. `None`: always.
    listening_since: dt.datetime | None = None


class Noted(enum.StrEnum):
    """What became of an event in `assess`: every event has exactly one."""

    #: It raised, confirmed or cleared an alarm, or stated an estimate, or reported someone still affected.
    RAISED = "raised"
    #: The alarm stood already and is worse now.
    ESCALATED = "escalated"
    #: It says what is known already; nothing follows.
    CONFIRMED = "confirmed"
    CLEARED = "cleared"
    ESTIMATED = "estimated"
    #: Operations reported what was done, or ordered the end of an incident.
    ACTED = "acted"
    REPORTED = "reported"
    #: A trigger made it a change of its own.
    PASSED_ON = "passed_on"
    #: No rule and no trigger asks for it; kept, nothing follows.
    NO_RULE = "no_rule"
    #: A rule asks for this type but its condition does not hold.
    CONDITION_FALSE = "condition_false"
    #: A condition or the event's data could not be read: `Assessment.faults` says why.
    FAULTY = "faulty"
    #: Older than what is already known about its subject.
    OUTDATED = "outdated"
    #: It speaks of an incident, and its subject is in none that is open.
    NO_INCIDENT = "no_incident"
    #: Its subject is not registered: it goes to quarantine.
    UNKNOWN_SUBJECT = "unknown_subject"


class EventNote(records.Record, frozen=True, kw_only=True):
    """What became of one event, and through which rule or trigger."""

    source: str
    id: str
    noted: Noted
    rule: str = ""
    #: Alarm, incident or change it led to.
    ref: str = ""


class RuleFault(records.Record, frozen=True, kw_only=True):
    """A rule or trigger that could not be asked: shown to operations, and never taken for a no."""

    #: Name of the rule or trigger, or the event type that `assess` knows by itself.
    rule: str
    #: Reference of the event, alarm or incident it was asked about.
    ref: str
    text: str


class Audience(records.Record, frozen=True, kw_only=True):
    """The devices whose households a change with audience `members` concerns."""

    change: str
    devices: tuple[str, ...]


class Assessment(records.Record, frozen=True, kw_only=True):
    """What `assess` found: everything that is new or changed, whole; what is not named stays as it was."""

    notes: tuple[EventNote, ...] = ()
    devices: tuple[DeviceState, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    incidents: tuple[Incident, ...] = ()
    members: tuple[Member, ...] = ()
    changes: tuple[Change, ...] = ()
    #: For new changes, and for those before that someone joined since.
    audiences: tuple[Audience, ...] = ()
    faults: tuple[RuleFault, ...] = ()
