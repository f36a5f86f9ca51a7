"""Reviews counted by listing and level, and a member's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from marketplace.core.errors import NotFound
from marketplace.core.extensions import db, find_row
from marketplace.listings.models import Listing, ListingStatus
from marketplace.providers.models import Provider, ProviderStatus
from marketplace.reviews.models import CONTENT_FIELDS, COUNTED_LEVELS, LEVELS, Review, ReviewStatus

ORDERS = ("newest", "lowest", "helpful")


@dataclass(frozen=True, slots=True)
class ReviewCounts:
    """How many published reviews a listing has: the counted ones by rating (five stars first), all of them by level; every
    rating and level is a key."""

    ratings: dict[int, int]
    levels: dict[str, int]


def level_counts() -> dict[str, int]:
    """How many reviews readers can see on the whole site, by level; every level is a key. One query."""
    rows = db.session.execute(
        select(Review.level, func.count(Review.id))
        .join(Listing, Listing.id == Review.listing_id)
        .join(Provider, Provider.id == Listing.provider_id)
        .where(
            Review.status == ReviewStatus.PUBLISHED,
            Listing.status == ListingStatus.PUBLISHED,
            Provider.status == ProviderStatus.ACTIVE,
        )
        .group_by(Review.level)
    ).all()
    return {**dict.fromkeys(LEVELS, 0), **{level: count for level, count in rows}}


def review_counts(listing_id: int) -> ReviewCounts:
    """How many published reviews a listing has, by rating and level. One query."""
    rows = db.session.execute(
        select(Review.level, Review.rating, func.count(Review.id))
        .where(Review.listing_id == listing_id, Review.status == ReviewStatus.PUBLISHED)
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
    query = select(Review.language).where(
        Review.listing_id == listing_id, Review.status == ReviewStatus.PUBLISHED
    )
    return list(db.session.scalars(query.distinct().order_by(Review.language)))


def my_reviews(user_id: int) -> Sequence[Any]:
    """A member's reviews of any status, newest first: content, the moderator's note, and what they are about. One query."""
    return db.session.execute(
        select(
            Review.id,
            *(getattr(Review, name) for name in CONTENT_FIELDS),
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
