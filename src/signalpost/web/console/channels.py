"""The channels and lanes: what is due on them, what came of it, and the switch."""

import datetime as dt
from collections.abc import Sequence

import msgspec
from django.conf import settings as django_settings
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from signalpost.acts import operate
from signalpost.govern import staff
from signalpost.store import overview, traffic
from signalpost.vocabulary import events
from signalpost.vocabulary import traffic as nouns
from signalpost.web.console import gate, pages
from signalpost.web.console.templatetags import humane

#: Longest reason for a pause.
REASON_CHARACTERS = 500


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A channel or lane as it is shown."""

    #: `channel:smtp`, `lane:bulk`.
    switch: str
    name: str
    state: str
    tone: str
    waiting: int
    oldest_due_at: dt.datetime | None
    #: Attempts of the last hour by outcome, in words.
    tried: str
    paused: overview.Switch | None


class ShownProvider(msgspec.Struct, frozen=True, kw_only=True):
    """A relay or centre behind a channel as it is shown."""

    provider: nouns.Provider
    state: str
    tone: str
    rests_until: dt.datetime | None


def shown(now: dt.datetime) -> Sequence[Shown]:
    """The configured channels, and those on which something is due or was tried all the same."""
    queues = overview.queues(now)
    attempts = overview.attempts(now)
    switches = {switch.name: switch for switch in overview.switches()}
    configured: Sequence[str] = django_settings.SIGNALPOST_CHANNELS()
    seen = {queue.via for queue in queues} | {via for via, _, _ in attempts if via}
    return [
        _shown(
            f"channel:{name}",
            name,
            [queue for queue in queues if queue.via == name],
            [(kind, count) for via, kind, count in attempts if via == name],
            switches,
        )
        for name in [*configured, *sorted(seen - {*configured})]
    ]


def lanes(now: dt.datetime) -> Sequence[Shown]:
    """The lanes, the most urgent first."""
    queues = overview.queues(now)
    switches = {switch.name: switch for switch in overview.switches()}
    return [
        _shown(f"lane:{lane}", lane, [queue for queue in queues if queue.lane == lane], [], switches)
        for lane in events.Lane
    ]


def _shown(
    switch: str,
    name: str,
    queues: Sequence[overview.Queue],
    attempts: Sequence[tuple[str, int]],
    switches: dict[str, overview.Switch],
) -> Shown:
    paused = switches.get(switch)
    waiting = sum(queue.waiting for queue in queues)
    state = "paused" if paused else "working" if waiting else "idle"
    return Shown(
        switch=switch,
        name=name,
        state=state,
        tone={"paused": "warn", "working": "calm", "idle": "quiet"}[state],
        waiting=waiting,
        oldest_due_at=min((queue.oldest_due_at for queue in queues), default=None),
        tried=", ".join(f"{humane.amount(count)} {humane.words(kind)}" for kind, count in attempts),
        paused=paused,
    )


def _provider(given: nouns.Provider, *, now: dt.datetime) -> ShownProvider:
    rests = given.rests_until if given.rests_until and given.rests_until > now else None
    state = "well" if not given.failures else "rests" if rests else "is probed"
    return ShownProvider(provider=given, state=state, tone="calm" if state == "well" else "warn", rests_until=rests)


@require_GET
def channels_page(request: HttpRequest) -> HttpResponseBase:
    """Channels and lanes."""
    now = timezone.now()
    return render(
        request,
        "console/channels.html",
        {
            **pages.frame("Channels", icon="rotate"),
            "groups": [("Channels", shown(now)), ("Lanes", lanes(now))],
            "providers": [_provider(one, now=now) for one in traffic.providers()],
            "may_pause": gate.has(request, staff.Right.PAUSE),
        },
    )


@require_http_methods(["GET", "POST"])
def switch_page(request: HttpRequest, name: str) -> HttpResponseBase:
    """Ask whether a channel or lane shall pause or go on; on POST, do it."""
    now = timezone.now()
    found = {one.switch: one for one in [*shown(now), *lanes(now)]}
    if name not in found:
        raise Http404(name)
    one = found[name]
    if request.method == "POST":
        if one.paused:
            operate.resume(name, by=gate.name(request))
            messages.success(request, f"{one.name} goes on.")
        else:
            reason = request.POST.get("reason", "").strip()[:REASON_CHARACTERS]
            operate.pause(name, by=gate.name(request), reason=reason)
            messages.success(request, f"{one.name} is paused. What waits for it stays where it is.")
        return redirect("channels")
    title = f"{'Resume' if one.paused else 'Pause'} {one.name}"
    frame = pages.frame(title, icon="rotate", trail=[(request.path.rsplit("/", 3)[0] + "/", "Channels")])
    return render(request, "console/switch.html", {**frame, "one": one})
