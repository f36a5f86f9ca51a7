"""Names in addresses."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.providers.slugs import BASE_LENGTH, RESERVED, Slugs, slug_base


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Casa Ocotillo", "casa-ocotillo"),
        ("Gestoría Ñandú & Cía.", "gestoria-nandu-cia"),
        ("Größe Æther Łódź", "grosse-aether-lodz"),
        ("Йога-центр «Щука»", "yoga-tsentr-shchuka"),
        ("Ψυχή", "psychi"),
        ("李雷", ""),
        ("  –  ", ""),
    ],
)
def test_a_name_is_written_in_ascii(name: str, slug: str) -> None:
    assert slug_base(name) == slug


def test_a_taken_name_gets_a_number() -> None:
    slugs = Slugs(["casa"])
    assert [slugs.take("Casa"), slugs.take("casa"), slugs.take("CASA!")] == ["casa-2", "casa-3", "casa-4"]


def test_other_scripts_are_numbered() -> None:
    slugs = Slugs(["provider-1"])
    assert [slugs.take("李雷"), slugs.take("العربية")] == ["provider-2", "provider-3"]


def test_words_of_the_desks_addresses_are_never_given_out() -> None:
    assert Slugs([]).take("Register") == "register-2"


@given(st.lists(st.text(max_size=200), max_size=20))
def test_slugs_are_short_ascii_and_each_is_used_once(names: list[str]) -> None:
    slugs = Slugs([])
    taken = [slugs.take(name) for name in names]
    assert len(set(taken)) == len(taken)
    assert not set(taken) & RESERVED
    for slug in taken:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
        assert len(slug) <= BASE_LENGTH + 10
