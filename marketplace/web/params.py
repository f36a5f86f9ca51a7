"""Numbers and ids as addresses and forms carry them: ASCII digits, and no id that no row can have."""

from __future__ import annotations

from collections.abc import Iterable

from flask import request
from werkzeug.routing import IntegerConverter, Map

from marketplace.core.database import LARGEST_ID
from marketplace.core.errors import NotFound


class IdConverter(IntegerConverter):
    """`<int:…>` in routes. An id that no row can have does not match."""

    regex = r"[0-9]{1,10}"

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_ID)


def read_number(text: str, *, digits: int = 9) -> int | None:
    """Parse a whole number; None if the text is not one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def read_id(text: str) -> int | None:
    """Parse an id; None if the text is not one."""
    number = read_number(text, digits=10)
    return number if number is not None and number <= LARGEST_ID else None


def require_id(text: str) -> int:
    """Parse an id. Raises `NotFound` if the text is not one."""
    number = read_id(text)
    if number is None:
        raise NotFound("no_such_page")
    return number


def require_ids(texts: Iterable[str]) -> list[int]:
    """Parse ids and drop duplicates. Raises `NotFound` if a text is not an id."""
    return list(dict.fromkeys(map(require_id, texts)))


def requested_id(name: str) -> int | None:
    """The id in the query under this name; None if absent or empty. Raises `NotFound` if it is not an id."""
    text = request.args.get(name, "")
    return require_id(text) if text else None
