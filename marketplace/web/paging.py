"""Pages of a list: by number where readers may jump, by cursor where the list grows at its head."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any, Generic, TypeVar

from flask import request

from marketplace.core.errors import NotFound
from marketplace.web.params import read_id, read_number

LARGEST = 100_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Pages:
    """The page shown, and how many there are."""

    number: int
    total: int
    size: int

    @property
    def last(self) -> int:
        """The last page's number; an empty list has one page."""
        return max(1, -(-self.total // self.size))

    @property
    def first_item(self) -> int:
        """Number of the first item shown."""
        return (self.number - 1) * self.size + 1

    @property
    def last_item(self) -> int:
        """Number of the last item shown."""
        return min(self.number * self.size, self.total)


def requested_page() -> int:
    """The page number of the query, by default 1. Raises `NotFound` if it is not a page number."""
    text = request.args.get("page") or "1"
    if not is_page_number(text):
        raise NotFound("no_such_page")
    return int(text)


def is_page_number(text: str) -> bool:
    """Whether a text is a page number."""
    number = read_number(text)
    return number is not None and 1 <= number <= LARGEST


def pages_of(number: int, total: int, size: int) -> Pages:
    """The pages of a list. Raises `NotFound` past the last one."""
    pages = Pages(number, total, size)
    if number > pages.last:
        raise NotFound("no_such_page")
    return pages


@dataclass(frozen=True, slots=True)
class CursorPage(Generic[Row]):
    """Rows of a list, and the cursor after which the next page begins; None on the last page."""

    rows: Sequence[Row]
    next: Any


def cursor_page(
    rows: Sequence[Row], size: int, cursor: Callable[[Row], Any] = attrgetter("id")
) -> CursorPage[Row]:
    """The page from a query with `limit=size + 1`: an extra row only shows that there are more."""
    shown = rows[:size]
    return CursorPage(shown, cursor(shown[-1]) if len(rows) > size else None)


def write_cursor(moment: datetime, row_id: int) -> str:
    """A (moment, id) cursor for an address: microseconds since 1970, id."""
    return f"{(moment - EPOCH) // timedelta(microseconds=1)}-{row_id}"


def read_cursor(text: str) -> tuple[datetime, int]:
    """Parse a (moment, id) cursor. Raises `NotFound` if it is not one."""
    first, _, second = text.partition("-")
    moment, row_id = read_number(first, digits=16), read_id(second)
    if moment is None or row_id is None:
        raise NotFound("no_such_page")
    return EPOCH + timedelta(microseconds=moment), row_id
