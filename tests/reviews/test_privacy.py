from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.accounts.privacy.services import erase_account
from marketplace.accounts.privacy.signals import export_requested
from marketplace.core.extensions import db
from marketplace.reviews import privacy as own_data
from marketplace.reviews.models import Review
from marketplace.reviews.risk.models import NetworkSighting, ReviewBand, ReviewSignature
from marketplace.reviews.risk.signatures import remember_text
from marketplace.text.near_duplicates import signature_of
from tests.factories import NOON, make_listing, make_review, make_topic, make_user
from tests.reviews.proving import make_proof


def test_it_answers_with_sections_of_its_own(app: Flask) -> None:
    answers = dict(export_requested.send(None, user=make_user("moderator")))
    (sections,) = [found for receiver, found in answers.items() if receiver.__module__ == own_data.__name__]
    assert sections
    assert len({section.code for section in sections}) == len(sections)


def test_the_page_has_words_where_the_file_has_codes(app: Flask) -> None:
    user = make_user()
    told: dict[str, Any] = {
        "real_cost": 5000,
        "real_currency": "EUR",
        "real_time": 3,
        "real_time_unit": "weeks",
    }
    make_review(make_listing(make_topic()), user, language="es", **told)
    with app.test_request_context("/"):
        sections = {section.code: section for section in own_data.export_reviews(None, user=user)}
        (row,) = sections["reviews"].rows
        page = {field.code: str(field.on_page) for field in row if field.on_page is not None}
    values = {field.code: field.value for field in row}
    assert (values["real_cost"], values["real_currency"], values["status"]) == (5000, "EUR", "published")
    assert (page["real_cost"], page["real_currency"], page["real_time"]) == ("€50", "", "3 weeks")
    assert (page["status"], page["language"]) == ("Published", "Spanish")


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


def test_the_networks_a_member_was_seen_in_are_told_and_erased(app: Flask) -> None:
    user, other = make_user(), make_user()
    for member in (user, other):
        db.session.add(NetworkSighting(user_id=member.id, network="0" * 64, seen_at=NOON))
    db.session.flush()
    with app.test_request_context("/"):
        sections = {section.code: section for section in own_data.export_reviews(None, user=user)}
        (row,) = sections["networks"].rows
    assert {field.code: field.value for field in row} == {"network": "0" * 64, "seen_at": NOON}
    erase_account(user, take_down=False, now=NOON)
    assert db.session.scalars(select(NetworkSighting.user_id)).all() == [other.id]
