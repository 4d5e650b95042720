"""The library in the store: every version of every item by its digest, and what of it is live."""

import datetime as dt
import functools
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from signalpost.store import batch
from signalpost.vocabulary import library, records

# The versions of items that are live.
_LIVE = """
SELECT live.kind, live.name, live.digest, version.body
FROM live_item AS live JOIN item_version AS version ON version.digest = live.digest
WHERE live.until IS NULL ORDER BY live.kind, live.name
"""

_DIGESTS = "SELECT kind, name, digest FROM live_item WHERE until IS NULL"

_VERSIONS = "SELECT digest, kind, name, body, author, editors, created_at FROM item_version WHERE digest = ANY(%s)"

# Every version of an item that was ever kept, the latest first, with the times in which it was live.
_HISTORY = """
SELECT version.digest, version.kind, version.name, version.body, version.author, version.editors, version.created_at,
       COALESCE((SELECT json_agg(json_build_object('release', live.release, 'since', live.since, 'until', live.until)
                                 ORDER BY live.since)
                 FROM live_item AS live WHERE live.digest = version.digest), '[]')::text AS times
FROM item_version AS version WHERE version.kind = %s AND version.name = %s ORDER BY version.created_at DESC, digest
"""

# A version that is there already stays as it is; who brings it again has changed it too.
_SAVE = """
INSERT INTO item_version (digest, kind, name, body, author, editors, created_at)
SELECT digest, kind, name, body, author, editors, %s
FROM json_to_recordset(%s::json) AS given(digest text, kind text, name text, body text, author text, editors text[])
ON CONFLICT (digest) DO UPDATE SET editors = (
    SELECT array_agg(DISTINCT editor ORDER BY editor)
    FROM unnest(item_version.editors || excluded.editors || excluded.author) AS editor)
"""

_END = """
UPDATE live_item SET until = %s
FROM json_to_recordset(%s::json) AS given(kind text, name text)
WHERE live_item.kind = given.kind AND live_item.name = given.name AND live_item.until IS NULL
"""

_PUT = """
INSERT INTO live_item (kind, name, digest, release, since)
SELECT kind, name, digest, %s, %s FROM json_to_recordset(%s::json) AS given(kind text, name text, digest text)
"""

# Versions live again by the release that made them so before, unless its time is over.
_REVIVE = """
INSERT INTO live_item (kind, name, digest, release, since)
SELECT kind, name, digest, release, %s
FROM (SELECT DISTINCT ON (live.digest) live.kind, live.name, live.digest, live.release, release.effective_to
      FROM live_item AS live JOIN release ON release.ref = live.release
      WHERE live.digest = ANY(%s) ORDER BY live.digest, live.id DESC) AS last
WHERE last.effective_to IS NULL OR last.effective_to > %s
"""

_NOTE_BROUGHT = """
INSERT INTO playbook_item (playbook, kind, name, digest)
SELECT %s, kind, name, digest FROM json_to_recordset(%s::json) AS given(kind text, name text, digest text)
"""

# What these playbooks brought, and what of it others brought as well.
_BROUGHT = """
SELECT own.kind, own.name, min(own.digest),
       EXISTS (SELECT FROM playbook_item AS other
               WHERE other.kind = own.kind AND other.name = own.name AND NOT other.playbook = ANY(%(given)s))
FROM playbook_item AS own WHERE own.playbook = ANY(%(given)s) GROUP BY own.kind, own.name
"""

_PLAYBOOKS_OF = """
SELECT item.kind, item.name, item.playbook FROM playbook_item AS item
JOIN json_to_recordset(%s::json) AS given(kind text, name text) USING (kind, name)
ORDER BY item.kind, item.name, item.playbook
"""

# What was live at a moment.
_AT = """
SELECT live.kind, live.name, live.digest, version.body
FROM live_item AS live JOIN item_version AS version ON version.digest = live.digest
WHERE live.since <= %(moment)s AND (live.until IS NULL OR live.until > %(moment)s)
"""


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """A version of an item as it is stored."""

    digest: str
    kind: library.Kind
    name: str
    body: str
    author: str
    editors: frozenset[str]
    created_at: dt.datetime

    def item(self) -> library.Item:
        """The item."""
        return _decoded(self.kind, self.body)

    def changers(self) -> frozenset[str]:
        """Everyone whose change it is."""
        return self.editors | {self.author}


class Time(msgspec.Struct, frozen=True, kw_only=True):
    """A time in which a version was live, and the release that made it so."""

    release: str
    since: dt.datetime
    until: dt.datetime | None = None


class Past(Version, frozen=True, kw_only=True):
    """A version with the times in which it was live."""

    times: str

    def live_times(self) -> tuple[Time, ...]:
        """When it was live, the first time first."""
        return msgspec.json.decode(self.times, type=tuple[Time, ...])


class Live(msgspec.Struct, frozen=True, kw_only=True):
    """An item that is live."""

    kind: library.Kind
    name: str
    digest: str
    body: str

    def key(self) -> library.Key:
        """Its name in the whole library."""
        return library.Key(kind=self.kind, name=self.name)


class New(msgspec.Struct, frozen=True, kw_only=True):
    """A version to be stored, with whose it is."""

    item: library.Item
    author: str
    editors: frozenset[str] = frozenset()


def shelf(moment: dt.datetime | None = None) -> library.Shelf:
    """What is live, or was at a moment."""
    rows = batch.fetch(_LIVE, [], Live) if moment is None else batch.fetch(_AT, {"moment": moment}, Live)
    return {row.key(): _decoded(row.kind, row.body) for row in rows}


def live() -> dict[library.Key, str]:
    """The digests of what is live."""
    rows = batch.fetch(_DIGESTS, [], tuple[library.Kind, str, str])
    return {library.Key(kind=kind, name=name): digest for kind, name, digest in rows}


class Owner(msgspec.Struct, frozen=True, kw_only=True):
    """What is live under a name, and by which release."""

    kind: library.Kind
    name: str
    digest: str
    release: str


def owners() -> dict[library.Key, Owner]:
    """What is live, by which release."""
    rows = batch.fetch("SELECT kind, name, digest, release FROM live_item WHERE until IS NULL", [], Owner)
    return {library.Key(kind=row.kind, name=row.name): row for row in rows}


def versions(digests: Iterable[str]) -> dict[str, Version]:
    """Versions of items by digest, live or not."""
    return {row.digest: row for row in batch.fetch(_VERSIONS, [sorted(set(digests))], Version)}


def history(key: library.Key) -> list[Past]:
    """Every version of an item that was ever kept, the latest first."""
    return batch.fetch(_HISTORY, [key.kind, key.name], Past)


def save(given: Sequence[New], *, now: dt.datetime) -> None:
    """Store versions of items; one that is there already gets the author among its editors."""
    rows = [
        {
            "digest": library.digest(new.item),
            "kind": library.key(new.item).kind,
            "name": new.item.name,
            "body": records.canonical(new.item).decode(),
            "author": new.author,
            "editors": sorted(new.editors - {new.author}),
        }
        for new in given
    ]
    batch.run(_SAVE, [now, batch.encode(rows)])


def put(digests: Mapping[library.Key, str], *, release: str, now: dt.datetime) -> None:
    """Make versions live under names that nothing is live under."""
    rows = [{"kind": key.kind, "name": key.name, "digest": digest} for key, digest in digests.items()]
    batch.run(_PUT, [release, now, batch.encode(rows)])


def end(keys: Iterable[library.Key], *, now: dt.datetime) -> None:
    """Leave nothing live under these names."""
    batch.run(_END, [now, batch.encode([{"kind": key.kind, "name": key.name} for key in keys])])


def revive(digests: Iterable[str], *, now: dt.datetime) -> None:
    """Make versions live again under the release that they were live by, unless its time is over."""
    batch.run(_REVIVE, [now, sorted(set(digests)), now])


class Brought(msgspec.Struct, frozen=True, kw_only=True):
    """What playbooks brought when they were installed last."""

    digests: dict[library.Key, str]
    #: Brought by others too.
    shared: frozenset[library.Key]


def brought_before(playbooks: Sequence[str]) -> Brought:
    """The versions that playbooks brought when they were installed last."""
    rows = batch.fetch(_BROUGHT, {"given": list(playbooks)}, tuple[library.Kind, str, str, bool])
    named = [(library.Key(kind=kind, name=name), digest, is_shared) for kind, name, digest, is_shared in rows]
    return Brought(
        digests={key: digest for key, digest, _ in named},
        shared=frozenset(key for key, _, is_shared in named if is_shared),
    )


def note_brought(playbook: str, digests: Mapping[library.Key, str]) -> None:
    """Store what a playbook brings."""
    batch.run("DELETE FROM playbook_item WHERE playbook = %s", [playbook])
    rows = [{"kind": key.kind, "name": key.name, "digest": digest} for key, digest in digests.items()]
    batch.run(_NOTE_BROUGHT, [playbook, batch.encode(rows)])


def playbooks_of(keys: Iterable[library.Key]) -> dict[library.Key, tuple[str, ...]]:
    """The playbooks that brought each of these items."""
    rows = batch.fetch(
        _PLAYBOOKS_OF,
        [batch.encode([{"kind": key.kind, "name": key.name} for key in keys])],
        tuple[library.Kind, str, str],
    )
    found: dict[library.Key, tuple[str, ...]] = {}
    for kind, name, playbook in rows:
        key = library.Key(kind=kind, name=name)
        found[key] = (*found.get(key, ()), playbook)
    return found


@functools.lru_cache(maxsize=4096)
def _decoded(kind: library.Kind, body: str) -> library.Item:
    return records.decode(body, library.RECORDS[kind])
