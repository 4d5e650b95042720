"""Compose: from a decided notice to what is said, word for word, on every channel.

`compose` reads the approved template once, fills it with the facts of one recipient and settles everything: which
blocks stand, how each value is written, what the subject and the SMS say. It lays nothing out, and it never writes
an empty text for a fact that is missing: then the notice is `Incomplete`, with every such fact and its place.

README.md beside this file is the template language, for authors.
"""

import datetime as dt
from collections.abc import Mapping

from signalpost.flow import persons
from signalpost.flow.compose import program, regions, values
from signalpost.vocabulary import manuscripts, notices, parties, records, situations, templates


def compose(
    notice: notices.Notice,
    template: templates.ApprovedTemplate,
    facts: Mapping[str, records.Json],
    *,
    written: Mapping[str, str] | None = None,
) -> manuscripts.Composed:
    """The manuscript of a notice, or what its template lacks to be one.

    Args:
        notice: the decision; its letter carries the postal address as it was decided.
        template: the version that the notice names.
        facts: what texts and conditions may use, as `facts` builds it.
        written: what an agent wrote into open regions, by their names: paragraphs with an empty line between, literal.
            A region that is not there or does not stand, and a text that is too long, keep the letter from being made.

    Raises:
        ValueError: the template is another version than the one the notice was decided with.
    """
    if template.version != notice.template:
        message = f"notice {notice.ref!r}: wanted template version {notice.template!r}, got {template.version!r}"
        raise ValueError(message)
    readable = program.read(program.Source(template.version, template.content))
    return program.fill(readable, facts, ref=notice.ref, postal=_decided_address(notice), written=written)


def open_regions(content: templates.Content, facts: Mapping[str, records.Json]) -> tuple[regions.Region, ...]:
    """The regions of a content that an agent may write, as they stand with these facts, in order."""
    return program.standing(program.read(program.Source(content.digest(), content)), facts)


def facts(
    change: situations.Change, party: parties.Party, *, links: Mapping[str, str], now: dt.datetime
) -> dict[str, records.Json]:
    """What the texts for a party may use: snapshotted with the decision and given to `compose`.

    Below `party`: as `persons.record` has it, with the party's own further fields (`party.facts.account`). `links` are
    addresses by name, `now` is the moment of composing and `party.today` its date where the party is. Everything
    else (`event`, `incident`, `estimate`) is as the change says it; these three names are not its to give.

    Raises:
        msgspec.ValidationError: the facts of the change or the party are not a JSON object.
    """
    moment = now.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    person = persons.record(party)
    if zone := values.zone_of(party.time_zone):
        person["today"] = now.astimezone(zone).date().isoformat()
    return {
        **persons.decoded(change.facts),
        "party": person,
        "links": dict(links),
        "now": moment,
    }


def _decided_address(notice: notices.Notice) -> parties.PostalAddress | None:
    """The postal address snapshotted in the plan."""
    return next((planned.postal for planned in notice.plan if planned.postal), None)
