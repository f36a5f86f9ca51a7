"""Seeds the invented members, providers, listings and reviews of `marketplace demo`; adds only what is missing."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_security.utils import hash_password
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.accounts.terms import NEWEST
from marketplace.core.extensions import db
from marketplace.core.revisions import REVIEWS, SITE, raise_offers_revision, raise_revisions
from marketplace.guides.models import Topic
from marketplace.guides.services import raise_topic_revisions
from marketplace.listings.importing.csv_terms import TERM_COLUMNS, read_terms
from marketplace.listings.models import Listing, ListingStatus
from marketplace.listings.revisions import invalidate_provider_pages
from marketplace.listings.services import listing_for
from marketplace.listings.terms import OfferTerms, write_terms
from marketplace.moderation.decisions.log import add_decision
from marketplace.moderation.models import Decision, Flag
from marketplace.providers.models import Provider, ProviderMember, ProviderStatus
from marketplace.providers.profiles import new_provider
from marketplace.providers.registration import free_slug
from marketplace.providers.websites import read_website
from marketplace.reviews.models import Review, ReviewStatus
from marketplace.reviews.ratings.services import recompute_ratings
from marketplace.reviews.replies.models import Reply, ReplyStatus
from marketplace.reviews.risk.services import assess
from marketplace.reviews.votes.models import ReviewVote
from marketplace.samples import DemoData, DemoListing, DemoMember, DemoProvider, DemoReview
from marketplace.values.amounts import to_minor

LISTED_DAYS = 700
WAITING_DAYS = 3
REPLIED_AFTER = timedelta(days=2)
REPORTED_AGO = timedelta(hours=5)
PASSWORD = "marketplace-demo"  # noqa: S105  (printed by the command; production refuses the demo)


@dataclass(slots=True)
class Seeded:
    """The numbers of rows added."""

    members: int = 0
    providers: int = 0
    listings: int = 0
    reviews: int = 0


def seed(data: DemoData, now: datetime) -> Seeded:
    """Add the missing demo data, in the caller's transaction. Ages are relative to `now`."""
    seeded = Seeded()
    members = {member.email: _member(member, now, seeded) for member in data.members}
    providers = {provider.name: _provider(provider, members, now, seeded) for provider in data.providers}
    topics = {topic.key: topic for topic in db.session.scalars(select(Topic))}
    moderator = next(members[m.email] for m in data.members if m.role == "moderator")
    listings = {}
    for entry in data.listings:
        listing = _listing(entry, providers[entry.provider], topics[entry.topic], moderator, now, seeded)
        listings[entry.provider, entry.topic] = listing
    for written in data.reviews:
        listing = listings[written.provider, written.topic]
        review = _review(written, listing, members[written.author], moderator, now)
        if review is not None:
            _seed_answers(written, review, members, now)
            seeded.reviews += 1
    db.session.flush()
    if seeded.listings or seeded.reviews:
        for listing in listings.values():
            recompute_ratings(listing.id)
        raise_topic_revisions({listing.topic_id for listing in listings.values()})
        invalidate_provider_pages({listing.topic_id for listing in listings.values()})
        raise_offers_revision({listing.topic.country for listing in listings.values()})
    raise_revisions(SITE, REVIEWS)
    return seeded


def _ago(now: datetime, days: int) -> datetime:
    return now - timedelta(days=days)


def _member(entry: DemoMember, now: datetime, seeded: Seeded) -> User:
    user = db.session.scalar(select(User).where(User.email == entry.email))
    if user is None:
        joined = _ago(now, entry.joined_days_ago)
        user = User(
            email=entry.email,
            name=entry.shown_name,
            language=entry.language,
            role=entry.role or "member",
            password=hash_password(PASSWORD) if entry.sign_in else None,
            active=True,
            fs_uniquifier=secrets.token_hex(16),
            confirmed_at=joined,
            created_at=joined,
            terms_version=NEWEST.name,
        )
        db.session.add(user)
        db.session.flush()
        seeded.members += 1
    return user


def _provider(entry: DemoProvider, members: dict[str, User], now: datetime, seeded: Seeded) -> Provider:
    website = read_website(entry.website)
    provider = db.session.scalar(select(Provider).where(Provider.host == website.host))
    if provider is None:
        listed = _ago(now, WAITING_DAYS if entry.status == ProviderStatus.PENDING else LISTED_DAYS)
        provider = new_provider(
            entry.name,
            website,
            slug=free_slug(entry.name),
            status=entry.status,
            now=listed,
            description=entry.description,
            languages=list(entry.languages),
            countries=list(entry.countries),
            lawful_at=listed if entry.trader else None,
            **entry.trader,
        )
        db.session.add(provider)
        db.session.flush()
        seeded.providers += 1
        if entry.member:
            user_id = members[entry.member].id
            db.session.add(
                ProviderMember(provider_id=provider.id, user_id=user_id, created_at=provider.created_at)
            )
    return provider


def _listing(
    entry: DemoListing, provider: Provider, topic: Topic, moderator: User, now: datetime, seeded: Seeded
) -> Listing:
    listing = listing_for(provider, topic.id)
    if listing is not None:
        return listing
    listed = _ago(now, entry.listed_days_ago)
    shown = entry.status in (ListingStatus.PUBLISHED, ListingStatus.PAUSED)
    confirmed = None if entry.confirmed_days_ago is None else _ago(now, entry.confirmed_days_ago)
    listing = Listing(
        provider_id=provider.id,
        topic_id=topic.id,
        status=entry.status,
        note=entry.statement,
        created_at=listed,
        submitted_at=None if entry.status == ListingStatus.DRAFT else listed,
        published_at=listed if shown else None,
        confirmed_at=(confirmed or listed) if shown else None,
    )
    write_terms(listing, _terms(entry))
    db.session.add(listing)
    db.session.flush()
    if entry.status == ListingStatus.REJECTED:
        _decide("listing", listing.id, entry.ground, entry.statement, moderator, listed)
    seeded.listings += 1
    return listing


def _terms(entry: DemoListing) -> OfferTerms:
    """A sample's values are those of a CSV line."""
    cells = {name: getattr(entry, name, None) for name in TERM_COLUMNS}
    spoken = {"languages": " ".join(entry.languages)}
    return read_terms(
        {name: "" if cell is None else str(cell) for name, cell in {**cells, **spoken}.items()}, OfferTerms()
    )


def _review(
    entry: DemoReview, listing: Listing, author: User, moderator: User, now: datetime
) -> Review | None:
    """Add a review; None if it exists already."""
    if db.session.scalar(
        select(Review.id).where(Review.listing_id == listing.id, Review.user_id == author.id)
    ):
        return None
    published = None if entry.published_days_ago is None else _ago(now, entry.published_days_ago)
    review = Review(
        listing_id=listing.id,
        user_id=author.id,
        rating=entry.rating,
        text=entry.text,
        language=entry.language,
        experience_on=_ago(now, entry.experience_days_ago).date(),
        real_cost=to_minor(entry.real_cost, entry.real_currency) if entry.real_cost else None,
        real_currency=entry.real_currency or None,
        real_time=entry.real_time,
        real_time_unit=entry.real_time_unit or None,
        outcome=entry.outcome,
        level=entry.level,
        status=entry.status,
        note=entry.statement,
        submitted_at=_ago(now, entry.submitted_days_ago),
        published_at=published,
    )
    db.session.add(review)
    db.session.flush()
    if entry.status == ReviewStatus.REJECTED:
        _decide("review", review.id, entry.ground, entry.statement, moderator, review.submitted_at)
    return review


def _decide(
    subject: str, subject_id: int, ground: str, statement: str, moderator: User, moment: datetime
) -> None:
    add_decision(
        Decision(
            subject=subject,
            subject_id=subject_id,
            version=1,
            action="reject",
            ground=ground,
            statement=statement,
            asked_by="author" if subject == "review" else "provider",
            actor_id=moderator.id,
            decided_at=moment,
            effective_at=moment,
        )
    )


def _seed_answers(entry: DemoReview, review: Review, members: Mapping[str, User], now: datetime) -> None:
    """Add the reply, votes and report of a new review, and assess its risk if it is pending. Flushes."""
    if entry.reply and review.published_at is not None:
        _reply(entry, review, review.published_at + REPLIED_AFTER)
    for email in entry.helpful_to:
        vote = ReviewVote(review_id=review.id, user_id=members[email].id, created_at=review.submitted_at)
        db.session.add(vote)
    review.helpful_count = len(entry.helpful_to)
    if entry.report:
        _report(entry, review, now - REPORTED_AGO)
    if review.status == ReviewStatus.PENDING:
        assess(review, network=None, now=review.submitted_at)
    db.session.flush()


def _reply(entry: DemoReview, review: Review, moment: datetime) -> None:
    members = review.listing.provider.members
    db.session.add(
        Reply(
            review_id=review.id,
            provider_id=review.listing.provider_id,
            user_id=members[0].user_id if members else None,
            text=entry.reply,
            shown_text=entry.reply,
            language=entry.reply_language,
            shown_language=entry.reply_language,
            status=ReplyStatus.PUBLISHED,
            submitted_at=moment,
            published_at=moment,
        )
    )


def _report(entry: DemoReview, review: Review, moment: datetime) -> None:
    db.session.add(
        Flag(
            subject="review",
            review_id=review.id,
            provider_id=review.listing.provider_id,
            email=entry.reported_by,
            language="en",
            reason="fake_or_bought",
            explanation=entry.report,
            created_at=moment,
            submitted_at=moment,
        )
    )
