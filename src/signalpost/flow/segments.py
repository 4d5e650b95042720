"""Segments: whether a party is one of the customers that a condition means.

The condition is CEL over `party`, which is as the facts of a notice have it and says what is known of the party itself
besides: never what a notice is about.
"""

from signalpost.flow import expressions
from signalpost.vocabulary import records

#: What a condition may speak of.
NAME = "party"


def is_in(condition: str, party: "dict[str, records.Json]") -> bool | expressions.Fault:
    """Whether the party meets the condition; "" means everybody.

    Args:
        condition: CEL over `party`.
        party: as `compose.party_facts` builds it.
    """
    return expressions.holds(condition, {NAME: dict(party)})


def flaw(condition: str) -> str | None:
    """What is wrong with a condition by itself, in words; `None` when it can be asked."""
    found = expressions.fields(condition)
    if isinstance(found, expressions.Fault):
        return found.text
    strange = sorted(path for path in found if path.split(".")[0] != NAME)
    return f"wanted fields of {NAME!r} alone, got {strange[0]!r}" if strange else None
