from __future__ import annotations

import pytest

from marketplace.i18n.currencies import country_currency, currency_digits, current_currencies, known_currency

# Those of the countries that have guides.
COUNTRIES = "ARS BOB BRL CLP COP CZK EUR HUF MXN PEN PLN PYG RON USD VES"


@pytest.mark.parametrize("code", [*COUNTRIES.split(), "JPY", "BHD", "CHF", "XAF", "CLF"])
def test_todays_money_is_known(code: str) -> None:
    assert known_currency(code)


@pytest.mark.parametrize("code", ["DEM", "HRK", "XAU", "XXX", "XTS", "eur", "EURO", "", "€", "ZZZ"])
def test_what_nobody_pays_with_is_not_known(code: str) -> None:
    assert not known_currency(code)


@pytest.mark.parametrize(
    ("code", "digits"), [("EUR", 2), ("MXN", 2), ("JPY", 0), ("CLP", 0), ("PYG", 0), ("BHD", 3), ("ZZZ", 2)]
)
def test_a_currency_has_its_decimals(code: str, digits: int) -> None:
    assert currency_digits(code) == digits


def test_every_code_is_three_capitals() -> None:
    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in current_currencies())
    assert len(current_currencies()) > 140


# The countries that have guides, as their folders are spelled.
CURRENCIES = {
    "argentina": "ARS",
    "austria": "EUR",
    "belgium": "EUR",
    "bolivia": "BOB",
    "brazil": "BRL",
    "bulgaria": "EUR",
    "chile": "CLP",
    "colombia": "COP",
    "croatia": "EUR",
    "czech-republic": "CZK",
    "ecuador": "USD",
    "france": "EUR",
    "germany": "EUR",
    "greece": "EUR",
    "hungary": "HUF",
    "italy": "EUR",
    "mexico": "MXN",
    "paraguay": "PYG",
    "peru": "PEN",
    "poland": "PLN",
    "portugal": "EUR",
    "romania": "RON",
    "slovakia": "EUR",
    "spain": "EUR",
    "united_states": "USD",
    "venezuela": "VES",
}


@pytest.mark.parametrize("folder", CURRENCIES)
def test_a_country_has_its_currency(folder: str) -> None:
    assert country_currency(folder) == CURRENCIES[folder]


def test_an_unknown_country_has_no_currency() -> None:
    assert country_currency("atlantis") is None
