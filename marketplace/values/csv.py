"""Every CSV file read and written here. Pure: bytes and text in, text out.

Read as spreadsheets write it: UTF-8 with or without its mark, UTF-16, Windows-1252 where that is certain; separated by
commas, semicolons or tabs; rows of separators only, empty columns at the end and short lines. Written for people, so that
a spreadsheet opens it as meant and calculates no text; or for programs, so that it comes back without loss.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

# A spreadsheet takes a cell that begins so for a formula; full-width forms count, and so does what a blank hides.
FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")
QUOTED = frozenset('",\r\n')
SEPARATORS = ",;\t"
# What stands beyond ASCII in Western texts of Windows-1252; the rest of that page is rather a sign of another encoding.
WESTERN = frozenset(
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿŒœŠšŽžŸ€ªº°«»“”‘’„‚–—…·¡¿ \u00a0"
)
MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class NotText(Exception):
    """A file that is no text in an encoding that we can be sure of."""

    def __str__(self) -> str:
        return "This is not a text file in UTF-8, UTF-16 or Windows-1252. Save the table as CSV in UTF-8 and try again."


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a record, and the physical line it starts on, from 1."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A record that cannot be read, and why."""

    line: int
    reason: str


def decode(data: bytes) -> str:
    """The text of a file, without its byte-order mark. Raises `NotText`.

    Bytes that are not UTF-8 in a file that otherwise is stay as lone surrogates, so that their line can be named.
    """
    for mark, encoding in MARKS.items():
        if data.startswith(mark):
            return _decoded(data.removeprefix(mark), encoding)
    if wide := _utf16_without_mark(data[:512]):
        return _decoded(data, wide)
    if b"\0" in data:
        raise NotText
    try:
        return data.decode()
    except UnicodeDecodeError:
        return _western(data) or data.decode(errors="surrogateescape")


def read_rows(text: str) -> Iterator[Row | BrokenRow]:
    """The records of a file that have a cell with something in it, the header's first.

    The separator is the one that the first line has most of. Broken quotes cost only the first line of their record.
    """
    separator = _separator(text)
    source, number = _Lines(text), 1
    reader = csv.reader(source, delimiter=separator, strict=True)
    while True:
        source.record.clear()
        broken = ""
        cells: list[str] = []
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            broken = _explain(error)
            source.give_again()
            reader = csv.reader(source, delimiter=separator, strict=True)
        if not broken and any(_undecoded(cell) for cell in cells):
            broken = "The line is not UTF-8 text. Save the file as CSV in UTF-8 and try again."
        if broken:
            yield BrokenRow(number, broken)
        elif any(cell.strip() for cell in cells):
            yield Row(number, cells)
        number += len(source.record)


def fit(cells: Sequence[str], width: int) -> list[str] | None:
    """The cells of a record under a header of `width` columns; None where there are more.

    A spreadsheet leaves out empty cells at the end of a line, or adds some.
    """
    if any(cell.strip() for cell in cells[width:]):
        return None
    return [*cells[:width], *[""] * (width - len(cells))]


def header_names(cells: Sequence[str]) -> list[str]:
    """The names of the columns, without empty ones at the end."""
    names = [cell.strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    return names


def csv_text(
    columns: Sequence[str], rows: Iterable[Sequence[str | int | Decimal]], *, with_mark: bool = True
) -> str:
    """A file for people: the rows below a header line, with CR LF line ends (RFC 4180) and the byte-order mark by which a
    spreadsheet knows UTF-8; public data that programs fetch goes without the mark. Text that a spreadsheet would
    calculate gets an apostrophe; numbers of ours stay numbers, negative ones too."""
    text = io.StringIO()
    text.write("\ufeff" if with_mark else "")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([harmless_cell(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue()


def harmless_cell(text: str) -> str:
    """The text as a cell that no spreadsheet calculates."""
    start = text.lstrip(" \u00a0\ufeff")[:1]
    return "'" + text if start in FORMULA_STARTS and start else text


def write_record(cells: Sequence[str]) -> str:
    """One line of a file for programs, with its line break; cells stand exactly as they are."""
    return ",".join(_quoted(cell) for cell in cells) + "\n"


def _quoted(cell: str) -> str:
    if QUOTED.isdisjoint(cell):
        return cell
    return '"' + cell.replace('"', '""') + '"'


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        if encoding == "utf-8":
            return data.decode(errors="surrogateescape")
        raise NotText from None


def _utf16_without_mark(start: bytes) -> str | None:
    """UTF-16 where nearly every second byte is zero, as in Western text, on the same side."""
    pairs = len(start) // 2
    for encoding, offset in (("utf-16-le", 1), ("utf-16-be", 0)):
        zeros, others = start[offset::2].count(0), start[1 - offset :: 2].count(0)
        if pairs >= 4 and zeros > 0.8 * pairs and not others:
            return encoding
    return None


def _western(data: bytes) -> str | None:
    """The text in Windows-1252 where that is certain: all of it fits a Western text, and none of it is UTF-8."""
    text = data.decode("cp1252", errors="replace")
    beyond = {character for character in text if not character.isascii()}
    mixed = any(
        not character.isascii() and character != "\ufffd" for character in data.decode(errors="replace")
    )
    return text if beyond <= WESTERN and not mixed else None


def _separator(text: str) -> str:
    line = next((line for line in text.splitlines() if line.strip(f" {SEPARATORS}")), "")
    outside = "".join(line.split('"')[::2])
    return max(SEPARATORS, key=outside.count)


def _explain(error: csv.Error) -> str:
    text = str(error)
    if "unexpected end" in text:
        return "A quoted cell is not closed."
    if "field limit" in text:
        return "A cell is too long, or its quotes are not closed."
    return "The quotes are not in order: a quote inside a quoted cell is written twice."


def _undecoded(cell: str) -> bool:
    return not cell.isascii() and any("\ud800" <= character <= "\udfff" for character in cell)


class _Lines:
    """Lines that can be given again, with those of the current record remembered."""

    def __init__(self, text: str) -> None:
        self._lines = iter(io.StringIO(text, newline=""))
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
