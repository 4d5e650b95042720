"""What a page, segment or message costs, from the setting `unit_prices`: the organisation's own contracts, not ours."""

from decimal import Decimal, InvalidOperation

import msgspec

from signalpost import settings
from signalpost.vocabulary import parties, records, replays

_WANTED = "a currency and prices: `EUR letter=0.85 sms=0.07`"


class Prices(records.Record, frozen=True, kw_only=True):
    """The price list."""

    #: ISO 4217.
    currency: str = ""
    prices: tuple[replays.Price, ...] = ()

    def by_channel(self) -> dict[parties.ChannelKind, Decimal]:
        """Price of a page, segment or message by channel."""
        return {price.channel: price.amount for price in self.prices}


def read(text: str) -> Prices:
    """The price list of a setting; an empty one knows no prices.

    Raises:
        settings.SettingError: it cannot be read.
    """
    if not text.strip():
        return Prices()
    currency, *words = text.split()
    found = Prices(currency=currency, prices=tuple(_price(word) for word in words))
    if len(currency) != len("EUR") or not currency.isupper():
        raise settings.SettingError(f"setting 'unit_prices': wanted {_WANTED}, got {currency!r} first")
    return found


def _price(word: str) -> replays.Price:
    channel, _, amount = word.partition("=")
    try:
        price = replays.Price(channel=parties.ChannelKind(channel), amount=Decimal(amount))
    except (ValueError, InvalidOperation) as error:
        raise settings.SettingError(f"setting 'unit_prices': wanted {_WANTED}, got {word!r}") from error
    if not price.amount.is_finite() or price.amount < 0:
        raise settings.SettingError(f"setting 'unit_prices': wanted {_WANTED}, got {word!r}")
    return price


def stored(text: str) -> Prices:
    """A price list as a replay keeps it."""
    return msgspec.json.decode(text, type=Prices)
