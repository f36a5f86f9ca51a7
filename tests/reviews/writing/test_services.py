from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from marketplace.accounts.models import User
from marketplace.core.errors import Conflict, Invalid, InvalidFields, NotAllowed, NotFound
from marketplace.core.extensions import db
from marketplace.core.revisions import REVIEWS, revision_of
from marketplace.listings.models import Listing
from marketplace.reviews.models import Review
from marketplace.reviews.ratings.services import recompute_ratings
from marketplace.reviews.writing.services import (
    change_level,
    hide_review,
    publish_review,
    reject_review,
    restore_review,
    withdraw_review,
    write_review,
)
from tests.clients import Client
from tests.factories import NOON, make_listing, make_provider, make_review, make_topic, make_user, sign_in
from tests.refusals import refused
from tests.reviews.asking import in_parallel
from tests.reviews.drafting import TEXT, draft, write
from tests.reviews.summing import sums_by_hand


def revisions(listing: Listing) -> tuple[int, int, int]:
    db.session.flush()
    db.session.expire_all()
    return listing.topic.revision, listing.provider.revision, revision_of(REVIEWS)


def test_a_review_waits_unverified(app: Flask) -> None:
    listing, author = make_listing(make_topic()), make_user()
    before = revisions(listing)
    review = write(
        listing,
        author,
        text=f"  {TEXT}\r\nTwice.  ",
        real_cost=420000,
        real_currency="MXN",
        real_time=14,
        real_time_unit="days",
        outcome=" Card ",
    )
    db.session.commit()
    kept = db.session.get_one(Review, review.id)
    assert (kept.status, kept.level, kept.version, kept.submitted_at) == ("pending", "unverified", 1, NOON)
    assert (kept.text, kept.outcome) == (f"{TEXT}\nTwice.", "Card")
    assert (kept.real_cost, kept.real_currency, kept.real_time, kept.real_time_unit) == (
        420000,
        "MXN",
        14,
        "days",
    )
    assert revisions(listing) == (*before[:2], before[2] + 1), "the page about reviews says how many wait"
    assert listing.review_count == listing.uncounted_count == 0


def test_problems_are_refused_together_and_nothing_is_written(app: Flask) -> None:
    with refused(
        InvalidFields,
        {
            "rating": "rating_range",
            "text": "text_short",
            "real_currency": "currency_missing",
        },
    ):
        write(make_listing(make_topic()), rating=0, text="short", real_cost=5)
    assert db.session.scalar(select(func.count(Review.id))) == 0


def test_a_text_is_taken_once(app: Flask) -> None:
    author, topic = make_user(), make_topic()
    write(make_listing(topic), author)
    with refused(InvalidFields, {"text": "same_text"}):
        write(make_listing(topic), author, text=TEXT.upper())


def test_a_listing_that_is_not_shown_is_not_there(app: Flask) -> None:
    with pytest.raises(NotFound):
        write(make_listing(make_topic(), status="draft"))


@pytest.mark.parametrize("status", ["paused", "withdrawn"])
def test_clients_of_a_listing_that_is_not_offered_have_their_say(app: Flask, status: str) -> None:
    assert write(make_listing(make_topic(), status=status)).status == "pending"


def test_the_own_provider_and_a_rival_are_refused(app: Flask) -> None:
    topic, owner = make_topic(), make_user()
    own, other = make_listing(topic, make_provider(owner)), make_listing(topic)
    for listing, code in ((own, "own_provider"), (other, "rival")):
        with refused(NotAllowed, code):
            write(listing, owner)


def test_a_second_review_is_refused_whatever_it_says(app: Flask) -> None:
    author, listing = make_user(), make_listing(make_topic())
    write(listing, author)
    with refused(Invalid, "second_review"):
        write(listing, author, text="Another text of more than thirty characters.")


def test_publishing_shows_the_review_and_counts_it(app: Flask) -> None:
    listing = make_listing(make_topic())
    review = write(listing, rating=4)
    db.session.commit()
    before = revisions(listing)
    publish_review(review, level="documented", now=NOON + timedelta(hours=3))
    db.session.commit()
    assert (review.status, review.level, review.version) == ("published", "documented", 2)
    assert review.published_at == NOON + timedelta(hours=3)
    assert (listing.review_count, listing.rating_sum) == (1, 4)
    assert all(new > old for new, old in zip(revisions(listing), before, strict=True))


def test_an_unverified_review_is_shown_but_not_counted(app: Flask) -> None:
    listing = make_listing(make_topic())
    publish_review(write(listing), level="unverified", now=NOON)
    db.session.commit()
    assert (listing.review_count, listing.uncounted_count, listing.rating_weight) == (0, 1, 0.0)


def test_a_published_review_is_not_published_twice(app: Flask) -> None:
    review = write(make_listing(make_topic()))
    publish_review(review, level="unverified", now=NOON)
    with pytest.raises(Conflict):
        publish_review(review, level="documented", now=NOON)


def test_a_level_that_does_not_exist_is_refused(app: Flask) -> None:
    review = write(make_listing(make_topic()))
    with pytest.raises(Invalid):
        publish_review(review, level="golden", now=NOON)
    assert review.status == "pending"


def test_rejecting_keeps_the_statement_and_shows_nothing(app: Flask) -> None:
    listing = make_listing(make_topic())
    review = write(listing)
    before = revisions(listing)
    reject_review(review, note="It tells about something else.", now=NOON)
    db.session.commit()
    assert (review.status, review.note, review.version) == ("rejected", "It tells about something else.", 2)
    assert revisions(listing) == before
    with pytest.raises(Conflict):
        reject_review(review, note="Again.", now=NOON)


def test_a_hidden_review_counts_nowhere_until_it_is_shown_again(app: Flask) -> None:
    listing = make_listing(make_topic())
    review = make_review(listing, rating=4)
    recompute_ratings(listing.id)
    before = revisions(listing)
    hide_review(review, note="A rival's text.", now=NOON)
    assert (review.status, review.note, listing.review_count) == ("hidden", "A rival's text.", 0)
    assert all(after > old for after, old in zip(revisions(listing)[:2], before[:2], strict=True))
    with pytest.raises(Conflict):
        hide_review(review, note="Again.", now=NOON)
    restore_review(review, now=NOON)
    assert (review.status, review.note, listing.review_count) == ("published", "", 1)
    with pytest.raises(Conflict):
        restore_review(review, now=NOON)


def test_a_proof_seen_later_makes_the_review_count(app: Flask) -> None:
    listing = make_listing(make_topic())
    review = write(listing, rating=2)
    with pytest.raises(Conflict):
        change_level(review, level="documented", now=NOON)
    publish_review(review, level="unverified", now=NOON)
    before = revisions(listing)
    change_level(review, level="documented", now=NOON)
    db.session.commit()
    assert (listing.review_count, listing.uncounted_count, listing.rating_sum) == (1, 0, 2)
    assert revisions(listing) > before
    with pytest.raises(Conflict):
        change_level(review, level="documented", now=NOON)


def test_an_author_withdraws_a_published_review(app: Flask) -> None:
    listing, author = make_listing(make_topic()), make_user()
    review = write(listing, author)
    publish_review(review, level="documented", now=NOON)
    db.session.commit()
    before = revisions(listing)
    withdraw_review(review, actor=author, now=NOON)
    db.session.commit()
    assert (review.status, listing.review_count, listing.rating_weight) == ("withdrawn", 0, 0.0)
    assert revisions(listing) > before
    with pytest.raises(Conflict):
        withdraw_review(review, actor=author, now=NOON)


def test_nobody_withdraws_the_review_of_another(app: Flask) -> None:
    review = write(make_listing(make_topic()))
    for stranger in (make_user(), make_user("moderator"), make_user("admin")):
        with pytest.raises(NotFound):
            withdraw_review(review, actor=stranger, now=NOON)


def test_a_withdrawn_review_may_be_written_again(app: Flask) -> None:
    listing, author = make_listing(make_topic()), make_user()
    withdraw_review(write(listing, author), actor=author, now=NOON)
    assert write(listing, author).status == "pending"


def test_two_tabs_send_one_review(app: Flask) -> None:
    listing_id, author_id = make_listing(make_topic()).id, make_user().id
    db.session.commit()

    def send(text: str) -> str:
        listing, author = db.session.get_one(Listing, listing_id), db.session.get_one(User, author_id)
        return write_review(listing, draft(text=text), author=author, now=NOON).status

    results = in_parallel(app, lambda: send(TEXT), lambda: send(TEXT + " And more."))
    assert sorted(map(str, results)) == ["pending", "second_review"]


def test_two_reviews_published_at_once_are_both_in_the_sums(app: Flask) -> None:
    listing = make_listing(make_topic())
    ids = [write(listing, text=f"{TEXT} {number}").id for number in range(2)]
    db.session.commit()

    def publish(review_id: int) -> None:
        publish_review(db.session.get_one(Review, review_id), level="documented", now=NOON)

    in_parallel(app, lambda: publish(ids[0]), lambda: publish(ids[1]))
    db.session.expire_all()
    assert listing.review_count == 2


operations = st.lists(
    st.tuples(
        st.sampled_from(["write", "publish", "reject", "document", "withdraw"]),
        st.integers(0, 5),
        st.integers(1, 5),
        st.sampled_from(["unverified", "documented", "invited"]),
        st.integers(0, 400),
    ),
    max_size=25,
)


@pytest.mark.slow
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(operations)
def test_the_sums_equal_brute_force_whatever_happened(
    app: Flask, done: list[tuple[str, int, int, str, int]]
) -> None:
    listing = make_listing(make_topic())
    authors = [make_user(password=None) for _ in range(6)]
    for step, (operation, who, rating, level, days) in enumerate(done):
        now = NOON + timedelta(days=days)
        query = select(Review).where(Review.user_id == authors[who].id, Review.status != "withdrawn")
        review = db.session.scalar(query.order_by(Review.id.desc()).limit(1))
        try:
            if operation == "write":
                told = {"real_cost": rating * 1000, "real_currency": "MXN" if days % 3 else "EUR"}
                told |= {"real_time": rating, "real_time_unit": "business_days" if days % 2 else "days"}
                write(listing, authors[who], rating=rating, text=f"{TEXT} {step} {who}", **told)
            elif review is not None and operation == "publish":
                publish_review(review, level=level, now=now)
            elif review is not None and operation == "reject":
                reject_review(review, note="No.", now=now)
            elif review is not None and operation == "document":
                change_level(review, level=level, now=now)
            elif review is not None:
                withdraw_review(review, actor=authors[who], now=now)
        except (Conflict, Invalid):
            continue
    db.session.flush()
    db.session.refresh(listing)
    rows = db.session.scalars(select(Review).where(Review.listing_id == listing.id)).all()
    expected = sums_by_hand([row for row in rows if row.status == "published"], listing)
    assert {name: getattr(listing, name) for name in expected} == expected
    db.session.rollback()


def test_a_new_name_shows_beside_old_reviews(client: Client) -> None:
    topic = make_topic()
    listing = make_listing(topic)
    author = make_user(name="Old Name")
    make_review(listing, author)
    recompute_ratings(listing.id)
    db.session.commit()
    path = f"/guides/mexico/{topic.guides[0].stem}/{listing.provider.slug}/"
    before = client.get(path)
    assert "Old Name" in before.text
    sign_in(client, author)
    assert client.submit("/account/", {"name": "New Name"}).status_code == 303
    after = client.get(path)
    assert "New Name" in after.text
    assert after.headers["ETag"] != before.headers["ETag"]


def test_a_new_name_leaves_pages_alone_that_do_not_show_it(client: Client) -> None:
    topic = make_topic()
    listing = make_listing(topic)
    author = make_user()
    make_review(listing, author, status="pending", published_at=None)
    db.session.commit()
    path = f"/guides/mexico/{topic.guides[0].stem}/{listing.provider.slug}/"
    before = client.get(path).headers["ETag"]
    sign_in(client, author)
    client.submit("/account/", {"name": "New Name"})
    assert client.get(path).headers["ETag"] == before
