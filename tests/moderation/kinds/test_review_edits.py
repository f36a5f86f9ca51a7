from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.extensions import db
from marketplace.moderation.decisions.registry import find_subject
from marketplace.moderation.models import Decision
from marketplace.reviews.models import Review, ReviewEdit, ReviewVersion
from marketplace.reviews.writing.edits import drop_edit, edit_review
from marketplace.reviews.writing.versions import content_of
from tests.factories import NOON, make_user
from tests.moderation.deciding import decide_now
from tests.moderation.decisions.test_services import in_parallel, move
from tests.moderation.desk import count
from tests.moderation.waiting import NEW_TEXT, STATEMENT, waiting_review, waiting_review_edit

LATER = NOON + timedelta(hours=2)
WITH_NUMBER = "Mr Smith lost my papers, NIE X1234567L, and never called back."
COVERED = "Mr ▇▇▇▇ lost my papers, NIE ▇▇▇▇, and never called back."
KEYS = ("text-3-8", "text-29-38")


@pytest.mark.parametrize(("status", "moves"), [("pending", {"publish", "reject"}), ("rejected", set())])
def test_an_edit_is_decided_while_it_waits(app: Flask, status: str, moves: set[str]) -> None:
    subject = find_subject("review_edit", waiting_review_edit(status=status).review_id)
    assert {action for action in subject.open_actions()} == moves


def test_a_published_edit_is_shown_and_counted_with_its_decision(app: Flask) -> None:
    edit = waiting_review_edit(rating=2)
    review, listing, old = edit.review, edit.listing, edit.review.text
    before = listing.topic.revision
    decision = move("review_edit", edit)
    db.session.commit()
    assert (review.text, review.rating, review.edited_at) == (NEW_TEXT, 2, LATER)
    assert (listing.review_count, listing.rating_sum) == (1, 2)
    assert listing.topic.revision > before
    assert (decision.subject, decision.subject_id, decision.rating) == ("review_edit", review.id, 2)
    assert decision.asked_by == "author"
    version = db.session.scalars(select(ReviewVersion)).one()
    assert (version.cause, version.text) == ("edited", old)


def test_a_refused_edit_changes_nothing_that_is_shown(app: Flask) -> None:
    edit = waiting_review_edit()
    review, old = edit.review, edit.review.text
    before = edit.listing.topic.revision
    move("review_edit", edit, "reject")
    db.session.commit()
    assert (edit.status, edit.note, edit.text) == ("rejected", STATEMENT, NEW_TEXT)
    assert (review.text, review.status, review.edited_at) == (old, "published", None)
    assert edit.listing.topic.revision == before


@pytest.mark.parametrize("kind", ["review", "review_edit"])
def test_what_is_covered_is_published_covered(app: Flask, kind: str) -> None:
    make = waiting_review if kind == "review" else waiting_review_edit
    row = make(text=WITH_NUMBER)
    review = row if isinstance(row, Review) else row.review
    with pytest.raises(Invalid):
        move(kind, row)
    assert count(Decision) == 0
    move(kind, row, covered=KEYS)
    db.session.commit()
    assert (review.status, review.text) == ("published", COVERED)
    kept = db.session.scalars(select(ReviewVersion.text).where(ReviewVersion.cause == "masked")).all()
    assert kept == [WITH_NUMBER]


def test_what_is_left_on_purpose_is_published_as_written(app: Flask) -> None:
    review = waiting_review(text=WITH_NUMBER)
    move("review", review, covered=KEYS[1:], leaves_rest=True)
    assert review.text == WITH_NUMBER.replace("X1234567L", "▇▇▇▇")


def test_a_decision_on_an_edit_fits_no_later_one(app: Flask) -> None:
    edit, moderator = waiting_review_edit(), make_user("moderator")
    review, version, author = edit.review, edit.version, edit.user
    assert author is not None
    draft = content_of(edit)
    for again in range(3):
        drop_edit(review, actor=author)
        edit_review(review, replace(draft, text=f"{draft.text} {again}"), author=author, now=LATER)
        with pytest.raises(Conflict):
            decide_now(
                "review_edit", review.id, actor=moderator, action="publish", version=version, now=LATER
            )
    assert count(Decision) == 0


@pytest.mark.parametrize("kind", ["review", "review_edit"])
def test_an_author_who_edits_while_a_moderator_publishes(app: Flask, kind: str) -> None:
    """Whoever comes first: no text is shown that the moderator did not read."""
    row = (waiting_review if kind == "review" else waiting_review_edit)()
    review = row if isinstance(row, Review) else row.review
    number, version, author_id, read = review.id, row.version, review.user_id, row.text
    moderator_id, sent = make_user("moderator").id, "Words that came while the moderator was reading."
    draft = replace(content_of(row), text=sent)
    db.session.commit()

    def publish() -> None:
        actor = db.session.get_one(User, moderator_id)
        decide_now(kind, number, actor=actor, action="publish", version=version, now=LATER)

    def edit() -> None:
        author = db.session.get_one(User, author_id)
        edit_review(db.session.get_one(Review, number), draft, author=author, now=LATER)

    tasks: list[Callable[[], None]] = [publish, edit]
    results = in_parallel(app, *tasks)
    db.session.rollback()
    review = db.session.get_one(Review, number)
    waiting = db.session.get(ReviewEdit, number)
    if results == ["done", "done"]:
        assert (review.status, review.text) == ("published", read)
        assert (waiting.status, waiting.text) == ("pending", sent)  # type: ignore[union-attr]
        assert count(Decision) == 1
    else:
        assert results == ["Conflict", "done"]
        assert (review.text if kind == "review" else waiting.text) == sent  # type: ignore[union-attr]
        assert review.status == ("pending" if kind == "review" else "published")
        assert db.session.scalars(select(Decision)).all() == []


def test_an_author_who_drops_the_edit_while_a_moderator_publishes(app: Flask) -> None:
    edit, moderator_id = waiting_review_edit(), make_user("moderator").id
    review, number, author_id, old = edit.review, edit.review_id, edit.review.user_id, edit.review.text
    db.session.commit()

    def publish() -> None:
        actor = db.session.get_one(User, moderator_id)
        decide_now("review_edit", number, actor=actor, action="publish", version=2, now=LATER)

    def drop() -> None:
        drop_edit(db.session.get_one(Review, number), actor=db.session.get_one(User, author_id))

    results = in_parallel(app, publish, drop)
    db.session.rollback()
    assert db.session.get(ReviewEdit, number) is None
    if count(Decision):
        assert (results, review.text) == (["Conflict", "done"], NEW_TEXT)
    else:
        assert (results, review.text) == (["NotFound", "done"], old)
