"""What the templates say of an offer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask, g

from marketplace.public.compare.rules import compare_offers
from marketplace.public.offers import labels as words
from marketplace.reviews.labels import level_name
from marketplace.reviews.models import LEVELS
from marketplace.values.rates import Rate
from marketplace.web.templating import this_page
from tests.conftest import Stage
from tests.factories import make_topic
from tests.public.offering import RATES, free, offer


@pytest.fixture(params=["en", "es"])
def language(stage: Stage, request: pytest.FixtureRequest) -> Iterator[str]:
    """A request in a language."""
    app: Flask = stage.app
    with app.test_request_context("/providers/?q=a+b&page=2&page=3&endpoint=x&_external=1"):
        g.language = request.param
        yield request.param


def test_a_conversion_is_marked_as_about(language: str) -> None:
    converted = words.converted_words(offer(currency="MXN", fee_min=420000), "EUR", RATES)
    assert converted == {"en": "≈ €210", "es": "≈ 210\u00a0€"}[language]


def test_a_converted_range_has_both_ends(language: str) -> None:
    wide = offer(currency="MXN", cost_basis="range", fee_min=200000, fee_max=400000)
    assert (
        words.converted_words(wide, "EUR", RATES) == {"en": "≈ €100–200", "es": "≈ 100–200\u00a0€"}[language]
    )


def test_a_price_without_a_rate_says_why(language: str) -> None:
    said = words.converted_words(offer(currency="ARS"), "EUR", RATES)
    assert said is not None
    assert "ARS" in said


def test_what_needs_no_conversion_gets_none(language: str) -> None:
    assert words.converted_words(offer(), "EUR", RATES) is None
    assert words.converted_words(free(), "EUR", RATES) is None


def test_a_rate_is_shown_with_its_source_and_day(language: str) -> None:
    rate = Rate("ARS", date(2026, 11, 2), Decimal("1234.5"), "BCRA <b>")
    said = words.rate_words(rate)
    assert "BCRA <b>" in said
    assert "2026" in said
    assert {"en": "1,234.5 ARS", "es": "1.234,5 ARS"}[language] in said


def test_another_page_of_a_list_keeps_the_query(language: str) -> None:
    prefix = {"en": "", "es": "/es"}[language]
    assert words.page_address(7) == f"{prefix}/providers/?q=a+b&endpoint=x&_external=1&page=7"


def test_every_level_row_and_group_has_a_word(language: str) -> None:
    assert all(level_name(level) and words.level_meaning(level) for level in LEVELS)
    for group in compare_offers([offer(), offer()], "EUR", RATES):
        assert words.compare_word(group.kind)
        assert all(words.compare_word(row.kind) and words.best_word(row.kind) for row in group.rows)


def test_languages_spoken_are_sorted_by_their_names(language: str) -> None:
    offers = [offer(languages=("pt", "en")), offer(languages=("en", "de"))]
    assert words.spoken_languages(offers) == {"en": ["en", "de", "pt"], "es": ["de", "en", "pt"]}[language]


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("papeles.example", "papeles.example"),
        ("xn--bcher-kva.example", "bücher.example"),
        ("xn--\u00e9.x", "xn--é.x"),
    ],
)
def test_an_international_host_is_shown_in_its_letters(host: str, shown: str) -> None:
    assert words.display_host(host) == shown


def test_languages_of_guides_and_of_the_interface_are_offered(app: Flask) -> None:
    make_topic("peru", languages=("en", "de"))
    with app.test_request_context("/providers/?q=x&page=2"):
        g.language = "de"
        assert words.page_languages() == [
            ("en", "/providers/?q=x&page=2"),
            ("es", "/es/providers/?q=x&page=2"),
        ]
        assert words.page_languages(lambda tag: this_page(tag, page=None))[0] == ("en", "/providers/?q=x")
        g.language = "en"
        assert [tag for tag, _ in words.page_languages()] == ["de", "es"]
