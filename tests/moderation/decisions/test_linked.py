from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from marketplace.core.extensions import db
from marketplace.moderation.decisions.linked import decide_beside, give_receipt
from marketplace.moderation.models import LogEntry
from marketplace.reviews.receipts.models import Receipt
from tests.moderation.waiting import STATEMENT, waiting_appeal, waiting_review


def test_a_thing_is_decided_on_for_the_reasons_of_another_decision(app: Flask) -> None:
    former, review = waiting_appeal().decision, waiting_review()
    beside = decide_beside(former, "review", review, "hide", "reader")
    assert (beside.ground, beside.statement, beside.actor_id) == (former.ground, STATEMENT, former.actor_id)
    assert (beside.subject_id, beside.rating, beside.asked_by) == (review.id, review.rating, "reader")
    assert db.session.scalars(select(LogEntry.decision_id).order_by(LogEntry.id.desc())).first() == beside.id
    give_receipt(beside, review.id)
    assert db.session.scalars(select(Receipt.decision_id)).all()[-1] == beside.id
