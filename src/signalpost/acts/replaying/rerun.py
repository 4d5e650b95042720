"""A page of past cases, gone through again: both sides of each, laid out where they differ, compared.

Nothing is sent and nothing of the path is written. What was said is read from the archive; what would be said is
composed from the facts as they were snapshotted with the decision, which is exact. Only where a trigger, a segment, the
policy or the reach of a communication type changes is decided again, about the parties as they are today.
"""

import collections
from collections.abc import Mapping, Sequence

import msgspec

from signalpost.acts.replaying import choosing, effects, measuring
from signalpost.acts.replaying.cases import Both, Workplace, content_of, facts_of, side_of, starting, with_day
from signalpost.flow import comparing, compose
from signalpost.flow.compose import program
from signalpost.store import archive, audiences, past, writing
from signalpost.vocabulary import manuscripts, notices, parties, records, situations
from signalpost.vocabulary import replays as nouns

#: Contents kept decoded.
CONTENTS_KEPT_COUNT = 256
#: Channels whose units are known without laying out.
_ONE_UNIT = frozenset({parties.ChannelKind.EMAIL, parties.ChannelKind.PUSH, parties.ChannelKind.PORTAL})

_Facts = Mapping[str, records.Json]


class Desk:
    """The state of one page: what was read once for all its cases."""

    def __init__(self, effect: effects.Effect, place: Workplace, cases: Sequence[past.Case]) -> None:
        self.effect = effect
        self.place = place
        self.cases = cases
        self.decisions = {case.ref: case.decision() for case in cases}
        self.changes = audiences.changes(sorted({case.change for case in cases}))
        self.noted: dict[str, set[str]] = collections.defaultdict(set)
        self.written = writing.written([case.ref for case in cases if case.manuscript])
        self.said = self._said()
        self.decided = self._decided()

    def note(self, case: str, name: str) -> None:
        """Note something about a case."""
        self.noted[case].add(name)

    def _said(self) -> dict[str, manuscripts.Manuscript]:
        """What was said, by the reference of the decision, as far as the archive has it."""
        wanted = {case.manuscript: case.ref for case in self.cases if case.manuscript}
        try:
            found = self.place.archive.read(list(wanted))
        except archive.MissingDocumentError:
            found = self._each(wanted)
        return {wanted[digest]: records.decode(text, manuscripts.Manuscript) for digest, text in found.items()}

    def _each(self, wanted: Mapping[str, str]) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for digest in wanted:
            try:
                found |= self.place.archive.read([digest])
            except archive.MissingDocumentError:
                continue
        return found

    def _decided(self) -> dict[str, tuple[choosing.Decided, choosing.Decided]]:
        """What is decided again without and with the release, for the cases that need it."""
        needed = [case for case in self.cases if self.needs_choice(case)]
        if not needed:
            return {}
        asked = list(choosing.questions(needed, self.changes))
        communications = sorted({change.communication for change in self.changes.values()})
        then, new = choosing.rules(self.effect, [version for _, version in asked], communications)
        altered = {ref: choosing.changed(change, self.effect) for ref, change in self.changes.items()}
        without = choosing.again(asked, then)
        with_release = choosing.again(
            [
                (msgspec.structs.replace(question, change=change), version)
                for question, version in asked
                if isinstance(change := altered[question.change.ref], situations.Change)
            ],
            new,
        )
        return {case.ref: self._pair(case, altered, without, with_release) for case in needed}

    def _pair(
        self,
        case: past.Case,
        altered: Mapping[str, situations.Change | nouns.Silence],
        without: Mapping[tuple[str, str], choosing.Decided],
        with_release: Mapping[tuple[str, str], choosing.Decided],
    ) -> tuple[choosing.Decided, choosing.Decided]:
        self.note(case.ref, "decided_again")
        gone = choosing.Decided(decision=None, silence=notices.WithheldReason.NO_ADDRESS)
        before = without.get((case.change, case.party), gone)
        change = altered[case.change]
        if not isinstance(change, situations.Change):
            return before, choosing.Decided(decision=None, silence=change, party=before.party)
        after = with_release.get((case.change, case.party), gone)
        touched = self.effect.triggers.get(change.trigger.partition("@")[0])
        if touched is None or after.party is None or touched.segment_before == touched.segment_after:
            return before, after
        facts = self.facts(case, after)
        return (
            _narrowed(before, touched.segment_before, facts),
            _narrowed(after, touched.segment_after, facts),
        )

    def needs_choice(self, case: past.Case) -> bool:
        """Whether a case may be decided otherwise, and not only said otherwise."""
        if self.effect.policy is not None or case.communication in self.effect.reaches:
            return True
        return self.changes[case.change].trigger.partition("@")[0] in self.effect.triggers

    def facts(self, case: past.Case, decided: choosing.Decided) -> _Facts:
        """The facts as they were, or as they would be for who was told nothing."""
        if case.facts != "{}":
            return with_day(facts_of(case.facts))
        if decided.party is None or decided.change is None:
            return {}
        decision = decided.decision
        kinds = [
            "status",
            *(["unsubscribe"] if isinstance(decision, notices.Notice) and decision.has_unsubscribe else []),
        ]
        links = {kind: self.place.link(kind, case.ref) for kind in kinds}
        return with_day(compose.facts(decided.change, decided.party, links=links, now=case.decided_at))


def sides(desk: Desk) -> list[Both]:
    """Both sides of the cases of a page; units of what would be said are not known yet."""
    found: list[Both] = []
    for case in desk.cases:
        before, after = _sides(desk, case)
        found.append(
            Both(
                decision=case.ref,
                change=case.change,
                trigger=desk.changes[case.change].trigger,
                household=case.household,
                party=case.party,
                communication=case.communication,
                at=case.decided_at,
                before=before,
                after=after,
                notes=tuple(sorted(desk.noted[case.ref])),
            )
        )
    return found


def _sides(desk: Desk, case: past.Case) -> tuple[nouns.Side, nouns.Side]:
    stored = desk.decisions[case.ref]
    before = _as_it_was(desk, case, stored)
    again = desk.decided.get(case.ref)
    if again is None:
        return before, _as_it_would_be(desk, case, choosing.Decided(decision=stored), before)
    without, with_release = again
    if not _is_alike(stored, without.decision):
        desk.note(case.ref, "moved_on")
        if _is_alike(without.decision, with_release.decision):
            return before, _as_it_would_be(desk, case, choosing.Decided(decision=stored), before)
        before = _as_it_would_be(desk, case, without, before, is_old=True)
    elif _is_alike(without.decision, with_release.decision) and isinstance(stored, notices.Notice):
        # What was decided stands, to the minute and the address.
        return before, _as_it_would_be(desk, case, choosing.Decided(decision=stored), before)
    return before, _as_it_would_be(desk, case, with_release, before)


def _is_alike(one: notices.Decision | None, other: notices.Decision | None) -> bool:
    """Whether two decisions tell the same by the same ways, or withhold for the same reason."""
    if isinstance(one, notices.Notice) and isinstance(other, notices.Notice):
        return (one.communication, one.language, _ways(one), one.send_at, one.expires_at) == (
            other.communication,
            other.language,
            _ways(other),
            other.send_at,
            other.expires_at,
        )
    if isinstance(one, notices.Withheld) and isinstance(other, notices.Withheld):
        return one.reason == other.reason
    return one is other


def _ways(notice: notices.Notice) -> list[tuple[parties.ChannelKind, notices.Start, int]]:
    return [(step.channel, step.start, step.after_seconds) for step in notice.plan]


def _as_it_was(desk: Desk, case: past.Case, decision: notices.Decision) -> nouns.Side:
    if isinstance(decision, notices.Withheld):
        return nouns.Side(silence=decision.reason)
    said = desk.said.get(case.ref)
    if said is None and not case.problem:
        desk.note(case.ref, "unread")
        return _filled(desk, case, decision, facts_of(case.facts), units=case.laid_out())
    if said is None:
        return nouns.Side(silence=nouns.Silence.INCOMPLETE, detail=case.problem)
    return side_of(decision, said, units=case.laid_out())


def _as_it_would_be(
    desk: Desk, case: past.Case, decided: choosing.Decided, before: nouns.Side, *, is_old: bool = False
) -> nouns.Side:
    decision = decided.decision
    if decision is None:
        return nouns.Side(silence=decided.silence)
    if isinstance(decision, notices.Withheld):
        return nouns.Side(silence=decision.reason)
    text = None if is_old else desk.effect.texts.get((decision.communication, decision.language))
    stored = desk.decisions[case.ref]
    digest = text.digest if text else decision.template
    if text and not text.digest:
        return nouns.Side(silence=nouns.Silence.NO_TEMPLATE)
    was = stored.template if isinstance(stored, notices.Notice) else ""
    if digest == was and before.manuscript is not None:
        return side_of(decision, before.manuscript, units=_kept_units(decision, before))
    side = _filled(desk, case, decision, desk.facts(case, decided), digest=digest)
    if before.manuscript and side.manuscript and comparing.says_the_same(before.manuscript, side.manuscript):
        return msgspec.structs.replace(side, units=_kept_units(decision, before))
    return side


def _kept_units(decision: notices.Notice, before: nouns.Side) -> tuple[tuple[parties.ChannelKind, int], ...]:
    """Units of the same text on the channels that it was laid out for already."""
    channels = starting(decision)
    return tuple((channel, units) for channel, units in before.units if channel in channels)


def _filled(
    desk: Desk,
    case: past.Case,
    decision: notices.Notice,
    facts: _Facts,
    *,
    digest: str = "",
    units: tuple[tuple[parties.ChannelKind, int], ...] = (),
) -> nouns.Side:
    """What a text says of facts."""
    wanted = digest or decision.template
    own = desk.effect.texts.get((decision.communication, decision.language))
    content = own.content if own and own.digest == wanted else content_of(wanted)
    if content is None:
        return nouns.Side(silence=nouns.Silence.NO_TEMPLATE)
    readable = program.read(program.Source(wanted, content))
    postal = next((step.postal for step in decision.plan if step.postal), None)
    said = program.fill(readable, facts, ref=case.ref, postal=postal, written=_words(desk, case, readable, facts))
    if isinstance(said, manuscripts.Incomplete):
        detail = f"{said.detail} {', '.join(said.missing)}".strip()
        return nouns.Side(silence=nouns.Silence.INCOMPLETE, detail=detail, language=decision.language)
    return side_of(decision, said, units=units)


def _words(desk: Desk, case: past.Case, readable: program.Program, facts: _Facts) -> dict[str, str]:
    """What an agent wrote into the regions that stand in a text."""
    written = desk.written.get(case.ref)
    if not written:
        return {}
    standing = {region.name for region in program.standing(readable, facts)}
    if not standing.issuperset(written):
        desk.note(case.ref, "agents_words")
    return {name: text for name, text in written.items() if name in standing}


def _narrowed(decided: choosing.Decided, condition: str, facts: _Facts) -> choosing.Decided:
    """What is decided, where the segment means the party."""
    if not condition:
        return decided
    meant = choosing.in_segment(condition, facts.get("party"))
    if meant is True:
        return decided
    silence = meant if isinstance(meant, nouns.Silence) else nouns.Silence.NOT_IN_SEGMENT
    return choosing.Decided(decision=None, silence=silence, party=decided.party)


def page(
    effect: effects.Effect, place: Workplace, cases: Sequence[past.Case]
) -> tuple[list[Both], collections.Counter[str]]:
    """Both sides of a page of cases, measured where they differ, and what was noted how often."""
    desk = Desk(effect, place, cases)
    return measuring.measured(sides(desk), place)
