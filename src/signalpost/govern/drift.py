"""What of the library does not fit any more: looked for every night, and whenever somebody asks.

Nothing here is repaired: what is live was approved as it is, and a person decides what becomes of it.
"""

import datetime as dt
import enum
from collections.abc import Iterable, Iterator, Mapping

from signalpost.govern import alignment, uses
from signalpost.vocabulary import library, records

#: How long after its time a scheduled release counts as overdue.
GRACE = dt.timedelta(minutes=15)


class DriftKind(enum.StrEnum):
    """What does not fit. Closed: every value is documented and shown."""

    #: A trigger cannot fill the texts of what it sends.
    TRIGGER_MISFIT = "trigger_misfit"
    #: A communication relies on facts that what it speaks of does not promise.
    CONTRACT_MISFIT = "contract_misfit"
    #: Something live uses something that is not.
    MISSING_ITEM = "missing_item"
    #: The channel policy says nothing about a communication's category.
    UNKNOWN_CATEGORY = "unknown_category"
    #: A communication is not written in a language that others are written in.
    MISSING_LANGUAGE = "missing_language"
    #: What is said is not what the live items would come to.
    CONTENT_DIFFERS = "content_differs"
    #: A release is past its due date, or past its time, or was held back.
    RELEASE_OVERDUE = "release_overdue"
    #: Letters wait too long for an agent's words.
    LETTERS_WAITING = "letters_waiting"


class Drift(records.Record, frozen=True, kw_only=True):
    """One thing that does not fit."""

    kind: DriftKind
    #: `trigger send-bill`, `release R-1`.
    subject: str
    #: Field, language or other item it is about, "" where the whole is.
    place: str = ""
    detail: str


def in_shelf(shelf: Mapping[library.Key, library.Item]) -> tuple[Drift, ...]:
    """What of the live items does not fit the others."""
    return tuple(
        found
        for key, item in sorted(shelf.items())
        for found in (*_missing(key, item, shelf), *_of_kind(key, item, shelf))
    )


def in_contents(live: Mapping[tuple[str, str], str], bound: Mapping[tuple[str, str], str]) -> tuple[Drift, ...]:
    """Where what is said is not what the live items come to; both are digests by communication and language."""
    return tuple(
        Drift(
            kind=DriftKind.CONTENT_DIFFERS,
            subject=f"{library.Kind.COMMUNICATION} {place[0]}",
            place=place[1],
            detail="what is said is not what the live texts come to: put them into a release",
        )
        for place in sorted(live.keys() | bound.keys())
        if live.get(place) != bound.get(place)
    )


def in_release(release: library.Release, *, now: dt.datetime) -> Drift | None:
    """Whether a release waits for longer than it should."""
    detail = ""
    match release.state:
        case library.ReleaseState.APPROVED:
            detail = f"held back: {release.reason}"
        case library.ReleaseState.SCHEDULED if release.effective_from and release.effective_from + GRACE < now:
            detail = f"was to go live at {release.effective_from.isoformat()}"
        case library.ReleaseState.DRAFT | library.ReleaseState.IN_REVIEW if release.due_at and release.due_at < now:
            detail = f"was due at {release.due_at.isoformat()}"
        case _:
            pass
    if not detail:
        return None
    return Drift(kind=DriftKind.RELEASE_OVERDUE, subject=f"release {release.ref}", detail=detail)


def in_letters(count: int, *, since: dt.datetime | None) -> tuple[Drift, ...]:
    """Whether letters wait for longer than they should: how many, and since when the first."""
    if since is None:
        return ()
    detail = f"{count} wait for an agent's words, the first since {since.isoformat()}"
    return (Drift(kind=DriftKind.LETTERS_WAITING, subject="letters", detail=detail),)


def _missing(key: library.Key, item: library.Item, shelf: Mapping[library.Key, library.Item]) -> Iterator[Drift]:
    for choices in uses.needs(item):
        if shelf.keys().isdisjoint(choices):
            used = min(choices)
            yield _drift(DriftKind.MISSING_ITEM, key, f"{used.kind} {used.name}", "is used and is not live")


def _of_kind(key: library.Key, item: library.Item, shelf: Mapping[library.Key, library.Item]) -> Iterator[Drift]:
    match item:
        case library.Trigger():
            for gap in alignment.gaps(item, shelf):
                misfit = gap.misfit
                detail = f"communication {gap.communication} needs {misfit.wanted}, {gap.contract} has {misfit.got}"
                yield _drift(DriftKind.TRIGGER_MISFIT, key, misfit.field, detail)
        case library.Communication():
            yield from _of_communication(key, item, shelf)
        case _:
            pass


def _of_communication(
    key: library.Key, item: library.Communication, shelf: Mapping[library.Key, library.Item]
) -> Iterator[Drift]:
    contract = shelf.get(library.Key(kind=library.Kind.CONTRACT, name=item.speaks_of))
    if isinstance(contract, library.DataContract):
        for misfit in alignment.misfits(contract.facts, item.contract):
            detail = f"needs {misfit.wanted}, {contract.name} has {misfit.got}"
            yield _drift(DriftKind.CONTRACT_MISFIT, key, misfit.field, detail)
    if item.category not in _categories(shelf.values()):
        yield _drift(DriftKind.UNKNOWN_CATEGORY, key, "category", f"the channel policy has no {item.category!r}")
    written = {edition.language for edition in item.editions}
    for language in sorted(_languages(shelf.values()) - written):
        yield _drift(DriftKind.MISSING_LANGUAGE, key, language, "others are written in it, this is not")


def _categories(items: Iterable[library.Item]) -> frozenset[str]:
    return frozenset(
        row.category for item in items if isinstance(item, library.Policy) for row in item.policy.categories
    )


def _languages(items: Iterable[library.Item]) -> frozenset[str]:
    return frozenset(
        edition.language for item in items if isinstance(item, library.Communication) for edition in item.editions
    )


def _drift(kind: DriftKind, key: library.Key, place: str, detail: str) -> Drift:
    return Drift(kind=kind, subject=f"{key.kind} {key.name}", place=place, detail=detail)
