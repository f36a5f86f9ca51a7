"""What the worker does for reviews by the clock."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from marketplace.core.extensions import db
from marketplace.core.jobs.queue import periodic_tasks, run_due
from marketplace.reviews.models import Review
from marketplace.reviews.risk.models import ReviewSignature
from marketplace.reviews.risk.networks import KEPT_FOR
from tests.clock import FrozenClock
from tests.factories import NOON, make_listing, make_review, make_topic


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
