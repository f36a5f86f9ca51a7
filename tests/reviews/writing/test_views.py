from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.reviews.models import CONTENT_FIELDS, Review, ReviewDraft, ReviewEdit
from marketplace.reviews.ratings.services import recompute_ratings
from marketplace.reviews.risk.networks import network_of
from marketplace.reviews.writing.drafts import KEPT_FOR, LONGEST, delete_drafts, draft_of, keep_draft
from marketplace.reviews.writing.versions import keep_version
from tests.clients import Client, path_of
from tests.clock import START, FrozenClock
from tests.conftest import CountQueries
from tests.factories import NOON, make_listing, make_provider, make_review, make_topic, make_user, sign_in
from tests.pages import shown, text_of
from tests.reviews.drafting import TEXT

GOOD: dict[str, Any] = {
    "rating": "4",
    "text": TEXT,
    "experience_day": "3",
    "experience_month": "10",
    "experience_year": "2026",
    "real_cost": "4,300",
    "real_currency": "MXN",
    "real_time": "13",
    "real_time_unit": "business_days",
    "outcome": "Card received",
}


def form_of(listing: Listing, prefix: str = "") -> str:
    return f"{prefix}/account/reviews/new/?listing={listing.id}"


def count() -> int:
    return db.session.scalar(select(func.count(Review.id))) or 0


def test_a_visitor_is_led_to_sign_in_and_back_to_the_form(client: Client, listing: Listing) -> None:
    response = client.get(form_of(listing, "/es"))
    assert response.status_code == 302
    assert path_of(response).startswith("/es/account/sign-in/?next=")
    assert f"listing%3D{listing.id}" in path_of(response) or f"listing={listing.id}" in path_of(response)


def test_what_an_unconfirmed_member_writes_is_kept_until_the_address_is_confirmed(
    client: Client, listing: Listing, clock: FrozenClock
) -> None:
    author = make_user(confirmed=False)
    db.session.commit()
    sign_in(client, author)
    form = form_of(listing)
    assert "confirm your email address" in client.page(form).text
    back = path_of(client.submit(form, {**GOOD, "text": "Only a <first> draft."}))
    assert back == f"/account/confirm/?next=/account/reviews/new/?listing%3D{listing.id}"
    assert "We have kept your review" in client.page(back).text
    client.submit(form, {**GOOD})
    assert client.page(form).one("textarea", name="text").text == GOOD["text"], "the last one counts"
    assert count() == 0
    author.confirmed_at = START
    db.session.commit()
    page = client.page(form)
    assert "This is what you wrote before" in page.text
    assert page.one("textarea", name="text").text == GOOD["text"]
    assert page.one("input", name="rating", value=str(GOOD["rating"])).get("checked") is not None
    client.submit(form, {**GOOD})
    assert count() == 1
    assert db.session.scalar(select(func.count()).select_from(ReviewDraft)) == 0


def test_drafts_are_bounded_and_go_after_a_month(app: Flask, listing: Listing, clock: FrozenClock) -> None:
    author = make_user(confirmed=False)
    assert not keep_draft(author, listing, [("text", "x" * LONGEST)], now=clock())
    assert draft_of(author, listing) is None
    keep_draft(author, listing, [("text", "short")], now=clock())
    clock.advance(KEPT_FOR)
    delete_drafts({})
    assert draft_of(author, listing) == [("text", "short")]
    clock.advance(timedelta(seconds=1))
    delete_drafts({})
    assert draft_of(author, listing) is None


def test_a_member_writes_a_review_that_waits(client: Client, member: Any, listing: Listing) -> None:
    response = client.submit(form_of(listing), {**GOOD})
    assert (response.status_code, path_of(response)) == (302, "/account/reviews/")
    review = db.session.scalars(select(Review)).one()
    assert (review.status, review.level, review.user_id) == ("pending", "unverified", member.id)
    assert (review.rating, review.real_cost, review.real_time, review.outcome) == (
        4,
        430000,
        13,
        "Card received",
    )
    assert (review.experience_on.isoformat(), review.language) == ("2026-10-03", "en")
    page = client.page("/account/reviews/")
    assert "A moderator will read your review within two working days" in page.text
    assert "Waiting for a moderator" in page.text
    assert "Nopal <y> Norte" in page.text


def test_where_a_review_came_from_is_kept_as_a_hash_and_its_address_nowhere(
    app: Flask, client: Client, member: Any, listing: Listing, caplog: pytest.LogCaptureFixture
) -> None:
    fields = {**GOOD, "language": "en", "csrf_token": client.token(form_of(listing))}
    with caplog.at_level("DEBUG"):
        client.post(form_of(listing), data=fields, environ_overrides={"REMOTE_ADDR": "203.0.113.77"})
    review = db.session.scalars(select(Review)).one()
    network = network_of("203.0.113.5", key=app.extensions["settings"].risk_hash_key, now=NOON)
    assert network is not None
    assert review.network == network.hash
    assert "203.0.113" not in caplog.text
    for table in db.metadata.sorted_tables:
        assert not [row for row in db.session.execute(select(table)) if "203.0.113" in str(tuple(row))]


def test_the_form_speaks_spanish_and_reads_spanish_numbers(
    client: Client, member: Any, listing: Listing
) -> None:
    page = client.page(form_of(listing, "/es"))
    assert page.one("html").get("lang") == "es"
    response = client.submit(form_of(listing, "/es"), {**GOOD, "real_cost": "4.300,50"})
    assert path_of(response) == "/es/account/reviews/"
    review = db.session.scalars(select(Review)).one()
    assert (review.real_cost, review.language) == (430050, "es")


def test_every_mistake_is_shown_at_once_and_everything_typed_is_kept(
    client: Client, member: Any, listing: Listing
) -> None:
    wrong = {
        **GOOD,
        "rating": None,
        "text": "Call 612 345 678 <b>now</b>, it is thirty characters",
        "experience_day": "31",
        "experience_month": "2",
        "real_cost": "about ten",
        "real_time": "x",
    }
    page = shown(client.submit(form_of(listing), wrong), 422)
    summary = page.one(class_="error-summary")
    assert "There are 5 problems" in text_of(summary)
    for link in [element.get("href", "") for element in summary.iter("a")]:
        assert page.all(id=link.removeprefix("#")), link
    assert text_of(page.one("textarea", name="text")) == wrong["text"]
    assert page.one("input", name="real_cost").get("value") == "about ten"
    assert page.one("input", name="experience_day").get("value") == "31"
    assert count() == 0


def test_a_stale_page_comes_back_with_everything(client: Client, member: Any, listing: Listing) -> None:
    page = shown(client.post(form_of(listing), data={**GOOD, "csrf_token": "old"}), 422)
    assert text_of(page.one("textarea", name="text")) == TEXT
    assert "open for too long" in page.text
    assert count() == 0


def test_the_preview_shows_the_review_and_sends_nothing(
    client: Client, member: Any, listing: Listing
) -> None:
    fields = {**GOOD, "text": "<script>alert(1)</script> | **bold** 👍 and enough characters"}
    page = shown(client.submit(form_of(listing), {**fields, "do": "preview"}))
    article = text_of(page.one("article"))
    assert "<script>alert(1)</script> | **bold** 👍" in article
    assert "Ottilie B." in article
    assert "MX$4,300" in article
    assert page.one("input", name="real_cost").get("value") == "4,300"
    assert count() == 0


@pytest.mark.parametrize(("kind", "status"), [("own", 403), ("rival", 403), ("second", 422)])
def test_who_may_not_review_is_told_why_before_and_after_typing(
    client: Client, member: Any, listing: Listing, kind: str, status: int
) -> None:
    token = client.token(form_of(listing))
    if kind == "second":
        make_review(listing, member)
    else:
        provider = make_provider(member)
        if kind == "own":
            listing.provider = provider
        else:
            make_listing(listing.topic, provider)
    db.session.commit()
    before = count()
    page = client.page(form_of(listing), status=status)
    assert "You cannot review" in page.title
    response = client.post(form_of(listing), data={**GOOD, "language": "en", "csrf_token": token})
    assert response.status_code == status
    assert TEXT in response.get_data(as_text=True)
    assert count() == before


@pytest.mark.parametrize(
    "asked", ["", "?listing=", "?listing=0", "?listing=999", "?listing=x", "?listing=99999999999"]
)
def test_a_listing_that_does_not_exist_is_not_found(client: Client, member: Any, asked: str) -> None:
    assert client.get("/account/reviews/new/" + asked).status_code == 404
    assert client.post("/account/reviews/new/" + asked, data=GOOD).status_code == 404


def test_a_listing_that_is_not_shown_is_not_found(client: Client, member: Any, listing: Listing) -> None:
    listing.status = "rejected"
    db.session.commit()
    assert client.get(form_of(listing)).status_code == 404


def test_my_reviews_show_status_reason_and_what_to_do(client: Client, member: Any, listing: Listing) -> None:
    make_review(
        listing,
        member,
        status="rejected",
        note="It names <an> employee.",
        text="Text & more of my own review here",
    )
    make_review(make_listing(make_topic()), member, level="unverified")
    make_review(listing, text="Somebody else's review of the same thing.")
    db.session.commit()
    page = client.page("/account/reviews/")
    assert "Not published" in page.text
    assert "It names <an> employee." in page.text
    assert "it does not count in the average" in page.text
    assert "Someone else’s name" not in page.text
    assert form_of(listing) in page.links()


def test_no_reviews_yet_says_how_to_begin(client: Client, member: Any) -> None:
    assert "You have not written a review yet." in client.page("/account/reviews/").text


def test_withdrawing_asks_first_and_takes_the_stars_along(
    client: Client, member: Any, listing: Listing
) -> None:
    review = make_review(listing, member)
    recompute_ratings(listing.id)
    db.session.commit()
    path = f"/account/reviews/{review.id}/withdraw/"
    assert "Withdraw your review?" in client.page(path).text
    response = client.submit(path)
    assert path_of(response) == "/account/reviews/"
    db.session.expire_all()
    assert (review.status, listing.review_count) == ("withdrawn", 0)
    assert "You have withdrawn your review. It is no longer shown" in client.page("/account/reviews/").text


def test_withdrawing_twice_says_so(client: Client, member: Any, listing: Listing) -> None:
    review = make_review(listing, member)
    db.session.commit()
    path = f"/account/reviews/{review.id}/withdraw/"
    client.submit(path)
    assert client.submit(path, follow_redirects=True).status_code == 200
    assert review.status == "withdrawn"


def test_a_stale_page_withdraws_nothing(client: Client, member: Any, listing: Listing) -> None:
    review = make_review(listing, member)
    db.session.commit()
    response = client.post(f"/account/reviews/{review.id}/withdraw/", data={"csrf_token": "old"})
    assert response.status_code == 422
    assert review.status == "published"


def test_a_stranger_does_not_find_my_review(client: Client, member: Any, listing: Listing) -> None:
    other = make_review(listing)
    db.session.commit()
    for path in (f"/account/reviews/{other.id}/withdraw/", "/account/reviews/99999999999/withdraw/"):
        assert client.get(path).status_code == 404
        assert client.post(path).status_code == 404


def test_these_pages_are_for_members(new_client: Callable[[], Client], listing: Listing) -> None:
    for path in ("/account/reviews/", "/account/reviews/1/withdraw/"):
        assert new_client().get(path).status_code == 302


def test_a_year_later_a_second_review_is_welcome(client: Client, clock: Any, listing: Listing) -> None:
    member = make_user()
    make_review(listing, member, text="The first of two reviews, a year ago.", submitted_at=NOON)
    db.session.commit()
    clock.advance(timedelta(days=366))
    sign_in(client, member)
    response = client.submit(form_of(listing), {**GOOD, "experience_year": "2027"})
    assert response.status_code == 302


def test_my_reviews_take_as_many_statements_whatever_their_number(
    app: Flask, client: Client, count_queries: CountQueries
) -> None:
    topic, author = make_topic(), make_user()
    sign_in(client, author)
    counts = []
    for more in (1, 6):
        for _ in range(more):
            review = make_review(make_listing(topic), author)
            db.session.add(ReviewEdit(review=review, submitted_at=NOON, **draft_content(review)))
            keep_version(review, cause="edited", now=NOON)
            make_review(make_listing(topic), author, status="rejected", note="Why it was rejected.")
        db.session.commit()
        with count_queries(app) as statements:
            client.page("/account/reviews/")
        counts.append(len(statements))
    assert counts[0] == counts[1]


def draft_content(review: Review) -> dict[str, Any]:
    return {name: getattr(review, name) for name in CONTENT_FIELDS} | {"text": "Another text of the review."}
