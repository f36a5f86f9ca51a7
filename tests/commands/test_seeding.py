"""What the demo seeds: ages relative to now, decisions on what was rejected, replies, votes and reports; nothing twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.commands.seeding import Seeded, seed
from marketplace.core.extensions import db
from marketplace.core.revisions import SITE, revision_of
from marketplace.listings.models import Listing
from marketplace.moderation.models import Decision, Flag
from marketplace.moderation.queue.queries import queue_count
from marketplace.reviews.models import Review
from marketplace.reviews.replies.models import Reply
from marketplace.reviews.votes.models import ReviewVote
from marketplace.samples import DemoData, DemoListing, DemoMember, DemoProvider, DemoReview, load_demo
from tests.clock import START
from tests.factories import make_topic

ANA = DemoMember("ana@example.com", "Ana", "es", joined_days_ago=400)
MOD = DemoMember("mod@example.com", "Mod", "en", joined_days_ago=500, role="moderator", sign_in=True)
OFFICE = DemoProvider(
    "Oficina",
    "https://oficina.example/",
    "active",
    "ana@example.com",
    "We do it.",
    "en",
    ("es", "en"),
    ("peru",),
)
LISTED = DemoListing(
    *("Oficina", "peru-card", "All of it.", "range", "published", ("es",)),
    listed_days_ago=100,
    confirmed_days_ago=20,
    fee_min="10.50",
    fee_max="20",
    currency="EUR",
    official_fee="5",
    time_min=2,
    time_max=3,
    time_unit="weeks",
)
REVIEWED = DemoReview(
    *("mod@example.com", "Oficina", "peru-card", 4, "Quick and clear from start to end.", "en", "documented"),
    *("published", 60, 50),
    published_days_ago=49,
    real_cost="12.25",
    real_currency="EUR",
)

ANSWERED = replace(
    REVIEWED,
    reply="Thank you. We ring sooner now.",
    reply_language="en",
    helpful_to=("ana@example.com",),
    report="It is copied from the page of the provider.",
    reported_by="reader@example.net",
)


def data(
    *, listings: tuple[DemoListing, ...] = (LISTED,), reviews: tuple[DemoReview, ...] = (REVIEWED,)
) -> DemoData:
    return DemoData((ANA, MOD), (OFFICE,), listings, reviews)


@pytest.fixture(autouse=True)
def topic(app: Flask) -> None:
    make_topic("peru", "peru-card")
    make_topic("peru", "peru-tax")
    db.session.commit()


def test_amounts_are_minor_units_and_ages_count_back() -> None:
    assert seed(data(), START) == Seeded(2, 1, 1, 1)
    listing = db.session.scalars(select(Listing)).one()
    assert (listing.fee_min, listing.fee_max, listing.currency) == (1050, 2000, "EUR")
    assert (listing.official_fee_kind, listing.official_fee) == ("extra", 500)
    assert listing.published_at == START - timedelta(days=100)
    assert listing.confirmed_at == START - timedelta(days=20)
    review = db.session.scalars(select(Review)).one()
    assert (review.real_cost, review.published_at) == (1225, START - timedelta(days=49))
    assert (listing.review_count, listing.rating_sum) == (1, 4)


def test_people_may_sign_in_only_where_the_data_say_so() -> None:
    seed(data(), START)
    people = {user.email: user for user in db.session.scalars(select(User))}
    assert people["ana@example.com"].password is None
    assert people["mod@example.com"].password
    assert (people["mod@example.com"].role, people["ana@example.com"].role) == ("moderator", "member")
    assert all(user.confirmed_at for user in people.values())


def test_seeding_again_adds_what_is_missing_and_changes_nothing_that_is_there() -> None:
    seed(data(), START)
    listing = db.session.scalars(select(Listing)).one()
    listing.service = "Changed by its provider."
    db.session.commit()
    before, revision = revision_of(SITE), listing.topic.revision
    assert seed(data(), START + timedelta(days=9)) == Seeded()
    assert (listing.service, listing.topic.revision) == ("Changed by its provider.", revision)
    assert revision_of(SITE) >= before
    second = replace(LISTED, topic="peru-tax")
    assert seed(data(listings=(LISTED, second)), START) == Seeded(listings=1)


def test_what_is_not_shown_was_never_published() -> None:
    listings = (replace(LISTED, status="draft"), replace(LISTED, topic="peru-tax", status="pending"))
    seed(data(listings=listings, reviews=()), START)
    draft, pending = db.session.scalars(select(Listing).order_by(Listing.id))
    assert (draft.submitted_at, draft.published_at, draft.confirmed_at) == (None, None, None)
    assert (pending.submitted_at, pending.published_at) == (START - timedelta(days=100), None)


def test_a_rejection_has_its_decision_with_ground_and_statement() -> None:
    listing = replace(LISTED, status="rejected", ground="unclear", statement="Say what it costs.")
    review = replace(
        REVIEWED, status="rejected", ground="abuse", statement="No insults.", published_days_ago=None
    )
    seed(data(listings=(listing,), reviews=(review,)), START)
    decisions = db.session.scalars(select(Decision).order_by(Decision.id)).all()
    assert [(entry.subject, entry.action, entry.ground, entry.statement) for entry in decisions] == [
        ("listing", "reject", "unclear", "Say what it costs."),
        ("review", "reject", "abuse", "No insults."),
    ]
    assert db.session.scalars(select(Listing)).one().note == "Say what it costs."


def test_answers_votes_and_reports_are_added_once_with_their_review() -> None:
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


def test_what_waits_is_judged() -> None:
    spam = replace(
        REVIEWED,
        status="pending",
        published_days_ago=None,
        text="Write me on telegram and I tell you everything.",
    )
    seed(data(reviews=(spam,)), START)
    assert db.session.scalars(select(Review.risk)).one() > 0


def test_authors_do_not_vote_for_their_own_review_and_repliers_exist() -> None:
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
