"""The sums kept on a listing: how many clients its provider invited, over which days, and how many of them wrote."""

from __future__ import annotations

from sqlalchemy import func, select, update

from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.listings.revisions import invalidate_listing_pages
from marketplace.reviews.invitations.models import Invite, InviteBatch


def recompute_invited(listing_id: int) -> None:
    """Write a listing's sums anew from its batches, and tell caches, in the caller's transaction.

    Everybody on a list counts as invited, also who wants no mails: a number that told them apart would tell the provider
    who they are. Locks the listing first, so that of two at once the second sees the first.
    """
    db.session.flush()
    query = select(Listing).where(Listing.id == listing_id).with_for_update(key_share=True)
    listing = db.session.scalars(query).one()
    periods = db.session.execute(
        select(InviteBatch.period_from, InviteBatch.period_to).where(InviteBatch.listing_id == listing_id)
    ).all()
    counts = db.session.execute(
        select(func.count(Invite.id), func.count(Invite.id).filter(Invite.state == "used"))
        .join(InviteBatch, InviteBatch.id == Invite.batch_id)
        .where(InviteBatch.listing_id == listing_id)
    ).one()
    values = {
        "invited_count": counts[0],
        "answered_count": counts[1],
        "invited_days": sum((row.period_to - row.period_from).days + 1 for row in periods),
        "invited_from": min((row.period_from for row in periods), default=None),
        "invited_to": max((row.period_to for row in periods), default=None),
    }
    db.session.execute(update(Listing).where(Listing.id == listing_id).values(**values))
    invalidate_listing_pages(listing)
