"""Text as it is kept."""

from __future__ import annotations

from marketplace.text.clean import clean_line, clean_text


def test_a_line_is_trimmed_and_its_breaks_become_blanks() -> None:
    assert clean_line("  Casa\r\n Ocotillo\x00 ") == "Casa Ocotillo"


def test_a_text_keeps_its_breaks_marks_and_markup() -> None:
    text = "<b>x</b> | {{< y >}}\n\tشركة \u200f👩\u200d👩\u200d👧"
    assert clean_text(text) == text


def test_what_no_database_or_page_can_hold_becomes_a_blank() -> None:
    assert clean_text("a\x00b\ud800c\uffffd\x85e") == "a b c d e"
