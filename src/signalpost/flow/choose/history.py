"""The rule about what was told before: no beginning twice, no news to strangers, the end to those who were reached.

An *episode* is what was told since the last end: whoever was told that they are restored and falls out again is told
anew, and does not hear the news of an incident that is over for them.
"""

import operator

from signalpost.flow.choose import answers, pages
from signalpost.vocabulary import notices, parties, situations

_BEGINNINGS = frozenset({situations.ChangeKind.OPENED, situations.ChangeKind.REOPENED})
_ENDS = frozenset({situations.ChangeKind.RESTORED, situations.ChangeKind.RESOLVED})

#: A business event or an alarm for staff stands for itself: another one is other news, and the same one again bears the
#: same reference.
_STANDS_ALONE = answers.passes(answers.Rule.HISTORY, answers.Verdict.NOT_ASKED, "stands for itself")
_NOTHING_TOLD = answers.passes(answers.Rule.HISTORY, answers.Verdict.PASSED, "nothing told yet")


def ask(page: pages.Page, party: parties.Party) -> answers.Answer:
    """Whether this is news to the party, by what they were told about the situation."""
    kind = page.change.kind
    if kind in _BEGINNINGS:
        return _beginning(party)
    if kind is situations.ChangeKind.UPDATED:
        return _update(page.change, party)
    if kind in _ENDS:
        return _end(party)
    return _STANDS_ALONE


def reached_by(page: pages.Page, party: parties.Party) -> list[parties.ChannelKind]:
    """For an end: the channels that reached the party in this episode, latest word first. Empty for all else."""
    if page.change.kind not in _ENDS:
        return []
    return [channel for told in reversed(episode(party)) for channel in told.reached_by]


def episode(party: parties.Party) -> list[parties.Told]:
    """What the party was told since the last end they were told, in the order it was told."""
    current: list[parties.Told] = []
    for told in sorted(party.told, key=operator.attrgetter("at", "stage")):
        if told.change in _ENDS:
            current.clear()
        else:
            current.append(told)
    return current


def _beginning(party: parties.Party) -> answers.Answer:
    if not party.told:
        return _NOTHING_TOLD
    current = episode(party)
    if current:
        return answers.withholds(answers.Rule.HISTORY, notices.WithheldReason.ALREADY_TOLD, _words(current[-1]))
    return answers.passes(answers.Rule.HISTORY, answers.Verdict.PASSED, "told before, and told that it was over")


def _update(change: situations.Change, party: parties.Party) -> answers.Answer:
    if not party.told:
        return answers.withholds(answers.Rule.HISTORY, notices.WithheldReason.NEVER_TOLD)
    current = episode(party)
    if not current:
        return answers.withholds(
            answers.Rule.HISTORY, notices.WithheldReason.NO_LONGER_AFFECTED, "told that it was over for them"
        )
    if change.estimate_version:
        is_known = max(told.estimate_version for told in current) >= change.estimate_version
    else:
        is_known = max(told.stage for told in current) >= change.stage
    if is_known:
        return answers.withholds(answers.Rule.HISTORY, notices.WithheldReason.ALREADY_TOLD, _words(current[-1]))
    return answers.passes(answers.Rule.HISTORY, answers.Verdict.PASSED, _words(current[-1]))


def _end(party: parties.Party) -> answers.Answer:
    if not party.told:
        return answers.withholds(answers.Rule.HISTORY, notices.WithheldReason.NEVER_TOLD)
    current = episode(party)
    if not current:
        return answers.withholds(
            answers.Rule.HISTORY, notices.WithheldReason.ALREADY_TOLD, "told that it was over for them"
        )
    if not any(told.was_reached for told in current):
        return answers.withholds(answers.Rule.HISTORY, notices.WithheldReason.NEVER_REACHED, _words(current[-1]))
    return answers.passes(answers.Rule.HISTORY, answers.Verdict.PASSED, _words(current[-1]))


def _words(told: parties.Told) -> str:
    return f"told {told.change} at stage {told.stage}, estimate {told.estimate_version}"
