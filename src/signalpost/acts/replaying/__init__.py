"""Replays: the real past cases gone through again with a release laid over them, before anybody approves it.

`start` stores what is asked for; a job of the lane *bulk* goes through the cases page by page (`go_on`), each page one
transaction with where to go on, so that it can be cancelled, killed and taken up again. The command line does the same
in its own process. What is found is in tables of its own: nothing is sent, and no table of the path is written.
"""

import collections
import datetime as dt
import secrets
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

import msgspec
from django.conf import settings as django_settings
from django.db import transaction
from django.utils import timezone

from signalpost.acts.replaying import effects, measuring, newly, prices, rerun
from signalpost.acts.replaying.cases import NOTES, Both, Workplace
from signalpost.flow import comparing
from signalpost.store import bells, log, past, releases, replays
from signalpost.store.seen import communications
from signalpost.vocabulary import events, manuscripts, parties, records
from signalpost.vocabulary import replays as nouns
from signalpost.vocabulary.manuscripts import Rendition

__all__ = ["Opened", "Rendition", "Summary", "Workplace", "cancel", "go_on", "opened", "rendition", "run", "start"]

#: Name of the job.
STEP = "replay"
#: Cases that are gone through unless more are asked for, and at most.
CASES = 10_000
CASES_MAX = 200_000
#: Cases of one transaction, and events.
PAGE_CASES = 250
PAGE_EVENTS = 500
#: Pages of one job; what is left is a job again, so that other work of the lane gets its turn.
PAGES_PER_JOB = 4
#: How far back a replay may look.
DAYS_MAX = 3660

_FIRST_EVENT = 2**63 - 1


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What a replay found so far."""

    replay: replays.Replay
    #: Cases by verdict, "same" among them.
    verdicts: Mapping[str, int]
    #: What differs, with the number of cases.
    aspects: Sequence[tuple[str, int]]
    #: Channels before, after, number of cases.
    channels: Sequence[tuple[str, str, int]]
    #: Kinds of difference, the most frequent first.
    kinds: Sequence[tuple[str, int]]
    cost_before: Decimal
    cost_after: Decimal
    pages_before: int
    pages_after: int
    #: Currency and prices that cost is reckoned with.
    prices: prices.Prices
    #: Sentences that must be known of the result.
    notes: Sequence[str]
    #: Whether the release has been changed since.
    is_stale: bool


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """One case, both sides."""

    case: replays.Case
    before: nouns.Side
    after: nouns.Side
    pairs: tuple[nouns.Pair, ...]


def start(release: str, *, since: dt.datetime, by: str, cases_max: int = CASES, runs_here: bool = False) -> str:
    """Ask for a replay of the cases since a moment; its reference.

    Args:
        release: Reference of the release.
        since: From when.
        by: Who asks.
        cases_max: Cases at most, the latest first.
        runs_here: Whether the caller goes through the cases itself, instead of a job.

    Raises:
        LookupError: there is no such release.
        settings.SettingError: the price list cannot be read.
    """
    digest = releases.load(release).digest
    now = timezone.now()
    given = replays.Replay(
        ref=records.reference(release, now.isoformat(), secrets.token_hex(8)),
        release=release,
        digest=digest,
        since=max(since, now - dt.timedelta(days=DAYS_MAX)),
        until=now,
        cases_max=min(max(1, cases_max), CASES_MAX),
        state=nouns.State.WAITING,
        asked_by=by,
        asked_at=now,
        prices=records.canonical(prices.read(django_settings.SIGNALPOST.unit_prices)).decode(),
    )
    with transaction.atomic():
        replays.start(given)
        if not runs_here:
            bells.enqueue(STEP, events.Lane.BULK, replay=given.ref)
    return given.ref


def work(ref: str, place: Workplace) -> None:
    """Go through some pages of a replay; what is left is a job again."""
    for _ in range(PAGES_PER_JOB):
        if not go_on(ref, place):
            return
    bells.enqueue(STEP, events.Lane.BULK, replay=ref)


def run(ref: str, place: Workplace, *, progress: Callable[[replays.Replay], None]) -> None:
    """Go through all pages of a replay, in this process."""
    is_more = True
    while is_more:
        is_more = go_on(ref, place)
        found = replays.replay(ref)
        if found is not None:
            progress(found)


def cancel(ref: str) -> bool:
    """End a replay before it is through; whether it was still going on."""
    return replays.move(ref, nouns.State.CANCELLED, now=timezone.now())


def go_on(ref: str, place: Workplace) -> bool:
    """Go through the next page of a replay; whether there may be more."""
    replay = replays.replay(ref)
    if replay is None or replay.is_over:
        return False
    try:
        effect = effects.of(replay.release)
    except LookupError as error:
        replays.move(ref, nouns.State.FAILED, now=timezone.now(), problem=str(error))
        return False
    if effect.digest != replay.digest:
        problem = "the release was changed meanwhile; ask again"
        replays.move(ref, nouns.State.FAILED, now=timezone.now(), problem=problem)
        return False
    made = _page(replay, effect, place)
    return _save(replay, made)


class _Made(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a page."""

    cases: list[replays.Case]
    noted: Mapping[str, int]
    #: Where to go on; `None` at the end.
    cursor: past.Cursor | None
    done: int
    total: int
    untouched: int


def _page(replay: replays.Replay, effect: effects.Effect, place: Workplace) -> _Made:
    names = sorted({*(name for name, _ in communications.types()), *effect.said, *effect.chosen})
    window = past.Window(since=replay.since, until=replay.until, communications=effect.touches(names))
    noted: collections.Counter[str] = collections.Counter()
    total, untouched = replay.total, replay.untouched
    if not replay.cursor:
        cursor = past.Cursor(at=replay.until)
        everything, touched = past.count(window)
        total, untouched = min(touched, replay.cases_max), everything - touched
        noted["cut"] = touched - total
        noted["incident_triggers"] = _unknown(effect)
    else:
        cursor = records.decode(replay.cursor, past.Cursor)
    price_list = prices.stored(replay.prices).by_channel()
    if cursor.event is None:
        cases = past.cases(window, cursor, min(PAGE_CASES, total - replay.done)) if total > replay.done else []
        found, more = rerun.page(effect, place, cases) if cases else ([], collections.Counter[str]())
        noted["older_text"] += _older(effect, found)
        following = _after(cases, replay, total, effect)
        done = replay.done + len(cases)
    else:
        past_events = past.events_before(effect.event_types(), window, number=cursor.event, limit=PAGE_EVENTS)
        found, more = newly.from_events(effect, place, past_events)
        noted["new_from_events"] += len(past_events)
        is_more = len(past_events) == PAGE_EVENTS
        following = past.Cursor(at=cursor.at, event=past_events[-1].number) if is_more else None
        done = replay.done
    noted.update(more)
    compared = [(both, measuring.compare(both, price_list)) for both in found]
    rows = [measuring.row(both, one) for both, one in compared if one.verdict is not nouns.Verdict.SAME]
    return _Made(cases=rows, noted=noted, cursor=following, done=done, total=total, untouched=untouched)


def _after(
    cases: Sequence[past.Case], replay: replays.Replay, total: int, effect: effects.Effect
) -> past.Cursor | None:
    """Where to go on after a page of decisions: with more of them, then with events."""
    if cases and replay.done + len(cases) < total:
        return past.Cursor(at=cases[-1].decided_at, ref=cases[-1].ref)
    return past.Cursor(at=replay.until, event=_FIRST_EVENT) if effect.event_types() else None


def _unknown(effect: effects.Effect) -> int:
    """Triggers on incidents whose new audience cannot be known from what is kept."""
    return sum(
        1
        for change in effect.triggers.values()
        if change.after
        and not change.after.event_type
        and (
            change.before is None
            or (change.before.cause, change.before.change) != (change.after.cause, change.after.change)
        )
    )


def _older(effect: effects.Effect, found: Sequence[Both]) -> int:
    """Cases that were said with an older text than the one that the release replaces."""
    base = {one.content or "": one.base for one in releases.load(effect.release).contents}
    return sum(
        1
        for both in found
        if both.before.manuscript
        and both.after.manuscript
        and base.get(both.after.manuscript.template, both.before.manuscript.template) != both.before.manuscript.template
    )


def _save(replay: replays.Replay, made: _Made) -> bool:
    """Store a page, if nobody else did meanwhile; whether there may be more."""
    with transaction.atomic():
        now = replays.locked(replay.ref)
        if now is None or now.is_over:
            return False
        if now.cursor != replay.cursor:
            return True
        replays.move(replay.ref, nouns.State.RUNNING)
        replays.save(replay.ref, made.cases)
        noted = collections.Counter(now.noted)
        noted.update(made.noted)
        progress = replays.Progress(
            total=made.total,
            untouched=made.untouched,
            done=made.done,
            cursor=records.canonical(made.cursor).decode() if made.cursor else now.cursor,
            notes=records.canonical({name: number for name, number in noted.items() if number}).decode(),
        )
        replays.progress(replay.ref, progress)
        if made.cursor is None:
            _finish(replay.ref)
        return made.cursor is not None


def _finish(ref: str) -> None:
    """All cases are known: how rare each kind is counts from now on."""
    kinds = replays.kinds(ref)
    total = sum(number for _, number in kinds)
    replays.add_points(ref, {kind: comparing.rarity_points(number, total) for kind, number in kinds})
    replays.move(ref, nouns.State.DONE, now=timezone.now())


def summary(ref: str) -> Summary:
    """What a replay found so far.

    Raises:
        LookupError: there is no such replay.
    """
    replay = _known(ref)
    verdicts = replays.verdicts(ref)
    differing = sum(number for verdict, number in verdicts.items() if verdict != nouns.Verdict.NEW)
    # A party that was told nothing counts as a case that was gone through; one of an event that nothing was made of
    # does not.
    told_now = verdicts.get(nouns.Verdict.NEW, 0)
    from_events = replays.from_events(ref)
    same = max(0, replay.done - differing - (told_now - from_events))
    cost_before, cost_after, pages_before, pages_after = replays.sums(ref)
    return Summary(
        replay=replay,
        verdicts={
            verdict.value: same if verdict is nouns.Verdict.SAME else verdicts.get(verdict, 0)
            for verdict in nouns.Verdict
        },
        aspects=replays.aspects(ref),
        channels=replays.channels(ref),
        kinds=replays.kinds(ref),
        cost_before=cost_before,
        cost_after=cost_after,
        pages_before=pages_before,
        pages_after=pages_after,
        prices=prices.stored(replay.prices),
        notes=[f"{number:,} {NOTES[name]}." for name, number in replay.noted.items()],
        is_stale=_is_stale(replay),
    )


def _known(ref: str) -> replays.Replay:
    replay = replays.replay(ref)
    if replay is None:
        raise LookupError(f"replay: wanted {ref!r}, got none of that reference")
    return replay


def _is_stale(replay: replays.Replay) -> bool:
    try:
        return releases.load(replay.release).digest != replay.digest
    except LookupError:
        return True


def opened(ref: str, decision: str, place: Workplace, *, by: str) -> Opened:
    """One case with both sides as they are read; that somebody read it is in the log.

    Raises:
        LookupError: there is no such case, or the release is not what it was.
    """
    replay = _known(ref)
    case = replays.case(ref, decision)
    if case is None:
        raise LookupError(f"case: wanted {decision!r} of replay {ref!r}, got none of that name")
    effect = effects.of(replay.release)
    if effect.digest != replay.digest:
        raise LookupError(f"release {replay.release!r}: it was changed since the replay; replay it again")
    both = _both(case, effect, place)
    with transaction.atomic():
        log.add(
            [
                records.Fact(
                    kind=records.FactKind.DOCUMENT_READ,
                    subject=decision,
                    at=timezone.now(),
                    body=records.canonical({"by": f"staff:{by}", "replay": ref}).decode(),
                )
            ]
        )
    lines = [comparing.lines(side.manuscript) if side.manuscript else () for side in (both.before, both.after)]
    return Opened(case=case, before=both.before, after=both.after, pairs=comparing.side_by_side(lines[0], lines[1]))


def _both(case: replays.Case, effect: effects.Effect, place: Workplace) -> Both:
    found: Sequence[Both]
    if case.event:
        event = past.event(case.event)
        found, _ = newly.from_events(effect, place, [event] if event else [])
    else:
        one = past.case(case.decision)
        found, _ = rerun.page(effect, place, [one] if one else [])
    both = next((both for both in found if both.decision == case.decision), None)
    if both is None:
        raise LookupError(f"case {case.decision!r}: it cannot be gone through again")
    return both


def rendition(side: nouns.Side, channel: parties.ChannelKind, place: Workplace) -> manuscripts.Rendered | None:
    """A side as it would leave on a channel; `None` where it says nothing or nothing lays out for the channel."""
    engine = place.engines.get(channel)
    if side.manuscript is None or engine is None:
        return None
    return engine.render([side.manuscript])[0]
