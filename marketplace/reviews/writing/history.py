"""What reviews said before, and the edits of them that wait or were refused: for their authors and for moderators."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select

from marketplace.core.extensions import db
from marketplace.reviews.models import ReviewEdit, ReviewStatus, ReviewVersion
from marketplace.text.personal_data import BLOCK

MAY_HAVE_EDITS = (ReviewStatus.PUBLISHED, ReviewStatus.HIDDEN)


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
    """The edits of these reviews that wait or were refused. One query, none for no review."""
    if not review_ids:
        return {}
    rows = db.session.scalars(select(ReviewEdit).where(ReviewEdit.review_id.in_(review_ids)))
    return {row.review_id: row for row in rows}


def is_covered(text: str, outcome: str, versions: Collection[ReviewVersion]) -> bool:
    """Whether a moderator covered something in what a review says now."""
    return BLOCK in text + outcome and any(version.cause == "masked" for version in versions)
