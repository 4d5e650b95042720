"""Deliveries that wait for a person, as the console lists them."""

import datetime as dt

import msgspec

from signalpost.store import batch
from signalpost.store.seen import asked

_UNCLEAR = """
SELECT ref, communication_id, via, changed_at FROM delivery
WHERE state = 'unclear' AND due_at IS NULL
  AND (%(words)s = '' OR ref = %(words)s OR communication_id = %(words)s OR via = %(words)s)
ORDER BY CASE WHEN %(sort)s = 'via' THEN via END, CASE WHEN %(sort)s = '-via' THEN via END DESC,
         CASE WHEN %(sort)s = '-changed_at' THEN changed_at END DESC, changed_at, ref
LIMIT %(limit)s OFFSET %(offset)s
"""


class Unclear(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery of which nobody knows whether it went out."""

    ref: str
    communication_id: str
    via: str
    changed_at: dt.datetime


def unclear(given: asked.Asked) -> list[Unclear]:
    """A page of deliveries for which no receipt came in their time."""
    return batch.fetch(_UNCLEAR, given.parameters(), Unclear)
