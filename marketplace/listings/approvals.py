"""What a moderator's decision does to providers, listings, edits and claims.

Called by `moderation`, which writes the decision and the mail in the same transaction. Each locks the row and raises
`Conflict` where it is no longer waiting (of a provider's suspension: where it stands otherwise); the caller compares
versions after `locked`.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from sqlalchemy import select

from marketplace.core.errors import Conflict, NotAllowed
from marketplace.core.extensions import db
from marketplace.listings.models import Listing, ListingEdit
from marketplace.listings.revisions import count_listing_change, count_provider_change, locked
from marketplace.listings.services import forget_edit
from marketplace.listings.signals import (
    listing_terms_changed,
    listing_visibility_changed,
    provider_standing_changed,
)
from marketplace.listings.terms import terms_of, write_terms
from marketplace.providers.membership import is_member
from marketplace.providers.models import Provider, ProviderClaim, ProviderEdit, ProviderMember
from marketplace.providers.profiles import search_text
from marketplace.providers.registration import provider_with_host
from marketplace.providers.websites import read_website

Edit = TypeVar("Edit", ListingEdit, ProviderEdit)


def publish_listing(listing: Listing, *, now: datetime) -> Listing:
    """pending → published. Raises `NotAllowed` while the provider itself is not active: it is decided first."""
    _waiting(listing)
    if listing.provider.status != "active":
        raise NotAllowed("provider_not_active")
    listing.status, listing.note = "published", ""
    listing.published_at = listing.confirmed_at = now
    count_listing_change(listing, shown=True)
    db.session.flush()
    listing_visibility_changed.send(Listing, listing=listing)
    return listing


def reject_listing(listing: Listing, *, note: str, now: datetime) -> Listing:
    """pending → rejected, with the statement that the provider reads."""
    _waiting(listing)
    listing.status, listing.note = "rejected", note
    count_listing_change(listing, shown=False)
    db.session.flush()
    return listing


def take_down_listing(listing: Listing, *, note: str, now: datetime) -> Listing:
    """published → rejected, with the statement that the provider reads; its waiting edit goes, and its rows go back into no
    file. Corrected and sent again it waits anew. Raises
    `Conflict` where it is not published."""
    locked(listing)
    if listing.status != "published":
        raise Conflict("decided_already", status=listing.status)
    forget_edit(listing)
    listing.rows.clear()
    listing.status, listing.note = "rejected", note
    count_listing_change(listing, shown=True)
    db.session.flush()
    listing_visibility_changed.send(Listing, listing=listing)
    return listing


def apply_listing_edit(edit: ListingEdit, *, now: datetime) -> Listing:
    """Put a waiting edit in place of the live terms; the edit is gone."""
    _waiting(edit)
    listing = edit.listing
    write_terms(listing, terms_of(edit))
    listing.confirmed_at = now
    listing.rows.clear()
    forget_edit(listing)
    count_listing_change(listing, shown=listing.status == "published")
    db.session.flush()
    listing_terms_changed.send(Listing, listing=listing)
    return listing


def reject_listing_edit(edit: ListingEdit, *, note: str, now: datetime) -> ListingEdit:
    """Refuse an edit: it stays with the statement until it is sent again or dropped."""
    return _refuse(edit, note)


def activate_provider(provider: Provider, *, now: datetime) -> Provider:
    """pending → active."""
    _waiting(provider)
    return _move_provider(provider, "active")


def reject_provider(provider: Provider, *, note: str, now: datetime) -> Provider:
    """pending → removed, with the statement; its member may correct it, which sends it again. Its listings wait on."""
    _waiting(provider)
    return _move_provider(provider, "removed", note)


def suspend_provider(provider: Provider, *, note: str, now: datetime) -> Provider:
    """active → suspended, with the statement that its members read. Its listings keep their status and are shown nowhere;
    nothing of it can be changed. Raises `Conflict` where it is not active."""
    _standing(provider, "active")
    return _move_provider(provider, "suspended", note)


def remove_unclaimed(provider: Provider, *, note: str, now: datetime) -> Provider:
    """unclaimed → removed, with the statement: its rows are shown nowhere; whoever claims it is decided on anew. Raises
    `Conflict` where somebody has claimed it."""
    _standing(provider, "unclaimed")
    return _move_provider(provider, "removed", note)


def reinstate_provider(provider: Provider, *, now: datetime) -> Provider:
    """suspended → active: its listings are shown as they were. Raises `Conflict` where it is not suspended."""
    _standing(provider, "suspended")
    return _move_provider(provider, "active")


def _move_provider(provider: Provider, status: str, note: str = "") -> Provider:
    provider.status, provider.note = status, note
    count_provider_change(provider)
    db.session.flush()
    provider_standing_changed.send(Provider, provider=provider)
    return provider


def apply_provider_edit(edit: ProviderEdit, *, now: datetime) -> Provider:
    """Put a waiting profile in place; the slug stays. Raises `Conflict` where another provider has the name and host."""
    _waiting(edit)
    check_profile_is_free(edit)
    provider = edit.provider
    website = read_website(edit.website)
    provider.name, provider.website, provider.host = edit.name, website.url, website.host
    provider.description = edit.description
    provider.search_text = search_text(edit.name, website.host)
    provider.version = max(provider.version, edit.version)
    provider.edit = None
    count_provider_change(provider)
    db.session.flush()
    return provider


def check_profile_is_free(edit: ProviderEdit) -> None:
    """Raises `Conflict` (`website_taken`) where another provider has the name and host of a changed profile."""
    website = read_website(edit.website)
    other = provider_with_host(website.host, edit.name)
    if other is None or other.id == edit.provider_id:
        return
    if other.name == edit.name or website.host != edit.provider.host:
        raise Conflict("website_taken", "website")


def reject_provider_edit(edit: ProviderEdit, *, note: str, now: datetime) -> ProviderEdit:
    """Refuse a change of a profile: it stays with the statement until it is sent again or dropped."""
    return _refuse(edit, note)


def approve_claim(claim: ProviderClaim, *, now: datetime) -> Provider:
    """Make the claimant a member. An unclaimed provider becomes active, and its rows go back into no file as they were.

    Of a refused registration the claimant takes the place of those who registered it, and it waits for its own decision.
    """
    _waiting(claim)
    provider = claim.provider
    standing = provider.status
    if standing == "removed":
        provider.members.clear()
        db.session.flush()
        provider.status, provider.note = "pending", ""
    elif standing == "unclaimed":
        provider.status = "active"
    if not is_member(claim.user_id, provider.id):
        provider.members.append(ProviderMember(user_id=claim.user_id, created_at=now))
    for listing in db.session.scalars(
        select(Listing).where(Listing.provider_id == provider.id, Listing.rows.any())
    ):
        listing.rows.clear()
        # From now on there is somebody who can reconfirm the data, so they age like anybody's.
        listing.confirmed_at = listing.confirmed_at or now
    claim.status, claim.note = "approved", ""
    claim.version += 1
    count_provider_change(provider)
    db.session.flush()
    if provider.status != standing:
        provider_standing_changed.send(Provider, provider=provider)
    return provider


def reject_claim(claim: ProviderClaim, *, note: str, now: datetime) -> ProviderClaim:
    """Refuse a claim, with the statement that the claimant reads."""
    _waiting(claim)
    claim.status, claim.note = "rejected", note
    claim.version += 1
    db.session.flush()
    return claim


def _waiting(row: Listing | ListingEdit | Provider | ProviderEdit | ProviderClaim) -> None:
    locked(row)
    if row.status != "pending":
        raise Conflict("decided_already", status=row.status)


def _standing(provider: Provider, status: str) -> None:
    locked(provider)
    if provider.status != status:
        raise Conflict("decided_already", status=provider.status)


def _refuse(edit: Edit, note: str) -> Edit:
    _waiting(edit)
    edit.status, edit.note = "rejected", note
    edit.version += 1
    db.session.flush()
    return edit
