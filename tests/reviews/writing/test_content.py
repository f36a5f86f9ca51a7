from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from marketplace.core.extensions import db
from marketplace.core.waiting_edits import drop_edit
from marketplace.reviews.models import CONTENT_FIELDS, Review, ReviewEdit, ReviewVersion
from marketplace.reviews.writing.content import hold, keep_version, told_of, write_told
from tests.factories import NOON, make_listing, make_review, make_topic
from tests.reviews.editing import NEW, draft_of, waiting_edit


def test_what_was_told_goes_from_row_to_row_whole(app: Flask) -> None:
    review = make_review(
        make_listing(make_topic()),
        rating=2,
        real_cost=420000,
        real_currency="MXN",
        real_time=3,
        real_time_unit="weeks",
        outcome="Card",
    )
    draft = told_of(review)
    assert set(asdict(draft)) == set(CONTENT_FIELDS)
    edit = ReviewEdit(review_id=review.id, submitted_at=NOON)
    write_told(edit, draft)
    db.session.add(edit)
    db.session.commit()
    assert told_of(edit) == draft
    assert (edit.rating, edit.real_cost, edit.outcome) == (2, 420000, "Card")


def test_a_version_keeps_what_a_review_said(app: Flask) -> None:
    review = make_review(make_listing(make_topic()))
    before = told_of(review)
    keep_version(review, cause="edited", now=NOON)
    keep_version(review, told=draft_of(review), cause="masked", now=NOON + timedelta(hours=1))
    db.session.commit()
    first, second = db.session.scalars(select(ReviewVersion).order_by(ReviewVersion.id))
    assert (first.cause, first.replaced_at, told_of(first)) == ("edited", NOON, before)
    assert (second.cause, second.text) == ("masked", NEW)


def test_a_forgotten_edit_leaves_its_version_behind(app: Flask) -> None:
    edit = waiting_edit(version=7)
    review = edit.review
    drop_edit(review)
    drop_edit(review)
    db.session.commit()
    assert review.version == 8
    assert db.session.get(ReviewEdit, review.id) is None


def test_held_rows_are_read_anew(app: Flask) -> None:
    edit = waiting_edit()
    review = edit.review
    db.session.commit()
    assert (review.version, review.edit) == (1, edit)
    table = ReviewEdit.__table__
    db.session.execute(table.update().values(status="rejected", version=9))  # type: ignore[attr-defined]
    db.session.execute(Review.__table__.update().values(version=5))  # type: ignore[attr-defined]
    hold(review)
    assert (review.version, edit.status, edit.version) == (5, "rejected", 9)
