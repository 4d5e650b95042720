"""Refusals of governance in words for the person who is refused: what stands against it, and who can do it instead."""

from collections.abc import Mapping

from signalpost.acts import releasing
from signalpost.govern import templates as govern
from signalpost.vocabulary import templates
from signalpost.web.console.templatetags import humane

_Reason = govern.DeniedReason

_WORDS: Mapping[govern.DeniedReason, str] = {
    _Reason.UNKNOWN_PERSON: "Nobody is named who does this. Log in again.",
    _Reason.ROLE_MISSING: "This is for people with the role {wanted}; yours is {got}.",
    _Reason.ILLEGAL_MOVE: "It cannot be done now: it would have to be {wanted}, and it is {got}.",
    _Reason.OWN_CHANGE: "You wrote part of this change. Nobody approves their own change, in any role: "
    "ask somebody who did not work on it.",
    _Reason.ALREADY_SIGNED: "You took an earlier step of this review. Each step is another person's: "
    "ask a colleague to take this one.",
    _Reason.STEPS_OPEN: "Other steps of the review come first: {wanted}. Taken so far: {got}.",
    _Reason.LAST_STEP: "This is the last step of the review: approve it, with the time from which it holds.",
    _Reason.CONTENT_CHANGED: "It was changed since you looked at it. Read it again as it is now.",
    _Reason.FINDINGS: "The checks found errors. Put them right first.",
    _Reason.NOTHING_CHANGED: "There is nothing to release: all of it is live already as it is.",
    _Reason.STALE: "What is live has changed since this was made ({got}). Send it back, make it anew for what is live "
    "now, and have it reviewed again.",
    _Reason.SUPERSEDED: "It cannot be taken back as a whole any more: there is {got}. Release a change instead.",
    _Reason.INVALID_DATES: "The dates do not go together: {got}. Wanted: {wanted}.",
}


def words(denied: govern.Denied) -> str:
    """Why somebody may not, said to them."""
    text = _WORDS.get(denied.reason, "It cannot be done: wanted {wanted}, got {got}.")
    return text.format(wanted=humane.words(denied.wanted), got=humane.words(denied.got))


def refusal(refused: releasing.Refused) -> list[str]:
    """Everything that stands against something that was asked for, a sentence each."""
    said = [words(refused.denied)] if refused.denied is not None else []
    errors = [found for found in refused.findings if found.severity is templates.FindingSeverity.ERROR]
    return said + [f"{found.place}: {found.message}. What to do: {found.remedy}." for found in errors]
