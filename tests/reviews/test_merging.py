"""What becomes of reviews and of invited clients when two providers turn out to be one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.providers.merging import merge_problems, merge_provider
from marketplace.providers.models import Provider
from marketplace.reviews.invitations.models import Invite, InviteBatch
from marketplace.reviews.models import Review
from marketplace.reviews.replies.models import Reply
from tests.factories import NOON, make_listing, make_provider, make_reply, make_review, make_topic, make_user
from tests.reviews.asking import OCTOBER, SEPTEMBER, ask

MONTH = timedelta(days=30)


def pair() -> tuple[Provider, Provider, Listing, Listing]:
    """Two providers that are one, each with a listing for the same topic: the one that goes and the one that stays."""
    topic = make_topic("peru", "peru-card")
    gone, into = make_provider(), make_provider()
    return gone, into, make_listing(topic, gone), make_listing(topic, into)


def test_reviews_and_replies_move_and_the_figures_are_reckoned_again(app: Flask) -> None:
    gone, into, theirs, ours = pair()
    make_review(ours, rating=5)
    moved = make_review(theirs, rating=2)
    reply = make_reply(moved)
    merge_provider(gone, into, now=NOON)
    db.session.commit()
    assert (moved.listing_id, reply.provider_id) == (ours.id, into.id)
    assert (ours.review_count, ours.rating_sum, theirs.review_count) == (2, 7, 0)
    assert db.session.scalars(select(Reply.provider_id)).all() == [into.id]


@pytest.mark.parametrize(
    ("first", "second", "left"),
    [
        (("published", 0), ("published", 10), ["withdrawn", "published"]),
        (("published", 0), ("pending", 10), ["published", "withdrawn"]),
        (("published", 0), ("published", 13), ["published", "published"]),
        (("hidden", 0), ("published", 10), ["hidden", "withdrawn"]),
        (("rejected", 0), ("published", 1), ["rejected", "published"]),
    ],
)
def test_a_person_keeps_one_review_in_twelve_months(
    app: Flask, first: tuple[str, int], second: tuple[str, int], left: list[str]
) -> None:
    gone, into, theirs, ours = pair()
    author, start = make_user(), NOON - 14 * MONTH
    for listing, (status, months) in ((ours, first), (theirs, second)):
        make_review(listing, author, status=status, submitted_at=start + months * MONTH)
    merge_provider(gone, into, now=NOON)
    db.session.commit()
    found = db.session.scalars(select(Review).order_by(Review.submitted_at)).all()
    assert [review.status for review in found] == left
    assert {review.listing_id for review in found} == {ours.id}


def test_reviews_whose_authors_are_gone_all_stay(app: Flask) -> None:
    gone, into, theirs, ours = pair()
    for listing in (theirs, ours):
        make_review(listing).user_id = None
    merge_provider(gone, into, now=NOON)
    assert ours.review_count == 2


def test_a_member_who_reviewed_the_other_one_is_for_moderators_first(app: Flask) -> None:
    member = make_user()
    topic = make_topic()
    mine, other = make_provider(member), make_provider()
    review = make_review(make_listing(topic, other), member)
    assert merge_problems(mine, other) == merge_problems(other, mine) == ["merge_own_review"]
    review.status = "rejected"
    assert merge_problems(mine, other) == []


def test_lists_of_clients_move_and_lists_that_begin_on_one_day_become_one(app: Flask) -> None:
    gone, into, theirs, ours = pair()
    ask(ours, "ana@one.example", "ben@one.example")
    ask(theirs, "ben@one.example", "eva@one.example")
    ask(theirs, "leo@one.example", period=SEPTEMBER)
    for batch in db.session.scalars(select(InviteBatch)):
        batch.near_members = None if batch.listing_id == ours.id else 1
    db.session.commit()
    used = db.session.scalars(
        select(Invite)
        .join(InviteBatch)
        .where(InviteBatch.listing_id == theirs.id, Invite.address == "ben@one.example")
    ).one()
    used.state = "used"
    db.session.commit()
    merge_provider(gone, into, now=NOON)
    db.session.commit()
    batches = db.session.scalars(select(InviteBatch).order_by(InviteBatch.period_from)).all()
    assert [(one.listing_id, one.period_from, one.near_members) for one in batches] == [
        (ours.id, SEPTEMBER[0], 1),
        (ours.id, OCTOBER[0], 1),
    ]
    invited = db.session.execute(select(Invite.address, Invite.state).order_by(Invite.address)).all()
    assert [tuple(one) for one in invited] == [
        ("ana@one.example", "waiting"),
        ("ben@one.example", "used"),
        ("eva@one.example", "waiting"),
        ("leo@one.example", "waiting"),
    ]
    assert (ours.invited_count, ours.answered_count, ours.invited_from) == (4, 1, date(2026, 9, 1))
    assert theirs.invited_count == 0
