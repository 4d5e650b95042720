"""How numbers, money and durations are written. Decimals from text throughout; nothing is rounded unasked."""

import copy
import functools
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from babel import numbers, units

from signalpost.flow.compose import values
from signalpost.vocabulary import records

#: Texts kept per kind of value: CLDR formatting takes 25 to 40 µs, and many bills share their amounts.
TEXTS_KEPT_COUNT = 8_192
#: Digits after the point that a format may be asked for.
FRACTION_DIGITS_MAX = 6

_MINUTES_PER_HOUR = 60
_MINUTES_PER_DAY = 24 * _MINUTES_PER_HOUR
_CURRENCY = re.compile(r"[A-Z]{3}")

_NUMERIC = f"a number of at most {values.NUMBER_LENGTH_CHARACTERS} characters"


def number(manner: values.Manner) -> values.Formatter:
    """A number with as many digits after the point as asked for, or as it has."""
    return _numeric(manner, _number_text)


def percent(manner: values.Manner) -> values.Formatter:
    """A number of percent: 12.5 is 12.5 %."""
    return _numeric(manner, _percent_text)


def _numeric(manner: values.Manner, write: Callable[[str, str, str], str]) -> values.Formatter:
    """What writes a number by `write(digits, locale, argument)`."""
    locale, argument, _ = manner

    def written(value: records.Json, zone: str) -> str | values.Misfit:
        del zone
        found = values.decimal_of(value)
        return values.Misfit(_NUMERIC, values.kind(value)) if found is None else write(f"{found:f}", locale, argument)

    return written


def _rounded(number: Decimal, argument: str) -> tuple[Decimal, int]:
    """The number with as many digits after the point as asked for, or as it has; and how many these are."""
    digits = int(argument) if argument else _digits_after_point(number)
    return number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP), digits


def _digits_after_point(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def number_text(number: str, locale: str) -> str:
    """A plain decimal with as many digits as it has."""
    return _number_text(number, locale, "")


# By text, because 12.5 and 12.50 are equal decimals that are not written alike.
@functools.lru_cache(maxsize=TEXTS_KEPT_COUNT)
def _number_text(number: str, locale: str, argument: str) -> str:
    value, digits = _rounded(Decimal(number), argument)
    return _pattern(locale, "number", digits).apply(value, values.cldr(locale))


@functools.lru_cache(maxsize=TEXTS_KEPT_COUNT)
def _percent_text(number: str, locale: str, argument: str) -> str:
    value, digits = _rounded(Decimal(number), argument)
    return _pattern(locale, "percent", digits).apply(value / 100, values.cldr(locale))


@functools.lru_cache
def _pattern(locale: str, kind_of_number: Literal["number", "percent", "money"], digits: int) -> numbers.NumberPattern:
    """CLDR's pattern with exactly so many digits after the point."""
    parsed = values.cldr(locale)
    match kind_of_number:
        case "number":
            pattern = parsed.decimal_formats[None]
        case "percent":
            pattern = parsed.percent_formats[None]
        case _:
            pattern = parsed.currency_formats["standard"]
    exact = copy.copy(pattern)
    exact.frac_prec = (digits, digits)
    return exact


_MONEY = 'money: {"amount": "12.30", "currency": "EUR"} with the amount as text'


def money(manner: values.Manner) -> values.Formatter:
    """An amount with the currency's own digits, more where it has more."""
    locale, argument, _ = manner

    def written(value: records.Json, zone: str) -> str | values.Misfit:
        del zone
        if not isinstance(value, dict):
            return values.Misfit(_MONEY, values.kind(value))
        amount, currency = value.get("amount"), value.get("currency")
        if not isinstance(amount, str) or not isinstance(currency, str):
            return values.Misfit(_MONEY, "an object without them")
        return _money_text(amount, currency, locale, argument)

    return written


@functools.lru_cache(maxsize=TEXTS_KEPT_COUNT)
def _money_text(amount: str, currency: str, locale: str, argument: str) -> str | values.Misfit:
    """With the currency's own digits; more where the amount has more, because a rounded price is another price."""
    number = values.decimal_of(amount)
    if number is None or not _CURRENCY.fullmatch(currency) or not numbers.is_currency(currency):
        return values.Misfit(_MONEY, "an object with another amount or currency")
    digits = int(argument) if argument else max(numbers.get_currency_precision(currency), _digits_after_point(number))
    value, digits = _rounded(number, str(digits))
    pattern = _pattern(locale, "money", digits)
    return pattern.apply(value, values.cldr(locale), currency=currency, currency_digits=False)


def duration(manner: values.Manner) -> values.Formatter:
    """Minutes in days, hours and minutes."""
    locale = manner.locale

    def written(value: records.Json, zone: str) -> str | values.Misfit:
        del zone
        number = values.decimal_of(value)
        if number is None or number < 0 or number != int(number):
            return values.Misfit("a whole number of minutes, 0 or more", values.kind(value))
        return _duration_text(int(number), locale)

    return written


@functools.lru_cache(maxsize=TEXTS_KEPT_COUNT)
def _duration_text(minutes: int, locale: str) -> str:
    days, rest = divmod(minutes, _MINUTES_PER_DAY) if _names_days(locale) else (0, minutes)
    hours, left = divmod(rest, _MINUTES_PER_HOUR)
    counted = (("duration-day", days), ("duration-hour", hours), ("duration-minute", left))
    told = [(unit, count) for unit, count in counted if count] or [("duration-minute", 0)]
    return " ".join(units.format_unit(count, unit, length="long", locale=values.cldr(locale)) for unit, count in told)


@functools.lru_cache
def _names_days(locale: str) -> bool:
    """Whether Babel 2.18 has words for counted days: for Arabic and Irish it has not, there hours are counted on."""
    return "duration-day" not in units.format_unit(2, "duration-day", length="long", locale=values.cldr(locale))
