"""The records of both parties, and the history of a subject."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from marketplace.listings.models import Listing, ListingStatus
from marketplace.moderation.decisions.registry import kinds
from marketplace.moderation.decisions.subjects import Subject
from marketplace.moderation.models import ActionName, Decision, DecisionState
from marketplace.providers.models import Provider
from marketplace.reviews.models import Review


@dataclass(frozen=True, slots=True)
class AuthorRecord:
    """A person's record: member since, and their reviews by what became of them."""

    since: datetime
    published: int
    rejected: int


@dataclass(frozen=True, slots=True)
class ProviderRecord:
    """A provider's record. `against` counts rejections, suspensions and warnings, the last of them at `last_against`."""

    since: datetime
    status: str
    listings: int
    counted_reviews: int
    against: int
    last_against: datetime | None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a subject: `code` is `account`, `confirmed`, `sent`, or a decision's action; in a review's
    history, decisions on its edits are `edit_publish` and `edit_reject`."""

    at: datetime
    code: str
    who: str = ""
    ground: str | None = None


def author_record(author: User) -> AuthorRecord:
    """The record of a review's author or a claimant."""
    rows = db.session.execute(
        select(Review.status, func.count(Review.id))
        .where(Review.user_id == author.id)
        .group_by(Review.status)
    )
    found = {status: count for status, count in rows}
    return AuthorRecord(author.created_at, found.get("published", 0), found.get("rejected", 0))


def provider_record(provider: Provider) -> ProviderRecord:
    """The record of a provider."""
    listings, counted = db.session.execute(
        select(func.count(Listing.id), func.coalesce(func.sum(Listing.review_count), 0)).where(
            Listing.provider_id == provider.id, Listing.status == ListingStatus.PUBLISHED
        )
    ).one()
    rejections = [
        and_(Decision.subject == kind.kind, Decision.subject_id.in_(kind.ids_of_provider(provider.id)))
        for kind in kinds()
        if kind.is_counted_against
    ]
    against, last = db.session.execute(
        select(func.count(Decision.id), func.max(Decision.decided_at)).where(
            Decision.action.in_((ActionName.REJECT, ActionName.SUSPEND, ActionName.WARN)),
            Decision.state == DecisionState.EFFECTIVE,
            or_(*rejections),
        )
    ).one()
    return ProviderRecord(provider.created_at, provider.status, listings, int(counted), against, last)


def history(subject: Subject[Any]) -> list[Event]:
    """What happened to a subject, oldest first. Events of one moment keep the order in which they are listed here."""
    events = []
    if subject.author is not None:
        events.append(Event(subject.author.created_at, "account"))
        if subject.author.confirmed_at is not None:
            events.append(Event(subject.author.confirmed_at, "confirmed"))
    if subject.was_sent:
        events.append(Event(subject.since, "sent"))
    events += [
        Event(row.decided_at, _code(subject, row), row.name or "", row.ground)
        for row in _decisions_on(subject)
    ]
    return sorted(events, key=lambda event: event.at)


def _code(subject: Subject[Any], row: Any) -> str:
    is_of_edit = row.subject != subject.kind and row.action in (ActionName.PUBLISH, ActionName.REJECT)
    return f"edit_{row.action}" if is_of_edit else str(row.action)


def _decisions_on(subject: Subject[Any]) -> Sequence[Any]:
    of_kinds = subject.history_kinds or (subject.kind,)
    return db.session.execute(
        select(Decision.subject, Decision.action, Decision.ground, Decision.decided_at, User.name)
        .outerjoin(User, User.id == Decision.actor_id)
        .where(
            Decision.subject.in_(of_kinds),
            Decision.subject_id == subject.id,
            Decision.state != DecisionState.LAPSED,
        )
        .order_by(Decision.id)
    ).all()
