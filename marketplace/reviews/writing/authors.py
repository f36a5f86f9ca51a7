"""Reviews follow their author: a new shown name stands on every page that shows a review of theirs."""

from __future__ import annotations

from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.listings.revisions import invalidate_listing_pages
from marketplace.reviews.models import Review


def show_new_name(sender: object, *, user: User) -> None:
    """Raise the revisions of what shows the member's published reviews; in the caller's transaction."""
    reviewed = select(Review.listing_id).where(Review.user_id == user.id, Review.status == "published")
    for listing in db.session.scalars(select(Listing).where(Listing.id.in_(reviewed)).order_by(Listing.id)):
        invalidate_listing_pages(listing)
