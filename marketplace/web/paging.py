"""Pages of a list by number, as an address carries them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from marketplace.core.errors import NotFound

LARGEST = 100_000


@dataclass(frozen=True, slots=True)
class Pages:
    """Which page of how many is shown."""

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


def asked_page() -> int:
    """The page asked for. Raises `NotFound` for what is no page number."""
    text = request.args.get("page") or "1"
    if not (text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= LARGEST):
        raise NotFound("no_such_page")
    return int(text)


def pages_of(number: int, total: int, size: int) -> Pages:
    """The pages of a list. Raises `NotFound` past the last one."""
    pages = Pages(number, total, size)
    if number > pages.last:
        raise NotFound("no_such_page")
    return pages
