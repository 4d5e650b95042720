"""What devices say: alarms raised, confirmed, escalated and ended by their events.

Times are the device's own, so the order of arrival does not matter: an alarm stands when the device's newest word for
it is newer than its newest word against it. Both are kept (`Alarm.seen_at`, `DeviceState.cleared`).
"""

import datetime as dt
from collections.abc import Iterable

import msgspec

from signalpost.flow import expressions
from signalpost.flow.assess import alarms, boards
from signalpost.vocabulary import events, records, situations


def heard(board: boards.Board, event: events.Event) -> list[boards.Finding]:
    """What becomes of an event through each alarm rule; its device was heard of in any case."""
    device = board.devices.get(event.subject)
    if device is None:
        return [(situations.Noted.UNKNOWN_SUBJECT, "", "")] if board.index.is_asked(event.type) else []
    findings: list[boards.Finding] = []
    raising = board.index.raising(event.type, device.type)
    clearing = board.index.clearing(event.type, device.type)
    facts: expressions.Facts = {"data": msgspec.json.decode(event.data)} if raising or clearing else {}
    raised = _holding(board, event, asked=[(rule, rule.raised_when) for rule in raising], facts=facts, to=findings)
    cleared = _holding(board, event, asked=[(rule, rule.cleared_when) for rule in clearing], facts=facts, to=findings)
    findings += [
        alarms.raised(board, device, rules=rules, at=event.occurred_at, event=_ref(event)) for rules in raised.values()
    ]
    for kind, rules in cleared.items():
        if kind not in raised:
            findings.append(alarms.cleared(board, device, rules=rules, at=event.occurred_at))
            findings += _reports_cleared(board, device, rules=rules, at=event.occurred_at)
    findings += _silences_broken(board, device, raised=raised, at=event.occurred_at)
    _seen(board, device.ref, event.occurred_at)
    return findings


def _ref(event: events.Event) -> str:
    return records.reference(event.source, event.id)


def _holding(
    board: boards.Board,
    event: events.Event,
    *,
    asked: Iterable[tuple[situations.AlarmRule, str]],
    facts: expressions.Facts,
    to: list[boards.Finding],
) -> dict[str, list[situations.AlarmRule]]:
    """The rules whose condition holds, by alarm kind. Why the others do not is added to `to`."""
    held: dict[str, list[situations.AlarmRule]] = {}
    for rule, condition in asked:
        answer = expressions.holds(condition, facts)
        if isinstance(answer, expressions.Fault):
            board.fault(rule.name, ref=_ref(event), text=answer.text)
            to.append((situations.Noted.FAULTY, rule.name, ""))
        elif answer:
            held.setdefault(rule.kind, []).append(rule)
        else:
            to.append((situations.Noted.CONDITION_FALSE, rule.name, ""))
    return held


def _reports_cleared(
    board: boards.Board, device: situations.DeviceState, *, rules: list[situations.AlarmRule], at: dt.datetime
) -> list[boards.Finding]:
    """A household's report ends by the same word of its device that ends an alarm of the same cause."""
    report = board.standing_of(device.ref, situations.CUSTOMER_REPORT_KIND)
    if report is None or at < report.seen_at:
        return []
    ending = [rule for rule in rules if rule.cause == report.cause]
    if ending:
        alarms.ended(board, report, at=at)
    return [(situations.Noted.CLEARED, rule.name, report.ref) for rule in ending]


def _silences_broken(
    board: boards.Board,
    device: situations.DeviceState,
    *,
    raised: dict[str, list[situations.AlarmRule]],
    at: dt.datetime,
) -> list[boards.Finding]:
    """A silence ends when the device is heard of again, and not so long ago that it would count as silent still."""
    findings: list[boards.Finding] = []
    for rule in board.index.silences(device.type):
        alarm = board.standing_of(device.ref, rule.kind)
        is_silence = alarm is not None and not alarm.event and rule.kind not in raised
        if alarm and is_silence and board.now - at < dt.timedelta(seconds=rule.silent_seconds):
            alarms.well(board, device.ref, kind=rule.kind, at=at)
            alarms.ended(board, alarm, at=at)
            findings.append((situations.Noted.CLEARED, rule.name, alarm.ref))
    return findings


def _seen(board: boards.Board, ref: str, at: dt.datetime) -> None:
    device = board.devices[ref]
    if device.seen_at is None or device.seen_at < at:
        board.put_device(msgspec.structs.replace(device, seen_at=at))
