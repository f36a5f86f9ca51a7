"""Moves on the edits of published reviews: put in place of the old words, or turned down."""

from __future__ import annotations

from collections.abc import Sequence

from marketplace.moderation.decisions.actions import Choice, Move, is_waiting
from marketplace.moderation.decisions.subjects import Subject
from marketplace.moderation.decisions.touched import Touch, rows_of
from marketplace.moderation.kinds.redaction import check_covered
from marketplace.moderation.kinds.review_rows import rows_beside
from marketplace.moderation.models import Decision
from marketplace.reviews.models import Review, ReviewEdit, ReviewVersion
from marketplace.reviews.writing.edits import publish_edit, reject_edit


def _publish(subject: Subject, decision: Decision, choice: Choice) -> None:
    publish_edit(subject.row, covered=choice.covered, now=choice.now)


def _reject(subject: Subject, decision: Decision, choice: Choice) -> None:
    reject_edit(subject.row, note=decision.statement, now=choice.now)


def _review_and_edit(subject: Subject) -> Sequence[Touch]:
    """The review, its edit, and the earlier versions that publishing adds."""
    return [
        rows_of(Review, id=subject.id),
        rows_of(ReviewEdit, review_id=subject.id),
        rows_of(ReviewVersion, review_id=subject.id),
        *rows_beside(subject.id),
    ]


REVIEW_EDIT_MOVES: dict[str, dict[str, Move]] = {
    "review_edit": {
        "publish": Move(
            is_waiting, _publish, check=check_covered, asked_by="author", touches=_review_and_edit
        ),
        "reject": Move(is_waiting, _reject, needs_reasons=True, asked_by="author", touches=_review_and_edit),
    },
}
