"""Moves on the edits of published reviews: put in place of the old words, or turned down."""

from __future__ import annotations

from marketplace.moderation.covering import check_covered
from marketplace.moderation.models import Decision
from marketplace.moderation.move import Choice, Move, is_waiting
from marketplace.moderation.subjects import Subject
from marketplace.reviews.edits import publish_edit, reject_edit


def _publish(subject: Subject, decision: Decision, choice: Choice) -> None:
    publish_edit(subject.row, covered=choice.covered, now=choice.now)


def _reject(subject: Subject, decision: Decision, choice: Choice) -> None:
    reject_edit(subject.row, note=decision.statement, now=choice.now)


REVIEW_EDIT_MOVES: dict[str, dict[str, Move]] = {
    "review_edit": {
        "publish": Move(is_waiting, _publish, check=check_covered, asked_by="author"),
        "reject": Move(is_waiting, _reject, needs_reasons=True, asked_by="author"),
    },
}
