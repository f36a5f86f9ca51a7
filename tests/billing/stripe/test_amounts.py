"""What an amount is at Stripe, by its published list of currencies."""

from __future__ import annotations

import pytest

from marketplace.billing.placements.prices import CURRENCIES, price_range
from marketplace.billing.stripe.amounts import from_stripe, price_step, stripe_digits, to_stripe
from marketplace.i18n.currencies import EXPONENTS, known_currency


@pytest.mark.parametrize(
    ("currency", "ours", "at_stripe"),
    [
        ("EUR", 4950, 4950),
        ("HUF", 1990000, 1990000),  # 19,900 forints in hundredths
        ("COP", 20000000, 20000000),
        ("CLP", 45000, 45000),
        ("PYG", 350000, 350000),
        ("JPY", 8000, 8000),
        ("TWD", 150000, 150000),
        ("ISK", 7000, 700000),  # no hundredths by ISO 4217, but Stripe counts them
        ("UGX", 180000, 18000000),
        ("MGA", 20000000, 200000),  # hundredths by ISO 4217, none at Stripe
        ("KWD", 5120, 5120),
    ],
)
def test_an_amount_is_the_same_money_on_both_sides(currency: str, ours: int, at_stripe: int) -> None:
    assert to_stripe(ours, currency) == at_stripe
    assert from_stripe(at_stripe, currency) == ours


def test_only_these_currencies_are_counted_otherwise_at_stripe() -> None:
    other = {code for code, digits in EXPONENTS.items() if digits != stripe_digits(code)}
    sold_nowhere = set("CLF IQD LYD UYI UYW".split())  # Stripe charges no card in them
    assert other - sold_nowhere == {"ISK", "UGX", "MGA"}
    assert {code for code in EXPONENTS if price_step(code) > 1} - sold_nowhere == set(
        "BHD JOD KWD MGA OMR TND".split()
    )


@pytest.mark.parametrize(("minor", "currency"), [(5124, "KWD"), (150, "MGA")])
def test_an_amount_that_cannot_be_charged_is_never_sent(minor: int, currency: str) -> None:
    with pytest.raises(ValueError, match="cannot be charged"):
        to_stripe(minor, currency)


@pytest.mark.parametrize("currency", CURRENCIES)
def test_what_is_sold_in_a_currency_is_a_sum_that_stripe_takes(currency: str) -> None:
    least, most = price_range(currency)
    assert known_currency(currency)
    assert least % price_step(currency) == 0
    assert to_stripe(most, currency) < 10**10
