"""What a person can choose in the portal: languages there are texts in, and ways they can be reached, by category."""

import msgspec
from django.db import transaction
from django.utils import timezone

from signalpost.acts.prefer import document
from signalpost.flow.choose import addresses
from signalpost.store import preferences, registry
from signalpost.vocabulary import notices, parties, situations

#: Events that we raise ourselves tell staff.
_OF_OUR_OWN = "signalpost."
#: How much of an address is shown to whoever has the link, which may have been passed on.
_SHOWN_START, _SHOWN_END = 1, 3


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """A channel a person can be reached on."""

    channel: document.Way
    #: Masked: enough to recognise one's own.
    address: str


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """What can be chosen in one category."""

    category: str
    ways: tuple[Way, ...]
    #: The law or the contract has messages of it come in any case.
    is_owed: bool


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a person can choose."""

    languages: tuple[str, ...]
    categories: tuple[Choice, ...]


def of(party: str) -> Choices | None:
    """What a party can choose; `None` when there is no such party."""
    with transaction.atomic():
        found = preferences.lock(party)
        if found is None:
            return None
        now = timezone.now()
        told = [
            trigger.communication
            for trigger in registry.rules(now).triggers
            if trigger.audience != situations.AudienceKind.ROLE and not trigger.event_type.startswith(_OF_OUR_OWN)
        ]
        categories = preferences.categories(told)
        usable = {channel: points[0] for channel, points in addresses.usable(found).items()}
        return Choices(
            languages=preferences.languages(),
            categories=tuple(
                _choice(policy, usable)
                for policy in registry.policy(now).categories
                if policy.category in categories and policy.legal_class not in notices.MANDATORY
            ),
        )


def _choice(policy: notices.CategoryPolicy, usable: dict[parties.ChannelKind, parties.ContactPoint]) -> Choice:
    channels = dict.fromkeys((*policy.urgent_channels, *policy.routine_channels))
    return Choice(
        category=policy.category,
        is_owed=policy.legal_class == notices.LegalClass.CONTRACTUAL,
        ways=tuple(
            Way(channel=document.way(channel), address=_masked(usable[channel]))
            for channel in channels
            if channel in usable
        ),
    )


def _masked(point: parties.ContactPoint) -> str:
    """`a…@mail.example`, `+…004`, the locality of a letter."""
    if point.postal is not None:
        return point.postal.locality
    local, at, domain = point.address.rpartition("@")
    if at:
        return f"{local[:_SHOWN_START]}…@{domain}"
    return f"{point.address[:_SHOWN_START]}…{point.address[-_SHOWN_END:]}" if point.address else ""
