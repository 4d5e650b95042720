"""The overview: the path in numbers, open incidents, the state of the channels."""

from collections.abc import Sequence

import msgspec
from django.core.cache import cache
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from signalpost.store import overview
from signalpost.web.console import channels, pages
from signalpost.web.console.templatetags import humane

#: So long an answer serves everybody who asks.
FRESH_SECONDS = 2
_KEY = "signalpost.console.overview"


class Fail(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of failure of a stage, and the list that shows them."""

    name: str
    label: str
    page: str
    query: str = ""


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """A stage as it is shown."""

    name: str
    does: str
    waits: str
    #: Steps of the runner that belong to it.
    steps: tuple[str, ...] = ()
    fails: tuple[Fail, ...] = ()


STAGES = (
    Stage(
        name="accept",
        does="Bodies become events.",
        waits="stored at once",
        fails=(Fail(name="quarantined", label="in quarantine", page="quarantine"),),
    ),
    Stage(
        name="assess",
        does="Events become alarms and incidents.",
        waits="events waiting",
        steps=("assess", "watch"),
        fails=(Fail(name="faulty", label="could not be judged today", page="dead_letters"),),
    ),
    Stage(
        name="choose",
        does="Each party is told or not, with the reason.",
        waits="households waiting",
        steps=("choose",),
    ),
    Stage(
        name="compose",
        does="What is said is written and laid out.",
        waits="notices waiting",
        steps=("compose", "render"),
        fails=(Fail(name="incomplete", label="incomplete today", page="communications", query="?outcome=incomplete"),),
    ),
    Stage(
        name="deliver",
        does="It goes out.",
        waits="due now",
        steps=("deliver", "settle"),
        fails=(
            Fail(name="unclear", label="unclear", page="communications", query="?outcome=unclear"),
            Fail(name="failed", label="failed today", page="communications", query="?outcome=failed"),
        ),
    ),
    Stage(
        name="follow",
        does="Receipts come back.",
        waits="receipts waiting",
        steps=("follow",),
        fails=(Fail(name="unmatched", label="receipts unmatched", page="channels"),),
    ),
    Stage(name="keep", does="Facts are sealed in the log.", waits="facts to seal", steps=("keep",)),
    Stage(
        name="report",
        does="Other systems hear of it.",
        waits="facts to report",
        steps=("report",),
        fails=(Fail(name="disabled", label="endpoints switched off", page="channels"),),
    ),
)


class ShownFail(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of failure with how often it happened."""

    name: str
    label: str
    url: str
    count: str
    is_shown: bool


class ShownStage(msgspec.Struct, frozen=True, kw_only=True):
    """A stage with its numbers."""

    name: str
    does: str
    waits: str
    waiting: str
    minute: str
    hour: str
    #: "bad" when something failed, "busy" when something waits, else "well".
    state: str
    fails: Sequence[ShownFail]


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the overview shows."""

    at: str
    #: One sentence for who cannot see the picture; it changes only when something starts or stops failing.
    summary: str
    stages: Sequence[ShownStage]
    incidents: Sequence[overview.Incident]
    channels: Sequence[channels.Shown]


@require_GET
def overview_page(request: HttpRequest) -> HttpResponseBase:
    """The page."""
    return render(request, "console/overview.html", {**pages.frame("Overview", icon="home"), "live": look()})


@require_GET
def overview_numbers(request: HttpRequest) -> HttpResponseBase:
    """What changes on the page, for the script that keeps it current."""
    del request
    live = look()
    fails = [fail for stage in live.stages for fail in stage.fails]
    numbers = {fail.name: fail.count for fail in fails}
    for stage in live.stages:
        numbers |= {
            f"{stage.name}.waiting": stage.waiting,
            f"{stage.name}.minute": stage.minute,
            f"{stage.name}.hour": stage.hour,
        }
    return JsonResponse(
        {
            "at": live.at,
            "summary": live.summary,
            "numbers": numbers,
            "shown": {fail.name: fail.is_shown for fail in fails},
            "states": {stage.name: stage.state for stage in live.stages},
            "parts": {
                "incidents": render_to_string("console/parts/open_incidents.html", {"live": live}),
                "channels": render_to_string("console/parts/channels_now.html", {"live": live}),
            },
        }
    )


def look() -> Shown:
    """The path as it is now, or was a moment ago for somebody else: many who watch cost no more than one."""
    found = cache.get(_KEY)
    if not isinstance(found, Shown):
        found = _look()
        cache.set(_KEY, found, FRESH_SECONDS)
    return found


def _look() -> Shown:
    now = timezone.now()
    numbers = overview.numbers(now)
    stages = [_shown(stage, numbers) for stage in STAGES]
    incidents = overview.open_incidents()
    failing = [stage.name for stage in stages if stage.state == "bad"]
    return Shown(
        at=humane.moment(numbers.at),
        summary=f"{len(incidents)} open incidents. Failures at: {', '.join(failing) or 'no stage'}.",
        stages=stages,
        incidents=incidents,
        channels=channels.shown(now),
    )


def _shown(stage: Stage, numbers: overview.Numbers) -> ShownStage:
    waiting = numbers.waiting[stage.name]
    fails = [_failed(fail, numbers.failed[fail.name]) for fail in stage.fails]
    if stage.steps:
        dead = Fail(name=f"{stage.name}_dead", label="dead letters", page="dead_letters", query=f"?stage={stage.name}")
        fails.append(_failed(dead, sum(numbers.dead.get(step, 0) for step in stage.steps)))
    is_failing = any(fail.is_shown for fail in fails)
    return ShownStage(
        name=stage.name,
        does=stage.does,
        waits=stage.waits,
        waiting=humane.amount(waiting),
        minute=humane.amount(numbers.last_minute[stage.name]),
        hour=humane.amount(numbers.last_hour[stage.name]),
        state="bad" if is_failing else "busy" if waiting else "well",
        fails=fails,
    )


def _failed(fail: Fail, count: int) -> ShownFail:
    return ShownFail(
        name=fail.name,
        label=fail.label,
        url=reverse(fail.page) + fail.query,
        count=humane.amount(count),
        is_shown=bool(count),
    )
