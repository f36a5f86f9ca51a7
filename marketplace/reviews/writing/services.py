"""Writing, publishing, rejecting and withdrawing reviews.

A visible change recomputes the listing's sums and invalidates its pages in the same transaction. Nothing here commits;
moderation records its decision in the same transaction.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.core.errors import Conflict, Invalid, InvalidFields, NotFound
from marketplace.core.extensions import db
from marketplace.core.revisions import REVIEWS, raise_revisions
from marketplace.core.waiting_edits import drop_edit
from marketplace.listings.models import Listing
from marketplace.listings.revisions import invalidate_listing_pages
from marketplace.reviews.eligibility import ineligibility, is_repeated, level_for, reviewable_listing
from marketplace.reviews.invitations.accepting import returned_invite, use_invite
from marketplace.reviews.invitations.models import Invite
from marketplace.reviews.models import LEVELS, Review, ReviewStatus
from marketplace.reviews.proofs.services import delete_proofs, end_proofs_later
from marketplace.reviews.ratings.services import recompute_ratings
from marketplace.reviews.risk.networks import Network
from marketplace.reviews.risk.services import assess
from marketplace.reviews.risk.signatures import forget_text
from marketplace.reviews.writing.rules import ReviewDraft, place_in_form, problems_of
from marketplace.reviews.writing.versions import copy_content

WITHDRAWABLE = (ReviewStatus.PENDING, ReviewStatus.PUBLISHED, ReviewStatus.HIDDEN)


def write_review(
    listing: Listing,
    draft: ReviewDraft,
    *,
    author: User,
    network: Network | None = None,
    now: datetime,
    invite: Invite | None = None,
) -> Review:
    """Create a pending review at the level of proof that is known, with its risk. `network` is where it came from, if that
    is known. `invite` is an invitation that `accepting.invite_for` found for this author; it is used up.

    Raises what `check_draft` raises, or `accepting.Gone` where the invitation was used meanwhile.
    """
    check_draft(listing, draft, author=author, now=now)
    invite = invite or returned_invite(listing.id, author, now)
    review = Review(
        listing_id=listing.id,
        user_id=author.id,
        level=level_for(listing, author, invited=invite is not None),
        status=ReviewStatus.PENDING,
        submitted_at=now,
    )
    copy_content(review, draft)
    db.session.add(review)
    db.session.flush()
    if invite is not None:
        use_invite(invite, review, now=now)
    raise_revisions(REVIEWS)
    assess(review, network=network, now=now)
    return review


def check_draft(listing: Listing, draft: ReviewDraft, *, author: User, now: datetime) -> None:
    """Raise `NotFound` where the listing is not shown, what `eligibility.ineligibility` finds, or `InvalidFields` with all
    problems of the draft (codes of `rules`, and `same_text`).

    Locks the author, so that two tabs cannot both send the year's review.
    """
    reviewable_listing(listing.id)
    lock_author(author)
    if refusal := ineligibility(listing, author, now):
        raise refusal
    refuse_problems(problems_of(draft, now), draft, author_id=author.id, listing_id=listing.id)


def refuse_problems(
    problems: dict[str | None, Invalid],
    draft: ReviewDraft,
    *,
    author_id: int,
    listing_id: int,
    except_review: int | None = None,
) -> None:
    """Raise `InvalidFields` with the problems that were found, and with `same_text` where the text was sent before."""
    if "text" not in problems and is_repeated(
        draft.text, author_id=author_id, listing_id=listing_id, except_review=except_review
    ):
        problems["text"] = Invalid("same_text", "text")
    if problems:
        raise InvalidFields(sorted(problems.values(), key=place_in_form))


def lock_author(author: User) -> None:
    """Let an author's requests wait for each other until the transaction ends."""
    db.session.execute(select(User.id).where(User.id == author.id).with_for_update(key_share=True))


def publish_review(review: Review, *, level: str, now: datetime) -> None:
    """Publish a pending or hidden review at a level of proof. Raises `Conflict` from any other status."""
    _expect(review, ReviewStatus.PENDING, ReviewStatus.HIDDEN)
    _check_level(level)
    review.level = level
    review.published_at = review.published_at or now
    _move(review, ReviewStatus.PUBLISHED)


def reject_review(review: Review, *, note: str, now: datetime) -> None:
    """Reject a pending review; `note` is the statement for its author. Raises `Conflict` from any other status."""
    _expect(review, ReviewStatus.PENDING)
    end_proofs_later(review.id, now=now)
    _move(review, ReviewStatus.REJECTED, note)


def hide_review(review: Review, *, note: str, now: datetime) -> None:
    """Hide a published review; `note` is the statement for its author. Raises `Conflict` from any other status."""
    _expect(review, ReviewStatus.PUBLISHED)
    _move(review, ReviewStatus.HIDDEN, note)


def restore_review(review: Review, *, now: datetime) -> None:
    """Show a hidden review again as it was. Raises `Conflict` from any other status."""
    _expect(review, ReviewStatus.HIDDEN)
    _move(review, ReviewStatus.PUBLISHED)


def change_level(review: Review, *, level: str, now: datetime) -> None:
    """Set the level of proof of a published review. Raises `Conflict` where it has that level or is not published."""
    _expect(review, ReviewStatus.PUBLISHED)
    _check_level(level)
    if review.level == level:
        raise Conflict("same_level")
    review.level = level
    _move(review, ReviewStatus.PUBLISHED, review.note)


def withdraw_review(review: Review, *, actor: User, now: datetime) -> None:
    """Withdraw one's own review. Raises `NotFound` for anybody else, `Conflict` from a status that cannot be withdrawn."""
    if review.user_id != actor.id:
        raise NotFound
    db.session.refresh(review, with_for_update=True)
    _expect(review, *WITHDRAWABLE)
    supersede_review(review, now=now)


def supersede_review(review: Review, *, now: datetime) -> None:
    """Withdraw a review without its author: another one of theirs stands in its place."""
    drop_edit(review)
    forget_text(review.id)
    delete_proofs(review.id, now=now)
    _move(review, ReviewStatus.WITHDRAWN, review.note)


def _expect(review: Review, *statuses: ReviewStatus) -> None:
    if review.status not in statuses:
        raise Conflict("review_status", status=review.status)


def _check_level(level: str) -> None:
    if level not in LEVELS:
        raise Invalid("level_unknown", "level")


def _move(review: Review, status: ReviewStatus, note: str = "") -> None:
    """Give a review its next status and version; what readers see of it before or after is recomputed."""
    visible = ReviewStatus.PUBLISHED in (review.status, status)
    review.status, review.note = status, note
    review.version += 1
    db.session.flush()
    raise_revisions(REVIEWS)
    if visible:
        recompute_ratings(review.listing_id)
        invalidate_listing_pages(db.session.get_one(Listing, review.listing_id))


def show_new_name(sender: object, *, user: User) -> None:
    """Invalidate the pages that show reviews of a member whose name changed; part of the caller's transaction."""
    reviewed = select(Review.listing_id).where(
        Review.user_id == user.id, Review.status == ReviewStatus.PUBLISHED
    )
    for listing in db.session.scalars(select(Listing).where(Listing.id.in_(reviewed)).order_by(Listing.id)):
        invalidate_listing_pages(listing)
