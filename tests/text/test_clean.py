"""Text as it is kept."""

from __future__ import annotations

import pytest

from marketplace.text.clean import clean_text, one_line


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
