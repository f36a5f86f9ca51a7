"""An author changes a review: at once while it waits, else as an edit that waits while the old text stays shown.

The level of proof stays as it is, and the rule of one review a year does not count an edit. Nothing here commits.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from marketplace.accounts.models import User
from marketplace.core import waiting_edits
from marketplace.core.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.core.extensions import db
from marketplace.core.waiting_edits import EditStatus
from marketplace.listings.models import Listing
from marketplace.listings.revisions import invalidate_listing_pages
from marketplace.reviews.eligibility import is_repeated, standing_obstacle
from marketplace.reviews.models import CONTENT_FIELDS, Review, ReviewEdit, ReviewVersion
from marketplace.reviews.ratings.sums import recompute_ratings
from marketplace.reviews.risk.assessment import assess
from marketplace.reviews.risk.networks import Network
from marketplace.reviews.risk.signatures import remember_text
from marketplace.reviews.writing.content import hold, keep_version, told_of, write_told
from marketplace.reviews.writing.redaction import cover
from marketplace.reviews.writing.rules import (
    Draft,
    ReviewRefused,
    oldest_experience,
    place_in_form,
    problems_of,
)
from marketplace.text.near_duplicates import signature_of

EDITABLE = ("pending", "published")
# Each replaced text is kept: nobody needs more of them, and moderators must come to an end of reading.
MOST_A_DAY = 20


def edit_obstacle(review: Review, author: User) -> Conflict | NotAllowed | None:
    """Why this review cannot be edited by its author now, or None: `review_rejected`, `review_hidden`, `review_withdrawn`,
    or what keeps its author from saying anything about the provider (`eligibility.standing_obstacle`)."""
    if review.status not in EDITABLE:
        return Conflict(f"review_{review.status}")
    return standing_obstacle(review.listing, author)


def starting_text(review: Review) -> Draft:
    """What an author goes on from: the edit that waits or was refused, else the review as it is."""
    return told_of(review if review.edit is None else review.edit)


def check_edit(
    review: Review, draft: Draft, *, author: User, now: datetime, unread: Sequence[Invalid] = ()
) -> None:
    """Raise what `edit_review` would raise; `unread` are problems of fields that could not even be read. Holds the author's
    row and the review, so that of two tabs the second sees the first."""
    if review.user_id is None or review.user_id != author.id:
        raise NotFound
    db.session.execute(select(User.id).where(User.id == author.id).with_for_update(key_share=True))
    hold(review)
    if refusal := edit_obstacle(review, author):
        raise refusal
    # Three years back from the day it was first told: what was recent enough then is not too old for a better word.
    oldest = oldest_experience(review.submitted_at.date())
    told_then = draft.experience_on is not None and draft.experience_on >= oldest
    problems = {
        problem.field: problem
        for problem in reversed((*unread, *problems_of(draft, now.date())))
        if not (problem.code == "experience_old" and told_then)
    }
    if "text" not in problems and is_repeated(
        draft.text, author_id=author.id, listing_id=review.listing_id, except_review=review.id
    ):
        problems["text"] = Invalid("same_text", "text")
    if problems:
        raise ReviewRefused(tuple(sorted(problems.values(), key=place_in_form)))
    if _versions_since(review, now - timedelta(days=1)) >= MOST_A_DAY:
        raise Invalid("edit_often", most=MOST_A_DAY)
    if draft == starting_text(review):
        raise Invalid("edit_unchanged")
    if draft == told_of(review):
        raise Invalid("edit_as_shown")


def edit_review(
    review: Review, draft: Draft, *, author: User, network: Network | None = None, now: datetime
) -> Review | ReviewEdit:
    """Change an own review. Of one that waits the text is replaced at once, and it keeps its place in the queue; of a
    published one an edit waits, or the edit that waits or was refused is replaced. Its risk is judged anew, with the
    `network` it came from. Returns the row that waits now.

    Raises `NotFound` for anybody else, what `edit_obstacle` finds, `ReviewRefused` with all problems of the draft, `Invalid`
    (`edit_unchanged`, `edit_as_shown` where only dropping the edit would do that, `edit_often`).
    """
    check_edit(review, draft, author=author, now=now)
    waiting: Review | ReviewEdit = review
    if review.status == "pending":
        keep_version(review, cause="edited", now=now)
        write_told(review, draft)
        review.version += 1
    else:
        values = {name: getattr(draft, name) for name in CONTENT_FIELDS}
        edit = waiting_edits.propose_edit(review, ReviewEdit, values, now=now, keeps_place=True)
        assert edit is not None  # `check_edit` refuses what is shown already
        waiting = edit
    db.session.flush()
    assess(waiting, network=network, now=now)
    return waiting


def _versions_since(review: Review, moment: datetime) -> int:
    kept = select(func.count(ReviewVersion.id)).where(ReviewVersion.review_id == review.id)
    return db.session.scalar(kept.where(ReviewVersion.replaced_at > moment)) or 0


def drop_edit(review: Review, *, actor: User) -> None:
    """Take back an own edit that waits or was refused; what is shown stays. Raises `NotFound` for anybody else, `Conflict`
    where there is none (any more)."""
    if review.user_id is None or review.user_id != actor.id:
        raise NotFound
    hold(review)
    if review.edit is None:
        raise Conflict("no_edit")
    waiting_edits.drop_edit(review)
    db.session.flush()


def publish_edit(edit: ReviewEdit, *, covered: Sequence[str] = (), now: datetime) -> Review:
    """Put an edit in place of what its review says, which is kept as a version; the edit is gone. `covered` are keys of
    `masking.findings_of` the edit. Of a hidden review the words change and it stays hidden. Raises `Conflict` where the
    edit does not wait."""
    _expect_waiting(edit)
    review = edit.review
    keep_version(review, cause="edited", now=now)
    cover(edit, covered, now=now)
    write_told(review, told_of(edit))
    remember_text(review.id, signature_of(review.text))
    waiting_edits.drop_edit(review)
    review.edited_at = now
    db.session.flush()
    if review.status == "published":
        recompute_ratings(review.listing_id)
        invalidate_listing_pages(db.session.get_one(Listing, review.listing_id))
    return review


def reject_edit(edit: ReviewEdit, *, note: str, now: datetime) -> ReviewEdit:
    """Turn an edit down: it stays with the statement until it is sent again or dropped. Raises `Conflict` where it does
    not wait."""
    return waiting_edits.reject_edit(edit, note=note)


def _expect_waiting(edit: ReviewEdit) -> None:
    if edit.status != EditStatus.PENDING:
        raise Conflict("decided_already", status=edit.status)
