from __future__ import annotations

from flask import Flask

from marketplace.core.extensions import db
from marketplace.core.jobs.queue import periodic_tasks, run_due
from marketplace.reviews.models import Review
from marketplace.reviews.votes.services import vote_helpful
from marketplace.reviews.votes.tasks import SHOWN_WITHIN
from tests.factories import NOON, make_user
from tests.reviews.answering import make_case


def test_the_worker_shows_votes_within_minutes(app: Flask) -> None:
    case = make_case()
    review_id = case.review.id
    vote_helpful(review_id, voter=make_user(), now=NOON)
    db.session.commit()
    assert periodic_tasks()["reviews.votes"] == SHOWN_WITHIN
    run_due()
    db.session.rollback()
    assert db.session.get_one(Review, review_id).helpful_count == 1
