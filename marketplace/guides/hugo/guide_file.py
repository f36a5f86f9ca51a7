"""Reads and splices a guide's Markdown file as bytes: front matter, provider table, rows.

Pure: bytes in, bytes out. Offsets are byte offsets into the whole file. Text outside the rows never changes.

    file = read_guide(data)
    data = splice_rows(data, build_region([table_row(cells)], file.newline))
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from marketplace.guides.hugo.cells import link_cell, plain_text, read_link, table_row, text_cell
from marketplace.guides.hugo.front_matter import (
    FrontMatter,
    GuideRefused,
    read_front_matter,
    split_front_matter,
)
from marketplace.guides.hugo.table import ProviderTable, TableRow, read_body

__all__ = [
    "FrontMatter",
    "GuideFile",
    "GuideRefused",
    "ProviderTable",
    "TableRow",
    "build_region",
    "link_cell",
    "plain_text",
    "read_guide",
    "read_link",
    "rows_region",
    "splice_rows",
    "table_row",
    "text_cell",
    "without_shortcodes",
]

MAX_BYTES = 256 * 1024  # of a file; the longest real one has 7,507

_ALT = re.compile(r"""\balt\s*=\s*(?:"((?:[^"\\]|\\.)*)"|`([^`]*)`|([^\s"`>]+))""")


@dataclass(frozen=True, slots=True)
class GuideFile:
    """A guide as read: front matter, start of the body, provider table, and the line break that the table uses."""

    front: FrontMatter
    body_start: int
    table: ProviderTable | None
    newline: bytes


def read_guide(data: bytes) -> GuideFile:
    """Read a guide's file. Raises GuideRefused if it is not a guide or its provider table is ambiguous."""
    source, body_start = _checked(data)
    front = read_front_matter(source)
    body = read_body(data, body_start)
    if not front.title:
        front = replace(front, title=body.first_heading)
    ending = data.index(b"\n", 0 if body.table is None else body.table.table_start)
    newline = b"\r\n" if data[ending - 1 : ending] == b"\r" else b"\n"
    return GuideFile(front=front, body_start=body_start, table=body.table, newline=newline)


def _checked(data: bytes) -> tuple[str, int]:
    """The source of the front matter and the start of the body. Raises GuideRefused if the file is too large or not text."""
    if len(data) > MAX_BYTES:
        raise GuideRefused("too_large", f"The file is larger than {MAX_BYTES} bytes.")
    if b"\0" in data:
        raise GuideRefused("not_text", "The file holds NUL bytes.")
    try:
        data.decode()
    except UnicodeDecodeError as error:
        raise GuideRefused("not_utf8", f"The file is not UTF-8 at byte {error.start}.") from None
    source, body_start = split_front_matter(data)
    return source.decode(), body_start


def rows_region(data: bytes, table: ProviderTable) -> bytes:
    """The bytes of the rows, as `splice_rows` takes them."""
    return data[table.rows_start : table.rows_end]


def build_region(lines: Sequence[bytes], newline: bytes) -> bytes:
    """A rows region from lines without line break (see `table_row`) and the file's line break."""
    # A lone CR is no line break, and a row of a file may contain one.
    if any(b"\n" in line for line in lines):
        raise ValueError("A row holds a line break.")
    return b"".join(newline + line for line in lines)


def splice_rows(data: bytes, region: bytes) -> bytes:
    """The file with its rows replaced by `region`. Raises GuideRefused, also if it has no table."""
    table = read_body(data, _checked(data)[1]).table
    if table is None:
        raise GuideRefused("no_table", "The file has no provider table.")
    return data[: table.rows_start] + region + data[table.rows_end :]


def without_shortcodes(text: str) -> str:
    """Markdown without Hugo's shortcodes. A shortcode is replaced by the text of its `alt` argument, if it has one.

    Text between an opening and a closing shortcode stays. A commented one (`{{</* x */>}}`) is shown as in Hugo.
    """
    pieces: list[str] = []
    done = 0
    closings = {"{{<": ">}}", "{{%": "%}}"}
    while closings:
        starts = {text.find(opening, done): opening for opening in closings}
        start = min((at for at in starts if at >= 0), default=-1)
        if start < 0:
            break
        closing = closings[starts[start]]
        end = text.find(closing, start + 3)
        if end < 0:
            del closings[starts[start]]  # no further end of this kind: do not search again
            continue
        pieces += [text[done:start], _shown(text[start : start + 3], text[start + 3 : end].strip(), closing)]
        done = end + 3
    return "".join([*pieces, text[done:]])


def _shown(opening: str, inner: str, closing: str) -> str:
    """The visible text of a shortcode, as Markdown source."""
    if inner.startswith("/*") and inner.endswith("*/"):
        return text_cell(f"{opening} {inner[2:-2].strip()} {closing}")
    match = _ALT.search(inner)
    return text_cell(next(filter(None, match.groups()), "")) if match else ""
