"""Languages of addresses and of the interface."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, g

from marketplace.i18n.languages import (
    LanguagePrefix,
    address_language,
    interface_language,
    interface_languages,
    is_language_tag,
    language_prefix,
    text_direction,
)
from marketplace.i18n.locales import fold_text


class Answer:
    """What the wrapper did with a request: handed it on as (language, prefix, path), or redirected."""

    def __init__(self, path: str, query: str = "") -> None:
        self.passed: tuple[str, str, str] | None = None
        self.unknown = False
        self.status = self.location = ""
        environ = {"PATH_INFO": path.encode().decode("latin-1"), "QUERY_STRING": query, "SCRIPT_NAME": ""}
        list(LanguagePrefix(self._app)(environ, self._start))

    def _app(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        names = ("marketplace.language", "SCRIPT_NAME", "PATH_INFO")
        language, prefix, path = (environ[name] for name in names)
        self.passed = language, prefix, path.encode("latin-1").decode()
        self.unknown = bool(environ.get("marketplace.unknown"))
        return []

    def _start(self, status: str, headers: list[tuple[str, str]]) -> None:
        self.status, self.location = status, dict(headers)["Location"]


@pytest.mark.parametrize(
    ("path", "passed"),
    [
        ("/", ("en", "", "/")),
        ("", ("en", "", "")),
        ("/guides/peru/", ("en", "", "/guides/peru/")),
        ("/es/", ("es", "/es", "/")),
        ("/es/guides/perú/ñ/", ("es", "/es", "/guides/perú/ñ/")),
        ("/pt-BR/search/", ("pt-BR", "/pt-BR", "/search/")),
        ("/xx/", ("xx", "/xx", "/")),
        ("/es/es/", ("es", "/es", "/es/")),
        ("/ES/", ("en", "", "/ES/")),
        ("/go/5", ("en", "", "/go/5")),
        ("/api/v1/", ("en", "", "/api/v1/")),
        ("/english/", ("en", "", "/english/")),
        ("/es\n/", ("en", "", "/es\n/")),
    ],
)
def test_the_prefix_is_taken_off_into_the_script_name(path: str, passed: tuple[str, str, str]) -> None:
    answer = Answer(path)
    assert answer.passed == passed
    assert not answer.unknown


@pytest.mark.parametrize(
    "path", ["/es/static/x.css", "/es/go/5", "/es/api/v1/", "/es/healthz", "/es/sitemap.xml", "/xx/metrics"]
)
def test_what_has_no_prefix_is_unknown_below_one(path: str) -> None:
    assert Answer(path).unknown


@pytest.mark.parametrize(
    ("path", "query", "location"),
    [
        ("/en/", "", "/"),
        ("/en", "", "/"),
        ("/en/guides/peru/card/", "sort=cost", "/guides/peru/card/?sort=cost"),
        ("/en/guides/perú/", "q=%C3%BA", "/guides/per%C3%BA/?q=%C3%BA"),
        ("/en//evil.example/", "", "/evil.example/"),
        ("/en/\\evil.example", "", "/%5Cevil.example"),
        ("/en/a\r\nSet-Cookie: x", "a\r\nb\x00\xff", "/a%0D%0ASet-Cookie:%20x?a%0D%0Ab%00%FF"),
        ("/es", "", "/es/"),
        ("/es", "q=1", "/es/?q=1"),
    ],
)
def test_english_addresses_lose_their_prefix(path: str, query: str, location: str) -> None:
    answer = Answer(path, query)
    assert (answer.status, answer.location) == ("301 Moved Permanently", location)


@pytest.mark.parametrize("tag", ["en", "yue", "pt-BR", "zh-Hans", "sr-Latn-RS", "es-419"])
def test_a_language_tag_has_language_script_and_region(tag: str) -> None:
    assert is_language_tag(tag)


@pytest.mark.parametrize(
    "text", ["", "e", "engl", "EN", "en-", "en_US", "en\n", "en-Latin", "en-US-x", "é", "ıı"]
)
def test_anything_else_is_none(text: str) -> None:
    assert not is_language_tag(text)


def test_the_interface_is_complete_in_english_and_spanish() -> None:
    assert interface_languages()[0] == "en"
    assert "es" in interface_languages()


def test_interface_words_fall_back_to_english() -> None:
    assert interface_language("es") == "es"
    assert interface_language("yue") == "en"
    assert interface_language() == "en", "outside a request"


def test_the_language_is_that_of_the_address() -> None:
    with Flask("words").app_context():
        assert address_language() == "en"
        g.language = "es"
        assert address_language() == interface_language() == "es"


def test_english_has_no_prefix() -> None:
    assert (language_prefix("en"), language_prefix("pt-BR")) == ("", "/pt-BR")


@pytest.mark.parametrize(
    ("tag", "direction"), [("ar", "rtl"), ("he-IL", "rtl"), ("en", "ltr"), ("el", "ltr")]
)
def test_text_runs_in_the_direction_of_its_language(tag: str, direction: str) -> None:
    assert text_direction(tag) == direction


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Cédula\tÚnica ", "cedula unica"),
        ("STRASSE straße", "strasse strasse"),
        ("Ελλάδα", "ελλαδα"),
        ("ﬁn", "fin"),
        ("\u0301", ""),
        ("Łódź", "łodz"),
    ],
)
def test_search_compares_without_case_and_accents(text: str, folded: str) -> None:
    assert fold_text(text) == folded
    assert fold_text(folded) == folded
