"""What the portal reads of one communication."""

import msgspec

from signalpost.store import batch

_COMMUNICATION = """
SELECT decision.ref, decision.title, decision.party, decision.category, decision.manuscript,
       COALESCE((SELECT premises FROM affected WHERE affected.change_id = decision.change
                 AND affected.household = decision.household
                 AND EXISTS (SELECT 1 FROM incident WHERE incident.ref = decision.situation)), '{}') AS premises,
       (SELECT count(*) FROM event WHERE event.type = 'customer.still_affected' AND event.subject IN
            (SELECT unnest(premises) FROM affected WHERE affected.change_id = decision.change
             AND affected.household = decision.household)) AS reports
FROM decision WHERE decision.ref = %s AND decision.verdict = 'notice' AND decision.kind <> 'status'
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One communication."""

    ref: str
    title: str
    party: str
    category: str
    manuscript: str
    premises: list[str]
    reports: int


def communication(ref: str) -> Row | None:
    """A communication by its reference."""
    rows = batch.fetch(_COMMUNICATION, [ref], Row)
    return rows[0] if rows else None
