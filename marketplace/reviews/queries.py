"""What is asked of reviews: those of a listing as columns, their distribution, and a member's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select

from marketplace.accounts.models import User
from marketplace.core.errors import NotFound
from marketplace.core.extensions import db, find_row
from marketplace.listings.models import Listing, ListingStatus
from marketplace.providers.models import Provider, ProviderStatus
from marketplace.reviews.models import COUNTED_LEVELS, LEVELS, Review
from marketplace.reviews.replies.models import SHOWN_REPLIES, Reply

ORDERS = ("newest", "lowest", "helpful")


def listing_reviews(
    listing_id: int,
    *,
    rating: int | None = None,
    level: str | None = None,
    language: str | None = None,
    order: str = "newest",
    page: int = 1,
    limit: int = 10,
) -> tuple[Sequence[Any], int]:
    """A page of a listing's published reviews, and how many match in all (0 past the last page). One query.

    Rows have id, rating, text, language, experience_on, published_at, edited_at, level, outcome, real_cost, real_currency,
    real_time, real_time_unit, helpful_count, author_name (None once the author was erased), and of the provider's reply
    where one is shown reply_id, reply_text, reply_language, reply_published_at and reply_edited_at. Orders: `newest`,
    `lowest`, `helpful` (then newest).
    """
    wanted = _published(listing_id, rating, level, language)
    # Chosen by an index that has no texts: what is not on the page is never read.
    chosen = select(Review.id).where(*wanted).order_by(*_in_order(order)).limit(limit)
    chosen = chosen.offset((page - 1) * limit)
    shown = (Reply.review_id == Review.id) & Reply.shown_text.is_not(None) & Reply.status.in_(SHOWN_REPLIES)
    rows = db.session.execute(
        select(
            Review.id,
            Review.rating,
            Review.text,
            Review.language,
            Review.experience_on,
            Review.published_at,
            Review.edited_at,
            Review.level,
            Review.outcome,
            Review.real_cost,
            Review.real_currency,
            Review.real_time,
            Review.real_time_unit,
            Review.helpful_count,
            User.name.label("author_name"),
            Reply.id.label("reply_id"),
            Reply.shown_text.label("reply_text"),
            Reply.shown_language.label("reply_language"),
            Reply.published_at.label("reply_published_at"),
            Reply.edited_at.label("reply_edited_at"),
            select(func.count(Review.id)).where(*wanted).scalar_subquery().label("total"),
        )
        .outerjoin(User, User.id == Review.user_id)
        .outerjoin(Reply, shown)
        .where(Review.id.in_(chosen))
        .order_by(*_in_order(order))
    ).all()
    return rows, rows[0].total if rows else 0


def _in_order(order: str) -> tuple[ColumnElement[Any], ...]:
    newest = (Review.published_at.desc(), Review.id.desc())
    first: dict[str, tuple[ColumnElement[Any], ...]] = {
        "lowest": (Review.rating.asc(),),
        "helpful": (Review.helpful_count.desc(),),
    }
    return (*first.get(order, ()), *newest)


def _published(
    listing_id: int, rating: int | None, level: str | None, language: str | None
) -> list[ColumnElement[bool]]:
    wanted = [Review.listing_id == listing_id, Review.status == "published"]
    if rating is not None:
        wanted.append(Review.rating == rating)
    if level is not None:
        wanted.append(Review.level == level)
    if language is not None:
        wanted.append(Review.language == language)
    return wanted


@dataclass(frozen=True, slots=True)
class ReviewCounts:
    """How many published reviews a listing has: the counted ones by `ratings` (five stars first), all of them by `levels`;
    every rating and every level is a key."""

    ratings: dict[int, int]
    levels: dict[str, int]


def level_counts() -> dict[str, int]:
    """How many reviews readers can see on the whole site, by level; every level is a key. One query."""
    rows = db.session.execute(
        select(Review.level, func.count(Review.id))
        .join(Listing, Listing.id == Review.listing_id)
        .join(Provider, Provider.id == Listing.provider_id)
        .where(
            Review.status == "published",
            Listing.status == ListingStatus.PUBLISHED,
            Provider.status == ProviderStatus.ACTIVE,
        )
        .group_by(Review.level)
    ).all()
    return {**dict.fromkeys(LEVELS, 0), **{level: count for level, count in rows}}


def review_counts(listing_id: int) -> ReviewCounts:
    """The published reviews of a listing, counted. One query."""
    rows = db.session.execute(
        select(Review.level, Review.rating, func.count(Review.id))
        .where(Review.listing_id == listing_id, Review.status == "published")
        .group_by(Review.level, Review.rating)
    ).all()
    counts = ReviewCounts(dict.fromkeys((5, 4, 3, 2, 1), 0), dict.fromkeys(LEVELS, 0))
    for level, rating, count in rows:
        counts.levels[level] += count
        if level in COUNTED_LEVELS:
            counts.ratings[rating] += count
    return counts


def review_languages(listing_id: int) -> list[str]:
    """The languages a listing's published reviews are written in, in alphabetical order."""
    query = select(Review.language).where(Review.listing_id == listing_id, Review.status == "published")
    return list(db.session.scalars(query.distinct().order_by(Review.language)))


def my_reviews(user_id: int) -> Sequence[Any]:
    """A member's reviews of any status, newest first: what was written, the moderator's note, and what it is about."""
    return db.session.execute(
        select(
            Review.id,
            Review.rating,
            Review.text,
            Review.language,
            Review.experience_on,
            Review.real_cost,
            Review.real_currency,
            Review.real_time,
            Review.real_time_unit,
            Review.outcome,
            Review.level,
            Review.status,
            Review.note,
            Review.submitted_at,
            Review.published_at,
            Review.edited_at,
            Listing.id.label("listing_id"),
            Listing.topic_id,
            Listing.status.label("listing_status"),
            Provider.slug.label("provider_slug"),
            Provider.name.label("provider_name"),
            Provider.status.label("provider_status"),
        )
        .join(Listing, Listing.id == Review.listing_id)
        .join(Provider, Provider.id == Listing.provider_id)
        .where(Review.user_id == user_id)
        .order_by(Review.submitted_at.desc(), Review.id.desc())
    ).all()


def own_review(user_id: int, review_id: int) -> Review:
    """A member's own review. Raises `NotFound`."""
    review = find_row(Review, review_id)
    if review is None or review.user_id != user_id:
        raise NotFound
    return review
