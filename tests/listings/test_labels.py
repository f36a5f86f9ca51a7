"""Refusals in words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from marketplace.listings import labels as words
from marketplace.listings.labels import sentence
from marketplace.listings.terms import ANSWERS
from marketplace.providers import labels as providers

FOLDERS = [Path(module.__file__).parent for module in (words, providers)]
# Codes that are shown on pages of their own or to moderators only.
ELSEWHERE = {
    "decided_already",
    "gone",
    "invalid_fields",
    "no_such_filter",
    "no_such_page",
    "provider_not_active",
}
RAISED = re.compile(
    r'(?:Invalid|NotAllowed|Conflict|NotFound)\("(\w+)"|yield "\w+", "(\w+)"|\] = "(\w+_\w+)"'
)


def codes() -> set[str]:
    found: set[str] = set()
    for path in (path for folder in FOLDERS for path in folder.glob("*.py")):
        for groups in RAISED.findall(path.read_text()):
            found.update(code for code in groups if code)
    return found - ELSEWHERE | {f"{name}_unknown" for name in ANSWERS}


@pytest.mark.parametrize("code", sorted(codes()))
def test_every_refusal_has_a_sentence_of_its_own(app: Flask, code: str) -> None:
    assert sentence(code) != sentence("some code that nobody knows")


def test_an_unknown_code_still_says_what_to_do(app: Flask) -> None:
    assert sentence("nonsense").startswith("That did not work.")


def test_codes_of_terms_and_profiles_are_both_known(app: Flask) -> None:
    assert sentence("fee_order") == "The highest fee must be more than the lowest"
    assert sentence("name_missing") == providers.sentence("name_missing")
