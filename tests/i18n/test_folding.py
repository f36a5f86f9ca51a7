"""What makes two names one: fixed for ever, whatever edition of Unicode Python has."""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.config import data_folder
from marketplace.i18n.folding import KEY_LENGTH, fold, name_key, without_marks

SURROGATES = range(0xD800, 0xE000)


@pytest.mark.parametrize(
    "spellings",
    [
        (
            "Gestoría Peña",
            "GESTORÍA PEÑA",
            "gestori\u0301a\u00a0pen\u0303a",
            " Gestoría\u2003 Peña ",
            "Ｇestoría Peña",
        ),
        ("Große & Söhne", "GROSSE & SÖHNE", "GROẞE & SÖHNE", "Gro\u00adße & Söhne"),
        ("O'Brien", "O’Brien", "O´Brien", "o`brien", "O＇Brien"),
        ("Visa - Madrid", "Visa – Madrid", "visa \u2011 madrid"),
        ("Işık Danışmanlık", "IŞIK DANIŞMANLIK", "ışık danışmanlık", "I\u0307şık Danışmanlık"),
        ("وکیل\u200cها", "وکیلها"),
        ("Νίκος", "ΝΊΚΟΣ", "νίκος"),
        ("한국", unicodedata.normalize("NFD", "한국")),
    ],
)
def test_spellings_of_one_name_have_one_key(spellings: tuple[str, ...]) -> None:
    assert len({name_key(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("Peña", "Pena"), ("कमल", "कमला"), ("Ana & Co", "Ana + Co"), ("Casa 1", "Casa 2"), ("AB", "A B")],
)
def test_other_names_have_other_keys(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_the_meaning_of_stored_keys_has_not_changed() -> None:
    """Whoever changes the digest changes what stored keys mean: that takes a migration, as 0021 was."""
    digest = hashlib.sha256()
    for code in range(0x110000):
        if code not in SURROGATES:
            digest.update(f"{code:x}={fold(chr(code))}\n".encode())
    assert digest.hexdigest() == "532916e70ae127ccce03151944f7c9d8c59702a39897e44b739ad7d1e896c1cf"


def test_characters_of_later_editions_stay_as_they_are() -> None:
    later = "\U0001e900\u1c90\U00016121"  # letters with a small form, and one that others make up, by now
    assert fold(later) == later


@given(st.text())
def test_folding_a_folded_text_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert without_marks(fold(without_marks(fold(text)))) == without_marks(fold(text))


@given(st.text(min_size=KEY_LENGTH - 5, max_size=KEY_LENGTH + 20), st.text(min_size=1, max_size=3))
def test_long_keys_fit_and_stay_apart(text: str, more: str) -> None:
    assert len(name_key(text)) <= KEY_LENGTH
    if fold(text + more) != fold(text):
        assert name_key(text + more) != name_key(text)


def migration(name: str) -> dict[str, object]:
    path: Path = data_folder("migrations") / "versions" / name
    found: dict[str, object] = {}
    exec(path.read_text(), found)
    return found


@given(st.text())
def test_the_migration_that_wrote_the_keys_folds_as_the_program_does(text: str) -> None:
    made = migration("0021_spellings_of_names.py")["name_key"]
    assert callable(made)
    assert made(text) == name_key(text)
