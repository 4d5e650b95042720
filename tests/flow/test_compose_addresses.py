"""Postal addresses as each country writes them."""

import pytest

from signalpost.flow.compose import addresses
from signalpost.vocabulary import parties


def address(country: str, *lines: str, postcode: str, locality: str, region: str = "") -> parties.PostalAddress:
    return parties.PostalAddress(lines=lines, postcode=postcode, locality=locality, region=region, country=country)


MUSTERSTADT = address("DE", "Lindenstraße 5", postcode="12345", locality="Musterstadt", region="Bayern")


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        (MUSTERSTADT, ("Lindenstraße 5", "12345 Musterstadt", "GERMANY")),
        (address("AT", "Ring 1", postcode="1010", locality="Wien"), ("Ring 1", "1010 Wien", "AUSTRIA")),
        (address("CH", "Gasse 2", postcode="8001", locality="Zürich"), ("Gasse 2", "8001 Zürich", "SWITZERLAND")),
        (
            address("FR", "Bâtiment B", "12 Rue de la Paix", postcode="75002", locality="Paris"),
            ("Bâtiment B", "12 Rue de la Paix", "75002 PARIS", "FRANCE"),
        ),
        (
            address("ES", "Calle Mayor 1", postcode="28013", locality="Madrid", region="Madrid"),
            ("Calle Mayor 1", "28013 Madrid", "SPAIN"),
        ),
        (
            address("ES", "Calle Real 2", postcode="46100", locality="Burjassot", region="Valencia"),
            ("Calle Real 2", "46100 Burjassot (Valencia)", "SPAIN"),
        ),
        (
            address("US", "1 Main St Apt 4", postcode="62704", locality="Springfield", region="IL"),
            ("1 Main St Apt 4", "SPRINGFIELD IL 62704", "UNITED STATES"),
        ),
        (
            address("GB", "10 High Street", postcode="sw1a 1aa", locality="London", region="Greater London"),
            ("10 High Street", "LONDON", "SW1A 1AA", "UNITED KINGDOM"),
        ),
        (
            address("NL", "Dam 1", postcode="1012 JS", locality="Amsterdam"),
            ("Dam 1", "1012 JS Amsterdam", "NETHERLANDS"),
        ),
        (
            address("IT", "Via Roma 1", postcode="00184", locality="Roma", region="RM"),
            ("Via Roma 1", "00184 Roma", "RM", "ITALY"),
        ),
        (address("QX", "1", postcode="2", locality="3"), ("1", "2 3", "QX")),
    ],
)
def test_an_address_is_written_as_its_country_does(to: parties.PostalAddress, expected: "tuple[str, ...]"):
    assert addresses.postal_lines(to, home="") == expected


@pytest.mark.parametrize(
    ("home", "last"), [("DE", "12345 Musterstadt"), ("AT", "GERMANY"), ("US", "GERMANY"), ("", "GERMANY")]
)
def test_the_country_stands_only_on_letters_that_leave_the_country(home: str, last: str):
    assert addresses.postal_lines(MUSTERSTADT, home=home)[-1] == last


def test_lines_are_literal_and_single_and_never_empty():
    to = address("DE", "c/o **Ben**\n{name}", " ", "\u202eLinden", postcode="12345", locality="Musterstadt")
    assert addresses.postal_lines(to, home="DE") == ("c/o **Ben** {name}", "Linden", "12345 Musterstadt")
