"""What moderators decide about a listing and the edits of its terms.

Called by `moderation`, which writes the decision and the mail in the same transaction. Each locks the row and raises
`Conflict` (`decided_already`) where its status is another by now; the caller compares versions after locking.
"""

from __future__ import annotations

from datetime import datetime

from marketplace.core.errors import Conflict, NotAllowed
from marketplace.core.extensions import db
from marketplace.core.locking import lock_row
from marketplace.core.waiting_edits import EditStatus, drop_edit, reject_edit
from marketplace.listings.models import Listing, ListingEdit, ListingStatus
from marketplace.listings.revisions import bump_listing_version
from marketplace.listings.signals import listing_visibility_changed
from marketplace.listings.terms import terms_of, write_terms
from marketplace.listings.terms_history import keep_terms
from marketplace.providers.models import ProviderStatus


def publish_listing(listing: Listing, *, now: datetime) -> Listing:
    """pending → published. Raises `NotAllowed` while the provider itself is not active: it is decided first."""
    _require(listing, ListingStatus.PENDING)
    if listing.provider.status != ProviderStatus.ACTIVE:
        raise NotAllowed("provider_not_active")
    listing.status, listing.note = ListingStatus.PUBLISHED, ""
    keep_terms(listing, terms_of(listing), now=now)
    listing.published_at = listing.confirmed_at = now
    bump_listing_version(listing, shown=True)
    db.session.flush()
    listing_visibility_changed.send(Listing, listing=listing)
    return listing


def reject_listing(listing: Listing, *, note: str, now: datetime) -> Listing:
    """pending → rejected, with the statement that the provider reads."""
    _require(listing, ListingStatus.PENDING)
    listing.status, listing.note = ListingStatus.REJECTED, note
    bump_listing_version(listing, shown=False)
    db.session.flush()
    return listing


def remove_listing(listing: Listing, *, note: str, now: datetime) -> Listing:
    """published → rejected, with the statement that the provider reads. Its waiting edit is deleted, and the rows it came
    from no longer go back into their files. The provider may correct it and send it again."""
    _require(listing, ListingStatus.PUBLISHED)
    drop_edit(listing)
    listing.rows.clear()
    listing.status, listing.note = ListingStatus.REJECTED, note
    bump_listing_version(listing, shown=True)
    db.session.flush()
    listing_visibility_changed.send(Listing, listing=listing)
    return listing


def apply_listing_edit(edit: ListingEdit, *, now: datetime) -> Listing:
    """Replace the live terms with the waiting edit."""
    _require(edit, EditStatus.PENDING)
    listing = edit.listing
    before = terms_of(listing)
    write_terms(listing, terms_of(edit))
    keep_terms(listing, before, now=now)
    listing.confirmed_at = now
    listing.rows.clear()
    drop_edit(listing)
    bump_listing_version(listing, shown=listing.status == ListingStatus.PUBLISHED)
    db.session.flush()
    return listing


def reject_listing_edit(edit: ListingEdit, *, note: str, now: datetime) -> ListingEdit:
    """Reject an edit. It stays, with the statement, until it is sent again or dropped."""
    return reject_edit(lock_row(edit), note=note)


def _require(row: Listing | ListingEdit, status: str) -> None:
    lock_row(row)
    if row.status != status:
        raise Conflict("decided_already", status=row.status)
