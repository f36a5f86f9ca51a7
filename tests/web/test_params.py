"""Ids and numbers in addresses and forms."""

from __future__ import annotations

import pytest
from flask import Flask

from marketplace.core.errors import NotFound
from marketplace.web.params import read_id, read_number, requested_id, require_id, require_ids

NO_ID = ["-1", "1.5", "x", "1e3", "2147483648", "9" * 5000, "٣", "²", "1 ", "+1", "1_0"]


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("7", 7), ("007", 7), ("2147483647", 2147483647)])
def test_an_id_is_digits_that_a_row_can_have(text: str, number: int) -> None:
    assert (read_id(text), require_id(text)) == (number, number)


@pytest.mark.parametrize("text", ["", *NO_ID])
def test_what_is_no_id_is_not_found(text: str) -> None:
    assert read_id(text) is None
    with pytest.raises(NotFound):
        require_id(text)


def test_a_number_has_a_bound_of_digits() -> None:
    assert (read_number("9" * 9), read_number("9" * 10)) == (999_999_999, None)
    assert read_number("9" * 15, digits=15) == 10**15 - 1


def test_ids_come_each_once_in_their_order() -> None:
    assert require_ids(["3", "1", "03"]) == [3, 1]
    with pytest.raises(NotFound):
        require_ids(["3", "x"])


def test_an_id_of_the_query_may_be_absent_but_not_wrong() -> None:
    for query, found in (("", None), ("after=", None), ("after=5", 5)):
        with Flask("ids").test_request_context(f"/?{query}"):
            assert requested_id("after") == found
    with Flask("ids").test_request_context("/?after=x"), pytest.raises(NotFound):
        requested_id("after")
