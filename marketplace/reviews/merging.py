"""What becomes of reviews when two providers, and two of their listings, turn out to be one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import aliased

from marketplace.core.extensions import db
from marketplace.core.revisions import REVIEWS, raise_revisions
from marketplace.listings.merging import listings_on_both
from marketplace.listings.models import Listing
from marketplace.providers.models import Provider
from marketplace.reviews.eligibility import REVIEW_INTERVAL
from marketplace.reviews.invitations.models import InviteBatch
from marketplace.reviews.models import Review
from marketplace.reviews.ratings.services import recompute_ratings
from marketplace.reviews.replies.models import Reply


def merge_problems(sender: type[Provider], *, gone: Provider, into: Provider) -> list[str]:
    """`merge_reviewed_twice` where somebody reviewed both within twelve months, for one topic: a person has one review of a
    listing. `merge_invited` where both asked clients of the same topic: their lists cannot be added up."""
    problems = []
    for theirs, ours in listings_on_both(gone, into):
        if any(_written_by_one(theirs.id, ours.id)):
            problems.append("merge_reviewed_twice")
        lists = [
            db.session.scalar(select(InviteBatch.id).where(InviteBatch.listing_id == row.id).limit(1))
            for row in (theirs, ours)
        ]
        if all(lists):
            problems.append("merge_invited")
    return problems


def _written_by_one(theirs: int, ours: int) -> list[bool]:
    first, second = aliased(Review), aliased(Review)
    pairs = db.session.execute(
        select(first.submitted_at, second.submitted_at)
        .join(second, second.user_id == first.user_id)
        .where(first.listing_id == theirs, second.listing_id == ours)
    )
    return [abs(one - other) < REVIEW_INTERVAL for one, other in pairs]


def move_reviews(sender: type[Listing], *, gone: Listing, into: Listing) -> None:
    """Reviews and lists of invited clients go to the listing that stays, and its figures are reckoned again."""
    for model in (Review, InviteBatch):
        _point(model, model.listing_id == gone.id, listing_id=into.id)
    for number in (gone.id, into.id):
        recompute_ratings(number)
    raise_revisions(REVIEWS)


def move_replies(sender: type[Provider], *, gone: Provider, into: Provider, now: datetime) -> None:
    """Replies are the provider's that stays."""
    _point(Reply, Reply.provider_id == gone.id, provider_id=into.id)


def _point(model: Any, which: Any, **values: int) -> None:
    db.session.flush()
    db.session.execute(
        update(model).where(which).values(**values).execution_options(synchronize_session="fetch")
    )
