"""What moderators decide about a listing and the edits of its terms.

Called by `moderation`, which writes the decision and the mail in the same transaction. Each locks the row and raises
`Conflict` (`decided_already`) where its status is another by now; the caller compares versions after locking.
"""

from __future__ import annotations

from datetime import datetime

from marketplace.core.errors import NotAllowed
from marketplace.core.extensions import db
from marketplace.core.locking import lock_in_status, lock_row
from marketplace.core.waiting_edits import EditStatus, drop_edit, reject_edit
from marketplace.listings.freshness import has_left
from marketplace.listings.models import LIVE, Listing, ListingEdit, ListingStatus
from marketplace.listings.revisions import bump_listing_version, set_listing_status
from marketplace.listings.terms import terms_of, write_terms
from marketplace.listings.terms_history import keep_terms
from marketplace.providers.models import ProviderStatus, TraderStatus


def publish_listing(listing: Listing, *, now: datetime) -> Listing:
    """pending → published. Raises `NotAllowed` while the provider itself is not active (it is decided first)
    or has not said who is behind it."""
    lock_in_status(listing, ListingStatus.PENDING)
    if listing.provider.status != ProviderStatus.ACTIVE:
        raise NotAllowed("provider_not_active")
    if listing.provider.trader == TraderStatus.UNKNOWN:
        raise NotAllowed("trader_unknown")
    keep_terms(listing, terms_of(listing), now=now)
    listing.published_at = listing.confirmed_at = now
    set_listing_status(listing, ListingStatus.PUBLISHED, "")
    return listing


def reject_listing(listing: Listing, *, note: str, now: datetime) -> Listing:
    """pending → rejected, with the statement that the provider reads."""
    lock_in_status(listing, ListingStatus.PENDING)
    set_listing_status(listing, ListingStatus.REJECTED, note)
    return listing


def remove_listing(listing: Listing, *, note: str, now: datetime) -> Listing:
    """published or paused → rejected, with the statement that the provider reads. Its waiting edit is deleted, and the rows
    it came from no longer go back into their files. The provider may correct it and send it again."""
    lock_in_status(listing, *LIVE)
    drop_edit(listing)
    listing.rows.clear()
    set_listing_status(listing, ListingStatus.REJECTED, note)
    return listing


def apply_listing_edit(edit: ListingEdit, *, now: datetime) -> Listing:
    """Replace the live terms with the waiting edit."""
    lock_in_status(edit, EditStatus.PENDING)
    listing = edit.listing
    before = terms_of(listing)
    write_terms(listing, terms_of(edit))
    keep_terms(listing, before, now=now)
    returns = has_left(listing.confirmed_at, now.date())
    listing.confirmed_at = now
    listing.rows.clear()
    drop_edit(listing)
    bump_listing_version(listing, shown=listing.status == ListingStatus.PUBLISHED, counted_anew=returns)
    db.session.flush()
    return listing


def reject_listing_edit(edit: ListingEdit, *, note: str, now: datetime) -> ListingEdit:
    """Reject an edit. It stays, with the statement, until it is sent again or dropped."""
    return reject_edit(lock_row(edit), note=note)
