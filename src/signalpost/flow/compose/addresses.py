"""How a postal address is written on an envelope, by the rules of the country it goes to.

The country line stands in capitals and in English, below everything else, and only when the letter leaves the country
it is posted in (UPU, addressing the world; the name may be in an internationally known language). Countries without
rules of their own here get the commonest order: postcode, locality.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias, cast

import babel

from signalpost.flow.compose import values
from signalpost.vocabulary import parties

_ENGLISH_NAMES = cast("Mapping[str, str]", babel.Locale("en").territories)


def postal_lines(address: parties.PostalAddress, *, home: str) -> tuple[str, ...]:
    """The lines below the name.

    Args:
        address: where the letter goes.
        home: ISO 3166-1 alpha-2 of the country it is posted in (`Brand.country`); "" writes every country line.
    """
    town = _TOWN_LINES.get(address.country, _postcode_first)(address)
    country = () if address.country == home else (_country_name(address.country),)
    lines = (values.clean(line).strip() for line in (*address.lines, *town, *country))
    return tuple(line for line in lines if line)


def _country_name(country: str) -> str:
    """The name in English capitals; the code itself where CLDR has no name."""
    return _ENGLISH_NAMES.get(country, country).upper()


def _postcode_first(address: parties.PostalAddress) -> tuple[str, ...]:
    return (f"{address.postcode} {address.locality}", address.region)


def _german(address: parties.PostalAddress) -> tuple[str, ...]:
    """DIN 5008: postcode and locality on one line, no state."""
    return (f"{address.postcode} {address.locality}",)


def _french(address: parties.PostalAddress) -> tuple[str, ...]:
    """NF Z 10-011: the last line in capitals."""
    return (f"{address.postcode} {address.locality}".upper(),)


def _spanish(address: parties.PostalAddress) -> tuple[str, ...]:
    """Correos: the province in brackets where it is not the locality's own name."""
    province = f" ({address.region})" if address.region not in {"", address.locality} else ""
    return (f"{address.postcode} {address.locality}{province}",)


def _american(address: parties.PostalAddress) -> tuple[str, ...]:
    """USPS Publication 28, 211: city, state, ZIP code on one line, without a comma, in capitals."""
    return (" ".join(part for part in (address.locality, address.region, address.postcode) if part).upper(),)


def _british(address: parties.PostalAddress) -> tuple[str, ...]:
    """Royal Mail: post town in capitals, postcode alone on the last line, no county."""
    return (address.locality.upper(), address.postcode.upper())


_Lines: TypeAlias = Callable[[parties.PostalAddress], tuple[str, ...]]

_TOWN_LINES: Mapping[str, _Lines] = {
    "AT": _german,
    "CH": _german,
    "DE": _german,
    "ES": _spanish,
    "FR": _french,
    "GB": _british,
    "US": _american,
}
