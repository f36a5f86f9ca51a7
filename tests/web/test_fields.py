"""Choices that the desk's forms share."""

from __future__ import annotations

from flask import Flask

from marketplace.guides.queries import guide_languages
from marketplace.web.fields import country_choices, currency_choices, language_choices, spoken_languages
from tests.factories import make_topic


def test_languages_stand_by_name_in_the_readers_language() -> None:
    assert language_choices(["es", "de", "en"], "es") == [
        ("de", "Alemán"),
        ("es", "Español"),
        ("en", "Inglés"),
    ]


def test_the_languages_of_the_guides_can_be_spoken_too(app: Flask) -> None:
    make_topic(languages=("en", "sw"))
    assert {"sw", "en", "ar", "qu"} <= spoken_languages(guide_languages(), ["qu"])


def test_countries_stand_by_name() -> None:
    assert country_choices(["mexico", "spain"], "es") == [("spain", "España"), ("mexico", "México")]


def test_likely_currencies_come_first_and_each_once() -> None:
    choices = currency_choices(["MXN", None, "EUR"], "en")
    assert [code for code, _ in choices[:3]] == ["MXN", "EUR", "USD"]
    assert choices[0][1] == "MXN – Mexican Peso"
    assert len({code for code, _ in choices}) == len(choices) > 100
