"""A member goes: what of their reviews, edits and proofs stays, and what does not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from marketplace.core.waiting_edits import drop_edit
from marketplace.reviews.models import Review, ReviewVersion
from marketplace.reviews.proofs.models import Proof
from marketplace.reviews.proofs.services import delete_proofs_of
from marketplace.reviews.risk.signatures import forget_text
from marketplace.reviews.writing.services import withdraw_review


def leave_reviews(sender: object, *, user: User, take_down: bool, now: datetime) -> None:
    """Proof files go at once. Published reviews stay without the name and without what they said before, or go too;
    of everything that nobody sees no word stays."""
    delete_proofs_of(user.id, now=now)
    for review in db.session.scalars(
        select(Review).where(Review.user_id == user.id).order_by(Review.id)
    ).all():
        if review.status == "published" and not take_down:
            drop_edit(review)
            review.network = None
            continue
        if review.status == "published":
            withdraw_review(review, actor=user, now=now)
        db.session.flush()
        db.session.execute(_quietly(update(Proof).where(Proof.review_id == review.id).values(review_id=None)))
        if review.published_at is not None:
            _blank(review)
            continue
        db.session.execute(_quietly(delete(Review).where(Review.id == review.id)))
    kept = select(Review.id).where(Review.user_id == user.id)
    db.session.flush()
    db.session.execute(_quietly(delete(ReviewVersion).where(ReviewVersion.review_id.in_(kept))))
    db.session.expire_all()


def _blank(review: Review) -> None:
    """Nothing of a review that was once seen but its number: other people's reports of it and replies to it hang on that."""
    drop_edit(review)
    forget_text(review.id)
    review.status, review.text, review.outcome, review.note = "withdrawn", "", "", ""
    review.real_cost = review.real_currency = review.real_time = review.real_time_unit = None
    review.risk, review.risk_reasons, review.network = 0, [], None
    review.version += 1
    db.session.flush()


def _quietly(statement: Any) -> Any:
    return statement.execution_options(synchronize_session=False)
