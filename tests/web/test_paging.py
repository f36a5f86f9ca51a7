"""Pages of a list by number."""

from __future__ import annotations

import pytest
from flask import Flask

from marketplace.core.errors import NotFound
from marketplace.web.paging import Pages, asked_page, pages_of

flask = Flask("pages")


def asked(query: str) -> int:
    with flask.test_request_context(f"/?{query}"):
        return asked_page()


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
