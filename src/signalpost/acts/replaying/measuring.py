"""Measuring and comparing: pages and segments of what differs, laid out by the engines, and the row of each case."""

import collections
import itertools
from collections.abc import Mapping, Sequence
from decimal import Decimal

import msgspec

from signalpost.acts.replaying.cases import Both, Workplace
from signalpost.flow import comparing
from signalpost.store import replays
from signalpost.vocabulary import manuscripts, parties, records
from signalpost.vocabulary import replays as nouns

#: Channels whose units are known without laying out.
_ONE_UNIT = frozenset({parties.ChannelKind.EMAIL, parties.ChannelKind.PUSH, parties.ChannelKind.PORTAL})


def measured(found: Sequence[Both], place: Workplace) -> tuple[list[Both], collections.Counter[str]]:
    """Cases measured where their sides differ, and what was noted how often."""
    noted = collections.Counter(itertools.chain.from_iterable(both.notes for both in found))
    differing = [both for both in found if _needs_layout(both)]
    known, refused = _laid_out(differing, place)
    if refused:
        noted["unrenderable"] += refused
    by_decision = {both.decision: both for both in known}
    return [by_decision.get(both.decision, both) for both in found], noted


def compare(both: Both, prices: Mapping[parties.ChannelKind, Decimal]) -> nouns.Compared:
    """What the release makes of a case."""
    return comparing.compare(both.before, both.after, prices=prices)


def _laid_out(found: Sequence[Both], place: Workplace) -> tuple[list[Both], int]:
    """The cases with pages and segments of what differs, and how many cannot be laid out on a channel."""
    wanted: dict[parties.ChannelKind, list[tuple[int, bool, manuscripts.Manuscript]]] = collections.defaultdict(list)
    units: dict[tuple[int, bool], dict[parties.ChannelKind, int]] = collections.defaultdict(dict)
    for number, both in enumerate(found):
        for is_after, side in ((False, both.before), (True, both.after)):
            if side.manuscript is None:
                continue
            known = dict(side.units)
            for channel in side.channels:
                if channel in known or channel in _ONE_UNIT:
                    units[number, is_after][channel] = known.get(channel, 1)
                elif channel in place.engines:
                    wanted[channel].append((number, is_after, side.manuscript))
    refused = 0
    for channel, orders in wanted.items():
        # A manuscript stands in a batch under a reference of its own.
        batch = [msgspec.structs.replace(said, ref=f"{number}-{is_after:d}") for number, is_after, said in orders]
        for (number, is_after, _), rendered in zip(orders, place.engines[channel].render(batch), strict=True):
            if isinstance(rendered, manuscripts.Rendition):
                units[number, is_after][channel] = rendered.units
            else:
                refused += 1
    return [_with_units(both, number, units) for number, both in enumerate(found)], refused


def _with_units(both: Both, number: int, units: Mapping[tuple[int, bool], Mapping[parties.ChannelKind, int]]) -> Both:
    return msgspec.structs.replace(
        both,
        before=_measured(both.before, units.get((number, False), {})),
        after=_measured(both.after, units.get((number, True), {})),
    )


def _measured(side: nouns.Side, units: Mapping[parties.ChannelKind, int]) -> nouns.Side:
    return msgspec.structs.replace(
        side, units=tuple((channel, units[channel]) for channel in side.channels if channel in units)
    )


def _needs_layout(both: Both) -> bool:
    """Whether the sides differ, so that their pages are of interest."""
    if both.before.manuscript is None or both.after.manuscript is None:
        return both.before.is_told or both.after.is_told
    if both.before.channels != both.after.channels:
        return True
    return not comparing.says_the_same(both.before.manuscript, both.after.manuscript)


def row(both: Both, compared: nouns.Compared) -> replays.Case:
    """A case that differs, as it is stored."""
    amount = compared.amount
    return replays.Case(
        decision=both.decision,
        change=both.change,
        event=both.event,
        trigger=both.trigger.partition("@")[0],
        household=both.household,
        party=both.party,
        communication=both.communication,
        at=both.at,
        verdict=compared.verdict,
        aspects=list(compared.aspects),
        kind=compared.kind,
        silence=compared.silence,
        channels_before=", ".join(both.before.channels),
        channels_after=", ".join(both.after.channels),
        lines_changed=compared.lines_changed,
        amount_before=_money(amount.before if amount else None),
        amount_after=_money(amount.after if amount else None),
        pages_before=compared.pages_before,
        pages_after=compared.pages_after,
        cost_before=compared.cost_before,
        cost_after=compared.cost_after,
        points=records.canonical(compared.points).decode(),
        score=sum(points for points, _ in compared.points),
    )


def _money(amount: nouns.Amount | None) -> str:
    return f"{amount.value:f} {amount.currency}" if amount else ""
