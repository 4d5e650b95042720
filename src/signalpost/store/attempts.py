"""Attempts in batches: begun before anything leaves, completed after it, taken back when nothing left.

Whoever completes an attempt first has said what came of it. There is one exception: what was only presumed unclear
because its sender seemed gone is completed once more by a sender that was not.
"""

import datetime as dt
from collections.abc import Mapping, Sequence

from signalpost.store import batch
from signalpost.vocabulary import deliveries

# Intent recorded: state and attempt row, before anything leaves.
_BEGIN = """
WITH started AS (
    UPDATE delivery SET state = 'attempting', attempts = attempts + 1, due_at = NULL, changed_at = %s
    WHERE ref = ANY(%s) RETURNING ref, attempts)
INSERT INTO attempt (delivery_id, number, lease, started_at, kind, code, detail, provider_ref, provider)
SELECT ref, attempts, %s, %s, '', '', '', '', '' FROM started
"""

# Attempts completed: those without an end, and those presumed unclear of which the sender knows better.
_FINISH = """
UPDATE attempt SET finished_at = %s, kind = given.kind, code = given.code, detail = given.detail,
                   provider_ref = given.provider_ref, provider = given.provider
FROM json_to_recordset(%s::json) AS given(ref text, number int, kind text, code text, detail text, provider_ref text,
    provider text)
WHERE attempt.delivery_id = given.ref AND attempt.number = given.number
  AND (attempt.finished_at IS NULL OR (attempt.code = %s AND given.code <> attempt.code))
RETURNING attempt.delivery_id
"""

# Attempts that were none: nothing left, so they are not counted either.
_TAKE_BACK = """
WITH gone AS (
    DELETE FROM attempt USING json_to_recordset(%s::json) AS given(ref text, number int)
    WHERE attempt.delivery_id = given.ref AND attempt.number = given.number RETURNING attempt.delivery_id)
UPDATE delivery SET attempts = attempts - 1 WHERE ref IN (SELECT delivery_id FROM gone)
"""

# Attempts without an end that nobody will complete: their lease is gone for good, or the last resort, the time.
_ABANDONED = """
SELECT attempt.delivery_id, attempt.number FROM attempt
LEFT JOIN held_lease AS held ON held.number = attempt.lease
LEFT JOIN lease ON lease.number = attempt.lease
WHERE attempt.finished_at IS NULL AND (
    attempt.started_at < %s
    OR (held.number IS NULL AND lease.gone_at <= %s))
ORDER BY attempt.started_at LIMIT %s
"""

#: Code of an attempt that is unclear because its sender seemed gone, not because the channel said so.
PRESUMED = "sender-gone"


def begin(refs: Sequence[str], *, lease: int, now: dt.datetime) -> None:
    """Record the intent: an attempt row each, under the lease of the process that sends."""
    if refs:
        batch.run(_BEGIN, [now, list(refs), lease, now])


def finish(outcomes: Mapping[str, tuple[int, deliveries.Outcome]], *, now: dt.datetime) -> set[str]:
    """Complete attempts, given by delivery as (attempt number, outcome); those of which this is news.

    The deliveries have to be locked by the caller, so that two who know something come one after the other.
    """
    rows = [
        {
            "ref": ref,
            "number": number,
            "kind": outcome.kind,
            "code": outcome.code,
            "detail": outcome.detail,
            "provider_ref": outcome.provider_ref,
            "provider": outcome.provider,
        }
        for ref, (number, outcome) in outcomes.items()
    ]
    if not rows:
        return set()
    return {ref for (ref,) in batch.fetch(_FINISH, [now, batch.encode(rows), PRESUMED], tuple[str])}


def take_back(numbers: Mapping[str, int]) -> None:
    """Forget attempts, given by delivery, in which nothing was tried."""
    if numbers:
        batch.run(_TAKE_BACK, [batch.encode([{"ref": ref, "number": number} for ref, number in numbers.items()])])


def abandoned(limit: int, *, started_before: dt.datetime, gone_before: dt.datetime) -> dict[str, int]:
    """Attempts without an end, by delivery: begun before the one moment, or their lease gone before the other."""
    return dict(batch.fetch(_ABANDONED, [started_before, gone_before, limit], tuple[str, int]))
