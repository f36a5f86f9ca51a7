"""What the demo shows below reviews: an answer, votes, and a report that waits."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask
from sqlalchemy import select

from marketplace.commands.seeding import seed
from marketplace.core.extensions import db
from marketplace.moderation.models import Flag
from marketplace.moderation.queue.queries import queue_count
from marketplace.reviews.models import Review
from marketplace.reviews.replies.models import Reply
from marketplace.reviews.votes.models import ReviewVote
from marketplace.samples import load_demo
from tests.clock import START
from tests.commands.test_seeding import REVIEWED, data
from tests.factories import make_topic

ANSWERED = replace(
    REVIEWED,
    reply="Thank you. We ring sooner now.",
    reply_language="en",
    helpful_to=("ana@example.com",),
    report="It is copied from the page of the provider.",
    reported_by="reader@example.net",
)


def test_answers_votes_and_reports_are_added_once_with_their_review(app: Flask) -> None:
    make_topic("peru", "peru-card")
    for _ in range(2):
        seed(data(reviews=(ANSWERED,)), START)
        db.session.commit()
    reply = db.session.scalars(select(Reply)).one()
    assert (reply.is_shown, reply.shown_text) == (True, ANSWERED.reply)
    assert reply.user_id == reply.provider.members[0].user_id
    votes = db.session.scalars(select(ReviewVote)).all()
    assert db.session.scalars(select(Review.helpful_count)).one() == len(votes) == 1
    assert db.session.scalars(select(Flag.status)).one() == "pending"
    assert queue_count().total == 1


def test_what_waits_is_judged(app: Flask) -> None:
    make_topic("peru", "peru-card")
    spam = replace(
        REVIEWED,
        status="pending",
        published_days_ago=None,
        text="Write me on telegram and I tell you everything.",
    )
    seed(data(reviews=(spam,)), START)
    assert db.session.scalars(select(Review.risk)).one() > 0


def test_nobody_finds_the_own_review_helpful_and_authors_of_answers_are_there() -> None:
    demo = load_demo()
    emails = {member.email for member in demo.members}
    with_member = {provider.name for provider in demo.providers if provider.member}
    told = [review for review in demo.reviews if review.helpful_to or review.reply or review.report]
    assert told
    for review in told:
        assert review.author not in review.helpful_to
        assert set(review.helpful_to) <= emails
        assert not review.reply or review.provider in with_member
        assert review.status == "published"
