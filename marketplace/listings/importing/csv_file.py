"""Listings in CSV: the columns, and a file read and written record by record. Pure: text in, text out.

Comma, double quotes, UTF-8. Records are numbered by the physical line they start on (the header's is 1). A record that
cannot be read is named and costs only its first line: reading goes on with the next one.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from marketplace.listings.importing.csv_terms import TERM_COLUMNS

COLUMNS = ("topic", "provider", "website", *TERM_COLUMNS, "status")
REQUIRED = ("topic", "provider", "website")
QUOTED = frozenset('",\r\n')


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the number of its first line, and its cells by column (only those of the header)."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that cannot be read, and why."""

    line: int
    reason: str


class HeaderRefused(Exception):
    """The first record names no columns that we know; the message says what is wrong."""


def read_records(lines: Iterable[str]) -> Iterator[Record | BadRecord]:
    """The records of a file given as its lines with their line breaks. Raises `HeaderRefused` before the first one."""
    parts = _split(lines)
    header = next(parts, None)
    if header is None:
        raise HeaderRefused("The file is empty: its first line must name the columns.")
    columns = _read_header(header[1])
    for number, cells in parts:
        if isinstance(cells, str):
            yield BadRecord(number, cells)
        elif len(cells) != len(columns):
            yield BadRecord(number, f"The line has {len(cells)} cells, the header has {len(columns)}.")
        elif any(_undecoded(cell) for cell in cells):
            yield BadRecord(number, "The line is not UTF-8 text.")
        else:
            yield Record(number, dict(zip(columns, cells, strict=True)))


def _read_header(cells: list[str] | str) -> list[str]:
    if isinstance(cells, str):
        raise HeaderRefused(f"The first line cannot be read: {cells}")
    columns = [cell.strip() for cell in cells]
    if missing := [name for name in REQUIRED if name not in columns]:
        raise HeaderRefused(
            f"The first line must name the columns, separated by commas; missing: {', '.join(missing)}."
        )
    if unknown := [name for name in columns if name not in COLUMNS]:
        raise HeaderRefused(f"There is no such column: {', '.join(repr(name) for name in unknown)}.")
    if len(set(columns)) != len(columns):
        raise HeaderRefused("A column is named twice.")
    return columns


class _Lines:
    """Lines that can be given again, counted, with those of the current record remembered."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._again: deque[str] = deque()
        self.record: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self.record.append(line)
        return line

    def give_again(self) -> None:
        """All lines of the current record but its first."""
        self._again.extendleft(reversed(self.record[1:]))
        del self.record[1:]


def _split(lines: Iterable[str]) -> Iterator[tuple[int, list[str] | str]]:
    """(line, cells or why they cannot be read) of each record that is not blank."""
    source, number = _Lines(lines), 1
    reader = csv.reader(source, strict=True)
    while True:
        source.record.clear()
        try:
            cells: list[str] | str = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            cells = _explain(error)
            source.give_again()
            reader = csv.reader(source, strict=True)
        if cells:
            yield number, cells
        number += len(source.record)


def _explain(error: csv.Error) -> str:
    text = str(error)
    if "unexpected end" in text:
        return "A quoted cell is not closed."
    if "field limit" in text:
        return "A cell is too long, or its quotes are not closed."
    return "The quotes are not in order: a quote inside a quoted cell is written twice."


def _undecoded(cell: str) -> bool:
    return not cell.isascii() and any("\ud800" <= character <= "\udfff" for character in cell)


def write_record(cells: Sequence[str]) -> str:
    """One line of the file, with its line break; cells stand exactly as they are."""
    return ",".join(_quoted(cell) for cell in cells) + "\n"


def _quoted(cell: str) -> str:
    if QUOTED.isdisjoint(cell):
        return cell
    return '"' + cell.replace('"', '""') + '"'
