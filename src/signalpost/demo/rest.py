"""Whether the path is at rest: nothing waits, nothing is under way, nothing is still to come back."""

import time
from collections.abc import Callable, Mapping

from signalpost.store import batch

#: What is due within so long counts as waiting now: a print batch closes, a repetition is about to run.
SOON_SECONDS = 8
#: How often to look, and how many looks in a row must find nothing.
LOOK_SECONDS = 0.4
LOOKS = 3
#: When nothing has moved for so long, it will not come to rest by itself.
STUCK_SECONDS = 180.0
#: In no case longer than this.
LONGEST_SECONDS = 1800.0

# Each row is one kind of thing that can be under way, in the order of travel.
_WAITING = """
SELECT 'events not assessed', count(*) FROM event WHERE noted = ''
UNION ALL SELECT 'households not decided', count(*) FROM affected WHERE NOT is_decided
UNION ALL SELECT 'notices not composed', count(*) FROM decision WHERE state = 'decided'
UNION ALL SELECT 'deliveries under way', count(*) FROM delivery
    WHERE state = 'attempting' OR (state = 'due' AND due_at < now() + make_interval(secs => %s))
UNION ALL SELECT 'deliveries that wait for a receipt', count(*) FROM delivery
    WHERE state = 'accepted' AND channel IN ('sms', 'letter')
UNION ALL SELECT 'receipts not followed', count(*) FROM receipt WHERE followed_at IS NULL
UNION ALL SELECT 'facts not sealed', count(*) FROM log_fact WHERE sequence IS NULL
UNION ALL SELECT 'facts not reported', COALESCE((SELECT max(sequence) FROM log_fact), 0)
    - COALESCE((SELECT position FROM log_cursor WHERE name = 'report'), 0)
UNION ALL SELECT 'jobs', count(*) FROM procrastinate_jobs
    WHERE status = 'doing' OR (status = 'todo'
        AND (scheduled_at IS NULL OR scheduled_at < now() + make_interval(secs => %s)))
"""

_BODIES = "SELECT count(*) FROM body WHERE channel = %s"


class NotAtRestError(RuntimeError):
    """The path did not come to rest in time; says what is left."""


def waiting() -> Mapping[str, int]:
    """What waits or is under way, by name; empty at rest."""
    rows = batch.fetch(_WAITING, [SOON_SECONDS, SOON_SECONDS], tuple[str, int])
    return {name: count for name, count in rows if count}


def arrived(channel: str) -> int:
    """Bodies that came in over a channel, repeats included."""
    return batch.fetch(_BODIES, [channel], tuple[int])[0][0]


def wait(look: Callable[[], Mapping[str, int]]) -> None:
    """Wait until `look` finds nothing several times in a row.

    Raises:
        NotAtRestError: nothing moved for `STUCK_SECONDS`, or it took longer than `LONGEST_SECONDS`.
    """
    started_at = moved_at = time.monotonic()
    before: Mapping[str, int] = {}
    looks = 0
    while looks < LOOKS:
        time.sleep(LOOK_SECONDS)
        found = look()
        looks = looks + 1 if not found else 0
        now = time.monotonic()
        if found != before:
            before, moved_at = found, now
        if found and (now - moved_at > STUCK_SECONDS or now - started_at > LONGEST_SECONDS):
            left = ", ".join(f"{count} {name}" for name, count in found.items())
            raise NotAtRestError(f"the path: wanted it at rest, got {left} left after {now - started_at:.0f} s")
