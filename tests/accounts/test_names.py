"""Names that reviews show."""

from __future__ import annotations

import pytest

from marketplace.accounts.models import NAME_LENGTH
from marketplace.accounts.services import clean_name
from marketplace.core.errors import Invalid


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Anna", "Anna"),
        ("  Anna\t Müller ", "Anna Müller"),
        ("Ánna", "Ánna"),
        ("李小龍", "李小龍"),
        ("J. P. O'Brien-Smith", "J. P. O'Brien-Smith"),
        ("Dr. Yu", "Dr. Yu"),
        ("An\x00na\r\nBcc", "An na Bcc"),
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("Maria 2", "Maria 2"),
        ("Сасо О.", "Сасо О."),
        ("Νίκος Α.", "Νίκος Α."),
        ("<b>Anna</b>", "<b>Anna</b>"),
    ],
)
def test_a_name_is_kept_as_it_reads(typed: str, kept: str) -> None:
    assert clean_name(typed) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "name_missing"),
        (" \u200b\n", "name_invisible"),
        ("\u3164", "name_invisible"),
        ("Anna\u202e\u200b S.", "name_controls"),
        ("x" * (NAME_LENGTH + 1), "name_long"),
        ("anna@example.com", "name_address"),
        ("Visit www.papers.example", "name_address"),
        ("papers.com", "name_address"),
        ("https://papers.example", "name_address"),
        ("papeles.mx fast", "name_address"),
        ("Call +52 55 1234 5678", "name_address"),
        ("papers\u2024com", "name_address"),
        ("papегs.сom", "name_address"),
        ("ｐａｐｅｒｓ．ｃｏｍ", "name_address"),
        ("pap\ufe0fers.c\u034fom", "name_address"),
        ("Ana ⑥①② ③④⑤", "name_address"),
        ("Ana ６１２３４５", "name_address"),
        ("12-34", "name_letters"),
        ("!!!", "name_letters"),
    ],
)
def test_what_is_no_name_is_refused(typed: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        clean_name(typed)
    assert (caught.value.code, caught.value.field) == (code, "name")


def test_the_longest_name_fits() -> None:
    assert clean_name("x" * NAME_LENGTH) == "x" * NAME_LENGTH
