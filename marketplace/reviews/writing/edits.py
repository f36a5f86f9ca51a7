"""Edits: an author changes a pending review at once, and a published one by an edit that a moderator reads first.

The level of proof stays as it is, and an edit does not count as the year's review. Nothing here commits.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from marketplace.accounts.models import User
from marketplace.core import waiting_edits
from marketplace.core.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.core.extensions import db
from marketplace.core.locking import lock_row
from marketplace.core.waiting_edits import EditStatus
from marketplace.listings.models import Listing
from marketplace.listings.revisions import invalidate_listing_pages
from marketplace.reviews.eligibility import lasting_ineligibility
from marketplace.reviews.models import CONTENT_FIELDS, Review, ReviewEdit, ReviewStatus, ReviewVersion
from marketplace.reviews.ratings.services import recompute_ratings
from marketplace.reviews.risk.networks import Network
from marketplace.reviews.risk.services import assess
from marketplace.reviews.risk.signatures import remember_text
from marketplace.reviews.writing.redaction import cover
from marketplace.reviews.writing.rules import ReviewDraft, oldest_experience, problems_of
from marketplace.reviews.writing.services import lock_author, refuse_problems
from marketplace.reviews.writing.versions import content_of, copy_content, keep_version
from marketplace.text.near_duplicates import signature_of

EDITABLE = (ReviewStatus.PENDING, ReviewStatus.PUBLISHED)
# Each replaced text is kept, and moderators read them all.
EDITS_PER_DAY = 20


def reason_cannot_edit(review: Review, author: User) -> Conflict | NotAllowed | None:
    """Why the author cannot edit this review now, or None: `review_rejected`, `review_hidden`, `review_withdrawn`, or what
    `eligibility.lasting_ineligibility` finds."""
    if review.status not in EDITABLE:
        return Conflict(f"review_{review.status}")
    return lasting_ineligibility(review.listing, author)


def latest_content(review: Review) -> ReviewDraft:
    """What an edit starts from: the pending or rejected edit, else the review as it is."""
    return content_of(review if review.edit is None else review.edit)


def check_edit(review: Review, draft: ReviewDraft, *, author: User, now: datetime) -> None:
    """Raise what `edit_review` would raise. Locks the author and the review: of two tabs, the second sees the first."""
    _expect_author(review, author)
    lock_author(author)
    lock_row(review)
    if refusal := reason_cannot_edit(review, author):
        raise refusal
    problems = problems_of(draft, now)
    # The three years count from the day the review was submitted: an experience does not become too old to correct.
    if "experience_on" in problems and problems["experience_on"].code == "experience_old":
        oldest = oldest_experience(review.submitted_at.date())
        if draft.experience_on is not None and draft.experience_on >= oldest:
            del problems["experience_on"]
    refuse_problems(
        problems, draft, author_id=author.id, listing_id=review.listing_id, except_review=review.id
    )
    if _versions_since(review, now - timedelta(days=1)) >= EDITS_PER_DAY:
        raise Invalid("edit_often", most=EDITS_PER_DAY)
    if draft == latest_content(review):
        raise Invalid("edit_unchanged")
    if draft == content_of(review):
        raise Invalid("edit_as_shown")


def edit_review(
    review: Review, draft: ReviewDraft, *, author: User, network: Network | None = None, now: datetime
) -> Review | ReviewEdit:
    """Change an own review. The text of a pending review is replaced at once, and it keeps its place in the queue; of a
    published one an edit is created, or the pending or rejected edit replaced. Its risk is assessed anew, with the
    `network` it came from. Returns the row that is pending now.

    Raises `NotFound` for anybody else, what `reason_cannot_edit` finds, `InvalidFields` with all problems of the draft,
    `Invalid` (`edit_unchanged`, `edit_as_shown` where only dropping the edit would do that, `edit_often`).
    """
    check_edit(review, draft, author=author, now=now)
    pending: Review | ReviewEdit = review
    if review.status == ReviewStatus.PENDING:
        keep_version(review, cause="edited", now=now)
        copy_content(review, draft)
        review.version += 1
    else:
        values = {name: getattr(draft, name) for name in CONTENT_FIELDS}
        edit = waiting_edits.propose_edit(review, ReviewEdit, values, now=now, keeps_place=True)
        assert edit is not None  # `check_edit` refuses what is shown already
        pending = edit
    db.session.flush()
    assess(pending, network=network, now=now)
    return pending


def _versions_since(review: Review, moment: datetime) -> int:
    kept = select(func.count(ReviewVersion.id)).where(ReviewVersion.review_id == review.id)
    return db.session.scalar(kept.where(ReviewVersion.replaced_at > moment)) or 0


def drop_edit(review: Review, *, actor: User) -> None:
    """Drop an own pending or rejected edit; the review stays as it is. Raises `NotFound` for anybody else, `Conflict` where
    there is no edit (any more)."""
    _expect_author(review, actor)
    lock_row(review)
    if review.edit is None:
        raise Conflict("no_edit")
    waiting_edits.drop_edit(review)
    db.session.flush()


def publish_edit(edit: ReviewEdit, *, covered: Sequence[str] = (), now: datetime) -> Review:
    """Replace a review's content with that of its edit; the former content is kept as a version, the edit deleted.
    `covered` are keys of `redaction.findings_of` the edit. A hidden review stays hidden. Raises `Conflict` unless the edit
    is pending."""
    _expect_pending(edit)
    review = edit.review
    keep_version(review, cause="edited", now=now)
    cover(edit, covered, now=now)
    copy_content(review, content_of(edit))
    remember_text(review.id, signature_of(review.text))
    waiting_edits.drop_edit(review)
    review.edited_at = now
    db.session.flush()
    if review.status == ReviewStatus.PUBLISHED:
        recompute_ratings(review.listing_id)
        invalidate_listing_pages(db.session.get_one(Listing, review.listing_id))
    return review


def reject_edit(edit: ReviewEdit, *, note: str, now: datetime) -> ReviewEdit:
    """Reject an edit: it stays with the statement until it is sent again or dropped. Raises `Conflict` unless it is
    pending."""
    return waiting_edits.reject_edit(edit, note=note)


def _expect_pending(edit: ReviewEdit) -> None:
    if edit.status != EditStatus.PENDING:
        raise Conflict("decided_already", status=edit.status)


def _expect_author(review: Review, user: User) -> None:
    if review.user_id != user.id:
        raise NotFound
