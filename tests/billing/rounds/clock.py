"""A clock that several processes share: a file that holds the moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path


class FileClock:
    """Returns the moment that the file holds, aware UTC; stands still until it is advanced."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self) -> datetime:
        """The time now."""
        return datetime.fromisoformat(self._path.read_text())

    def set(self, moment: datetime) -> datetime:
        """Go to a moment. Nobody reads half of it."""
        fresh = self._path.with_suffix(".next")
        fresh.write_text(moment.isoformat())
        fresh.rename(self._path)
        return moment

    def advance(self, step: timedelta) -> datetime:
        """Let time pass; returns the new moment."""
        return self.set(self() + step)
