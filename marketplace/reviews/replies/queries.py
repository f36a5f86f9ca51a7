"""Published reviews with their replies: those of a listing, those that a provider received, and how many await a reply."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from marketplace.accounts.models import User
from marketplace.core.errors import NotFound
from marketplace.core.extensions import db, find_row, now
from marketplace.listings.models import Listing
from marketplace.reviews.models import CONTENT_FIELDS, Review, ReviewStatus
from marketplace.reviews.replies.models import SHOWN_REPLIES, Reply, ReplyStatus

FILTERS = ("waiting", "unanswered", "answered", "refused")
NEW_FOR = timedelta(days=14)
CRITICAL_FOR = timedelta(days=180)
CRITICAL = 3  # stars or fewer: clients look for an answer there
PAGE_SIZE = 20


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

    Rows have id, the content fields, level, published_at, edited_at, helpful_count, author_name (None once the author was
    erased), and of the reply that is shown, if any, reply_id, reply_text, reply_language, reply_published_at and
    reply_edited_at. Orders: `newest`, `lowest`, `helpful` (then newest).
    """
    asked = {"rating": rating, "level": level, "language": language}
    wanted = [Review.listing_id == listing_id, Review.status == ReviewStatus.PUBLISHED]
    wanted += [getattr(Review, name) == value for name, value in asked.items() if value is not None]
    # Chosen by an index without texts: the rows of other pages are never read.
    chosen = select(Review.id).where(*wanted).order_by(*_in_order(order)).limit(limit)
    chosen = chosen.offset((page - 1) * limit)
    shown = (Reply.review_id == Review.id) & Reply.shown_text.is_not(None) & Reply.status.in_(SHOWN_REPLIES)
    rows = db.session.execute(
        select(
            Review.id,
            *(getattr(Review, name) for name in CONTENT_FIELDS),
            Review.level,
            Review.published_at,
            Review.edited_at,
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
    first = {"lowest": Review.rating.asc(), "helpful": Review.helpful_count.desc()}
    newest = (Review.published_at.desc(), Review.id.desc())
    return (first[order], *newest) if order in first else newest


def desk_reviews(
    provider_id: int, *, show: str = "", before: tuple[datetime, int] | None = None, limit: int = PAGE_SIZE
) -> Sequence[Any]:
    """The published reviews of a provider's listings, newest first, from the start or before a cursor. One query.

    Rows have id, topic_id, the content fields, level, published_at, author_name, and of the reply, whatever its status,
    reply_id, reply_text, reply_shown_text, reply_language, reply_status and reply_note.
    """
    columns = (
        Review.id,
        Listing.topic_id,
        *(getattr(Review, name) for name in CONTENT_FIELDS),
        Review.level,
        Review.published_at,
        User.name.label("author_name"),
        Reply.shown_text.label("reply_shown_text"),
        *(
            getattr(Reply, name).label(f"reply_{name}")
            for name in ("id", "text", "language", "status", "note")
        ),
    )
    query = _received(provider_id, show, *columns).outerjoin(User, User.id == Review.user_id)
    query = query.order_by(Review.published_at.desc(), Review.id.desc()).limit(limit)
    if before is not None:
        moment, number = before
        query = query.where(
            or_(Review.published_at < moment, and_(Review.published_at == moment, Review.id < number))
        )
    return db.session.execute(query).all()


def count_reviews(provider_id: int, *, show: str = "") -> int:
    """How many published reviews a provider's listings have, all or those of a filter."""
    return db.session.scalar(_received(provider_id, show, func.count(Review.id))) or 0


def count_waiting(provider_id: int) -> tuple[int, int]:
    """How many published reviews are in the filters `waiting` and `refused`. One query."""
    no_reply = func.count(Review.id).filter(_waits())
    refused = func.count(Review.id).filter(Reply.status == ReplyStatus.REJECTED)
    row = db.session.execute(_received(provider_id, "", no_reply, refused)).one()
    return int(row[0]), int(row[1])


def _unanswered() -> ColumnElement[bool]:
    return or_(Reply.id.is_(None), Reply.status == ReplyStatus.WITHDRAWN)


def _waits() -> ColumnElement[bool]:
    """Unanswered reviews that somebody should see: new ones, and for longer those with few stars. Who took a reply back has
    seen the review."""
    new = Review.published_at > now() - NEW_FOR
    critical = and_(Review.rating <= CRITICAL, Review.published_at > now() - CRITICAL_FOR)
    return and_(Reply.id.is_(None), or_(new, critical))


def _received(provider_id: int, show: str, *columns: Any) -> Select[Any]:
    """The query for these columns of the published reviews of a provider's listings and of their replies."""
    query = (
        select(*columns)
        .select_from(Review)
        .join(Listing, Listing.id == Review.listing_id)
        .outerjoin(Reply, Reply.review_id == Review.id)
        .where(Listing.provider_id == provider_id, Review.status == ReviewStatus.PUBLISHED)
    )
    if show == "waiting":
        return query.where(_waits())
    if show == "unanswered":
        return query.where(_unanswered())
    if show == "answered":
        return query.where(Reply.status != ReplyStatus.WITHDRAWN)
    if show == "refused":
        return query.where(Reply.status == ReplyStatus.REJECTED)
    return query


def received_review(provider_id: int, review_id: int) -> Review:
    """A published review of a provider's listing. Raises `NotFound`."""
    review = find_row(Review, review_id)
    if review is None or review.status != ReviewStatus.PUBLISHED or review.listing.provider_id != provider_id:
        raise NotFound
    return review
