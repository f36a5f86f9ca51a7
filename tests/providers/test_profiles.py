"""The rules of a provider's profile."""

from __future__ import annotations

from typing import Any

import pytest

from marketplace.core.errors import InvalidFields
from marketplace.providers.profiles import Profile, read_profile

TYPED: dict[str, Any] = {
    "name": " Casa Ocotillo ",
    "website": "https://www.casa.example/",
    "description": " We do paperwork.\nAnd more. ",
    "languages": ["es", "en", "es"],
    "countries": ["mexico"],
}


def read(**changes: Any) -> Profile:
    return read_profile(**{**TYPED, **changes}, known_countries=["mexico", "spain"])


def test_a_profile_is_tidied() -> None:
    profile = read()
    assert profile.name == "Casa Ocotillo"
    assert profile.website.host == "casa.example"
    assert profile.description == "We do paperwork.\nAnd more."
    assert profile.languages == ("es", "en")


@pytest.mark.parametrize("name", ["x" * 120, "<b>|{{< y >}}", "مكتب الترجمة", "👩‍👩‍👧 & Söhne"])
def test_any_name_of_up_to_120_characters_is_kept_as_typed(name: str) -> None:
    assert read(name=name).name == name


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", "x" * 121, "name_long"),
        ("name", " \n ", "name_missing"),
        ("name", "\u3164", "name_invisible"),
        ("name", "Casa\u202e", "name_controls"),
        ("website", "", "website_missing"),
        ("website", "casa", "website_address"),
        ("description", "x" * 2001, "description_long"),
        ("languages", [], "languages_missing"),
        ("languages", ["English"], "language_unknown"),
        ("countries", ["atlantis"], "country_unknown"),
    ],
)
def test_each_wrong_field_is_named(field: str, value: object, code: str) -> None:
    with pytest.raises(InvalidFields) as refusal:
        read(**{field: value})
    assert refusal.value.fields == {field: code}


def test_all_wrong_fields_are_named_at_once() -> None:
    with pytest.raises(InvalidFields) as refusal:
        read(name="", website="x", languages=[], countries=["atlantis"])
    assert list(refusal.value.fields) == ["name", "website", "languages", "countries"]
