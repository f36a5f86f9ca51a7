from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest

from marketplace.values.money import (
    format_cost,
    format_money,
    format_money_range,
    format_number,
    format_official_fee,
    format_percent,
    format_rating,
)

S = "\u00a0"  # no-break
T = "\u202f"  # no-break, narrow


@dataclass(frozen=True)
class Offer:
    cost_basis: str
    fee_min: int | None = None
    fee_max: int | None = None
    currency: str | None = None


@pytest.mark.parametrize(
    ("minor", "currency", "language", "text"),
    [
        (3500, "EUR", "en", "€35"),
        (3550, "EUR", "en", "€35.50"),
        (420000, "MXN", "en", "MX$4,200"),
        (420000, "MXN", "es", f"4.200{S}MXN"),
        (5000, "USD", "en", "US$50"),
        (5000, "USD", "en-US", "$50"),
        (3500, "EUR", "es", f"35{S}€"),
        (3550, "EUR", "de", f"35,50{S}€"),
        (3500, "EUR", "fr", f"35{S}€"),
        (120000, "EUR", "fr", f"1{T}200{S}€"),
        (3500, "EUR", "pt", f"€{S}35"),
        (3500, "EUR", "nl", f"€{S}35"),
        (3500, "EUR", "hu", f"35{S}EUR"),
        (150000, "CZK", "cs", f"1{S}500{S}Kč"),
        (10000, "PLN", "pl", f"100{S}zł"),
        (12000, "CHF", "en", f"CHF{S}120"),
        (35, "CLP", "en", f"CLP{S}35"),
        (1234, "BHD", "en", f"BHD{S}1.234"),
        (500, "JPY", "en", "JP¥500"),
        (0, "EUR", "en", "€0"),
        (-3550, "EUR", "en", "-€35.50"),
        (-3550, "EUR", "sv", f"−35,50{S}€"),
        (3500, "EUR", "tlh", "€35"),
        (3500, "EUR", "zh-Hant", "€35"),
    ],
)
def test_an_amount_reads_as_its_language_writes_it(
    minor: int, currency: str, language: str, text: str
) -> None:
    assert format_money(minor, currency, language) == text


@pytest.mark.parametrize(
    ("lo", "hi", "currency", "language", "text"),
    [
        (300000, 480000, "MXN", "en", "MX$3,000–4,800"),
        (300000, 480000, "MXN", "es", f"3.000–4.800{S}MXN"),
        (3500, 6050, "EUR", "en", "€35.00–60.50"),
        (3500, 3500, "EUR", "en", "€35"),
        (3500, 6000, "EUR", "nl", f"€{S}35–60"),
    ],
)
def test_a_range_names_its_currency_once(lo: int, hi: int, currency: str, language: str, text: str) -> None:
    assert format_money_range(lo, hi, currency, language) == text


@pytest.mark.parametrize(
    ("offer", "language", "text"),
    [
        (Offer("fixed", 3500, None, "EUR"), "en", "€35"),
        (Offer("fixed", 3500, 6000, "EUR"), "en", "€35"),
        (Offer("from", 3500, None, "EUR"), "en", "from €35"),
        (Offer("range", 3500, 6000, "EUR"), "en", "€35–60"),
        (Offer("hourly", 3500, None, "EUR"), "en", "€35 per hour"),
        (Offer("hourly", 3500, 6000, "EUR"), "en", "€35–60 per hour"),
        (Offer("free"), "en", "free"),
        (Offer("on_request"), "en", "on request"),
        (Offer("from", 390000, None, "MXN"), "es", f"desde 3.900{S}MXN"),
        (Offer("hourly", 3500, None, "EUR"), "es", f"35{S}€ por hora"),
        (Offer("free"), "es", "gratis"),
        (Offer("on_request"), "es", "a consultar"),
        (Offer("from", 3500, None, "EUR"), "el", f"από 35{S}€"),
        (Offer("from", 3500, None, "EUR"), "hu", f"legalább 35{S}EUR"),
        (Offer("hourly", 3500, None, "EUR"), "pl", f"35{S}€ za godzinę"),
        (Offer("free"), "sk", "zadarmo"),
        # Words of no catalogue are English, numbers the language's own.
        (Offer("from", 120000, None, "EUR"), "sv", f"from 1{S}200{S}€"),
        # Never a broken page for half a price.
        (Offer("fixed"), "en", "on request"),
        (Offer("from", 3500), "en", "on request"),
    ],
)
def test_a_cost_says_its_basis(offer: Offer, language: str, text: str) -> None:
    assert format_cost(offer, language) == text


@pytest.mark.parametrize(
    ("kind", "minor", "language", "text"),
    [
        ("included", None, "en", "official fees included"),
        ("extra", 612000, "en", "official fees extra: MX$6,120"),
        ("extra", None, "en", "official fees extra"),
        ("unknown", None, "en", "official fees not known"),
        ("included", None, "es", "tasas oficiales incluidas"),
        ("extra", 612000, "es", f"tasas oficiales aparte: 6.120{S}MXN"),
        ("extra", None, "es", "tasas oficiales aparte"),
        ("extra", 612000, "fr", f"frais officiels en sus{S}: 6{T}120{S}$MX"),
    ],
)
def test_official_fees_are_told_apart(kind: str, minor: int | None, language: str, text: str) -> None:
    assert format_official_fee(kind, minor, "MXN", language) == text


def test_numbers_ratings_and_shares_follow_the_language() -> None:
    assert format_number(1878, "en") == "1,878"
    assert format_number(1878, "de") == "1.878"
    assert format_number(Decimal("21.1237"), "es") == "21,124"
    assert format_rating(4.6, "en") == "4.6"
    assert format_rating(4.6, "es") == "4,6"
    assert format_rating(4, "de") == "4,0"
    assert format_percent(0.78, "en") == "78%"
    assert format_percent(0.78, "de") == f"78{S}%"
