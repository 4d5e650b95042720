"""What a change of preferences cannot do, each with field, wanted and got."""

import enum
import re
from collections.abc import Iterator

import msgspec

from signalpost.acts.prefer import document
from signalpost.channels.smtp import message
from signalpost.flow.accept import reading
from signalpost.flow.choose import addresses, channels
from signalpost.vocabulary import events, notices, parties

#: Most contact points of a party that can be changed here.
POINTS = 20

_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")


class Reason(enum.StrEnum):
    """Why a change was refused."""

    #: There is no party of that reference.
    UNKNOWN_PARTY = "unknown_party"
    #: It is no JSON object in UTF-8.
    MALFORMED = "malformed"
    #: It is nested deeper than any preference.
    TOO_DEEP = "too_deep"
    #: A field is missing.
    MISSING_FIELD = "missing_field"
    #: A field is unknown, or has a value that it cannot have.
    INVALID_FIELD = "invalid_field"
    #: What the law demands cannot be refused.
    OWED_BY_LAW = "owed_by_law"
    #: What the contract owes would no longer arrive on any channel.
    UNREACHABLE = "unreachable"
    #: The contact point belongs to somebody else, or its address is to be left in peace.
    NOT_YOURS = "not_yours"


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """Why nothing was changed: which field (JSON Pointer), what was wanted, what was there."""

    reason: Reason
    field: str = ""
    wanted: str
    got: str


def of_refusal(refusal: events.Refusal) -> Refused:
    """A text that cannot be read, as a refusal of the change."""
    return Refused(reason=Reason(refusal.reason), field=refusal.field, wanted=refusal.wanted, got=refusal.got)


def first(
    party: parties.Party, before: document.Preferences, after: document.Preferences, policy: notices.Policy
) -> Refused | None:
    """The first thing in the wanted document that cannot be."""
    found = (
        *_category_flaws(before, after, policy),
        *_point_flaws(before, after),
        *_consent_flaws(after, policy, party),
    )
    return next(iter(found), None)


def _category_flaws(
    before: document.Preferences, after: document.Preferences, policy: notices.Policy
) -> Iterator[Refused]:
    known = {category.category: category.legal_class for category in policy.categories}
    for name, category in after.categories.items():
        field = f"/categories/{reading.pointer(name)}"
        if category == before.categories.get(name):
            continue
        if name != document.ALL and name not in known:
            yield _invalid(field, f"one of {', '.join([document.ALL, *known])}", name)
        both = [way for way in category.channels if way in category.refused]
        if both:
            yield _invalid(f"{field}/refused", "channels that are not liked as well", both[0])
        if name == document.ALL and parties.ChannelKind.LETTER.value in category.refused:
            yield _invalid(f"{field}/refused", "`is_paperless` for letters in all categories", "letter")
        if category.refused and known.get(name) in notices.MANDATORY:
            yield Refused(
                reason=Reason.OWED_BY_LAW, field=f"{field}/refused", wanted="nothing", got=category.refused[0]
            )


def _point_flaws(before: document.Preferences, after: document.Preferences) -> Iterator[Refused]:
    if len(after.contact_points) > max(POINTS, len(before.contact_points)):
        yield _invalid("/contact_points", f"at most {POINTS}", str(len(after.contact_points)))
    for ref, point in before.contact_points.items():
        if not point.is_usable and after.contact_points.get(ref) != point:
            yield Refused(
                reason=Reason.NOT_YOURS,
                field=f"/contact_points/{reading.pointer(ref)}",
                wanted="another contact point; this address stays silent",
                got="a change",
            )
    for ref, point in after.contact_points.items():
        field = f"/contact_points/{reading.pointer(ref)}"
        known = before.contact_points.get(ref)
        if point == known:
            continue
        if known is None and not (0 < len(ref) <= document.REFERENCE_CHARACTERS and ref.isprintable()):
            yield _invalid(field, f"a reference of 1 to {document.REFERENCE_CHARACTERS} printable characters", ref)
        if not point.is_usable:
            yield _invalid(f"{field}/is_usable", "nothing: it is read only", "false")
        yield from _address_flaws(point, f"{field}/address")


def _address_flaws(point: document.Point, field: str) -> Iterator[Refused]:
    match point.channel:
        case "email":
            read = message.mailbox(point.address)
            if isinstance(read, message.Unaddressable):
                yield _invalid(field, "an e-mail address", read.detail)
        case "sms":
            if not _NUMBER.fullmatch(point.address):
                yield _invalid(field, "a number in E.164: + and 7 to 15 digits", "something else")
        case "push":
            if not point.address:
                yield _invalid(field, "a push subscription", "nothing")
        case "portal":
            if point.address:
                yield _invalid(field, "nothing: the portal needs no address", "something")


def _consent_flaws(after: document.Preferences, policy: notices.Policy, party: parties.Party) -> Iterator[Refused]:
    known = document.purposes(policy) | party.consents
    for purpose in after.consents:
        if purpose not in known:
            wanted = f"one of {', '.join(sorted(known))}" if known else "none"
            yield _invalid(f"/consents/{reading.pointer(purpose)}", wanted, purpose)


def _invalid(field: str, wanted: str, got: str) -> Refused:
    return Refused(reason=Reason.INVALID_FIELD, field=field, wanted=wanted, got=reading.literal(got))


def unreachable(before: parties.Party, after: parties.Party, policy: notices.Policy) -> Refused | None:
    """What the contract owes must still arrive, where it did before."""
    for category in policy.categories:
        is_owed = category.legal_class == notices.LegalClass.CONTRACTUAL
        if is_owed and _is_reached(before, category) and not _is_reached(after, category):
            return Refused(
                reason=Reason.UNREACHABLE,
                field="/is_paperless" if _lost_letters(before, after) else "/categories",
                wanted=f"a channel with a usable address for {category.category!r}",
                got="none",
            )
    return None


def _is_reached(party: parties.Party, category: notices.CategoryPolicy) -> bool:
    ways = frozenset(category.urgent_channels) | frozenset(category.routine_channels)
    return bool((ways - channels.refused_by(party, category.category)) & frozenset(addresses.usable(party)))


def _lost_letters(before: parties.Party, after: parties.Party) -> bool:
    was, now = (parties.ChannelKind.LETTER in document.of_category(party, "").refused for party in (before, after))
    return now and not was
