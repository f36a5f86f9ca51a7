from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.accounts.privacy.services import erase_account
from marketplace.core.extensions import db
from marketplace.reviews.models import Review
from marketplace.reviews.risk.models import ReviewBand, ReviewSignature
from marketplace.reviews.risk.signatures import remember_text
from marketplace.text.near_duplicates import signature_of
from tests.factories import NOON, make_listing, make_review, make_topic, make_user
from tests.reviews.proving import make_proof


@pytest.mark.parametrize("status", ["hidden", "rejected", "withdrawn"])
def test_of_what_was_seen_once_no_word_stays(app: Flask, status: str) -> None:
    told: dict[str, Any] = {
        "real_cost": 5000,
        "real_currency": "EUR",
        "real_time": 3,
        "real_time_unit": "weeks",
    }
    told |= {"outcome": "A card for two years", "note": "What the moderator wrote", "network": "0" * 64}
    user = make_user()
    review = make_review(make_listing(make_topic()), user, status=status, **told)
    review.risk, review.risk_reasons = 40, [{"code": "links"}]
    proof = make_proof(review)
    remember_text(review.id, signature_of(review.text))
    erase_account(user, take_down=False, now=NOON)
    row = db.session.execute(select(Review.__table__)).mappings().one()
    assert (row["status"], row["user_id"], row["risk"], row["risk_reasons"]) == ("withdrawn", None, 0, [])
    assert [row[name] for name in ("text", "outcome", "note")] == ["", "", ""]
    assert not any(
        row[name] for name in ("real_cost", "real_currency", "real_time", "real_time_unit", "network")
    )
    assert (
        db.session.scalars(select(ReviewSignature)).all()
        == db.session.scalars(select(ReviewBand)).all()
        == []
    )
    assert proof.deleted_at is not None
    assert proof.review_id is None


def test_what_nobody_ever_saw_is_deleted(app: Flask) -> None:
    user = make_user()
    make_review(make_listing(make_topic()), user, status="pending", published_at=None)
    erase_account(user, take_down=False, now=NOON)
    assert db.session.scalars(select(Review)).all() == []
