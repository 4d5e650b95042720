"""Working copies: brought up to what is live, seen together with what they use, with their files in the archive."""

import datetime as dt

import msgspec
from django.conf import settings as django_settings
from django.db import transaction
from django.utils import timezone

from signalpost import drafts
from signalpost.govern import uses
from signalpost.store import archive
from signalpost.store import library as shelves
from signalpost.vocabulary import library, records

#: How long a file of the library is kept at least, and again with each release: longer than any document with it.
FILE_DAYS = 36_500


def adopt(kind: library.Kind) -> None:
    """Make a working copy of everything live of a kind that has none, and bring up to date what nobody has touched.

    It is nobody's change: what it holds is what was approved.
    """
    live = {key.name: digest for key, digest in shelves.live().items() if key.kind is kind}
    known = drafts.digests(kind)
    behind = [name for name, digest in live.items() if known.get(name) not in {digest, *_since(kind, name, known)}]
    if not behind:
        return
    shelf = shelves.shelf()
    for name in behind:
        drafts.write(shelf[library.Key(kind=kind, name=name)], by="")


def _since(kind: library.Kind, name: str, known: dict[str, str]) -> frozenset[str]:
    """The digest of a working copy that somebody has changed since it was live; nothing where nobody has."""
    digest = known.get(name, "")
    past = {version.digest for version in shelves.history(library.Key(kind=kind, name=name))}
    return frozenset({digest}) if digest and digest not in past else frozenset()


def shelf_for(item: library.Item) -> library.Shelf:
    """What is live, with the working copies that an item uses laid over it, and the item itself.

    For what is used by communications alone, also those that were never live: one of them may be what it is seen in.
    """
    shelf = shelves.shelf()
    shelf[library.key(item)] = item
    if not isinstance(item, library.Communication):
        for name in drafts.names(library.Kind.COMMUNICATION):
            _lay(library.Key(kind=library.Kind.COMMUNICATION, name=name), shelf)
    waiting, seen = [item], {library.key(item)}
    while waiting:
        for key in uses.of(waiting.pop()) - seen:
            seen.add(key)
            _lay(key, shelf)
            if key in shelf:
                waiting.append(shelf[key])
    return shelf


def _lay(key: library.Key, shelf: library.Shelf) -> None:
    found = drafts.read(key.kind, key.name)
    if found is not None:
        shelf[key] = found


def keep_file(content: bytes, media_type: str) -> str:
    """Put a file of the library into the archive; its digest."""
    digest = records.digest(content)
    now = timezone.now()
    kept: archive.Archive = django_settings.SIGNALPOST_ARCHIVE
    with transaction.atomic():
        new = archive.NewDocument(
            digest=digest,
            media_type=media_type,
            content=content,
            kept_until=now.date() + dt.timedelta(days=FILE_DAYS),
        )
        kept.keep([new], now=now)
    return digest


def file(digest: str) -> bytes | None:
    """A file of the library, `None` where the archive does not have it."""
    kept: archive.Archive = django_settings.SIGNALPOST_ARCHIVE
    try:
        return kept.read([digest])[digest]
    except archive.MissingDocumentError:
        return None


def unlike_live(item: library.Item) -> tuple[library.Key, ...]:
    """What an item uses, itself first, whose working copy is not what is live, by key."""
    live = shelves.live()
    shelf = shelf_for(item)
    waiting, found = [library.key(item)], dict[library.Key, None]()
    while waiting:
        key = waiting.pop(0)
        if key in found or key not in shelf:
            continue
        found[key] = None
        waiting += sorted(uses.of(shelf[key]))
    return tuple(key for key in found if live.get(key, "") != library.digest(shelf[key]))


def start_edition(name: str, language: str, *, source: str, by: str) -> int:
    """Start a language of a communication with the structure and words of another one, or empty; number of its row.

    Raises:
        LookupError: there is no such communication.
    """
    found = drafts.read(library.Kind.COMMUNICATION, name)
    if found is None or not isinstance(found, library.Communication):
        raise LookupError(f"communication {name!r}: wanted a working copy, got none")
    known = {edition.language: edition for edition in found.editions}
    empty = library.Edition(language=language, title=found.title, subject="", body=())
    begun = msgspec.structs.replace(known.get(source, empty), language=language)
    drafts.write(msgspec.structs.replace(found, editions=(*found.editions, begun)), by=by)
    return drafts.edition_row(name, language)
