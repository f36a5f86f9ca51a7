"""The members, reviews, replies and votes of `marketplace seed`.

Every level is there that needs no record of its own beside the review: unverified, confirmed and documented ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from marketplace.accounts.terms import NEWEST
from marketplace.commands.seed_plan import Plan, mixed
from marketplace.listings.terms import OfferTerms
from marketplace.reviews.models import COUNTED_LEVELS, ProofLevel, ReviewStatus
from marketplace.reviews.ratings.queries import Published
from marketplace.reviews.ratings.rules import Reports
from marketplace.reviews.replies.models import ReplyStatus

FIRST_NAMES = (
    "Ana",
    "Tom",
    "Lucía",
    "Ines",
    "Marek",
    "Yuki",
    "Aisha",
    "Paul",
    "Sofia",
    "Liam",
    "Noor",
    "Greta",
)
OPENINGS = (
    "They answered every question on the same day.",
    "The first appointment was moved twice, and nobody rang me.",
    "I sent the papers by post and heard nothing for a week.",
    "Everything went as they had said it would.",
    "The office asked for one more copy, and they brought it themselves.",
    "My case was not simple, since my birth record is from two countries.",
    "A friend had used them before.",
)
MIDDLES = (
    "The list of documents was complete and in the right order.",
    "They spoke to the clerk for me and explained each form.",
    "One translation had to be done again, at their cost.",
    "It took longer than the page says, because of a holiday.",
    "They told me beforehand which fee goes to the office.",
    "The invoice came with the card.",
    "I could follow on their site what was done and what was still missing.",
    "I had to ask three times for a receipt.",
)
ENDINGS = (
    "I would go there again.",
    "Next time I would begin a month earlier.",
    "For this price I had expected a little more.",
    "The card arrived on the day they had named.",
    "Ask for the quote in writing.",
)
REPLY = "Thank you for writing. We have put what you missed on the first page of our checklist."
RATINGS = (5, 4, 5, 3, 5, 4, 1, 5, 4, 2)
LEVELS = (
    *(ProofLevel.UNVERIFIED,) * 2,
    *(ProofLevel.CONFIRMED,) * 3,
    *(ProofLevel.DOCUMENTED,) * 5,
)
YEARS = timedelta(days=3 * 365)
LATEST = timedelta(days=2)
WAITED = 40  # hours until a review is published, at most
REPLIED_AFTER = timedelta(days=1)
REPLY_EVERY, VOTES_EVERY, MOST_VOTES = 20, 10, 3
JOINED = timedelta(days=1_200)
USER_COLUMNS = (
    *(
        "id",
        "email",
        "name",
        "language",
        "role",
        "password",
        "active",
        "fs_uniquifier",
        "confirmed_at",
        "created_at",
    ),
    "terms_version",
)
REVIEW_COLUMNS = (
    *(
        "id",
        "listing_id",
        "user_id",
        "rating",
        "text",
        "language",
        "experience_on",
        "real_cost",
        "real_currency",
    ),
    *("real_time", "real_time_unit", "level", "status", "submitted_at", "published_at", "helpful_count"),
)
REPLY_COLUMNS = (
    *("review_id", "provider_id", "user_id", "text", "shown_text", "language", "shown_language", "status"),
    *("submitted_at", "published_at"),
)
VOTE_COLUMNS = ("review_id", "user_id", "created_at")


class SeedReview(NamedTuple):
    """What a review says of a listing with these terms, and when."""

    rating: int
    level: str
    submitted_at: datetime
    published_at: datetime | None
    cost: int | None
    time: int | None
    currency: str | None
    unit: str | None

    @classmethod
    def of(cls, plan: Plan, review: int, terms: OfferTerms, moment: datetime) -> SeedReview:
        """The review of this number: the first is the oldest."""
        chance = mixed(review)
        submitted = moment - LATEST - YEARS * ((plan.reviews - review - 1) / plan.reviews)
        waits = review >= plan.reviews - plan.waiting
        priced = terms.fee_min is not None and terms.cost_basis != "hourly" and chance % 5 > 0
        timed = terms.time_min is not None and chance % 7 > 0
        return cls(
            rating=RATINGS[chance % len(RATINGS)],
            level=LEVELS[mixed(review, 1) % len(LEVELS)],
            submitted_at=submitted,
            published_at=None if waits else submitted + timedelta(hours=chance % WAITED),
            cost=(terms.fee_min or 0) * (85 + chance % 40) // 100 if priced else None,
            time=max(1, (terms.time_min or 0) - 1 + chance % 9) if timed else None,
            currency=terms.currency if priced else None,
            unit=terms.time_unit if timed else None,
        )

    @property
    def experience_on(self) -> Any:
        """When the author used the service."""
        return (self.submitted_at - timedelta(days=20)).date()


def published(reviews: Iterable[SeedReview]) -> Published:
    """What the database would count of a listing's reviews."""
    found, uncounted, reporting = Published(), 0, 0
    for review in reviews:
        if review.published_at is None:
            continue
        if review.level not in COUNTED_LEVELS:
            uncounted += 1
            continue
        found.counted[review.published_at.date(), review.rating, False] += 1
        reporting += review.cost is not None or review.time is not None
        if review.cost is not None and review.currency is not None:
            found.reports.costs[review.experience_on, review.cost, review.currency, False] += 1
        if review.time is not None and review.unit is not None:
            found.reports.times[review.experience_on, review.time, review.unit, False] += 1
    reports = Reports(found.reports.costs, found.reports.times, reporting)
    return Published(found.counted, reports, uncounted)


def text_of(review: int) -> str:
    """What the author wrote."""
    chance = mixed(review, 2)
    parts = (
        OPENINGS[chance % 7],
        MIDDLES[chance // 7 % 8],
        MIDDLES[chance // 56 % 8],
        ENDINGS[chance // 448 % 5],
    )
    return " ".join(parts)


def user_rows(plan: Plan, password: str, moment: datetime) -> Iterator[tuple[Any, ...]]:
    """The rows of members, as `USER_COLUMNS` says: those of the providers, the authors, and at the end a moderator."""
    joined = moment - JOINED
    last = plan.providers + plan.authors
    for member in range(last + 1):
        role = "member" if member < last else "moderator"
        owner = member < plan.providers
        email = f"office@seed{member + 1}.example" if owner else f"{role}{member + 1}@example.com"
        name = FIRST_NAMES[mixed(member) % len(FIRST_NAMES)]
        key = hashlib.sha256(f"seed {member}".encode()).hexdigest()
        language = "en" if member % 3 else "es"
        yield (
            *(plan.member_id(member), email, name, language, role, password, True, key[:32], joined, joined),
            NEWEST.name,
        )


@dataclass(frozen=True)
class Reviews:
    """The rows of reviews and of what people do with them, with ages relative to a moment; `terms_of` are the terms of a
    listing by its number."""

    plan: Plan
    moment: datetime
    terms_of: Callable[[Plan, int], OfferTerms]

    def reviews(self) -> Iterator[tuple[Any, ...]]:
        """The rows of reviews, as `REVIEW_COLUMNS` says."""
        for review in range(self.plan.reviews):
            listing = self.plan.listing_of(review)
            told = SeedReview.of(self.plan, review, self.terms_of(self.plan, listing), self.moment)
            status = ReviewStatus.PENDING if told.published_at is None else ReviewStatus.PUBLISHED
            author = self.plan.member_id(self.plan.author_of(review))
            yield (
                *(review + 1, listing + 1, author, told.rating, text_of(review), "en", told.experience_on),
                *(told.cost, told.currency, told.time, told.unit, told.level, status),
                *(told.submitted_at, told.published_at, len(self._voters(review))),
            )

    def replies(self) -> Iterator[tuple[Any, ...]]:
        """The rows of replies, as `REPLY_COLUMNS` says."""
        for review in range(0, self.plan.reviews - self.plan.waiting, REPLY_EVERY):
            listing = self.plan.listing_of(review)
            provider = self.plan.provider_of(listing)
            told = SeedReview.of(self.plan, review, self.terms_of(self.plan, listing), self.moment)
            at = (told.published_at or self.moment) + REPLIED_AFTER
            member = self.plan.member_id(provider)
            yield review + 1, provider + 1, member, REPLY, REPLY, "en", "en", ReplyStatus.PUBLISHED, at, at

    def votes(self) -> Iterator[tuple[Any, ...]]:
        """The rows of helpful votes, as `VOTE_COLUMNS` says."""
        for review in range(0, self.plan.reviews, VOTES_EVERY):
            for voter in self._voters(review):
                yield review + 1, self.plan.member_id(voter), self.moment - LATEST

    def _voters(self, review: int) -> list[int]:
        """The members who found a review helpful: the authors after its own."""
        if review % VOTES_EVERY or review >= self.plan.reviews - self.plan.waiting:
            return []
        count = min(1 + review // VOTES_EVERY % MOST_VOTES, self.plan.authors - 1)
        return [self.plan.providers + (review + 1 + step) % self.plan.authors for step in range(count)]
