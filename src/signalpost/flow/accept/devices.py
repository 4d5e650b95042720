"""Device messages: a device's own JSON becomes an event by the first mapping rule that applies."""

import functools
from collections.abc import Sequence

import msgspec

from signalpost.flow import expressions
from signalpost.flow.accept import cloudevents, reading
from signalpost.vocabulary import events, records

#: Nesting of a device message; deeper ones are no device's.
MAX_DEPTH_LEVELS = 16


def mapped(raw: events.Raw, topic: str, rules: Sequence[events.MappingRule]) -> cloudevents.Envelope | events.Refusal:
    """The envelope that the first rule with a matching topic and a true condition makes of a message."""
    message = reading.json_of(raw.body, max_depth_levels=MAX_DEPTH_LEVELS)
    if isinstance(message, events.Refusal):
        return message
    levels: list[records.Json] = [*topic.split("/")]
    facts: expressions.Facts = {
        "topic": levels,
        "message": message,
        "received_at": raw.received_at,
    }
    for rule in rules:
        if not matches(rule.topic_filter, topic):
            continue
        applies = True if not rule.when else expressions.holds(rule.when, facts)
        if isinstance(applies, expressions.Fault):
            return _faulty(rule, applies)
        if applies:
            return _envelope(rule, facts, raw, topic)
    return reading.refuse(
        events.RefusalReason.UNMAPPED, wanted="a topic and message that a mapping rule applies to", got=topic
    )


@functools.lru_cache(maxsize=4096)
def matches(topic_filter: str, topic: str) -> bool:
    """Whether a topic matches a filter (MQTT 5, 4.7)."""
    wanted, levels = topic_filter.split("/"), topic.split("/")
    for place, level in enumerate(wanted):
        if level == "#":
            return True
        if place >= len(levels) or level not in {"+", levels[place]}:
            return False
    return len(wanted) == len(levels)


def _envelope(
    rule: events.MappingRule, facts: expressions.Facts, raw: events.Raw, topic: str
) -> cloudevents.Envelope | events.Refusal:
    found: dict[str, records.Json] = {}
    wanted = {"subject": rule.subject, "id": rule.id, "time": rule.occurred_at}
    for name, expression in wanted.items():
        if not expression:
            continue
        result = expressions.value(expression, facts)
        if isinstance(result, expressions.Fault):
            return _faulty(rule, result)
        if not isinstance(result, str):
            return reading.refuse(
                events.RefusalReason.UNMAPPED,
                field=f"/{name}",
                wanted=f"text from mapping rule {rule.name!r}",
                got=type(result).__name__,
            )
        found[name] = result
    data: dict[str, records.Json] = {}
    for name, expression in rule.data:
        result = expressions.value(expression, facts)
        if isinstance(result, expressions.Fault):
            return _faulty(rule, result)
        data[name] = result
    time = found.get("time")
    subject = found.get("subject")
    return cloudevents.Envelope(
        specversion=cloudevents.VERSION,
        # Without an id of its own a message is named by its content: the same message again is the same event.
        id=str(found.get("id") or records.digest(topic.encode("utf-8", "surrogatepass") + b"\n" + raw.body)),
        source=f"mqtt/{raw.sender}",
        type=rule.type,
        subject=subject if isinstance(subject, str) else None,
        time=time if isinstance(time, str) else None,
        data=msgspec.Raw(records.canonical(data)),
    )


def _faulty(rule: events.MappingRule, fault: expressions.Fault) -> events.Refusal:
    return reading.refuse(
        events.RefusalReason.UNMAPPED, wanted=f"a message that mapping rule {rule.name!r} can read", got=fault.text
    )
