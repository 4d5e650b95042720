"""What of the live library does not fit any more, and the note of it in the log."""

import datetime as dt
from collections import Counter

from django.conf import settings as django_settings

from signalpost.flow.compose import bind
from signalpost.govern import drift
from signalpost.store import batch, log, releases, writing
from signalpost.store import library as shelves
from signalpost.store import templates as versions
from signalpost.vocabulary import library, records

#: Releases that are looked at: those of a state that can wait for too long.
_WAITING = """
SELECT ref FROM release WHERE state IN ('draft', 'in_review', 'approved', 'scheduled')
  AND (state = 'approved' OR due_at < %(now)s OR effective_from < %(now)s) ORDER BY ref
"""


def found(now: dt.datetime) -> tuple[drift.Drift, ...]:
    """Everything that does not fit now."""
    shelf = shelves.shelf()
    bound = {
        (content.communication, content.language): content.digest()
        for item in shelf.values()
        if isinstance(item, library.Communication)
        for content in bind.bind(item, shelf).contents
    }
    waiting = [releases.load(ref) for (ref,) in batch.fetch(_WAITING, {"now": now}, tuple[str])]
    overdue = [late for release in waiting if (late := drift.in_release(release, now=now)) is not None]
    late, since = writing.late(now - dt.timedelta(hours=django_settings.SIGNALPOST.writing_hours))
    letters = drift.in_letters(late, since=since)
    return (*drift.in_shelf(shelf), *drift.in_contents(versions.live(), bound), *overdue, *letters)


def note(drifts: tuple[drift.Drift, ...], *, now: dt.datetime) -> None:
    """Note in the log how much of each kind does not fit."""
    counts = Counter(each.kind.value for each in drifts)
    log.add(
        [
            records.Fact(
                kind=records.FactKind.DRIFT_FOUND,
                subject=records.reference("library", "drift"),
                at=now,
                body=records.canonical(dict(sorted(counts.items()))).decode(),
            )
        ]
    )
