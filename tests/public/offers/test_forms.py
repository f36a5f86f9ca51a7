"""What a reader asks of a table: read from the address, and told where it is wrong."""

from __future__ import annotations

import pytest
from flask import Flask, g

from marketplace.public.offers.forms import requested_currency, requested_offer_query, requested_search
from marketplace.public.offers.rules import OfferQuery
from tests.conftest import Stage

DEFAULT = OfferQuery(currency="EUR")


@pytest.fixture
def ask(stage: Stage):
    """A function that reads the question of a query string, in English or another language."""
    app: Flask = stage.app

    def read(query: str, language: str = "en") -> tuple[OfferQuery, str | None]:
        with app.test_request_context(f"/guides/peru/card/?{query}"):
            g.language = language
            return requested_offer_query()

    return read


def test_without_parameters_the_order_is_the_recommended_one(ask) -> None:
    assert ask("") == (DEFAULT, None)
    assert ask("sort=&language=&max=&currency=") == (DEFAULT, None)


def test_order_language_cost_and_currency_can_be_requested(ask) -> None:
    wanted = OfferQuery(sort="cost", language="pt-BR", max_cost=150050, currency="USD")
    assert ask("sort=cost&language=pt-BR&max=1,500.50&currency=usd") == (wanted, None)


def test_an_amount_is_read_as_the_language_writes_it(ask) -> None:
    assert ask("max=1.500,50", "es")[0].max_cost == 150050
    assert ask("max=1500&currency=CLP", "es")[0].max_cost == 1500


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("sort=random", "order"),
        ("sort=%00", "order"),
        ("language=english", "language"),
        ("language=es%0A", "language"),
        ("max=cheap", "highest cost"),
        ("max=-5", "highest cost"),
        ("max=" + "9" * 30, "highest cost"),
        ("currency=XYZ", "currency"),
        ("currency=%F0%9F%92%B0", "currency"),
    ],
)
def test_an_invalid_value_is_reported_and_ignored(ask, query: str, word: str) -> None:
    question, problem = ask(query)
    assert question == DEFAULT
    assert problem is not None
    assert word in problem


def test_the_rest_of_a_wrong_question_still_counts(ask) -> None:
    question, problem = ask("sort=cost&max=x")
    assert (question.sort, question.max_cost) == ("cost", None)
    assert problem


def test_an_unknown_currency_becomes_the_default(stage: Stage) -> None:
    for query, expected in (
        ("", "EUR"),
        ("currency=mxn", "MXN"),
        ("currency=XXX", "EUR"),
        ("currency=ı", "EUR"),
    ):
        with stage.app.test_request_context(f"/compare/?{query}"):
            assert requested_currency() == expected


def test_a_search_text_is_on_one_line(stage: Stage) -> None:
    for query, expected in (
        ("", ""),
        ("q=+visa++card+", "visa card"),
        ("q=a%0D%0Ab%01c", "a b c"),
        ("q=%ff", "%FF"),
        ("q=" + "x" * 300, "x" * 200),
    ):
        with stage.app.test_request_context(f"/search/?{query}"):
            assert requested_search() == expected
