"""How values are written: by CLDR for the language, in the zone of the premise, and a misfit for what does not fit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalpost.flow.compose import formats, values
from signalpost.vocabulary import records

BERLIN = "Europe/Berlin"
TERMS = {"storm": "a storm"}


def written(value: records.Json, name: str, locale: str, zone: str = BERLIN) -> "str | values.Misfit":
    name, _, argument = name.partition(":")
    manner = values.Manner(locale=locale, argument=argument, terms=TERMS)
    return formats.FORMATS[name].make(manner)(value, zone)


def money(amount: str, currency: str = "EUR") -> records.Json:
    return {"amount": amount, "currency": currency}


WINTER, SUMMER = "2025-01-31T23:30:00Z", "2025-07-31T13:30:00+00:00"


@pytest.mark.parametrize(
    ("name", "value", "in_german", "in_english_in_germany", "in_american"),
    [
        ("text", "Old Town", "Old Town", "Old Town", "Old Town"),
        ("text", 4711, "4711", "4711", "4711"),
        ("upper-first", "straße", "Straße", "Straße", "Straße"),
        ("term", "storm", "a storm", "a storm", "a storm"),
        ("date", "2025-01-31", "31. Januar 2025", "31 January 2025", "January 31, 2025"),
        ("date", WINTER, "1. Februar 2025", "1 February 2025", "February 1, 2025"),
        ("date:short", WINTER, "01.02.25", "01/02/2025", "2/1/25"),
        ("weekday_date", SUMMER, "Donnerstag, 31. Juli 2025", "Thursday, 31 July 2025", "Thursday, July 31, 2025"),
        ("weekday_date:short", SUMMER, "Do., 31. Juli", "Thu, 31 Jul", "Thu, Jul 31"),
        ("time", SUMMER, "15:30", "15:30", "3:30\u202fPM"),
        ("time:zone", SUMMER, "15:30 MESZ", "15:30 CEST", "3:30\u202fPM GMT+02:00"),
        ("datetime", WINTER, "1. Februar 2025, 00:30", "1 February 2025, 00:30", "February 1, 2025, 12:30\u202fAM"),
        (
            "datetime:zone",
            WINTER,
            "1. Februar 2025, 00:30 MEZ",
            "1 February 2025, 00:30 CET",
            "February 1, 2025, 12:30\u202fAM GMT+01:00",
        ),
        ("number", 1234567, "1.234.567", "1.234.567", "1,234,567"),
        ("number", 0.1, "0,1", "0,1", "0.1"),
        ("number", 1e6, "1.000.000,0", "1.000.000,0", "1,000,000.0"),
        ("number", "12.50", "12,50", "12,50", "12.50"),
        ("number:2", "2.675", "2,68", "2,68", "2.68"),
        ("number:0", "-0.5", "-1", "-1", "-1"),
        ("percent", "12.5", "12,5\xa0%", "12,5\xa0%", "12.5%"),
        ("percent:0", 12.5, "13\xa0%", "13\xa0%", "13%"),
        ("money", money("1234.5"), "1.234,50\xa0€", "1.234,50\xa0€", "€1,234.50"),
        ("money", money("-0.05"), "-0,05\xa0€", "-0,05\xa0€", "-€0.05"),
        # A rounded price would be another price.
        ("money", money("0.3245"), "0,3245\xa0€", "0,3245\xa0€", "€0.3245"),
        ("money:2", money("0.3245"), "0,32\xa0€", "0,32\xa0€", "€0.32"),
        ("money", money("500", "JPY"), "500\xa0¥", "500\xa0JP¥", "¥500"),
        ("phone", "+4930231250", "+49 302 312 50", "+49 302 312 50", "+49 302 312 50"),
        ("phone", "+14155550100", "+1 415 555 0100", "+1 415 555 0100", "+1 415 555 0100"),
        ("phone", "+35312345678", "+353 123 456 78", "+353 123 456 78", "+353 123 456 78"),
        ("phone", "(030) 231-250", "(030) 231-250", "(030) 231-250", "(030) 231-250"),
        ("duration", 80, "1 Stunde 20 Minuten", "1 hour 20 minutes", "1 hour 20 minutes"),
        ("duration", "2881", "2 Tage 1 Minute", "2 days 1 minute", "2 days 1 minute"),
        ("duration", 0, "0 Minuten", "0 minutes", "0 minutes"),
        ("duration", 120.0, "2 Stunden", "2 hours", "2 hours"),
        ("list", ["A", "B", "C"], "A, B und C", "A, B and C", "A, B, and C"),
        ("list:or", ["A", "B"], "A oder B", "A or B", "A or B"),
        ("list", ["A"], "A", "A", "A"),
    ],
)
def test_a_value_is_written_as_people_of_the_region_write_it(
    name: str, value: records.Json, in_german: str, in_english_in_germany: str, in_american: str
):
    assert written(value, name, "de_DE") == in_german
    assert written(value, name, "en_DE") == in_english_in_germany
    assert written(value, name, "en_US") == in_american


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("date", WINTER, "1 فبراير 2025"),
        ("time", SUMMER, "3:30 م"),
        ("number", 1234, "1,234"),
        ("list", ["A", "B"], "A وB"),
        # Babel 2.18 has no Arabic words for counted days.
        ("duration", 2881, "48 ساعة دقيقة"),
    ],
)
def test_arabic_is_written_with_cldrs_forms(name: str, value: records.Json, expected: str):
    assert written(value, name, "ar") == expected


@pytest.mark.parametrize(
    ("summer_time", "instant", "expected"),
    [
        ("before it ends", "2025-10-26T00:30:00Z", "02:30 MESZ"),
        ("after it ended", "2025-10-26T01:30:00Z", "02:30 MEZ"),
    ],
)
def test_the_hour_that_comes_twice_is_told_apart_by_its_zone(summer_time: str, instant: str, expected: str):
    assert (summer_time, written(instant, "time:zone", "de_DE")) == (summer_time, expected)


@pytest.mark.parametrize(
    ("name", "value", "got"),
    [
        ("text", 1.5, "a number"),
        ("text", True, "true or false"),
        ("text", ["a"], "a list"),
        ("text", {"a": 1}, "an object"),
        ("upper-first", 1, "a number"),
        ("term", "flood", "text"),
        ("term", 1, "a number"),
        ("date", 20250131, "a number"),
        ("date", "2025-02-30", "text"),
        ("date", "2025-01-31T13:30:00", "text"),
        ("date", "tomorrow at noon", "text"),
        ("weekday_date", "2025-02-30", "text"),
        ("time", "13:30", "text"),
        ("time", "2025-01-31", "text"),
        ("datetime", "2025-01-31", "text"),
        ("number", "1e9", "text"),
        ("number", "1,5", "text"),
        ("number", "1" * 25, "text"),
        ("number", 10**30, "a number"),
        ("number", float("inf"), "a number"),
        ("number", 1e300, "a number"),
        ("number", True, "true or false"),
        ("number", ["1"], "a list"),
        ("percent", "much", "text"),
        ("money", "12.30", "text"),
        # A binary fraction is no amount.
        ("money", {"amount": 12.3, "currency": "EUR"}, "an object without them"),
        ("money", {"amount": "12.30"}, "an object without them"),
        ("money", money("12.30", "EURO"), "an object with another amount or currency"),
        ("money", money("12.30", "QQQ"), "an object with another amount or currency"),
        ("money", money("12,30"), "an object with another amount or currency"),
        ("phone", "call us", "text"),
        ("phone", 4930, "a number"),
        ("duration", -1, "a number"),
        ("duration", "1.5", "text"),
        ("duration", "soon", "text"),
        ("list", [], "a list"),
        ("list", ["a", 1], "a list"),
        ("list", "a", "text"),
    ],
)
def test_what_a_format_cannot_write_is_a_misfit(name: str, value: records.Json, got: str):
    result = written(value, name, "de_DE")
    assert isinstance(result, values.Misfit)
    assert result.got == got


@pytest.mark.parametrize(
    ("language", "country", "expected"),
    [
        ("en", "DE", "en_DE"),
        ("en", "US", "en_US"),
        ("de", "AT", "de_AT"),
        ("en-GB", "DE", "en_GB"),
        ("de", "", "de"),
        # CLDR has no Arabic of Germany.
        ("ar", "DE", "ar"),
        ("zh-Hant-TW", "DE", "zh_Hant_TW"),
        ("xx", "DE", None),
        ("", "DE", None),
        ("../en", "DE", None),
    ],
)
def test_the_locale_is_the_languages_in_the_brands_country(language: str, country: str, expected: "str | None"):
    assert values.locale_of(language, country) == expected


@pytest.mark.parametrize("name", ["Europe", "", "../Berlin", "/etc/passwd", "Mars/Olympus", "a\x00b"])
def test_what_is_no_time_zone_is_none(name: str):
    assert values.zone_of(name) is None


def test_every_kind_of_json_has_a_name():
    each: list[records.Json] = [None, True, 1, 1.5, "", [], {}]
    assert [values.kind(value) for value in each] == [
        "nothing",
        "true or false",
        "a number",
        "a number",
        "text",
        "a list",
        "an object",
    ]


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12))
def test_an_amount_is_written_exactly(amount: Decimal):
    text = written(money(f"{amount:f}"), "money", "en_US")
    assert isinstance(text, str)
    assert Decimal(text.replace("€", "").replace(",", "")) == amount


@pytest.mark.parametrize("text", ["12.5", "12.50", "12.500", "0.123456789"])
def test_a_number_keeps_its_own_digits_whatever_was_written_before(text: str):
    assert written(text, "number", "en_US") == text
    assert written(text, "percent", "en_US") == f"{text}%"


@given(st.floats(min_value=-1e9, max_value=1e9).map(lambda number: round(number, 3)))
def test_a_json_number_is_taken_by_the_digits_it_was_written_with(number: float):
    assert values.decimal_of(number) == Decimal(f"{Decimal(repr(number)):f}")
