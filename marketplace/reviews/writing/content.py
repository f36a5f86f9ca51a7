"""The rows behind an author's edits: what was told put from one into another, kept as an earlier version, or dropped.

Whoever writes holds the review first. Locks are taken in one order everywhere: the author's row (where one
is taken), the review, its edit, the listing.
"""

from __future__ import annotations

from datetime import datetime

from marketplace.core.extensions import db
from marketplace.reviews.models import CONTENT_FIELDS, Review, ReviewEdit, ReviewVersion
from marketplace.reviews.writing.rules import Draft

Teller = Review | ReviewEdit | ReviewVersion


def hold(review: Review) -> None:
    """Read a review and its edit as they are now, held until the transaction ends (on SQLite the transaction holds them)."""
    db.session.refresh(review, with_for_update={"key_share": True})
    if review.edit is not None:
        db.session.refresh(review.edit)  # read before the lock, it may be old


def told_of(row: Teller) -> Draft:
    """What a review, an edit or an earlier version tells."""
    return Draft(**{name: getattr(row, name) for name in CONTENT_FIELDS})


def write_told(row: Teller, draft: Draft) -> None:
    """Put what a complete draft tells into a row."""
    for name in CONTENT_FIELDS:
        setattr(row, name, getattr(draft, name))


def keep_version(review: Review, *, told: Draft | None = None, cause: str, now: datetime) -> ReviewVersion:
    """Keep what a review says (or `told`, which it was about to say) before other words take its place."""
    version = ReviewVersion(review_id=review.id, cause=cause, replaced_at=now)
    write_told(version, told_of(review) if told is None else told)
    db.session.add(version)
    db.session.flush()
    return version
