from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from marketplace.core.errors import NotFound
from marketplace.core.extensions import db
from marketplace.moderation.reports.targets import find_target, is_party_to_flag, target_id, target_row
from tests.factories import make_reply, make_user
from tests.moderation.reporting import READER, reported, shown_review, unconfirmed


def things() -> dict[str, Any]:
    review = shown_review()
    return {
        "review": review,
        "reply": make_reply(review),
        "listing": review.listing,
        "provider": review.listing.provider,
    }


@pytest.mark.parametrize("kind", ["review", "reply", "listing", "provider"])
def test_what_is_shown_is_found_and_named_by_its_flag(app: Flask, kind: str) -> None:
    row = things()[kind]
    db.session.commit()
    assert find_target(kind, row.id) is row
    flag = reported(row, kind=kind)
    assert target_row(flag) is row
    assert target_id(flag) == row.id
    assert (flag.offer is None) == (kind == "provider")


@pytest.mark.parametrize(
    ("hidden", "status"),
    [
        ("reply", "withdrawn"),
        ("review", "hidden"),
        ("review", "pending"),
        ("review", "withdrawn"),
        ("listing", "rejected"),
        ("provider", "suspended"),
        ("provider", "removed"),
    ],
)
def test_what_is_not_shown_is_not_found_nor_what_stands_on_it(app: Flask, hidden: str, status: str) -> None:
    rows = things()
    rows[hidden].status = status
    db.session.commit()
    kinds = ["provider", "listing", "review", "reply"]
    for kind in kinds[kinds.index(hidden) :]:
        with pytest.raises(NotFound):
            find_target(kind, rows[kind].id)


@pytest.mark.parametrize(("kind", "number"), [("review", 0), ("review", 2**40), ("reply", 1), ("user", 1)])
def test_what_never_was_is_not_found(app: Flask, kind: str, number: int) -> None:
    with pytest.raises(NotFound):
        find_target(kind, number)


def test_who_stands_too_close(app: Flask) -> None:
    author, rival, owner, stranger = (make_user() for _ in range(4))
    review = shown_review(owner, author=author)
    reporter, other = make_user(), make_user()
    flag = reported(review, reporter)
    reported(review, other)
    visitor = make_user(email=READER)
    mine = unconfirmed(review)
    mine.status = "pending"
    db.session.commit()
    for user, is_party in (
        (reporter, True),
        (other, True),
        (visitor, True),
        (author, True),
        (stranger, False),
    ):
        assert is_party_to_flag(user, flag) is is_party
    assert not is_party_to_flag(rival, flag)
    by_owner = reported(review, owner)
    assert is_party_to_flag(owner, by_owner)
