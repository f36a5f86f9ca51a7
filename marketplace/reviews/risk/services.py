"""Assesses the risk of a review when it is sent, and forgets where it came from in time.

Four queries, whatever the size of the database. The author's address is never stored: a review's network is a keyed hash.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, select, update

from marketplace.core.extensions import db
from marketplace.core.extensions import now as current_time
from marketplace.core.jobs.queue import task
from marketplace.listings.models import Listing
from marketplace.providers.models import Provider, ProviderMember
from marketplace.reviews.models import ProofLevel, Review, ReviewEdit, ReviewStatus
from marketplace.reviews.risk.networks import ERASED_AFTER, KEPT_FOR, Network
from marketplace.reviews.risk.rules import EXTREMES, Risk, Signals, judge
from marketplace.reviews.risk.signatures import near_duplicates, remember_missing, remember_text
from marketplace.text.contact_hints import contact_hints
from marketplace.text.language import other_language
from marketplace.text.near_duplicates import signature_of

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
USUAL_OVER = timedelta(days=90)
FEWEST_USUAL_DAYS = 7
# A day: signing a text takes half a millisecond.
SIGNED_PER_RUN = 2000
# They come in waves that the provider's own mails cause.
UNCOUNTED_LEVELS = (ProofLevel.INVITED, ProofLevel.CONFIRMED)


def assess(review: Review | ReviewEdit, *, network: Network | None, now: datetime) -> Risk:
    """Assess a review or an edit that was just flushed: sets `risk` and `risk_reasons`, and of a review also its network
    and the signature of its text.

    An edit is not part of a rush of new reviews. The signature of its text is kept only once the edit is published
    (`signatures.remember_text`).
    """
    review_id = review.id if isinstance(review, Review) else review.review_id
    signature = signature_of(review.text)
    risk = judge(
        Signals(
            duplicates=near_duplicates(signature, apart_from=review_id),
            hints=tuple(sorted({*contact_hints(review.text), *contact_hints(review.outcome)})),
            said=review.language,
            written_in=other_language(review.text, review.language),
            **_author(review, review_id, now),
            **_network(review, review_id, network, now),
            **(_rush(review, now) if isinstance(review, Review) else {}),
        )
    )
    review.risk = risk.score
    review.risk_reasons = list(risk.reasons)
    if isinstance(review, Review):
        review.network = network.hash if network is not None else None
        remember_text(review_id, signature)
    db.session.flush()
    return risk


def _author(review: Review | ReviewEdit, review_id: int, now: datetime) -> dict[str, Any]:
    author = review.user
    if author is None:
        return {}
    count, lowest, highest = db.session.execute(
        select(func.count(Review.id), func.min(Review.rating), func.max(Review.rating)).where(
            Review.user_id == author.id, Review.id != review_id, Review.status != ReviewStatus.WITHDRAWN
        )
    ).one()
    extreme = lowest if lowest == highest and lowest in EXTREMES else None
    return {"account_age": now - author.created_at, "extreme": extreme, "extreme_count": count}


def _rush(review: Review, now: datetime) -> dict[str, Any]:
    if review.level in UNCOUNTED_LEVELS:
        return {}
    provider = review.listing.provider
    hour, day, all_of_them = db.session.execute(
        select(
            _how_many(Review.submitted_at > now - HOUR),
            _how_many(Review.submitted_at > now - DAY),
            func.count(Review.id),
        )
        .join(Listing, Listing.id == Review.listing_id)
        .where(
            Listing.provider_id == provider.id,
            Review.id != review.id,
            Review.level.not_in(UNCOUNTED_LEVELS),
            Review.submitted_at > now - USUAL_OVER,
        )
    ).one()
    return {
        "provider_hour": hour,
        "provider_day": day,
        "usual_day": (all_of_them - day) / _days_known(provider, now),
    }


def _days_known(provider: Provider, now: datetime) -> int:
    return max(FEWEST_USUAL_DAYS, min(USUAL_OVER.days, (now - provider.created_at).days) - DAY.days)


def _network(
    review: Review | ReviewEdit, review_id: int, network: Network | None, now: datetime
) -> dict[str, Any]:
    if network is None:
        return {}
    author_id = review.user.id if review.user is not None else None
    provider_id = review.listing.provider_id
    members = select(ProviderMember.user_id).where(ProviderMember.provider_id == provider_id)
    hour, day, same_provider, of_members = db.session.execute(
        select(
            _how_many(Review.submitted_at > now - HOUR),
            _how_many(Review.submitted_at > now - DAY),
            _how_many((Listing.provider_id == provider_id) & Review.user_id.is_distinct_from(author_id)),
            _how_many(Review.user_id.in_(members)),
        )
        .join(Listing, Listing.id == Review.listing_id)
        .where(
            Review.network.in_(network.hashes), Review.submitted_at > now - KEPT_FOR, Review.id != review_id
        )
    ).one()
    return {
        "network_hour": hour,
        "network_day": day,
        "network_same_provider": same_provider,
        "network_members": of_members,
    }


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


@task("reviews.networks", every=timedelta(days=1))
def forget_networks(payload: dict[str, Any]) -> None:
    """Delete the network of reviews before it is 30 days old."""
    old = (Review.network.is_not(None)) & (Review.submitted_at < current_time() - ERASED_AFTER)
    db.session.execute(
        update(Review).where(old).values(network=None).execution_options(synchronize_session=False)
    )


@task("reviews.signatures", every=timedelta(days=1))
def sign_texts(payload: dict[str, Any]) -> None:
    """Sign texts that have no signature of the current scheme."""
    remember_missing(SIGNED_PER_RUN)
