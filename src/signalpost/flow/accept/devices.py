"""Device messages: a device's own JSON becomes an event by the first mapping rule that applies."""

import functools
from collections.abc import Mapping, Sequence

import msgspec

from signalpost.flow import expressions
from signalpost.flow.accept import cloudevents, reading
from signalpost.vocabulary import events, records

#: Nesting of a device message; deeper ones are no device's.
MAX_DEPTH_LEVELS = 16
#: Begins the names of a rule's data among all that it asks for.
_DATA = "data/"


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
    possible = [rule for rule in rules if matches(rule.topic_filter, topic)]
    chosen = expressions.first(tuple(_case(rule) for rule in possible), facts)
    if chosen is None:
        return reading.refuse(
            events.RefusalReason.UNMAPPED, wanted="a topic and message that a mapping rule applies to", got=topic
        )
    place, found = chosen
    if isinstance(found, expressions.Fault):
        return _faulty(possible[place], found)
    return _envelope(possible[place], found, raw, topic)


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
    rule: events.MappingRule, found: Mapping[str, records.Json], raw: events.Raw, topic: str
) -> cloudevents.Envelope | events.Refusal:
    texts: dict[str, str] = {}
    for name in ("subject", "id", "time"):
        result = found.get(name)
        if isinstance(result, str):
            texts[name] = result
        elif name in found:
            return reading.refuse(
                events.RefusalReason.UNMAPPED,
                field=f"/{name}",
                wanted=f"text from mapping rule {rule.name!r}",
                got=type(result).__name__,
            )
    data = {name.removeprefix(_DATA): member for name, member in found.items() if name.startswith(_DATA)}
    return cloudevents.Envelope(
        specversion=cloudevents.VERSION,
        # Without an id of its own a message is named by its content: the same message again is the same event.
        id=texts.get("id") or records.digest(topic.encode("utf-8", "surrogatepass") + b"\n" + raw.body),
        source=f"mqtt/{raw.sender}",
        type=rule.type,
        subject=texts.get("subject"),
        time=texts.get("time"),
        data=msgspec.Raw(records.canonical(data)),
    )


@functools.lru_cache(maxsize=4096)
def _case(rule: events.MappingRule) -> expressions.Case:
    """All that a rule asks of a message, so that it is asked at once."""
    attributes = (("subject", rule.subject), ("id", rule.id), ("time", rule.occurred_at))
    data = ((f"{_DATA}{name}", expression) for name, expression in rule.data)
    return rule.when, (*((name, expression) for name, expression in attributes if expression), *data)


def _faulty(rule: events.MappingRule, fault: expressions.Fault) -> events.Refusal:
    return reading.refuse(
        events.RefusalReason.UNMAPPED, wanted=f"a message that mapping rule {rule.name!r} can read", got=fault.text
    )
