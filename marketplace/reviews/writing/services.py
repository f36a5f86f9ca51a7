"""Writing, publishing, rejecting and withdrawing reviews.

A change that shows recomputes the listing's sums and raises the revisions of its topic and provider in the same
transaction. Nothing here commits; the moderation's decision stands beside what these services change.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.core.errors import Conflict, Invalid, NotFound
from marketplace.core.extensions import db
from marketplace.core.waiting_edits import drop_edit
from marketplace.listings.models import Listing
from marketplace.listings.revisions import invalidate_listing_pages
from marketplace.reviews.eligibility import is_repeated, obstacle, reviewable_listing
from marketplace.reviews.invitations.accepting import kept_invite, take_invite
from marketplace.reviews.invitations.models import Invite
from marketplace.reviews.levels import level_for
from marketplace.reviews.models import LEVELS, Review
from marketplace.reviews.proofs.services import delete_proofs, end_proofs_later
from marketplace.reviews.ratings.sums import recompute_ratings
from marketplace.reviews.risk.assessment import assess
from marketplace.reviews.risk.networks import Network
from marketplace.reviews.risk.signatures import forget_text
from marketplace.reviews.writing.rules import Draft, ReviewRefused, place_in_form, problems_of

WITHDRAWABLE = ("pending", "published", "hidden")


def write_review(
    listing: Listing,
    *,
    author: User,
    rating: int | None,
    text: str,
    experience_on: date | None,
    real_cost: int | None = None,
    real_currency: str | None = None,
    real_time: int | None = None,
    real_time_unit: str | None = None,
    outcome: str = "",
    language: str,
    network: Network | None = None,
    now: datetime,
    invite: Invite | None = None,
) -> Review:
    """Take down a review, pending, at the level that is known of its author, with its risk. `real_cost` in minor units
    without official fees; `network` is where it came from, if that is known. `invite` is an invitation that
    `invited.invite_for` found for this author; it is used up.

    Raises `NotFound` where the listing is not shown, what `eligibility.obstacle` finds, `ReviewRefused` with all
    problems of the draft (codes of `rules`, and `same_text`), or `invited.Gone` where the invitation was used meanwhile.
    """
    draft = Draft.of(
        rating=rating,
        text=text,
        experience_on=experience_on,
        real_cost=real_cost,
        real_currency=real_currency,
        real_time=real_time,
        real_time_unit=real_time_unit,
        outcome=outcome,
        language=language,
    )
    check_draft(listing, draft, author=author, now=now)
    invite = invite or kept_invite(listing.id, author, now)
    review = Review(
        listing_id=listing.id,
        user_id=author.id,
        rating=draft.rating,
        text=draft.text,
        experience_on=draft.experience_on,
        real_cost=draft.real_cost,
        real_currency=draft.real_currency,
        real_time=draft.real_time,
        real_time_unit=draft.real_time_unit,
        outcome=draft.outcome,
        language=draft.language,
        level=level_for(listing, author, invited=invite is not None),
        status="pending",
        submitted_at=now,
    )
    db.session.add(review)
    db.session.flush()
    if invite is not None:
        take_invite(invite, review, now=now)
    assess(review, network=network, now=now)
    return review


def check_draft(
    listing: Listing, draft: Draft, *, author: User, now: datetime, unread: Sequence[Invalid] = ()
) -> None:
    """Raise what `write_review` would raise; `unread` are problems of fields that could not even be read.

    Locks the author, so that two tabs cannot both send the year's review.
    """
    reviewable_listing(listing.id)
    db.session.execute(select(User.id).where(User.id == author.id).with_for_update(key_share=True))
    if refusal := obstacle(listing, author, now):
        raise refusal
    problems = {problem.field: problem for problem in reversed((*unread, *problems_of(draft, now.date())))}
    if "text" not in problems and is_repeated(draft.text, author_id=author.id, listing_id=listing.id):
        problems["text"] = Invalid("same_text", "text")
    if problems:
        raise ReviewRefused(tuple(sorted(problems.values(), key=place_in_form)))


def publish_review(review: Review, *, level: str, now: datetime) -> None:
    """Show a pending or hidden review at a level of proof. Raises `Conflict` from any other status."""
    _expect(review, "pending", "hidden")
    _check_level(level)
    review.status = "published"
    review.level = level
    review.note = ""
    review.published_at = review.published_at or now
    _changed(review)
    _show_change(review.listing_id)


def reject_review(review: Review, *, note: str, now: datetime) -> None:
    """Turn a pending review down; `note` is the statement its author reads. Raises `Conflict` from any other status."""
    _expect(review, "pending")
    review.status = "rejected"
    review.note = note
    end_proofs_later(review.id, now=now)
    _changed(review)


def hide_review(review: Review, *, note: str, now: datetime) -> None:
    """Take a published review out of sight; `note` is the statement its author reads. Raises `Conflict` from any other
    status."""
    _expect(review, "published")
    review.status = "hidden"
    review.note = note
    _changed(review)
    _show_change(review.listing_id)


def restore_review(review: Review, *, now: datetime) -> None:
    """Show a hidden review again as it was. Raises `Conflict` from any other status."""
    _expect(review, "hidden")
    review.status = "published"
    review.note = ""
    _changed(review)
    _show_change(review.listing_id)


def change_level(review: Review, *, level: str, now: datetime) -> None:
    """Set the level of proof of a published review. Raises `Conflict` where it has that level or is not published."""
    _expect(review, "published")
    _check_level(level)
    if review.level == level:
        raise Conflict("same_level")
    review.level = level
    _changed(review)
    _show_change(review.listing_id)


def withdraw_review(review: Review, *, actor: User, now: datetime) -> None:
    """Take back one's own review. Raises `NotFound` for anybody else, `Conflict` where it is not there to take back."""
    if review.user_id is None or review.user_id != actor.id:
        raise NotFound
    db.session.refresh(review, with_for_update=True)
    _expect(review, *WITHDRAWABLE)
    shown = review.status == "published"
    drop_edit(review)
    review.status = "withdrawn"
    forget_text(review.id)
    delete_proofs(review.id, now=now)
    _changed(review)
    if shown:
        _show_change(review.listing_id)


def _expect(review: Review, *statuses: str) -> None:
    if review.status not in statuses:
        raise Conflict("review_status", status=review.status)


def _check_level(level: str) -> None:
    if level not in LEVELS:
        raise Invalid("level_unknown", "level")


def _changed(review: Review) -> None:
    review.version += 1
    db.session.flush()


def _show_change(listing_id: int) -> None:
    recompute_ratings(listing_id)
    invalidate_listing_pages(db.session.get_one(Listing, listing_id))
