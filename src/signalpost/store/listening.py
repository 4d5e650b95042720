"""Since when the system has listened without a break: before that, silence may be our own deafness."""

import datetime as dt

from signalpost.store import batch

#: A clock that did not look for longer was away, or was set forward.
BREAK_SECONDS = 60
#: How often a look is noted.
NOTE_SECONDS = 5

_NOTE = """
INSERT INTO listening (id, since, looked_at) VALUES (1, %s, %s)
ON CONFLICT (id) DO UPDATE SET looked_at = excluded.looked_at, since =
    CASE WHEN excluded.looked_at > listening.looked_at + make_interval(secs => %s) THEN excluded.looked_at
         ELSE LEAST(listening.since, excluded.looked_at) END
WHERE excluded.looked_at NOT BETWEEN listening.looked_at AND listening.looked_at + make_interval(secs => %s)
"""


def note(*, now: dt.datetime) -> None:
    """The clock looks."""
    batch.run(_NOTE, [now, now, BREAK_SECONDS, NOTE_SECONDS])


def since(*, now: dt.datetime) -> dt.datetime:
    """When the clock began to look without a break; now, when it never did."""
    rows = batch.fetch("SELECT since FROM listening", [], tuple[dt.datetime])
    return rows[0][0] if rows else now
