from __future__ import annotations

from collections import Counter

import pycountry
import pytest

from marketplace.i18n.currencies import (
    EXPONENTS,
    country_currency,
    currency_digits,
    known_currency,
    offered_currencies,
)
from marketplace.web.fields import currency_choices

# Those of the countries that have guides.
COUNTRIES = "ARS BOB BRL CLP COP CZK EUR HUF MXN PEN PLN PYG RON USD VES"


@pytest.mark.parametrize("code", [*COUNTRIES.split(), "JPY", "BHD", "CHF", "XAF", "CLF"])
def test_todays_money_is_known(code: str) -> None:
    assert known_currency(code)


@pytest.mark.parametrize("code", ["DEM", "HRK", "XAU", "XXX", "XTS", "eur", "EURO", "", "€", "ZZZ"])
def test_what_nobody_pays_with_is_not_known(code: str) -> None:
    assert not known_currency(code)


@pytest.mark.parametrize(
    ("digits", "codes"),
    [
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
        (
            2,
            "EUR USD MXN COP HUF CZK TWD IDR ALL IRR RSD MGA LAK LBP YER",
        ),  # of these CLDR drops the decimals now or later
        (3, "BHD IQD JOD KWD LYD OMR TND"),
        (4, "CLF UYW"),
    ],
)
def test_a_stored_amount_means_what_iso_4217_says(digits: int, codes: str) -> None:
    assert {code: currency_digits(code) for code in codes.split()} == dict.fromkeys(codes.split(), digits)


def test_the_table_of_exponents_is_complete() -> None:
    assert Counter(EXPONENTS.values()) == {0: 17, 2: 139, 3: 7, 4: 2}
    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in EXPONENTS)
    todays = {currency.alpha_3 for currency in pycountry.currencies}
    assert set(EXPONENTS) - todays == {"BGN"}
    assert {code for code in todays - set(EXPONENTS) if code[0] != "X"} == set()


def test_a_currency_that_is_not_known_has_no_decimals() -> None:
    with pytest.raises(KeyError):
        currency_digits("ZZZ")


@pytest.mark.parametrize("language", ["en", "es", "de"])
def test_the_choice_of_currencies_has_the_countrys_first_and_nothing_twice(language: str) -> None:
    choices = currency_choices(["PEN"], language)
    labels = [label for _, label in choices]
    assert choices[0][0] == "PEN"
    assert not {"BGN", "CHE", "CHW", "USN", "UYI", "MXV", "BOV", "COU"} & {code for code, _ in choices}
    assert {code for code, _ in choices} == offered_currencies()
    assert len(set(labels)) == len(labels)
    assert not [label for code, label in choices if label == f"{code} – {code}"]


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
