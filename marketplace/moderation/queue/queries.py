"""The queue: everything that waits for a moderator, by risk and age, and the decisions made."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    and_,
    case,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from marketplace.accounts.models import User
from marketplace.core.errors import NotFound
from marketplace.core.extensions import db, now
from marketplace.listings.models import Listing
from marketplace.moderation.decisions.subjects import Subject
from marketplace.moderation.models import SUBJECTS, Appeal, Decision, Flag
from marketplace.moderation.queue.priority import overdue_before, priority_column, priority_of
from marketplace.moderation.queue.rows import waiting_rows
from marketplace.providers.models import Provider, ProviderClaim
from marketplace.reviews.models import Review
from marketplace.reviews.replies.models import Reply

PAGE_SIZE = 20
PLACE = re.compile(
    "(?P<overdue>[0-9]{1,9})-(?P<priority>[0-3])-(?P<since>[0-9]{1,16})-(?P<kind>[a-z_]{1,20})-(?P<id>[0-9]{1,9})"
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in the queue. Whoever pages on carries `overdue` along: by it the priorities stay the same meanwhile, however
    time goes on. What rises in priority between two pages stands at the front when the queue is opened anew."""

    overdue: datetime
    priority: int
    since: datetime
    kind: str
    id: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row of the queue. `topic_id` is None for a provider's matters, `rating` for all but reviews and their edits.
    `overdue` is the moment by which priorities were told apart (`moderation.priority`)."""

    kind: str
    id: int
    since: datetime
    provider_id: int
    provider_name: str
    provider_status: str
    topic_id: int | None
    rating: int | None
    risk: int
    priority: int
    overdue: datetime

    @property
    def place(self) -> Place:
        """Where it stands in the queue."""
        return Place(self.overdue, self.priority, self.since, self.kind, self.id)


@dataclass(frozen=True, slots=True)
class QueueCount:
    """How much waits, and since when."""

    total: int
    oldest: datetime | None


def place_of(subject: Subject) -> Place:
    """The place of a subject in the queue now."""
    overdue = overdue_before(now())
    priority = priority_of(subject.since, getattr(subject.row, "risk", 0), overdue)
    return Place(overdue, priority, subject.since, subject.kind, subject.id)


def write_place(place: Place) -> str:
    """A place as an address carries it: minutes and microseconds count from 1970."""
    overdue = (place.overdue - EPOCH) // timedelta(minutes=1)
    since = (place.since - EPOCH) // timedelta(microseconds=1)
    return f"{overdue}-{place.priority}-{since}-{place.kind}-{place.id}"


def read_place(text: str) -> Place:
    """A place from an address. Raises `NotFound` for what is none."""
    found = PLACE.fullmatch(text)
    if found is None or found["kind"] not in SUBJECTS:
        raise NotFound
    return Place(
        EPOCH + timedelta(minutes=int(found["overdue"])),
        int(found["priority"]),
        EPOCH + timedelta(microseconds=int(found["since"])),
        found["kind"],
        int(found["id"]),
    )


def waiting(*, after: Place | None = None, limit: int = PAGE_SIZE, kind: str | None = None) -> list[Waiting]:
    """What waits, or of it what is of one kind, in the order of `moderation.priority`, from the start or after a place."""
    overdue = after.overdue if after is not None else overdue_before(now())
    queue = waiting_rows().subquery()
    priority = priority_column(queue.c.since, queue.c.risk, overdue)
    order = (priority, queue.c.since, queue.c.kind, queue.c.id)
    query = (
        select(
            queue.c.kind,
            queue.c.id,
            queue.c.since,
            Provider.id,
            Provider.name,
            Provider.status,
            queue.c.topic_id,
            queue.c.rating,
            queue.c.risk,
            priority,
        )
        .join(Provider, Provider.id == queue.c.provider_id)
        .order_by(*order)
        .limit(limit)
    )
    if kind is not None:
        query = query.where(queue.c.kind == kind)
    if after is not None:
        values = (after.priority, after.since, after.kind, after.id)
        query = query.where(
            or_(
                *(
                    and_(
                        *(order[equal] == values[equal] for equal in range(part)), order[part] > values[part]
                    )
                    for part in range(len(order))
                )
            )
        )
    rows: Sequence[Any] = db.session.execute(query).all()
    return [Waiting(*(*row, overdue)) for row in rows]


def queue_count() -> QueueCount:
    """How much waits in all, and the oldest's moment."""
    queue = waiting_rows().subquery()
    return QueueCount(
        *db.session.execute(select(func.count(), func.min(queue.c.since)).select_from(queue)).one()
    )


def appeal_count() -> int:
    """How many appeals wait."""
    query = select(func.count(Appeal.id)).where(Appeal.status == "pending")
    return db.session.scalar(query) or 0


def decisions_by_id(ids: Sequence[int]) -> Sequence[Decision]:
    """These decisions, oldest first."""
    return db.session.scalars(select(Decision).where(Decision.id.in_(ids)).order_by(Decision.id)).all()


def decisions(
    *, before: int | None = None, limit: int = 50, only: Sequence[int] | None = None
) -> Sequence[Any]:
    """The decisions made, newest first, from the start or before an id, or `only` those of some ids: (id, subject,
    subject_id, action, ground, statement, decided_at, undone, actor_name, provider_name)."""
    reverse = aliased(Decision)
    offer, reviewed = aliased(Listing), aliased(Listing)
    provider_id = case(
        (Decision.subject.in_(("provider", "provider_edit")), Decision.subject_id),
        else_=func.coalesce(
            offer.provider_id,
            ProviderClaim.provider_id,
            reviewed.provider_id,
            Reply.provider_id,
            Flag.provider_id,
            Appeal.provider_id,
        ),
    )
    query = (
        select(
            Decision.id,
            Decision.subject,
            Decision.subject_id,
            Decision.action,
            Decision.ground,
            Decision.statement,
            Decision.decided_at,
            reverse.id.is_not(None).label("undone"),
            User.name.label("actor_name"),
            Provider.name.label("provider_name"),
        )
        .outerjoin(User, User.id == Decision.actor_id)
        .outerjoin(reverse, reverse.reverses_id == Decision.id)
        .outerjoin(
            offer, (Decision.subject_id == offer.id) & Decision.subject.in_(("listing", "listing_edit"))
        )
        .outerjoin(ProviderClaim, (Decision.subject_id == ProviderClaim.id) & (Decision.subject == "claim"))
        .outerjoin(
            Review, (Decision.subject_id == Review.id) & Decision.subject.in_(("review", "review_edit"))
        )
        .outerjoin(reviewed, reviewed.id == Review.listing_id)
        .outerjoin(Reply, (Decision.subject_id == Reply.id) & (Decision.subject == "reply"))
        .outerjoin(Flag, (Decision.subject_id == Flag.id) & (Decision.subject == "flag"))
        .outerjoin(Appeal, (Decision.subject_id == Appeal.id) & (Decision.subject == "appeal"))
        .outerjoin(Provider, Provider.id == provider_id)
        .order_by(Decision.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(Decision.id < before)
    if only is not None:
        query = query.where(Decision.id.in_(only))
    return db.session.execute(query).all()
