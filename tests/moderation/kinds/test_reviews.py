from __future__ import annotations

import pytest
from flask import Flask

from marketplace.core.errors import Invalid
from marketplace.moderation.decisions.actions import Choice
from marketplace.moderation.decisions.subjects import find_subject
from marketplace.moderation.kinds.reviews import REVIEW_MOVES
from tests.factories import NOON
from tests.moderation.waiting import waiting_review


@pytest.mark.parametrize(
    ("status", "level", "moves"),
    [
        ("pending", "unverified", {"publish", "reject"}),
        ("published", "unverified", {"document", "hide"}),
        ("published", "documented", {"hide"}),
        ("hidden", "unverified", {"restore"}),
        ("rejected", "unverified", set()),
        ("withdrawn", "unverified", set()),
    ],
)
def test_what_may_be_done_depends_on_where_a_review_stands(
    app: Flask, status: str, level: str, moves: set[str]
) -> None:
    subject = find_subject("review", waiting_review(status=status, level=level).id)
    assert {action for action, move in REVIEW_MOVES["review"].items() if move.is_open(subject)} == moves


def test_a_review_is_published_at_a_level_that_exists(app: Flask) -> None:
    subject = find_subject("review", waiting_review().id)
    publish = REVIEW_MOVES["review"]["publish"]
    publish.check(subject, Choice(now=NOON, level="invited"))
    with pytest.raises(Invalid, match="proof_missing"):
        publish.check(subject, Choice(now=NOON, level="documented"))
    with pytest.raises(Invalid):
        publish.check(subject, Choice(now=NOON, level="famous"))
