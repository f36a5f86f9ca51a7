"""Assesses the risk of a review when it is sent, and forgets where it came from in time.

A dozen queries at most, whatever the size of the database. The author's address is never stored: a review's network is a
keyed hash. When a review comes of a list of clients, those of the listing's lists that wait are judged anew: ten reviews of
one hand look like nothing one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update

from marketplace.core.extensions import db
from marketplace.core.extensions import now as current_time
from marketplace.core.jobs.queue import task
from marketplace.core.waiting_edits import EditStatus
from marketplace.listings.models import Listing
from marketplace.providers.models import Provider
from marketplace.reviews.invitations.models import InviteBatch
from marketplace.reviews.models import ProofLevel, Review, ReviewEdit, ReviewStatus
from marketplace.reviews.risk import queries
from marketplace.reviews.risk.lists import LIST_CODES, TOP_RATING, InvitedList, Usual, list_reasons
from marketplace.reviews.risk.mailboxes import is_own_domain, mailbox_of, resembles
from marketplace.reviews.risk.models import NetworkSighting
from marketplace.reviews.risk.networks import ERASED_AFTER, Network
from marketplace.reviews.risk.queries import how_many
from marketplace.reviews.risk.rules import EXTREMES, Risk, Signals, judge, risk_of
from marketplace.reviews.risk.signatures import (
    alike_in_list,
    near_duplicates,
    remember_missing,
    remember_text,
    signatures_of,
)
from marketplace.text.contact_hints import contact_hints
from marketplace.text.language import other_language
from marketplace.text.near_duplicates import signature_of

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
USUAL_OVER = timedelta(days=90)
FEWEST_USUAL_DAYS = 7
# Whoever invites thousands gets no more room than this for reviews that come at once.
MOST_EXPECTED = 50
# A day: signing a text takes half a millisecond.
SIGNED_PER_RUN = 2000


def assess(review: Review | ReviewEdit, *, network: Network | None, now: datetime) -> Risk:
    """Assess a review or an edit that was just flushed: sets `risk` and `risk_reasons`, and of a review also its network
    and the signature of its text.

    An edit is not part of a rush of new reviews. The signature of its text is kept only once the edit is published
    (`signatures.remember_text`).
    """
    review_id = review.id if isinstance(review, Review) else review.review_id
    signature = signature_of(review.text)
    invitation = queries.invitation_of(review_id)
    mailed = queries.mailed_lately(review.listing.provider_id, now)
    usual = queries.usual_elsewhere(review.listing.provider_id) if invitation or mailed else Usual()
    risk = judge(
        Signals(
            duplicates=near_duplicates(signature, apart_from=review_id),
            hints=tuple(sorted({*contact_hints(review.text), *contact_hints(review.outcome)})),
            said=review.language,
            written_in=other_language(review.text, review.language),
            usual=usual,
            expected=min(MOST_EXPECTED, mailed * usual.answer_share),
            **_author(review, review_id, invitation and invitation.sent_at, now),
            **_network(review, review_id, network, now),
            **(_rush(review, now) if isinstance(review, Review) else {}),
        )
    )
    review.risk, review.risk_reasons = risk.score, list(risk.reasons)
    if isinstance(review, Review):
        review.network = network.hash if network is not None else None
        remember_text(review_id, signature)
    db.session.flush()
    if invitation is not None:
        _assess_lists(review.listing, usual, now)
    return Risk(review.risk, tuple(review.risk_reasons))


def assess_lists_of(review: Review, *, now: datetime) -> None:
    """Judge the lists of clients anew whose author used an invitation for a review that was there."""
    _assess_lists(review.listing, queries.usual_elsewhere(review.listing.provider_id), now)


def _assess_lists(listing: Listing, usual: Usual, now: datetime) -> None:
    """What waits of the lists of a listing, reviews and changes of them, gets its reasons about the lists anew."""
    lists = queries.lists_of(listing.id, now)
    rows = queries.reviews_of_lists([batch.id for batch in lists])
    numbers = [row.id for row in rows]
    signatures = signatures_of(numbers)
    reviews = select(Review).where(Review.id.in_(numbers), Review.status == ReviewStatus.PENDING)
    edits = select(ReviewEdit).where(
        ReviewEdit.review_id.in_(numbers), ReviewEdit.status == EditStatus.PENDING
    )
    for waiting in (*db.session.scalars(reviews), *db.session.scalars(edits)):
        number = waiting.id if isinstance(waiting, Review) else waiting.review_id
        others = [reason for reason in waiting.risk_reasons if reason["code"] not in LIST_CODES]
        found = _invited_list(lists, rows, number, alike_in_list(number, signatures))
        risk = risk_of([*others, *list_reasons(found, usual)])
        waiting.risk, waiting.risk_reasons = risk.score, list(risk.reasons)
    db.session.flush()


def _invited_list(
    lists: Sequence[InviteBatch], rows: Sequence[Any], review_id: int, alike: tuple[tuple[int, int], ...]
) -> InvitedList:
    mailboxes = {row.id: mailbox_of(row.email) for row in rows if row.email is not None}
    own = mailboxes.pop(review_id, None)
    return InvitedList(
        listed=sum(batch.listed or 0 for batch in lists),
        days=sum((batch.period_to - batch.period_from).days + 1 for batch in lists),
        answered=len(rows),
        top=sum(row.rating == TOP_RATING for row in rows),
        odd_addresses=sum(
            number or 0
            for batch in lists
            for number in (batch.near_members, batch.own_domain, batch.same_mailbox)
        ),
        free_mail=sum(batch.free_mail or 0 for batch in lists),
        twins=sum(mailbox == own for mailbox in mailboxes.values()),
        alike=alike,
    )


def _author(
    review: Review | ReviewEdit, review_id: int, invited_at: datetime | None, now: datetime
) -> dict[str, Any]:
    author = review.user
    if author is None:
        return {}
    count, lowest, highest = db.session.execute(
        select(func.count(Review.id), func.min(Review.rating), func.max(Review.rating)).where(
            Review.user_id == author.id, Review.id != review_id, Review.status != ReviewStatus.WITHDRAWN
        )
    ).one()
    provider = review.listing.provider
    members = queries.member_addresses(provider.id)
    return {
        "account_age": now - author.created_at,
        "from_invitation": invited_at is not None and author.created_at >= invited_at,
        "like_members": sum(resembles(author.email, member) for member in members),
        "own_domain": is_own_domain(author.email, provider.host, members),
        "extreme": lowest if lowest == highest and lowest in EXTREMES else None,
        "extreme_count": count,
    }


def _rush(review: Review, now: datetime) -> dict[str, Any]:
    provider = review.listing.provider
    hour, day, all_of_them = db.session.execute(
        select(
            how_many(Review.submitted_at > now - HOUR),
            how_many(Review.submitted_at > now - DAY),
            func.count(Review.id),
        )
        .join(Listing, Listing.id == Review.listing_id)
        .where(
            Listing.provider_id == provider.id,
            Review.id != review.id,
            Review.level != ProofLevel.CONFIRMED,
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
    author_id = review.user.id if review.user is not None else None
    networks = {*queries.networks_of(author_id), *(network.hashes if network is not None else ())}
    if not networks:
        return {}
    others, members = queries.seen_in(networks, review.listing.provider_id, apart_from=author_id, now=now)
    found = {"network_same_provider": others, "network_members": members}
    if network is None:
        return found
    hour, day = db.session.execute(
        select(how_many(Review.submitted_at > now - HOUR), how_many(Review.submitted_at > now - DAY)).where(
            Review.network.in_(network.hashes), Review.id != review_id
        )
    ).one()
    return {**found, "network_hour": hour, "network_day": day}


@task("reviews.networks", every=timedelta(days=1))
def forget_networks(payload: dict[str, Any]) -> None:
    """Delete the networks of reviews and members before they are 30 days old."""
    old = (Review.network.is_not(None)) & (Review.submitted_at < current_time() - ERASED_AFTER)
    db.session.execute(
        update(Review).where(old).values(network=None).execution_options(synchronize_session=False)
    )
    db.session.execute(delete(NetworkSighting).where(NetworkSighting.seen_at < current_time() - ERASED_AFTER))


@task("reviews.signatures", every=timedelta(days=1))
def sign_texts(payload: dict[str, Any]) -> None:
    """Sign texts that have no signature of the current scheme."""
    remember_missing(SIGNED_PER_RUN)
