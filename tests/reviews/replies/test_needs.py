from __future__ import annotations

from flask import Flask

from marketplace.core.extensions import db
from marketplace.reviews.replies.needs import review_needs
from tests.clients import Client
from tests.conftest import CountQueries
from tests.factories import make_reply, make_review, sign_in
from tests.reviews.answering import make_case


def test_reviews_without_a_reply_and_refused_replies_wait(
    app: Flask, client: Client, count_queries: CountQueries
) -> None:
    case = make_case()
    make_review(case.review.listing)
    make_reply(make_review(case.review.listing), status="rejected", note="It says who she is.")
    db.session.commit()
    provider = case.provider
    assert provider.id
    with app.test_request_context(), count_queries(app) as statements:
        needs = review_needs(None, provider=provider)
    assert [(need.count, need.title) for need in needs] == [
        (1, "A reply was not accepted"),
        (2, "2 reviews are waiting for your reply"),
    ]
    assert len(statements) == 1
    sign_in(client, case.member)
    page = client.page(f"/manage/{case.provider.slug}/")
    assert "2 things need your attention." in page.text
    assert "Reviews 3 waiting for you" in page.text


def test_nothing_waits_where_all_are_answered_or_the_provider_is_suspended(app: Flask) -> None:
    case = make_case()
    with app.test_request_context():
        case.provider.status = "suspended"
        assert review_needs(None, provider=case.provider) == []
        case.provider.status = "active"
        make_reply(case.review)
        assert review_needs(None, provider=case.provider) == []
