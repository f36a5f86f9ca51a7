"""What templates may call: words of other languages, and this page in them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, g, render_template_string

from marketplace.web.templating import lang_attr, other_languages, this_page

Read = Callable[..., str]


@pytest.fixture
def read(app: Flask) -> Read:
    """Renders a template as a page in a language would."""

    def render(source: str, language: str = "en", path: str = "/", **values: object) -> str:
        with app.test_request_context(path):
            g.language = language
            return render_template_string(source, **values)

    return render


@pytest.mark.parametrize(
    ("source", "english", "spanish"),
    [
        ("{{ 1234.5|number }}", "1,234.5", "1.234,5"),
        ("{{ 4.25|rating }}", "4.2", "4,2"),
        ("{{ 420000|money('MXN') }}", "MX$4,200", "4.200\u00a0MXN"),
        ("{{ 'czech-republic'|country }}", "Czechia", "Chequia"),
        ("{{ 'de'|language_name }}", "German", "alemán"),
        ("{{ 'de'|autonym }}", "Deutsch", "Deutsch"),
        ("{{ today|date }}", "23 November 2026", "23 de noviembre de 2026"),
        ("{{ today|month }}", "November 2026", "noviembre de 2026"),
        ("{{ text_direction('ar') }}", "rtl", "rtl"),
        ("{{ language }} {{ interface_language }}", "en en", "es es"),
        (
            "{{ site_name }} {{ guides_origin }}",
            "Marketplace https://tramitit.com",
            "Marketplace https://tramitit.com",
        ),
    ],
)
def test_numbers_dates_and_names_are_in_the_readers_language(
    read: Read, source: str, english: str, spanish: str
) -> None:
    assert read(source) == english
    assert read(source, "es") == spanish


def test_words_of_another_language_than_the_pages_are_marked(app: Flask) -> None:
    with app.test_request_context("/"):
        g.language = "es"
        assert lang_attr() == ""
        assert lang_attr("es") == ""
        assert lang_attr("de") == ' lang="de"'
        g.language = "yue"
        assert lang_attr() == ' lang="en"'


def test_a_language_cannot_break_out_of_its_attribute(app: Flask) -> None:
    with app.test_request_context("/"):
        g.language = "en"
        assert lang_attr('"><b>') == ' lang="&#34;&gt;&lt;b&gt;"'


@pytest.mark.parametrize(
    ("path", "changed", "address"),
    [
        ("/", {}, "/es/"),
        ("/guides/per%C3%BA/a%3Fb/?x=%C3%BA&x=2&y=", {}, "/es/guides/per%C3%BA/a%3Fb/?x=%C3%BA&x=2&y="),
        ("/search/?q=a+b&page=3", {"page": 4}, "/es/search/?q=a+b&page=4"),
        ("/search/?q=a&page=3&page=4", {"page": None}, "/es/search/?q=a"),
        (
            "/search/?endpoint=x&self=y&_external=1&language=z",
            {},
            "/es/search/?endpoint=x&self=y&_external=1&language=z",
        ),
        ("/search/?q=%22%3E%3Cb%3E", {}, "/es/search/?q=%22%3E%3Cb%3E"),
    ],
)
def test_this_page_in_another_language_keeps_path_and_query(
    app: Flask, path: str, changed: dict[str, object], address: str
) -> None:
    with app.test_request_context(path):
        g.language = "en"
        assert this_page("es", **changed) == address


def test_a_page_is_offered_in_the_interfaces_other_languages(app: Flask) -> None:
    with app.test_request_context("/providers/?q=x"):
        g.language = "es"
        assert other_languages() == [("en", "/providers/?q=x")]
        g.no_alternates = True
        assert other_languages() == []
    with app.test_request_context("/nowhere/"):
        assert other_languages() == []
