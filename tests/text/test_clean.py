from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.text.clean import clean_text, is_same, one_line, sameness_key, tidy, tidy_line


def test_a_line_is_trimmed_and_its_breaks_become_blanks() -> None:
    assert one_line("  Casa\r\n Ocotillo\x00 ") == "Casa Ocotillo"


def test_a_text_keeps_its_breaks_marks_and_markup() -> None:
    text = "<b>x</b> | {{< y >}}\n\tشركة \u200f👩\u200d👩\u200d👧"
    assert clean_text(text) == text


def test_what_no_database_or_page_can_hold_becomes_a_blank() -> None:
    assert clean_text("a\x00b\ud800c\uffffd\x85e") == "a b c d e"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\r\n\n b", "a b"),
        ("a  b", "a  b"),
        ("\u00a0 a \u3000", "a"),
        ("a\x00b\x85c\u2028d\ud800e\ufffff", "a b c d e f"),
        ("\n", ""),
    ],
)
def test_one_line_has_one_blank_where_a_line_broke(text: str, line: str) -> None:
    assert one_line(text) == line


def test_text_is_trimmed_and_its_line_breaks_become_one_kind() -> None:
    assert tidy("  One \r\ntwo\r\r\n\n\nthree \u2028four ") == "One\ntwo\n\nthree\nfour"


def test_control_characters_do_not_reach_the_database() -> None:
    assert "\x00" not in tidy("a\x00b")
    assert "\ufffe" not in tidy("a\ufffeb")


def test_markup_and_emoji_stay_as_typed() -> None:
    assert tidy("<b>*fine*</b> | 👍 שלום") == "<b>*fine*</b> | 👍 שלום"


def test_one_line_is_one_line() -> None:
    assert tidy_line(" Card\n received ") == "Card received"


def test_texts_that_differ_in_case_accents_and_blanks_are_the_same() -> None:
    assert sameness_key("Muy rápido, ¡gracias!") == sameness_key("muy  RAPIDO gracias")
    assert sameness_key("Very quick") != sameness_key("Very slow")


def test_texts_without_letters_are_compared_as_written() -> None:
    assert sameness_key("👍👍") != sameness_key("👎👎")


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_text_is_the_same_where_its_key_is_whatever_the_shortcut(one: str, other: str) -> None:
    for text in (other, one, one + other, one.upper(), f" {one}!"):
        assert is_same(sameness_key(one), text) == (sameness_key(one) == sameness_key(text))
