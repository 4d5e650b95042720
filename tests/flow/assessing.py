"""A small town for the tests of `assess`, and stories about it, one line per event as a person would say it.

    10:00    m1 loses power
    10:00:30 m2 loses power
    10:20    m3 loses power, at 10:01
    11:00    clock

Each line is assessed by itself at its time, with the picture that the lines before it left. "at" tells a time of the
device's own for what arrives late.
"""

import datetime as dt
import re
from collections.abc import Iterable

from signalpost.flow import assess
from signalpost.vocabulary import events, records, situations

DAY = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)

Severity = situations.Severity
ChangeKind = situations.ChangeKind
AudienceKind = situations.AudienceKind

POWER = situations.AlarmRule(
    name="last gasp",
    kind="power_loss",
    cause="power",
    severity=Severity.MAJOR,
    device_type="meter",
    raised_by="meter.last_gasp",
    cleared_by=("meter.power_restored", "meter.reading"),
    cleared_when="!has(data.volts) || data.volts > 180.0",
)
LOW_VOLTAGE = situations.AlarmRule(
    name="low voltage",
    kind="low_voltage",
    cause="voltage",
    severity=Severity.WARNING,
    device_type="meter",
    raised_by="meter.reading",
    raised_when="data.volts < 207.0",
    cleared_by=("meter.reading",),
    cleared_when="data.volts >= 210.0",
    after_seconds=60,
)
VERY_LOW_VOLTAGE = situations.AlarmRule(
    name="very low voltage",
    kind="low_voltage",
    cause="voltage",
    severity=Severity.MAJOR,
    raised_by="meter.reading",
    raised_when="data.volts < 190.0",
)
SILENCE = situations.AlarmRule(
    name="silence", kind="silent", cause="", severity=Severity.WARNING, device_type="meter", silent_seconds=3600
)
LONG_SILENCE = situations.AlarmRule(
    name="long silence", kind="silent", cause="", severity=Severity.MAJOR, device_type="meter", silent_seconds=7200
)
OUTAGE = situations.IncidentRule(
    cause="power",
    storm=situations.StormRule(min_devices=3, min_percent=20, within_seconds=120),
    material_seconds=1800,
    restored_after_seconds=900,
    estimate_grace_seconds=300,
)


def trigger(kind: ChangeKind, communication: str, audience: AudienceKind, **more: str) -> situations.Trigger:
    """A trigger for outages."""
    return situations.Trigger(
        name=f"tell {communication}",
        communication=communication,
        cause="power",
        change=kind,
        audience=audience,
        severity=Severity.MAJOR,
        lane=events.Lane.URGENT,
        when=more.get("when", ""),
        role=more.get("role", ""),
    )


TRIGGERS = (
    trigger(ChangeKind.OPENED, "outage", AudienceKind.MEMBERS),
    trigger(ChangeKind.UPDATED, "estimate", AudienceKind.TOLD),
    trigger(ChangeKind.RESTORED, "restored", AudienceKind.MEMBERS),
    trigger(ChangeKind.RESOLVED, "over", AudienceKind.TOLD),
    trigger(ChangeKind.REOPENED, "sorry", AudienceKind.MEMBERS),
    trigger(ChangeKind.ALARM, "overdue", AudienceKind.ROLE, role="duty_engineer"),
)

RULES = situations.Rules(
    version="7",
    alarms=(POWER, LOW_VOLTAGE, VERY_LOW_VOLTAGE),
    incidents=(OUTAGE,),
    triggers=TRIGGERS,
)

#: Ten meters in north, so that three are 20 % and a storm; a hundred in south, where it takes twenty. In east one house
#: with two meters.
TOWN = situations.Picture(
    devices=(
        *(situations.DeviceState(ref=f"m{n}", type="meter", area="north", premise=f"p{n}") for n in range(1, 11)),
        *(situations.DeviceState(ref=f"s{n}", type="meter", area="south", premise=f"sp{n}") for n in range(1, 31)),
        *(situations.DeviceState(ref=f"e{n}", type="meter", area="east", premise="ep") for n in range(1, 3)),
        situations.DeviceState(ref="v1", type="valve", area="north", premise="p1"),
    ),
    areas=(
        situations.Area(ref="north", name="Northfield", device_count=10),
        situations.Area(ref="south", name="Southgate", device_count=100),
        situations.Area(ref="east", name="Eastholm", device_count=2),
    ),
)

_LINE = re.compile(r"(?P<time>[\d:]+) +(?P<said>.*?)(?:, at (?P<at>[\d:]+))?$")

#: What a line says, the event type, and its data with `%` for what was said.
_PHRASES: tuple[tuple[str, str, str], ...] = (
    (r"(?P<subject>\S+) loses power", "meter.last_gasp", "{}"),
    (r"(?P<subject>\S+) has power", "meter.power_restored", "{}"),
    (r"(?P<subject>\S+) beats", "meter.heartbeat", "{}"),
    (r"(?P<subject>\S+) reads (?P<what>\S+) V", "meter.reading", '{"volts":%}'),
    (r"operations expect (?P<subject>\S+) at (?P<time>[\d:]+)", "incident.estimate", '{"restoration_at":"%"}'),
    (r"operations expect nothing for (?P<subject>\S+)", "incident.estimate", '{"restoration_at":null}'),
    (r"operations did (?P<what>\S+) in (?P<subject>\S+)", "incident.actions", '{"codes":["%"]}'),
    (r"operations end (?P<subject>\S+)", "incident.resolved", "{}"),
    (r"(?P<subject>\S+) is still affected", "customer.still_affected", "{}"),
    (r"(?P<type>\S+) about (?P<subject>\S+) (?P<what>\{.*\})", "", "%"),
)


def time(text: str) -> dt.datetime:
    """`10:00` or `10:00:30` of the day of the stories."""
    hours, minutes, *seconds = (int(part) for part in text.split(":"))
    return DAY + dt.timedelta(hours=hours, minutes=minutes, seconds=sum(seconds))


def event(said: str, *, at: dt.datetime, id_: str = "") -> events.Event:
    """The event of a line; the same words at the same time are the same event."""
    for pattern, event_type, data in _PHRASES:
        match = re.fullmatch(pattern, said)
        if match:
            named = match.groupdict()
            what = named.get("what") or (time(named["time"]).isoformat() if "time" in named else "")
            body = data.replace("%", what)
            return events.Event(
                source="town",
                id=id_ or f"{said} {at:%H:%M:%S}",
                type=event_type or named["type"],
                subject=named["subject"],
                occurred_at=at,
                received_at=at,
                lane=events.Lane.URGENT,
                data=body,
                digest=records.digest(body.encode()),
            )
    raise ValueError(f"story: wanted one of the known phrases, got {said!r}")


class Town:
    """The town, and what was found in it so far."""

    def __init__(self, picture: situations.Picture = TOWN, rules: situations.Rules = RULES) -> None:
        self.picture = picture
        self.rules = rules
        self.found: list[situations.Assessment] = []
        self.names: dict[str, str] = {}

    def assess(self, batch: Iterable[events.Event], now: dt.datetime) -> situations.Assessment:
        """Assess a batch and keep what was found."""
        found = assess.assess(tuple(batch), self.rules, self.picture, now)
        self.picture = after(self.picture, found)
        self.found.append(found)
        return found

    def live(self, story: str) -> "Town":
        """Assess the lines of a story one by one."""
        for line in filter(None, (line.strip() for line in story.splitlines())):
            match = _LINE.fullmatch(line)
            if not match:
                raise ValueError(f"story: wanted a time and what was said, got {line!r}")
            now = time(match["time"])
            said = self._named(match["said"])
            at = time(match["at"]) if match["at"] else now
            self.assess([] if said == "clock" else [event(said, at=at)], now)
        return self

    def alarms(self) -> list[str]:
        """What is wrong: `m1 power_loss major open`."""
        return sorted(
            f"{alarm.subject} {alarm.kind} {alarm.severity.name.lower()} {alarm.state}"
            for alarm in self.picture.alarms
            if alarm.subject not in self._incidents()
        )

    def incidents(self) -> list[str]:
        """What goes on: `north power open 3 of 3: m1 m2 m3`; who has left is not named."""
        return [
            f"{incident.area} {incident.cause} {incident.state} {incident.active_count} of {incident.member_count}: "
            + " ".join(self.affected(incident.ref))
            for incident in self._incidents().values()
        ]

    def affected(self, incident: str) -> list[str]:
        """The devices that are affected by an incident."""
        return [m.device for m in self.picture.members if m.incident == incident and not m.left_at]

    def told(self) -> list[str]:
        """What was to be told, in order: `1 opened outage: m1 m2 m3`, and who was added later, without a number."""
        made: dict[str, situations.Change] = {}
        lines: list[str] = []
        for found in self.found:
            made |= {change.ref: change for change in found.changes}
            new = {change.ref for change in found.changes}
            audiences = {audience.change: audience.devices for audience in found.audiences}
            added = [ref for ref in audiences if ref not in new]
            for change in (*found.changes, *(made[ref] for ref in added)):
                whom = " ".join(audiences.get(change.ref, (change.audience_ref or change.audience,)))
                number = f"{change.stage}" if change.ref in new else "+"
                lines.append(f"{number} {change.kind} {change.communication}: {whom}")
        return lines

    def noted(self) -> list[str]:
        """What became of each event: `raised by last gasp`."""
        return [f"{note.noted} by {note.rule}".removesuffix(" by ") for found in self.found for note in found.notes]

    def facts(self) -> list[records.Json]:
        """The facts of each change."""
        return [records.decode(change.facts, dict) for found in self.found for change in found.changes]

    def _incidents(self) -> dict[str, situations.Incident]:
        return {incident.ref: incident for incident in self.picture.incidents}

    def _named(self, said: str) -> str:
        """`incident 1` in a story is the first one that opened."""
        refs = list(self._incidents())
        return re.sub(r"incident (\d+)", lambda match: refs[int(match[1]) - 1], said)


def after(picture: situations.Picture, found: situations.Assessment) -> situations.Picture:
    """The picture with what was found: what is new or changed replaces, what is cleared goes."""
    devices = {row.ref: row for row in (*picture.devices, *found.devices)}
    alarms = {row.ref: row for row in (*picture.alarms, *found.alarms)}
    incidents = {row.ref: row for row in (*picture.incidents, *found.incidents)}
    members = {(row.incident, row.device): row for row in (*picture.members, *found.members)}
    return situations.Picture(
        devices=tuple(devices.values()),
        areas=picture.areas,
        alarms=tuple(row for row in alarms.values() if row.state is not situations.AlarmState.CLEARED),
        incidents=tuple(incidents.values()),
        members=tuple(members.values()),
    )
