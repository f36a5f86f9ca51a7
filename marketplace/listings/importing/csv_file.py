"""Listings in CSV: the columns, and the records of a file by column. Pure.

Records are numbered by the physical line they start on (the header's is 1). A record that cannot be read is named and
costs only its first line: reading goes on with the next one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from marketplace.listings.importing.csv_terms import TERM_COLUMNS
from marketplace.values.csv import BrokenRow, Row, fit, header_names, read_rows

COLUMNS = ("topic", "provider", "website", *TERM_COLUMNS, "status")
REQUIRED = ("topic", "provider", "website")


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the number of its first line, and its cells by column (only those of the header)."""

    line: int
    cells: dict[str, str]


class HeaderRefused(Exception):
    """The first record names no columns that we know; the message says what is wrong."""


def read_records(text: str) -> Iterator[Record | BrokenRow]:
    """The records of a file. Raises `HeaderRefused` before the first one."""
    rows = read_rows(text)
    columns = _read_header(next(rows, None))
    for row in rows:
        if isinstance(row, BrokenRow):
            yield row
        elif (cells := fit(row.cells, len(columns))) is None:
            reason = f"The line has {len(row.cells)} cells, the header has {len(columns)}."
            yield BrokenRow(row.line, reason)
        else:
            yield Record(row.line, dict(zip(columns, cells, strict=True)))


def _read_header(row: Row | BrokenRow | None) -> list[str]:
    if row is None:
        raise HeaderRefused("The file is empty: its first line must name the columns.")
    if isinstance(row, BrokenRow):
        raise HeaderRefused(f"The first line cannot be read: {row.reason}")
    columns = header_names(row.cells)
    if missing := [name for name in REQUIRED if name not in columns]:
        raise HeaderRefused(f"The first line must name the columns; missing: {', '.join(missing)}.")
    if unknown := [name for name in columns if name not in COLUMNS]:
        raise HeaderRefused(f"There is no such column: {', '.join(repr(name) for name in unknown)}.")
    if len(set(columns)) != len(columns):
        raise HeaderRefused("A column is named twice.")
    return columns
