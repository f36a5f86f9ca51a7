"""Helpful votes: one for each member and review, removable, never on one's own review, one's provider's or a rival's.

A vote is a row; the number that readers see (`Review.helpful_count`) follows within minutes, so that a vote does not
invalidate cached pages. Nothing here commits.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update

from marketplace.accounts.models import User
from marketplace.core.errors import NotAllowed, NotFound, Refusal
from marketplace.core.extensions import db, find_row, insert_into
from marketplace.core.jobs.queue import task
from marketplace.guides.services import raise_topic_revisions
from marketplace.listings.models import Listing
from marketplace.reviews.eligibility import is_listed, lasting_ineligibility
from marketplace.reviews.models import Review, ReviewStatus
from marketplace.reviews.votes.models import ReviewVote

BATCH = 500
REFRESH_INTERVAL = timedelta(minutes=10)


def shown_review(review_id: int) -> Review:
    """A review that readers see. Raises `NotFound`."""
    review = find_row(Review, review_id)
    if review is None or review.status != ReviewStatus.PUBLISHED or not is_listed(review.listing):
        raise NotFound
    return review


def vote_ineligibility(review: Review, voter: User) -> Refusal | None:
    """Why this member may not vote on this review, or None.

    Codes of `NotAllowed`: `own_review`, and those of `eligibility.lasting_ineligibility`.
    """
    if review.user_id == voter.id:
        return NotAllowed("own_review")
    return lasting_ineligibility(review.listing, voter)


def vote_helpful(review_id: int, *, voter: User, now: datetime) -> None:
    """Record a member's vote; voting twice changes nothing. Raises `NotFound` for what is not shown, and what
    `vote_ineligibility` finds."""
    review = shown_review(review_id)
    if refusal := vote_ineligibility(review, voter):
        raise refusal
    values = {"review_id": review.id, "user_id": voter.id, "created_at": now}
    db.session.execute(insert_into(ReviewVote).values(**values).on_conflict_do_nothing())


def remove_vote(review_id: int, *, voter: User) -> None:
    """Remove a member's vote, if there is one, even if the member may no longer vote. Raises `NotFound` for what is not
    shown."""
    review = shown_review(review_id)
    db.session.execute(
        delete(ReviewVote).where(ReviewVote.review_id == review.id, ReviewVote.user_id == voter.id)
    )


def has_voted(review_id: int, user_id: int) -> bool:
    """Whether a member voted for this review."""
    return db.session.get(ReviewVote, (review_id, user_id)) is not None


def count_votes(review_id: int) -> int:
    """How many votes a review has at this moment."""
    return db.session.scalar(select(func.count()).where(ReviewVote.review_id == review_id)) or 0


def refresh_helpful_counts() -> int:
    """Update the counts that readers see, and raise the revision of each topic where one changed. Returns how many reviews
    changed."""
    votes = (
        select(ReviewVote.review_id, func.count().label("count")).group_by(ReviewVote.review_id).subquery()
    )
    count = func.coalesce(votes.c.count, 0)
    stale = (
        select(Review.id, Review.status, Listing.topic_id)
        .join(Listing, Listing.id == Review.listing_id)
        .outerjoin(votes, votes.c.review_id == Review.id)
        .where(Review.helpful_count != count)
        .order_by(Review.id)
    )
    rows = db.session.execute(stale).all()
    now_voted = select(func.count()).where(ReviewVote.review_id == Review.id).scalar_subquery()
    for start in range(0, len(rows), BATCH):
        ids = [row.id for row in rows[start : start + BATCH]]
        db.session.execute(
            update(Review)
            .where(Review.id.in_(ids))
            .values(helpful_count=now_voted)
            .execution_options(synchronize_session=False)
        )
    topics = sorted({row.topic_id for row in rows if row.status == ReviewStatus.PUBLISHED})
    raise_topic_revisions(topics)
    return len(rows)


@task("reviews.votes", every=REFRESH_INTERVAL)
def show_votes(payload: dict[str, Any]) -> None:
    """Update the counts that readers see."""
    refresh_helpful_counts()
