"""The lists that the search for contact details goes by."""

from __future__ import annotations

import re

import pytest

from marketplace.text.contacts import words as contact_words
from marketplace.text.contacts.words import (
    AT_WORDS,
    CLEAR_DOT_WORDS,
    DOT_WORDS,
    ENDINGS,
    MONEY_WORDS,
    SPOKEN_ENDINGS,
)

PATTERNS = [name for name in dir(contact_words) if name.endswith(("_WORDS", "_SERVICES"))]


@pytest.mark.parametrize("name", PATTERNS)
def test_every_list_is_a_pattern_without_groups(name: str) -> None:
    pattern = re.compile(getattr(contact_words, name))
    assert pattern.groups == 0
    assert not pattern.fullmatch("")


def test_endings_are_lower_case_and_hold_what_this_site_sees_most() -> None:
    assert all(end == end.lower() and end.isalpha() for end in ENDINGS | SPOKEN_ENDINGS)
    assert {"com", "mx", "es", "de", "рф"} <= ENDINGS


def test_words_for_signs_are_known_in_the_languages_of_the_site() -> None:
    for word in ("at", "arroba", "arobase", "chiocciola", "zavináč", "zavinac", "małpa", "собака", "παπάκι"):
        assert re.fullmatch(AT_WORDS, word), word
    for word in ("dot", "punto", "point", "ponto", "punkt", "tečka", "kropka", "точка", "τελεία"):
        assert re.fullmatch(DOT_WORDS, word), word
    assert re.fullmatch(MONEY_WORDS, "guaraníes")


def test_portugals_dot_is_not_clear_by_itself() -> None:
    assert not re.fullmatch(CLEAR_DOT_WORDS, "ponto")
    assert re.fullmatch(CLEAR_DOT_WORDS, "punto")
