"""What is decided together with something else, for the same reasons: the thing that a report or an appeal is about."""

from __future__ import annotations

from typing import Any

from marketplace.core.extensions import current_settings, db
from marketplace.moderation.decisions.action_log import log_decision
from marketplace.moderation.decisions.undoing import undo_end
from marketplace.moderation.models import Decision
from marketplace.reviews.models import Review
from marketplace.reviews.receipts.services import Judged, issue_receipt


def decide_beside(decision: Decision, kind: str, row: Any, action: str, asked_by: str) -> Decision:
    """A decision of its own on a thing, with the ground and statement of another, and its line in the log. Flushes."""
    beside = Decision(
        subject=kind,
        subject_id=row.id,
        version=row.version,
        action=action,
        ground=decision.ground,
        statement=decision.statement,
        asked_by=asked_by,
        rating=row.rating if kind == "review" else None,
        actor_id=decision.actor_id,
        decided_at=decision.decided_at,
    )
    db.session.add(beside)
    db.session.flush()
    log_decision(beside)
    return beside


def give_receipt(decision: Decision, review_id: int) -> None:
    """Sign what was judged, once it is carried out: the review's words, of an edit that was turned down the edit's."""
    settings = current_settings()
    review = db.session.get_one(Review, review_id)
    told = review if decision.action != "reject" or review.edit is None else review.edit
    judged = Judged(
        decision.id,
        decision.action,
        decision.ground,
        decision.decided_at,
        visible_at=undo_end(decision.decided_at),
    )
    issue_receipt(review, told, judged, site=settings.site_url, secret=settings.receipt_signing_key)
