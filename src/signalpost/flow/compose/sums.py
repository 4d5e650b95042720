"""Sums of a table: exact, in decimals, of numbers alone or of amounts in one currency."""

import decimal
from collections.abc import Iterable
from decimal import Decimal

from signalpost.flow.compose import values
from signalpost.vocabulary import records

#: A million amounts of `values.NUMBER_LENGTH_CHARACTERS` digits add up without rounding; what would not is an error.
PRECISION_DIGITS = 60

_CONTEXT = decimal.Context(prec=PRECISION_DIGITS, traps=[decimal.Inexact, decimal.InvalidOperation])
_WANTED = "numbers, or amounts in one currency"


class Sum:
    """What has been added up so far."""

    def __init__(self) -> None:
        self._total = Decimal(0)
        #: "" for plain numbers, `None` before the first.
        self._currency: str | None = None

    def add(self, value: records.Json) -> values.Misfit | None:
        """Add one more; what cannot be added changes nothing."""
        currency, amount = "", value
        if isinstance(value, dict):
            named, amount = value.get("currency"), value.get("amount")
            currency = named if isinstance(named, str) else ""
        number = values.decimal_of(amount)
        if number is None or isinstance(value, dict) != bool(currency):
            return values.Misfit(_WANTED, values.kind(value))
        if self._currency not in {None, currency}:
            return values.Misfit(_WANTED, "more than one kind")
        self._currency = currency
        self._total = _CONTEXT.add(self._total, number)
        return None

    @property
    def value(self) -> records.Json:
        """The sum as the facts would write it; `None` where there is nothing to add up."""
        if self._currency is None:
            return None
        text = f"{self._total:f}"
        return {"amount": text, "currency": self._currency} if self._currency else text


def total(found: Iterable[records.Json]) -> "records.Json | values.Misfit":
    """The sum of values."""
    reckoned = Sum()
    for value in found:
        if misfit := reckoned.add(value):
            return misfit
    return reckoned.value
