"""Reviews counted by listing and level, and a member's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import case, func, select

from marketplace.core.database import UTCDay
from marketplace.core.errors import NotFound
from marketplace.core.extensions import db, find_row
from marketplace.listings.models import KEEPS_PAGE, Listing
from marketplace.providers.models import Provider, ProviderStatus
from marketplace.reviews.models import CONTENT_FIELDS, COUNTED_LEVELS, LEVELS, Review, ReviewStatus

PUBLICATION_DAYS = 14  # within which every review is decided on, as the page about reviews says
YEAR = timedelta(days=365)
ORDERS = ("newest", "lowest", "helpful")


@dataclass(frozen=True, slots=True)
class ReviewCounts:
    """How many published reviews a listing has: the counted ones by rating (five stars first), all of them by level; every
    rating and level is a key."""

    ratings: dict[int, int]
    levels: dict[str, int]


@dataclass(frozen=True, slots=True)
class Waits:
    """How long reviews waited for a moderator, in days: `decided` were published in the last year, the slowest after
    `longest` days, half of them within `median`; `waiting` wait now, the oldest since `oldest` days."""

    decided: int
    median: int
    longest: int
    waiting: int
    oldest: int


def publication_waits(today: date) -> Waits:
    """The waits of all reviews published in the year up to a day, and of those that wait on it. One query."""
    sent, shown = UTCDay(Review.submitted_at), UTCDay(Review.published_at)
    year_ago = datetime.combine(today - YEAR, time(), UTC)
    waits_now = Review.status == ReviewStatus.PENDING
    published = (Review.status == ReviewStatus.PUBLISHED) & (Review.published_at >= year_ago)
    query = select(sent, case((waits_now, None), else_=shown), func.count()).where(waits_now | published)
    decided: Counter[int] = Counter()
    waiting: Counter[int] = Counter()
    for first, last, count in db.session.execute(query.group_by(sent, case((waits_now, None), else_=shown))):
        found = waiting if last is None else decided
        found[max(0, ((last or today) - first).days)] += count
    return Waits(
        decided=decided.total(),
        median=_median(decided),
        longest=max(decided, default=0),
        waiting=waiting.total(),
        oldest=max(waiting, default=0),
    )


def _median(counts: Counter[int]) -> int:
    """The least number of days within which at least half of them lie."""
    seen = 0
    for days in sorted(counts):
        seen += counts[days]
        if 2 * seen >= counts.total():
            return days
    return 0


def level_counts() -> dict[str, int]:
    """How many reviews readers can see on the whole site, by level; every level is a key. One query."""
    rows = db.session.execute(
        select(Review.level, func.count(Review.id))
        .join(Listing, Listing.id == Review.listing_id)
        .join(Provider, Provider.id == Listing.provider_id)
        .where(
            Review.status == ReviewStatus.PUBLISHED,
            Listing.status.in_(KEEPS_PAGE),
            Listing.published_at.is_not(None),
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
