"""A party as texts and segments see it: the fact `party`."""

from typing import cast

import msgspec

from signalpost.vocabulary import parties, records


def record(party: parties.Party) -> "dict[str, records.Json]":
    """`ref`, `name`, `salutation`, `language`, `time_zone`, `premise_address`, `facts`; `postal` where there is one.

    Raises:
        msgspec.ValidationError: the party's own further fields are not a JSON object.
    """
    person: dict[str, records.Json] = {
        "ref": party.ref,
        "name": party.name,
        "salutation": party.salutation,
        "language": party.language,
        "time_zone": party.time_zone,
        "premise_address": party.premise_address,
        "facts": decoded(party.facts),
    }
    postal = _letter_address(party)
    if postal:
        person["postal"] = decoded(records.canonical(postal))
    return person


def decoded(text: str | bytes) -> "dict[str, records.Json]":
    """A JSON object.

    Raises:
        msgspec.ValidationError: it is none.
    """
    return cast("dict[str, records.Json]", msgspec.json.decode(text, type=dict[str, object]))


def _letter_address(party: parties.Party) -> parties.PostalAddress | None:
    """The first postal address that is neither invalid nor barred."""
    usable = (
        point.postal
        for point in party.contact_points
        if point.state is not parties.AddressState.INVALID and not point.suppressed
    )
    return next((postal for postal in usable if postal), None)
