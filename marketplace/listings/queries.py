"""Queries about a provider's own listings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from marketplace.accounts.models import User
from marketplace.core.errors import NotFound
from marketplace.core.extensions import db, find_row
from marketplace.core.waiting_edits import EditStatus
from marketplace.guides.queries import topics_with_words
from marketplace.listings.freshness import REMIND_AFTER
from marketplace.listings.models import Listing, ListingEdit, ListingStatus
from marketplace.providers.membership import own_provider
from marketplace.providers.models import Provider

PAGE_SIZE = 50
# What a filter of the list may ask for besides a status.
NEEDS = "needs"
FILTERS = (NEEDS, *ListingStatus)


def own_listing(actor: User, slug: str, listing_id: int) -> Listing:
    """A listing of the member's provider with this slug. Raises `NotFound`."""
    provider = own_provider(actor, slug)
    listing = find_row(Listing, listing_id)
    if listing is None or listing.provider_id != provider.id:
        raise NotFound
    return listing


def desk_listings(
    provider: Provider,
    *,
    now: datetime,
    show: str = "",
    text: str = "",
    limit: int = PAGE_SIZE,
    offset: int = 0,
) -> Sequence[Listing]:
    """A page of a provider's listings with their edits and topics, those that need somebody first."""
    order = case(
        (_needs_somebody(now), 0),
        *((Listing.status == status, 1 + index) for index, status in enumerate(ListingStatus)),
        else_=len(ListingStatus) + 1,
    )
    query = (
        _filtered(select(Listing), provider, now, show, text)
        .options(joinedload(Listing.edit), joinedload(Listing.topic))
        .order_by(order, Listing.id)
    )
    return db.session.scalars(query.limit(limit).offset(offset)).all()


def count_listings(provider: Provider, *, now: datetime, show: str = "", text: str = "") -> int:
    """How many listings a filter finds."""
    return db.session.scalar(_filtered(select(func.count(Listing.id)), provider, now, show, text)) or 0


def status_counts(provider: Provider) -> dict[str, int]:
    """How many listings a provider has in each status."""
    query = select(Listing.status, func.count(Listing.id)).where(Listing.provider_id == provider.id)
    return {row[0]: row[1] for row in db.session.execute(query.group_by(Listing.status))}


def _filtered(query: Select[Any], provider: Provider, now: datetime, show: str, text: str) -> Select[Any]:
    query = query.outerjoin(ListingEdit, ListingEdit.listing_id == Listing.id)
    query = query.where(Listing.provider_id == provider.id)
    if show == NEEDS:
        query = query.where(_needs_somebody(now))
    elif show:
        query = query.where(Listing.status == show)
    found = topics_with_words(text)
    return query if found is None else query.where(Listing.topic_id.in_(found))


def _needs_somebody(now: datetime) -> ColumnElement[bool]:
    """Refused, with a refused change, or soon to be dimmed."""
    return or_(
        Listing.status == ListingStatus.REJECTED,
        ListingEdit.status == EditStatus.REJECTED,
        and_(Listing.status == ListingStatus.PUBLISHED, Listing.confirmed_at <= now - REMIND_AFTER),
    )
