from __future__ import annotations

import pytest
from flask import Flask

from marketplace.moderation.decisions.grounds import (
    GROUNDS,
    LATER_GROUNDS,
    Ground,
    draft_statement,
    find_ground,
    grounds_for,
)
from marketplace.moderation.models import STATEMENT_LENGTH, SUBJECTS


def test_every_kind_has_its_grounds_and_no_code_twice() -> None:
    assert {*GROUNDS, "flag", "appeal"} == set(SUBJECTS)
    for kind in SUBJECTS:
        actions = ("reject", *(action for of_kind, action in LATER_GROUNDS if of_kind == kind))
        named: dict[str, Ground] = {}
        for action in actions:
            grounds = grounds_for(kind, action)
            assert len({ground.code for ground in grounds}) == len(grounds)
            for ground in grounds:
                assert len(ground.code) <= 40
                # History finds a ground by its code, whatever the action was.
                assert named.setdefault(ground.code, ground) is ground


def test_a_ground_is_found_for_its_kind_only() -> None:
    assert find_ground("review", "same_text") is not None
    assert find_ground("listing", "same_text") is None
    assert find_ground("review", None) is None


def test_a_ground_of_a_standing_is_found_for_its_action_and_for_history() -> None:
    assert find_ground("provider", "unlawful", "suspend") is not None
    assert find_ground("provider", "unlawful", "reinstate") is None
    assert find_ground("provider", "unlawful", "reject") is None
    assert find_ground("provider", "unlawful") is not None
    assert find_ground("listing", "unlawful") is None
    assert grounds_for("listing", "suspend") == grounds_for("provider", "publish") == ()


@pytest.mark.parametrize("language", ["en", "es", "de"])
def test_every_draft_is_a_statement_that_may_be_sent(app: Flask, language: str) -> None:
    least, most = STATEMENT_LENGTH
    for grounds in (*GROUNDS.values(), *LATER_GROUNDS.values()):
        for ground in grounds:
            assert least <= len(draft_statement(ground, language)) <= most
