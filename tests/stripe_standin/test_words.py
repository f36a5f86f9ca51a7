from __future__ import annotations

from stripe_standin.words import amount_words, moment_words
from tests.stripe_standin.shop import NOW


def test_amounts_and_moments_read_as_people_write_them() -> None:
    assert amount_words(123_456, "eur") == "1,234.56 EUR"
    assert amount_words(1500, "jpy") == "1,500 JPY"
    assert moment_words(NOW) == "23 November 2026, 12:00 UTC"
