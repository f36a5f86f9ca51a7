"""Amounts as Stripe counts them, and as we do. Pure.

We count in the exponents of ISO 4217. Stripe's published list of currencies differs for some: a few have no decimals there,
two have two decimals that must be zero, and of three decimals the last must be zero. Reviewed on 2026-12-01.
"""

from __future__ import annotations

from marketplace.i18n.currencies import currency_digits

_NO_DECIMALS = frozenset("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split())
_THREE_DECIMALS = frozenset("BHD JOD KWD OMR TND".split())
# Without decimals by ISO 4217, but Stripe takes hundredths that are zero.
_ZERO_HUNDREDTHS = frozenset(("ISK", "UGX"))


def stripe_digits(currency: str) -> int:
    """How many decimals Stripe's integers of a currency have."""
    return 0 if currency in _NO_DECIMALS else 3 if currency in _THREE_DECIMALS else 2


def price_step(currency: str) -> int:
    """What our minor units of a price must be a multiple of, so that Stripe can charge it."""
    if currency in _THREE_DECIMALS:
        return 10
    return max(1, 10 ** (currency_digits(currency) - stripe_digits(currency)))


def to_stripe(minor: int, currency: str) -> int:
    """Stripe's integer of an amount in our minor units. Raises ValueError for one that is no multiple of the step."""
    if minor % price_step(currency):
        raise ValueError(f"{minor} {currency} cannot be charged")
    return _scaled(minor, stripe_digits(currency) - currency_digits(currency))


def from_stripe(units: int, currency: str) -> int:
    """Our minor units of an amount that Stripe tells. Hundredths where there are none are rounded, halves up."""
    return _scaled(units, currency_digits(currency) - stripe_digits(currency))


def _scaled(amount: int, places: int) -> int:
    if places >= 0:
        return amount * 10**places
    step = 10**-places
    return (amount + step // 2) // step
