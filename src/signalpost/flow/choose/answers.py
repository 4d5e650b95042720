"""The words of the trace: which rule was asked, and what it can say."""

import enum

from signalpost.vocabulary import notices, records


class Rule(enum.StrEnum):
    """The rules in the order in which they are asked; what stands in `Because.rule`."""

    #: Asked only where the trigger names a segment.
    SEGMENT = "segment"
    STANDING = "standing"
    CONSENT = "consent"
    HISTORY = "history"
    FREQUENCY_CAP = "frequency_cap"
    CHANNELS = "channels"
    ADDRESSES = "addresses"
    QUIET_HOURS = "quiet_hours"
    EXPIRY = "expiry"
    LANGUAGE = "language"
    HOUSEHOLD = "household"


class Verdict(enum.StrEnum):
    """What stands in `Because.verdict` of a rule that withholds nothing; one that does says its `WithheldReason`."""

    PASSED = "passed"
    #: It would hold the party back, but the legal class or the severity stands above it.
    OVERRIDDEN = "overridden"
    #: Nothing to ask: policy or party sets nothing, or it is not for this kind of party.
    NOT_ASKED = "not_asked"
    #: Not now but later.
    WAITS = "waits"
    URGENT = "urgent"
    ROUTINE = "routine"


class Answer(records.Record, frozen=True, kw_only=True):
    """What one rule says about one party."""

    because: notices.Because
    withheld: notices.WithheldReason | None = None


def because(rule: Rule, verdict: Verdict, detail: str = "") -> notices.Because:
    """One line of the trace."""
    return notices.Because(rule=rule, verdict=verdict, detail=detail)


def passes(rule: Rule, verdict: Verdict, detail: str = "") -> Answer:
    """The answer of a rule that withholds nothing."""
    return Answer(because=because(rule, verdict, detail))


def withholds(rule: Rule, reason: notices.WithheldReason, detail: str = "") -> Answer:
    """The answer of a rule that says no."""
    return Answer(because=notices.Because(rule=rule, verdict=reason, detail=detail), withheld=reason)
