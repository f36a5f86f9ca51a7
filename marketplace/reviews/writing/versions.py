"""The content of reviews, edits and earlier versions: reading, copying and keeping it.

Whoever writes locks the review first. Locks are taken in one order everywhere: the author's row (where one is taken), the
review, its edit, the listing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from marketplace.core.extensions import db
from marketplace.reviews.models import CONTENT_FIELDS, Review, ReviewEdit, ReviewStatus, ReviewVersion
from marketplace.reviews.writing.rules import ReviewDraft

WithContent = Review | ReviewEdit | ReviewVersion
MAY_HAVE_EDITS = (ReviewStatus.PUBLISHED, ReviewStatus.HIDDEN)


def content_of(row: WithContent) -> ReviewDraft:
    """The content of a review, an edit or an earlier version."""
    return ReviewDraft(**{name: getattr(row, name) for name in CONTENT_FIELDS})


def copy_content(row: WithContent, draft: ReviewDraft) -> None:
    """Copy the content of a complete draft into a row."""
    for name in CONTENT_FIELDS:
        setattr(row, name, getattr(draft, name))


def keep_version(
    review: Review, *, content: ReviewDraft | None = None, cause: str, now: datetime
) -> ReviewVersion:
    """Keep the content of a review (or `content`, which it was about to get) before it is replaced."""
    version = ReviewVersion(review_id=review.id, cause=cause, replaced_at=now)
    copy_content(version, content or content_of(review))
    db.session.add(version)
    db.session.flush()
    return version


def earlier_versions(review_ids: Collection[int]) -> dict[int, list[ReviewVersion]]:
    """The earlier versions of each of these reviews that has any, the latest first. One query."""
    rows = db.session.scalars(
        select(ReviewVersion).where(ReviewVersion.review_id.in_(review_ids)).order_by(ReviewVersion.id.desc())
    )
    found: dict[int, list[ReviewVersion]] = defaultdict(list)
    for row in rows:
        found[row.review_id].append(row)
    return dict(found)


def edits_of(review_ids: Collection[int]) -> dict[int, ReviewEdit]:
    """The pending and rejected edits of these reviews. One query, none for no review."""
    if not review_ids:
        return {}
    rows = db.session.scalars(select(ReviewEdit).where(ReviewEdit.review_id.in_(review_ids)))
    return {row.review_id: row for row in rows}
