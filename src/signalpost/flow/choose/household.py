"""One message per household: who speaks for it, and who is left out because of that.

Persons of one household are told once. The first who can be told, by reference, is told; the others are withheld with
that reference. Where the law is behind it (`notices.MANDATORY`) a household is not a person: each member is told,
unless what would go to them at once arrives where it arrives for another member anyway (one letter box, one landline).
Members who were already told speak for the household as well. Staff and systems are told each for themselves.
"""

from collections.abc import Sequence

import msgspec

from signalpost.flow.choose import addresses, answers, channels, pages
from signalpost.vocabulary import notices, parties, records

ALONE = answers.because(answers.Rule.HOUSEHOLD, answers.Verdict.NOT_ASKED, "alone in it, or not a person")


class Groups(records.Record, frozen=True, kw_only=True):
    """The households of a page that hold more than one person."""

    #: Positions of their members on the page, in the order of the members' references.
    households: tuple[tuple[int, ...], ...]
    #: References of all these members.
    shared: frozenset[str]


def group(page_parties: Sequence[parties.Party]) -> Groups:
    """Find the households with several persons. A party without a household stands for itself."""
    positions: dict[str, list[int]] = {}
    for position, party in enumerate(page_parties):
        if party.household and party.kind is parties.PartyKind.PERSON:
            positions.setdefault(party.household, []).append(position)
    households = tuple(
        tuple(sorted(members, key=lambda position: page_parties[position].ref))
        for members in positions.values()
        if len(members) > 1
    )
    shared = frozenset(page_parties[position].ref for members in households for position in members)
    return Groups(households=households, shared=shared)


def settle(
    page: pages.Page,
    page_parties: Sequence[parties.Party],
    *,
    groups: Groups,
    decisions: list[notices.Decision],
) -> tuple[notices.Decision, ...]:
    """Replace, in each household, the notices of those for whom another member speaks."""
    for members in groups.households:
        told = _told_before(page, page_parties, members=members, decisions=decisions)
        for position in members:
            decision = decisions[position]
            if isinstance(decision, notices.Withheld):
                continue
            addressees = _addressees(page, decision.plan)
            if all(addressee in told for addressee in addressees):
                decisions[position] = _left_out(decision, instead=told[addressees[0]])
            else:
                told |= dict.fromkeys(addressees, decision.party)
                decisions[position] = _speaks(page, decision)
    return tuple(decisions)


#: Where something arrives by law; for all else the household as a whole, which needs no telling apart.
_Addressee = addresses.Destination | None


def _addressees(page: pages.Page, plan: tuple[notices.PlannedDelivery, ...]) -> Sequence[_Addressee]:
    return channels.at_once(plan) if page.is_mandatory else (None,)


def _told_before(
    page: pages.Page,
    page_parties: Sequence[parties.Party],
    *,
    members: tuple[int, ...],
    decisions: list[notices.Decision],
) -> dict[_Addressee, str]:
    """Addressee → the member who was told there at an earlier decision."""
    told: dict[_Addressee, str] = {}
    for position in members:
        decision = decisions[position]
        if isinstance(decision, notices.Withheld) and decision.reason is notices.WithheldReason.ALREADY_TOLD:
            plan = channels.plan(page, page_parties[position]).steps
            for addressee in _addressees(page, plan):
                told.setdefault(addressee, decision.party)
    return told


def _speaks(page: pages.Page, notice: notices.Notice) -> notices.Notice:
    verdict, detail = (
        (answers.Verdict.OVERRIDDEN, "each member is told, where the address is another")
        if page.is_mandatory
        else (answers.Verdict.PASSED, "told for the household")
    )
    because = answers.because(answers.Rule.HOUSEHOLD, verdict, detail)
    return msgspec.structs.replace(notice, trace=(*notice.trace, because))


def _left_out(notice: notices.Notice, *, instead: str) -> notices.Withheld:
    refusal = answers.withholds(answers.Rule.HOUSEHOLD, notices.WithheldReason.HOUSEHOLD_TOLD, f"{instead} is told")
    return notices.Withheld(
        ref=notice.ref,
        change=notice.change,
        situation=notice.situation,
        party=notice.party,
        household=notice.household,
        communication=notice.communication,
        reason=notices.WithheldReason.HOUSEHOLD_TOLD,
        instead=instead,
        policy_version=notice.policy_version,
        trace=(*notice.trace, refusal.because),
    )
