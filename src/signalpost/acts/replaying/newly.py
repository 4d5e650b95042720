"""Cases that there would be newly: past business events, and the triggers that the release brings or changes."""

import collections
import itertools
from collections.abc import Iterator, Sequence

from signalpost.acts.replaying import choosing, effects, measuring
from signalpost.acts.replaying.cases import Both, Workplace, content_of, side_of, with_day
from signalpost.flow import assess, compose
from signalpost.flow.compose import program
from signalpost.store import past, registry
from signalpost.vocabulary import manuscripts, notices, records, situations
from signalpost.vocabulary import replays as nouns


def from_events(
    effect: effects.Effect, place: Workplace, found: Sequence[past.PastEvent]
) -> tuple[list[Both], collections.Counter[str]]:
    """Cases that there would be by triggers that are new or ask otherwise, for a page of past business events."""
    pairs = list(_new_changes(effect, found))
    concerned = past.concerned([change for change, _, _ in pairs])
    by_ref = {change.ref: (change, event, policy) for change, event, policy in pairs}
    asked = [
        (
            choosing.Question(
                change=by_ref[one.change][0],
                household=one.household,
                concerned=one.party,
                premises=one.premises,
                at=by_ref[one.change][1].received_at,
            ),
            by_ref[one.change][2],
        )
        for one in concerned
    ]
    communications = sorted({change.communication for change, _, _ in pairs})
    _, new = choosing.rules(effect, sorted({version for _, version in asked}), communications)
    cases: list[Both] = []
    for (ref, party), decided in choosing.again(asked, new).items():
        change, event, _ = by_ref[ref]
        after = _new_side(effect, place, decided, change, event)
        if after is None or not after.is_told:
            continue
        cases.append(
            Both(
                decision=records.reference(ref, party, change.communication),
                change=ref,
                event=event.number,
                trigger=change.trigger,
                household=decided.party.household if decided.party else "",
                party=party,
                communication=change.communication,
                at=event.received_at,
                before=nouns.Side(silence=nouns.Silence.NO_TRIGGER),
                after=after,
                notes=("decided_again",),
            )
        )
    return measuring.measured(cases, place)


def _new_changes(
    effect: effects.Effect, found: Sequence[past.PastEvent]
) -> Iterator[tuple[situations.Change, past.PastEvent, str]]:
    """Changes that the release's triggers would have made, with their event and the policy of then."""
    made = past.made([records.reference(event.source, event.id) for event in found])
    triggers = [change.after for change in effect.triggers.values() if change.after and change.after.event_type]
    for event, trigger in itertools.product(found, triggers):
        situation = records.reference(event.source, event.id)
        if event.type != trigger.event_type or trigger.name in made.get(situation, frozenset()):
            continue
        rules = situations.Rules(version=effect.release, triggers=(trigger,))
        assessed = assess.assess([event.event()], rules, situations.Picture(), event.received_at)
        for change in assessed.changes:
            yield change, event, registry.policy(event.received_at).version


def _new_side(
    effect: effects.Effect,
    place: Workplace,
    decided: choosing.Decided,
    change: situations.Change,
    event: past.PastEvent,
) -> nouns.Side | None:
    """What would be said of a change that was never made; `None` where nothing would."""
    decision, party = decided.decision, decided.party
    if not isinstance(decision, notices.Notice) or party is None:
        return None
    links = {kind: place.link(kind, decision.ref) for kind in ("status", "unsubscribe")[: 1 + decision.has_unsubscribe]}
    facts = with_day(compose.facts(change, party, links=links, now=event.received_at))
    touched = effect.triggers[change.trigger.partition("@")[0]]
    if touched.segment_after and choosing.in_segment(touched.segment_after, facts.get("party")) is not True:
        return None
    text = effect.texts.get((decision.communication, decision.language))
    content = text.content if text and text.digest == decision.template else content_of(decision.template)
    if content is None:
        return None
    readable = program.read(program.Source(decision.template, content))
    postal = next((step.postal for step in decision.plan if step.postal), None)
    said = program.fill(readable, facts, ref=decision.ref, postal=postal)
    return side_of(decision, said, units=()) if isinstance(said, manuscripts.Manuscript) else None
