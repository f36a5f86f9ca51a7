"""A text in another of our languages than was said is noticed, where that is clear."""

from __future__ import annotations

import pytest

from marketplace.i18n.languages import interface_languages
from marketplace.samples import load_demo
from marketplace.text.language import LANGUAGES, LEAST_LENGTH, other_language

TEXTS = {
    "en": "They answered every question, came with me to the office and the card was there after three weeks.",
    "es": "Contestaron todas mis preguntas, fueron conmigo a la oficina y la tarjeta llegó a las tres semanas.",
    "de": "Sie haben jede Frage beantwortet, kamen mit zum Amt, und die Karte war nach drei Wochen fertig.",
    "el": "Απάντησαν σε κάθε ερώτηση, ήρθαν μαζί μου στην υπηρεσία και η κάρτα βγήκε σε τρεις εβδομάδες.",
    "pt": "Responderam a todas as perguntas, foram comigo à repartição e o cartão chegou em três semanas.",
}


def test_the_languages_are_those_of_the_site() -> None:
    assert set(interface_languages()) <= LANGUAGES
    assert len(LANGUAGES) == 15


@pytest.mark.parametrize("language", TEXTS)
def test_a_text_is_told_from_what_was_said(language: str) -> None:
    assert other_language(TEXTS[language], language) is None
    for said in TEXTS.keys() - {language}:
        assert other_language(TEXTS[language], said) == language


def test_no_sample_review_is_taken_for_another_language() -> None:
    reviews = load_demo().reviews
    assert [review.text for review in reviews if other_language(review.text, review.language)] == []


def test_short_texts_and_languages_of_others_are_not_judged() -> None:
    assert other_language(TEXTS["es"][: LEAST_LENGTH - 1], "en") is None
    assert other_language(TEXTS["es"], "ru") is None
    assert other_language(TEXTS["es"], "pt-BR") == "es"


def test_names_and_numbers_alone_are_not_judged() -> None:
    assert other_language("INM, CURP, RFC, NIE, TIE, SAT 2026 " * 4, "de") is None
