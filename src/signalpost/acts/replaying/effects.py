"""What a release changes, as the past is asked about it: texts, triggers, segments, the policy."""

from collections.abc import Mapping

import msgspec

from signalpost.store import library as kept
from signalpost.store import releases
from signalpost.vocabulary import library, notices, parties, situations, templates


class Bound(msgspec.Struct, frozen=True, kw_only=True):
    """A text by its digest; `None` where the language is taken out of use."""

    digest: str
    content: templates.Content | None


class TriggerChange(msgspec.Struct, frozen=True, kw_only=True):
    """A trigger before and after, each with the condition of its segment ("" for everybody)."""

    before: situations.Trigger | None
    after: situations.Trigger | None
    segment_before: str = ""
    segment_after: str = ""


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """What `choose` has to know of a communication type that a release changes."""

    category: str
    channels: tuple[parties.ChannelKind, ...]
    languages: frozenset[str]


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """A release, as the past is asked about it."""

    release: str
    #: Of the release: another one by then makes what is found stale.
    digest: str
    #: By communication type and language.
    texts: Mapping[tuple[str, str], Bound] = {}
    #: Communication types whose category, channels or languages change.
    reaches: Mapping[str, Reach] = {}
    #: By name.
    triggers: Mapping[str, TriggerChange] = {}
    policy: notices.Policy | None = None

    @property
    def said(self) -> frozenset[str]:
        """Communication types of which a text changes."""
        return frozenset(communication for communication, _ in self.texts)

    @property
    def chosen(self) -> frozenset[str]:
        """Communication types whose decisions a trigger or the reach may change."""
        told = {one.communication for change in self.triggers.values() for one in (change.before, change.after) if one}
        return frozenset({*told, *self.reaches})

    def touches(self, communications: list[str]) -> list[str]:
        """Those of all communication types whose past cases may become others."""
        return [name for name in communications if self.policy or name in self.said or name in self.chosen]

    def event_types(self) -> list[str]:
        """Types of business events that a trigger would newly make something of."""
        return sorted({change.after.event_type for change in self.triggers.values() if change.after} - {""})


def of(ref: str) -> Effect:
    """What a release changes.

    Raises:
        LookupError: there is no such release.
    """
    release = releases.load(ref)
    digests = [digest for changed in release.changes for digest in (changed.digest, changed.base) if digest]
    items = {digest: version.item() for digest, version in kept.versions(digests).items()}
    before = kept.shelf()
    after = dict(before)
    for changed in release.changes:
        # What the change was made from, even if it is live by now.
        _put(before, changed.key, items.get(changed.base))
        _put(after, changed.key, items.get(changed.digest))
    contents = {content.digest(): content for content in releases.contents([one.content for one in release.contents])}
    texts = {
        (one.communication, one.language): Bound(digest=one.content, content=contents.get(one.content))
        for one in release.contents
    }
    return Effect(
        release=ref,
        digest=release.digest,
        texts=texts,
        reaches=_reaches(before, after),
        triggers=_triggers(before, after),
        policy=_policy(before, after),
    )


def _put(shelf: library.Shelf, key: library.Key, item: library.Item | None) -> None:
    if item is None:
        shelf.pop(key, None)
    else:
        shelf[key] = item


def _reaches(before: library.Shelf, after: library.Shelf) -> dict[str, Reach]:
    found: dict[str, Reach] = {}
    for item in after.values():
        if not isinstance(item, library.Communication):
            continue
        was = before.get(library.key(item))
        reach = _reach(item)
        if not isinstance(was, library.Communication) or _reach(was) != reach:
            found[item.name] = reach
    return found


def _reach(item: library.Communication) -> Reach:
    return Reach(
        category=item.category,
        channels=item.channels,
        languages=frozenset(edition.language for edition in item.editions),
    )


def _triggers(before: library.Shelf, after: library.Shelf) -> dict[str, TriggerChange]:
    names = {key.name for shelf in (before, after) for key in shelf if key.kind is library.Kind.TRIGGER}
    found: dict[str, TriggerChange] = {}
    for name in sorted(names):
        key = library.Key(kind=library.Kind.TRIGGER, name=name)
        was, becomes = before.get(key), after.get(key)
        change = TriggerChange(
            before=was.trigger if isinstance(was, library.Trigger) else None,
            after=becomes.trigger if isinstance(becomes, library.Trigger) else None,
            segment_before=_condition(was, before),
            segment_after=_condition(becomes, after),
        )
        if change.before != change.after or change.segment_before != change.segment_after:
            found[name] = change
    return found


def _condition(item: library.Item | None, shelf: library.Shelf) -> str:
    name = item.segment if isinstance(item, library.Trigger) else ""
    segment = shelf.get(library.Key(kind=library.Kind.SEGMENT, name=name)) if name else None
    return segment.condition if isinstance(segment, library.Segment) else ""


def _policy(before: library.Shelf, after: library.Shelf) -> notices.Policy | None:
    """The policy with the release, `None` where it stays as it is."""
    policies = [
        next((item.policy for item in shelf.values() if isinstance(item, library.Policy)), None)
        for shelf in (before, after)
    ]
    return policies[1] if policies[0] != policies[1] else None
