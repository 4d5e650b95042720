"""The `choose` stage: for every affected party exactly one `Notice` or `Withheld`, with every reason in its trace.

Rules are asked in one fixed order, and each one asked leaves a `Because`; the first that says no ends the asking:

    segment → standing → consent → history → frequency_cap → channels → addresses → quiet_hours → expiry → language
    → household

The household comes last, so that whoever speaks for a household really is told: nobody is left out in favour of a
member who is then held by a cap or has no address. It refuses to guess: a category the policy does not know is a broken
configuration and raises; what is wrong with one party (no address, an unknown time zone) is that party's `Withheld`.
"""

import datetime as dt
from collections.abc import Sequence

from signalpost.flow.choose import channels, household, pages, rules
from signalpost.vocabulary import notices, parties, records, situations


def choose(
    change: situations.Change,
    households: Sequence[parties.Party],
    policy: notices.Policy,
    *,
    communication: notices.CommunicationType,
    now: dt.datetime,
) -> tuple[notices.Decision, ...]:
    """Decide about every party of a page: tell them (what, why, which channels, when), or say why not.

    The same arguments always give the same decisions under the same names, so deciding again is harmless.

    Args:
        change: what became worth telling.
        households: the parties of one page, a few hundred; all members of a household are on the same page.
        policy: the channel policy in force.
        communication: what is to be said, with the languages that have an approved version in force.
        now: the moment of the decision, with a time zone.

    Returns:
        One decision per party, in the order of the parties.

    Raises:
        UnknownCategoryError: the policy has no entry for the communication type's category.
        ValueError: `now` has no time zone.
    """
    page = pages.prepare(change, policy, communication=communication, now=now)
    groups = household.group(households)
    asked = rules.of(page)
    decisions = [_decide(page, party, asked, is_alone=party.ref not in groups.shared) for party in households]
    return household.settle(page, households, groups=groups, decisions=decisions)


def _decide(page: pages.Page, party: parties.Party, asked: Sequence[rules.Rule], *, is_alone: bool) -> notices.Decision:
    trace: list[notices.Because] = []
    for rule in asked:
        verdict = rule(page, party)
        trace.append(verdict.because)
        if verdict.withheld is not None:
            return _withheld(page, party, reason=verdict.withheld, trace=trace)

    plan = channels.plan(page, party)
    trace.extend(plan.becauses)
    if plan.withheld is not None:
        return _withheld(page, party, reason=plan.withheld, trace=trace)

    when = page.clock.settle(party, steps=plan.steps)
    trace.extend(when.becauses)
    if when.withheld is not None:
        return _withheld(page, party, reason=when.withheld, trace=trace)

    template = page.shelf.template(party.language)
    trace.append(template.because)
    if not template.digest:
        return _withheld(page, party, reason=notices.WithheldReason.NO_TEMPLATE, trace=trace)

    if is_alone:
        trace.append(household.ALONE)
    return notices.Notice(
        ref=_reference(page, party),
        change=page.change.ref,
        situation=page.change.situation,
        party=party.ref,
        household=party.household,
        communication=page.communication.name,
        category=page.category.category,
        legal_class=page.category.legal_class,
        language=template.language,
        template=template.digest,
        policy_version=page.policy.version,
        lane=page.change.lane,
        plan=channels.silent_first(plan.steps) if when.needs_silence else plan.steps,
        send_at=when.send_at,
        expires_at=page.clock.expires_at,
        has_unsubscribe=page.category.has_unsubscribe and not page.is_mandatory,
        quiet_hours=when.quiet_hours,
        time_zone=party.time_zone,
        trace=tuple(trace),
    )


def _withheld(
    page: pages.Page, party: parties.Party, *, reason: notices.WithheldReason, trace: list[notices.Because]
) -> notices.Withheld:
    return notices.Withheld(
        ref=_reference(page, party),
        change=page.change.ref,
        situation=page.change.situation,
        party=party.ref,
        household=party.household,
        communication=page.communication.name,
        reason=reason,
        policy_version=page.policy.version,
        trace=tuple(trace),
    )


def _reference(page: pages.Page, party: parties.Party) -> str:
    return records.reference(page.change.ref, party.ref, page.communication.name)
