from __future__ import annotations

import pytest
from babel import Locale

from marketplace.i18n.locales import WORLD_ENGLISH, babel_locale, fallbacks, fold_text, known_locale


@pytest.mark.parametrize(
    ("tag", "locale"),
    [
        ("es", "es"),
        ("pt-BR", "pt_BR"),
        ("pt-br", "pt_BR"),
        ("zh-Hant", "zh_Hant"),
        ("zh-Hant-TW", "zh_Hant_TW"),
        ("es-XX", "es"),
        ("en-US", "en_US"),
    ],
)
def test_a_tag_finds_its_locale(tag: str, locale: str) -> None:
    assert str(babel_locale(tag)) == locale


def test_plain_english_is_the_worlds() -> None:
    assert babel_locale("en") == WORLD_ENGLISH
    assert known_locale("en") == Locale("en")


@pytest.mark.parametrize("tag", ["tlh", "", "und", "x-private", "root", "i-klingon", "1", "a b", "-", "en@"])
def test_a_tag_nobody_knows_is_read_in_english_and_breaks_nothing(tag: str) -> None:
    assert babel_locale(tag).language == "en"


def test_a_tag_is_looked_up_from_the_most_precise_name_on() -> None:
    assert fallbacks("zh-Hant-TW") == ("zh_Hant_TW", "zh_Hant", "zh")
    assert fallbacks("el") == ("el",)


@pytest.mark.parametrize(
    ("text", "compared"),
    [("  Días\u00a0HÁBILES ", "dias habiles"), ("Straße", "strasse"), ("ημέρες", "ημερεσ"), ("", "")],
)
def test_text_is_compared_without_case_accents_and_double_blanks(text: str, compared: str) -> None:
    assert fold_text(text) == compared
