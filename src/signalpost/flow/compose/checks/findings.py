"""Findings in few words."""

from signalpost.vocabulary import templates


def error(place: str, message: str, remedy: str) -> templates.Finding:
    """What keeps a draft from being submitted."""
    severity = templates.FindingSeverity.ERROR
    return templates.Finding(place=place, severity=severity, message=message, remedy=remedy)


def warning(place: str, message: str, remedy: str) -> templates.Finding:
    """What the approver should know."""
    severity = templates.FindingSeverity.WARNING
    return templates.Finding(place=place, severity=severity, message=message, remedy=remedy)
