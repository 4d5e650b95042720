"""A past case with its two sides, and the small things that all parts of a replay need of it."""

import datetime as dt
import functools
import zoneinfo
from collections.abc import Callable, Mapping
from typing import cast

import msgspec

from signalpost import engines
from signalpost.store import archive, registry
from signalpost.vocabulary import manuscripts, notices, parties, records, templates
from signalpost.vocabulary import replays as nouns

#: Contents kept decoded.
CONTENTS_KEPT_COUNT = 256


class Workplace(msgspec.Struct, frozen=True, kw_only=True):
    """What a replay works with beside the database."""

    engines: Mapping[parties.ChannelKind, engines.Engine]
    archive: archive.Archive
    #: Makes the link of a kind for a communication.
    link: Callable[[str, str], str]


class Both(msgspec.Struct, frozen=True, kw_only=True):
    """Both sides of a case."""

    decision: str
    change: str
    #: Number of the event of a change that was never made; 0 for one that was.
    event: int = 0
    trigger: str
    household: str
    party: str
    communication: str
    at: dt.datetime
    before: nouns.Side
    after: nouns.Side
    #: What was noted about it: names of `NOTES`.
    notes: tuple[str, ...] = ()


#: What has to be known of a result, by its name.
NOTES: Mapping[str, str] = {
    "decided_again": "were decided again, about the parties as they are today: addresses, preferences, consents and "
    "household are not kept as they were",
    "moved_on": "would be decided otherwise today even without the release, because the party has changed since; they "
    "count only where the release makes a difference of its own",
    "older_text": "were said with an older text than the one that the release replaces: earlier changes show as well",
    "unread": "are compared with the text as it is composed today, because the archive does not have what was said",
    "unrenderable": "cannot be laid out on a channel that starts at once",
    "agents_words": "hold words that an agent wrote into a region that the release takes out",
    "cut": "are older than the latest that were gone through",
    "incident_triggers": "triggers on incidents are new or ask otherwise: moments of incidents that nobody was told of "
    "are not kept, so whom they would have told is not known",
    "new_from_events": "events were matched with triggers that are new or ask otherwise",
}


def side_of(
    decision: notices.Notice,
    said: manuscripts.Manuscript,
    *,
    units: tuple[tuple[parties.ChannelKind, int], ...],
) -> nouns.Side:
    """A side that says something, by the ways that were decided."""
    return nouns.Side(
        manuscript=said,
        language=said.language,
        channels=starting(decision),
        plan=tuple(step.channel for step in decision.plan),
        units=units,
        send_at=decision.send_at,
    )


def starting(decision: notices.Notice) -> tuple[parties.ChannelKind, ...]:
    """The channels of a decision that start at once."""
    return tuple(step.channel for step in decision.plan if step.start is notices.Start.AT_ONCE)


@functools.lru_cache(maxsize=CONTENTS_KEPT_COUNT)
def content_of(digest: str) -> templates.Content | None:
    """A text that was ever approved, by its digest; `None` for none."""
    found = registry.template_versions([digest]).get(digest)
    return registry.content(found) if found else None


def with_day(facts: dict[str, records.Json]) -> dict[str, records.Json]:
    """The facts with the day that wordings of shared texts go by, which older decisions do not have."""
    if "today" in facts:
        return facts
    now, party = facts.get("now"), facts.get("party")
    zone = party.get("time_zone") if isinstance(party, dict) else None
    if not isinstance(now, str) or not isinstance(zone, str):
        return facts
    try:
        moment = dt.datetime.fromisoformat(now).astimezone(zoneinfo.ZoneInfo(zone))
    except (ValueError, zoneinfo.ZoneInfoNotFoundError):
        return facts
    return {**facts, "today": moment.date().isoformat()}


def facts_of(text: str) -> dict[str, records.Json]:
    """Facts as they are kept."""
    return cast("dict[str, records.Json]", msgspec.json.decode(text, type=dict[str, object]))
