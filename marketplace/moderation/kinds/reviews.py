"""Moves on reviews: published or rejected as they wait, hidden and restored once they stand, documented with a proof."""

from __future__ import annotations

from collections.abc import Sequence

from marketplace.core.errors import Invalid
from marketplace.moderation.decisions.actions import Choice, Move, is_waiting
from marketplace.moderation.decisions.subjects import Subject
from marketplace.moderation.decisions.touched import Touch, rows_of
from marketplace.moderation.kinds.redaction import check_covered
from marketplace.moderation.kinds.review_rows import rows_beside
from marketplace.moderation.models import Decision
from marketplace.moderation.queue.proofs import check_proven
from marketplace.reviews.models import LEVELS, Review, ReviewVersion
from marketplace.reviews.writing.redaction import cover
from marketplace.reviews.writing.services import (
    change_level,
    hide_review,
    publish_review,
    reject_review,
    restore_review,
)


def _is_published(subject: Subject) -> bool:
    return bool(subject.row.status == "published")


def _is_hidden(subject: Subject) -> bool:
    return bool(subject.row.status == "hidden")


def _may_be_documented(subject: Subject) -> bool:
    return _is_published(subject) and bool(subject.row.level != "documented")


def _check_publishing(subject: Subject, choice: Choice) -> None:
    if choice.level is not None and choice.level not in LEVELS:
        raise Invalid("level_unknown", "level")
    if choice.level == "documented":
        check_proven(subject.id, choice.actor_id, field="documented")
    check_covered(subject, choice)


def _check_proof(subject: Subject, choice: Choice) -> None:
    check_proven(subject.id, choice.actor_id)


def _publish(subject: Subject, decision: Decision, choice: Choice) -> None:
    cover(subject.row, choice.covered, now=choice.now)
    publish_review(subject.row, level=choice.level or subject.row.level, now=choice.now)


def _reject(subject: Subject, decision: Decision, choice: Choice) -> None:
    reject_review(subject.row, note=decision.statement, now=choice.now)


def _document(subject: Subject, decision: Decision, choice: Choice) -> None:
    change_level(subject.row, level="documented", now=choice.now)


def _hide(subject: Subject, decision: Decision, choice: Choice) -> None:
    hide_review(subject.row, note=decision.statement, now=choice.now)


def _restore(subject: Subject, decision: Decision, choice: Choice) -> None:
    restore_review(subject.row, now=choice.now)


def _review_and_versions(subject: Subject) -> Sequence[Touch]:
    """The review, and the earlier version that covering personal data adds."""
    return [
        rows_of(Review, id=subject.id),
        rows_of(ReviewVersion, review_id=subject.id),
        *rows_beside(subject.id),
    ]


REVIEW_MOVES: dict[str, dict[str, Move]] = {
    "review": {
        "publish": Move(
            is_waiting, _publish, check=_check_publishing, asked_by="author", touches=_review_and_versions
        ),
        "reject": Move(
            is_waiting, _reject, needs_reasons=True, asked_by="author", touches=_review_and_versions
        ),
        "document": Move(_may_be_documented, _document, check=_check_proof, touches=_review_and_versions),
        "hide": Move(_is_published, _hide, needs_reasons=True, touches=_review_and_versions),
        "restore": Move(_is_hidden, _restore, needs_reasons=True, touches=_review_and_versions),
    },
}
