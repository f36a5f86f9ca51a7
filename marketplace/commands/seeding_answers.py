"""What others did with a review of the demo: the provider answered it, members found it helpful, a reader reported it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from marketplace.moderation.models import Flag
from marketplace.reviews.models import Review
from marketplace.reviews.replies.models import Reply
from marketplace.reviews.risk.services import assess
from marketplace.reviews.votes.models import ReviewVote
from marketplace.samples import DemoReview

ANSWERED_AFTER = timedelta(days=2)
REPORTED = timedelta(hours=5)


def seed_answers(entry: DemoReview, review: Review, members: Mapping[str, User], now: datetime) -> None:
    """Add them to a review that was just added, and judge one that waits. Flushes."""
    if entry.reply and review.published_at is not None:
        _answer(entry, review, review.published_at + ANSWERED_AFTER)
    for email in entry.helpful_to:
        vote = ReviewVote(review_id=review.id, user_id=members[email].id, created_at=review.submitted_at)
        db.session.add(vote)
    review.helpful_count = len(entry.helpful_to)
    if entry.report:
        _report(entry, review, now - REPORTED)
    if review.status == "pending":
        assess(review, network=None, now=review.submitted_at)
    db.session.flush()


def _answer(entry: DemoReview, review: Review, moment: datetime) -> None:
    members = review.listing.provider.members
    db.session.add(
        Reply(
            review_id=review.id,
            provider_id=review.listing.provider_id,
            user_id=members[0].user_id if members else None,
            text=entry.reply,
            shown_text=entry.reply,
            language=entry.reply_language,
            shown_language=entry.reply_language,
            status="published",
            submitted_at=moment,
            published_at=moment,
        )
    )


def _report(entry: DemoReview, review: Review, moment: datetime) -> None:
    db.session.add(
        Flag(
            subject="review",
            review_id=review.id,
            provider_id=review.listing.provider_id,
            email=entry.reported_by,
            language="en",
            reason="fake_or_bought",
            explanation=entry.report,
            created_at=moment,
            submitted_at=moment,
        )
    )
