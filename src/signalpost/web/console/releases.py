"""Releases: what is changed, what it touches, where its review stands, and what may be done with it next."""

import datetime as dt
import functools
from collections.abc import Iterable, Sequence

import msgspec
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET

from signalpost.acts import releasing, reviewing
from signalpost.govern import releases as govern
from signalpost.govern import templates as decisions
from signalpost.govern import uses
from signalpost.store.seen import releases as seen
from signalpost.vocabulary import library, templates
from signalpost.web.console import denials, listing, naming, pages, people
from signalpost.web.console.templatetags import humane

#: Names of what a release changes that a row of the list shows.
NAMES_SHOWN = 3
#: Findings of one severity that the page shows.
FINDINGS_SHOWN = 100

_State = library.ReleaseState
EVERYTHING = ("", "all")
_STATES = (
    ("going_on", "not live yet"),
    EVERYTHING,
    *((state.value, humane.words(state)) for state in library.ReleaseState),
)


def _choices() -> Sequence[listing.Choice]:
    kinds = [(kind.value, label.lower()) for kind, label in naming.LABELS.items()]
    whose = [("mine", "mine"), ("assigned", "assigned to me"), ("others", "of others")]
    return [
        listing.Choice(name="state", label="State", options=_STATES, default="going_on"),
        listing.Choice(name="kind", label="Changes a", options=[("", "anything"), *kinds]),
        listing.Choice(name="whose", label="Whose", options=[EVERYTHING, *whose]),
    ]


def _title(row: seen.Listed) -> listing.Cell:
    names = [f"{naming.LABELS[key.kind].lower()} {key.name}" for key in row.keys()]  # noqa: SIM118 - a method
    more = f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
    note = ", ".join(names[:NAMES_SHOWN]) + more
    return listing.Cell(text=row.title or row.ref, url=reverse("release", args=[row.ref]), note=note)


def _due(row: seen.Listed) -> listing.Cell:
    return listing.moment(row.due_at if row.state in {_State.DRAFT, _State.IN_REVIEW} else None)


RELEASES = listing.Listing[seen.Listed](
    name="releases",
    title="Releases",
    icon="clipboard-list",
    lead="Changes of texts, triggers and rules that are approved as one and go live at one moment. What waits for you "
    "comes first.",
    search="Title, item or communication",
    choices=_choices,
    find=lambda _: [],
    sort="",
    empty="console/empty/releases.html",
    columns=(
        listing.Column(name="title", label="Release", is_sorted=True, cell=_title),
        listing.Column(
            name="state",
            label="State",
            cell=lambda row: listing.state(
                row.state, note=f"{row.step_count} steps taken" if row.state is _State.IN_REVIEW else ""
            ),
        ),
        listing.Column(name="author", label="By", cell=lambda row: listing.text(row.author)),
        listing.Column(name="assigned", label="Assigned to", cell=lambda row: listing.text(row.assigned_to)),
        listing.Column(name="due_at", label="Due", is_sorted=True, is_moment=True, cell=_due),
        listing.Column(
            name="touches",
            label="Communications",
            is_number=True,
            cell=lambda row: listing.amount(row.communication_count),
        ),
        listing.Column(
            name="comments",
            label="Open comments",
            is_number=True,
            cell=lambda row: listing.amount(row.open_comment_count),
        ),
        listing.Column(
            name="live", label="Live from", is_moment=True, cell=lambda row: listing.moment(row.effective_from)
        ),
        listing.Column(
            name="created_at",
            label="Made",
            is_sorted=True,
            is_moment=True,
            cell=lambda row: listing.moment(row.created_at),
        ),
    ),
)


@require_GET
def releases_page(request: HttpRequest) -> HttpResponseBase:
    """The list, as the person who asks sees it."""
    name = people.person(request).name
    mine = msgspec.structs.replace(RELEASES, find=functools.partial(seen.listed, person=name))
    return listing.export(request, mine) if listing.asks_for_export(request) else listing.page(request, mine)


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A step of the review."""

    role: str
    person: str = ""
    at: dt.datetime | None = None
    is_next: bool = False


class Button(msgspec.Struct, frozen=True, kw_only=True):
    """Something that may be done with a release, or why this person may not."""

    name: str
    label: str
    url: str
    is_serious: bool = False
    #: Why not, in words; "" where it may be done.
    denied: str = ""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One item of a release."""

    named: naming.Named
    what: str
    tone: str
    compare_url: str


class Touched(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a release touches without changing it itself, or a communication that it makes anew."""

    named: naming.Named
    languages: str
    why: str


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """A comment with its answers."""

    comment: library.Comment
    replies: Sequence[library.Comment]


@require_GET
def release_page(request: HttpRequest, ref: str) -> HttpResponseBase:
    """One release."""
    release = found(ref)
    person = people.person(request)
    steps = releasing.steps(ref)
    shelf = {**releasing.shelf(), **releasing.shelf_with(ref)}
    findings = reviewing.findings(release)
    buttons = offered(release, person, steps)
    frame = pages.frame(release.title or ref, icon="clipboard-list", trail=[(reverse("releases"), "Releases")])
    return render(
        request,
        "console/releases/release.html",
        {
            **frame,
            "one": release,
            "others": sorted(release.editors - {release.author}),
            "buttons": [button for button in buttons if not button.denied],
            "barred": _barred(buttons),
            "steps": taken(release, steps),
            "changes": [_change(change, shelf) for change in release.changes],
            "touched": touched(release, shelf),
            "findings": [
                ("Errors", "bad", _of(findings, templates.FindingSeverity.ERROR)),
                ("Warnings", "warn", _of(findings, templates.FindingSeverity.WARNING)),
            ],
            "has_findings": bool(findings),
            "excluded": reviewing.excluded(release),
            "notes": notes(release.comments),
            "places": places(release, findings),
            "people": _reviewers(),
            "may_comment": govern.may_comment(person=person.name, roles=person.roles) is None,
            "replay_url": _replay(ref),
            "is_over": release.state in {_State.WITHDRAWN, _State.ENDED},
        },
    )


def found(ref: str) -> library.Release:
    """The release that an address names."""
    try:
        return releasing.release(ref)
    except LookupError as error:
        raise Http404(ref) from error


def taken(release: library.Release, steps: Sequence[str]) -> Sequence[Step]:
    """The review: steps that were taken, the next one, those after it."""
    signed = [Step(role=step.role, person=step.person, at=step.at) for step in release.sign_offs]
    is_open = release.state is _State.IN_REVIEW
    left = steps[len(signed) :]
    return [*signed, *(Step(role=role, is_next=is_open and number == 0) for number, role in enumerate(left))]


def offered(release: library.Release, person: releasing.Person, steps: tuple[str, ...]) -> Sequence[Button]:
    """What may be done with a release by this person, and what may not with the reason."""
    name, roles = person.name, person.roles
    approves = govern.may_approve(release, person=name, roles=roles, steps=steps)
    is_last = len(release.sign_offs) + 1 >= len(steps)
    acts = (
        ("submit", "Submit for review", govern.may_submit(release, person=name, roles=roles), False),
        (
            "approve" if is_last else "sign-off",
            "Approve" if is_last else f"Approve as {_next(release, steps)}",
            approves,
            False,
        ),
        ("send-back", "Send back", govern.may_send_back(release, person=name, roles=roles), True),
        ("withdraw", "Withdraw", govern.may_withdraw(release, person=name, roles=roles), True),
    )
    return [
        Button(
            name=act,
            label=label,
            url=reverse("release_act", args=[release.ref, act]),
            is_serious=is_serious,
            denied=denials.words(decision) if isinstance(decision, decisions.Denied) else "",
        )
        for act, label, decision, is_serious in acts
    ]


def _next(release: library.Release, steps: Sequence[str]) -> str:
    return steps[len(release.sign_offs)] if len(release.sign_offs) < len(steps) else ""


def _barred(buttons: Iterable[Button]) -> str:
    """Why the step that is next is not this person's."""
    return next((button.denied for button in buttons if button.name in {"approve", "sign-off"}), "")


def _change(change: library.Changed, shelf: library.Shelf) -> Change:
    item = shelf.get(change.key)
    what, tone = ("new", "good") if not change.base else ("changed", "warn") if change.digest else ("retired", "bad")
    return Change(
        named=naming.named(change.key, item.title if item is not None else ""),
        what=what,
        tone=tone,
        compare_url=naming.comparison(change.key, change.base, change.digest),
    )


def touched(release: library.Release, shelf: library.Shelf) -> Sequence[Touched]:
    """What uses what is changed, and the communications that are made anew, each with the reason."""
    changed = {change.key for change in release.changes}
    reasons: dict[library.Key, list[str]] = {}
    for key in sorted(changed):
        for use in uses.where_used(key, shelf):
            way = [naming.LABELS[step.kind].lower() + " " + step.name for step in use.through]
            reason = f"uses {naming.LABELS[key.kind].lower()} {key.name}" + (
                f" through {', '.join(way)}" if way else ""
            )
            reasons.setdefault(use.key, []).append(reason)
    languages: dict[str, list[str]] = {}
    for bound in release.contents:
        languages.setdefault(bound.communication, []).append(
            bound.language if bound.content else f"{bound.language} (retired)"
        )
    made = {library.Key(kind=library.Kind.COMMUNICATION, name=name) for name in languages}
    return [
        Touched(
            named=naming.named(key, shelf[key].title if key in shelf else ""),
            languages=", ".join(languages.get(key.name, ())) if key.kind is library.Kind.COMMUNICATION else "",
            why="; ".join(reasons.get(key, ["changed itself"])),
        )
        for key in sorted(made | reasons.keys())
        if key not in changed or key in made
    ]


def _of(findings: Iterable[templates.Finding], severity: templates.FindingSeverity) -> Sequence[templates.Finding]:
    return [finding for finding in findings if finding.severity is severity][:FINDINGS_SHOWN]


def notes(comments: Sequence[library.Comment]) -> Sequence[Note]:
    """Comments with their answers, open ones first."""
    answers: dict[str, list[library.Comment]] = {}
    for comment in comments:
        if comment.place.startswith(reviewing.REPLY):
            answers.setdefault(comment.place, []).append(comment)
    own = [comment for comment in comments if not comment.place.startswith(reviewing.REPLY)]
    return [
        Note(comment=comment, replies=answers.get(f"{reviewing.REPLY}{comment.number}", ()))
        for comment in sorted(own, key=lambda comment: (bool(comment.resolved_by), comment.number))
    ]


def places(release: library.Release, findings: Iterable[templates.Finding]) -> Sequence[str]:
    """What a comment can be about: what is changed, and what was found."""
    changed = [f"{change.key.kind} {change.key.name}" for change in release.changes]
    return [*changed, *dict.fromkeys(found.place for found in findings if found.place not in changed)]


def _reviewers() -> Sequence[str]:
    return people.names(reviewing.REVIEWS)


def _replay(ref: str) -> str:
    """Where the blast radius of a release is, "" where it cannot be looked at."""
    try:
        return reverse("replay", args=[ref])
    except NoReverseMatch:
        return ""
