"""What waits for a moderator, of every kind, in one select: a new kind adds its rows here."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CompoundSelect, Integer, Select, case, cast, func, literal, null, select, union_all

from marketplace.listings.models import Listing, ListingEdit
from marketplace.moderation.models import Appeal, Flag
from marketplace.providers.models import Provider, ProviderClaim, ProviderEdit
from marketplace.reviews.models import Review, ReviewEdit
from marketplace.reviews.replies.models import Reply

NO_RISK = literal(0)
NO_NUMBER = cast(null(), Integer)


def waiting_rows() -> CompoundSelect[Any]:
    """One row for each thing that waits: kind, id, since, provider_id, topic_id, rating, risk."""
    return union_all(
        _rows("listing", Listing, Listing.submitted_at, Listing.provider_id, Listing.topic_id, NO_NUMBER),
        _rows(
            "listing_edit",
            ListingEdit,
            ListingEdit.submitted_at,
            Listing.provider_id,
            Listing.topic_id,
            NO_NUMBER,
            number=ListingEdit.listing_id,
        ).join(Listing, Listing.id == ListingEdit.listing_id),
        _rows("provider", Provider, Provider.created_at, Provider.id, NO_NUMBER, NO_NUMBER),
        _rows(
            "provider_edit",
            ProviderEdit,
            ProviderEdit.submitted_at,
            ProviderEdit.provider_id,
            NO_NUMBER,
            NO_NUMBER,
            number=ProviderEdit.provider_id,
        ),
        _rows(
            "claim",
            ProviderClaim,
            ProviderClaim.submitted_at,
            ProviderClaim.provider_id,
            NO_NUMBER,
            NO_NUMBER,
        ),
        *_of_reviews(),
    )


def _of_reviews() -> tuple[Select[Any], ...]:
    rating_reported = case((Flag.review_id.is_not(None), Review.rating))
    return (
        _rows(
            "review",
            Review,
            Review.submitted_at,
            Listing.provider_id,
            Listing.topic_id,
            Review.rating,
            risk=Review.risk,
        ).join(Listing, Listing.id == Review.listing_id),
        _rows(
            "review_edit",
            ReviewEdit,
            ReviewEdit.submitted_at,
            Listing.provider_id,
            Listing.topic_id,
            ReviewEdit.rating,
            number=ReviewEdit.review_id,
            risk=ReviewEdit.risk,
        )
        .join(Review, Review.id == ReviewEdit.review_id)
        .join(Listing, Listing.id == Review.listing_id),
        # While its review is out of sight a reply has nothing to stand under: it waits for that to change.
        _rows("reply", Reply, Reply.submitted_at, Reply.provider_id, Listing.topic_id, NO_NUMBER)
        .join(Review, (Review.id == Reply.review_id) & (Review.status == "published"))
        .join(Listing, Listing.id == Review.listing_id),
        _rows(
            "appeal", Appeal, Appeal.submitted_at, Appeal.provider_id, Listing.topic_id, NO_NUMBER
        ).outerjoin(Listing, Listing.id == Appeal.listing_id),
        _rows("flag", Flag, Flag.submitted_at, Flag.provider_id, Listing.topic_id, rating_reported)
        .outerjoin(Reply, Reply.id == Flag.reply_id)
        .outerjoin(Review, Review.id == func.coalesce(Flag.review_id, Reply.review_id))
        .outerjoin(Listing, Listing.id == func.coalesce(Flag.listing_id, Review.listing_id)),
    )


def _rows(
    kind: str,
    model: Any,
    since: Any,
    provider_id: Any,
    topic_id: Any,
    rating: Any,
    *,
    number: Any = None,
    risk: Any = NO_RISK,
) -> Select[Any]:
    return (
        select(
            literal(kind).label("kind"),
            (model.id if number is None else number).label("id"),
            since.label("since"),
            provider_id.label("provider_id"),
            topic_id.label("topic_id"),
            rating.label("rating"),
            risk.label("risk"),
        )
        .select_from(model)
        .where(model.status == "pending")
    )
