"""Lists are held against what is usual on the site."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.reviews.risk.lists import (
    CHANCE,
    LIST_CODES,
    LIST_FROM,
    SIZES_FROM,
    InvitedList,
    Usual,
    improbable,
    list_reasons,
)
from marketplace.reviews.risk.rules import WEIGHTS

HONEST = InvitedList(listed=100, days=31, answered=20, top=12, free_mail=60)
SITE = Usual(lists=8, listed=800, days=248, answered=160, free_mail=480, free_mail_of=800, rated=500, top=300)


def codes(found: InvitedList, usual: Usual = SITE) -> list[str]:
    return [reason["code"] for reason in list_reasons(found, usual)]


def test_a_usual_list_is_not_odd() -> None:
    assert codes(HONEST) == codes(HONEST, Usual()) == []


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"answered": 70, "top": 42}, "list_answers"),
        ({"top": 20}, "list_ratings"),
        ({"free_mail": 90}, "list_free_mail"),
        ({"listed": 15, "answered": 3, "top": 2, "free_mail": 9}, "list_size"),
        ({"listed": 500, "free_mail": 300}, "list_size"),
        ({"odd_addresses": 1}, "list_addresses"),
        ({"twins": 1}, "same_mailbox"),
        ({"alike": ((7, 35),)}, "list_style"),
    ],
)
def test_each_oddity_has_its_reason(values: dict[str, object], code: str) -> None:
    assert codes(replace(HONEST, **values)) == [code]  # type: ignore[arg-type]


def test_ten_mailboxes_that_all_answer_with_five_stars_are_odd_before_the_site_has_figures() -> None:
    mine = InvitedList(listed=10, days=31, answered=10, top=10, free_mail=10)
    assert codes(mine, Usual()) == ["list_answers", "list_ratings", "list_free_mail"]
    for number in range(1, 11):
        assert ("list_answers" in codes(replace(mine, answered=number, top=number), Usual())) is (number >= 6)


def test_short_lists_and_few_answers_are_not_looked_at() -> None:
    few = InvitedList(listed=4, days=31, answered=4, top=4, free_mail=4)
    assert codes(few, replace(SITE, lists=SIZES_FROM - 1)) == []
    assert LIST_FROM == 5


def test_where_everybody_is_happy_happy_clients_are_usual() -> None:
    assert codes(replace(HONEST, top=19), replace(SITE, top=460)) == []


@given(st.integers(1, 300), st.integers(0, 300), st.floats(0.01, 0.99))
def test_more_of_them_are_never_more_probable(of: int, count: int, share: float) -> None:
    count = min(count, of)
    if improbable(count, of, share):
        assert improbable(min(of, count + 1), of, share)
        assert count / of > share
    assert 0 < CHANCE < 0.05


def test_every_code_has_points() -> None:
    assert WEIGHTS.keys() >= LIST_CODES
