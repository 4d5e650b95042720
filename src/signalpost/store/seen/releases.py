"""Releases as the console lists them, and what waits for somebody among them."""

import datetime as dt

import msgspec

from signalpost.store import batch
from signalpost.store.seen import asked
from signalpost.vocabulary import library

#: Releases that one page of the dashboard can show of a kind.
SHOWN_COUNT = 50

# Filters: state, "" is all; kind of item, "" is all; whose: `mine` wrote or changed it, `assigned` is asked for it,
# `others` may be looked at by this person because they did not change it. Where no order is asked for, what waits for
# this person comes first, then what is due first.
_LISTED = """
SELECT ref, title, state, author, editors, digest, created_at, due_at, assigned_to, effective_from, effective_to,
       live_at,
       (SELECT json_agg(json_build_object('kind', change.kind, 'name', change.name) ORDER BY change.kind, change.name)
        FROM release_change AS change WHERE change.release = release.ref)::text AS changes,
       (SELECT count(DISTINCT content.communication) FROM release_content AS content
        WHERE content.release = release.ref) AS communication_count,
       (SELECT count(*) FROM release_sign_off AS step
        WHERE step.release = release.ref AND step.digest = release.digest) AS step_count,
       (SELECT count(*) FROM release_comment AS comment
        WHERE comment.release = release.ref AND comment.resolved_by = '') AS open_comment_count
FROM release
WHERE (%(state)s = '' OR state = %(state)s OR (%(state)s = 'going_on' AND state NOT IN ('live', 'withdrawn')))
  AND (%(kind)s = '' OR EXISTS (SELECT FROM release_change AS change
                                WHERE change.release = release.ref AND change.kind = %(kind)s))
  AND (%(whose)s = ''
       OR (%(whose)s = 'mine' AND (author = %(person)s OR %(person)s = ANY(editors)))
       OR (%(whose)s = 'assigned' AND assigned_to = %(person)s)
       OR (%(whose)s = 'others' AND author <> %(person)s AND NOT %(person)s = ANY(editors)))
  AND (%(words)s = '' OR ref = %(words)s OR title ILIKE %(pattern)s OR author = %(words)s
       OR EXISTS (SELECT FROM release_change AS change
                  WHERE change.release = release.ref AND change.name ILIKE %(pattern)s)
       OR EXISTS (SELECT FROM release_content AS content
                  WHERE content.release = release.ref AND content.communication ILIKE %(pattern)s))
ORDER BY CASE WHEN %(sort)s = 'created_at' THEN created_at END,
         CASE WHEN %(sort)s = '-created_at' THEN created_at END DESC,
         CASE WHEN %(sort)s = 'title' THEN title END, CASE WHEN %(sort)s = '-title' THEN title END DESC,
         CASE WHEN %(sort)s = 'due_at' THEN due_at END, CASE WHEN %(sort)s = '-due_at' THEN due_at END DESC NULLS LAST,
         state <> 'in_review',
         assigned_to <> %(person)s,
         author = %(person)s OR %(person)s = ANY(editors),
         due_at NULLS LAST, created_at DESC, ref
LIMIT %(limit)s OFFSET %(offset)s
"""

_LIKE = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A release in a list."""

    ref: str
    title: str
    state: library.ReleaseState
    author: str
    editors: frozenset[str]
    digest: str
    created_at: dt.datetime
    due_at: dt.datetime | None
    assigned_to: str
    effective_from: dt.datetime | None
    effective_to: dt.datetime | None
    live_at: dt.datetime | None
    #: JSON of the keys that it changes.
    changes: str | None
    communication_count: int
    #: Steps of the review that were taken for what it holds now.
    step_count: int
    open_comment_count: int

    def keys(self) -> tuple[library.Key, ...]:
        """What it changes."""
        return msgspec.json.decode(self.changes or "[]", type=tuple[library.Key, ...])

    def is_of(self, person: str) -> bool:
        """Whether somebody wrote or changed it."""
        return person == self.author or person in self.editors


def listed(given: asked.Asked, *, person: str) -> list[Listed]:
    """A page of releases as a person sees them. Filters: state (or `going_on`), kind, whose."""
    pattern = f"%{given.words.translate(_LIKE)}%"
    return batch.fetch(_LISTED, {**given.parameters(), "person": person, "pattern": pattern}, Listed)


def of(*, state: str, whose: str = "", person: str) -> list[Listed]:
    """The releases of a state that are somebody's, assigned to them or others'."""
    question = asked.Asked(chosen={"state": state, "kind": "", "whose": whose}, limit=SHOWN_COUNT)
    return listed(question, person=person)
