"""The blast radius of a release: what real past cases would have been with it, and each of them side by side.

Who writes or approves sees numbers. Whom a case is about, and what it says, sees who may read what customers were told.
"""

import base64
import datetime as dt
import functools
from collections.abc import Sequence
from decimal import Decimal

import msgspec
from django.conf import settings as django_settings
from django.contrib import messages
from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from signalpost import settings
from signalpost.acts import links, releasing, replaying, studio
from signalpost.govern import staff
from signalpost.store import replays
from signalpost.store.seen import communications
from signalpost.vocabulary import library, manuscripts, parties
from signalpost.vocabulary import replays as nouns
from signalpost.web.console import gate, listing, marking, pages
from signalpost.web.console.templatetags import humane

#: Who may begin a replay and end it; the numbers name no customer.
RIGHTS = (staff.Right.APPROVE, staff.Right.WRITE, staff.Right.WRITE_RULES)
EVERYTHING = ("", "all")
#: How far back can be asked for, in days.
SPANS = ((1, "the last day"), (7, "the last week"), (30, "the last 30 days"), (90, "the last 90 days"))
DAYS = 30
#: How many cases can be asked for.
SIZES = (1_000, 10_000, 50_000)


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """A bar of the picture."""

    label: str
    number: int
    percent: float
    url: str = ""


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """Bars under one heading."""

    title: str
    bars: Sequence[Bar]


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A pair of pages, `data:` addresses; "" where one side has no such page."""

    number: int
    before: str
    after: str


def _may(request: HttpRequest) -> bool:
    return any(gate.has(request, right) for right in RIGHTS)


def _choices() -> Sequence[listing.Choice]:
    verdicts = [(one.value, one.value) for one in nouns.Verdict if one is not nouns.Verdict.SAME]
    aspects = [(one.value, humane.words(one)) for one in nouns.Aspect]
    return [
        listing.Choice(name="verdict", label="Verdict", options=[EVERYTHING, *verdicts]),
        listing.Choice(name="aspect", label="Differs in", options=[EVERYTHING, *aspects]),
        listing.Choice(name="type", label="Communication type", options=[EVERYTHING, *communications.types()]),
    ]


def _listing(replay: replays.Replay, title: str, *, reads: bool) -> listing.Listing[replays.Case]:
    """The cases of a replay; whom each is about only for who may read that."""
    about: listing.Column[replays.Case] = listing.Column(
        name="party",
        label="Party",
        is_sorted=True,
        cell=lambda row: listing.text(row.name or row.party, url=_case_url(replay, row), note=row.communication),
    )
    anonymous: listing.Column[replays.Case] = listing.Column(
        name="communication", label="Communication", cell=lambda row: listing.text(row.communication)
    )
    return listing.Listing[replays.Case](
        name=f"blast-radius-{replay.release}",
        title=f"Blast radius of {title}",
        icon="history",
        lead="What real past cases would have been with this release. Nothing is sent, and nothing of what was decided "
        "is changed.",
        search="Party, decision or change" if reads else "Decision or change",
        choices=_choices,
        find=lambda given: replays.cases(replay.ref, given),
        sort="-score",
        empty="console/empty/replays.html",
        columns=(
            about if reads else anonymous,
            listing.Column(
                name="at", label="Decided", is_sorted=True, is_moment=True, cell=lambda row: listing.moment(row.at)
            ),
            listing.Column(name="verdict", label="Would be", cell=_verdict),
            listing.Column(name="amount", label="Amount", cell=_amount),
            listing.Column(name="channels", label="Channels", cell=_channels),
            listing.Column(
                name="pages", label="Pages", is_number=True, cell=lambda row: _two(row.pages_before, row.pages_after)
            ),
            listing.Column(
                name="cost", label="Cost", is_number=True, cell=lambda row: _two(row.cost_before, row.cost_after)
            ),
            listing.Column(
                name="score",
                label="Unusual",
                is_sorted=True,
                is_number=True,
                cell=lambda row: listing.Cell(
                    text=f"{row.score:.1f}", note=", ".join(words for _, words in row.reasons), exported=f"{row.score}"
                ),
            ),
        ),
    )


def _case_url(replay: replays.Replay, row: replays.Case) -> str:
    return reverse("replay_case", args=[replay.release, replay.ref, row.decision])


def _verdict(row: replays.Case) -> listing.Cell:
    tones = {nouns.Verdict.GONE: "bad", nouns.Verdict.NEW: "warn", nouns.Verdict.DIFFERENT: "calm"}
    said = ", ".join(humane.words(aspect) for aspect in row.aspects) or humane.words(row.silence)
    return listing.Cell(text=row.verdict, tone=tones[row.verdict], note=said)


def _amount(row: replays.Case) -> listing.Cell:
    if not row.amount_before and not row.amount_after:
        return listing.text("")
    return listing.text(f"{row.amount_before or 'none'} → {row.amount_after or 'none'}")


def _channels(row: replays.Case) -> listing.Cell:
    if row.channels_before == row.channels_after:
        return listing.text(row.channels_before)
    return listing.text(f"{row.channels_before or 'none'} → {row.channels_after or 'none'}")


def _two(before: float | Decimal | None, after: float | Decimal | None) -> listing.Cell:
    texts = [
        "" if one is None else f"{one:f}".rstrip("0").rstrip(".") if isinstance(one, Decimal) else str(one)
        for one in (before, after)
    ]
    return listing.text(texts[1] if texts[0] == texts[1] else f"{texts[0] or 'none'} → {texts[1] or 'none'}")


@require_GET
def replay_page(request: HttpRequest, release: str) -> HttpResponseBase:
    """What was found for a release, and what can be asked."""
    found = _release(release)
    known = replays.of_release(release)
    replay = next((one for one in known if one.ref == request.GET.get("replay")), next(iter(known), None))
    title = found.title or found.ref
    frame = pages.frame(
        "Blast radius",
        icon="history",
        trail=[(reverse("releases"), "Releases"), (reverse("release", args=[release]), title)],
    )
    asking = {"release": found, "title": "Blast radius", "named": title, "spans": SPANS, "days": DAYS, "sizes": SIZES}
    asking |= {"size": replaying.CASES, "known": known, "may_ask": _may(request)}
    if replay is None:
        return render(request, "console/replays/none.html", {**frame, **asking})
    given = _listing(replay, title, reads=gate.has(request, staff.Right.READ_CUSTOMERS))
    if listing.asks_for_export(request):
        return listing.export(request, given)
    summary = replaying.summary(replay.ref)
    more = {
        **asking,
        **_live(summary),
        "summary": summary,
        "figures": _figures(summary),
        "trail": frame["trail"],
        "reads": gate.has(request, staff.Right.READ_CUSTOMERS),
    }
    return listing.page(request, given, template="console/replays/found.html", more=more)


def _release(ref: str) -> library.Release:
    try:
        return releasing.release(ref)
    except LookupError as error:
        raise Http404(ref) from error


def _live(summary: replaying.Summary) -> dict[str, object]:
    replay = summary.replay
    return {
        "replay": replay,
        "percent": round(100 * replay.done / replay.total) if replay.total else 100 * replay.is_over,
        "live_at": humane.moment(timezone.now()),
    }


def _figures(summary: replaying.Summary) -> Sequence[Figure]:
    verdicts = [(verdict, number, f"?verdict={verdict}") for verdict, number in summary.verdicts.items()]
    aspects = [(humane.words(aspect), number, f"?aspect={aspect}") for aspect, number in summary.aspects]
    channels = [
        (f"{before or 'nothing'} → {after or 'nothing'}", number, "") for before, after, number in summary.channels
    ]
    return [
        Figure(title=title, bars=_bars(rows))
        for title, rows in (("Cases", verdicts), ("What differs", aspects), ("Channels that change", channels))
        if rows
    ]


def _bars(rows: Sequence[tuple[str, int, str]]) -> Sequence[Bar]:
    most = max((number for _, number, _ in rows), default=0) or 1
    return [
        Bar(label=label, number=number, percent=round(100 * number / most, 1), url="" if label == "same" else url)
        for label, number, url in rows
    ]


@require_GET
def replay_now(request: HttpRequest, release: str, replay: str) -> HttpResponseBase:
    """How far a replay is, for the page that shows it."""
    summary = _summary(release, replay)
    words = {**_live(summary), "summary": summary, "figures": _figures(summary)}
    part = render_to_string("console/replays/progress.html", words, request=request)
    state = summary.replay.state
    return JsonResponse(
        {
            "numbers": {},
            "shown": {},
            "states": {},
            "parts": {"progress": part},
            "at": words["live_at"],
            "summary": f"{state}" if summary.replay.is_over else "",
        }
    )


def _summary(release: str, ref: str) -> replaying.Summary:
    try:
        summary = replaying.summary(ref)
    except LookupError as error:
        raise Http404(ref) from error
    if summary.replay.release != release:
        raise Http404(ref)
    return summary


@require_POST
def replay_start(request: HttpRequest, release: str) -> HttpResponseBase:
    """Ask for a replay."""
    if not _may(request):
        return gate.refused(request, staff.Right.APPROVE)
    found = _release(release)
    days = _among(request.POST.get("days", ""), [days for days, _ in SPANS], DAYS)
    size = _among(request.POST.get("cases", ""), SIZES, replaying.CASES)
    since = timezone.now() - dt.timedelta(days=days)
    try:
        ref = replaying.start(found.ref, since=since, by=gate.name(request), cases_max=size)
    except settings.SettingError as error:
        messages.error(request, str(error))
        return redirect("replay", release)
    return redirect(f"{reverse('replay', args=[release])}?replay={ref}")


def _among(text: str, allowed: Sequence[int], default: int) -> int:
    return next((one for one in allowed if str(one) == text), default)


@require_POST
def replay_cancel(request: HttpRequest, release: str, replay: str) -> HttpResponseBase:
    """End a replay before it is through."""
    if not _may(request):
        return gate.refused(request, staff.Right.APPROVE)
    _summary(release, replay)
    if replaying.cancel(replay):
        messages.success(request, "Cancelled. What was found so far is kept.")
    else:
        messages.warning(request, "It was over already.")
    return redirect(f"{reverse('replay', args=[release])}?replay={replay}")


def _place() -> replaying.Workplace:
    given: settings.Settings = django_settings.SIGNALPOST
    return replaying.Workplace(
        engines=studio.warm(),
        archive=django_settings.SIGNALPOST_ARCHIVE,
        link=functools.partial(links.address, given.url()),
    )


@require_GET
def replay_case(request: HttpRequest, release: str, replay: str, decision: str) -> HttpResponseBase:
    """One case side by side. That it was read is in the log."""
    _summary(release, replay)
    place = _place()
    try:
        shown = replaying.opened(replay, decision, place, by=gate.name(request))
    except LookupError as error:
        raise Http404(decision) from error
    name = shown.case.name or shown.case.party
    above = [
        (reverse("releases"), "Releases"),
        (f"{reverse('replay', args=[release])}?replay={replay}", "Blast radius"),
    ]
    letters, lengths = _letters(shown, place)
    return render(
        request,
        "console/replays/case.html",
        {
            **pages.frame(f"{shown.case.communication} to {name}", icon="history", trail=above),
            "case": shown.case,
            "before": shown.before,
            "after": shown.after,
            "pairs": shown.pairs,
            "changed": sum(not pair.is_same for pair in shown.pairs),
            "letters": letters,
            "lengths": lengths,
        },
    )


def _letters(shown: replaying.Opened, place: replaying.Workplace) -> tuple[Sequence[Letter], str]:
    """The letters of both sides page by page, where a side is one; what differs is marked."""
    found = [_pdf(side, place) for side in (shown.before, shown.after)]
    if not any(found):
        return [], ""
    beside = marking.letters(found[0], found[1])
    count = max(len(beside.before), len(beside.after))
    paired = [
        Letter(number=number + 1, before=_address(beside.before, number), after=_address(beside.after, number))
        for number in range(count)
    ]
    return paired, f"{beside.pages_before} pages before, {beside.pages_after} with the release"


def _pdf(side: nouns.Side, place: replaying.Workplace) -> bytes:
    if parties.ChannelKind.LETTER not in side.plan:
        return b""
    rendered = replaying.rendition(side, parties.ChannelKind.LETTER, place)
    return rendered.content if isinstance(rendered, manuscripts.Rendition) else b""


def _address(sheets: Sequence[marking.Sheet], number: int) -> str:
    if number >= len(sheets):
        return ""
    return f"data:image/webp;base64,{base64.b64encode(sheets[number].content).decode('ascii')}"
