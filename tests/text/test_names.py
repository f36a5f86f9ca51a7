from __future__ import annotations

import unicodedata

import pytest

from marketplace.core.errors import Invalid
from marketplace.text.names import name_problem, read_name


@pytest.mark.parametrize(
    "name",
    [
        "Ana",
        "Łukasz Żak & Søn",
        "李",
        "7",
        "★★★",
        "D’Angelo",
        "José",
        "Jose\u0301",
        "علی‌رضا",  # a non-joiner, as Persian writes it
        "क्\u200dष",
        "👩\u200d⚖️ Legal",
        "אבג \u200fABC\u200f דה",
        "\u1112\u1161\u11ab",  # Hangul written in parts
    ],
)
def test_a_name_in_any_script_is_kept_as_typed_with_its_letters_composed(name: str) -> None:
    assert read_name(f"  {name}\n", 60) == unicodedata.normalize("NFC", name)


def test_a_name_has_single_blanks() -> None:
    assert read_name("Ana \u00a0 de\u2003la Cruz", 60) == "Ana de la Cruz"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "name_missing"),
        (" \u00a0\t\u3000", "name_missing"),
        ("\u200b", "name_invisible"),
        ("\u3164", "name_invisible"),
        ("\u2800\u2800", "name_invisible"),
        ("\u115f\u1160", "name_invisible"),
        ("\u0301\u0308", "name_invisible"),
        ("\u200d\u200d", "name_invisible"),
        ("\ufeff\u00ad", "name_invisible"),
        ("\U000e0041\U000e0042", "name_invisible"),
        ("\ue000", "name_invisible"),
        ("Ana\u202egpj.", "name_controls"),
        ("\u2067Ana\u2069", "name_controls"),
        ("A\u200bna", "name_controls"),
        ("Ana\u200d", "name_controls"),
        ("Ana\u3164", "name_controls"),
        ("Ana\u2060", "name_controls"),
        ("Casa\U000e0041", "name_controls"),
        ("a" * 61, "name_long"),
    ],
)
def test_a_name_that_hides_something_is_refused_with_a_reason(name: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_name(name, 60)
    assert (refusal.value.code, refusal.value.field) == (code, "name")


def test_controls_of_a_pasted_name_become_blanks() -> None:
    assert read_name("Ana\r\n\x00 Ruiz", 60) == "Ana Ruiz"
    assert name_problem("Ana\x07") == "name_controls"
