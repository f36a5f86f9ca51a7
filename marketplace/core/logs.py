"""Logging to standard error: one line an event, without user input.

Exceptions are written as their class and the places they passed; messages stay out, because a database's or a mail
server's message quotes addresses.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterable
from types import TracebackType

ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class QuietFormatter(logging.Formatter):
    """Time, level, where from, what; of an exception its class and the places, never its message."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S%z")

    def formatException(self, ei: ErrorInfo) -> str:  # noqa: N802 (logging's name)
        """The places and the class."""
        kind, _, places = ei
        return "".join(traceback.format_tb(places)) + (kind.__name__ if kind else "")


def log_to_stderr() -> None:
    """Send the log to standard error: ours from INFO up, libraries' from WARNING up. Once, however often called."""
    root = logging.getLogger()
    if not any(isinstance(handler.formatter, QuietFormatter) for handler in root.handlers):
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(QuietFormatter())
        root.addHandler(handler)
    logging.getLogger("marketplace").setLevel(logging.INFO)


def log_warnings(warnings: Iterable[str]) -> None:
    """Say at start what the settings leave out (`Settings.warnings`)."""
    for warning in warnings:
        logging.getLogger(__name__).warning(warning)
