"""What clients reported is compared with what is advertised: a listing that advertises something else is compared anew."""

from __future__ import annotations

from marketplace.listings.models import Listing
from marketplace.reviews.ratings.sums import recompute_ratings


def compare_anew(sender: type[Listing], *, listing: Listing) -> None:
    """Recompute the sums of a listing that has counted reviews; in the caller's transaction, who raises the revisions."""
    if listing.review_count:
        recompute_ratings(listing.id)
