"""What a moderator sees of the lists of clients that an invited review comes from: their size, period and answers, the
pattern of the ratings, and every other review that came of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from marketplace.core.extensions import now
from marketplace.reviews.labels import STATUS_LABELS
from marketplace.reviews.models import ProofLevel, Review, ReviewStatus
from marketplace.reviews.risk.queries import lists_of, reviews_of_lists


@dataclass(frozen=True, slots=True)
class ListRow:
    """A list of clients: its period, how many were invited, and how many of them wrote."""

    period_from: date
    period_to: date
    created_at: datetime
    listed: int
    answered: int


@dataclass(frozen=True, slots=True)
class InvitedReviews:
    """The lists of a listing of the last year, and the reviews that came of them, oldest first. `stars` are how many give
    five stars, four and so on; of the addresses, `odd` are like the provider's own or of one mailbox, `free_mail` of free
    services, both None where nothing is known."""

    listing_id: int
    lists: Sequence[ListRow]
    reviews: Sequence[Any]
    stars: dict[int, int]
    odd: int | None
    free_mail: int | None

    @staticmethod
    def status_word(status: str) -> str:
        """A review's status in a word."""
        return str(STATUS_LABELS[ReviewStatus(status)])

    @property
    def waiting(self) -> list[Any]:
        """The reviews that wait for a moderator."""
        return [review for review in self.reviews if review.status == ReviewStatus.PENDING]


def invited_with(review: Review) -> InvitedReviews | None:
    """The lists of the review's listing, if it was written by invitation. Two queries, none for other reviews."""
    return invited_reviews(review.listing_id) if review.level == ProofLevel.INVITED else None


def invited_reviews(listing_id: int) -> InvitedReviews:
    """The lists of a listing, with their reviews."""
    batches = lists_of(listing_id, now())
    reviews = reviews_of_lists([batch.id for batch in batches])
    answers = [review.batch_id for review in reviews]
    known = [batch for batch in batches if batch.free_mail is not None]
    odd = [
        number or 0
        for batch in known
        for number in (batch.near_members, batch.own_domain, batch.same_mailbox)
    ]
    return InvitedReviews(
        listing_id,
        [
            ListRow(
                batch.period_from,
                batch.period_to,
                batch.created_at,
                batch.listed or 0,
                answers.count(batch.id),
            )
            for batch in batches
        ],
        reviews,
        {stars: sum(review.rating == stars for review in reviews) for stars in (5, 4, 3, 2, 1)},
        sum(odd) if known else None,
        sum(batch.free_mail or 0 for batch in known) if known else None,
    )
