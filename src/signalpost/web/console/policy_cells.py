"""The cells of the channel policy: what each column means, how a cell is shown, asked for and read back."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import msgspec
from django.http import QueryDict

from signalpost.govern import staff
from signalpost.vocabulary import notices, parties, situations
from signalpost.web.console import rulings
from signalpost.web.console.templatetags import humane

_MINUTE, _HOUR, DAY_SECONDS = 60, 3600, 86_400
_UNITS = ((DAY_SECONDS, "days"), (_HOUR, "hours"), (_MINUTE, "minutes"), (1, "seconds"))
#: Channels that customers are written to on; a webhook is for systems.
_CHANNELS = tuple(kind for kind in parties.ChannelKind if kind is not parties.ChannelKind.WEBHOOK)
_Row = notices.CategoryPolicy
_N = TypeVar("_N", bound=str)
#: The longest time that a field takes: ten years.
SECONDS_MAX = 10 * 365 * DAY_SECONDS


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column of the table: what it is called, what it means, how a cell is shown, asked for and read."""

    field: str
    label: str
    means: str
    #: text, number, choice, channels, roles, duration, cap, yes_or_no.
    form: str
    shown: Callable[[notices.CategoryPolicy], str]


def duration(seconds: int) -> str:
    """A time in its greatest whole unit."""
    if not seconds:
        return "never"
    size, unit = next((size, unit) for size, unit in _UNITS if seconds % size == 0)
    return f"{seconds // size} {unit.removesuffix('s') if seconds == size else unit}"


def _channels(channels: Sequence[parties.ChannelKind]) -> str:
    return ", then ".join(humane.words(channel) for channel in channels) or "none"


def _severity(value: int) -> str:
    known = {int(severity): severity.name.lower() for severity in situations.Severity}
    return (
        f"{known.get(value, value)} and worse" if value < situations.Severity.CRITICAL else str(known.get(value, value))
    )


def _cap(row: _Row) -> str:
    cap = row.frequency_cap
    return f"{cap.count} in {duration(cap.within_seconds)}" if cap else "none"


COLUMNS = (
    Column(
        field="legal_class",
        label="Legal class",
        means="What the law makes of it. Regulatory and safety messages are owed: no consent, preference, cap or quiet "
        "hour holds them back, and nobody can unsubscribe. Marketing needs consent and a way out.",
        form="choice",
        shown=lambda row: row.legal_class.value,
    ),
    Column(
        field="urgent_channels",
        label="Channels when urgent",
        means="In this order when it is urgent. As many as “at once” says start together; the next one starts when "
        "nothing is confirmed in time.",
        form="channels",
        shown=lambda row: _channels(row.urgent_channels),
    ),
    Column(
        field="urgent_from",
        label="Urgent from",
        means="The severity from which it is urgent.",
        form="severity",
        shown=lambda row: _severity(row.urgent_from),
    ),
    Column(
        field="at_once",
        label="At once",
        means="How many of the urgent channels start together.",
        form="number",
        shown=lambda row: str(row.at_once),
    ),
    Column(
        field="routine_channels",
        label="Channels otherwise",
        means="In this order when it is routine; what a customer prefers comes first. The next one is used when one "
        "fails.",
        form="channels",
        shown=lambda row: _channels(row.routine_channels),
    ),
    Column(
        field="breaks_quiet_hours_from",
        label="Breaks quiet hours",
        means="The severity from which quiet hours do not hold back SMS and push. E-mail and letters make no noise and "
        "never wait.",
        form="severity",
        shown=lambda row: _severity(row.breaks_quiet_hours_from),
    ),
    Column(
        field="frequency_cap",
        label="Cap",
        means="At most so many messages of the category in so long, counted per person.",
        form="cap",
        shown=_cap,
    ),
    Column(
        field="escalate_after_seconds",
        label="Escalates after",
        means="After so long without a confirmation the next urgent channel starts too.",
        form="duration",
        shown=lambda row: duration(row.escalate_after_seconds),
    ),
    Column(
        field="expires_after_seconds",
        label="Expires after",
        means="What was not sent by then is no longer true and is not sent.",
        form="duration",
        shown=lambda row: duration(row.expires_after_seconds),
    ),
    Column(
        field="consent",
        label="Consent to",
        means="The purpose a person must have consented to; empty for none.",
        form="text",
        shown=lambda row: row.consent or "none",
    ),
    Column(
        field="has_unsubscribe",
        label="Unsubscribe",
        means="Whether each message offers one click to end the category (RFC 8058).",
        form="yes_or_no",
        shown=lambda row: "yes" if row.has_unsubscribe else "no",
    ),
    Column(
        field="review",
        label="Review",
        means="Whose approvals a text of the category needs, in this order. None is one approver.",
        form="roles",
        shown=lambda row: ", then ".join(row.review) or "approver",
    ),
)
#: What holds for the whole table.
WHOLE = (
    Column(
        field="quiet_hours",
        label="Quiet hours",
        means="Local time in which SMS and push wait, for customers who set no other hours. May pass midnight.",
        form="hours",
        shown=lambda _: "",
    ),
    Column(
        field="fallback_languages",
        label="Languages to fall back to",
        means="Tried in this order when a communication is not there in a customer's language. With commas between.",
        form="text",
        shown=lambda _: "",
    ),
)


def form(policy: notices.Policy, category: str, column: Column) -> Mapping[str, object]:
    """What the form of a cell shows."""
    row = next((one for one in policy.categories if one.category == category), None)
    hours = policy.quiet_hours
    if row is None:
        return {
            "start": f"{hours.start:%H:%M}" if hours else "",
            "end": f"{hours.end:%H:%M}" if hours else "",
            "value": ", ".join(policy.fallback_languages),
        }
    cap = row.frequency_cap
    seconds = {"escalate_after_seconds": row.escalate_after_seconds, "expires_after_seconds": row.expires_after_seconds}
    size, _ = _unit(cap.within_seconds if cap else seconds.get(column.field, 0))
    chosen = {"urgent_channels": row.urgent_channels, "routine_channels": row.routine_channels}.get(column.field, ())
    order: Sequence[str] = row.review if column.form == "roles" else [channel.value for channel in chosen]
    names = reviewers() if column.form == "roles" else [channel.value for channel in _CHANNELS]
    values = {
        "urgent_from": str(row.urgent_from),
        "breaks_quiet_hours_from": str(row.breaks_quiet_hours_from),
        "legal_class": row.legal_class.value,
        "at_once": str(row.at_once),
        "consent": row.consent,
        "has_unsubscribe": "yes" if row.has_unsubscribe else "",
    }
    return {
        "value": values.get(column.field, ""),
        "classes": [one.value for one in notices.LegalClass],
        "severities": [(str(int(one)), one.name.lower()) for one in situations.Severity],
        "places": [(number + 1, order[number] if number < len(order) else "") for number in range(len(names))],
        "names": names,
        "amount": (cap.within_seconds if cap else seconds.get(column.field, 0)) // size,
        "unit": str(size),
        "units": [(str(unit), label) for unit, label in _UNITS],
        "count": cap.count if cap else "",
    }


def _unit(seconds: int) -> tuple[int, str]:
    return next((size, unit) for size, unit in _UNITS if seconds and seconds % size == 0) if seconds else _UNITS[2]


def changed(
    given: QueryDict, policy: notices.Policy, row: notices.CategoryPolicy | None, column: Column
) -> tuple[notices.Policy, list[str]]:
    """The policy with one cell as a form says, and what is wrong with the form."""
    if row is None:
        return _whole(given, policy, column)
    value, problem = _value(given, column)
    if problem:
        return policy, [problem]
    after = msgspec.structs.replace(row, **{column.field: value})
    rows = tuple(after if one.category == row.category else one for one in policy.categories)
    return msgspec.structs.replace(policy, categories=rows), []


def _whole(given: QueryDict, policy: notices.Policy, column: Column) -> tuple[notices.Policy, list[str]]:
    if column.field == "fallback_languages":
        names = tuple(name.strip() for name in given.get("value", "").replace("\x00", "").split(",") if name.strip())
        return msgspec.structs.replace(policy, fallback_languages=names), []
    start, end = given.get("start", ""), given.get("end", "")
    if not start and not end:
        return msgspec.structs.replace(policy, quiet_hours=None), []
    try:
        hours = parties.QuietHours(start=dt.time.fromisoformat(start), end=dt.time.fromisoformat(end))
    except ValueError:
        return policy, [f"Quiet hours: wanted two times of day, got {start[:20]!r} and {end[:20]!r}."]
    return msgspec.structs.replace(policy, quiet_hours=hours), []


def _value(given: QueryDict, column: Column) -> tuple[object, str]:
    """What a form says for a cell, and why not."""
    text = given.get("value", "").replace("\x00", "").strip()[: rulings.NAME_CHARACTERS]
    readers: Mapping[str, Callable[[], tuple[object, str]]] = {
        "choice": lambda: _class(text, column.label),
        "severity": lambda: _number(text, column.label),
        "number": lambda: _number(text, column.label),
        "channels": lambda: (_listed(given, _CHANNELS), ""),
        "roles": lambda: (_listed(given, reviewers()), ""),
        "duration": lambda: _seconds(given, column.label),
        "cap": lambda: _cap_of(given, column.label),
        "yes_or_no": lambda: (text == "yes", ""),
        "text": lambda: (text, ""),
    }
    return readers[column.form]()


def _class(text: str, label: str) -> tuple[notices.LegalClass, str]:
    known = next((one for one in notices.LegalClass if one.value == text), None)
    problem = "" if known else f"{label}: wanted one of the list, got {text!r}."
    return known or notices.LegalClass.SERVICE, problem


def _listed(given: QueryDict, known: Sequence[_N]) -> tuple[_N, ...]:
    """What was chosen at each place, in order, each once."""
    return tuple(dict.fromkeys(one for name in given.getlist("place") for one in known if str(one) == name))


def reviewers() -> list[str]:
    """The roles that take steps of a review."""
    return [role.value for role in staff.Role if staff.Right.APPROVE in staff.ROLE_RIGHTS[role]]


def _number(text: str, label: str) -> tuple[int, str]:
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(SECONDS_MAX))
    return (int(text), "") if is_number else (0, f"{label}: wanted a number, got {text!r}.")


def _seconds(given: QueryDict, label: str) -> tuple[int, str]:
    amount, problem = _number(given.get("amount", "").strip() or "0", label)
    size = next((size for size, _ in _UNITS if str(size) == given.get("unit")), _MINUTE)
    if not problem and amount * size > SECONDS_MAX:
        problem = f"{label}: wanted ten years at most, got {amount}."
    return amount * size, problem


def _cap_of(given: QueryDict, label: str) -> tuple[notices.FrequencyCap | None, str]:
    count_text = given.get("count", "").strip()
    if not count_text or count_text == "0":
        return None, ""
    count, problem = _number(count_text, label)
    seconds, further = _seconds(given, label)
    return notices.FrequencyCap(count=count, within_seconds=seconds), problem or further
