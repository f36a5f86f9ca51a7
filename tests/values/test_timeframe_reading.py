from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.values.timeframe import UNITS, format_timeframe
from marketplace.values.timeframe_reading import parse_timeframe

LANGUAGES = "en es pt de el bg cs fr hr hu it nl pl ro sk sv ja tlh pt-BR ar fi".split()


@pytest.mark.parametrize(
    ("text", "language", "read"),
    [
        ("5 minutes", "en", (5, 5, "minutes")),
        ("5 minutos", "es", (5, 5, "minutes")),
        ("5 MINUTOS.", "es", (5, 5, "minutes")),
        ("2-3 Wochen", "de", (2, 3, "weeks")),
        ("2 – 3 Wochen", "de", (2, 3, "weeks")),
        ("2 bis 3 Wochen", "de", (2, 3, "weeks")),
        ("2 to 3 weeks", "en", (2, 3, "weeks")),
        ("2 a 3 semanas", "es", (2, 3, "weeks")),
        ("2 až 3 týdny", "cs", (2, 3, "weeks")),
        ("2 με 3 εβδομάδες", "el", (2, 3, "weeks")),
        ("12–18 business days", "en", (12, 18, "business_days")),
        ("5 working days", "en", (5, 5, "business_days")),
        ("10 días hábiles", "es", (10, 10, "business_days")),
        ("10 dias habiles", "es", (10, 10, "business_days")),
        ("10 días laborables", "es", (10, 10, "business_days")),
        ("1 jour ouvré", "fr", (1, 1, "business_days")),
        ("5 dni roboczych", "pl", (5, 5, "business_days")),
        ("20 de zile lucrătoare", "ro", (20, 20, "business_days")),
        ("24h", "en", (24, 24, "hours")),
        ("5 Min.", "de", (5, 5, "minutes")),
        ("1 mes", "es", (1, 1, "months")),
        ("6 mj.", "hr", (6, 6, "months")),
        ("5日", "ja", (5, 5, "days")),
        ("siku 5", "sw", (5, 5, "days")),
        ("٥ دقائق", "ar", (5, 5, "minutes")),
        # English is read everywhere: the guides began in it.
        ("5 minutes", "es", (5, 5, "minutes")),
        ("5 days", "tlh", (5, 5, "days")),
    ],
)
def test_a_timeframe_is_read_in_its_language(text: str, language: str, read: tuple[int, int, str]) -> None:
    assert parse_timeframe(text, language) == read


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "en"),
        ("N/A", "en"),
        ("5", "en"),
        ("weeks", "en"),
        ("about 5 days", "en"),
        ("up to 5 days", "en"),
        ("from 2 weeks", "en"),
        ("1.5 hours", "en"),
        ("1,5 horas", "es"),
        ("3-2 weeks", "en"),
        ("0 days", "en"),
        ("2 weeks - 3 months", "en"),
        ("2 weeks, sometimes more", "en"),
        ("10000 days", "en"),
        ("5m", "en"),
        ("5 Wochen", "es"),
        ("5 fortnights", "en"),
        ("Varies", "en"),
        ("5 days" + " " * 500 + ".", "en"),
    ],
)
def test_what_is_not_certain_is_not_read(text: str, language: str) -> None:
    assert parse_timeframe(text, language) is None


@given(
    st.integers(1, 900),
    st.integers(0, 99),
    st.sampled_from([*UNITS, "business_days"]),
    st.sampled_from(LANGUAGES),
)
def test_what_we_write_is_read_back(lo: int, more: int, unit: str, language: str) -> None:
    read = parse_timeframe(format_timeframe(lo, lo + more, unit, language), language)
    # Arabic and its like write some numbers as words.
    assert read == (lo, lo + more, unit) or (language == "ar" and read is None)


@given(st.text(max_size=300), st.sampled_from(LANGUAGES))
def test_no_text_breaks_the_reading(text: str, language: str) -> None:
    read = parse_timeframe(text, language)
    assert read is None or read[0] <= read[1]
