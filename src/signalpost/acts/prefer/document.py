"""How a party is written to, as one document: shown, changed by a JSON merge patch (RFC 7396), shown again."""

from typing import Annotated, Literal, cast

import msgspec

from signalpost.flow.accept import reading
from signalpost.flow.choose import addresses, pages
from signalpost.vocabulary import events, notices, parties, records

#: Name of the preference that holds for all categories, in the document; the rows write "".
ALL = "*"
#: Longest reference of a contact point.
REFERENCE_CHARACTERS = 200

_ONE_LINE = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]+$"
_MAYBE_LINE = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$"
Line = Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=_ONE_LINE)]
Word = Annotated[str, msgspec.Meta(max_length=40)]
Postcode = Annotated[str, msgspec.Meta(min_length=1, max_length=20, pattern=_ONE_LINE)]
Region = Annotated[str, msgspec.Meta(max_length=100, pattern=_MAYBE_LINE)]
Address = Annotated[str, msgspec.Meta(max_length=2000, pattern=_MAYBE_LINE)]
Language = Annotated[str, msgspec.Meta(max_length=35, pattern="^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$")]
Country = Annotated[str, msgspec.Meta(pattern="^[A-Z]{2}$", description="ISO 3166-1 alpha-2.")]
Way = Literal["email", "sms", "push", "letter", "portal"]
PointWay = Literal["email", "sms", "push", "portal"]
Ways = Annotated[tuple[Way, ...], msgspec.Meta(max_length=5)]


class Category(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a party asked for in one category, or in all (`*`)."""

    #: In order of liking.
    channels: Ways = ()
    refused: Ways = ()


class Point(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An address that is no postal one."""

    channel: PointWay
    #: E-mail address, number in E.164 or push subscription; "" for the portal.
    address: Address = ""
    #: Read only: false for an address that bounced, complained or said STOP.
    is_usable: bool = True


class Postal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where letters go."""

    lines: Annotated[tuple[Line, ...], msgspec.Meta(min_length=1, max_length=6)]
    postcode: Postcode
    locality: Line
    region: Region = ""
    country: Country


class Preferences(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a party is written to."""

    #: BCP 47.
    language: Language
    #: No letters but those the law demands.
    is_paperless: bool
    #: Category → channels; `*` for all categories that have none of their own.
    categories: dict[Word, Category]
    #: Purpose → whether the party consents to it.
    consents: dict[Word, bool]
    contact_points: dict[str, Point]
    delivery_address: Postal | None


def of(party: parties.Party, policy: notices.Policy) -> Preferences:
    """The document of a party under a policy."""
    general = of_category(party, "")
    known = purposes(policy) | party.consents
    letter = _delivery_point(party)
    usable = _usable(party)
    return Preferences(
        language=party.language,
        is_paperless=parties.ChannelKind.LETTER in general.refused,
        categories={
            preference.category or ALL: Category(
                channels=_ways(preference.channels),
                refused=_ways(preference.refused, but=None if preference.category else parties.ChannelKind.LETTER),
            )
            for preference in party.preferences
        },
        consents={purpose: purpose in party.consents for purpose in sorted(known)},
        contact_points={
            point.ref: Point(
                channel=cast("PointWay", point.channel.value), address=point.address, is_usable=point.ref in usable
            )
            for point in party.contact_points
            if point.channel not in {parties.ChannelKind.LETTER, parties.ChannelKind.WEBHOOK}
        },
        delivery_address=None if letter is None or letter.postal is None else _postal(letter.postal),
    )


def _postal(stored: parties.PostalAddress) -> Postal:
    return Postal(
        lines=stored.lines,
        postcode=stored.postcode,
        locality=stored.locality,
        region=stored.region,
        country=stored.country,
    )


def way(kind: parties.ChannelKind) -> Way:
    """A channel that a person can choose, as the document writes it."""
    return cast("Way", kind.value)


def _ways(kinds: tuple[parties.ChannelKind, ...], *, but: parties.ChannelKind | None = None) -> Ways:
    """Channels that a person can choose; webhooks are for systems."""
    return tuple(way(kind) for kind in kinds if kind not in {but, parties.ChannelKind.WEBHOOK})


def purposes(policy: notices.Policy) -> frozenset[str]:
    """The purposes that somebody can consent to."""
    named = {category.consent for category in policy.categories if category.consent}
    is_marketing = any(category.legal_class == notices.LegalClass.MARKETING for category in policy.categories)
    return frozenset(named | ({pages.MARKETING_PURPOSE} if is_marketing else set()))


def _usable(party: parties.Party) -> frozenset[str]:
    return frozenset(point.ref for points in addresses.usable(party).values() for point in points)


def _delivery_point(party: parties.Party) -> parties.ContactPoint | None:
    """The postal address that letters go to: the one the choice takes."""
    return next(iter(addresses.usable(party).get(parties.ChannelKind.LETTER, ())), None)


def of_category(party: parties.Party, category: str) -> parties.Preference:
    """What a party asked for in a category, "" for all."""
    found = (preference for preference in party.preferences if preference.category == category)
    return next(found, parties.Preference(category=category))


class _Wanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a patch makes other than it was. Only that is checked: what was stored before stays as it is."""

    language: Language | msgspec.UnsetType = msgspec.UNSET
    is_paperless: bool | msgspec.UnsetType = msgspec.UNSET
    categories: dict[Word, Category] = {}
    consents: dict[Word, bool] = {}
    contact_points: dict[str, Point] = {}
    delivery_address: Postal | msgspec.UnsetType | None = msgspec.UNSET


#: Members that hold an entry per name.
_MAPS = ("categories", "consents", "contact_points")


def patched(before: Preferences, patch: "dict[str, records.Json]") -> Preferences | events.Refusal:
    """The document as a merge patch wants it, or what of it cannot be read."""
    current = cast("dict[str, records.Json]", msgspec.to_builtins(before))
    merged = _merged(current, patch)
    gone = next((name for name in current if name not in merged), None)
    if gone is not None:
        return reading.refuse(
            events.RefusalReason.MISSING_FIELD, field=f"/{gone}", wanted=f"a member {gone!r}", got="none"
        )
    changed = {name: value for name, value in merged.items() if value != current.get(name, msgspec.UNSET)}
    for name in _MAPS:
        was, wanted = current[name], changed.get(name)
        if isinstance(was, dict) and isinstance(wanted, dict):
            changed[name] = {key: value for key, value in wanted.items() if value != was.get(key)}
    read = reading.decode(records.canonical(changed), _Wanted)
    return read if isinstance(read, events.Refusal) else _after(before, read, merged)


def _after(before: Preferences, read: _Wanted, merged: "dict[str, records.Json]") -> Preferences:
    def left(name: str) -> "dict[str, records.Json]":
        kept = merged[name]
        return kept if isinstance(kept, dict) else {}

    is_paperless = before.is_paperless if read.is_paperless is msgspec.UNSET else read.is_paperless
    categories = {
        name: _without_letters(category) if is_paperless else category
        for name, category in (before.categories | read.categories).items()
        if name in left("categories")
    }
    points = before.contact_points | read.contact_points
    return Preferences(
        language=before.language if read.language is msgspec.UNSET else read.language,
        is_paperless=is_paperless,
        categories=categories,
        consents={name: given for name, given in (before.consents | read.consents).items() if name in left("consents")},
        contact_points={ref: point for ref, point in points.items() if ref in left("contact_points")},
        delivery_address=(before.delivery_address if read.delivery_address is msgspec.UNSET else read.delivery_address),
    )


def _without_letters(category: Category) -> Category:
    """Who asks for no letters no longer likes them anywhere, or the older wish would outlive the newer one."""
    return msgspec.structs.replace(category, channels=tuple(kind for kind in category.channels if kind != "letter"))


def _merged(target: "records.Json", patch: "dict[str, records.Json]") -> "dict[str, records.Json]":
    """RFC 7396, section 2."""
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if name == "delivery_address" and value is None:
            result[name] = None
        elif value is None:
            result.pop(name, None)
        elif isinstance(value, dict):
            result[name] = _merged(result.get(name), value)
        else:
            result[name] = value
    return result
