"""The order of names in each language of the corpus, and what does not count in it."""

from __future__ import annotations

import random
import unicodedata

import pytest

from marketplace.i18n.collation import KEY_LENGTH, sort_key

IN_ORDER = {
    "de": "Abmeldung Änderung Anmeldung Azubi öffnen Ordnung Straße Zulassung",
    "en": "3D Elan Élan Elder naive naïve name Zebra",
    "es": "nube nzeta ñandú oasis",
    "cs": "cizí czz čas den hotel hz chata ikona rok rz řeka",
    "sk": "azyl ämter babka oz ôsmy pz",
    "hu": "cukor czz csak dz dzs ezer gz gyár oz őr öröm pék zz zsír",
    "hr": "cz čas ćud dz džep đak lz ljudi nz njega",
    "pl": "az ąb lz łz nz ńa oz óz zz źr żr",
    "ro": "az ăl ân b iz în j sz șase tz țară",
    "el": "άδεια αίτηση Βίζα ωράριο",
    "bg": "изход йод код",
    "fr": "cote coté côte été éz",
}


@pytest.mark.parametrize("language", IN_ORDER)
def test_words_stand_as_in_a_dictionary_of_the_language(language: str) -> None:
    words = IN_ORDER[language].split()
    shuffled = random.Random(1).sample(words, len(words))
    assert sorted(shuffled, key=lambda word: sort_key(word, language)) == words


def test_signs_case_blanks_and_unicode_form_do_not_count() -> None:
    assert sort_key("  «ÉTÉ»\u00a0-- 2 ", "fr") == sort_key("été 2", "fr")
    assert sort_key(unicodedata.normalize("NFD", "Ñandú"), "es") == sort_key("ñandú", "es")
    assert sort_key("¿Cómo?", "es").startswith("como")


def test_a_language_of_which_nothing_is_known_sorts_by_plain_letters() -> None:
    assert sort_key("čas", "xx-Latn") == sort_key("čas") == "cas\x01čas"
    assert sort_key("čas", "cs-CZ") > sort_key("czz", "cs")


def test_keys_have_a_bound() -> None:
    assert len(sort_key("ﷺ" * 300)) == KEY_LENGTH
