from __future__ import annotations

import pytest
from flask import Flask

from marketplace.moderation.decisions import grounds
from marketplace.moderation.decisions.grounds import Ground, draft_statement
from marketplace.moderation.decisions.registry import find_ground, find_kind, find_subject, kinds
from marketplace.moderation.models import STATEMENT_LENGTH
from tests.moderation.deciding import GROUNDS, KINDS, LATER_GROUNDS
from tests.moderation.waiting import waiting_flag


def test_every_kind_has_its_grounds_and_no_code_twice() -> None:
    assert {*GROUNDS, "flag", "appeal"} == set(KINDS)
    for kind in kinds():
        named: dict[str, Ground] = {}
        for action in kind.actions.values():
            assert len({ground.code for ground in action.grounds}) == len(action.grounds)
            for ground in action.grounds:
                assert len(ground.code) <= 40
                # History finds a ground by its code, whatever the action was.
                assert named.setdefault(ground.code, ground) is ground


def test_a_ground_is_found_for_its_kind_only() -> None:
    assert find_ground("review", "same_text") is not None
    assert find_ground("listing", "same_text") is None
    assert find_ground("review", None) is None


def test_a_ground_of_a_later_action_is_found_for_history() -> None:
    assert find_ground("provider", "unlawful") is not None
    assert find_ground("listing", "unlawful") is None
    (unlawful,) = (
        ground for ground in find_kind("provider").actions["suspend"].grounds if ground.code == "unlawful"
    )
    for action in ("publish", "reject", "reinstate"):
        assert unlawful not in find_kind("provider").actions[action].grounds


def test_a_report_is_upheld_on_the_grounds_of_what_follows(app: Flask) -> None:
    flag = waiting_flag()
    subject = find_subject("flag", flag.id)
    assert subject.grounds_for("uphold") == find_kind("review").actions["hide"].grounds
    assert subject.grounds_for("publish") == ()


@pytest.mark.parametrize("language", ["en", "es", "de"])
def test_every_draft_is_a_statement_that_may_be_sent(app: Flask, language: str) -> None:
    least, most = STATEMENT_LENGTH
    for offer in (*GROUNDS.values(), *LATER_GROUNDS.values()):
        for ground in offer:
            assert least <= len(draft_statement(ground, language)) <= most


def test_every_ground_is_in_use_with_words_of_its_own(app: Flask) -> None:
    known = [value for value in vars(grounds).values() if isinstance(value, Ground)]
    offered = {id(ground) for offer in (*GROUNDS.values(), *LATER_GROUNDS.values()) for ground in offer}
    assert {id(ground) for ground in known} == offered
    least, most = STATEMENT_LENGTH
    with app.test_request_context():
        assert all(str(ground.label) and least <= len(str(ground.draft)) <= most for ground in known)
        assert len({str(ground.draft) for ground in known}) == len(known)
