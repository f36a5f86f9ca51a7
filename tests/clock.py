"""The clock that tests hand to the program: it stands still until it is advanced."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 23, 12, tzinfo=UTC)


class FrozenClock:
    """Returns one moment, aware UTC, whenever it is called."""

    def __init__(self, moment: datetime = START) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        """The time now."""
        return self.moment

    def advance(self, step: timedelta) -> datetime:
        """Let time pass; returns the new moment."""
        self.moment += step
        return self.moment

    @contextmanager
    def ahead(self, step: timedelta) -> Iterator[None]:
        """Meanwhile it is later; afterwards the clock stands where it stood."""
        before = self.moment
        self.moment += step
        try:
            yield
        finally:
            self.moment = before

    def reset(self) -> None:
        """Back to the start."""
        self.moment = START
