"""Compose: from a decided notice to what is said, word for word, on every channel.

`compose` reads the approved template once, fills it with the facts of one recipient and settles everything: which
blocks stand, how each value is written, what the subject and the SMS say. It lays nothing out, and it never writes
an empty text for a fact that is missing: then the notice is `Incomplete`, with every such fact and its place.

README.md beside this file is the template language, for authors.
"""

import datetime as dt
from collections.abc import Mapping
from typing import cast

import msgspec

from signalpost.flow.compose import program
from signalpost.vocabulary import manuscripts, notices, parties, records, situations, templates


def compose(
    notice: notices.Notice, template: templates.ApprovedTemplate, facts: Mapping[str, records.Json]
) -> manuscripts.Composed:
    """The manuscript of a notice, or what its template lacks to be one.

    Args:
        notice: the decision; its letter carries the postal address as it was decided.
        template: the version that the notice names.
        facts: what texts and conditions may use, as `facts` builds it.

    Raises:
        ValueError: the template is another version than the one the notice was decided with.
    """
    if template.version != notice.template:
        message = f"notice {notice.ref!r}: wanted template version {notice.template!r}, got {template.version!r}"
        raise ValueError(message)
    readable = program.read(program.Source(template.version, template.content))
    return program.fill(readable, facts, ref=notice.ref, postal=_decided_address(notice))


def facts(
    change: situations.Change, party: parties.Party, *, links: Mapping[str, str], now: dt.datetime
) -> dict[str, records.Json]:
    """What the texts for a party may use: snapshotted with the decision and given to `compose`.

    Below `party`: `ref`, `name`, `salutation`, `language`, `time_zone`, `premise_address`, `postal` (parts of the
    first letter address that is in use) and `facts`, the party's own further fields (`party.facts.account`). `links`
    are addresses by name, `now` is the moment of composing. Everything else (`event`, `incident`, `estimate`) is as
    the change says it; these three names are not its to give.

    Raises:
        msgspec.ValidationError: the facts of the change or the party are not a JSON object.
    """
    person: dict[str, records.Json] = {
        "ref": party.ref,
        "name": party.name,
        "salutation": party.salutation,
        "language": party.language,
        "time_zone": party.time_zone,
        "premise_address": party.premise_address,
        "facts": _object(party.facts),
    }
    postal = _letter_address(party)
    if postal:
        person["postal"] = _object(records.canonical(postal))
    moment = now.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    return {**_object(change.facts), "party": person, "links": dict(links), "now": moment}


def _decided_address(notice: notices.Notice) -> parties.PostalAddress | None:
    """The postal address snapshotted in the plan."""
    return next((planned.postal for planned in notice.plan if planned.postal), None)


def _letter_address(party: parties.Party) -> parties.PostalAddress | None:
    """The first postal address that is neither invalid nor barred."""
    usable = (
        point.postal
        for point in party.contact_points
        if point.state is not parties.AddressState.INVALID and not point.suppressed
    )
    return next((postal for postal in usable if postal), None)


def _object(text: str | bytes) -> dict[str, records.Json]:
    return cast("dict[str, records.Json]", msgspec.json.decode(text, type=dict[str, object]))
