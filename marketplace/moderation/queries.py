"""The queue: everything that waits for a moderator, oldest first, and the decisions made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Integer,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from marketplace.accounts.models import User
from marketplace.errors import NotFound
from marketplace.extensions import db
from marketplace.listings.models import Listing, ListingEdit
from marketplace.listings.provider_models import Provider, ProviderClaim, ProviderEdit
from marketplace.moderation.models import SUBJECTS, Decision
from marketplace.reviews.models import Reply, Review

PAGE_SIZE = 20
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row of the queue. `topic_id` is None for a provider's matters, `rating` for all but reviews."""

    kind: str
    id: int
    since: datetime
    provider_id: int
    provider_name: str
    provider_status: str
    topic_id: int | None
    rating: int | None

    @property
    def place(self) -> str:
        """Where it stands in the queue, as an address carries it."""
        return place_of(self.since, self.kind, self.id)


@dataclass(frozen=True, slots=True)
class QueueCount:
    """How much waits, and since when."""

    total: int
    oldest: datetime | None


def place_of(since: datetime, kind: str, subject_id: int) -> str:
    """A place in the queue as text: microseconds since 1970, kind, id."""
    return f"{(since - EPOCH) // timedelta(microseconds=1)}-{kind}-{subject_id}"


def read_place(text: str) -> tuple[datetime, str, int]:
    """A place from an address. Raises `NotFound` for what is none."""
    moment, _, rest = text.partition("-")
    kind, _, number = rest.partition("-")
    if kind not in SUBJECTS or not all(part.isascii() and part.isdigit() for part in (moment, number)):
        raise NotFound
    if len(moment) > 16 or len(number) > 9:
        raise NotFound
    return EPOCH + timedelta(microseconds=int(moment)), kind, int(number)


def waiting(*, after: str | None = None, limit: int = PAGE_SIZE) -> list[Waiting]:
    """What waits, oldest first, from the start or after a place. Raises `NotFound` for a place that is none."""
    queue = _queue().subquery()
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
        )
        .join(Provider, Provider.id == queue.c.provider_id)
        .order_by(queue.c.since, queue.c.kind, queue.c.id)
        .limit(limit)
    )
    if after is not None:
        since, kind, number = read_place(after)
        query = query.where(
            or_(
                queue.c.since > since,
                and_(queue.c.since == since, queue.c.kind > kind),
                and_(queue.c.since == since, queue.c.kind == kind, queue.c.id > number),
            )
        )
    return [Waiting(*row) for row in db.session.execute(query)]


def queue_count() -> QueueCount:
    """How much waits in all, and the oldest's moment."""
    queue = _queue().subquery()
    return QueueCount(
        *db.session.execute(select(func.count(), func.min(queue.c.since)).select_from(queue)).one()
    )


def _queue() -> CompoundSelect[Any]:
    no_number = cast(null(), Integer)
    return union_all(
        _waiting_rows(
            "listing", Listing, Listing.submitted_at, Listing.provider_id, Listing.topic_id, no_number
        ),
        _waiting_rows(
            "listing_edit",
            ListingEdit,
            ListingEdit.submitted_at,
            Listing.provider_id,
            Listing.topic_id,
            no_number,
            number=ListingEdit.listing_id,
        ).join(Listing, Listing.id == ListingEdit.listing_id),
        _waiting_rows("provider", Provider, Provider.created_at, Provider.id, no_number, no_number),
        _waiting_rows(
            "provider_edit",
            ProviderEdit,
            ProviderEdit.submitted_at,
            ProviderEdit.provider_id,
            no_number,
            no_number,
            number=ProviderEdit.provider_id,
        ),
        _waiting_rows(
            "claim",
            ProviderClaim,
            ProviderClaim.submitted_at,
            ProviderClaim.provider_id,
            no_number,
            no_number,
        ),
        _waiting_rows(
            "review", Review, Review.submitted_at, Listing.provider_id, Listing.topic_id, Review.rating
        ).join(Listing, Listing.id == Review.listing_id),
        # While its review is out of sight a reply has nothing to stand under: it waits for that to change.
        _waiting_rows("reply", Reply, Reply.submitted_at, Reply.provider_id, Listing.topic_id, no_number)
        .join(Review, (Review.id == Reply.review_id) & (Review.status == "published"))
        .join(Listing, Listing.id == Review.listing_id),
    )


def _waiting_rows(
    kind: str, model: Any, since: Any, provider_id: Any, topic_id: Any, rating: Any, *, number: Any = None
) -> Select[Any]:
    return (
        select(
            literal(kind).label("kind"),
            (model.id if number is None else number).label("id"),
            since.label("since"),
            provider_id.label("provider_id"),
            topic_id.label("topic_id"),
            rating.label("rating"),
        )
        .select_from(model)
        .where(model.status == "pending")
    )


def decisions(*, before: int | None = None, limit: int = 50) -> Sequence[Any]:
    """The decisions made, newest first, from the start or before an id: (id, subject, subject_id, action, ground,
    statement, decided_at, actor_name, provider_name)."""
    offer, reviewed = aliased(Listing), aliased(Listing)
    provider_id = case(
        (Decision.subject.in_(("provider", "provider_edit")), Decision.subject_id),
        else_=func.coalesce(
            offer.provider_id, ProviderClaim.provider_id, reviewed.provider_id, Reply.provider_id
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
            User.name.label("actor_name"),
            Provider.name.label("provider_name"),
        )
        .outerjoin(User, User.id == Decision.actor_id)
        .outerjoin(
            offer, (Decision.subject_id == offer.id) & Decision.subject.in_(("listing", "listing_edit"))
        )
        .outerjoin(ProviderClaim, (Decision.subject_id == ProviderClaim.id) & (Decision.subject == "claim"))
        .outerjoin(Review, (Decision.subject_id == Review.id) & (Decision.subject == "review"))
        .outerjoin(reviewed, reviewed.id == Review.listing_id)
        .outerjoin(Reply, (Decision.subject_id == Reply.id) & (Decision.subject == "reply"))
        .outerjoin(Provider, Provider.id == provider_id)
        .order_by(Decision.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(Decision.id < before)
    return db.session.execute(query).all()
