"""What moderators decide about a listing and the edits of its terms.

Called by `moderation`, which writes the decision and the mail in the same transaction. Each locks the row and raises
`Conflict` (`decided_already`) where its status is another by now; the caller compares versions after locking.
"""

from __future__ import annotations

from datetime import datetime

from marketplace.core.errors import Conflict, NotAllowed
from marketplace.core.extensions import db
from marketplace.core.locking import lock_row
from marketplace.listings.models import Listing, ListingEdit
from marketplace.listings.revisions import bump_listing_version
from marketplace.listings.services import forget_edit
from marketplace.listings.signals import listing_terms_changed, listing_visibility_changed
from marketplace.listings.terms import terms_of, write_terms


def publish_listing(listing: Listing, *, now: datetime) -> Listing:
    """pending → published. Raises `NotAllowed` while the provider itself is not active: it is decided first."""
    _require(listing, "pending")
    if listing.provider.status != "active":
        raise NotAllowed("provider_not_active")
    listing.status, listing.note = "published", ""
    listing.published_at = listing.confirmed_at = now
    bump_listing_version(listing, shown=True)
    db.session.flush()
    listing_visibility_changed.send(Listing, listing=listing)
    return listing


def reject_listing(listing: Listing, *, note: str, now: datetime) -> Listing:
    """pending → rejected, with the statement that the provider reads."""
    _require(listing, "pending")
    listing.status, listing.note = "rejected", note
    bump_listing_version(listing, shown=False)
    db.session.flush()
    return listing


def remove_listing(listing: Listing, *, note: str, now: datetime) -> Listing:
    """published → rejected, with the statement that the provider reads. Its waiting edit is deleted, and the rows it came
    from no longer go back into their files. The provider may correct it and send it again."""
    _require(listing, "published")
    forget_edit(listing)
    listing.rows.clear()
    listing.status, listing.note = "rejected", note
    bump_listing_version(listing, shown=True)
    db.session.flush()
    listing_visibility_changed.send(Listing, listing=listing)
    return listing


def apply_listing_edit(edit: ListingEdit, *, now: datetime) -> Listing:
    """Replace the live terms with the waiting edit."""
    _require(edit, "pending")
    listing = edit.listing
    write_terms(listing, terms_of(edit))
    listing.confirmed_at = now
    listing.rows.clear()
    forget_edit(listing)
    bump_listing_version(listing, shown=listing.status == "published")
    db.session.flush()
    listing_terms_changed.send(Listing, listing=listing)
    return listing


def reject_listing_edit(edit: ListingEdit, *, note: str, now: datetime) -> ListingEdit:
    """Reject an edit. It stays, with the statement, until it is sent again or dropped."""
    _require(edit, "pending")
    edit.status, edit.note = "rejected", note
    edit.version += 1
    db.session.flush()
    return edit


def _require(row: Listing | ListingEdit, status: str) -> None:
    lock_row(row)
    if row.status != status:
        raise Conflict("decided_already", status=row.status)
