"""The reviews that came of a provider's lists of clients are looked at, and decided on, together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.moderation.models import Decision
from marketplace.reviews.invitations.accepting import use_invite
from marketplace.reviews.invitations.models import Invite
from marketplace.reviews.models import Review
from tests.clients import Client, path_of
from tests.conftest import CountQueries
from tests.factories import NOON, make_listing, make_review, make_topic, make_user, sign_in
from tests.moderation.deciding import let_decisions_take_effect
from tests.moderation.desk import count
from tests.pages import Page, shown, text_of
from tests.reviews.asking import SEPTEMBER, ask, invite_of, offered


def of_list(listing: Listing, address: str, **values: Any) -> Review:
    """A waiting review of an invited client."""
    values = {"rating": 5, "level": "invited", "status": "pending", "published_at": None, **values}
    review = make_review(listing, make_user(email=address), **values)
    use_invite(invite_of(address), review, now=NOON)
    return review


@pytest.fixture
def invited(app: Flask) -> list[Review]:
    """Three of twelve clients wrote, and one of an earlier list, which is published."""
    listing, _ = offered()
    listing.provider.name = "Casa <1>"
    ask(listing, "old@home.example", period=SEPTEMBER)
    ask(listing, *(f"client{number}@gmail.com" for number in range(12)))
    db.session.execute(update(Invite).values(state="sent", sent_at=NOON))
    db.session.expire_all()
    of_list(listing, "old@home.example", status="published", published_at=NOON, rating=2)
    reviews = [
        of_list(
            listing, f"client{number}@gmail.com", text=f"They did what they had promised, {number} times."
        )
        for number in range(3)
    ]
    db.session.commit()
    return reviews


def page_of(review: Review, prefix: str = "") -> str:
    return f"{prefix}/staff/lists/{review.listing_id}/"


def values_of(page: Page) -> list[str]:
    return [box.get("value", "") for box in page.all("input", name="review")]


def test_an_invited_review_shows_its_lists_and_the_others_that_came_of_them(
    client: Client, moderator: Any, invited: list[Review]
) -> None:
    page = client.page(f"/staff/queue/review/{invited[0].id}/")
    rows = [[text_of(cell) for cell in row.iter("td")] for row in page.all("tr")]
    assert ["1 Oct 2026 to 31 Oct 2026", "23 Nov 2026", "12", "3"] in rows
    assert ["1 Sept 2026 to 30 Sept 2026", "23 Nov 2026", "1", "1"] in rows
    assert "5 stars: 3 reviews, 2 stars: one review" in page.text
    assert "Addresses of free email services12" in page.text
    assert "4 reviews came of these lists" in page.text
    assert {f"/staff/queue/review/{review.id}/" for review in invited[1:]} <= set(page.links())
    assert page_of(invited[0]) in page.links()
    assert "gmail.com" not in page.html
    other = make_review(make_listing(make_topic()), status="pending", published_at=None)
    db.session.commit()
    assert "Clients the provider invited" not in client.page(f"/staff/queue/review/{other.id}/").text


def test_what_waits_of_the_lists_stands_on_one_page_unticked(
    client: Client, moderator: Any, invited: list[Review]
) -> None:
    page = client.page(page_of(invited[0]))
    assert "Invited reviews of Casa <1>" in page.title
    assert values_of(page) == [f"{review.id}-{review.version}" for review in invited]
    assert not page.all("input", name="review", checked="")
    assert client.page(page_of(invited[0], "/es")).one("html").get("lang") == "es"


@pytest.mark.parametrize(("action", "status"), [("publish", "published"), ("reject", "rejected")])
def test_the_ticked_ones_are_decided_on_together(
    client: Client, moderator: Any, invited: list[Review], action: str, status: str
) -> None:
    path = page_of(invited[0])
    ticked = values_of(client.page(path))[:2]
    response = client.submit(path, {"review": ticked, "action": action, "ground": "own_or_rival"})
    assert path_of(response) == path
    assert values_of(client.page(path)) == [f"{invited[2].id}-1"]
    let_decisions_take_effect()
    assert [review.status for review in invited] == [status, status, "pending"]
    assert {review.level for review in invited} == {"invited"}
    grounds = {decision.ground for decision in db.session.scalars(db.select(Decision))}
    assert grounds == {"own_or_rival" if action == "reject" else None}


def test_personal_data_are_never_published_on_the_way(
    client: Client, moderator: Any, invited: list[Review]
) -> None:
    invited[0].text = "My passport AB1234567 was returned by Mr Smith after two weeks in the office."
    db.session.commit()
    path = page_of(invited[0])
    client.submit(path, {"review": values_of(client.page(path)), "action": "publish"})
    assert f"({invited[0].id}), personal data must be covered first" in client.page(path).text
    let_decisions_take_effect()
    assert [review.status for review in invited] == ["pending", "published", "published"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"action": "publish", "review": []}, "Tick at least one"),
        ({"action": None}, "Choose what happens to what you ticked"),
        ({"action": "reject", "ground": "burn"}, "Choose a ground"),
    ],
)
def test_what_is_missing_is_said_and_the_ticks_are_kept(
    client: Client, moderator: Any, invited: list[Review], data: dict[str, Any], words: str
) -> None:
    path = page_of(invited[0])
    ticked = values_of(client.page(path))[1:]
    page = shown(client.submit(path, {"review": ticked, **data}), 422)
    assert words in page.text
    boxes = [box.get("value") for box in page.all("input", name="review", checked="")]
    assert boxes == data.get("review", ticked)
    assert count(Decision) == 0


def test_reviews_of_other_listings_are_not_decided_on_here(
    client: Client, moderator: Any, invited: list[Review]
) -> None:
    other = make_review(make_listing(make_topic()), status="pending", published_at=None)
    db.session.commit()
    path = page_of(invited[0])
    data = {"csrf_token": client.token(path), "review": [f"{other.id}-1"], "action": "publish"}
    assert client.post(path, data=data).status_code == 422
    assert count(Decision) == 0


def test_strangers_and_listings_without_lists_are_not_found(
    client: Client, new_client: Callable[[], Client], moderator: Any, invited: list[Review]
) -> None:
    bare = make_listing(make_topic())
    member = make_user()
    db.session.commit()
    for path in (f"/staff/lists/{bare.id}/", "/staff/lists/99999999999/"):
        assert client.get(path).status_code == 404
    stranger = new_client()
    sign_in(stranger, member)
    assert stranger.get(page_of(invited[0])).status_code == 404
    assert stranger.post(page_of(invited[0]), data={"action": "publish"}).status_code == 404


@pytest.mark.parametrize("address", ["/staff/lists/{0.listing_id}/", "/staff/queue/review/{0.id}/"])
def test_the_pages_ask_as_much_however_many_reviews_came_of_the_lists(
    app: Flask,
    client: Client,
    moderator: Any,
    invited: list[Review],
    count_queries: CountQueries,
    address: str,
) -> None:
    path = address.format(invited[0])
    counts = []
    for start in (3, 9):
        with count_queries(app) as statements:
            client.page(path)
        counts.append(len(statements))
        for number in range(start, start + 3):
            text = f"Fine work, and quick, {number} times."
            of_list(invited[0].listing, f"client{number}@gmail.com", text=text)
        db.session.commit()
    assert counts[0] == counts[1]
