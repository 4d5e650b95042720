"""What the decisions of one page have in common: policy entry, urgency, channel order, clock and templates.

A page is 500 parties; what does not depend on the party is worked out here and not 500 times.
"""

import dataclasses
import datetime as dt

from signalpost.flow.choose import languages, timing
from signalpost.vocabulary import notices, parties, situations

#: The purpose that marketing needs where the policy names none (GDPR art. 6 (1) a, ePrivacy directive art. 13).
MARKETING_PURPOSE = "marketing"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Everything the rules need besides the party."""

    change: situations.Change
    policy: notices.Policy
    communication: notices.CommunicationType
    category: notices.CategoryPolicy
    is_mandatory: bool
    is_urgent: bool
    #: Consent purpose that is needed, "" for none.
    purpose: str
    #: Channels the communication type has content for.
    content: frozenset[parties.ChannelKind]
    #: Channel → why it stands there, in order; empty when it is not urgent.
    urgent: dict[parties.ChannelKind, str]
    routine: dict[parties.ChannelKind, str]
    #: Channel → device states in which it is useless.
    useless_in: dict[parties.ChannelKind, frozenset[str]]
    clock: timing.Clock
    shelf: languages.Shelf


def prepare(
    change: situations.Change,
    policy: notices.Policy,
    *,
    communication: notices.CommunicationType,
    now: dt.datetime,
) -> Page:
    """Settle what the parties of a page have in common.

    Raises:
        UnknownCategoryError: the policy has no entry for the communication type's category.
        ValueError: `now` has no time zone.
    """
    if now.tzinfo is None:
        message = f"now: wanted an instant with its time zone, got {now.isoformat()!r}"
        raise ValueError(message)
    category = _category(policy, communication)
    content = frozenset(communication.channels)
    is_mandatory = category.legal_class in notices.MANDATORY
    is_urgent = change.severity >= category.urgent_from
    return Page(
        change=change,
        policy=policy,
        communication=communication,
        category=category,
        is_mandatory=is_mandatory,
        is_urgent=is_urgent,
        purpose=category.consent or _implied_purpose(category.legal_class),
        content=content,
        urgent=_why(category.urgent_channels, content, "urgent channel of the policy") if is_urgent else {},
        routine=_why(category.routine_channels, content, "routine channel of the policy"),
        useless_in=_useless(policy),
        clock=timing.Clock(
            now=now,
            expires_at=_expiry(change, category),
            quiet_hours=policy.quiet_hours,
            is_mandatory=is_mandatory,
            is_severe=change.severity >= category.breaks_quiet_hours_from,
        ),
        shelf=languages.shelve(communication.versions, fallbacks=policy.fallback_languages),
    )


def _category(policy: notices.Policy, communication: notices.CommunicationType) -> notices.CategoryPolicy:
    for category in policy.categories:
        if category.category == communication.category:
            return category
    known = ", ".join(repr(category.category) for category in policy.categories)
    message = (
        f"policy {policy.version!r}, communication type {communication.name!r}: "
        f"wanted one of the categories {known or 'none'}, got {communication.category!r}"
    )
    raise notices.UnknownCategoryError(message)


def _implied_purpose(legal_class: notices.LegalClass) -> str:
    return MARKETING_PURPOSE if legal_class is notices.LegalClass.MARKETING else ""


def _why(
    channels: tuple[parties.ChannelKind, ...], content: frozenset[parties.ChannelKind], why: str
) -> dict[parties.ChannelKind, str]:
    return {channel: why for channel in channels if channel in content}


def _useless(policy: notices.Policy) -> dict[parties.ChannelKind, frozenset[str]]:
    states: dict[parties.ChannelKind, set[str]] = {}
    for state, channel in policy.useless_in:
        states.setdefault(channel, set()).add(state)
    return {channel: frozenset(found) for channel, found in states.items()}


def _expiry(change: situations.Change, category: notices.CategoryPolicy) -> dt.datetime | None:
    if not category.expires_after_seconds:
        return None
    return change.at + dt.timedelta(seconds=category.expires_after_seconds)
