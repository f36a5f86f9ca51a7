"""Numbers and ids as addresses and forms carry them: ASCII digits, and no id that no row can have."""

from __future__ import annotations

from collections.abc import Iterable

from flask import request
from werkzeug.routing import IntegerConverter, Map

from marketplace.core.database import LARGEST_ID
from marketplace.core.errors import NotFound


class IdConverter(IntegerConverter):
    """`<int:…>` in routes: what no row can have as its id is no address."""

    regex = r"[0-9]{1,10}"

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_ID)


def read_number(text: str, *, digits: int = 9) -> int | None:
    """The whole number that a text is, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def read_id(text: str) -> int | None:
    """The id that a text is, or None."""
    number = read_number(text, digits=10)
    return number if number is not None and number <= LARGEST_ID else None


def require_id(text: str) -> int:
    """The id that a text is. Raises `NotFound`."""
    number = read_id(text)
    if number is None:
        raise NotFound("no_such_page")
    return number


def require_ids(texts: Iterable[str]) -> list[int]:
    """The ids that texts are, each once. Raises `NotFound` where one is none."""
    return list(dict.fromkeys(map(require_id, texts)))


def requested_id(name: str) -> int | None:
    """The id in the query under this name; None where it is absent or empty. Raises `NotFound` for what is no id."""
    text = request.args.get(name, "")
    return require_id(text) if text else None
