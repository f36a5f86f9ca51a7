from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from marketplace.core.extensions import db
from marketplace.core.locking import lock_row
from marketplace.core.waiting_edits import drop_edit
from marketplace.reviews.models import CONTENT_FIELDS, Review, ReviewEdit, ReviewVersion
from marketplace.reviews.writing.redaction import is_covered
from marketplace.reviews.writing.versions import (
    content_of,
    copy_content,
    earlier_versions,
    edits_of,
    keep_version,
)
from tests.conftest import CountQueries
from tests.factories import NOON, make_listing, make_review, make_topic
from tests.reviews.drafting import NEW, draft_of, waiting_edit


def test_content_is_copied_whole(app: Flask) -> None:
    review = make_review(
        make_listing(make_topic()),
        rating=2,
        real_cost=420000,
        real_currency="MXN",
        real_time=3,
        real_time_unit="weeks",
        outcome="Card",
    )
    draft = content_of(review)
    assert set(asdict(draft)) == {*CONTENT_FIELDS, "unread"}
    edit = ReviewEdit(review_id=review.id, submitted_at=NOON)
    copy_content(edit, draft)
    db.session.add(edit)
    db.session.commit()
    assert content_of(edit) == draft
    assert (edit.rating, edit.real_cost, edit.outcome) == (2, 420000, "Card")


def test_a_version_keeps_what_a_review_said(app: Flask) -> None:
    review = make_review(make_listing(make_topic()))
    before = content_of(review)
    keep_version(review, cause="edited", now=NOON)
    keep_version(review, content=draft_of(review), cause="masked", now=NOON + timedelta(hours=1))
    db.session.commit()
    first, second = db.session.scalars(select(ReviewVersion).order_by(ReviewVersion.id))
    assert (first.cause, first.replaced_at, content_of(first)) == ("edited", NOON, before)
    assert (second.cause, second.text) == ("masked", NEW)


def test_the_version_of_a_deleted_edit_is_not_used_again(app: Flask) -> None:
    edit = waiting_edit(version=7)
    review = edit.review
    drop_edit(review)
    drop_edit(review)
    db.session.commit()
    assert review.version == 8
    assert db.session.get(ReviewEdit, review.id) is None


def test_locked_rows_are_read_anew(app: Flask) -> None:
    edit = waiting_edit()
    review = edit.review
    db.session.commit()
    assert (review.version, review.edit) == (1, edit)
    table = ReviewEdit.__table__
    db.session.execute(table.update().values(status="rejected", version=9))  # type: ignore[attr-defined]
    db.session.execute(Review.__table__.update().values(version=5))  # type: ignore[attr-defined]
    lock_row(review)
    assert (review.version, edit.status, edit.version) == (5, "rejected", 9)


def test_versions_come_with_their_review_the_latest_first(app: Flask, count_queries: CountQueries) -> None:
    topic = make_topic()
    one, two, bare = (make_review(make_listing(topic)) for _ in range(3))
    for text in ("First words of all, which were replaced.", "Second words, which were replaced as well."):
        keep_version(one, content=draft_of(one, text=text), cause="edited", now=NOON)
    keep_version(two, cause="masked", now=NOON)
    ids = [one.id, two.id, bare.id]
    with count_queries(app) as statements:
        found = earlier_versions(ids)
    assert len(statements) == 1
    assert [version.text[:6] for version in found[one.id]] == ["Second", "First "]
    assert [version.cause for version in found[two.id]] == ["masked"]
    assert bare.id not in found


def test_edits_come_with_their_review(app: Flask) -> None:
    waiting, refused = waiting_edit(), waiting_edit(status="rejected")
    bare = make_review(make_listing(make_topic()))
    found = edits_of([waiting.review_id, refused.review_id, bare.id])
    assert found == {waiting.review_id: waiting, refused.review_id: refused}


def test_a_text_is_said_to_be_covered_while_it_is(app: Flask) -> None:
    review = make_review(make_listing(make_topic()))
    typed = keep_version(review, cause="edited", now=NOON)
    assert not is_covered("Mr ▇▇▇▇ helped", "", [typed])
    hidden = keep_version(review, cause="masked", now=NOON)
    assert is_covered("Mr ▇▇▇▇ helped", "", [hidden, typed])
    assert is_covered("All well", "Told by ▇▇▇▇", [hidden])
    assert not is_covered("All well", "", [hidden])
