"""Moves on replies of providers: published or rejected as they wait, hidden and restored once they are shown."""

from __future__ import annotations

from collections.abc import Sequence

from marketplace.core.errors import Invalid
from marketplace.moderation.decisions.actions import Choice, Move, is_waiting
from marketplace.moderation.decisions.subjects import Subject
from marketplace.moderation.decisions.touched import Touch, rows_of
from marketplace.moderation.models import Decision
from marketplace.reviews.replies.models import Reply, ReplyVersion
from marketplace.reviews.replies.services import hide_reply, publish_reply, reject_reply, restore_reply


def _may_be_hidden(subject: Subject) -> bool:
    # While an edit waits, that is decided first: a page asks for one statement at a time.
    return bool(subject.row.is_shown) and not subject.is_waiting


def _is_hidden(subject: Subject) -> bool:
    return bool(subject.row.status == "hidden")


def _check_review(subject: Subject, choice: Choice) -> None:
    if subject.row.review.status != "published":
        raise Invalid("review_not_shown")


def _publish(subject: Subject, decision: Decision, choice: Choice) -> None:
    publish_reply(subject.row, now=choice.now)


def _reject(subject: Subject, decision: Decision, choice: Choice) -> None:
    reject_reply(subject.row, note=decision.statement, now=choice.now)


def _hide(subject: Subject, decision: Decision, choice: Choice) -> None:
    hide_reply(subject.row, note=decision.statement, now=choice.now)


def _restore(subject: Subject, decision: Decision, choice: Choice) -> None:
    restore_reply(subject.row, now=choice.now)


def _reply_and_versions(subject: Subject) -> Sequence[Touch]:
    """The reply, and the earlier version that publishing an edit adds."""
    return [rows_of(Reply, id=subject.id), rows_of(ReplyVersion, reply_id=subject.id)]


REPLY_MOVES: dict[str, dict[str, Move]] = {
    "reply": {
        "publish": Move(
            is_waiting, _publish, check=_check_review, asked_by="provider", touches=_reply_and_versions
        ),
        "reject": Move(is_waiting, _reject, needs_reasons=True, asked_by="provider"),
        "hide": Move(_may_be_hidden, _hide, needs_reasons=True),
        "restore": Move(_is_hidden, _restore, needs_reasons=True),
    },
}
