"""Why somebody was told, or not, in plain sentences: the trace of a decision as a person says it on the phone."""

import re
from collections.abc import Mapping, Sequence

from signalpost.acts import explain
from signalpost.vocabulary import notices, situations

#: What happened, by the kind of change.
_BECAUSE: Mapping[situations.ChangeKind, str] = {
    situations.ChangeKind.OPENED: "an incident began",
    situations.ChangeKind.UPDATED: "what is known about the incident changed",
    situations.ChangeKind.RESTORED: "their own supply came back while the incident went on",
    situations.ChangeKind.RESOLVED: "the incident ended",
    situations.ChangeKind.REOPENED: "they reported to be still affected",
    situations.ChangeKind.ALARM: "an alarm concerns staff",
    situations.ChangeKind.EVENT: "a business event asked for it",
}

#: By rule and verdict; `{detail}` is what the rule looked at.
_RULES: Mapping[tuple[str, str], str] = {
    ("standing", "passed"): "Nothing bars them from being told.",
    ("standing", "barred"): "They are barred: they get nothing but what the law demands.",
    ("standing", "overridden"): "They are barred, but the law stands above that: {detail}.",
    ("consent", "passed"): "They consented to {detail}.",
    ("consent", "not_asked"): "No consent was needed: {detail}.",
    ("consent", "overridden"): "The law stands above a missing consent: {detail}.",
    ("consent", "no_consent"): "They did not consent to {detail}.",
    ("history", "passed"): "They had not been told this before.",
    ("history", "not_asked"): "What they were told before does not matter here: {detail}.",
    ("history", "already_told"): "They were told this already.",
    ("history", "never_told"): "They were never told of the beginning, so its end is not told to them either.",
    ("segment", "passed"): "They belong to the customers that the trigger means.",
    ("segment", "not_in_segment"): "The trigger means other customers.",
    ("segment", "incomplete"): "Something is not known of them by which the trigger tells whom it means.",
    ("history", "never_reached"): "The beginning reached them on no channel, so the end is not told to them.",
    ("history", "no_longer_affected"): "They had left the incident and were told so.",
    ("frequency_cap", "passed"): "They are below the frequency cap: {detail}.",
    ("frequency_cap", "not_asked"): "No frequency cap applies: {detail}.",
    ("frequency_cap", "overridden"): "The law stands above the frequency cap: {detail}.",
    ("frequency_cap", "cap_reached"): "They have had as many messages of this category as the cap allows: {detail}.",
    ("channels", "urgent"): "It was urgent, which decided the channels: {detail}.",
    ("channels", "routine"): "It was routine, which decided the channels: {detail}.",
    ("channels", "refused_by_preference"): "They refused every channel it could have taken: {detail}.",
    ("addresses", "passed"): "They can be reached; of the channels that were asked for: {detail}.",
    ("addresses", "no_address"): "There is no address to reach them: {detail}.",
    ("addresses", "suppressed"): "Their addresses are left in peace: {detail}.",
    ("quiet_hours", "passed"): "It was outside their quiet hours.",
    ("quiet_hours", "not_asked"): "No quiet hours apply: {detail}.",
    ("quiet_hours", "overridden"): "Quiet hours did not hold it back: {detail}.",
    ("quiet_hours", "waits"): "It waited because of quiet hours: {detail}.",
    ("expiry", "passed"): "It was still true when it could leave: {detail}.",
    ("expiry", "not_asked"): "It does not expire: {detail}.",
    ("expiry", "expired"): "It would have left after it stopped being true: {detail}.",
    ("language", "passed"): "An approved text in their language was in force: {detail}.",
    ("language", "no_template"): "No approved text was in force in any language of theirs: {detail}.",
    ("household", "passed"): "They speak for their household, which gets one message: {detail}.",
    ("household", "not_asked"): "Nobody else of the household had to be considered: {detail}.",
    ("household", "household_told"): "Somebody else of the household was told: {detail}.",
}
_WITHOUT_DETAIL = ": {detail}"
#: An instant as rules write it, which nobody reads to the microsecond.
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)[0-9:.]*\+00:00")


def of(answer: explain.Why) -> Sequence[str]:
    """The whole answer, in order: what happened, what each rule said, which way it took."""
    change, decision = answer.change, answer.decision
    begin = "They were told" if isinstance(decision, notices.Notice) else "They were not told"
    trigger = change.trigger.partition("@")[0]
    head = f"{begin}. It was considered because {_BECAUSE[change.kind]} (trigger “{trigger}”)."
    return [head, *(_sentence(because) for because in decision.trace), *_ways(decision)]


def _sentence(because: notices.Because) -> str:
    form = _RULES.get((because.rule, because.verdict), f"{because.rule}, {because.verdict}: {{detail}}.")
    if not because.detail:
        return form.replace(_WITHOUT_DETAIL, "").replace("{detail}", "it").replace("_", " ")
    return form.replace("{detail}", _INSTANT.sub(r"\1 \2 UTC", because.detail))


def _ways(decision: notices.Decision) -> Sequence[str]:
    if isinstance(decision, notices.Withheld):
        instead = f" {decision.instead} is told instead." if decision.instead else ""
        return [f"So nothing was sent: {decision.reason.replace('_', ' ')}.{instead}"]
    return [_way(step) for step in decision.plan]


def _way(step: notices.PlannedDelivery) -> str:
    when = {
        notices.Start.AT_ONCE: "first",
        notices.Start.ON_FAILURE: "if what came before fails",
        notices.Start.ON_SILENCE: f"if nothing is confirmed after {step.after_seconds // 60} minutes",
    }[step.start]
    return f"By {step.channel} {when}: {step.because}."
