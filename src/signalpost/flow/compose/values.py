"""Values of the facts before any format: what kind they are, what is literal in them, what number, zone or locale."""

import functools
import math
import re
import zoneinfo
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NamedTuple, TypeAlias

import babel
from babel import localedata

from signalpost.vocabulary import records

ZONES_KEPT_COUNT = 512
#: The precision in which amounts are reckoned (decimal's default context has 28).
NUMBER_LENGTH_CHARACTERS = 24

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")

#: Bidirectional controls (Unicode UAX #9, 2) reorder the text around a value, C0 and C1 controls and lone surrogates
#: have no printed form: neither belongs to what a value says.
_UNPRINTED = re.compile(
    "[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]"
)
#: Anything that would start another line.
_LINE_ENDS = re.compile("[\t\n\x0b\x0c\r\x85\u2028\u2029]+")


class Misfit(NamedTuple):
    """A value that a format cannot write: what it wants, and the JSON kind it was given."""

    wanted: str
    got: str


class Manner(NamedTuple):
    """What a format goes by: CLDR locale identifier, its argument in the text, the template's words for codes."""

    locale: str
    argument: str
    terms: Mapping[str, str]


#: Takes a value that is there and the time zone of the premise (IANA).
Formatter: TypeAlias = Callable[[records.Json, str], str | Misfit]


def clean(text: str) -> str:
    """The text as it is, but without bidirectional and other controls; what ends a line becomes a space."""
    if text.isprintable():
        return text
    return _UNPRINTED.sub("", _LINE_ENDS.sub(" ", text))


def locale_of(language: str, country: str) -> str | None:
    """CLDR's locale for a language tag (BCP 47), in the regional form of the brand's country where CLDR has one.

    `None` for a language that CLDR does not know.
    """
    wanted = language.replace("-", "_")
    regional = localedata.normalize_locale(f"{wanted}_{country}") if country and "_" not in wanted else None
    if regional:
        return regional
    try:
        return str(babel.Locale.parse(wanted))
    except (babel.UnknownLocaleError, ValueError):
        return None


def kind(value: records.Json) -> str:
    """What a value is, in JSON's words."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
        case _:
            return "an object"


def present(value: records.Json) -> records.Json:
    """The value without what says nothing: members that are null or empty text. A null in a list is a gap: it stays."""
    match value:
        case dict():
            return {name: present(inner) for name, inner in value.items() if inner is not None and inner != ""}
        case list():
            return [present(element) for element in value]
        case _:
            return value


@functools.lru_cache
def cldr(locale: str) -> babel.Locale:
    """CLDR's data of a locale that `locale_of` gave."""
    return babel.Locale.parse(locale)


@functools.lru_cache(maxsize=ZONES_KEPT_COUNT)
def zone_of(name: str) -> zoneinfo.ZoneInfo | None:
    """The time zone of an IANA name, `None` when there is none."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def decimal_of(value: records.Json) -> Decimal | None:
    """The number a JSON value is, by the digits it was written with; `None` for anything else."""
    match value:
        case bool():
            return None
        case float():
            if not math.isfinite(value):
                return None
            text = f"{Decimal(repr(value)):f}"
        case int():
            text = str(value)
        case str():
            text = value
        case _:
            return None
    if len(text) > NUMBER_LENGTH_CHARACTERS or not _NUMBER.fullmatch(text):
        return None
    return Decimal(text)
