"""CSV for spreadsheets: every cell quoted, and no text that a spreadsheet would take for a formula. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

# A spreadsheet takes a cell that begins so for a formula; full-width forms count, and so does what a blank hides.
FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[str | int | Decimal]]) -> str:
    """The rows below a header line, with CR LF line ends (RFC 4180). Numbers of ours stay numbers, negative ones too."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([harmless_cell(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue()


def harmless_cell(text: str) -> str:
    """The text as a cell that no spreadsheet calculates."""
    start = text.lstrip(" \u00a0\ufeff")[:1]
    return "'" + text if start in FORMULA_STARTS and start else text
