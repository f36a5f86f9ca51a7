"""Things that wait for a moderator, one of each kind, for tests. Making one commits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from marketplace.listings.models import Listing, ListingEdit
from marketplace.moderation.decisions.registry import kinds
from marketplace.moderation.models import Appeal, Decision, Flag
from marketplace.providers.models import Provider, ProviderClaim, ProviderEdit
from marketplace.reviews.models import Review, ReviewEdit
from marketplace.reviews.replies.models import Reply
from tests.factories import NOON, make_listing, make_provider, make_reply, make_review, make_topic, make_user
from tests.moderation.deciding import KINDS, STATEMENT, subject_of

NEW_TEXT = "They answered most questions, and the card came two weeks later than they said."
APPEAL = "You took it for another office, but it is this one that I write about."
EXPLANATION = "The same words stand below three other providers, from the same week."
SERVICE = "We fill in the application and stay with you until the card is there."


def waiting_listing(owner: User | None = None, **values: Any) -> Listing:
    return _add(make_listing(make_topic(), make_provider(owner or make_user()), status="pending", **values))


def waiting_edit(owner: User | None = None, **values: Any) -> ListingEdit:
    listing = make_listing(make_topic(), make_provider(owner or make_user()))
    terms = {
        "service": SERVICE,
        "cost_basis": "range",
        "fee_min": 300000,
        "fee_max": 480000,
        "currency": "MXN",
    }
    return _add(ListingEdit(listing_id=listing.id, **{**terms, "version": 2, "submitted_at": NOON, **values}))


def waiting_provider(owner: User | None = None, **values: Any) -> Provider:
    return _add(make_provider(owner or make_user(), status="pending", **values))


def waiting_profile(owner: User | None = None, **values: Any) -> ProviderEdit:
    provider = make_provider(owner or make_user())
    profile = {"name": "Another name", "website": "https://another.example/", "description": "We do more."}
    return _add(
        ProviderEdit(provider_id=provider.id, **{**profile, "version": 2, "submitted_at": NOON, **values})
    )


def waiting_claim(claimant: User | None = None, **values: Any) -> ProviderClaim:
    provider = make_provider(status="unclaimed")
    return _add(
        ProviderClaim(
            provider_id=provider.id, user_id=(claimant or make_user()).id, **{"submitted_at": NOON, **values}
        )
    )


def waiting_review(author: User | None = None, owner: User | None = None, **values: Any) -> Review:
    listing = make_listing(make_topic(), make_provider(owner or make_user()))
    fresh = {"status": "pending", "level": "unverified", "published_at": None}
    return _add(make_review(listing, author or make_user(), **{**fresh, **values}))


def waiting_review_edit(author: User | None = None, owner: User | None = None, **values: Any) -> ReviewEdit:
    listing = make_listing(make_topic(), make_provider(owner or make_user()))
    review = make_review(listing, author or make_user())
    told = {"rating": 3, "text": NEW_TEXT, "language": "en", "experience_on": review.experience_on}
    return _add(ReviewEdit(review=review, **{**told, "version": 2, "submitted_at": NOON, **values}))


def waiting_reply(owner: User | None = None, author: User | None = None, **values: Any) -> Reply:
    listing = make_listing(make_topic(), make_provider(owner or make_user()))
    fresh = {"status": "pending", "published_at": None}
    return _add(make_reply(make_review(listing, author), **{**fresh, **values}))


def waiting_flag(author: User | None = None, owner: User | None = None, **values: Any) -> Flag:
    listing = make_listing(make_topic(), make_provider(owner or make_user()))
    review = make_review(listing, author or make_user())
    told = {
        "reason": "fake_or_bought",
        "explanation": EXPLANATION,
        "language": "en",
        "email": "reader@one.example",
    }
    thing = {"subject": "review", "review_id": review.id, "provider_id": listing.provider_id}
    return _add(Flag(**{**told, **thing, "created_at": NOON, "submitted_at": NOON, **values}))


def waiting_appeal(author: User | None = None, owner: User | None = None, **values: Any) -> Appeal:
    review = waiting_review(author, owner, status="rejected", note=STATEMENT)
    decision = _add(
        Decision(
            subject="review",
            subject_id=review.id,
            version=1,
            action="reject",
            ground="about_something_else",
            statement=STATEMENT,
            asked_by="author",
            actor_id=make_user("moderator").id,
            decided_at=NOON,
        )
    )
    listing = {"listing_id": review.listing_id, "provider_id": review.listing.provider_id}
    told = {"user_id": review.user_id, "text": APPEAL, "language": "en", "submitted_at": NOON}
    return _add(Appeal(decision_id=decision.id, **listing, **{**told, **values}))


MAKERS: dict[str, Callable[..., Any]] = {
    "listing": waiting_listing,
    "listing_edit": waiting_edit,
    "provider": waiting_provider,
    "provider_edit": waiting_profile,
    "claim": waiting_claim,
    "review": waiting_review,
    "review_edit": waiting_review_edit,
    "reply": waiting_reply,
    "flag": waiting_flag,
    "appeal": waiting_appeal,
}
assert set(MAKERS) == set(KINDS)
# What waits to be published or rejected.
TO_PUBLISH = tuple(kind.kind for kind in kinds() if "publish" in kind.actions)


def id_of(kind: str, row: Any) -> int:
    """The id that a decision names it by."""
    return subject_of(kind, row).id


def wait_longer(row: Any, hours: int) -> None:
    """Put the moment at which it was sent back."""
    name = "created_at" if isinstance(row, Provider) else "submitted_at"
    setattr(row, name, NOON - timedelta(hours=hours))
    db.session.flush()


def _add(row: Any) -> Any:
    db.session.add(row)
    db.session.commit()
    return row
