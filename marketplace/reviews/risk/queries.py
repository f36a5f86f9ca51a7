"""What the risk of a review is judged by: the list it comes from, what is usual on the site, and who was seen where."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, select, union

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.providers.models import ProviderMember
from marketplace.reviews.invitations.models import Invite, InviteBatch
from marketplace.reviews.models import ProofLevel, Review, ReviewStatus
from marketplace.reviews.risk.lists import TOP_RATING, Usual
from marketplace.reviews.risk.models import NetworkSighting
from marketplace.reviews.risk.networks import KEPT_FOR

# What is usual in ratings: the latest published reviews, so that the whole table is never read.
LATEST = 1000
WAVE = timedelta(days=7)
YEAR = timedelta(days=365)


def how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """The number of rows for which a condition holds."""
    return total(case((condition, 1), else_=0))


def total(column: Any) -> ColumnElement[int]:
    """The sum of a column, 0 where there is nothing."""
    return func.coalesce(func.sum(column), 0)


def invitation_of(review_id: int) -> Any:
    """The invitation that a review was written with: its list's batch_id, and sent_at; None without one."""
    return db.session.execute(
        select(Invite.batch_id, Invite.sent_at).where(Invite.review_id == review_id)
    ).first()


def lists_of(listing_id: int, now: datetime) -> Sequence[InviteBatch]:
    """The lists of clients of a listing of the last year, the latest first."""
    query = select(InviteBatch).where(
        InviteBatch.listing_id == listing_id, InviteBatch.created_at > now - YEAR
    )
    return db.session.scalars(query.order_by(InviteBatch.period_to.desc(), InviteBatch.id.desc())).all()


def reviews_of_lists(batch_ids: Collection[int]) -> Sequence[Any]:
    """The reviews that came of these lists and were not withdrawn, oldest first: batch_id, id, version, user_id, email,
    status, level, rating, text, language, risk, risk_reasons and submitted_at."""
    columns = (
        "id",
        "version",
        "user_id",
        "status",
        "level",
        "rating",
        "text",
        "language",
        "risk",
        "risk_reasons",
    )
    return db.session.execute(
        select(Invite.batch_id, *(getattr(Review, name) for name in columns), Review.submitted_at, User.email)
        .join(Invite, Invite.review_id == Review.id)
        .outerjoin(User, User.id == Review.user_id)
        .where(Invite.batch_id.in_(batch_ids), Review.status != ReviewStatus.WITHDRAWN)
        .order_by(Review.submitted_at, Review.id)
    ).all()


def usual_elsewhere(provider_id: int) -> Usual:
    """What the site has seen of other providers. Three queries, of listings, lists and the latest published reviews."""
    others = Listing.provider_id != provider_id
    lists, listed, days, answered = db.session.execute(
        select(
            func.count(Listing.id),
            total(Listing.invited_count),
            total(Listing.invited_days),
            total(Listing.answered_count),
        ).where(Listing.invited_count > 0, others)
    ).one()
    free, of = db.session.execute(
        select(total(InviteBatch.free_mail), total(InviteBatch.listed))
        .join(Listing, Listing.id == InviteBatch.listing_id)
        .where(InviteBatch.free_mail.is_not(None), others)
    ).one()
    latest = (
        select(Review.rating)
        .join(Listing, Listing.id == Review.listing_id)
        .where(
            Review.status == ReviewStatus.PUBLISHED,
            Review.level != ProofLevel.INVITED,
            others,
        )
        .order_by(Review.submitted_at.desc())
        .limit(LATEST)
        .subquery()
    )
    rated, top = db.session.execute(
        select(func.count(), how_many(latest.c.rating == TOP_RATING)).select_from(latest)
    ).one()
    return Usual(*map(int, (lists, listed, days, answered, free, of, rated, top)))


def mailed_lately(provider_id: int, now: datetime) -> int:
    """How many clients of a provider were sent an invitation in the last week."""
    query = (
        select(func.count(Invite.id))
        .join(InviteBatch, InviteBatch.id == Invite.batch_id)
        .join(Listing, Listing.id == InviteBatch.listing_id)
        .where(Listing.provider_id == provider_id, Invite.sent_at > now - WAVE)
    )
    return db.session.scalar(query) or 0


def member_addresses(provider_id: int) -> list[str]:
    """The addresses of all who manage a provider."""
    query = select(User.email).join(ProviderMember, ProviderMember.user_id == User.id)
    return list(db.session.scalars(query.where(ProviderMember.provider_id == provider_id)))


def networks_of(user_id: int | None) -> set[str]:
    """The networks that a member was seen in."""
    return set(db.session.scalars(select(NetworkSighting.network).where(NetworkSighting.user_id == user_id)))


def seen_in(
    networks: Collection[str], provider_id: int, *, apart_from: int | None, now: datetime
) -> tuple[int, int]:
    """How many others were seen in these networks, by what they did or the reviews they sent: authors of reviews of the
    provider, apart from one, and members of the provider."""
    people = union(
        select(NetworkSighting.user_id).where(NetworkSighting.network.in_(networks)),
        select(Review.user_id).where(Review.network.in_(networks), Review.submitted_at > now - KEPT_FOR),
    ).subquery()
    authors = (
        select(Review.user_id)
        .join(Listing, Listing.id == Review.listing_id)
        .where(Listing.provider_id == provider_id, Review.status != ReviewStatus.WITHDRAWN)
    )
    members = select(ProviderMember.user_id).where(ProviderMember.provider_id == provider_id)
    other = people.c.user_id.is_distinct_from(apart_from)
    row = db.session.execute(
        select(how_many(people.c.user_id.in_(authors) & other), how_many(people.c.user_id.in_(members)))
    ).one()
    return int(row[0]), int(row[1])
