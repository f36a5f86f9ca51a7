"""Whether a paid placement may be shown: only for a published listing of an active provider. When that changes, the
placement is hidden or shown again, and its provider and the admins get an email."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from marketplace.billing.models import Placement
from marketplace.billing.placements.notifications import notify_admins, notify_members
from marketplace.billing.statuses import PAID, HiddenReason
from marketplace.core.extensions import db, now
from marketplace.guides.models import Topic
from marketplace.listings.freshness import fresh_on
from marketplace.listings.models import Listing, ListingStatus
from marketplace.providers.models import Provider, ProviderStatus


def hidden_reason(provider_id: int, listing_id: int | None, country: str, moment: datetime) -> HiddenReason:
    """Why a placement of a listing, or of a provider in a country, cannot be shown; `NONE` if it can."""
    standing = db.session.scalar(select(Provider.status).where(Provider.id == provider_id))
    if standing != ProviderStatus.ACTIVE:
        return HiddenReason.PROVIDER
    published = select(Listing.id).where(Listing.status == ListingStatus.PUBLISHED)
    if listing_id is not None:
        published = published.where(Listing.id == listing_id)
    else:
        published = published.join(Topic, Topic.id == Listing.topic_id).where(
            Listing.provider_id == provider_id, Topic.country == country
        )
    if db.session.scalar(published.where(fresh_on(Listing.confirmed_at, moment.date())).limit(1)):
        return HiddenReason.NONE
    return HiddenReason.STALE if db.session.scalar(published.limit(1)) else HiddenReason.LISTING


def can_be_shown(provider_id: int, listing_id: int | None, country: str, moment: datetime) -> bool:
    """Whether a placement could be shown now; otherwise none is sold."""
    return not hidden_reason(provider_id, listing_id, country, moment)


def refresh_visibility(placement: Placement, moment: datetime) -> None:
    """Hide a paid placement or show it again, and email its provider and the admins. Flushes."""
    reason = hidden_reason(placement.provider_id, placement.listing_id, placement.country, moment)
    before = placement.hidden
    if reason == before:
        return
    placement.hidden = reason
    placement.version = Placement.version + 1
    db.session.flush()
    occasion = moment.isoformat()
    if not reason:
        notify_members(placement, "shown_again", key=occasion)
        return
    notify_members(placement, "hidden", reason=reason, key=occasion)
    if not before:
        notify_admins(placement, reason, key=occasion)


def refresh_all_visibility(moment: datetime, *, only_hidden: bool = False) -> None:
    """Refresh every paid placement, or the hidden ones: data becomes stale with time, and confirming it sends no signal."""
    query = select(Placement).where(Placement.state.in_(PAID))
    if only_hidden:
        query = query.where(Placement.hidden != "")
    for placement in db.session.scalars(query.order_by(Placement.id)):
        refresh_visibility(placement, moment)


def provider_changed(sender: Any, *, provider: Provider) -> None:
    """Refresh all placements of a provider whose status changed; of one that was merged, those of the one that it became."""
    _refresh_where(Placement.provider_id == (provider.merged_into_id or provider.id))


def listing_changed(sender: Any, *, listing: Listing) -> None:
    """Refresh the placements of a listing that was shown or hidden."""
    of_country = (Placement.provider_id == listing.provider_id) & Placement.listing_id.is_(None)
    _refresh_where(or_(Placement.listing_id == listing.id, of_country))


def _refresh_where(condition: Any) -> None:
    query = select(Placement).where(condition, Placement.state.in_(PAID)).order_by(Placement.id)
    for placement in db.session.scalars(query):
        refresh_visibility(placement, now())
