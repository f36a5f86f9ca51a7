"""Pages of a list, by number and by cursor."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from flask import Flask

from marketplace.core.errors import NotFound
from marketplace.web.paging import Pages, cursor_page, pages_of, read_cursor, requested_page, write_cursor

flask = Flask("pages")


def asked(query: str) -> int:
    with flask.test_request_context(f"/?{query}"):
        return requested_page()


@pytest.mark.parametrize(
    ("query", "number"), [("", 1), ("page=", 1), ("page=1", 1), ("page=7", 7), ("page=100000", 100000)]
)
def test_a_page_is_asked_for_by_number(query: str, number: int) -> None:
    assert asked(query) == number


@pytest.mark.parametrize(
    "text", ["0", "-1", "1.5", "x", "1e3", "100001", "9" * 5000, "٣", "²", "%00", "%ff", "1%202", "+1"]
)
def test_what_is_no_page_number_is_not_found(text: str) -> None:
    with pytest.raises(NotFound):
        asked(f"page={text}")


def test_pages_know_their_items() -> None:
    pages = pages_of(3, 65, 30)
    assert (pages.last, pages.first_item, pages.last_item) == (3, 61, 65)
    assert (Pages(1, 60, 30).last, Pages(1, 60, 30).last_item) == (2, 30)


def test_an_empty_list_has_one_page() -> None:
    assert pages_of(1, 0, 30).last == 1


def test_a_page_past_the_last_is_not_found() -> None:
    for number, total in ((2, 0), (2, 30), (3, 31)):
        with pytest.raises(NotFound):
            pages_of(number, total, 30)


def test_a_cursor_page_ends_with_the_cursor_of_the_next() -> None:
    rows = [SimpleNamespace(id=number) for number in (9, 7, 5)]
    page = cursor_page(rows, 2)
    assert ([row.id for row in page.rows], page.next) == ([9, 7], 7)
    assert cursor_page(rows, 2, lambda row: -row.id).next == -7
    last = cursor_page(rows, 3)
    assert (list(last.rows), last.next) == (rows, None)
    assert cursor_page([], 3).next is None


def test_a_cursor_survives_the_address() -> None:
    cursor = (datetime(2026, 3, 4, 12, 0, 0, 7, tzinfo=UTC), 12)
    assert read_cursor(write_cursor(*cursor)) == cursor


@pytest.mark.parametrize("text", ["", "x", "1", "1-x", "-1-2", "9" * 17 + "-1", "1-" + "9" * 10, "٣-1"])
def test_what_is_no_cursor_is_not_found(text: str) -> None:
    with pytest.raises(NotFound):
        read_cursor(text)
