from __future__ import annotations

import pytest
from babel import localedata

from marketplace.values.timeframe import UNITS, format_time_from, format_timeframe

S = "\u00a0"  # no-break


@pytest.mark.parametrize(
    ("lo", "hi", "unit", "language", "text"),
    [
        (12, 18, "business_days", "en", "12–18 business days"),
        (1, 1, "business_days", "en", "1 business day"),
        (2, 3, "weeks", "en", "2–3 weeks"),
        (5, 5, "minutes", "en", "5 minutes"),
        (1, 1, "days", "en", "1 day"),
        (1, 2, "months", "en", "1–2 months"),
        (24, 48, "hours", "en", "24–48 hours"),
        (1500, 2000, "hours", "en", "1,500–2,000 hours"),
        (12, 18, "business_days", "es", "12–18 días hábiles"),
        (5, 5, "minutes", "es", "5 minutos"),
        (2, 3, "weeks", "de", "2–3 Wochen"),
        (2, 3, "weeks", "fr", f"2–3{S}semaines"),
        # The form of the upper end.
        (1, 3, "weeks", "pl", "1–3 tygodnie"),
        (2, 5, "weeks", "pl", "2–5 tygodni"),
        (4, 22, "business_days", "pl", "4–22 dni robocze"),
        (10, 12, "business_days", "pl", "10–12 dni roboczych"),
        (20, 25, "days", "ro", "20–25 de zile"),
        (2, 3, "months", "hr", "2–3 mjeseca"),
        (2, 5, "months", "sk", "2–5 mesiacov"),
        (2, 3, "weeks", "el", "2–3 εβδομάδες"),
        (2, 3, "weeks", "hu", "2–3 hét"),
        (2, 3, "weeks", "bg", "2–3 седмици"),
        (5, 5, "days", "cs", "5 dnů"),
        # CLDR leaves these out where they equal the shorter form.
        (3, 5, "days", "it", "3–5 giorni"),
        (3, 5, "days", "pt", "3–5 dias"),
        (1, 1, "days", "pt", "1 dia"),
        (1, 1, "months", "pt", "1 mês"),
        (1, 2, "hours", "nl", "1–2 uur"),
        (2, 3, "weeks", "sv", "2–3 veckor"),
        (2, 3, "weeks", "ja", f"2–3{S}週間".replace(S, " ")),
        # Arabic says "two months" without a number.
        (1, 2, "months", "ar", "1–2 شهر"),
        (2, 2, "months", "ar", "شهران"),
        (2, 3, "weeks", "tlh", "2–3 weeks"),
        (2, 3, "business_days", "tlh", "2–3 business days"),
        # One end suffices.
        (None, 3, "weeks", "en", "3 weeks"),
        (2, None, "weeks", "en", "2 weeks"),
    ],
)
def test_a_timeframe_reads_as_its_language_counts(
    lo: int | None, hi: int | None, unit: str, language: str, text: str
) -> None:
    assert format_timeframe(lo, hi, unit, language) == text


@pytest.mark.parametrize(
    ("language", "text"), [("en", "not stated"), ("es", "no indicado"), ("de", "keine Angabe")]
)
def test_no_timeframe_is_said_in_words(language: str, text: str) -> None:
    assert format_timeframe(None, None, None, language) == text
    assert format_timeframe(2, 3, None, language) == text
    assert format_timeframe(None, None, "weeks", language) == text


def test_an_unknown_unit_is_an_error() -> None:
    with pytest.raises(KeyError):
        format_timeframe(1, 2, "fortnights", "en")


def test_what_a_timeframe_counts_from_is_said_in_words() -> None:
    assert format_time_from("documents_complete", "en") == "once your papers are complete"
    assert format_time_from("order", "en") == "from the order"
    assert format_time_from("appointment", "es") == "desde la cita"
    assert format_time_from("documents_complete", "fr") == "une fois le dossier complet"
    assert format_time_from(None, "en") == ""
    assert format_time_from("", "en") == ""
    with pytest.raises(KeyError):
        format_time_from("tomorrow", "en")


@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS)
def test_every_language_that_babel_knows_has_words_for_every_unit(unit: str) -> None:
    for name in localedata.locale_identifiers():
        text = format_timeframe(2, 3, unit, name.replace("_", "-"))
        assert "2–3" in text
        assert "duration" not in text
