"""Texts that say nearly the same are found by their signatures; texts of different people are not."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.samples import load_demo
from marketplace.text.near_duplicates import (
    BANDS,
    COPIED,
    NUMBERS,
    SIMILAR,
    band_hashes,
    shingles,
    signature_of,
    similarity,
)
from tests.reviews.ordinary import SENTENCES


def samples() -> list[str]:
    """The made-up reviews of the demo: what people write about the same few services."""
    return [review.text for review in load_demo().reviews]


LONG = " ".join(samples()[0].split()[:60])


def alike(one: str, other: str) -> int:
    return similarity(signature_of(one), signature_of(other))


def share_a_band(one: str, other: str) -> bool:
    bands = zip(band_hashes(signature_of(one)), band_hashes(signature_of(other)), strict=True)
    return any(first == second for first, second in bands)


@given(st.integers(0, 48), st.sampled_from(["excellent", "ten", "notwithstanding", "é"]))
def test_one_word_changed_in_a_long_text_is_found(place: int, word: str) -> None:
    words = LONG.split()
    words[place] = word
    changed = " ".join(words)
    assert share_a_band(LONG, changed)
    assert alike(LONG, changed) >= COPIED - 5


@pytest.mark.parametrize(
    "changed",
    [
        LONG.upper(),
        LONG.replace(" ", "  ").replace(".", " !!! "),
        LONG.replace("e", "е"),
        "\u200b".join(LONG),
        LONG.replace("o", "ó"),
    ],
)
def test_case_punctuation_and_disguises_change_nothing(changed: str) -> None:
    assert alike(LONG, changed) >= COPIED


def test_sentences_in_another_order_and_an_opening_of_ones_own_are_found() -> None:
    text = samples()[0]
    sentences = text.split(". ")
    turned = ". ".join([*sentences[1:], sentences[0]])
    for changed in (turned, "I can only agree with the others here. " + text):
        assert share_a_band(text, changed)
        assert alike(text, changed) >= SIMILAR


def test_a_short_text_and_one_without_blanks_are_found_with_a_word_changed() -> None:
    for one, other in (
        ("In at nine, out at ten, card nine days later.", "In at nine, out at ten, card four days later."),
        (
            "办理很顺利,三周拿到卡片,费用和网页上写的一样,非常推荐给大家。",
            "办理很顺利,两周拿到卡片,费用和网页上写的一样,非常推荐给大家。",
        ),
    ):
        assert share_a_band(one, other)
        assert alike(one, other) >= SIMILAR


def test_texts_of_different_people_are_not_alike() -> None:
    texts = [*samples(), *SENTENCES]
    signatures = [signature_of(text) for text in texts]
    assert max(similarity(one, other) for one, other in combinations(signatures, 2)) < SIMILAR - 15


@given(st.text(max_size=200))
def test_any_text_has_one_signature_of_one_size(text: str) -> None:
    signature = signature_of(text)
    assert signature == signature_of(text)
    assert len(signature) == 4 * NUMBERS
    assert len(band_hashes(signature)) == BANDS
    assert all(-(2**63) <= value < 2**63 for value in band_hashes(signature))
    assert similarity(signature, signature) == 100


@given(st.text(max_size=100), st.text(max_size=100))
def test_likeness_goes_both_ways(one: str, other: str) -> None:
    assert alike(one, other) == alike(other, one)
    assert 0 <= alike(one, other) <= 100


def test_each_run_of_characters_counts_once() -> None:
    assert shingles("aaaaaaaaaa") == ["aaaaa"]
    assert shingles("Ab, c!") == ["ab c"]
    assert shingles("!?") == ["!?"]


def test_the_numbers_are_those_that_are_stored_already() -> None:
    """A new edition of the library that counts otherwise needs a new `SCHEME`."""
    assert signature_of("They answered every question.")[:8].hex() == "9ee9cd7b8b6c0ec0"
