"""The plan: which channels in which order, to which address, each step with its reason.

Order: the channels that reached the party before (for the end of something), then, when it is urgent, the policy's
urgent channels, then the party's preference, then the policy's routine channels. An urgent plan thus holds every
channel of the routine one: raising the severity never removes a channel. After the best address of each channel come
the second-best ones as spares, and last of all the channels that are useless in the state of the party's devices.
"""

import msgspec

from signalpost.flow.choose import addresses, answers, history, pages
from signalpost.vocabulary import notices, parties, records

_REACHED = "reached them before"
_PREFERRED = "preferred by the party"
_SPARE = "second address"


class Route(records.Record, frozen=True, kw_only=True):
    """The plan for a party, or why there is none."""

    steps: tuple[notices.PlannedDelivery, ...] = ()
    becauses: tuple[notices.Because, ...]
    withheld: notices.WithheldReason | None = None


def plan(page: pages.Page, party: parties.Party) -> Route:
    """Choose the channels and addresses for a party.

    No rule overrides the address check: what is suppressed, invalid or missing is never used, whatever the severity.
    """
    wanted = _wanted(page, party)
    refused = refused_by(party, page.category.category) if party.preferences else frozenset[parties.ChannelKind]()
    usable = addresses.usable(party)
    chosen = [channel for channel in wanted if page.is_mandatory or channel not in refused]
    choice = _explain(page, wanted=wanted, chosen=chosen, refused=refused)
    missing = [channel for channel in chosen if channel not in usable]
    if len(missing) == len(chosen):
        return _nowhere(party, wanted=wanted, usable=usable, choice=choice)
    found = _ADDRESSES_FOUND if not missing else _found(party, missing)
    return Route(steps=_steps(page, party, wanted=wanted, chosen=chosen, usable=usable), becauses=(choice, found))


def _wanted(page: pages.Page, party: parties.Party) -> dict[parties.ChannelKind, str]:
    """Channel → why it stands there, in order; only what the communication type has content for."""
    wanted = {channel: _REACHED for channel in history.reached_by(page, party) if channel in page.content}
    for channel, why in page.urgent.items():
        wanted.setdefault(channel, why)
    for channel in _preferred(page, party):
        if channel in page.content:
            wanted.setdefault(channel, _PREFERRED)
    for channel, why in page.routine.items():
        wanted.setdefault(channel, why)
    return wanted


def _preferred(page: pages.Page, party: parties.Party) -> tuple[parties.ChannelKind, ...]:
    """The channels the party likes for this category, or for all where they said nothing about this one."""
    general: tuple[parties.ChannelKind, ...] = ()
    for preference in party.preferences:
        if preference.category == page.category.category and preference.channels:
            return preference.channels
        if not preference.category:
            general = preference.channels
    return general


def refused_by(party: parties.Party, category: str) -> frozenset[parties.ChannelKind]:
    """The channels the party refuses: for this category, and for all unless they like them for this one."""
    general: set[parties.ChannelKind] = set()
    liked: set[parties.ChannelKind] = set()
    refused: set[parties.ChannelKind] = set()
    for preference in party.preferences:
        if not preference.category:
            general.update(preference.refused)
        elif preference.category == category:
            liked.update(preference.channels)
            refused.update(preference.refused)
    return frozenset(refused | (general - liked))


def at_once(steps: tuple[notices.PlannedDelivery, ...]) -> list[addresses.Destination]:
    """Where a plan arrives whatever becomes of it: the destinations of the steps that start at once."""
    return [addresses.destination_of_step(step) for step in steps if step.start is notices.Start.AT_ONCE]


def _steps(
    page: pages.Page,
    party: parties.Party,
    *,
    wanted: dict[parties.ChannelKind, str],
    chosen: list[parties.ChannelKind],
    usable: dict[parties.ChannelKind, list[parties.ContactPoint]],
) -> tuple[notices.PlannedDelivery, ...]:
    firsts: list[tuple[parties.ContactPoint, str, bool]] = []
    spares: list[tuple[parties.ContactPoint, str, bool]] = []
    lasts: list[tuple[parties.ContactPoint, str, bool]] = []
    for channel in chosen:
        points = usable.get(channel)
        if points is None:
            continue
        states = page.useless_in.get(channel)
        if states and not states.isdisjoint(party.device_states):
            lasts.append((points[0], f"last: useless while {', '.join(sorted(states & party.device_states))}", False))
            continue
        firsts.append((points[0], wanted[channel], channel in page.urgent))
        spare = addresses.spare(points)
        if spare is not None:
            spares.append((spare, _SPARE, False))
    return _ranked(page, firsts + spares + lasts)


def _ranked(
    page: pages.Page, order: list[tuple[parties.ContactPoint, str, bool]]
) -> tuple[notices.PlannedDelivery, ...]:
    """Number the steps and say what starts each.

    Only urgent channels start together or on silence; a spare, a routine channel or a useless one costs more than it
    brings while another may still arrive, and waits for failure.
    """
    escalate_after_seconds = page.category.escalate_after_seconds
    silence_seconds = 0
    steps: list[notices.PlannedDelivery] = []
    for rank, (point, why, is_urgent) in enumerate(order):
        after_seconds = 0
        if rank == 0 or (is_urgent and rank < page.category.at_once):
            start = notices.Start.AT_ONCE
        elif is_urgent and escalate_after_seconds:
            start = notices.Start.ON_SILENCE
            after_seconds = silence_seconds = silence_seconds + escalate_after_seconds
        else:
            start = notices.Start.ON_FAILURE
        steps.append(
            notices.PlannedDelivery(
                rank=rank,
                channel=point.channel,
                contact_point=point.ref,
                address=point.address,
                postal=point.postal,
                start=start,
                after_seconds=after_seconds,
                because=why,
            )
        )
    return tuple(steps)


def silent_first(steps: tuple[notices.PlannedDelivery, ...]) -> tuple[notices.PlannedDelivery, ...]:
    """The same plan with the silent channels before those that ring, which then wait for failure."""
    silent = [step for step in steps if step.channel not in parties.RINGING]
    ringing = [
        msgspec.structs.replace(step, start=notices.Start.ON_FAILURE, after_seconds=0)
        for step in steps
        if step.channel in parties.RINGING
    ]
    first = msgspec.structs.replace(silent[0], start=notices.Start.AT_ONCE, after_seconds=0)
    return tuple(msgspec.structs.replace(step, rank=rank) for rank, step in enumerate([first, *silent[1:], *ringing]))


_ADDRESSES_FOUND = answers.because(answers.Rule.ADDRESSES, answers.Verdict.PASSED)


def _explain(
    page: pages.Page,
    *,
    wanted: dict[parties.ChannelKind, str],
    chosen: list[parties.ChannelKind],
    refused: frozenset[parties.ChannelKind],
) -> notices.Because:
    verdict = answers.Verdict.URGENT if page.is_urgent else answers.Verdict.ROUTINE
    detail = ", ".join(chosen)
    if refused:
        ignored = [channel for channel in chosen if channel in refused]
        dropped = [channel for channel in wanted if channel in refused and channel not in chosen]
        if ignored:
            detail += f"; refused but owed by law: {', '.join(ignored)}"
        if dropped:
            detail += f"; refused by the party: {', '.join(dropped)}"
    return answers.because(answers.Rule.CHANNELS, verdict, detail)


def _found(party: parties.Party, missing: list[parties.ChannelKind]) -> notices.Because:
    detail = "; ".join(addresses.lack(party, channel) for channel in missing)
    return answers.because(answers.Rule.ADDRESSES, answers.Verdict.PASSED, detail)


def _nowhere(
    party: parties.Party,
    *,
    wanted: dict[parties.ChannelKind, str],
    usable: dict[parties.ChannelKind, list[parties.ContactPoint]],
    choice: notices.Because,
) -> Route:
    """Say why no address is left: the party's own refusal if one would be, then suppression, then none at all."""
    if any(channel in usable for channel in wanted):
        reason = notices.WithheldReason.REFUSED_BY_PREFERENCE
        detail = "every channel with an address is refused by the party"
    else:
        is_suppressed = any(point.suppressed for point in party.contact_points if point.channel in wanted)
        reason = notices.WithheldReason.SUPPRESSED if is_suppressed else notices.WithheldReason.NO_ADDRESS
        detail = (
            "; ".join(addresses.lack(party, channel) for channel in wanted) or "no channel has both content and a rule"
        )
    refusal = answers.withholds(answers.Rule.ADDRESSES, reason, detail)
    return Route(becauses=(choice, refusal.because), withheld=refusal.withheld)
