"""Releases in the store: what they change, the contents they bring, their review and their dates."""

import datetime as dt
from collections.abc import Sequence
from typing import LiteralString

import msgspec

from signalpost.store import batch
from signalpost.vocabulary import library, records, templates

#: Releases of one page of a list.
LISTED = 100

_ONE = """
SELECT ref, title, state, author, editors, digest, created_at, due_at, assigned_to, approver, approved_at,
       effective_from, effective_to, live_at, over_at, reason
FROM release WHERE ref = %s
"""

_LOCKED: LiteralString = f"{_ONE} FOR UPDATE"

# Releases, the latest first: of a state, or that change an item.
_LISTED = """
SELECT ref, title, state, author, editors, digest, created_at, due_at, assigned_to, approver, approved_at,
       effective_from, effective_to, live_at, over_at, reason,
       (SELECT count(*) FROM release_change AS change WHERE change.release = release.ref) AS change_count,
       (SELECT count(*) FROM release_content AS content WHERE content.release = release.ref) AS content_count
FROM release
WHERE (%(state)s = '' OR state = %(state)s)
  AND (%(kind)s = '' OR EXISTS (SELECT FROM release_change AS change WHERE change.release = release.ref
                                AND change.kind = %(kind)s AND change.name = %(name)s))
ORDER BY created_at DESC, ref LIMIT %(limit)s OFFSET %(offset)s
"""

# Everyone whose change the items of a release are: whoever brought one of these very versions, in whatever release.
_CHANGERS = """
SELECT DISTINCT person FROM release_change AS change
JOIN item_version AS version ON version.digest = change.digest, unnest(version.editors || version.author) AS person
WHERE change.release = %s
"""

_CHANGES = "SELECT kind, name, digest, base FROM release_change WHERE release = %s ORDER BY kind, name"
_CONTENTS = """
SELECT communication, language, content, base FROM release_content WHERE release = %s ORDER BY communication, language
"""
_SIGN_OFFS = """
SELECT digest AS content, role, person, at FROM release_sign_off WHERE release = %s AND digest = %s ORDER BY id
"""
_COMMENTS = (
    "SELECT number, place, text, person, at, resolved_by FROM release_comment WHERE release = %s ORDER BY number"
)

_ADD = """
INSERT INTO release (ref, title, state, author, editors, digest, created_at, assigned_to, approver, reason)
VALUES (%s, %s, 'draft', %s, %s, %s, %s, '', '', '')
"""

_REDRAFT = """
UPDATE release SET title = %s, state = 'draft', editors = %s, digest = %s, approver = '', approved_at = NULL,
                   effective_from = NULL, effective_to = NULL, reason = ''
WHERE ref = %s
"""

_ADD_CHANGES = """
INSERT INTO release_change (release, kind, name, digest, base)
SELECT %s, kind, name, digest, base
FROM json_to_recordset(%s::json) AS given(kind text, name text, digest text, base text)
"""

_ADD_CONTENTS = """
INSERT INTO release_content (release, communication, language, content, base)
SELECT %s, communication, language, content, base
FROM json_to_recordset(%s::json) AS given(communication text, language text, content text, base text)
"""

_ADD_BOUND = """
INSERT INTO bound_content (digest, communication, language, body)
SELECT digest, communication, language, body
FROM json_to_recordset(%s::json) AS given(digest text, communication text, language text, body text)
ON CONFLICT (digest) DO NOTHING
"""

_BOUND = "SELECT body FROM bound_content WHERE digest = ANY(%s) ORDER BY communication, language, digest"

_ADD_SIGN_OFF = """
INSERT INTO release_sign_off (release, digest, role, person, at) VALUES (%s, %s, %s, %s, %s)
"""

_ADD_COMMENT = """
INSERT INTO release_comment (release, number, place, text, person, at, resolved_by)
SELECT %(ref)s, COALESCE(max(number), 0) + 1, %(place)s, %(text)s, %(person)s, %(at)s, ''
FROM release_comment WHERE release = %(ref)s
RETURNING number
"""

# Approved releases whose time has come, or is over, the earliest first.
_DUE = """
SELECT ref FROM release WHERE state = 'scheduled' AND effective_from <= %s ORDER BY effective_from, approved_at, ref
"""
_OVER = """
SELECT ref FROM release WHERE state = 'live' AND effective_to <= %s ORDER BY effective_to, approved_at, ref
"""


_OWNERS = """
SELECT DISTINCT ON (brought.content) brought.content, release.ref
FROM release_content AS brought JOIN release ON release.ref = brought.release
WHERE brought.content = ANY(%s) AND release.state = 'live' ORDER BY brought.content, release.live_at DESC, release.ref
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A release as it is stored, without what it changes."""

    ref: str
    title: str
    state: library.ReleaseState
    author: str
    editors: frozenset[str]
    digest: str
    created_at: dt.datetime
    due_at: dt.datetime | None
    assigned_to: str
    approver: str
    approved_at: dt.datetime | None
    effective_from: dt.datetime | None
    effective_to: dt.datetime | None
    live_at: dt.datetime | None
    over_at: dt.datetime | None
    reason: str


class Listed(Row, frozen=True, kw_only=True):
    """A release as lists show it."""

    change_count: int
    content_count: int


class _Change(msgspec.Struct, frozen=True, kw_only=True):
    kind: library.Kind
    name: str
    digest: str
    base: str


def load(ref: str, *, is_locked: bool = False) -> library.Release:
    """A release with all that belongs to it; locked until the transaction ends, if asked.

    Raises:
        LookupError: there is none of that reference.
    """
    rows = batch.fetch(_LOCKED if is_locked else _ONE, [ref], Row)
    if not rows:
        raise LookupError(f"release: wanted {ref!r}, got none of that reference")
    (row,) = rows
    changes = batch.fetch(_CHANGES, [ref], _Change)
    return library.Release(
        ref=row.ref,
        title=row.title,
        state=row.state,
        author=row.author,
        editors=row.editors | {person for (person,) in batch.fetch(_CHANGERS, [ref], tuple[str])},
        changes=tuple(
            library.Changed(key=library.Key(kind=change.kind, name=change.name), digest=change.digest, base=change.base)
            for change in changes
        ),
        contents=tuple(batch.fetch(_CONTENTS, [ref], library.BoundContent)),
        digest=row.digest,
        sign_offs=tuple(batch.fetch(_SIGN_OFFS, [ref, row.digest], templates.SignOff)),
        created_at=row.created_at,
        due_at=row.due_at,
        assigned_to=row.assigned_to,
        approver=row.approver,
        approved_at=row.approved_at,
        effective_from=row.effective_from,
        effective_to=row.effective_to,
        live_at=row.live_at,
        over_at=row.over_at,
        reason=row.reason,
        comments=comments(ref),
    )


def listed(*, state: str = "", key: library.Key | None = None, limit: int = LISTED, offset: int = 0) -> list[Listed]:
    """Releases, the latest first: of a state, or that change an item."""
    kind, name = (key.kind, key.name) if key else ("", "")
    return batch.fetch(_LISTED, {"state": state, "kind": kind, "name": name, "limit": limit, "offset": offset}, Listed)


def save(release: library.Release, *, contents: Sequence[templates.Content], is_new: bool) -> None:
    """Store a draft with what it changes; one that was there is replaced whole."""
    editors = sorted(release.editors)
    if is_new:
        batch.run(_ADD, [release.ref, release.title, release.author, editors, release.digest, release.created_at])
    else:
        batch.run(_REDRAFT, [release.title, editors, release.digest, release.ref])
        batch.run("DELETE FROM release_change WHERE release = %s", [release.ref])
        batch.run("DELETE FROM release_content WHERE release = %s", [release.ref])
    changes = [
        {"kind": change.key.kind, "name": change.key.name, "digest": change.digest, "base": change.base}
        for change in release.changes
    ]
    batch.run(_ADD_CHANGES, [release.ref, batch.encode(changes)])
    batch.run(_ADD_CONTENTS, [release.ref, batch.encode(release.contents)])
    bound = [
        {
            "digest": content.digest(),
            "communication": content.communication,
            "language": content.language,
            "body": records.canonical(content).decode(),
        }
        for content in contents
    ]
    batch.run(_ADD_BOUND, [batch.encode(bound)])


def contents(digests: Sequence[str]) -> tuple[templates.Content, ...]:
    """Contents that releases bring, by digest."""
    rows = batch.fetch(_BOUND, [list(digests)], tuple[str])
    return tuple(records.decode(body, templates.Content) for (body,) in rows)


def sign(ref: str, step: templates.SignOff) -> None:
    """Store a step of a review."""
    batch.run(_ADD_SIGN_OFF, [ref, step.content, step.role, step.person, step.at])


def unsign(ref: str) -> None:
    """Make the steps of a review void that were taken."""
    batch.run("DELETE FROM release_sign_off WHERE release = %s", [ref])


def move(ref: str, state: library.ReleaseState, *, reason: str = "") -> None:
    """Store where a release stands now, and why if there is something to say."""
    batch.run("UPDATE release SET state = %s, reason = %s WHERE ref = %s", [state, reason, ref])


def approved(
    ref: str, *, by: str, at: dt.datetime, effective_from: dt.datetime, effective_to: dt.datetime | None
) -> None:
    """Store the end of a review with the dates that it set."""
    batch.run(
        """
        UPDATE release SET state = 'approved', approver = %s, approved_at = %s, effective_from = %s, effective_to = %s,
                           reason = ''
        WHERE ref = %s
        """,
        [by, at, effective_from, effective_to, ref],
    )


def went_live(ref: str, *, now: dt.datetime) -> None:
    """Store that a release is live since now."""
    batch.run("UPDATE release SET state = 'live', live_at = %s, reason = '' WHERE ref = %s", [now, ref])


def over(ref: str, state: library.ReleaseState, *, reason: str, now: dt.datetime) -> None:
    """Store that a release was withdrawn, or that its time is over."""
    batch.run("UPDATE release SET state = %s, reason = %s, over_at = %s WHERE ref = %s", [state, reason, now, ref])


def due(now: dt.datetime) -> list[str]:
    """Releases whose time has come, the earliest first."""
    return [ref for (ref,) in batch.fetch(_DUE, [now], tuple[str])]


def ending(now: dt.datetime) -> list[str]:
    """Live releases whose time is over, the earliest first."""
    return [ref for (ref,) in batch.fetch(_OVER, [now], tuple[str])]


def owners(digests: Sequence[str]) -> dict[str, str]:
    """By content, the release that brought it last of those that are live."""
    return dict(batch.fetch(_OWNERS, [list(digests)], tuple[str, str]))


def comments(ref: str) -> tuple[library.Comment, ...]:
    """What was noted at a release, in order."""
    return tuple(batch.fetch(_COMMENTS, [ref], library.Comment))


def comment(ref: str, *, place: str, text: str, by: str, now: dt.datetime) -> int:
    """Store a comment; its number."""
    given = {"ref": ref, "place": place, "text": text, "person": by, "at": now}
    return batch.fetch(_ADD_COMMENT, given, tuple[int])[0][0]


def resolve(ref: str, number: int, *, by: str) -> bool:
    """Store that a comment is settled; whether there was one open of that number."""
    sql = "UPDATE release_comment SET resolved_by = %s WHERE release = %s AND number = %s AND resolved_by = ''"
    return bool(batch.run(sql, [by, ref, number]))


def assign(ref: str, *, to: str, due_at: dt.datetime | None) -> None:
    """Store who is to review a release by when."""
    batch.run("UPDATE release SET assigned_to = %s, due_at = %s WHERE ref = %s", [to, due_at, ref])
