"""Which rules and triggers ask for what: the rules of one version, indexed once.

Indexed by event type and device type first: an event meets only the rules that could apply to it, however many there
are.
"""

import collections
import functools
import sys
from collections.abc import Iterable, Sequence

from signalpost.vocabulary import situations

#: Versions of the rules whose index is kept: the one in force and the few that are being compared with it.
RULES_CACHED_COUNT = 8

_NO_STORM = situations.StormRule(min_devices=sys.maxsize, min_percent=100, within_seconds=0)

_ByType = dict[str, tuple[situations.AlarmRule, ...]]


class Index:
    """The rules of one version by what they ask for."""

    def __init__(self, rules: situations.Rules) -> None:
        self._raising = _by_event_type((rule.raised_by, rule) for rule in rules.alarms if rule.raised_by)
        self._clearing = _by_event_type((ending, rule) for rule in rules.alarms for ending in rule.cleared_by)
        self._silences = _by_device_type([rule for rule in rules.alarms if rule.silent_seconds])
        self._passing_on: dict[str, list[situations.Trigger]] = collections.defaultdict(list)
        self._telling: dict[tuple[str, situations.ChangeKind], list[situations.Trigger]] = collections.defaultdict(list)
        self._incidents = {rule.cause: rule for rule in rules.incidents}
        self._kinds = {
            cause: frozenset(rule.kind for rule in rules.alarms if rule.cause == cause)
            for cause in {rule.cause for rule in rules.alarms}
        }
        #: Of the rules, for the explanation.
        self.version = rules.version
        for trigger in rules.triggers:
            if trigger.event_type:
                self._passing_on[trigger.event_type].append(trigger)
            else:
                self._telling[trigger.cause, trigger.change].append(trigger)

    def is_asked(self, event_type: str) -> bool:
        """Whether an alarm rule asks for events of the type, of whatever device."""
        return event_type in self._raising or event_type in self._clearing

    def raising(self, event_type: str, device_type: str) -> tuple[situations.AlarmRule, ...]:
        """Rules that an event of such a device may raise an alarm by."""
        return _of(self._raising.get(event_type, {}), device_type)

    def clearing(self, event_type: str, device_type: str) -> tuple[situations.AlarmRule, ...]:
        """Rules that an event of such a device may end an alarm by."""
        return _of(self._clearing.get(event_type, {}), device_type)

    def silences(self, device_type: str) -> tuple[situations.AlarmRule, ...]:
        """Silence rules for such a device."""
        return _of(self._silences, device_type)

    def is_grouped(self, cause: str) -> bool:
        """Whether alarms of a cause become incidents."""
        return cause in self._incidents

    def kinds(self, cause: str) -> frozenset[str]:
        """The alarm kinds of a cause."""
        return self._kinds.get(cause, frozenset())

    def incident(self, cause: str) -> situations.IncidentRule:
        """The rule for incidents of a cause; for one that goes on although its rule is gone, the defaults."""
        return self._incidents.get(cause) or situations.IncidentRule(cause=cause, storm=_NO_STORM)

    def telling(self, cause: str, kind: situations.ChangeKind) -> Sequence[situations.Trigger]:
        """Triggers for a kind of change of the incidents of a cause, in the order of the rules."""
        return self._telling.get((cause, kind), ())

    def passing_on(self, event_type: str) -> Sequence[situations.Trigger]:
        """Triggers that pass on business events of a type, in the order of the rules."""
        return self._passing_on.get(event_type, ())


@functools.lru_cache(maxsize=RULES_CACHED_COUNT)
def index(rules: situations.Rules) -> Index:
    """The index of these rules, made once."""
    return Index(rules)


def _by_event_type(pairs: Iterable[tuple[str, situations.AlarmRule]]) -> dict[str, _ByType]:
    found: dict[str, list[situations.AlarmRule]] = collections.defaultdict(list)
    for event_type, rule in pairs:
        found[event_type].append(rule)
    return {event_type: _by_device_type(listed) for event_type, listed in found.items()}


def _by_device_type(rules: list[situations.AlarmRule]) -> _ByType:
    """Rules per device type that any of them names, each with those for every type, which stand alone under ""."""
    return {
        device_type: tuple(rule for rule in rules if rule.device_type in {"", device_type})
        for device_type in {"", *(rule.device_type for rule in rules)}
    }


def _of(by_type: _ByType, device_type: str) -> tuple[situations.AlarmRule, ...]:
    return by_type.get(device_type, by_type.get("", ()))
