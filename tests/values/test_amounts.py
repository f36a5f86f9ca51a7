from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.i18n.currencies import EXPONENTS
from marketplace.values.amounts import LARGEST, AmountError, format_amount, from_minor, parse_amount, to_minor
from marketplace.values.money import format_money

CURRENCIES = st.sampled_from(sorted(EXPONENTS))
GUIDES = ["en", "es", "pt", "de", "el", "bg", "cs", "fr", "hr", "hu", "it", "nl", "pl", "ro", "sk"]
OTHERS = ["sv", "ja", "tlh", "pt-BR", "de-CH", "es-MX", "en-IN", "hi", "ar", "fa", "zh-Hant"]
LANGUAGES = st.sampled_from([*GUIDES, *OTHERS])
MINOR = st.integers(0, LARGEST)


def code_of(read: Callable[..., int], *arguments: object) -> str:
    with pytest.raises(AmountError) as refusal:
        read(*arguments)
    return refusal.value.code


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("1234.5", "EUR", 123450),
        ("1234.50", "EUR", 123450),
        ("1234", "EUR", 123400),
        (35, "EUR", 3500),
        ("0", "EUR", 0),
        ("0.01", "EUR", 1),
        (" 35 ", "EUR", 3500),
        ("4200", "CLP", 4200),
        ("1.234", "BHD", 1234),
        ("999999999999.99", "EUR", LARGEST),
    ],
)
def test_a_plain_decimal_becomes_minor_units(text: str | int, currency: str, minor: int) -> None:
    assert to_minor(text, currency) == minor


@pytest.mark.parametrize(
    ("text", "currency", "code"),
    [
        ("", "EUR", "empty"),
        ("  ", "EUR", "empty"),
        ("-1", "EUR", "negative"),
        (-1, "EUR", "negative"),
        ("-0.5", "EUR", "negative"),
        ("1.234", "EUR", "too_many_decimals"),
        ("1.5", "CLP", "too_many_decimals"),
        ("1,234", "EUR", "not_a_number"),
        ("1 234", "EUR", "not_a_number"),
        ("1e3", "EUR", "not_a_number"),
        ("1_000", "EUR", "not_a_number"),
        ("٣٥", "EUR", "not_a_number"),
        ("NaN", "EUR", "not_a_number"),
        ("Infinity", "EUR", "not_a_number"),
        ("+1", "EUR", "not_a_number"),
        ("01", "EUR", "not_a_number"),
        ("1.", "EUR", "not_a_number"),
        (".5", "EUR", "not_a_number"),
        ("€35", "EUR", "not_a_number"),
        ("1000000000000", "EUR", "too_large"),
        ("9" * 500, "EUR", "too_large"),
        ("x" * 500, "EUR", "not_a_number"),
        ("35", "XXX", "unknown_currency"),
    ],
)
def test_what_is_no_plain_decimal_is_refused_with_a_code(text: str | int, currency: str, code: str) -> None:
    assert code_of(to_minor, text, currency) == code


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (123450, "EUR", "1234.50"),
        (123400, "EUR", "1234"),
        (5, "EUR", "0.05"),
        (0, "EUR", "0"),
        (4200, "CLP", "4200"),
        (1234, "BHD", "1.234"),
        (-550, "EUR", "-5.50"),
    ],
)
def test_the_canonical_decimal_has_all_decimals_or_none(minor: int, currency: str, text: str) -> None:
    assert from_minor(minor, currency) == text


@given(MINOR, CURRENCIES)
def test_what_is_written_to_csv_is_read_back(minor: int, currency: str) -> None:
    assert to_minor(from_minor(minor, currency), currency) == minor


@pytest.mark.parametrize(
    ("text", "currency", "language", "minor"),
    [
        ("1400.5", "EUR", "en", 140050),
        ("1,400", "EUR", "en", 140000),
        ("1,400.50", "EUR", "en", 140050),
        ("1.400,50", "EUR", "es", 140050),
        ("1.400", "EUR", "es", 140000),
        ("1.400", "CLP", "es", 1400),
        ("1400,5", "EUR", "es", 140050),
        ("1400.5", "EUR", "es", 140050),
        ("1 400", "EUR", "fr", 140000),
        ("1 400,50", "EUR", "pl", 140050),
        ("1\u202f400", "EUR", "fr", 140000),
        ("1\u00a0400", "CZK", "cs", 140000),
        ("1 400", "EUR", "en", 140000),
        ("1’400.50", "CHF", "de-CH", 140050),
        ("1'400", "CHF", "de", 140000),
        ("1.234.567", "COP", "es", 123456700),
        ("12,34,567", "INR", "en-IN", 123456700),
        # Another convention than the language's, but only one reading fits the currency.
        ("1.400,50", "EUR", "en", 140050),
        ("1,400.50", "MXN", "es", 140050),
        ("4,200", "MXN", "es", 420000),
        ("35,50", "EUR", "en", 3550),
        ("1,400", "BHD", "en", 1400000),
        ("1,400", "BHD", "es", 1400),
        # With its currency.
        ("€35", "EUR", "en", 3500),
        ("35 €", "EUR", "de", 3500),
        ("35 EUR", "EUR", "hu", 3500),
        ("MX$4,200", "MXN", "en", 420000),
    ],
)
def test_what_people_type_is_read_in_their_language(
    text: str, currency: str, language: str, minor: int
) -> None:
    assert parse_amount(text, currency, language) == minor


@pytest.mark.parametrize(
    ("text", "currency", "language", "code"),
    [
        ("1.400", "BHD", "es", "ambiguous"),
        ("1400.555", "EUR", "en", "too_many_decimals"),
        ("35.5", "CLP", "en", "too_many_decimals"),
        ("0.400", "EUR", "es", "too_many_decimals"),
        ("1,40,0", "EUR", "en", "not_a_number"),
        ("1.400.50", "EUR", "es", "not_a_number"),
        ("1 40", "EUR", "en", "not_a_number"),
        ("35 USD", "EUR", "en", "not_a_number"),
        ("thirty", "EUR", "en", "not_a_number"),
        ("1e3", "EUR", "en", "not_a_number"),
        ("NaN", "EUR", "en", "not_a_number"),
        ("٣٥", "EUR", "ar", "not_a_number"),
        ("-35", "EUR", "en", "negative"),
        ("−35", "EUR", "sv", "negative"),
        ("", "EUR", "en", "empty"),
        ("€", "EUR", "en", "empty"),
        ("9999999999999", "EUR", "en", "too_large"),
        ("9" * 4000, "EUR", "en", "too_large"),
        ("35", "ABC", "en", "unknown_currency"),
    ],
)
def test_what_cannot_be_told_is_refused_with_a_code(
    text: str, currency: str, language: str, code: str
) -> None:
    assert code_of(parse_amount, text, currency, language) == code


def test_a_form_shows_an_amount_as_its_language_writes_it() -> None:
    assert format_amount(140050, "EUR", "es") == "1400,50"
    assert format_amount(140000, "EUR", "es") == "1400"
    assert format_amount(140050, "EUR", "en") == "1400.50"


@given(MINOR, CURRENCIES, LANGUAGES)
def test_what_a_form_shows_is_read_back(minor: int, currency: str, language: str) -> None:
    assert parse_amount(format_amount(minor, currency, language), currency, language) == minor


@given(MINOR, st.sampled_from(["EUR", "MXN", "CLP", "CHF", "HUF"]), LANGUAGES)
def test_what_a_page_shows_can_be_typed(minor: int, currency: str, language: str) -> None:
    shown = format_money(minor, currency, language).replace("\u200f", "").replace("\u200e", "")
    assert parse_amount(shown, currency, language) == minor


@given(st.text(max_size=80), CURRENCIES, LANGUAGES)
def test_no_text_breaks_the_reading(text: str, currency: str, language: str) -> None:
    for read in (lambda: to_minor(text, currency), lambda: parse_amount(text, currency, language)):
        with suppress(AmountError):
            assert 0 <= read() <= LARGEST
