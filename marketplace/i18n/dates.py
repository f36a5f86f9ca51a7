"""Dates in any language: `24 June 2024`, `24 de junio de 2024`, `October 2026`. Pure.

A time of day is dropped; a day is the one in UTC.
"""

from __future__ import annotations

import datetime
from functools import lru_cache

from babel.dates import format_date as babel_date
from babel.dates import format_skeleton

from marketplace.i18n.locales import babel_locale

EASTERNMOST = datetime.timedelta(hours=14)


def format_date(date: datetime.date, language: str, style: str = "long") -> str:
    """A day in a language; `style` is `short`, `medium` (`24 Jun 2024`), `long` or `full` (with the weekday)."""
    return _date(_utc_day(date), language, style)


def format_moment(moment: datetime.datetime, language: str) -> str:
    """A moment to the minute, in UTC: `24 June 2024, 14:30 UTC`."""
    return f"{format_date(moment, language)}, {moment.astimezone(datetime.UTC):%H:%M} UTC"


def format_month(date: datetime.date, language: str) -> str:
    """The month of a day: `October 2026`, `octubre de 2026`."""
    return _month(_utc_day(date).replace(day=1), language)


def latest_date(moment: datetime.datetime) -> datetime.date:
    """The date in the easternmost time zone (UTC+14): what somebody there calls today is not in the future."""
    return (moment.astimezone(datetime.UTC) + EASTERNMOST).date()


def format_written_date(text: str, language: str) -> str:
    """A date as somebody wrote it: in the language's form where it is an ISO date, else as it stands."""
    try:
        written = datetime.datetime.fromisoformat(text.strip())
    except ValueError:
        return text
    return _date(written.date(), language, "long")


def _utc_day(date: datetime.date) -> datetime.date:
    if not isinstance(date, datetime.datetime):
        return date
    return (date.astimezone(datetime.UTC) if date.tzinfo else date).date()


@lru_cache(maxsize=2048)
def _date(date: datetime.date, language: str, style: str) -> str:
    return str(babel_date(date, format=style, locale=babel_locale(language)))


@lru_cache(maxsize=1024)
def _month(date: datetime.date, language: str) -> str:
    return str(format_skeleton("yMMMM", date, locale=babel_locale(language)))
