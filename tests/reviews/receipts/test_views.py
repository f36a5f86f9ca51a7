from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from marketplace.core.extensions import db
from marketplace.reviews.models import Review
from marketplace.reviews.receipts.services import find_public_key, verify
from tests.clients import Client
from tests.factories import NOON, make_user, sign_in
from tests.moderation.deciding import decide_now
from tests.moderation.waiting import waiting_review


@pytest.fixture
def review(app: Flask) -> Review:
    before = NOON - timedelta(minutes=1)
    made = waiting_review(submitted_at=before)
    decide_now("review", made.id, actor=make_user("moderator"), action="publish", version=1, now=before)
    db.session.commit()
    return made


def test_an_author_takes_a_receipt_away(client: Client, review: Review) -> None:
    assert review.user is not None
    sign_in(client, review.user)
    (link,) = [
        link for link in client.page("/account/reviews/").links() if link.startswith("/account/receipts/")
    ]
    response = client.get(link)
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["Cache-Control"] == "no-store"
    assert verify(response.get_data(), find_public_key)["text"] == review.text


def test_nobody_else_finds_it(client: Client, review: Review) -> None:
    sign_in(client, make_user())
    db.session.commit()
    assert client.get("/account/receipts/1.json").status_code == 404
    assert client.get("/account/receipts/2147483647.json").status_code == 404
