"""Who may review which listing, and the level of proof that a new review gets.

Another feature may know a client: `client_proof_requested` (arguments `listing` and `author`) is sent when a review is
written, and each receiver returns whether this site saw an enquiry of this author about this listing answered. Without a
receiver no review is `confirmed`, and no page mentions that level. The sender is `Listing`; receivers write nothing.

    @client_proof_requested.connect
    def was_answered(sender: type[Listing], *, listing: Listing, author: User) -> bool: ...

blinker holds receivers weakly: one made inside another function must be kept.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from blinker import Namespace
from sqlalchemy import ColumnElement, Select, select, union_all

from marketplace.accounts.models import User
from marketplace.core.errors import Invalid, NotAllowed, NotFound, Refusal
from marketplace.core.extensions import db
from marketplace.listings.merging import find_standing
from marketplace.listings.models import Listing, ListingStatus
from marketplace.providers.membership import acts_for, is_member
from marketplace.providers.models import ProviderMember, ProviderStatus
from marketplace.reviews.models import LEVELS, ProofLevel, Review, ReviewEdit, ReviewStatus
from marketplace.text.clean import is_same, sameness_key

REVIEW_INTERVAL = timedelta(days=365)
# Only these count as the year's review: a rejected or withdrawn one may be replaced.
COUNTED_STATUSES = (ReviewStatus.PENDING, ReviewStatus.PUBLISHED, ReviewStatus.HIDDEN)

client_proof_requested = Namespace().signal("client-proof-requested", doc="Was this author a client?")


def reviewable_listing(listing_id: int) -> Listing:
    """The listing, if it has a page and its provider is active: clients of one that is paused have their say too. Raises
    `NotFound`."""
    listing = find_standing(listing_id)
    if listing is None or not is_listed(listing):
        raise NotFound
    return listing


def is_listed(listing: Listing) -> bool:
    """Whether the listing has a public page, and a provider that answers for it."""
    return listing.has_page and listing.provider.status == ProviderStatus.ACTIVE


def ineligibility(listing: Listing, author: User, now: datetime) -> Refusal | None:
    """Why this member may not review this listing now, or None.

    Codes: `unconfirmed`, `own_provider`, `same_owner` and `rival` (`NotAllowed`); `second_review` (`Invalid`, with `written`
    and `next` as moments).
    """
    if (refusal := lasting_ineligibility(listing, author)) is not None:
        return refusal
    written = db.session.scalar(
        latest_counted_review(listing.id, author.id, now).with_only_columns(Review.submitted_at)
    )
    return (
        None if written is None else Invalid("second_review", written=written, next=written + REVIEW_INTERVAL)
    )


def latest_counted_review(listing_id: int, author_id: int, now: datetime) -> Select[Any]:
    """The query for the author's review of a listing that counts as the year's."""
    return (
        select(Review)
        .where(Review.user_id == author_id, Review.listing_id == listing_id)
        .where(Review.status.in_(COUNTED_STATUSES), Review.submitted_at > now - REVIEW_INTERVAL)
        .order_by(Review.submitted_at.desc())
        .limit(1)
    )


def lasting_ineligibility(listing: Listing, author: User) -> NotAllowed | None:
    """Why this member may never review this listing: `unconfirmed`, `own_provider`, `same_owner` or `rival`; or None."""
    if author.confirmed_at is None:
        return NotAllowed("unconfirmed")
    if is_member(author.id, listing.provider_id):
        return NotAllowed("own_provider")
    if acts_for(author.id, listing.provider_id):
        return NotAllowed("same_owner")
    if is_rival(author.id, listing.topic_id):
        return NotAllowed("rival")
    return None


def is_rival(user_id: int, topic_id: int) -> bool:
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
    """Whether this author wrote the same text before, or anybody did on this listing; withdrawn reviews are ignored.

    Texts of pending edits count too. `except_review` is left out: an edit may keep its own review's words.
    """
    key = sameness_key(text)
    compared: list[ColumnElement[bool]] = [
        (Review.user_id == author_id) | (Review.listing_id == listing_id),
        Review.status != ReviewStatus.WITHDRAWN,
    ]
    if except_review is not None:
        compared.append(Review.id != except_review)
    texts = select(Review.text).where(*compared)
    edited = select(ReviewEdit.text).join(Review, Review.id == ReviewEdit.review_id).where(*compared)
    return any(is_same(key, other) for other in db.session.scalars(union_all(texts, edited)))


def level_for(listing: Listing, author: User, *, invited: bool) -> ProofLevel:
    """The level of a new review: the highest that is known. Only a moderator gives `documented`."""
    known = [ProofLevel.UNVERIFIED]
    if any(answer for _, answer in client_proof_requested.send(Listing, listing=listing, author=author)):
        known.append(ProofLevel.CONFIRMED)
    if invited:
        known.append(ProofLevel.INVITED)
    return highest(*known)


def highest(*levels: str) -> ProofLevel:
    """The level among these that proves most."""
    return LEVELS[max(LEVELS.index(ProofLevel(level)) for level in levels)]


def levels_in_use(present: Collection[str] = ()) -> tuple[ProofLevel, ...]:
    """The levels that pages mention, lowest first: `confirmed` only where something can confirm, or a review has it."""
    return tuple(
        level
        for level in LEVELS
        if level != ProofLevel.CONFIRMED or client_proof_requested.receivers or level in present
    )
