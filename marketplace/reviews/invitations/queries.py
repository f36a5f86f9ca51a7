"""A provider's lists of clients, who was invited before, who opted out, and which invitations are due."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select

from marketplace.core.extensions import db
from marketplace.listings.models import Listing, ListingStatus
from marketplace.providers.models import Provider, ProviderStatus
from marketplace.reviews.invitations.models import Invite, InviteBatch, InviteOptOut, InviteState
from marketplace.reviews.models import Review, ReviewStatus

# The author of such a review may use its invitation again.
RETURNING_STATUSES = (ReviewStatus.REJECTED, ReviewStatus.WITHDRAWN)


def inviting_listings(provider_id: int) -> Sequence[Any]:
    """A provider's published listings: id, topic_id, invited_count, answered_count, invited_to."""
    return db.session.execute(
        select(
            Listing.id, Listing.topic_id, Listing.invited_count, Listing.answered_count, Listing.invited_to
        )
        .where(Listing.provider_id == provider_id, Listing.status == ListingStatus.PUBLISHED)
        .order_by(Listing.id)
    ).all()


def batches_of(provider_id: int) -> Sequence[Any]:
    """A provider's batches, newest period first: topic_id, period_from, period_to, created_at, listed, answered."""
    used = func.count(Invite.id).filter(Invite.state == InviteState.USED)
    return db.session.execute(
        select(
            Listing.topic_id,
            InviteBatch.period_from,
            InviteBatch.period_to,
            InviteBatch.created_at,
            func.count(Invite.id).label("listed"),
            used.label("answered"),
        )
        .join(Listing, Listing.id == InviteBatch.listing_id)
        .outerjoin(Invite, Invite.batch_id == InviteBatch.id)
        .where(Listing.provider_id == provider_id)
        .group_by(InviteBatch.id, Listing.topic_id)
        .order_by(InviteBatch.period_to.desc(), InviteBatch.id.desc())
    ).all()


def overlapping_batch(listing_id: int, period_from: date, period_to: date) -> InviteBatch | None:
    """The batch of a listing that has a day of this period."""
    query = select(InviteBatch).where(
        InviteBatch.listing_id == listing_id,
        InviteBatch.period_from <= period_to,
        InviteBatch.period_to >= period_from,
    )
    return db.session.scalar(query.order_by(InviteBatch.period_from).limit(1))


def count_listed(provider_id: int, since: datetime) -> int:
    """How many clients a provider put on its lists since a moment."""
    return db.session.scalar(select(func.count()).select_from(_lists(provider_id, since).subquery())) or 0


def listed_before(provider_id: int, hashes: Collection[str], since: datetime) -> set[str]:
    """Which of these hashes are on a list that the provider made since a moment."""
    return set(db.session.scalars(_lists(provider_id, since).where(Invite.address_hash.in_(hashes))))


def _lists(provider_id: int, since: datetime) -> Select[Any]:
    return (
        select(Invite.address_hash)
        .join(InviteBatch, InviteBatch.id == Invite.batch_id)
        .join(Listing, Listing.id == InviteBatch.listing_id)
        .where(Listing.provider_id == provider_id, InviteBatch.created_at > since)
    )


def opted_out(hashes: Collection[str]) -> set[str]:
    """Which of these hashes opted out."""
    query = select(InviteOptOut.address_hash).where(InviteOptOut.address_hash.in_(hashes))
    return set(db.session.scalars(query))


def invites_to_send(limit: int) -> Sequence[Invite]:
    """Invitations that are due to be mailed, locked until the transaction ends."""
    return _mailable(select(Invite).where(Invite.state == InviteState.WAITING), limit)


def invites_to_remind(sent_until: datetime, limit: int) -> Sequence[Invite]:
    """Unused invitations mailed up to a moment without a reminder, locked until the transaction ends."""
    waiting = (
        (Invite.state == InviteState.SENT) & Invite.reminded_at.is_(None) & (Invite.sent_at <= sent_until)
    )
    return _mailable(select(Invite).where(waiting), limit)


def _mailable(query: Select[Any], limit: int) -> Sequence[Invite]:
    query = (
        query.join(InviteBatch, InviteBatch.id == Invite.batch_id)
        .join(Listing, Listing.id == InviteBatch.listing_id)
        .join(Provider, Provider.id == Listing.provider_id)
        .where(
            Invite.address.is_not(None),
            Listing.status == ListingStatus.PUBLISHED,
            Provider.status == ProviderStatus.ACTIVE,
        )
        .order_by(Invite.id)
        .limit(limit)
    )
    return db.session.scalars(query.with_for_update(of=Invite, skip_locked=True)).all()


def find_returned_invite(listing_id: int, author_id: int, since: datetime) -> Invite | None:
    """The newest invitation, mailed after a moment, whose review by this author was rejected or withdrawn."""
    query = (
        select(Invite)
        .join(InviteBatch, InviteBatch.id == Invite.batch_id)
        .join(Review, Review.id == Invite.review_id)
        .where(
            InviteBatch.listing_id == listing_id,
            Review.user_id == author_id,
            Review.status.in_(RETURNING_STATUSES),
        )
        .where(Invite.state == InviteState.USED, Invite.sent_at > since)
    )
    return db.session.scalar(query.order_by(Invite.id.desc()).limit(1))
