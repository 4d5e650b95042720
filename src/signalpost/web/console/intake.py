"""What could not be accepted, and jobs that gave up: looked at, replayed, discarded, put back."""

from collections.abc import Sequence

from django.conf import settings as django_settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from signalpost.acts import operate
from signalpost.govern import staff
from signalpost.store.seen import intake
from signalpost.vocabulary import events
from signalpost.web.console import acting, listing, overview, pages
from signalpost.web.console.templatetags import humane

EVERYTHING = ("", "all")
#: How much of a body is shown.
SHOWN_BYTES = 65_536


def _quarantine_choices() -> Sequence[listing.Choice]:
    reasons = [(reason.value, humane.words(reason)) for reason in events.RefusalReason]
    states = [("open", "open"), ("replayed", "replayed"), ("discarded", "discarded")]
    return [
        listing.Choice(name="state", label="State", options=[EVERYTHING, *states], default="open"),
        listing.Choice(name="reason", label="Reason", options=[EVERYTHING, *reasons]),
    ]


def _dead_choices() -> Sequence[listing.Choice]:
    lanes = [(lane.value, lane.value) for lane in events.Lane]
    steps = [(",".join(stage.steps), stage.name) for stage in overview.STAGES if stage.steps]
    return [
        listing.Choice(name="step", label="Stage", options=[EVERYTHING, *steps]),
        listing.Choice(name="lane", label="Lane", options=[EVERYTHING, *lanes]),
    ]


QUARANTINE = listing.Listing[intake.Refused](
    name="quarantine",
    title="Quarantine",
    icon="warning",
    lead="What could not be accepted, as it came. When the cause is mended (a contract, a mapping, a missing device), "
    "replay it.",
    search="Source, event, field or number",
    choices=_quarantine_choices,
    find=intake.quarantined,
    sort="-number",
    empty="console/empty/quarantine.html",
    number=lambda row: str(row.id),
    columns=(
        listing.Column(
            name="number",
            label="Number",
            is_sorted=True,
            cell=lambda row: listing.text(row.id, url=reverse("refusal", args=[row.id])),
        ),
        listing.Column(
            name="created_at", label="Came", is_moment=True, cell=lambda row: listing.moment(row.created_at)
        ),
        listing.Column(
            name="reason", label="Reason", is_sorted=True, cell=lambda row: listing.text(humane.words(row.reason))
        ),
        listing.Column(name="field", label="Field", cell=lambda row: listing.code(row.field or "/")),
        listing.Column(name="wanted", label="Wanted", cell=lambda row: listing.text(row.wanted)),
        listing.Column(name="got", label="Got", cell=lambda row: listing.text(row.got)),
        listing.Column(
            name="event", label="Source and event", cell=lambda row: listing.text(row.source, note=row.event_id)
        ),
        listing.Column(name="state", label="State", cell=lambda row: listing.state(row.state, note=row.settled_by)),
    ),
)

DEAD_LETTERS = listing.Listing[intake.DeadLetter](
    name="dead-letters",
    title="Dead letters",
    icon="bin",
    lead="Steps that failed too often. The rows they work on are untouched; the cause is in the program's log under "
    "the step's name. When it is mended, put them back.",
    search="Number or step",
    choices=_dead_choices,
    find=intake.dead_letters,
    sort="-number",
    empty="console/empty/dead_letters.html",
    number=lambda row: str(row.id),
    columns=(
        listing.Column(name="number", label="Number", is_sorted=True, cell=lambda row: listing.text(row.id)),
        listing.Column(name="step", label="Step", is_sorted=True, cell=lambda row: listing.text(row.task_name)),
        listing.Column(name="lane", label="Lane", cell=lambda row: listing.text(row.queue_name)),
        listing.Column(
            name="attempts", label="Attempts", is_number=True, cell=lambda row: listing.amount(row.attempts)
        ),
        listing.Column(
            name="failed_at", label="Gave up", is_moment=True, cell=lambda row: listing.moment(row.failed_at)
        ),
        listing.Column(name="arguments", label="Works on", cell=lambda row: listing.code(row.arguments)),
    ),
)


def _replay(key: str, by: str) -> str:
    number = int(key)
    limits = events.Limits(
        max_body_bytes=django_settings.SIGNALPOST.max_body_bytes,
        max_batch_events=django_settings.SIGNALPOST.max_batch_events,
    )
    try:
        answer = operate.replay(number, limits=limits, by=by)
    except LookupError:
        return f"{number} is settled already"
    if answer.refusals:
        again = answer.refusals[0]
        return f"{number} is still refused: {humane.words(again.reason)} at {again.field or '/'}"
    return ""


def _discard(key: str, by: str) -> str:
    try:
        operate.discard(int(key), by=by)
    except LookupError:
        return f"{key} is settled already"
    return ""


def _redrive(key: str, by: str) -> str:
    return "" if operate.redrive(int(key), by=by) else f"{key} is no dead letter any more"


QUARANTINE_ACTS = acting.Acts(
    page="quarantine",
    title=QUARANTINE.title,
    keys=acting.NUMBERS,
    acts=(
        acting.Act(
            name="replay",
            address="quarantine_replay",
            label="Replay",
            right=staff.Right.REPLAY,
            asks="Each body is accepted again, as it came. What was accepted of it before changes nothing.",
            do=_replay,
        ),
        acting.Act(
            name="discard",
            address="quarantine_discard",
            label="Discard",
            right=staff.Right.REPLAY,
            asks="Each refusal is settled for good: its body stays stored, but is never accepted.",
            do=_discard,
            is_serious=True,
        ),
    ),
)
DEAD_LETTERS_ACTS = acting.Acts(
    page="dead_letters",
    title=DEAD_LETTERS.title,
    keys=acting.NUMBERS,
    acts=(
        acting.Act(
            name="redrive",
            address="dead_letters_redrive",
            label="Put back",
            right=staff.Right.REDRIVE,
            asks="Each job goes back into the queue and is tried again at once.",
            do=_redrive,
        ),
    ),
)


@require_GET
def quarantine_page(request: HttpRequest) -> HttpResponseBase:
    """What could not be accepted."""
    if listing.asks_for_export(request):
        return listing.export(request, QUARANTINE)
    return acting.page(request, QUARANTINE, QUARANTINE_ACTS)


@require_GET
def dead_letters_page(request: HttpRequest) -> HttpResponseBase:
    """Jobs that gave up."""
    if listing.asks_for_export(request):
        return listing.export(request, DEAD_LETTERS)
    return acting.page(request, DEAD_LETTERS, DEAD_LETTERS_ACTS)


@require_GET
def refusal_page(request: HttpRequest, number: int) -> HttpResponseBase:
    """One refusal with the body as it came."""
    found, body = intake.refused(number), intake.body(number)
    if found is None or body is None:
        raise Http404(number)
    frame = pages.frame(f"Refusal {number}", icon="warning", trail=[(reverse("quarantine"), "Quarantine")])
    acts = acting.allowed(request, QUARANTINE_ACTS) if found.state == "open" else ()
    return render(
        request,
        "console/refusal.html",
        {
            **frame,
            "one": found,
            "body": body,
            "text": _readable(body.body[:SHOWN_BYTES]),
            "size": len(body.body),
            "is_cut": len(body.body) > SHOWN_BYTES,
            "acts": acts,
            "list": "quarantine",
        },
    )


def _readable(body: bytes) -> str:
    """Bytes as text; what is no text is written in hexadecimal."""
    return body.decode("utf-8", errors="backslashreplace").replace("\x00", "\\x00")
