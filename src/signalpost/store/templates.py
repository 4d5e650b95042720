"""Template versions in the store: the contents that may leave, each with the approval that covers it.

A version is written as it goes live, and stays for ever: a notice keeps the version that it was decided with.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

import msgspec

from signalpost.store import batch
from signalpost.vocabulary import records, templates

_LIVE = "SELECT communication_id, language, digest FROM template_version WHERE state = 'live'"

_RETIRE = "UPDATE template_version SET state = 'retired' WHERE digest = ANY(%s) AND state = 'live'"

# A content that was live before keeps the approval that it had first: notices were decided with it.
_PUT = """
INSERT INTO template_version (digest, communication_id, language, state, content, author, editors, sign_offs,
                              created_at, approval, effective_from, effective_to)
SELECT digest, communication, language, 'live', content, author, editors, sign_offs, %(now)s, approval, %(now)s,
       effective_to
FROM json_to_recordset(%(rows)s::json) AS given(digest text, communication text, language text, content text,
    author text, editors text, sign_offs text, approval text, effective_to timestamptz)
ON CONFLICT (digest) DO UPDATE SET state = 'live', effective_from = excluded.effective_from,
                                   effective_to = excluded.effective_to
"""

# Contents of which the time is over stay out of use.
_REVIVE = """
UPDATE template_version SET state = 'live', effective_from = %(now)s
WHERE digest = ANY(%(digests)s) AND (effective_to IS NULL OR effective_to > %(now)s)
"""


class Approved(msgspec.Struct, frozen=True, kw_only=True):
    """A content that goes live, with its approval and whose change it is."""

    content: templates.Content
    approval: templates.Approval
    editors: frozenset[str]


def live() -> dict[tuple[str, str], str]:
    """The digests of what is said now, by communication and language."""
    rows = batch.fetch(_LIVE, [], tuple[str, str, str])
    return {(communication, language): digest for communication, language, digest in rows}


def retire(digests: Iterable[str]) -> None:
    """Take contents out of use."""
    batch.run(_RETIRE, [sorted(set(digests))])


def put(given: Sequence[Approved], *, now: dt.datetime) -> None:
    """Make contents live; those of the same communication and language are to be retired before."""
    rows = [
        {
            "digest": new.content.digest(),
            "communication": new.content.communication,
            "language": new.content.language,
            "content": records.canonical(new.content).decode(),
            "author": new.approval.author,
            "editors": records.canonical(sorted(new.editors)).decode(),
            "sign_offs": records.canonical(new.approval.sign_offs).decode(),
            "approval": records.canonical(new.approval).decode(),
            "effective_to": new.approval.effective_to,
        }
        for new in given
    ]
    batch.run(_PUT, {"now": now, "rows": batch.encode(rows)})


def revive(digests: Iterable[str], *, now: dt.datetime) -> None:
    """Make contents live again that were before, unless their time is over."""
    batch.run(_REVIVE, {"now": now, "digests": sorted(set(digests))})
