"""Reviewers are asked by e-mail: an event of our own for each person and step, which travels the path like any other.

The event names the release and what it is about, never a customer. The same person is asked once for the same step of
the same content, and once more when it falls due; whoever wrote part of the change is not asked to approve it.
"""

import datetime as dt

from django.db import transaction

from signalpost.govern import names
from signalpost.store import releases, reviews
from signalpost.vocabulary import library, records
from signalpost.work import internal, parts

#: Event type of the news for a reviewer.
REVIEW_EVENT = "signalpost.review_requested"


def ask(given: parts.Parts, *, now: dt.datetime) -> None:
    """Ask whoever can take the next step of each release that stands otherwise than when they were asked last."""
    for one in reviews.unasked(now):
        with transaction.atomic():
            release = releases.load(one.ref, is_locked=True)
            if release.state is library.ReleaseState.IN_REVIEW:
                _ask(given, release, now=now)
            reviews.note(one)


def _ask(given: parts.Parts, release: library.Release, *, now: dt.datetime) -> None:
    steps = reviews.steps(release)
    taken = len(release.sign_offs)
    if taken >= len(steps):
        return
    asked = _asked(release, reviews.reviewers(steps[taken]))
    reviews.make_parties(asked, time_zone=given.settings.time_zone)
    is_due = release.due_at is not None and release.due_at <= now
    data: dict[str, records.Json] = {
        "release": release.ref,
        "title": release.title or release.ref,
        "step": steps[taken],
        "author": release.author,
        "is_due": is_due,
        "link": f"{given.settings.url()}/console/releases/{release.ref}/",
    }
    if release.due_at is not None:
        data["due_at"] = release.due_at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    for person in asked:
        internal.raise_event(
            REVIEW_EVENT,
            subject=person.party(),
            discriminator=f"{release.ref}:{release.digest}:{taken}:{is_due}",
            data=data,
            now=now,
        )


def _asked(release: library.Release, able: list[reviews.Reviewer]) -> list[reviews.Reviewer]:
    """Those who can take the step: the one it is assigned to, or all who neither changed it nor took a step."""
    barred = (release.author, *release.editors, *(step.person for step in release.sign_offs))
    free = [one for one in able if not names.is_among(one.name, barred)]
    return [one for one in free if one.name == release.assigned_to] or free
