"""What a provider's member does with a listing.

| from | to | by |
| --- | --- | --- |
| (nothing) | draft | `save_draft` |
| draft, rejected, withdrawn | pending | `submit_listing` |
| pending | published, rejected | a moderator: `listings.approvals` |
| published | rejected | a moderator who upholds a report: `listings.approvals` |
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
from marketplace.guides.models import Topic
from marketplace.listings.models import Listing, ListingEdit
from marketplace.listings.revisions import bump_listing_version
from marketplace.listings.rules import check_complete, check_terms
from marketplace.listings.signals import listing_terms_changed, listing_visibility_changed
from marketplace.listings.terms import OfferTerms, terms_of, write_terms
from marketplace.providers.membership import require_member
from marketplace.providers.models import Provider

LIVE = ("published", "paused")
SUBMITTABLE = ("draft", "rejected", "withdrawn")
PROVIDERS_THAT_SUBMIT = ("active", "pending")


def save_draft(*, actor: User, provider: Provider, topic: Topic, terms: OfferTerms, now: datetime) -> Listing:
    """Make a draft. Raises `InvalidFields`, and `Invalid` on `topic` where the provider has a listing for it."""
    require_member(actor, provider)
    check_terms(terms)
    if listing_for(provider, topic) is not None:
        raise Invalid("listing_exists", "topic")
    listing = Listing(provider_id=provider.id, topic_id=topic.id, status="draft", version=1, created_at=now)
    write_terms(listing, terms)
    try:
        with db.session.begin_nested():
            db.session.add(listing)
            db.session.flush()
    except IntegrityError:
        raise Invalid("listing_exists", "topic") from None
    return listing


def listing_for(provider: Provider, topic: Topic) -> Listing | None:
    """A provider's listing for a topic, in whatever status."""
    return db.session.scalar(
        select(Listing).where(Listing.provider_id == provider.id, Listing.topic_id == topic.id)
    )


def submit_listing(*, actor: User, listing: Listing, now: datetime) -> Listing:
    """Send to a moderator. Raises `InvalidFields` where something is missing, `NotAllowed` where the provider's
    registration was refused, `Conflict` where the listing is live."""
    require_member(actor, listing.provider)
    lock_row(listing)
    if listing.status == "pending":
        return listing
    _require_status(listing, SUBMITTABLE)
    if listing.provider.status not in PROVIDERS_THAT_SUBMIT:
        raise NotAllowed("provider_refused")
    check_complete(terms_of(listing))
    listing.status, listing.submitted_at, listing.note = "pending", now, ""
    bump_listing_version(listing, shown=False)
    db.session.flush()
    return listing


def edit_listing(*, actor: User, listing: Listing, terms: OfferTerms, now: datetime) -> Listing:
    """Change the terms: in place, or, where the listing is live, as `listing.edit`, which waits for a moderator.

    Raises `InvalidFields`; what a moderator gets must be complete. Changing a live listing back drops the edit.
    """
    require_member(actor, listing.provider)
    lock_row(listing)
    if listing.status in LIVE:
        check_complete(terms)
        _suggest_edit(listing, terms, now)
    else:
        (check_complete if listing.status == "pending" else check_terms)(terms)
        if terms != terms_of(listing):
            write_terms(listing, terms)
            bump_listing_version(listing, shown=False)
            db.session.flush()
            listing_terms_changed.send(Listing, listing=listing)
    db.session.flush()
    return listing


def _suggest_edit(listing: Listing, terms: OfferTerms, now: datetime) -> None:
    edit = listing.edit
    if terms == terms_of(listing):
        if edit is not None:
            forget_edit(listing)
        return
    if edit is None:
        # Its versions go on where those of an earlier edit ended: a decision on that one must not fit this one.
        edit = ListingEdit(version=listing.version, status="pending")
        listing.edit = edit
    elif edit.status == "pending" and terms == terms_of(edit):
        return
    write_terms(edit, terms)
    edit.status, edit.note, edit.submitted_at = "pending", "", now
    edit.version += 1


def forget_edit(listing: Listing) -> None:
    """Delete a listing's edit; its version is not used again."""
    if listing.edit is not None:
        listing.version = max(listing.version, listing.edit.version) + 1
        listing.edit = None


def drop_edit(*, actor: User, listing: Listing) -> Listing:
    """Take back a change that waits or was refused; the live listing stays as it is."""
    require_member(actor, listing.provider)
    lock_row(listing)
    forget_edit(listing)
    db.session.flush()
    return listing


def pause_listing(*, actor: User, listing: Listing) -> Listing:
    """Take a published listing out of the tables for a while. Raises `Conflict` where it is not published."""
    return _move(actor, listing, ("published",), "paused")


def resume_listing(*, actor: User, listing: Listing) -> Listing:
    """Put a paused listing back. Raises `Conflict` where it is not paused."""
    return _move(actor, listing, ("paused",), "published")


def withdraw_listing(*, actor: User, listing: Listing) -> Listing:
    """Take a listing back for good, with its waiting edit; it can be sent to a moderator again."""
    require_member(actor, listing.provider)
    lock_row(listing)
    if listing.status != "withdrawn":
        withdraw(listing)
    return listing


def withdraw(listing: Listing) -> None:
    """Withdraw without asking who: for the import and the operator. Its rows go back into no file any more."""
    shown = listing.status == "published"
    forget_edit(listing)
    listing.rows.clear()
    listing.status = "withdrawn"
    bump_listing_version(listing, shown=shown)
    db.session.flush()
    if shown:
        listing_visibility_changed.send(Listing, listing=listing)


def confirm_listing(*, actor: User, listing: Listing, now: datetime) -> Listing:
    """The provider says that price and time still hold. Raises `Conflict` where the listing is not live."""
    require_member(actor, listing.provider)
    lock_row(listing)
    _require_status(listing, LIVE)
    listing.confirmed_at = now
    bump_listing_version(listing, shown=listing.status == "published")
    db.session.flush()
    return listing


def _move(actor: User, listing: Listing, sources: tuple[str, ...], target: str) -> Listing:
    require_member(actor, listing.provider)
    lock_row(listing)
    if listing.status != target:
        _require_status(listing, sources)
        listing.status = target
        bump_listing_version(listing, shown=True)
        db.session.flush()
        listing_visibility_changed.send(Listing, listing=listing)
    return listing


def _require_status(listing: Listing, statuses: tuple[str, ...]) -> None:
    if listing.status not in statuses:
        raise Conflict("listing_status", status=listing.status)
