from __future__ import annotations

from datetime import UTC, date, datetime

from marketplace.accounts.privacy.signals import written


def test_values_are_written_as_files_hold_them() -> None:
    assert written(date(2026, 11, 26)) == "2026-11-26"
    assert written(datetime(2026, 11, 26, 8, tzinfo=UTC)) == "2026-11-26T08:00:00+00:00"
    assert [written(value) for value in ("text", 3, None, True)] == ["text", 3, None, True]
