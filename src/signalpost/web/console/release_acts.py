"""What people do with a release: each is asked for on a page of its own, then done, or refused in words."""

import datetime as dt
from collections.abc import Mapping

import msgspec
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_POST

from signalpost.acts import releasing, reviewing
from signalpost.vocabulary import library
from signalpost.web.console import denials, pages, people, releases
from signalpost.web.console.templatetags import humane

#: Longest reason, and longest comment that a form takes.
REASON_CHARACTERS = 500
_State = library.ReleaseState


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """What can be done, and what its page says."""

    label: str
    asks: str
    done: str
    has_dates: bool = False
    has_reason: bool = False
    is_serious: bool = False


ACTS: Mapping[str, Act] = {
    "submit": Act(
        label="Submit for review",
        asks="The people whose step comes first are asked to look at it. You cannot change it while it is in review; "
        "you can send it back to yourself.",
        done="Submitted. Those who take the first step are told by e-mail.",
    ),
    "sign-off": Act(
        label="Approve this step",
        asks="You say that you have looked at all of it as it is now and that it may go on. Others take the steps that "
        "are left.",
        done="Your step is taken.",
    ),
    "approve": Act(
        label="Approve",
        asks="You say that you have looked at all of it as it is now. This is the last step: everything in it goes "
        "live at one moment, at once or when you say.",
        done="Approved.",
        has_dates=True,
    ),
    "send-back": Act(
        label="Send back",
        asks="It becomes a draft again. Steps that were taken are void.",
        done="Sent back to its author.",
        has_reason=True,
        is_serious=True,
    ),
    "withdraw": Act(
        label="Withdraw",
        asks="It never goes live.",
        done="Withdrawn.",
        has_reason=True,
        is_serious=True,
    ),
}
#: What withdrawing means for a release that is live.
_WITHDRAWS_LIVE = (
    "What was in force before it is in force again, at once, for everything in it. What was decided meanwhile keeps "
    "the version it was decided with."
)


@require_http_methods(["GET", "POST"])
def act_page(request: HttpRequest, ref: str, act: str) -> HttpResponseBase:
    """Ask whether something is to be done with a release; on POST, do it."""
    if act not in ACTS:
        raise Http404(act)
    release = releases.found(ref)
    problems: list[str] = []
    if request.method == "POST":
        problems = _fields_wrong(request, ACTS[act])
        answer = None if problems else _do(request, ref, act)
        if isinstance(answer, library.Release):
            messages.success(request, _done(answer, ACTS[act]))
            return redirect("release", ref)
        if answer is not None:
            problems = denials.refusal(answer)
    person = people.person(request)
    offered = releases.offered(release, person, releasing.steps(ref))
    barred = next((button.denied for button in offered if button.name == act), "")
    title = f"{ACTS[act].label}: {release.title or ref}"
    trail = [(reverse("releases"), "Releases"), (reverse("release", args=[ref]), release.title or ref)]
    return render(
        request,
        "console/releases/act.html",
        {
            **pages.frame(ACTS[act].label, icon="clipboard-list", trail=trail),
            "title": title,
            "one": release,
            "act": ACTS[act],
            "asks": _WITHDRAWS_LIVE if act == "withdraw" and release.state is _State.LIVE else ACTS[act].asks,
            "problems": problems or ([barred] if barred else []),
            "is_barred": bool(barred),
            "given": request.POST,
        },
        status=409 if problems else 200,
    )


def _do(request: HttpRequest, ref: str, act: str) -> library.Release | releasing.Refused:
    by = people.person(request)
    reason = request.POST.get("reason", "").strip()[:REASON_CHARACTERS]
    match act:
        case "submit":
            return releasing.submit(ref, by=by)
        case "sign-off":
            return releasing.sign_off(ref, by=by)
        case "approve":
            begins, ends = moment(request.POST.get("from", "")), moment(request.POST.get("to", ""))
            return releasing.approve(ref, by=by, effective_from=begins, effective_to=ends)
        case "send-back":
            return releasing.send_back(ref, by=by, reason=reason)
        case _:
            return releasing.withdraw(ref, by=by, reason=reason)


def _fields_wrong(request: HttpRequest, act: Act) -> list[str]:
    given = request.POST
    found = [
        f"{label}: wanted a day and a time, got {text[:40]!r}."
        for name, label in (("from", "Live from"), ("to", "Until"))
        if act.has_dates and (text := given.get(name, "")) and moment(text) is None
    ]
    if act.has_reason and not given.get("reason", "").strip():
        found.append("Say why: whoever wrote it has to know.")
    return found


def moment(text: str) -> dt.datetime | None:
    """A moment that a field gives, in the console's time zone; `None` for none, and for what is no moment."""
    try:
        found = parse_datetime(text.strip())
    except ValueError:
        return None
    if found is None:
        return None
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def _done(release: library.Release, act: Act) -> str:
    match release.state:
        case _State.SCHEDULED:
            return f"Approved. It goes live {humane.moment(release.effective_from)}."
        case _State.LIVE:
            return "Approved and live."
        case _:
            return act.done


@require_POST
def comment_page(request: HttpRequest, ref: str) -> HttpResponseBase:
    """Note something at a place, or answer a comment."""
    releases.found(ref)
    place = request.POST.get("place", "")[:REASON_CHARACTERS]
    text = request.POST.get("text", "").replace("\x00", "").strip()
    answer = releasing.comment(ref, by=people.person(request), place=place, text=text)
    return _told(request, ref, answer, "Noted.", at="comments")


@require_POST
def resolve_page(request: HttpRequest, ref: str, number: int) -> HttpResponseBase:
    """Settle a comment."""
    releases.found(ref)
    try:
        answer = releasing.resolve(ref, number, by=people.person(request))
    except LookupError as error:
        raise Http404(ref) from error
    return _told(request, ref, answer, "Settled.", at="comments")


@require_POST
def assign_page(request: HttpRequest, ref: str) -> HttpResponseBase:
    """Say who is to look at it, and until when."""
    releases.found(ref)
    to, due_text = request.POST.get("to", "").strip(), request.POST.get("due", "")
    due_at = moment(due_text)
    if due_text and due_at is None:
        messages.error(request, f"Due: wanted a day and a time, got {due_text[:40]!r}.")
        return redirect("release", ref)
    if to and to not in people.names(reviewing.REVIEWS):
        messages.error(request, f"Nobody who reviews has the name {to[:40]!r}.")
        return redirect("release", ref)
    answer = releasing.assign(ref, by=people.person(request), to=to, due_at=due_at)
    done = f"Assigned to {to}." if to else "Assigned to nobody."
    return _told(request, ref, answer, done, at="assignment")


def _told(
    request: HttpRequest, ref: str, answer: library.Release | releasing.Refused, done: str, *, at: str
) -> HttpResponseBase:
    if isinstance(answer, releasing.Refused):
        for problem in denials.refusal(answer):
            messages.error(request, problem)
    else:
        messages.success(request, done)
    return redirect(f"{reverse('release', args=[ref])}#{at}")
