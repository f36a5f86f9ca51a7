from __future__ import annotations

import pytest

from marketplace.i18n.currencies import country_currency
from marketplace.i18n.names import country_code, country_name, language_autonym, language_name


@pytest.mark.parametrize(
    ("folder", "language", "name"),
    [
        ("mexico", "es", "México"),
        ("czech-republic", "en", "Czechia"),
        ("czech_republic", "cs", "Česko"),
        ("united_states", "de", "Vereinigte Staaten"),
        ("greece", "el", "Ελλάδα"),
        ("the-netherlands", "nl", "Nederland"),
        ("spain", "tlh", "Spain"),
        ("new_country-x", "es", "New Country X"),
        ("---", "en", "---"),
    ],
)
def test_a_country_is_named_in_the_language_or_after_its_folder(
    folder: str, language: str, name: str
) -> None:
    assert country_name(folder, language) == name


def test_a_country_is_found_by_exact_names_only() -> None:
    assert country_code("Méxicó") == "MX"
    assert country_code("south-korea") == "KR"
    assert country_code("and") == "AD"
    assert country_code("mexic") is None
    assert country_code("") is None


@pytest.mark.parametrize(
    ("folder", "code", "spanish"),
    [
        ("turkey", "TR", "Turquía"),
        ("uk", "GB", "Reino Unido"),
        ("great_britain", "GB", "Reino Unido"),
        ("usa", "US", "Estados Unidos"),
        ("united-states-of-america", "US", "Estados Unidos"),
        ("ivory-coast", "CI", "Côte d’Ivoire"),
        ("macau", "MO", "RAE de Macao (China)"),
        ("kosovo", "XK", "Kosovo"),
        ("holland", "NL", "Países Bajos"),
        ("cape-verde", "CV", "Cabo Verde"),
        ("st-lucia", "LC", "Santa Lucía"),
        ("trinidad_tobago", "TT", "Trinidad y Tobago"),
        ("bosnia-herzegovina", "BA", "Bosnia y Herzegovina"),
    ],
)
def test_a_country_is_known_by_its_other_spellings(folder: str, code: str, spanish: str) -> None:
    assert country_code(folder) == code
    assert country_name(folder, "es") == spanish
    assert country_currency(folder)


@pytest.mark.parametrize(
    ("tag", "language", "name"),
    [
        ("es", "en", "Spanish"),
        ("en", "en", "English"),
        ("en", "es", "inglés"),
        ("pt-BR", "en", "Portuguese (Brazil)"),
        ("tlh", "en", "Klingon"),
        ("es", "tlh", "Spanish"),
        ("qqx", "en", "qqx"),
    ],
)
def test_a_language_is_named_in_another(tag: str, language: str, name: str) -> None:
    assert language_name(tag, language) == name


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("es", "Español"),
        ("en", "English"),
        ("el", "Ελληνικά"),
        ("cs", "Čeština"),
        ("ja", "日本語"),
        ("ka", "ქართული"),
        ("tlh", "Klingon"),
    ],
)
def test_a_language_names_itself_as_in_a_menu(tag: str, name: str) -> None:
    assert language_autonym(tag) == name
