"""What a provider's member does with a listing.

| from | to | by |
| --- | --- | --- |
| (nothing) | draft | `save_draft` |
| draft, rejected, withdrawn | pending | `submit_listing` |
| pending | published, rejected | a moderator: `listings.approvals` |
| published, paused | rejected | a moderator who upholds a report: `listings.approvals` |
| published | paused | `pause_listing` |
| paused | published | `resume_listing` |
| any | withdrawn | `withdraw_listing` |

Each checks that the actor manages the provider (`NotFound` for strangers, `NotAllowed` while suspended) and answers a
repetition with the listing as it is.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.models import User
from marketplace.core.errors import Conflict, Invalid, NotAllowed
from marketplace.core.extensions import db
from marketplace.core.locking import lock_row
from marketplace.core.waiting_edits import drop_edit, propose_edit
from marketplace.guides.models import Topic
from marketplace.listings.freshness import has_left
from marketplace.listings.models import LIVE, Listing, ListingEdit, ListingStatus
from marketplace.listings.revisions import bump_listing_version, set_listing_status
from marketplace.listings.rules import check_complete, check_terms
from marketplace.listings.terms import OfferTerms, column_values, terms_of, write_terms
from marketplace.listings.terms_history import keep_terms
from marketplace.providers.membership import require_member
from marketplace.providers.models import Provider, ProviderStatus, TraderStatus

SUBMITTABLE = (ListingStatus.DRAFT, ListingStatus.REJECTED, ListingStatus.WITHDRAWN)
PROVIDERS_THAT_SUBMIT = (ProviderStatus.ACTIVE, ProviderStatus.PENDING)


def save_draft(*, actor: User, provider: Provider, topic: Topic, terms: OfferTerms, now: datetime) -> Listing:
    """Create a draft. Raises `InvalidFields`, and `Invalid` on `topic` where the provider has a listing for it."""
    require_member(actor, provider)
    check_terms(terms)
    if listing_for(provider, topic.id) is not None:
        raise Invalid("listing_exists", "topic")
    listing = Listing(
        provider_id=provider.id, topic_id=topic.id, status=ListingStatus.DRAFT, version=1, created_at=now
    )
    write_terms(listing, terms)
    try:
        with db.session.begin_nested():
            db.session.add(listing)
            db.session.flush()
    except IntegrityError:
        raise Invalid("listing_exists", "topic") from None
    return listing


def listing_for(provider: Provider, topic_id: int) -> Listing | None:
    """A provider's listing for a topic, in whatever status."""
    return db.session.scalar(
        select(Listing).where(Listing.provider_id == provider.id, Listing.topic_id == topic_id)
    )


def submit_listing(*, actor: User, listing: Listing, now: datetime) -> Listing:
    """Send to a moderator. Raises `InvalidFields` where something is missing, `NotAllowed` where the provider's
    registration was refused or it has not said who is behind it, `Conflict` where the listing is live."""
    require_member(actor, listing.provider)
    lock_row(listing)
    if listing.status == ListingStatus.PENDING:
        return listing
    _require_status(listing, SUBMITTABLE)
    if listing.provider.status not in PROVIDERS_THAT_SUBMIT:
        raise NotAllowed("provider_refused")
    if listing.provider.trader == TraderStatus.UNKNOWN:
        raise NotAllowed("trader_unknown")
    check_complete(terms_of(listing))
    listing.submitted_at = now
    set_listing_status(listing, ListingStatus.PENDING, "")
    return listing


def edit_listing(*, actor: User, listing: Listing, terms: OfferTerms, now: datetime) -> Listing:
    """Change the terms: in place, or, where the listing is live, as `listing.edit`, which waits for a moderator.

    Raises `InvalidFields`; what a moderator gets must be complete. Changing a live listing back drops the edit.
    """
    require_member(actor, listing.provider)
    lock_row(listing)
    if listing.status in LIVE:
        check_complete(terms)
        propose_edit(listing, ListingEdit, column_values(terms), now=now)
    else:
        (check_complete if listing.status == ListingStatus.PENDING else check_terms)(terms)
        if terms != (before := terms_of(listing)):
            write_terms(listing, terms)
            keep_terms(listing, before, now=None)
            bump_listing_version(listing, shown=False)
    db.session.flush()
    return listing


def drop_listing_edit(*, actor: User, listing: Listing) -> Listing:
    """Take back a change that waits or was refused; the live listing stays as it is."""
    require_member(actor, listing.provider)
    lock_row(listing)
    drop_edit(listing)
    db.session.flush()
    return listing


def pause_listing(*, actor: User, listing: Listing) -> Listing:
    """Take a published listing out of the tables for a while. Raises `Conflict` where it is not published."""
    return _move(actor, listing, (ListingStatus.PUBLISHED,), ListingStatus.PAUSED)


def resume_listing(*, actor: User, listing: Listing) -> Listing:
    """Put a paused listing back. Raises `Conflict` where it is not paused."""
    return _move(actor, listing, (ListingStatus.PAUSED,), ListingStatus.PUBLISHED)


def withdraw_listing(*, actor: User, listing: Listing) -> Listing:
    """Take a listing back for good, with its waiting edit; it can be sent to a moderator again."""
    require_member(actor, listing.provider)
    lock_row(listing)
    if listing.status != ListingStatus.WITHDRAWN:
        withdraw(listing)
    return listing


def withdraw(listing: Listing) -> None:
    """Withdraw without an actor: for imports and the operator. The rows it came from no longer go back into their files."""
    drop_edit(listing)
    listing.rows.clear()
    set_listing_status(listing, ListingStatus.WITHDRAWN)


def confirm_listing(*, actor: User, listing: Listing, now: datetime) -> Listing:
    """The provider confirms that price and time are still right. Raises `Conflict` where the listing is not live."""
    require_member(actor, listing.provider)
    lock_row(listing)
    _require_status(listing, LIVE)
    returns = has_left(listing.confirmed_at, now.date())
    listing.confirmed_at = now
    bump_listing_version(listing, shown=listing.status == ListingStatus.PUBLISHED, counted_anew=returns)
    db.session.flush()
    return listing


def _move(actor: User, listing: Listing, sources: tuple[str, ...], target: str) -> Listing:
    require_member(actor, listing.provider)
    lock_row(listing)
    if listing.status != target:
        _require_status(listing, sources)
        set_listing_status(listing, target)
    return listing


def _require_status(listing: Listing, statuses: tuple[str, ...]) -> None:
    if listing.status not in statuses:
        raise Conflict("listing_status", status=listing.status)
