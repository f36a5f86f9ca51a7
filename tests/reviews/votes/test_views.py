from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from marketplace.core.extensions import db
from marketplace.reviews.votes.services import count_votes, refresh_helpful_counts
from marketplace.reviews.votes.views import REFUSALS, VOTES
from tests.clients import Client, path_of
from tests.clock import FrozenClock
from tests.factories import make_listing, make_provider, make_review, make_user, sign_in
from tests.pages import Page, shown, text_of
from tests.reviews.answering import Case, make_case


@pytest.fixture
def case(app: Flask) -> Case:
    return make_case()


@pytest.fixture
def member(client: Client, case: Case) -> Any:
    member = make_user()
    db.session.commit()
    sign_in(client, member)
    return member


def page_of(case: Case, prefix: str = "") -> str:
    return f"{prefix}/account/reviews/{case.review.id}/helpful/"


def votes(case: Case) -> int:
    db.session.rollback()
    return count_votes(case.review.id)


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_a_member_votes_comes_back_to_the_review_and_takes_it_back(
    client: Client, case: Case, member: Any, prefix: str
) -> None:
    listing = client.page(case.page_in(prefix))
    (link,) = [link for link in listing.links() if "/helpful/" in link]
    assert link == page_of(case, prefix)
    assert len(listing.all(id=f"review-{case.review.id}")) == 1
    assert case.review.text in client.page(link).text
    for _ in range(2):  # a second click is the same vote
        response = client.post(link, data={**token(client, link), "do": "vote"})
        assert response.headers["Location"].endswith(f"/{case.provider.slug}/#review-{case.review.id}")
        assert path_of(response).startswith(f"{prefix}/guides/mexico/")
        assert votes(case) == 1
    assert [text_of(button) for button in client.page(link).all("button", value="back")] != []
    client.submit(link, {"do": "back"})
    assert votes(case) == 0


def token(client: Client, path: str) -> dict[str, str]:
    return {"csrf_token": client.token(path)}


def test_a_reader_goes_back_to_the_page_and_order_they_came_from(
    client: Client, case: Case, member: Any
) -> None:
    for _ in range(10):
        make_review(case.review.listing)
    db.session.commit()
    asked = "?order=helpful&page=2"
    (link,) = [link for link in client.page(case.page + asked).links() if "/helpful/" in link]
    response = client.submit(link, {"do": "vote"})
    assert path_of(response) == case.page + asked
    odd = page_of(case) + "?order=odd&page=0&rating=9&level=x&next=https://evil.example/"
    response = client.submit(page_of(case), {"do": "vote"}, on=page_of(case))
    assert path_of(client.post(odd, data={**token(client, page_of(case)), "do": "vote"})) == case.page


def test_visitors_are_led_to_sign_in_and_back(client: Client, case: Case) -> None:
    response = client.get(page_of(case))
    assert path_of(response).startswith("/account/sign-in/?next=")
    assert client.post(page_of(case)).status_code == 401
    unconfirmed = make_user(confirmed=False)
    db.session.commit()
    sign_in(client, unconfirmed)
    assert client.get(page_of(case)).status_code == 302
    assert votes(case) == 0


def test_author_member_and_rival_are_told_why_they_cannot_vote(client: Client, case: Case) -> None:
    rival = make_user()
    make_listing(case.review.listing.topic, make_provider(rival))
    db.session.commit()
    for person, words in (
        (case.author, "You wrote this review, so other people say whether it helps"),
        (case.member, "You belong to this provider"),
        (rival, "You belong to a provider for the same procedure, so you cannot vote here"),
    ):
        sign_in(client, person)
        page = client.page(page_of(case), 403)
        assert words in page.text
        assert page.all("button", value="vote") == []
        assert client.post(page_of(case), data={"do": "vote"}).status_code == 403
    assert votes(case) == 0


def test_a_review_out_of_sight_is_not_found(client: Client, case: Case, member: Any) -> None:
    case.review.status = "hidden"
    db.session.commit()
    assert client.get(page_of(case)).status_code == 404
    assert client.post(page_of(case), data={"do": "vote"}).status_code == 404
    assert client.get("/account/reviews/999/helpful/").status_code == 404


def test_an_old_page_counts_nothing(client: Client, case: Case, member: Any) -> None:
    response = client.post(page_of(case), data={"do": "vote", "csrf_token": "old"})
    assert "open for too long" in shown(response, 422).text
    assert votes(case) == 0


def test_a_flood_of_votes_is_stopped_with_clear_words_and_only_for_who_sends_it(
    client: Client, case: Case, member: Any, clock: FrozenClock
) -> None:
    most = int(VOTES.partition("/")[0])
    sent = token(client, page_of(case))
    for number in range(most):
        do = "back" if number % 2 else "vote"
        assert client.post(page_of(case), data={**sent, "do": do}).status_code == 302
    response = client.post(page_of(case), data={**sent, "do": "vote"})
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert ("You have voted too many times in an hour, so this vote was not counted") in Page(
        response.get_data(as_text=True)
    ).text
    assert votes(case) == 0
    other = make_user()
    db.session.commit()
    sign_in(client, other)
    assert client.submit(page_of(case), {"do": "vote"}).status_code == 302
    sign_in(client, member)
    clock.advance(timedelta(hours=1))
    assert client.submit(page_of(case), {"do": "vote"}).status_code == 302
    assert votes(case) == 2


def test_votes_leave_the_kept_page_alone_until_they_are_shown(
    client: Client, case: Case, member: Any
) -> None:
    etag = client.get(case.page).headers["ETag"]
    client.submit(page_of(case), {"do": "vote"})
    again = client.get(case.page, headers={"If-None-Match": etag})
    assert again.status_code == 304
    refresh_helpful_counts()
    db.session.commit()
    page = client.page(case.page, headers={"If-None-Match": etag})
    assert "One person found this helpful" in page.text


def test_every_refusal_is_a_sentence(app: Flask) -> None:
    with app.test_request_context():
        codes = ("unconfirmed", "own_review", "own_provider", "same_owner", "rival", "too_many")
        assert set(codes) == set(REFUSALS)
        assert len({str(REFUSALS[code]) for code in codes}) == len(codes)
        assert all(str(REFUSALS[code]).endswith(".") for code in codes)
