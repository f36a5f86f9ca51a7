"""What becomes of the listings of a provider that turned out to be another one."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

from sqlalchemy import select

from marketplace.core.extensions import db
from marketplace.guides.services import raise_topic_revisions
from marketplace.listings.models import Listing, ListingStatus
from marketplace.listings.revisions import bump_listing_version, set_listing_status
from marketplace.listings.services import withdraw
from marketplace.listings.signals import listing_merged
from marketplace.listings.terms import terms_of, write_terms
from marketplace.listings.terms_history import keep_terms
from marketplace.providers.models import Provider

# The more an offer is one, the later it stands.
_STANDING = (
    ListingStatus.WITHDRAWN,
    ListingStatus.REJECTED,
    ListingStatus.DRAFT,
    ListingStatus.PENDING,
    ListingStatus.PAUSED,
    ListingStatus.PUBLISHED,
)


def listings_on_both(gone: Provider, into: Provider) -> list[tuple[Listing, Listing]]:
    """The pairs of listings for the same topic: of the one that goes, and of the one that stays."""
    query = select(Listing).where(Listing.provider_id.in_((gone.id, into.id)))
    rows = db.session.scalars(query.order_by(Listing.topic_id, Listing.provider_id != gone.id)).all()
    return [(theirs, ours) for theirs, ours in pairwise(rows) if theirs.topic_id == ours.topic_id]


def move_listings(sender: type[Provider], *, gone: Provider, into: Provider, now: datetime) -> None:
    """Each listing goes to the provider that stays. Where it has one for the topic, its own is kept, with the terms of
    whichever is more of an offer; the other is withdrawn, and `listing_merged` moves what hangs on it."""
    for theirs, ours in listings_on_both(gone, into):
        _merge(theirs, ours, now)
    staying = {theirs.id for theirs, _ in listings_on_both(gone, into)}
    query = select(Listing).where(Listing.provider_id == gone.id, Listing.id.not_in(staying))
    moved = db.session.scalars(query.order_by(Listing.id)).all()
    for listing in moved:
        listing.provider = into
        bump_listing_version(listing, shown=listing.has_page, counted_anew=True)
    db.session.flush()
    raise_topic_revisions([listing.topic_id for listing in moved])


def _merge(theirs: Listing, ours: Listing, now: datetime) -> None:
    if _STANDING.index(ListingStatus(theirs.status)) > _STANDING.index(ListingStatus(ours.status)):
        status, before = theirs.status, terms_of(ours)
        write_terms(ours, terms_of(theirs))
        ours.rows.clear()
        keep_terms(ours, before, now=now if status == ListingStatus.PUBLISHED else None)
        for name in ("submitted_at", "published_at", "confirmed_at"):
            setattr(ours, name, getattr(theirs, name) or getattr(ours, name))
        withdraw(theirs)
        set_listing_status(ours, status)
    elif theirs.status != ListingStatus.WITHDRAWN:
        withdraw(theirs)
    # Its page must not stand beside the one that it became.
    theirs.published_at = None
    db.session.flush()
    listing_merged.send(Listing, gone=theirs, into=ours)
    bump_listing_version(ours, shown=ours.has_page)
