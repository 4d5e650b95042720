"""Explanations: why somebody got this, why by this channel, why now; and why somebody got nothing."""

from collections.abc import Sequence

import msgspec

from signalpost.store import audiences, explanations, writing
from signalpost.vocabulary import letters, notices, records, situations


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """The whole answer for one decision."""

    decided: explanations.Decided
    decision: notices.Decision
    change: situations.Change
    deliveries: Sequence[explanations.Delivered]
    timeline: Sequence[explanations.TimelineEntry]
    #: What agents wrote into open regions.
    written: Sequence[letters.Written] = ()


def why(ref: str) -> list[Why]:
    """The answers for a decision, or for the latest decisions about a party."""
    return [_why(decided) for decided in explanations.decisions(ref)]


def lines(answer: Why) -> list[str]:
    """An answer as text, for people who read it in a terminal."""
    decided, decision, change = answer.decided, answer.decision, answer.change
    head = [
        f"{decided.verdict} {decided.ref}: {decided.communication} to {decided.party}",
        f"  because of {change.kind} (stage {change.stage}) of {change.situation}, by trigger {change.trigger}",
        f"  decided {decided.decided_at.isoformat(timespec='seconds')} under policy {decision.policy_version}",
    ]
    trace = [
        f"  - {because.rule}: {because.verdict}{f' ({because.detail})' if because.detail else ''}"
        for because in decision.trace
    ]
    if isinstance(decision, notices.Withheld):
        return [*head, f"  withheld: {decision.reason}", *trace]
    plan = [f"  plan {step.rank}: {step.channel}, {_start(step)}: {step.because}" for step in decision.plan]
    sent = [
        f"  {row.channel} over {row.via or 'nothing'}: {row.state}, {row.attempts} attempts {row.code} {row.detail}"
        for row in answer.deliveries
    ]
    words = [
        f"  {one.by} wrote {one.name!r} {one.at.isoformat(timespec='seconds')}, {records.digest(one.text.encode())}"
        for one in answer.written
    ]
    problem = [f"  not composed: {decided.problem}"] if decided.problem else []
    return [*head, *trace, *plan, *words, *problem, *sent]


def _start(step: notices.PlannedDelivery) -> str:
    return f"{step.start} after {step.after_seconds} s" if step.after_seconds else step.start


def _why(decided: explanations.Decided) -> Why:
    kind = notices.Notice if decided.verdict == "notice" else notices.Withheld
    return Why(
        decided=decided,
        decision=records.decode(decided.body, kind),
        change=audiences.change(decided.change),
        deliveries=explanations.deliveries(decided.ref),
        timeline=explanations.timeline(decided.ref),
        written=writing.by_agents(decided.ref),
    )
