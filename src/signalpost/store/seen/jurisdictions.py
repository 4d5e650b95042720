"""How many customers belong to which jurisdiction."""

from signalpost.store import batch

# Customers by the jurisdiction that is known of them, "" for none.
_COUNTED = """
SELECT COALESCE(facts::jsonb ->> 'jurisdiction', '') AS jurisdiction, count(*) FROM customer
WHERE kind = 'person' GROUP BY 1 ORDER BY 1
"""


def counted() -> dict[str, int]:
    """Customers by jurisdiction (`party.facts.jurisdiction`)."""
    return dict(batch.fetch(_COUNTED, [], tuple[str, int]))
