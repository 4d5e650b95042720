"""Deciding again: a page of past cases, once under what was in force then and once with the release laid over it.

Both are decided about the parties as they are today, so that what differs between the two is the release's doing and
not the parties'. Where the first one is not what was decided then, the party or its history has changed since.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import msgspec

from signalpost.acts.replaying import effects
from signalpost.flow import choose, expressions
from signalpost.store import audiences, past, registry
from signalpost.vocabulary import notices, parties, records, replays, situations


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """What is decided about a party, or why nothing is asked at all."""

    decision: notices.Decision | None
    silence: str = ""
    #: As it is today; `None` where nobody was asked for.
    party: parties.Party | None = None
    change: situations.Change | None = None


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A household that is decided about: by which change, when."""

    change: situations.Change
    household: str
    concerned: str
    premises: Sequence[str]
    at: dt.datetime


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What is in force on one of the two sides."""

    effect: effects.Effect | None
    #: By version; the policy that a decision names.
    policies: Mapping[str, notices.Policy]
    types: Mapping[str, notices.CommunicationType]
    versions: Sequence[past.InForce]

    def policy(self, version: str) -> notices.Policy:
        """The policy for a decision that was made under one of this version."""
        return (self.effect.policy if self.effect else None) or self.policies[version]

    def communication(self, name: str, at: dt.datetime) -> notices.CommunicationType:
        """A communication type with the texts that may leave at a moment, the release's in their place."""
        known = self.types[name]
        held: dict[str, str] = {}
        for one in self.versions:
            if one.communication == name and one.holds(at):
                held.setdefault(one.language, one.digest)
        if self.effect is not None:
            held |= {language: text.digest for (of, language), text in self.effect.texts.items() if of == name}
        reach = self.effect.reaches.get(name) if self.effect else None
        return msgspec.structs.replace(
            known,
            category=reach.category if reach else known.category,
            channels=reach.channels if reach else known.channels,
            versions=tuple(sorted((language, digest) for language, digest in held.items() if digest)),
        )


def rules(effect: effects.Effect, versions: Sequence[str], communications: Sequence[str]) -> tuple[Rules, Rules]:
    """What is in force then, and with the release."""
    names = sorted({*communications, *effect.chosen})
    now = dt.datetime.now(dt.UTC)
    known: dict[str, notices.CommunicationType] = {}
    for name in names:
        try:
            known[name] = registry.communication_type(name, now)
        except registry.NothingInForceError:
            # A type that the release brings.
            reach = effect.reaches.get(name)
            known[name] = notices.CommunicationType(
                name=name,
                title=name,
                category=reach.category if reach else "",
                channels=reach.channels if reach else (),
            )
    policies = past.policies(sorted(set(versions)))
    in_force = past.in_force(names)
    then = Rules(effect=None, policies=policies, types=known, versions=in_force)
    return then, msgspec.structs.replace(then, effect=effect)


def again(questions: Sequence[tuple[Question, str]], given: Rules) -> dict[tuple[str, str], Decided]:
    """Decide about households again; by change and party.

    Args:
        questions: the households, each with the version of the policy of then.
        given: what is in force.
    """
    by_change: dict[tuple[str, dt.datetime], list[tuple[Question, str]]] = {}
    for question, version in questions:
        by_change.setdefault((question.change.ref, question.at), []).append((question, version))
    parties_of = _parties(questions, given)
    found: dict[tuple[str, str], Decided] = {}
    for (ref, at), asked in by_change.items():
        change, version = asked[0][0].change, asked[0][1]
        wanted = {question.household for question, _ in asked}
        concerned = [party for party in parties_of.get(ref, []) if party.household in wanted]
        communication = given.communication(change.communication, at)
        try:
            made = choose.choose(change, concerned, given.policy(version), communication=communication, now=at)
        except notices.UnknownCategoryError:
            continue
        for party, decision in zip(concerned, made, strict=True):
            found[ref, party.ref] = Decided(decision=decision, party=party, change=change)
    return found


def _parties(questions: Sequence[tuple[Question, str]], given: Rules) -> dict[str, list[parties.Party]]:
    """The parties as they are today, with what they had been told before the decision."""
    asked = [
        audiences.Asked(
            change=question.change.ref,
            household=question.household,
            party=question.concerned,
            premises=list(question.premises),
            situation=question.change.situation,
            category=given.communication(question.change.communication, question.at).category,
            counted_since=question.at - _window(given, version, question),
            before=question.at,
        )
        for question, version in questions
    ]
    if not asked:
        return {}
    dark = past.dark([msgspec.structs.asdict(one) for one in asked])
    return {
        ref: [_lit(party, is_dark=(ref, party.household) in dark) for party in found]
        for ref, found in audiences.parties_of(asked).items()
    }


def _lit(party: parties.Party, *, is_dark: bool) -> parties.Party:
    now: frozenset[str] = frozenset({"mains_off"}) if is_dark else frozenset()
    return msgspec.structs.replace(party, device_states=party.device_states - {"mains_off"} | now)


def _window(given: Rules, version: str, question: Question) -> dt.timedelta:
    category = given.communication(question.change.communication, question.at).category
    caps = [
        row.frequency_cap for row in given.policy(version).categories if row.category == category and row.frequency_cap
    ]
    return dt.timedelta(seconds=caps[0].within_seconds if caps else 0)


def changed(change: situations.Change, effect: effects.Effect) -> situations.Change | replays.Silence:
    """A change as the release's trigger would make it of the same facts, or why it would not."""
    touched = effect.triggers.get(change.trigger.partition("@")[0])
    if touched is None or touched.before == touched.after:
        return change
    trigger = touched.after
    if trigger is None or (touched.before is not None and not _asks_alike(touched.before, trigger)):
        return replays.Silence.NO_TRIGGER
    holds = expressions.holds(trigger.when, _object(change.facts))
    if isinstance(holds, expressions.Fault):
        return replays.Silence.FAULTY_CONDITION
    if not holds:
        return replays.Silence.NO_TRIGGER
    return msgspec.structs.replace(
        change, communication=trigger.communication, severity=trigger.severity, lane=trigger.lane
    )


def _asks_alike(one: situations.Trigger, other: situations.Trigger) -> bool:
    """Whether two triggers ask about the same events or changes of incidents, for the same audience."""
    return (one.event_type, one.cause, one.change, one.audience, one.role) == (
        other.event_type,
        other.cause,
        other.change,
        other.audience,
        other.role,
    )


def in_segment(condition: str, party: records.Json) -> bool | replays.Silence:
    """Whether a segment means a party; a condition that cannot be read means nobody, and says so."""
    holds = expressions.holds(condition, {"party": party})
    return replays.Silence.FAULTY_CONDITION if isinstance(holds, expressions.Fault) else holds


def _object(text: str) -> dict[str, records.Json]:
    return cast("dict[str, records.Json]", msgspec.json.decode(text, type=dict[str, object]))


def questions(cases: Sequence[past.Case], changes: Mapping[str, situations.Change]) -> Iterator[tuple[Question, str]]:
    """The households of a page of cases, each once, with the policy of then."""
    seen: set[tuple[str, str]] = set()
    for case in cases:
        if (case.change, case.household) in seen:
            continue
        seen.add((case.change, case.household))
        yield (
            Question(
                change=changes[case.change],
                household=case.household,
                concerned=case.concerned,
                premises=case.premises,
                at=case.decided_at,
            ),
            case.decision().policy_version,
        )
