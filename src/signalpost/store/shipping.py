"""Releases go live, end or are taken back: everything that one brings at one moment, in one transaction.

What was live when a release was made must still be live when its time comes; otherwise it is held back with the reason,
because nobody looked at what it would come to now.
"""

import datetime as dt
from collections.abc import Callable

import msgspec
from django.db import transaction

from signalpost.govern import releases as govern
from signalpost.store import batch, log, registry, releases
from signalpost.store import library as shelves
from signalpost.store import templates as versions
from signalpost.vocabulary import library, notices, records, situations

_State = library.ReleaseState
_Kind = records.FactKind

#: Kinds of which the rules in force are made.
_RULING = frozenset({library.Kind.TRIGGER, library.Kind.SEGMENT})


def lock() -> None:
    """Let nobody else change what is live, or reckon what a release would, until the transaction ends."""
    batch.lock("signalpost.library")


def turn(now: dt.datetime, gate: Callable[[str], None]) -> list[library.Release]:
    """Releases whose time is over end, those whose time has come go live or are held back; each in a transaction.

    Beginnings come first: what begins as another ends takes its place. Returns those that moved.
    """
    moved = [ref for ref in releases.due(now) if _begun(ref, gate, now=now)]
    moved += [ref for ref in releases.ending(now) if _ended(ref, gate, now=now)]
    return [releases.load(ref) for ref in moved]


def go_live(release: library.Release, *, now: dt.datetime) -> None:
    """Make an approved release live, or hold it back when what is live is not what it was made for."""
    newer = stale(release)
    if newer:
        reason = f"what is live is not what it was made for any more: {newer}; make it anew and have it reviewed"
        releases.move(release.ref, _State.APPROVED, reason=reason)
        note(_Kind.RELEASE_HELD, release, reason=reason, now=now)
        return
    _bring(release, now=now)
    releases.went_live(release.ref, now=now)
    note(_Kind.RELEASE_LIVE, release, now=now)


def withdraw(release: library.Release, *, by: str, reason: str, now: dt.datetime) -> None:
    """Take a release back; what was in force before one that is live is so again."""
    if release.state is _State.LIVE:
        _take_back(release, now=now)
    releases.over(release.ref, _State.WITHDRAWN, reason=reason, now=now)
    note(_Kind.RELEASE_WITHDRAWN, release, by=by, reason=reason, now=now)


def stale(release: library.Release) -> str:
    """What of the live library is not as it was when the release was made, in words; "" when it still fits."""
    return govern.stale(release, items=shelves.live(), contents=versions.live())


def superseded(release: library.Release) -> str:
    """What of a live release something else took the place of since, in words; "" when it is live as a whole."""
    return govern.superseded(
        release,
        items={key: live.digest for key, live in shelves.owners().items() if live.release == release.ref},
        contents={place: digest for place, digest in versions.live().items() if digest in _own_contents(release)},
        taken=shelves.live().keys(),
        said=versions.live().keys(),
    )


def note(kind: records.FactKind, release: library.Release, *, now: dt.datetime, by: str = "", reason: str = "") -> None:
    """Note in the log what became of a release."""
    body = {"release": release.ref, "digest": release.digest, "by": by, "reason": reason}
    subject = records.reference("release", release.ref)
    log.add([records.Fact(kind=kind, subject=subject, at=now, body=records.canonical(body).decode())])


def _ended(ref: str, gate: Callable[[str], None], *, now: dt.datetime) -> bool:
    with transaction.atomic():
        lock()
        release = releases.load(ref, is_locked=True)
        if release.state is not _State.LIVE:
            return False
        _end(release, now=now)
        releases.over(ref, _State.ENDED, reason="its time is over", now=now)
        note(_Kind.RELEASE_ENDED, release, now=now)
        gate("release:commit")
        return True


def _begun(ref: str, gate: Callable[[str], None], *, now: dt.datetime) -> bool:
    with transaction.atomic():
        lock()
        release = releases.load(ref, is_locked=True)
        if release.state is not _State.SCHEDULED:
            return False
        go_live(release, now=now)
        gate("release:commit")
        return True


def _bring(release: library.Release, *, now: dt.datetime) -> None:
    """Make what a release brings live, in the place of what it was made for."""
    shelves.end([change.key for change in release.changes], now=now)
    brought = {change.key: change.digest for change in release.changes if change.digest}
    shelves.put(brought, release=release.ref, now=now)
    _install(release, now=now)
    versions.retire(bound.base for bound in release.contents if bound.base)
    contents = releases.contents([bound.content for bound in release.contents if bound.content])
    versions.put(
        [
            versions.Approved(
                content=content,
                approval=govern.approval(release, content.digest(), now=now),
                editors=release.editors,
            )
            for content in contents
        ],
        now=now,
    )


def _own_contents(release: library.Release) -> frozenset[str]:
    """The contents of a release that no other live release brought after it."""
    owners = releases.owners([bound.content for bound in release.contents if bound.content])
    return frozenset(content for content, ref in owners.items() if ref == release.ref)


def _take_back(release: library.Release, *, now: dt.datetime) -> None:
    """Put what was in force before a release in its place again; what was to end by now stays out of use."""
    shelves.end([change.key for change in release.changes], now=now)
    shelves.revive([change.base for change in release.changes if change.base], now=now)
    versions.retire(bound.content for bound in release.contents if bound.content)
    versions.revive((bound.base for bound in release.contents if bound.base), now=now)
    _install(release, now=now)


def _end(release: library.Release, *, now: dt.datetime) -> None:
    """Take out of use what of a release is still live; nothing comes in its place."""
    owners = shelves.owners()
    own = [key for key, live in owners.items() if live.release == release.ref]
    shelves.end(own, now=now)
    versions.retire(_own_contents(release))
    _install(release, now=now)


def _install(release: library.Release, *, now: dt.datetime) -> None:
    """Give the path what it goes by, of all that a release speaks of, as it is live from now on."""
    shelf = shelves.shelf()
    keys = [change.key for change in release.changes]
    items = [shelf[key] for key in keys if key in shelf]
    registry.save_types([_type(item) for item in items if isinstance(item, library.Communication)])
    registry.save_contracts(
        [item.event for item in items if isinstance(item, library.DataContract) and item.event is not None]
    )
    registry.drop_contracts([key.name for key in keys if key.kind is library.Kind.CONTRACT and key not in shelf])
    for item in items:
        if isinstance(item, library.Policy):
            registry.save_policy(item.policy, now=now)
    if any(key.kind in _RULING for key in keys):
        registry.save_rules(rules(shelf, registry.rules(now)), now=now)


def rules(shelf: library.Shelf, installed: situations.Rules) -> situations.Rules:
    """The device rules that are installed, with the triggers of the shelf, each with its segment bound in."""
    triggers = [item for _, item in sorted(shelf.items()) if isinstance(item, library.Trigger)]
    return named(msgspec.structs.replace(installed, triggers=tuple(_bound_trigger(item, shelf) for item in triggers)))


def named(given: situations.Rules) -> situations.Rules:
    """Rules by their own content: the same content is the same version."""
    unnamed = msgspec.structs.replace(given, version="")
    return msgspec.structs.replace(unnamed, version=records.digest(records.canonical(unnamed)))


def _bound_trigger(item: library.Trigger, shelf: library.Shelf) -> situations.Trigger:
    if not item.segment:
        return item.trigger
    segment = shelf[library.Key(kind=library.Kind.SEGMENT, name=item.segment)]
    condition = segment.condition if isinstance(segment, library.Segment) else "false"
    return msgspec.structs.replace(item.trigger, segment=item.segment, segment_when=condition)


def _type(item: library.Communication) -> notices.CommunicationType:
    return notices.CommunicationType(
        name=item.name,
        title=item.title,
        category=item.category,
        channels=item.channels,
        retention_days=item.retention_days,
    )
