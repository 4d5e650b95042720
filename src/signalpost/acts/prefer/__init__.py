"""What a customer, or a system on their behalf, changes about how they are written to; the next decision goes by it.

A change is a merge patch on `document.Preferences`. It is taken whole or refused whole, with field, wanted and got.
What a contract owes must still arrive afterwards, what the law demands cannot be refused, and an address that bounced,
complained or said STOP stays silent.
"""

from collections.abc import Mapping
from typing import cast

import msgspec
from django.db import transaction
from django.utils import timezone

from signalpost.acts.prefer import document, flaws
from signalpost.flow.accept import reading
from signalpost.flow.choose import addresses
from signalpost.store import log, preferences, registry
from signalpost.vocabulary import events, notices, parties, records

#: Largest change.
BODY_BYTES = 65_536
#: Deepest nesting of a change: the document has four levels.
DEPTH_LEVELS = 6


def show(party: str) -> document.Preferences | flaws.Refused:
    """How a party is written to."""
    with transaction.atomic():
        found = preferences.lock(party) if _is_reference(party) else None
        return _UNKNOWN if found is None else document.of(found, _policy())


def change(party: str, patch: bytes, *, by: str) -> document.Preferences | flaws.Refused:
    """Change what a merge patch names, in one transaction with the fact that it was changed.

    Args:
        party: Reference of a customer.
        patch: JSON merge patch on `document.Preferences`.
        by: `recipient`, or the system that asks.
    """
    if len(patch) > BODY_BYTES:
        return flaws.Refused(
            reason=flaws.Reason.INVALID_FIELD, wanted=f"at most {BODY_BYTES} bytes", got=str(len(patch))
        )
    given = reading.json_of(patch, max_depth_levels=DEPTH_LEVELS)
    if isinstance(given, events.Refusal):
        return flaws.of_refusal(given)
    if not isinstance(given, dict):
        return flaws.Refused(reason=flaws.Reason.MALFORMED, wanted="a JSON object", got=type(given).__name__)
    with transaction.atomic():
        found = preferences.lock(party) if _is_reference(party) else None
        if found is None:
            return _UNKNOWN
        policy = _policy()
        flaw = _apply(found, given, policy)
        if flaw is not None:
            transaction.set_rollback(True)
            return flaw
        return _noted(document.of(found, policy), found.ref, policy, by=by)


def refuse(party: str, *, category: str, channel: parties.ChannelKind, by: str) -> None:
    """End messages of a category on a channel (one click); what the law demands still comes."""
    with transaction.atomic():
        found = preferences.lock(party)
        if found is None:
            return
        own = document.of_category(found, category)
        liked = tuple(kind for kind in own.channels if kind != channel)
        refused = own.refused if channel in own.refused else (*own.refused, channel)
        preferences.prefer(party, [parties.Preference(category=category, channels=liked, refused=refused)])
        policy = _policy()
        _noted(document.of(found, policy), party, policy, by=by)


_UNKNOWN = flaws.Refused(
    reason=flaws.Reason.UNKNOWN_PARTY, wanted="a party that is stored", got="none of that reference"
)


def _is_reference(text: str) -> bool:
    return reading.text_flaw(text, "") is None


def _policy() -> notices.Policy:
    return registry.policy(timezone.now())


def _apply(party: parties.Party, patch: "dict[str, records.Json]", policy: notices.Policy) -> flaws.Refused | None:
    """Write what a patch changes; a refusal of what cannot be, some of it found only after it was written."""
    before = document.of(party, policy)
    after = document.patched(before, patch)
    if isinstance(after, events.Refusal):
        return flaws.of_refusal(after)
    return (
        flaws.first(party, before, after, policy)
        or _store(party, before, after)
        or flaws.unreachable(party, preferences.read(party.ref), policy)
    )


def _noted(before: document.Preferences, party: str, policy: notices.Policy, *, by: str) -> document.Preferences:
    """The document as it is stored now, with the fact that it was changed."""
    now_stored = document.of(preferences.read(party), policy)
    if now_stored != before:
        log.add([_fact(party, before, now_stored, by=by)])
    return now_stored


def _store(party: parties.Party, before: document.Preferences, after: document.Preferences) -> flaws.Refused | None:
    """Write what differs; a refusal when a new contact point is somebody else's."""
    if after.language != before.language:
        preferences.speak(party.ref, language=after.language)
    _store_categories(party.ref, before, after)
    changed = {purpose: given for purpose, given in after.consents.items() if given != before.consents.get(purpose)}
    withdrawn = {purpose: False for purpose in before.consents if purpose not in after.consents}
    preferences.consent(party.ref, changed | withdrawn, now=timezone.now())
    preferences.leave(party.ref, [ref for ref in before.contact_points if ref not in after.contact_points])
    taken = preferences.reach(
        party.ref,
        [
            preferences.Point(ref=ref, channel=parties.ChannelKind(point.channel), address=point.address)
            for ref, point in after.contact_points.items()
            if point != before.contact_points.get(ref)
        ],
    )
    if taken:
        return flaws.Refused(
            reason=flaws.Reason.NOT_YOURS,
            field=f"/contact_points/{reading.pointer(min(taken))}",
            wanted="a reference that is free",
            got="one that is taken",
        )
    if after.delivery_address != before.delivery_address:
        _store_address(party, after.delivery_address)
    return None


def _store_categories(party: str, before: document.Preferences, after: document.Preferences) -> None:
    def row(name: str, given: document.Preferences) -> parties.Preference:
        category = given.categories.get(name, document.Category())
        is_without_letters = name == document.ALL and given.is_paperless
        return parties.Preference(
            category="" if name == document.ALL else name,
            channels=tuple(parties.ChannelKind(way) for way in category.channels),
            refused=tuple(parties.ChannelKind(way) for way in category.refused)
            + ((parties.ChannelKind.LETTER,) if is_without_letters else ()),
        )

    names = sorted({document.ALL, *before.categories, *after.categories})
    wanted = [row(name, after) for name in names if row(name, after) != row(name, before)]
    preferences.prefer(party, [row for row in wanted if row.channels or row.refused])
    preferences.forget(party, [row.category for row in wanted if not (row.channels or row.refused)])


def _store_address(party: parties.Party, postal: document.Postal | None) -> None:
    """Put one postal address in place of all that are in use; one that came back stays, silent."""
    letters = [point.ref for point in addresses.usable(party).get(parties.ChannelKind.LETTER, ())]
    preferences.leave(party.ref, letters)
    if postal is not None:
        ref = letters[0] if letters else records.reference("delivery address", party.ref)
        stored = parties.PostalAddress(
            lines=postal.lines,
            postcode=postal.postcode,
            locality=postal.locality,
            region=postal.region,
            country=postal.country,
        )
        preferences.reach(party.ref, [preferences.Point(ref=ref, channel=parties.ChannelKind.LETTER, postal=stored)])


def _fact(party: str, before: document.Preferences, after: document.Preferences, *, by: str) -> records.Fact:
    was, now = (cast("Mapping[str, records.Json]", msgspec.to_builtins(document)) for document in (before, after))
    return records.Fact(
        kind=records.FactKind.PREFERENCE_CHANGED,
        subject=party,
        at=timezone.now(),
        body=records.canonical(
            {
                "by": by,
                "changed": sorted(name for name in now if now[name] != was[name]),
                "before": records.digest(records.canonical(before)),
                "after": records.digest(records.canonical(after)),
            }
        ).decode(),
    )
