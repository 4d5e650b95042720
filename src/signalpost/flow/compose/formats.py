"""How a value of the facts is written: by CLDR's data for the template's language, in the zone of the premise.

A value of the wrong type is a `Misfit`, never an empty or a guessed text. The texts of instants are kept, because CLDR
formatting takes 25 to 40 µs and the members of one incident share theirs.
"""

import datetime as dt
import functools
import re
from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple, cast

from babel import dates
from babel import lists as babel_lists

from signalpost.flow.compose import amounts, values
from signalpost.vocabulary import records

#: Texts kept per kind of value.
TEXTS_KEPT_COUNT = 8_192

_DATE_LENGTH_CHARACTERS = len("2025-01-31")

#: Country calling codes of one and of two digits; every other one has three (ITU-T E.164, annex, list of 2016).
_SHORT_CALLING_CODE = re.compile(
    r"1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]",
)
_E164 = re.compile(r"\+[1-9][0-9]{5,14}")
_TELEPHONE = re.compile(r"[+(]?[0-9][0-9 ()/.-]{2,30}")
_PHONE_GROUP_DIGITS = 3


class Format(NamedTuple):
    """One format: how it is made, which arguments it takes, and which JSON Schema types it can write."""

    make: Callable[[values.Manner], values.Formatter]
    arguments: tuple[str, ...]
    takes: frozenset[str]


def _text(manner: values.Manner) -> values.Formatter:
    del manner

    def written(value: records.Json, zone: str) -> str | values.Misfit:
        del zone
        if isinstance(value, str):
            return value if value.isprintable() else values.clean(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return values.Misfit("text or a whole number, or a format that fits", values.kind(value))

    return written


def _upper_first(manner: values.Manner) -> values.Formatter:
    del manner

    def written(value: records.Json, zone: str) -> str | values.Misfit:
        del zone
        if not isinstance(value, str):
            return values.Misfit("text", values.kind(value))
        text = values.clean(value)
        return text[:1].upper() + text[1:]

    return written


def _term(manner: values.Manner) -> values.Formatter:
    terms = manner.terms

    def written(value: records.Json, zone: str) -> str | values.Misfit:
        del zone
        word = terms.get(value) if isinstance(value, str) else None
        return values.Misfit("a code among the template's terms", values.kind(value)) if word is None else word

    return written


def _moment(write: Callable[[str, str, str, str], str | values.Misfit]) -> Callable[[values.Manner], values.Formatter]:
    """A format for instants, written by `write(value, zone, locale, argument)`, whose texts are kept."""

    def make(manner: values.Manner) -> values.Formatter:
        locale, argument, _ = manner

        def written(value: records.Json, zone: str) -> str | values.Misfit:
            return (
                write(value, zone, locale, argument)
                if isinstance(value, str)
                else values.Misfit(_INSTANT, values.kind(value))
            )

        return written

    return make


_INSTANT = "an instant with its offset from UTC"
_DATE = "a date, or an instant with its offset from UTC"


def _instant(value: str, zone: str) -> dt.datetime | None:
    """The instant in the zone, `None` for what is no instant."""
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment.astimezone(values.zone_of(zone)) if moment.tzinfo else None


def _day(value: str, zone: str) -> dt.date | None:
    """The calendar day that a date is, or that an instant falls on in the zone."""
    if len(value) == _DATE_LENGTH_CHARACTERS:
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            return None
    moment = _instant(value, zone)
    return moment.date() if moment else None


_Style = Literal["short", "medium", "long", "full"]


@functools.lru_cache(maxsize=TEXTS_KEPT_COUNT)
def _date(value: str, zone: str, locale: str, argument: str) -> str | values.Misfit:
    day = _day(value, zone)
    style = cast("_Style", argument or "long")
    return dates.format_date(day, style, locale=values.cldr(locale)) if day else values.Misfit(_DATE, "text")


@functools.lru_cache(maxsize=TEXTS_KEPT_COUNT)
def _weekday_date(value: str, zone: str, locale: str, argument: str) -> str | values.Misfit:
    day = _day(value, zone)
    if day is None:
        return values.Misfit(_DATE, "text")
    if argument:
        noon = dt.datetime.combine(day, dt.time(12), dt.UTC)
        return dates.format_skeleton("MMMEd", noon, tzinfo=dt.UTC, locale=values.cldr(locale))
    return dates.format_date(day, "full", locale=values.cldr(locale))


@functools.lru_cache(maxsize=TEXTS_KEPT_COUNT)
def _time(value: str, zone: str, locale: str, argument: str) -> str | values.Misfit:
    moment = _instant(value, zone)
    if moment is None:
        return values.Misfit(_INSTANT, "text")
    text = dates.format_time(moment, "short", tzinfo=moment.tzinfo, locale=values.cldr(locale))
    return f"{text} {_zone_name(moment, locale)}" if argument else text


@functools.lru_cache(maxsize=TEXTS_KEPT_COUNT)
def _datetime(value: str, zone: str, locale: str, argument: str) -> str | values.Misfit:
    moment = _instant(value, zone)
    if moment is None:
        return values.Misfit(_INSTANT, "text")
    date = dates.format_date(moment, "long", locale=values.cldr(locale))
    time = dates.format_time(moment, "short", tzinfo=moment.tzinfo, locale=values.cldr(locale))
    pattern = str(values.cldr(locale).datetime_formats["long"])
    text = pattern.replace("'", "").format(time, date)
    return f"{text} {_zone_name(moment, locale)}" if argument else text


def _zone_name(moment: dt.datetime, locale: str) -> str:
    """The short name where the locale uses one (CET, MEZ, EST), otherwise the offset (UTC+01:00)."""
    name = dates.get_timezone_name(moment, width="short", locale=values.cldr(locale))
    return dates.get_timezone_gmt(moment, width="long", locale=values.cldr(locale)) if name[:1] in "+-" else name


def _phone(manner: values.Manner) -> values.Formatter:
    del manner

    def written(value: records.Json, zone: str) -> str | values.Misfit:
        del zone
        if not isinstance(value, str) or not _TELEPHONE.fullmatch(value):
            return values.Misfit("a telephone number", values.kind(value))
        return _grouped(value) if _E164.fullmatch(value) else value

    return written


def _grouped(number: str) -> str:
    """An E.164 number with its calling code apart and the rest in threes, the last group of two to four digits."""
    digits = number[1:]
    short = _SHORT_CALLING_CODE.match(digits)
    code = short.group() if short else digits[:3]
    rest = digits[len(code) :]
    groups: list[str] = []
    while len(rest) > _PHONE_GROUP_DIGITS + 1:
        groups.append(rest[:_PHONE_GROUP_DIGITS])
        rest = rest[_PHONE_GROUP_DIGITS:]
    return " ".join((f"+{code}", *groups, rest))


def _list(manner: values.Manner) -> values.Formatter:
    locale, argument, _ = manner
    style: Literal["or", "standard"] = "or" if argument else "standard"

    def written(value: records.Json, zone: str) -> str | values.Misfit:
        del zone
        elements = value if isinstance(value, list) else []
        texts = [values.clean(element) for element in elements if isinstance(element, str)]
        if not texts or len(texts) != len(elements):
            return values.Misfit("a list of texts, at least one", values.kind(value))
        return babel_lists.format_list(texts, style=style, locale=values.cldr(locale))

    return written


_DIGITS = ("", *(str(digits) for digits in range(amounts.FRACTION_DIGITS_MAX + 1)))
_TEXTUAL = frozenset({"string"})
_NUMERICAL = frozenset({"number", "integer", "string"})

#: Every format a placeholder can name, with the arguments it takes after a colon ("" is without).
FORMATS: Mapping[str, Format] = {
    "text": Format(_text, ("",), frozenset({"string", "integer"})),
    "upper-first": Format(_upper_first, ("",), _TEXTUAL),
    "term": Format(_term, ("",), _TEXTUAL),
    "date": Format(_moment(_date), ("", "short", "medium", "long", "full"), _TEXTUAL),
    "weekday_date": Format(_moment(_weekday_date), ("", "short"), _TEXTUAL),
    "time": Format(_moment(_time), ("", "zone"), _TEXTUAL),
    "datetime": Format(_moment(_datetime), ("", "zone"), _TEXTUAL),
    "number": Format(amounts.number, _DIGITS, _NUMERICAL),
    "percent": Format(amounts.percent, _DIGITS, _NUMERICAL),
    "money": Format(amounts.money, _DIGITS, frozenset({"object"})),
    "phone": Format(_phone, ("",), _TEXTUAL),
    "duration": Format(amounts.duration, ("",), _NUMERICAL),
    "list": Format(_list, ("", "or"), frozenset({"array"})),
}
