"""Customers as conditions of segments ask about them, page by page, and the names of their further fields."""

from typing import LiteralString, cast

import msgspec

from signalpost.store import batch
from signalpost.vocabulary import records

#: Customers that are looked at for the names of fields.
NAMED_FROM = 2_000
#: Names of fields that are told.
NAMES_MAX = 200

# Persons with what is known of them besides what a notice is about, in the order of their references. The facts of
# the first account go over those of the customer, as they do for a notice.
_PAGE: LiteralString = """
SELECT customer.ref, json_build_object(
    'ref', customer.ref, 'name', customer.name, 'salutation', customer.salutation, 'language', customer.language,
    'time_zone', customer.time_zone, 'facts', customer.facts::jsonb || COALESCE((
        SELECT account.facts::jsonb || jsonb_build_object('account', account.ref) FROM account
        WHERE account.customer_id = customer.ref ORDER BY account.ref LIMIT 1), '{}'::jsonb))::text AS party
FROM customer WHERE customer.kind = 'person' AND customer.ref > %s ORDER BY customer.ref LIMIT %s
"""

_NAMES = """
SELECT DISTINCT jsonb_object_keys(facts::jsonb) AS name
FROM (SELECT facts FROM customer WHERE kind = 'person' UNION ALL SELECT facts FROM account LIMIT %s) AS known
WHERE jsonb_typeof(facts::jsonb) = 'object' ORDER BY name LIMIT %s
"""


class Customer(msgspec.Struct, frozen=True, kw_only=True):
    """A customer."""

    ref: str
    #: JSON of what conditions call `party`.
    party: str

    def facts(self) -> dict[str, records.Json]:
        """What conditions call `party`."""
        return cast("dict[str, records.Json]", msgspec.json.decode(self.party))


def page(after: str, count: int) -> list[Customer]:
    """So many customers after a reference."""
    return batch.fetch(_PAGE, [after, count], Customer)


def names() -> list[str]:
    """Names of further fields that customers and accounts have."""
    return [name for (name,) in batch.fetch(_NAMES, [NAMED_FROM, NAMES_MAX], tuple[str])]
