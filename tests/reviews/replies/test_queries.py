from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from marketplace.core.errors import NotFound
from marketplace.core.extensions import db
from marketplace.reviews.replies.queries import (
    FILTERS,
    count_reviews,
    count_waiting,
    desk_reviews,
    received_review,
)
from marketplace.reviews.replies.services import publish_reply
from tests.clock import FrozenClock
from tests.conftest import CountQueries
from tests.factories import NOON, make_listing, make_reply, make_review, make_topic
from tests.reviews.answering import ANSWER, LATER, edit, make_case, published


def test_the_newest_come_first_and_pages_follow_by_place(app: Flask, count_queries: CountQueries) -> None:
    case = make_case()
    provider_id = case.provider.id
    elsewhere = make_listing(make_topic(), case.provider, status="paused")
    old = make_review(elsewhere, published_at=NOON - timedelta(days=3))
    twin = make_review(case.review.listing)
    make_review(case.review.listing, status="hidden")
    make_case()
    wanted = [twin.id, case.review.id, old.id]
    assert [row.id for row in desk_reviews(provider_id)] == wanted
    found, before = [], None
    for _ in range(3):
        (row,) = desk_reviews(provider_id, before=before, limit=1)
        found.append(row.id)
        before = (row.published_at, row.id)
    assert found == wanted
    assert desk_reviews(provider_id, before=before) == []
    with count_queries(app) as statements:
        desk_reviews(provider_id)
    assert len(statements) == 1


def test_reviews_are_filtered_by_whether_they_are_answered(app: Flask) -> None:
    case = make_case()
    provider_id = case.provider.id
    answered, refused, taken_back = (make_review(case.review.listing) for _ in range(3))
    make_reply(answered)
    make_reply(refused, status="rejected", note="It says who she is.")
    make_reply(taken_back, status="withdrawn")
    assert {row.id for row in desk_reviews(provider_id, show="answered")} == {answered.id, refused.id}
    assert {row.id for row in desk_reviews(provider_id, show="unanswered")} == {case.review.id, taken_back.id}
    assert [count_reviews(provider_id, show=show) for show in ("", *FILTERS)] == [4, 1, 2, 2, 1]
    assert count_waiting(provider_id) == (1, 1)


def test_only_a_shown_review_of_the_provider_is_found(app: Flask) -> None:
    case, other = make_case(), make_case()
    assert received_review(case.provider.id, case.review.id) is case.review
    hidden = make_review(case.review.listing, status="hidden")
    for number in (other.review.id, hidden.id, 0, 2**40):
        with pytest.raises(NotFound):
            received_review(case.provider.id, number)


def test_earlier_words_come_newest_first(app: Flask) -> None:
    case = make_case()
    reply = published(case)
    for text in ("The second version of it.", "The third version of it."):
        edit(reply, case.member, text=text)
        publish_reply(reply, now=LATER)
    db.session.commit()
    assert [row.text for row in reply.versions] == ["The second version of it.", ANSWER]


def test_praise_waits_for_a_fortnight_and_criticism_for_half_a_year(app: Flask, clock: FrozenClock) -> None:
    case = make_case()
    listing, now = case.review.listing, clock()
    case.review.published_at = now - timedelta(days=400)
    days = {(5, 13): True, (5, 14): False, (4, 20): False, (3, 179): True, (1, 20): True, (2, 180): False}
    made = {
        make_review(listing, rating=rating, published_at=now - timedelta(days=age)).id: waits
        for (rating, age), waits in days.items()
    }
    waiting = {number for number, waits in made.items() if waits}
    assert {row.id for row in desk_reviews(case.provider.id, show="waiting")} == waiting
    assert count_waiting(case.provider.id) == (len(waiting), 0)
    assert count_reviews(case.provider.id, show="waiting") == len(waiting)
