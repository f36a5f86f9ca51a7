"""What is kept of texts to find near-duplicates: found by an index, forgotten with the review."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, insert, select, text

from marketplace.core.extensions import db
from marketplace.core.jobs.queue import periodic_tasks, run_due
from marketplace.reviews.models import Review
from marketplace.reviews.risk.models import ReviewBand, ReviewSignature
from marketplace.reviews.risk.networks import KEPT_FOR
from marketplace.reviews.risk.signatures import (
    MOST_REPORTED,
    forget_text,
    near_duplicates,
    remember_missing,
    remember_text,
    sharing_a_band,
)
from marketplace.text.near_duplicates import BANDS, SCHEME, signature_of
from tests.clock import FrozenClock
from tests.factories import NOON, make_listing, make_review, make_topic
from tests.reviews.ordinary import SENTENCES

TEXT = (
    "They answered every question, came with me to the office on the appointed day, and the card was there after three "
    "weeks, as they had said. I paid what stands on their page and not a peso more, and would go there again."
)


def kept(words: str, **values: Any) -> Review:
    review = make_review(make_listing(make_topic()), text=words, **values)
    remember_text(review.id, signature_of(words))
    return review


def found(words: str, apart_from: int = 0) -> list[int]:
    return [duplicate.review_id for duplicate in near_duplicates(signature_of(words), apart_from=apart_from)]


def rows_of(review: Review) -> tuple[int, int]:
    signatures = select(func.count()).where(ReviewSignature.review_id == review.id)
    bands = select(func.count()).where(ReviewBand.review_id == review.id)
    return db.session.scalar(signatures) or 0, db.session.scalar(bands) or 0


def test_a_copy_is_found_among_others_and_never_the_review_itself(app: Flask) -> None:
    first = kept(TEXT)
    for sentence in SENTENCES[:10]:
        kept(sentence * 3)
    assert found(TEXT.replace("three", "four")) == [first.id]
    assert found(TEXT, apart_from=first.id) == []
    assert found("Something else entirely, about a driving licence and a bridge over a river.") == []


def test_the_most_alike_come_first_whatever_order_they_came_in(app: Flask) -> None:
    near, nearer = TEXT.replace("three weeks", "nine days").replace("a peso", "a cent"), TEXT + " Yes."
    reviews = [kept(near), kept(nearer), kept(TEXT)]
    assert found(TEXT) == [reviews[2].id, reviews[1].id, reviews[0].id]
    for review in reviews:
        forget_text(review.id)
    for review in reversed(reviews):
        remember_text(review.id, signature_of(review.text))
    assert found(TEXT) == [reviews[2].id, reviews[1].id, reviews[0].id]


def test_of_many_copies_some_are_told(app: Flask) -> None:
    for number in range(MOST_REPORTED + 3):
        kept(f"{TEXT} {number}")
    assert len(found(TEXT)) == MOST_REPORTED


def test_a_new_text_takes_the_place_of_the_old_one(app: Flask) -> None:
    review = kept(TEXT)
    remember_text(review.id, signature_of(SENTENCES[0] * 4))
    assert rows_of(review) == (1, BANDS)
    assert found(TEXT) == []
    assert found(SENTENCES[0] * 4) == [review.id]


def test_nothing_is_left_of_a_forgotten_or_deleted_text(app: Flask) -> None:
    forgotten, deleted = kept(TEXT), kept(TEXT + " Yes.")
    forget_text(forgotten.id)
    db.session.delete(deleted)
    db.session.flush()
    assert db.session.scalar(select(func.count(ReviewBand.review_id))) == 0
    assert db.session.scalar(select(func.count(ReviewSignature.review_id))) == 0
    forget_text(forgotten.id)


def test_missing_and_old_signatures_are_made_but_not_of_withdrawn_reviews(app: Flask) -> None:
    listing = make_listing(make_topic())
    bare, old, withdrawn = (
        make_review(listing, text=f"{TEXT} {number}", status=status)
        for number, status in enumerate(("published", "rejected", "withdrawn"))
    )
    db.session.add(ReviewSignature(review_id=old.id, scheme=SCHEME - 1, signature=b"old"))
    db.session.flush()
    assert remember_missing(1) == 1
    assert remember_missing(10) == 1
    assert remember_missing(10) == 0
    assert [rows_of(review) for review in (bare, old, withdrawn)] == [(1, BANDS), (1, BANDS), (0, 0)]


def test_candidates_are_found_by_the_index(app: Flask, count_queries: Any) -> None:
    review = kept(TEXT)
    rows = [{"review_id": review.id, "band": BANDS + number, "hash": number} for number in range(300)]
    db.session.execute(insert(ReviewBand), rows)
    with count_queries(app) as statements:
        near_duplicates(signature_of(TEXT), apart_from=0)
    assert len(statements) == 1
    query = sharing_a_band(signature_of(TEXT), apart_from=0)
    compiled = str(query.compile(db.engine, compile_kwargs={"literal_binds": True}))
    explain = "EXPLAIN QUERY PLAN "
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SET LOCAL enable_seqscan = off"))  # so small a table is read whole otherwise
        explain = "EXPLAIN "
    plan = [str(tuple(row)) for row in db.session.execute(text(explain + compiled))]
    assert len([line for line in plan if "ix_review_band_band_hash" in line]) == BANDS
    assert not [line for line in plan if "SCAN review_band" in line or "Seq Scan" in line]


def test_networks_are_forgotten_before_they_are_kept_longer_than_promised(
    app: Flask, clock: FrozenClock
) -> None:
    listing = make_listing(make_topic())
    old = make_review(listing, network="a" * 64, submitted_at=NOON - timedelta(minutes=1))
    new = make_review(listing, network="b" * 64, submitted_at=NOON)
    db.session.commit()
    clock.advance(KEPT_FOR - timedelta(days=1))  # a job that runs once a day must not come too late
    run_due()
    db.session.expire_all()
    assert (old.network, new.network) == (None, "b" * 64)
    assert (old.status, old.version) == ("published", 1)
    clock.advance(timedelta(days=1))
    run_due()
    db.session.expire_all()
    assert new.network is None


@pytest.mark.usefixtures("no_jobs")
def test_texts_without_a_signature_get_one(app: Flask) -> None:
    review = make_review(make_listing(make_topic()))
    db.session.commit()
    run_due()
    run_due()
    assert list(db.session.scalars(select(ReviewSignature.review_id))) == [review.id]


def test_both_run_each_day(app: Flask) -> None:
    tasks = periodic_tasks()
    assert tasks["reviews.networks"] == tasks["reviews.signatures"] == timedelta(days=1)
    assert db.session.scalar(select(func.count(Review.id))) == 0
