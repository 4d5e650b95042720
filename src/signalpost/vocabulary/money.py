"""Money and quantities: amounts that never lose their currency or unit. No floating point."""

from decimal import Decimal

from signalpost.vocabulary import records


class Money(records.Record, frozen=True, kw_only=True):
    """An amount in one currency, exact."""

    amount: Decimal
    #: ISO 4217 code, upper case.
    currency: str

    def __add__(self, other: "Money") -> "Money":
        """Add two amounts of the same currency.

        Raises:
            ValueError: the currencies differ.
        """
        if self.currency != other.currency:
            message = f"cannot add money: wanted currency {self.currency!r}, got {other.currency!r}"
            raise ValueError(message)
        return Money(amount=self.amount + other.amount, currency=self.currency)


class Quantity(records.Record, frozen=True, kw_only=True):
    """A measured amount with its unit."""

    value: Decimal
    #: UCUM case-sensitive code: `kW.h`, `V`, `Cel`, `m3`.
    unit: str
