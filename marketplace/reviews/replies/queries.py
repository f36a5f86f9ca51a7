"""What a provider's desk asks of the reviews it received: those shown, with its reply, and how many it has not answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from marketplace.accounts.models import User
from marketplace.core.errors import NotFound
from marketplace.core.extensions import db, find_row
from marketplace.listings.models import Listing
from marketplace.reviews.models import Review
from marketplace.reviews.replies.models import Reply

FILTERS = ("unanswered", "answered", "refused")
PAGE_SIZE = 20
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def desk_reviews(
    provider_id: int, *, show: str = "", before: tuple[datetime, int] | None = None, limit: int = PAGE_SIZE
) -> Sequence[Any]:
    """The published reviews of a provider's listings, newest first, from the start or before a place. One query.

    Rows have id, topic_id, rating, level, text, language, experience_on, published_at, outcome, real_cost, real_currency,
    real_time, real_time_unit, author_name, and of the reply, whatever became of it, reply_text, reply_shown_text,
    reply_language, reply_status, reply_note and reply_id. Raises `NotFound` for a place that is none.
    """
    query = (
        select(
            Review.id,
            Listing.topic_id,
            Review.rating,
            Review.level,
            Review.text,
            Review.language,
            Review.experience_on,
            Review.published_at,
            Review.outcome,
            Review.real_cost,
            Review.real_currency,
            Review.real_time,
            Review.real_time_unit,
            User.name.label("author_name"),
            Reply.id.label("reply_id"),
            Reply.text.label("reply_text"),
            Reply.shown_text.label("reply_shown_text"),
            Reply.language.label("reply_language"),
            Reply.status.label("reply_status"),
            Reply.note.label("reply_note"),
        )
        .join(Listing, Listing.id == Review.listing_id)
        .outerjoin(User, User.id == Review.user_id)
        .outerjoin(Reply, Reply.review_id == Review.id)
        .where(*_received(provider_id, show))
        .order_by(Review.published_at.desc(), Review.id.desc())
        .limit(limit)
    )
    if before is not None:
        moment, number = before
        query = query.where(
            or_(
                Review.published_at < moment,
                and_(Review.published_at == moment, Review.id < number),
            )
        )
    return db.session.execute(query).all()


def count_reviews(provider_id: int, *, show: str = "") -> int:
    """How many published reviews a provider's listings have, all or those of a filter."""
    query = (
        select(func.count(Review.id))
        .select_from(Review)
        .join(Listing, Listing.id == Review.listing_id)
        .outerjoin(Reply, Reply.review_id == Review.id)
        .where(*_received(provider_id, show))
    )
    return db.session.scalar(query) or 0


def count_waiting(provider_id: int) -> tuple[int, int]:
    """How many shown reviews have no reply, and how many have one that was not accepted. One query."""
    no_reply = func.count(Review.id).filter(Reply.id.is_(None))
    refused = func.count(Review.id).filter(Reply.status == "rejected")
    row = db.session.execute(
        select(no_reply, refused)
        .select_from(Review)
        .join(Listing, Listing.id == Review.listing_id)
        .outerjoin(Reply, Reply.review_id == Review.id)
        .where(*_received(provider_id, ""))
    ).one()
    return int(row[0]), int(row[1])


def _received(provider_id: int, show: str) -> list[ColumnElement[bool]]:
    wanted = [Listing.provider_id == provider_id, Review.status == "published"]
    if show == "unanswered":
        wanted.append(or_(Reply.id.is_(None), Reply.status == "withdrawn"))
    elif show == "answered":
        wanted.append(Reply.status != "withdrawn")
    elif show == "refused":
        wanted.append(Reply.status == "rejected")
    return wanted


def received_review(provider_id: int, review_id: int) -> Review:
    """A shown review of a provider's listing. Raises `NotFound`."""
    review = find_row(Review, review_id)
    if review is None or review.status != "published" or review.listing.provider_id != provider_id:
        raise NotFound
    return review
