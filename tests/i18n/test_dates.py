from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from marketplace.i18n.dates import format_date, format_moment, format_month, format_written_date, latest_date

DAY = date(2024, 6, 24)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "24 June 2024"),
        ("en-US", "June 24, 2024"),
        ("es", "24 de junio de 2024"),
        ("pt", "24 de junho de 2024"),
        ("de", "24. Juni 2024"),
        ("el", "24 Ιουνίου 2024"),
        ("hr", "24. lipnja 2024."),
        ("hu", "2024. június 24."),
        ("pl", "24 czerwca 2024"),
        ("tlh", "24 June 2024"),
    ],
)
def test_a_day_reads_as_its_language_writes_it(language: str, text: str) -> None:
    assert format_date(DAY, language) == text


def test_a_day_can_be_shorter() -> None:
    assert format_date(DAY, "en", "medium") == "24 Jun 2024"
    assert format_date(DAY, "es", "medium") == "24 jun 2024"


def test_a_time_counts_by_its_day_in_utc() -> None:
    evening = datetime(2024, 6, 23, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    assert format_date(evening, "en") == "24 June 2024"
    assert format_date(datetime(2024, 6, 24, 1, tzinfo=UTC), "en") == "24 June 2024"


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "October 2026"), ("es", "octubre de 2026"), ("cs", "říjen 2026"), ("pl", "październik 2026")],
)
def test_a_month_reads_as_its_language_writes_it(language: str, text: str) -> None:
    assert format_month(date(2026, 10, 31), language) == text


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("2024-06-24", "24 de junio de 2024"),
        ("2024-06-24T23:30:00-05:00", "24 de junio de 2024"),
        ("2024-06-24 10:00:00", "24 de junio de 2024"),
        ("23 de junho de 2024", "23 de junho de 2024"),
        ("2024-06-31", "2024-06-31"),
        ("", ""),
    ],
)
def test_a_date_that_is_no_date_stays_as_written(written: str, text: str) -> None:
    assert format_written_date(written, "es") == text


def test_a_moment_is_told_to_the_minute_in_utc() -> None:
    moment = datetime(2024, 6, 24, 23, 30, 59, tzinfo=timezone(timedelta(hours=-2)))
    assert format_moment(moment, "en") == "25 June 2024, 01:30 UTC"
    assert format_moment(moment, "es") == "25 de junio de 2024, 01:30 UTC"


@pytest.mark.parametrize(("hour", "day"), [(9, 23), (10, 24), (23, 24)])
def test_the_latest_date_is_that_of_the_easternmost_zone(hour: int, day: int) -> None:
    assert latest_date(datetime(2026, 11, 23, hour, tzinfo=UTC)) == date(2026, 11, day)
    same_moment = datetime(2026, 11, 23, hour, tzinfo=UTC).astimezone(timezone(timedelta(hours=-8)))
    assert latest_date(same_moment) == date(2026, 11, day)
