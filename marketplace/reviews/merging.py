"""What becomes of reviews when two providers, and two of their listings, turn out to be one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, or_, select, update

from marketplace.core.extensions import db
from marketplace.core.revisions import REVIEWS, raise_revisions
from marketplace.listings.models import Listing
from marketplace.providers.models import Provider, ProviderMember
from marketplace.reviews.eligibility import COUNTED_STATUSES, REVIEW_INTERVAL
from marketplace.reviews.invitations.accepting import recompute_invited
from marketplace.reviews.invitations.models import Invite, InviteBatch, InviteState
from marketplace.reviews.models import Review, ReviewStatus
from marketplace.reviews.ratings.services import recompute_ratings
from marketplace.reviews.replies.models import Reply
from marketplace.reviews.writing.services import supersede_review

# What a list of clients counts beside its period: see `InviteBatch`.
COUNTS = ("listed", "near_members", "own_domain", "same_mailbox", "free_mail")
# What says most of an invitation, of two of one address.
_BY_STATE = (
    InviteState.USED,
    InviteState.OPTED_OUT,
    InviteState.SENT,
    InviteState.WAITING,
    InviteState.EXPIRED,
)


def merge_problems(sender: type[Provider], *, gone: Provider, into: Provider) -> list[str]:
    """`merge_own_review` where a member of one has reviewed the other: nobody reviews their own provider, so a moderator
    decides on it first."""
    counted = Review.status.in_(COUNTED_STATUSES)
    reviewed = select(Review.id).join(Listing, Listing.id == Review.listing_id).where(counted)
    pairs = [
        (Listing.provider_id == one.id)
        & exists().where(ProviderMember.provider_id == other.id, ProviderMember.user_id == Review.user_id)
        for one, other in ((gone, into), (into, gone))
    ]
    return ["merge_own_review"] if db.session.scalar(reviewed.where(or_(*pairs)).limit(1)) else []


def move_reviews(sender: type[Listing], *, gone: Listing, into: Listing, now: datetime) -> None:
    """Reviews and lists of invited clients go to the listing that stays, and its figures are reckoned again. A person has
    one review of a listing in twelve months: of several, the others are withdrawn."""
    _point(Review, Review.listing_id == gone.id, listing_id=into.id)
    for review in _repeated(into.id):
        supersede_review(review, now=now)
    for batch in db.session.scalars(select(InviteBatch).where(InviteBatch.listing_id == gone.id)).all():
        _move_batch(batch, into.id)
    for number in (gone.id, into.id):
        recompute_ratings(number)
        recompute_invited(number)
    for listing in (gone, into):
        db.session.refresh(listing)
    raise_revisions(REVIEWS)


def _repeated(listing_id: int) -> list[Review]:
    """The reviews that their authors could not have written beside another one of the listing: a published one stays rather
    than one that waits, a later one rather than an earlier one. What moderators hid is theirs."""
    query = select(Review).where(
        Review.listing_id == listing_id, Review.user_id.is_not(None), Review.status.in_(COUNTED_STATUSES)
    )
    shown_first = Review.status != ReviewStatus.PUBLISHED
    kept: dict[int, list[datetime]] = {}
    repeated = []
    ordered = query.order_by(
        Review.status != ReviewStatus.HIDDEN, shown_first, Review.submitted_at.desc(), Review.id
    )
    for review in db.session.scalars(ordered):
        assert review.user_id is not None
        moments = kept.setdefault(review.user_id, [])
        near = any(abs(review.submitted_at - moment) < REVIEW_INTERVAL for moment in moments)
        if near and review.status != ReviewStatus.HIDDEN:
            repeated.append(review)
        else:
            moments.append(review.submitted_at)
    return repeated


def _move_batch(batch: InviteBatch, listing_id: int) -> None:
    """A list that begins on the same day as one that is there becomes part of it; links that were mailed lead on."""
    same = select(InviteBatch).where(
        InviteBatch.listing_id == listing_id, InviteBatch.period_from == batch.period_from
    )
    there = db.session.scalar(same)
    if there is None:
        batch.listing_id = listing_id
        db.session.flush()
        return
    invites = select(Invite).where(Invite.batch_id.in_((batch.id, there.id)))
    found = sorted(
        db.session.scalars(invites), key=lambda one: (_BY_STATE.index(InviteState(one.state)), one.id)
    )
    best: dict[str, Invite] = {}
    for invite in found:
        if best.setdefault(invite.address_hash, invite) is not invite:
            db.session.delete(invite)
    db.session.flush()
    for invite in best.values():
        invite.batch_id = there.id
    there.period_to = max(there.period_to, batch.period_to)
    for name in COUNTS:
        counts = [value for row in (there, batch) if (value := getattr(row, name)) is not None]
        setattr(there, name, sum(counts) if counts else None)
    db.session.flush()
    db.session.expire(batch)
    db.session.execute(delete(InviteBatch).where(InviteBatch.id == batch.id))


def move_replies(sender: type[Provider], *, gone: Provider, into: Provider, now: datetime) -> None:
    """Replies are the provider's that stays."""
    _point(Reply, Reply.provider_id == gone.id, provider_id=into.id)


def _point(model: Any, which: Any, **values: int) -> None:
    db.session.flush()
    db.session.execute(
        update(model).where(which).values(**values).execution_options(synchronize_session="fetch")
    )
