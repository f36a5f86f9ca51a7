from __future__ import annotations

import pytest
from flask import Flask

from marketplace.moderation.grounds import GROUNDS, draft_statement, find_ground
from marketplace.moderation.models import STATEMENT_LENGTH, SUBJECTS


def test_every_kind_has_its_grounds_and_no_code_twice() -> None:
    assert set(GROUNDS) == set(SUBJECTS)
    for grounds in GROUNDS.values():
        codes = [ground.code for ground in grounds]
        assert len(set(codes)) == len(codes)
        assert all(len(code) <= 40 for code in codes)


def test_a_ground_is_found_for_its_kind_only() -> None:
    assert find_ground("review", "same_text") is not None
    assert find_ground("listing", "same_text") is None
    assert find_ground("review", None) is None


@pytest.mark.parametrize("language", ["en", "es", "de"])
def test_every_draft_is_a_statement_that_may_be_sent(app: Flask, language: str) -> None:
    least, most = STATEMENT_LENGTH
    for grounds in GROUNDS.values():
        for ground in grounds:
            assert least <= len(draft_statement(ground, language)) <= most
