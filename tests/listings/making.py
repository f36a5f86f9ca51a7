"""Makes what only tests of listings need."""

from __future__ import annotations

from marketplace.core.extensions import db
from marketplace.listings.models import Listing, ListingRow
from marketplace.listings.terms import OfferTerms
from marketplace.providers.models import Provider

# Complete, in every rule, and other than what `make_listing` offers.
TERMS = OfferTerms(
    service="We do it.",
    cost_basis="range",
    fee_min=140000,
    fee_max=190000,
    currency="MXN",
    time_min=10,
    time_max=15,
    time_unit="business_days",
    time_from="order",
)


def make_guide_row(listing: Listing, raw: bytes = b"| x |  |  |  |") -> ListingRow:
    """A row of the topic's first guide that the listing came from."""
    row = ListingRow(guide_id=listing.topic.guides[0].id, position=0, raw=raw)
    listing.rows.append(row)
    db.session.flush()
    return row


def topic_revision(listing: Listing) -> int:
    db.session.flush()
    db.session.refresh(listing.topic)
    return listing.topic.revision


def provider_revision(provider: Provider) -> int:
    db.session.flush()
    db.session.refresh(provider)
    return provider.revision
