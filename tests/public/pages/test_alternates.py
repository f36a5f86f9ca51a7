"""The page being answered, in every other language."""

from __future__ import annotations

from flask import Flask, g

from marketplace.public.pages.alternates import every_language
from tests.factories import make_topic


def test_languages_of_guides_and_of_the_interface_are_offered(app: Flask) -> None:
    make_topic("peru", languages=("en", "de"))
    with app.test_request_context("/providers/?q=x&page=2"):
        g.language = "de"
        assert every_language() == [("en", "/providers/?q=x&page=2"), ("es", "/es/providers/?q=x&page=2")]
        assert every_language(page=None)[0] == ("en", "/providers/?q=x")
        g.language = "en"
        assert [tag for tag, _ in every_language()] == ["de", "es"]
