"""The rules about the party alone: may they be told at all, are they owed it, were they told already, was it too much.

Each gives an `Answer`; mandatory classes stand above all of them but `history`, because saying the same thing twice,
or the end of something to someone who never heard of its beginning, is owed to nobody.
"""

from collections.abc import Callable
from typing import TypeAlias

from signalpost.flow import expressions, persons, segments
from signalpost.flow.choose import answers, history, pages
from signalpost.vocabulary import notices, parties

_IN_GOOD_STANDING = answers.passes(answers.Rule.STANDING, answers.Verdict.PASSED)
_NO_CONSENT_NEEDED = answers.passes(answers.Rule.CONSENT, answers.Verdict.NOT_ASKED, "the category needs none")
_CONSENT_NOT_FOR_THEM = answers.passes(answers.Rule.CONSENT, answers.Verdict.NOT_ASKED, "not a person")
_NO_CAP = answers.passes(answers.Rule.FREQUENCY_CAP, answers.Verdict.NOT_ASKED, "the category has none")
_CAP_NOT_FOR_THEM = answers.passes(answers.Rule.FREQUENCY_CAP, answers.Verdict.NOT_ASKED, "not a person")


def segment(page: pages.Page, party: parties.Party) -> answers.Answer:
    """The trigger means the customers of a segment alone; whoever cannot be asked about is taken for neither."""
    name, condition = page.change.segment, page.change.segment_when
    answer = segments.is_in(condition, persons.record(party))
    if isinstance(answer, expressions.Fault):
        detail = f"{name}: {answer.text}"
        return answers.withholds(answers.Rule.SEGMENT, notices.WithheldReason.INCOMPLETE, detail)
    if not answer:
        return answers.withholds(answers.Rule.SEGMENT, notices.WithheldReason.NOT_IN_SEGMENT, name)
    return answers.passes(answers.Rule.SEGMENT, answers.Verdict.PASSED, name)


def standing(page: pages.Page, party: parties.Party) -> answers.Answer:
    """Whoever is barred (deceased, in dispute, moved out) gets nothing but what the law demands."""
    if not party.is_barred:
        return _IN_GOOD_STANDING
    if page.is_mandatory:
        return answers.passes(
            answers.Rule.STANDING, answers.Verdict.OVERRIDDEN, f"barred, but {page.category.legal_class} is owed"
        )
    return answers.withholds(answers.Rule.STANDING, notices.WithheldReason.BARRED)


def consent(page: pages.Page, party: parties.Party) -> answers.Answer:
    """A person must have consented to the purpose; marketing always has one."""
    if not page.purpose:
        return _NO_CONSENT_NEEDED
    if party.kind is not parties.PartyKind.PERSON:
        return _CONSENT_NOT_FOR_THEM
    if page.purpose in party.consents:
        return answers.passes(answers.Rule.CONSENT, answers.Verdict.PASSED, page.purpose)
    if page.is_mandatory:
        return answers.passes(
            answers.Rule.CONSENT, answers.Verdict.OVERRIDDEN, f"no consent to {page.purpose}, none asked by law"
        )
    return answers.withholds(answers.Rule.CONSENT, notices.WithheldReason.NO_CONSENT, page.purpose)


def frequency_cap(page: pages.Page, party: parties.Party) -> answers.Answer:
    """A person gets at most so many messages of the category in so long."""
    cap = page.category.frequency_cap
    if cap is None:
        return _NO_CAP
    if party.kind is not parties.PartyKind.PERSON:
        return _CAP_NOT_FOR_THEM
    count = sum(count for category, count in party.recent_counts if category == page.category.category)
    detail = f"{count} of {cap.count} in {cap.within_seconds} s"
    if count < cap.count:
        return answers.passes(answers.Rule.FREQUENCY_CAP, answers.Verdict.PASSED, detail)
    if page.is_mandatory:
        return answers.passes(answers.Rule.FREQUENCY_CAP, answers.Verdict.OVERRIDDEN, detail)
    return answers.withholds(answers.Rule.FREQUENCY_CAP, notices.WithheldReason.CAP_REACHED, detail)


Rule: TypeAlias = Callable[[pages.Page, parties.Party], answers.Answer]

IN_ORDER: tuple[Rule, ...] = (
    standing,
    consent,
    history.ask,
    frequency_cap,
)


def of(page: pages.Page) -> tuple[Rule, ...]:
    """The rules that are asked on a page, in order: of whom the trigger means first, where it says so."""
    return (segment, *IN_ORDER) if page.change.segment_when else IN_ORDER
