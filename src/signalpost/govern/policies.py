"""What the law and good sense say to a channel policy: asked when somebody changes a cell, and before approval.

An error is what the law does not allow or what would make the table contradict itself; a warning is what its author has
probably not meant. `choose` holds the law whatever the table says; here it is said before the table says otherwise.
"""

from collections.abc import Iterator

from signalpost.vocabulary import notices, parties, situations, templates

#: Seconds of an hour: what is escalated to print later than that is slow, in a matter of safety.
HOUR_SECONDS = 3600
_SEVERITIES = frozenset(int(severity) for severity in situations.Severity)
#: Channels that reach somebody without a device or a contract for it.
_PAPER = parties.ChannelKind.LETTER


def findings(policy: notices.Policy) -> tuple[templates.Finding, ...]:
    """Everything to be said about a policy, row by row; places are `categories[NAME].FIELD` or `FIELD`."""
    found = [*_whole(policy)]
    for row in policy.categories:
        found += [*_law(row), *_channels(row), *_numbers(row), *_times(row)]
    return tuple(found)


def _whole(policy: notices.Policy) -> Iterator[templates.Finding]:
    names = [row.category for row in policy.categories]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield _error(f"categories[{name}].category", f"{name!r} stands twice in the table", "take one of the rows out")
    if any(not name.strip() for name in names):
        yield _error("categories[].category", "a row has no name", "name the category")
    hours = policy.quiet_hours
    if hours is not None and hours.start == hours.end:
        yield _warning(
            "quiet_hours", f"from {hours.start:%H:%M} to {hours.end:%H:%M} is no quiet time", "set two different times"
        )
    if not policy.fallback_languages:
        yield _warning(
            "fallback_languages",
            "who reads none of the languages of a communication gets nothing",
            "name the languages to fall back to",
        )


def _law(row: notices.CategoryPolicy) -> Iterator[templates.Finding]:
    """What the legal class demands. Mandatory classes may be held back by nothing that the reader or we wish."""
    if row.legal_class in notices.MANDATORY:
        owed = f"{row.legal_class} messages are owed by law"
        if row.has_unsubscribe:
            yield _error(_at(row, "has_unsubscribe"), f"{owed}: nobody can unsubscribe from them", "switch it off")
        if row.frequency_cap is not None:
            yield _error(_at(row, "frequency_cap"), f"{owed}: there is no cap on them", "take the cap out")
        if row.consent:
            yield _error(_at(row, "consent"), f"{owed}: they need no consent", "leave the purpose empty")
        if _PAPER not in {*row.urgent_channels, *row.routine_channels}:
            yield _warning(
                _at(row, "routine_channels"),
                f"{owed}: who can be reached on no device gets nothing",
                "add the letter as the last channel",
            )
    if row.legal_class is notices.LegalClass.MARKETING:
        # Directive 2002/58/EC, Article 13 (1) and (2); RFC 8058 for the click.
        if not row.consent:
            yield _warning(
                _at(row, "consent"), "no purpose is named: consent to `marketing` is asked for", "name the purpose"
            )
        if not row.has_unsubscribe:
            yield _error(_at(row, "has_unsubscribe"), "marketing must offer a way out each time", "switch it on")
        if row.frequency_cap is None:
            yield _warning(_at(row, "frequency_cap"), "nothing limits how often somebody is written to", "set a cap")


def _channels(row: notices.CategoryPolicy) -> Iterator[templates.Finding]:
    for field, channels in (("urgent_channels", row.urgent_channels), ("routine_channels", row.routine_channels)):
        if len(set(channels)) < len(channels):
            yield _error(_at(row, field), "a channel stands twice in the order", "name each channel once")
    if not row.urgent_channels and not row.routine_channels:
        yield _warning(
            _at(row, "routine_channels"), "there is no channel: nothing is sent", "name one channel at least"
        )
    if not 1 <= row.at_once <= max(1, len(row.urgent_channels)):
        wanted = f"1 to {max(1, len(row.urgent_channels))}, the number of urgent channels"
        yield _error(_at(row, "at_once"), f"wanted {wanted}, got {row.at_once}", "start that many at once")


def _numbers(row: notices.CategoryPolicy) -> Iterator[templates.Finding]:
    for field, severity in (
        ("urgent_from", row.urgent_from),
        ("breaks_quiet_hours_from", row.breaks_quiet_hours_from),
    ):
        if severity not in _SEVERITIES:
            yield _error(_at(row, field), f"wanted a severity from 0 to 4, got {severity}", "choose a severity")
    cap = row.frequency_cap
    if cap is not None and (cap.count < 1 or cap.within_seconds < 1):
        yield _error(
            _at(row, "frequency_cap"),
            f"wanted one message in one second at least, got {cap.count} in {cap.within_seconds} s",
            "set a number of messages and a time",
        )


def _times(row: notices.CategoryPolicy) -> Iterator[templates.Finding]:
    for field, seconds in (
        ("escalate_after_seconds", row.escalate_after_seconds),
        ("expires_after_seconds", row.expires_after_seconds),
    ):
        if seconds < 0:
            yield _error(_at(row, field), f"wanted no time or more, got {seconds} s", "set a time, or none")
    if 0 < row.expires_after_seconds <= row.escalate_after_seconds:
        yield _warning(
            _at(row, "expires_after_seconds"),
            "it is no longer true before the second channel starts",
            "let it stay true for longer, or escalate sooner",
        )
    if row.legal_class is notices.LegalClass.SAFETY and not 0 < row.escalate_after_seconds <= HOUR_SECONDS:
        yield _warning(
            _at(row, "escalate_after_seconds"),
            "a warning of danger that nobody confirms is not passed to the next channel within the hour",
            "escalate after an hour or less",
        )


def _at(row: notices.CategoryPolicy, field: str) -> str:
    return f"categories[{row.category}].{field}"


def _error(place: str, message: str, remedy: str) -> templates.Finding:
    severity = templates.FindingSeverity.ERROR
    return templates.Finding(place=place, severity=severity, message=message, remedy=remedy)


def _warning(place: str, message: str, remedy: str) -> templates.Finding:
    severity = templates.FindingSeverity.WARNING
    return templates.Finding(place=place, severity=severity, message=message, remedy=remedy)
