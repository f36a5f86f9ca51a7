from __future__ import annotations

import pytest

from marketplace.i18n.locales import fold_text
from marketplace.values.currency_marks import home_marks, marked_currency


def named(text: str, language: str, default: str | None = None) -> str | None:
    return marked_currency([fold_text(mark) for mark in text.split("|")], text, language, default)


@pytest.mark.parametrize(
    ("text", "language", "currency"),
    [
        ("€", "hu", "EUR"),
        ("MX$", "es", "MXN"),
        ("US$", "es", "USD"),
        ("CLP", "de", "CLP"),
        ("Kč", "cs", "CZK"),
    ],
)
def test_a_sign_names_its_currency(text: str, language: str, currency: str) -> None:
    assert named(text, language) == currency


def test_the_dollar_sign_is_the_countrys_own_or_nobodys() -> None:
    assert named("$", "de") is None
    assert named("$", "es", "MXN") == "MXN"
    assert named("$", "en", "USD") == "USD"
    assert named("$", "en", "EUR") is None


def test_marks_that_disagree_name_nothing() -> None:
    assert named("€|$", "es", "MXN") is None
    assert named("EUR|USD", "en") is None
    assert named("EUR|$", "en", "EUR") is None
    assert named("€|EUR", "hu") == "EUR"


def test_a_code_counts_in_capitals_or_where_it_is_the_countrys() -> None:
    assert named("ALL", "en") == "ALL"
    assert named("all", "en") is None
    assert named("all", "en", "ALL") == "ALL"


def test_no_mark_names_nothing() -> None:
    assert marked_currency([], "35", "en", "EUR") is None


def test_a_currencys_signs_at_home_are_known() -> None:
    assert "$" in home_marks("MXN")
    assert "s/" in home_marks("PEN")
    assert "kc" in home_marks("CZK")
    assert home_marks("ZZZ") == frozenset()
