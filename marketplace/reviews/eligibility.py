"""Who may review what: members with a confirmed address, a listing that is shown, never an own or a rival's, once a year."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, union_all

from marketplace.accounts.models import User
from marketplace.core.errors import Invalid, NotAllowed, NotFound, Refusal
from marketplace.core.extensions import db, find_row
from marketplace.listings.models import Listing, ListingStatus
from marketplace.providers.membership import is_member
from marketplace.providers.models import ProviderMember, ProviderStatus
from marketplace.reviews.models import Review, ReviewEdit
from marketplace.text.clean import is_same, sameness_key

ONCE_IN = timedelta(days=365)
# A rejected review may be written anew in other words, and one withdrawn replaced: neither takes the year's place.
TAKES_PLACE = ("pending", "published", "hidden")


def reviewable_listing(listing_id: int) -> Listing:
    """The listing, if it is published and its provider in good standing. Raises `NotFound`."""
    listing = find_row(Listing, listing_id)
    if (
        listing is None
        or listing.status != ListingStatus.PUBLISHED
        or listing.provider.status != ProviderStatus.ACTIVE
    ):
        raise NotFound
    return listing


def obstacle(listing: Listing, author: User, now: datetime) -> Refusal | None:
    """Why this member may not review this listing now, or None.

    Codes: `unconfirmed`, `own_provider` and `rival` (`NotAllowed`); `second_review` (`Invalid`, with `written` and `next` as
    moments). A rival is a member of a provider with a listing on the same topic, live or not, rejected ones apart.
    """
    if (refusal := standing_obstacle(listing, author)) is not None:
        return refusal
    written = db.session.scalar(
        select(Review.submitted_at)
        .where(Review.user_id == author.id, Review.listing_id == listing.id, Review.status.in_(TAKES_PLACE))
        .where(Review.submitted_at > now - ONCE_IN)
        .order_by(Review.submitted_at.desc())
        .limit(1)
    )
    return None if written is None else Invalid("second_review", written=written, next=written + ONCE_IN)


def standing_obstacle(listing: Listing, author: User) -> NotAllowed | None:
    """Why this member may say nothing about this listing at any time: `unconfirmed`, `own_provider`, `rival`; or None."""
    if author.confirmed_at is None:
        return NotAllowed("unconfirmed")
    if is_member(author.id, listing.provider_id):
        return NotAllowed("own_provider")
    if offers(author.id, listing.topic_id):
        return NotAllowed("rival")
    return None


def offers(user_id: int, topic_id: int) -> bool:
    """Whether a user is a member of a provider with a listing on this topic; rejected listings do not count."""
    query = (
        select(Listing.id)
        .join(ProviderMember, ProviderMember.provider_id == Listing.provider_id)
        .where(
            ProviderMember.user_id == user_id,
            Listing.topic_id == topic_id,
            Listing.status != ListingStatus.REJECTED,
        )
        .limit(1)
    )
    return db.session.scalar(query) is not None


def is_repeated(text: str, *, author_id: int, listing_id: int, except_review: int | None = None) -> bool:
    """Whether this author wrote the same text before, or anybody did on this listing; withdrawn reviews are forgotten.

    Texts of edits that wait count too. `except_review` is left out: an edit may keep its own review's words.
    """
    key = sameness_key(text)
    compared: list[ColumnElement[bool]] = [
        (Review.user_id == author_id) | (Review.listing_id == listing_id),
        Review.status != "withdrawn",
    ]
    if except_review is not None:
        compared.append(Review.id != except_review)
    texts = select(Review.text).where(*compared)
    edited = select(ReviewEdit.text).join(Review, Review.id == ReviewEdit.review_id).where(*compared)
    return any(is_same(key, other) for other in db.session.scalars(union_all(texts, edited)))
