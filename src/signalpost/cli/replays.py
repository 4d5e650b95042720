"""`replay --release`: the blast radius of a release, from the command line."""

import argparse
import datetime as dt
import getpass
import signal
import sys
import types

import msgspec

from signalpost import settings, wiring
from signalpost.acts import replaying
from signalpost.cli.command import CommandError
from signalpost.store import replays
from signalpost.store.seen import asked
from signalpost.vocabulary import records
from signalpost.vocabulary import replays as nouns

#: The most unusual cases that are printed.
SHOWN = 20
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}


def run(given: argparse.Namespace, read: settings.Settings) -> int:
    """Go through the past cases, and print what the release would have made of them."""
    begins_at = since(str(given.since), dt.datetime.now(dt.UTC))
    wanted = int(given.limit) or replaying.CASES
    if wanted < 1:
        raise CommandError(f"--limit: wanted a number of cases, got {wanted}")
    try:
        ref = replaying.start(
            str(given.release), since=begins_at, by=getpass.getuser(), cases_max=wanted, runs_here=True
        )
    except LookupError as error:
        raise CommandError(str(error)) from error
    _go_through(ref, read)
    summary = replaying.summary(ref)
    worst = replays.cases(ref, _worst())
    if given.json:
        print(_json(summary, worst))
    else:
        print("\n".join([*_lines(summary), *_cases(worst)]))
    return 0 if summary.replay.state is nouns.State.DONE else 1


def _go_through(ref: str, read: settings.Settings) -> None:
    """With its progress on the error stream; an interrupt cancels it, and what was found so far is kept."""

    def interrupted(number: int, frame: types.FrameType | None) -> None:
        del number, frame
        replaying.cancel(ref)

    before = signal.signal(signal.SIGINT, interrupted)
    # Nothing else is laid out in this process: a layout process on each core.
    parts = wiring.parts_of(msgspec.structs.replace(read, compose_processes=0))
    place = replaying.Workplace(engines=parts.engines, archive=parts.archive, link=parts.link)
    try:
        replaying.run(ref, place, progress=_tell)
    finally:
        signal.signal(signal.SIGINT, before)
        for engine in parts.engines.values():
            engine.close()
        for channel in parts.channels.values():
            channel.close()
    print(file=sys.stderr)


def _tell(replay: replays.Replay) -> None:
    print(f"\r{replay.done:,} of {replay.total:,} cases", end="", file=sys.stderr, flush=True)


def since(text: str, now: dt.datetime) -> dt.datetime:
    """The moment that is meant: so long ago, or a date.

    Raises:
        CommandError: it is neither.
    """
    number, unit = text[:-1], text[-1:]
    if number.isascii() and number.isdecimal() and unit in _UNITS:
        try:
            return now - dt.timedelta(**{_UNITS[unit]: int(number)})
        except OverflowError as error:
            raise CommandError(f"--since: wanted a time that there was, got {text!r}") from error
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"--since: wanted `12h`, `30d`, `4w` or a date, got {text!r}") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _worst() -> asked.Asked:
    return asked.Asked(chosen={"verdict": "", "aspect": "", "type": ""}, sort="-score", limit=SHOWN)


def _lines(summary: replaying.Summary) -> list[str]:
    replay, verdicts = summary.replay, summary.verdicts
    counted = ", ".join(f"{number:,} {verdict}" for verdict, number in verdicts.items())
    head = (
        f"release {replay.release}: {replay.done:,} of {replay.total:,} cases since {replay.since:%Y-%m-%d %H:%M} UTC"
    )
    costs = f"{summary.cost_before:,.2f} to {summary.cost_after:,.2f} {summary.prices.currency}".rstrip()
    return [
        f"{head}, {replay.state}{f': {replay.problem}' if replay.problem else ''}",
        f"  {counted}; {replay.untouched:,} more that the release cannot touch",
        *(f"  {aspect}: {number:,}" for aspect, number in summary.aspects),
        *(f"  {before or 'nothing'} -> {after or 'nothing'}: {number:,}" for before, after, number in summary.channels),
        f"  pages of the differing ones: {summary.pages_before:,} to {summary.pages_after:,}",
        f"  cost of the differing ones: {costs} (prices of the setting `unit_prices`)",
        *(f"  note: {note}" for note in summary.notes),
    ]


def _cases(cases: list[replays.Case]) -> list[str]:
    if not cases:
        return []
    return ["the most unusual first:", *(_case(case) for case in cases)]


def _case(case: replays.Case) -> str:
    amounts = f" {case.amount_before or 'nothing'} -> {case.amount_after or 'nothing'}" if _has_amount(case) else ""
    pages = f" pages {case.pages_before}->{case.pages_after}" if case.pages_before != case.pages_after else ""
    head = f"  {case.score:5.1f}  {case.decision}  {case.at:%Y-%m-%d %H:%M}  {case.communication} to {case.party}"
    return f"{head}: {case.kind}{amounts}{pages}"


def _has_amount(case: replays.Case) -> bool:
    return bool(case.amount_before or case.amount_after)


def _json(summary: replaying.Summary, cases: list[replays.Case]) -> str:
    replay = summary.replay
    told: dict[str, object] = {
        "replay": replay.ref,
        "release": replay.release,
        "state": replay.state,
        "problem": replay.problem,
        "cases": replay.done,
        "untouched": replay.untouched,
        "verdicts": dict(summary.verdicts),
        "aspects": dict(summary.aspects),
        "channels": [{"before": before, "after": after, "cases": number} for before, after, number in summary.channels],
        "pages": [summary.pages_before, summary.pages_after],
        "cost": [summary.cost_before, summary.cost_after],
        "currency": summary.prices.currency,
        "notes": dict(replay.noted),
        "unusual": [
            {"decision": case.decision, "party": case.party, "kind": case.kind, "score": round(case.score, 2)}
            for case in cases
        ],
    }
    return records.canonical(told).decode()
