"""A listing's version, which fences decisions, and the revisions that invalidate the cached pages it is shown on.

All in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select, update

from marketplace.core.extensions import db
from marketplace.core.revisions import raise_offers_revision
from marketplace.guides.services import raise_topic_revisions
from marketplace.listings.models import Listing, ListingStatus
from marketplace.listings.signals import listing_visibility_changed
from marketplace.providers.models import Provider


def bump_listing_version(listing: Listing, *, shown: bool, counted_anew: bool = False) -> None:
    """Raise the listing's version. Where readers see the change, invalidate the pages that show the listing; with
    `counted_anew`, the lists too that count or name what is in a table."""
    listing.version += 1
    if shown:
        invalidate_listing_pages(listing)
    if shown and counted_anew:
        raise_offers_revision([listing.topic.country])


def set_listing_status(listing: Listing, status: str, note: str | None = None) -> None:
    """Move a listing to another status, with the moderator's statement where there is one. Where readers see the change,
    their pages are invalidated; where it enters or leaves the tables, `listing_visibility_changed` is sent."""
    was_shown, had_page = listing.status == ListingStatus.PUBLISHED, listing.has_page
    is_shown = status == ListingStatus.PUBLISHED
    listing.status = status
    if note is not None:
        listing.note = note
    bump_listing_version(listing, shown=had_page or listing.has_page, counted_anew=was_shown != is_shown)
    db.session.flush()
    if was_shown != is_shown:
        listing_visibility_changed.send(Listing, listing=listing)


def invalidate_listing_pages(listing: Listing) -> None:
    """Raise the revisions of the listing's topic and provider."""
    listing.provider.revision = (
        Provider.revision + 1
    )  # computed by the database: two at once must count twice
    db.session.flush()
    raise_topic_revisions([listing.topic_id])


def shown_topics(provider: Provider) -> list[int]:
    """Ids of the topics whose tables show the provider."""
    query = select(Listing.topic_id).where(
        Listing.provider_id == provider.id, Listing.status == ListingStatus.PUBLISHED
    )
    return list(db.session.scalars(query.order_by(Listing.topic_id)))


def invalidate_provider_pages(topic_ids: Collection[int]) -> None:
    """Raise the revisions of all providers that list these topics: their pages name the guides."""
    listing = select(Listing.provider_id).where(Listing.topic_id.in_(topic_ids))
    db.session.execute(
        update(Provider).where(Provider.id.in_(listing)).values(revision=Provider.revision + 1)
    )
