from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from marketplace.core.errors import NotFound
from marketplace.core.extensions import db
from marketplace.reviews.queries import (
    Waits,
    level_counts,
    my_reviews,
    own_review,
    publication_waits,
    review_counts,
    review_languages,
)
from marketplace.reviews.replies.queries import listing_reviews
from tests.conftest import CountQueries
from tests.factories import NOON, make_listing, make_reply, make_review, make_topic, make_user


def ids(result: tuple[object, int]) -> list[int]:
    return [row.id for row in result[0]]  # type: ignore[attr-defined]


def test_the_newest_reviews_come_first_and_ties_stay_stable(app: Flask) -> None:
    listing = make_listing(make_topic())
    old = make_review(listing, published_at=NOON - timedelta(days=9))
    first, second = make_review(listing), make_review(listing)
    assert ids(listing_reviews(listing.id)) == [second.id, first.id, old.id]


def test_the_lowest_rating_first_then_the_newest(app: Flask) -> None:
    listing = make_listing(make_topic())
    good, bad, worse = (make_review(listing, rating=rating) for rating in (5, 2, 1))
    newer = make_review(listing, rating=2, published_at=NOON + timedelta(days=1))
    assert ids(listing_reviews(listing.id, order="lowest")) == [worse.id, newer.id, bad.id, good.id]


def test_the_most_helpful_first_then_the_newest(app: Flask) -> None:
    listing = make_listing(make_topic())
    old, new, best = (make_review(listing, helpful_count=count) for count in (2, 2, 9))
    none = make_review(listing, published_at=NOON + timedelta(days=1))
    assert ids(listing_reviews(listing.id, order="helpful")) == [best.id, new.id, old.id, none.id]
    pages = [ids(listing_reviews(listing.id, order="helpful", page=page, limit=3)) for page in (1, 2)]
    assert pages == [[best.id, new.id, old.id], [none.id]]


def test_a_shown_reply_comes_with_its_review_and_no_other_does(app: Flask) -> None:
    listing = make_listing(make_topic())
    answered = make_reply(make_review(listing), language="es", edited_at=NOON + timedelta(days=1))
    row = listing_reviews(listing.id)[0][0]
    assert (row.reply_text, row.reply_language) == (answered.text, "es")
    assert (row.reply_published_at, row.reply_edited_at) == (NOON, NOON + timedelta(days=1))
    for status in ("hidden", "withdrawn", "pending"):
        answered.status = status
        shown = listing_reviews(listing.id)[0][0].reply_text
        assert (shown is not None) == (status == "pending")
    answered.shown_text = None
    assert listing_reviews(listing.id)[0][0].reply_text is None


def test_pages_follow_each_other_and_know_how_many_there_are(app: Flask) -> None:
    listing = make_listing(make_topic())
    made = [make_review(listing).id for _ in range(5)]
    pages = [listing_reviews(listing.id, page=number, limit=2) for number in (1, 2, 3)]
    assert [number for page in pages for number in ids(page)] == made[::-1]
    assert [total for _, total in pages] == [5, 5, 5]
    assert listing_reviews(listing.id, page=4, limit=2) == ([], 0)


def test_reviews_are_filtered_by_rating_level_and_language(app: Flask) -> None:
    listing = make_listing(make_topic())
    wanted = make_review(listing, rating=2, level="invited", language="es")
    make_review(listing)
    for rule in ({"rating": 2}, {"level": "invited"}, {"language": "es"}):
        assert ids(listing_reviews(listing.id, **rule)) == [wanted.id]  # type: ignore[arg-type]
    assert review_languages(listing.id) == ["en", "es"]


def test_only_published_reviews_of_this_listing_are_shown(app: Flask) -> None:
    topic = make_topic()
    listing = make_listing(topic)
    make_review(make_listing(topic))
    for status in ("pending", "rejected", "hidden", "withdrawn"):
        make_review(listing, status=status)
    assert listing_reviews(listing.id) == ([], 0)
    assert review_languages(listing.id) == []


def test_an_erased_author_leaves_the_review_without_a_name(app: Flask) -> None:
    listing, author = make_listing(make_topic()), make_user(name="Ottilie B.")
    make_review(listing, author)
    assert listing_reviews(listing.id)[0][0].author_name == "Ottilie B."
    db.session.commit()
    db.session.delete(author)
    db.session.commit()
    assert listing_reviews(listing.id)[0][0].author_name is None


def test_a_page_of_reviews_is_one_query(app: Flask, count_queries: CountQueries) -> None:
    listing = make_listing(make_topic())
    for _ in range(12):
        make_review(listing)
    with count_queries(app) as statements:
        listing_reviews(listing.id)
    assert len(statements) == 1


def test_the_histogram_has_every_rating_and_only_counted_reviews(app: Flask) -> None:
    listing = make_listing(make_topic())
    for rating in (5, 5, 3):
        make_review(listing, rating=rating)
    make_review(listing, rating=1, level="unverified")
    make_review(listing, rating=1, status="hidden")
    counts = review_counts(listing.id)
    assert list(counts.ratings.items()) == [(5, 2), (4, 0), (3, 1), (2, 0), (1, 0)]
    assert counts.levels == {"unverified": 1, "confirmed": 0, "invited": 0, "documented": 3}


def test_my_reviews_are_mine_with_status_and_reason(app: Flask) -> None:
    author, listing = make_user(), make_listing(make_topic())
    make_review(listing)
    rejected = make_review(listing, author, status="rejected", note="It names an employee.")
    newer = make_review(listing, author, status="pending", submitted_at=NOON + timedelta(hours=1))
    rows = my_reviews(author.id)
    assert [row.id for row in rows] == [newer.id, rejected.id]
    assert (rows[1].note, rows[1].provider_name) == ("It names an employee.", listing.provider.name)


def test_a_stranger_does_not_find_my_review(app: Flask) -> None:
    author = make_user()
    review = make_review(make_listing(make_topic()), author)
    assert own_review(author.id, review.id) is review
    for user_id, review_id in ((make_user().id, review.id), (author.id, 0), (author.id, 2**40)):
        with pytest.raises(NotFound):
            own_review(user_id, review_id)


def test_the_newest_reviews_are_read_by_index(app: Flask) -> None:
    listing = make_listing(make_topic())
    make_review(listing)
    db.session.commit()
    if db.session.get_bind().dialect.name == "sqlite":
        explain = "EXPLAIN QUERY PLAN "
    else:
        db.session.execute(text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN "
    query = "SELECT id FROM review WHERE listing_id = 1 AND status = 'published' ORDER BY published_at DESC LIMIT 10"
    plan = " ".join(str(row) for row in db.session.execute(text(explain + query)))
    assert "ix_review_listing_id_status" in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


def test_levels_are_counted_over_all_that_readers_see(app: Flask, count_queries: CountQueries) -> None:
    listing = make_listing(make_topic())
    for level in ("documented", "documented", "unverified"):
        make_review(listing, level=level)
    make_review(listing, level="invited", status="hidden")
    make_review(make_listing(make_topic(), status="rejected"), level="invited")
    make_review(make_listing(make_topic(), status="paused"), level="confirmed")
    db.session.flush()
    with count_queries(app) as statements:
        found = level_counts()
    assert len(statements) == 1
    assert found == {"unverified": 1, "confirmed": 1, "invited": 0, "documented": 2}


def test_the_waits_of_a_year_are_measured_in_days(app: Flask) -> None:
    today = NOON.date()
    assert publication_waits(today) == Waits(0, 0, 0, 0, 0)

    def wrote(days_ago: int, **values: Any) -> None:
        make_review(make_listing(make_topic()), submitted_at=NOON - timedelta(days=days_ago), **values)

    for days in (0, 1, 1, 9):
        wrote(20 + days, published_at=NOON - timedelta(days=20))
    wrote(500, published_at=NOON - timedelta(days=400))
    wrote(30, published_at=None, status="rejected")
    for days in (3, 6):
        wrote(days, published_at=None, status="pending")
    assert publication_waits(today) == Waits(decided=4, median=1, longest=9, waiting=2, oldest=6)
