"""How long a service takes, in words: `12–18 business days`, `2–3 weeks`, `from the order`. Pure.

Minutes to months come from CLDR in the language itself, business days from the table's catalogue. A range takes the
plural form of its upper end.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import Any

from babel import Locale, localedata
from babel.numbers import format_decimal

from marketplace.i18n.locales import WORLD_ENGLISH, babel_locale
from marketplace.i18n.table_words import business_days, table_words


class TimeUnit(StrEnum):
    """What a timeframe counts."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    BUSINESS_DAYS = "business_days"
    WEEKS = "weeks"
    MONTHS = "months"


class TimeStart(StrEnum):
    """What a timeframe counts from."""

    DOCUMENTS_COMPLETE = "documents_complete"
    ORDER = "order"
    APPOINTMENT = "appointment"


# What a unit lasts, so that times in different units can be compared: a week is 7 days or 5 business days, a month is
# 30.4375 days (a twelfth of 365.25). `/about/reviews/` says so.
UNIT_MINUTES: dict[str, int] = {
    TimeUnit.MINUTES: 1,
    TimeUnit.HOURS: 60,
    TimeUnit.DAYS: 1440,
    TimeUnit.BUSINESS_DAYS: 1440 * 7 // 5,
    TimeUnit.WEEKS: 1440 * 7,
    TimeUnit.MONTHS: 43_830,
}
# CLDR knows no business days.
UNITS: dict[str, str] = {
    TimeUnit.MINUTES: "duration-minute",
    TimeUnit.HOURS: "duration-hour",
    TimeUnit.DAYS: "duration-day",
    TimeUnit.WEEKS: "duration-week",
    TimeUnit.MONTHS: "duration-month",
}
LENGTHS = ("long", "short", "narrow")


@lru_cache(maxsize=4096)
def format_timeframe(time_min: int | None, time_max: int | None, time_unit: str | None, language: str) -> str:
    """A timeframe in a language; the words for "not stated" without one.

    `time_unit` is one of `TimeUnit`; KeyError for another. One end suffices.
    """
    lo, hi = (time_max if time_min is None else time_min), (time_min if time_max is None else time_max)
    if lo is None or hi is None or not time_unit:
        return table_words(language).not_stated
    locale = babel_locale(language)
    shown = str(format_decimal(hi, locale=locale))
    if lo != hi:
        shown = f"{format_decimal(lo, locale=locale)}–{shown}"
    if time_unit == TimeUnit.BUSINESS_DAYS:
        return business_days(hi, shown, language)
    form = str(locale.plural_form(hi))
    return _unit_pattern(locale, UNITS[time_unit], form, single=lo == hi).format(shown)


def format_time_from(time_from: str | None, language: str) -> str:
    """What a timeframe counts from (one of `TimeStart`); nothing where that is not stated."""
    words = table_words(language)
    known: dict[str, str] = {
        TimeStart.DOCUMENTS_COMPLETE: words.documents_complete,
        TimeStart.ORDER: words.order,
        TimeStart.APPOINTMENT: words.appointment,
    }
    return known[time_from] if time_from else ""


@lru_cache(maxsize=256)
def unit_patterns(locale: Locale, unit: str) -> dict[tuple[str, str], str]:
    """CLDR's patterns of a unit (`{0} days`) by length and plural form, as far as the locale writes them out.

    Read from the data themselves: `babel.units.format_unit` knows nothing of a longer form that CLDR leaves out because
    it equals the shorter one, and writes `18 duration-day` in Italian, Portuguese and Dutch.
    """
    data: Any = localedata.load(str(locale))
    units = localedata.LocaleDataDict(data).get("unit_patterns", {})
    patterns = {}
    for length in LENGTHS:
        for form, pattern in units.get(unit, {}).get(length, {}).items():
            if form != "per":
                patterns[length, form] = str(pattern)
    return patterns


@lru_cache(maxsize=4096)
def _unit_pattern(locale: Locale, unit: str, form: str, *, single: bool) -> str:
    """The pattern as CLDR inherits it: the same form in a shorter length, then the form `other`; English at last."""
    for source, wanted in ((locale, form), (WORLD_ENGLISH, "one" if single and form == "one" else "other")):
        patterns = unit_patterns(source, unit)
        for lengths in (LENGTHS[:2], LENGTHS[2:]):
            for key in ((length, name) for name in (wanted, "other") for length in lengths):
                # Some languages write one or two without a number ("a day"): a range would lose its ends.
                if key in patterns and (single or "{0}" in patterns[key]):
                    return patterns[key]
    raise KeyError(unit)
