"""Every refusal of an account has words."""

from __future__ import annotations

import pytest
from flask import Flask

from marketplace.accounts.labels import refusal_words
from marketplace.core.errors import Invalid


@pytest.mark.parametrize(
    "code", ["name_missing", "name_long", "name_address", "name_letters", "language_unknown"]
)
def test_a_refusal_is_a_sentence(app: Flask, code: str) -> None:
    words = refusal_words(Invalid(code, "name", most=60))
    assert words[0].isupper()
    assert words[0].isupper()


def test_a_number_stands_in_the_sentence(app: Flask) -> None:
    assert "60" in refusal_words(Invalid("name_long", "name", most=60))
