"""Work: what waits for the person who looks, what they have begun, what goes live next, what has drifted."""

from collections.abc import Mapping, Sequence

import msgspec
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from signalpost.acts import releasing
from signalpost.govern import releases as govern
from signalpost.store.seen import releases as seen
from signalpost.vocabulary import library
from signalpost.web.console import pages, people

_State = library.ReleaseState


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A release in a list of the page."""

    row: seen.Listed
    note: str
    is_late: bool = False


@require_GET
def work_page(request: HttpRequest) -> HttpResponseBase:
    """The page of the person who asks."""
    person = people.person(request)
    now = timezone.now()
    in_review = seen.of(state=_State.IN_REVIEW, person=person.name)
    turns = [row for row in in_review if _is_turn(row, person)]
    mine = seen.of(state="going_on", whose="mine", person=person.name)
    scheduled = seen.of(state=_State.SCHEDULED, person=person.name)
    return render(
        request,
        "console/work.html",
        {
            **pages.frame("Work", icon="tasks"),
            "turns": [
                Waiting(
                    row=row,
                    note="assigned to you" if row.assigned_to == person.name else "",
                    is_late=row.due_at is not None and row.due_at < now,
                )
                for row in turns
            ],
            "mine": [Waiting(row=row, note=_stands(row)) for row in mine],
            "scheduled": sorted(scheduled, key=lambda row: row.effective_from or row.created_at),
            "others": [row for row in in_review if row not in turns and not row.is_of(person.name)],
            "drift": releasing.drift(),
            "tells": _tells(person),
        },
    )


def _is_turn(row: seen.Listed, person: releasing.Person) -> bool:
    """Whether the next step of its review is this person's."""
    steps = releasing.steps(row.ref)
    decision = govern.may_approve(releasing.release(row.ref), person=person.name, roles=person.roles, steps=steps)
    return isinstance(decision, govern.Granted)


_STANDS: Mapping[library.ReleaseState, str] = {
    _State.DRAFT: "yours to submit",
    _State.IN_REVIEW: "waits for others",
    _State.APPROVED: "held back: make it anew",
    _State.SCHEDULED: "goes live by itself",
}


def _stands(row: seen.Listed) -> str:
    return _STANDS.get(row.state, "")


def _tells(person: releasing.Person) -> Sequence[str]:
    """What an empty list teaches, by what the person is here for."""
    return sorted(right.value for right in govern.rights_of(person.roles))
