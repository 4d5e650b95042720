"""The library between the console and files: pull, push and compare. Files are one more way to write, never to approve.

What is pushed becomes working copies and a draft release, exactly as if it had been typed into the console: the same
checks, the same review, and whoever pushes has changed it and cannot approve it.
"""

import difflib
import pathlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
from django.contrib.auth import get_user_model
from django.db import transaction

from signalpost import drafts
from signalpost.acts import drafting, releasing
from signalpost.govern import staff, uses
from signalpost.govern import templates as denials
from signalpost.playbooks import load, places, reading, shelves, translating, writing
from signalpost.vocabulary import library, templates

#: Lines around a difference.
_CONTEXT_LINES = 2
_ROLES = frozenset(role.value for role in staff.Role)


class UnknownNameError(LookupError):
    """An item was asked for that is not kept; says which."""


class Pulled(msgspec.Struct, frozen=True, kw_only=True):
    """What came into a folder."""

    items: int
    #: Files that are other ones now, or gone.
    changed: tuple[str, ...]
    #: Items of the folder that are not kept where it was pulled from.
    only_here: tuple[library.Key, ...]


class Pushed(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a folder."""

    #: The draft release, `None` where nothing differs from what is live, or where something was refused.
    release: library.Release | None = None
    #: Items whose working copies are other ones now.
    written: tuple[library.Key, ...] = ()
    #: Why nothing was made, each with file and line.
    refused: tuple[str, ...] = ()


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """How one file differs."""

    path: str
    lines: tuple[str, ...]


def person(name: str) -> releasing.Person | None:
    """A member of staff with their roles; `None` where nobody of the name may use the console."""
    user = get_user_model()._default_manager.filter(username=name, is_active=True).first()  # noqa: SLF001 - Django's own name
    if user is None:
        return None
    held = user.groups.filter(name__in=_ROLES).values_list("name", flat=True)
    return releasing.Person(name=name, roles=frozenset(held))


def live() -> library.Shelf:
    """What is live."""
    return releasing.shelf()


def in_release(ref: str) -> library.Shelf:
    """What is live with a release laid over it.

    Raises:
        LookupError: there is no release of that reference.
    """
    return releasing.shelf_with(ref)


def working_copies() -> library.Shelf:
    """The working copies, and what is live where there is none."""
    found = releasing.shelf()
    for kind in library.Kind:
        for name in drafts.names(kind):
            item = drafts.read(kind, name)
            if item is not None:
                found[library.Key(kind=kind, name=name)] = item
    return found


def pull(
    folder: pathlib.Path,
    source: library.Shelf,
    *,
    names: Sequence[str] = (),
    form: translating.Form | None = None,
    prune: bool = False,
) -> Pulled:
    """Put items into a folder, with everything that they use.

    Args:
        folder: where their files are put; files that say the same already are left as they are.
        source: what is kept.
        names: names of items, or `texts/greeting`; none is everything.
        form: how translations are kept; `None` as the folder keeps them.
        prune: whether items go that the folder has and the source has not.

    Raises:
        UnknownNameError: a name that nothing is kept under.
        writing.WritingError: files cannot hold an item; nothing is written then.
        PlaybookError: a file of the folder cannot be read.
    """
    there, _ = load.shelf(folder)
    wanted = {key: source[key] for key in sorted(_closure(_named(names, source), source))}
    setting = writing.Setting(
        base=there.base, contracts=writing.contracts_of(source.values()), bytes_of=drafting.file, form=form
    )
    changed = list(writing.write(folder, wanted.values(), setting, before=there.items))
    lost = [] if names else [key for key in map(library.key, there.items) if key not in source]
    for key in lost if prune else ():
        changed += writing.remove(folder, key)
    return Pulled(items=len(wanted), changed=tuple(changed), only_here=() if prune else tuple(lost))


def push(folder: pathlib.Path, *, by: releasing.Person, title: str, release: str = "") -> Pushed:
    """Make working copies of the items in a folder, and a draft release of those that differ from what is live.

    All of it or nothing: with a single item that cannot be read or is refused, nothing is changed.

    Args:
        folder: what `pull` wrote, or a playbook.
        by: who pushes; it is their change.
        title: what the release is about.
        release: reference of a draft that is changed; "" makes a new one.

    Raises:
        LookupError: there is no release of that reference.
    """
    before = releasing.shelf()
    found, whole = load.shelf(folder, contracts=writing.contracts_of(before.values()))
    if found.problems:
        return Pushed(refused=found.problems)
    given = tuple(whole.values())
    answer = Pushed()
    with transaction.atomic():
        _keep_bytes(found, given)
        try:
            written = tuple(_written(given, before, by))
        except drafts.UnwritableError as error:
            answer = Pushed(refused=(str(error),))
        else:
            answer = _proposed(found, given, written, by=by, title=title, release=release)
        if answer.refused:
            transaction.set_rollback(True)
    return answer


def _proposed(
    found: shelves.Shelf,
    given: Sequence[library.Item],
    written: tuple[library.Key, ...],
    *,
    by: releasing.Person,
    title: str,
    release: str,
) -> Pushed:
    before = releasing.shelf()
    changed = [item for item in given if before.get(library.key(item)) != item]
    if not changed:
        return Pushed(written=written)
    made = releasing.propose(changed, by=by, title=title, release=release)
    if isinstance(made, library.Release):
        return Pushed(release=made, written=written)
    if made.denied and not made.findings and made.denied.reason is denials.DeniedReason.NOTHING_CHANGED:
        return Pushed(written=written)
    lines = [_located(found, finding) for finding in made.findings]
    if made.denied:
        lines.append(f"{made.denied.reason}: wanted {made.denied.wanted}, got {made.denied.got}")
    return Pushed(refused=tuple(lines))


def differences(folder: pathlib.Path, source: library.Shelf) -> tuple[list[Difference], list[library.Key]]:
    """How the files of a folder differ from what is kept, and what is kept that the folder does not have.

    Both sides are written the same way, so that comments, quotes and line breaks are no difference.

    Raises:
        PlaybookError: a file of the folder cannot be read.
    """
    contracts = writing.contracts_of(source.values())
    there, _ = load.shelf(folder, contracts=contracts)
    if there.problems:
        raise reading.PlaybookError(there.problems[0])
    own = writing.Setting(
        base=there.base, contracts=contracts, bytes_of=lambda digest: there.bytes_of(digest) or drafting.file(digest)
    )
    found: list[Difference] = []
    here = {library.key(item): item for item in there.items}
    for key, item in sorted(here.items()):
        kept = source.get(key)
        found += _differences(_files(kept, own) if kept else {}, _files(item, own))
    return found, sorted(key for key in source if key not in here)


def _files(item: library.Item, setting: writing.Setting) -> dict[str, bytes]:
    return {file.path: file.content for file in writing.files(item, setting)}


def _differences(kept: Mapping[str, bytes], own: Mapping[str, bytes]) -> Iterator[Difference]:
    for path in sorted(kept.keys() | own.keys()):
        before, after = kept.get(path), own.get(path)
        if before != after:
            yield Difference(path=path, lines=tuple(_unified(path, before, after)))


def _unified(path: str, before: bytes | None, after: bytes | None) -> Iterable[str]:
    """A difference as `diff -u` shows it: what is kept, then the file."""
    texts: list[list[str]] = []
    for content in (before, after):
        try:
            texts.append((content or b"").decode().splitlines())
        except UnicodeDecodeError:
            return [f"{path}: other bytes ({len(before or b'')} kept, {len(after or b'')} in the file)"]
    names = (f"kept/{path}" if before is not None else "/dev/null", path if after is not None else "/dev/null")
    return difflib.unified_diff(texts[0], texts[1], fromfile=names[0], tofile=names[1], lineterm="", n=_CONTEXT_LINES)


def _named(names: Sequence[str], source: library.Shelf) -> frozenset[library.Key]:
    """The items of these names.

    Raises:
        UnknownNameError: nothing is kept under one of them.
    """
    if not names:
        return frozenset(source)
    found: set[library.Key] = set()
    for name in names:
        folder, _, bare = name.rpartition("/")
        kinds = [kind for kind, place in places.FOLDERS.items() if place == folder] if folder else list(library.Kind)
        keys = [key for kind in kinds if (key := library.Key(kind=kind, name=bare)) in source]
        if not keys:
            raise UnknownNameError(f"wanted an item that is kept, got {name!r}")
        found.update(keys)
    return frozenset(found)


def _closure(keys: Iterable[library.Key], source: library.Shelf) -> frozenset[library.Key]:
    """Items with everything that they use, as far as it is kept."""
    found: set[library.Key] = set()
    waiting = list(keys)
    while waiting:
        key = waiting.pop()
        if key in source and key not in found:
            found.add(key)
            waiting.extend(uses.of(source[key]))
    return frozenset(found)


def _keep_bytes(found: shelves.Shelf, items: Iterable[library.Item]) -> None:
    """Put the files of images and inserts into the archive."""
    for item in items:
        if isinstance(item, library.Image | library.Insert):
            content = found.bytes_of(item.digest)
            if content is not None:
                media_type = item.media_type if isinstance(item, library.Image) else "application/pdf"
                drafting.keep_file(content, media_type)


def _written(given: Iterable[library.Item], before: library.Shelf, by: releasing.Person) -> Iterator[library.Key]:
    """Make working copies of what differs from them; what is live as given and has none needs none."""
    for item in given:
        key = library.key(item)
        copy = drafts.read(key.kind, key.name)
        if (copy or before.get(key)) != item:
            drafts.write(item, by=by.name)
            yield key


def _located(found: shelves.Shelf, finding: templates.Finding) -> str:
    """A finding with its file and line; its place begins with the kind and name of an item."""
    for key in found.paths:
        head = f"{key.kind.value} {key.name}"
        if finding.place == head or finding.place.startswith((f"{head}: ", f"{head}.")):
            inner = finding.place.removeprefix(head).lstrip(":. ")
            return f"{shelves.place(found, key, inner)}: {finding.message}; {finding.remedy}"
    return f"{finding.place}: {finding.message}; {finding.remedy}"
