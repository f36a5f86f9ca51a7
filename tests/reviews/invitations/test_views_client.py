from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.reviews.invitations.accepting import INVITATION_TTL
from marketplace.reviews.invitations.addresses import address_hash
from marketplace.reviews.invitations.models import InviteOptOut
from marketplace.reviews.models import Review
from marketplace.reviews.ratings.services import recompute_ratings
from tests.clients import Client, path_of
from tests.factories import make_review, make_user, sign_in
from tests.pages import fields_of, shown
from tests.reviews.asking import invite_of, invited, offered, secret
from tests.reviews.drafting import TEXT

pytestmark = pytest.mark.slow

GOOD: dict[str, Any] = {"rating": "2", "text": TEXT, "experience_month": "10", "experience_year": "2026"}
CLIENT = "client@one.example"


@pytest.fixture
def listing(app: Flask) -> Listing:
    found, _ = offered()
    found.provider.name = "Nopal & Norte"
    db.session.commit()
    return found


@pytest.fixture
def link(listing: Listing) -> str:
    token = invited(listing, CLIENT)
    db.session.commit()
    return f"/invitation/{token}/"


def member(client: Client, email: str = CLIENT, **values: Any) -> User:
    user = make_user(email=email, **values)
    db.session.commit()
    sign_in(client, user)
    return user


def form_of(listing: Listing, link: str) -> str:
    return f"/account/reviews/new/?listing={listing.id}&invitation={link.split('/')[2]}"


def test_the_link_says_what_it_is_and_leads_on(client: Client, listing: Listing, link: str) -> None:
    page = client.page(link)
    assert "Nopal & Norte has asked for your review" in page.text
    assert "22 January 2027" in page.text
    assert CLIENT not in page.html
    onward = [path for path in page.links() if "next=" in path]
    assert any(path.startswith("/account/sign-up/?next=") for path in onward)
    assert any(path.startswith("/account/sign-in/?next=") for path in onward)
    assert "no-store" in client.get(link).headers["Cache-Control"]
    assert "te pide una reseña" in client.page(f"/es{link}").text


def test_a_new_client_signs_up_confirms_and_writes(
    client: Client, listing: Listing, link: str, mailbox: Callable[[], list[EmailMessage]]
) -> None:
    page = client.page(link)
    path = next(one for one in page.links() if one.startswith("/account/sign-up/"))
    told = {"name": "Tobias T.", "email": CLIENT, "password": "olive lantern seven ferry"}
    client.submit("/account/sign-up/", told, on=path)
    letter = mailbox()[-1].get_body(("plain",))
    assert letter is not None
    confirming = next(word for word in letter.get_content().split() if "/confirm/" in word)
    answer = client.get("/" + confirming.split("/", 3)[3])
    assert path_of(answer) == f"{link}accept/"
    answer = client.get(path_of(answer))
    assert path_of(answer) == form_of(listing, link)
    form = path_of(answer)
    assert "shown as “Invited”" in client.page(form).text
    short = client.submit(form, {**GOOD, "text": "short"})
    assert f"invitation={link.split('/')[2]}" in short.get_data(as_text=True)
    assert path_of(client.submit(form, GOOD)) == "/account/reviews/"
    review = db.session.scalars(select(Review)).one()
    assert (review.level, review.rating) == ("invited", 2)
    assert invite_of(CLIENT).state == "used"
    assert "This invitation has already been used" in client.page(link, 410).text
    assert "This invitation has already been used" in client.page(f"{link}accept/", 410).text


def test_another_address_is_refused_without_a_name(client: Client, listing: Listing, link: str) -> None:
    member(client, "somebody@else.example")
    page = client.page(f"{link}accept/", 403)
    assert "This invitation was sent to another email address" in page.text
    assert CLIENT not in page.html
    assert "/account/sign-out/" in {form.get("action") for form in page.all("form")}
    answer = client.get(form_of(listing, link))
    assert path_of(answer) == f"{link}accept/"
    path = f"/account/reviews/new/?listing={listing.id}"
    token = client.token(path)
    response = client.post(form_of(listing, link), data={"csrf_token": token, **GOOD, "do": "send"})
    assert response.status_code == 403
    assert db.session.scalar(select(func.count(Review.id))) == 0


def test_an_invitation_that_ends_meanwhile_loses_nothing_typed(
    client: Client, listing: Listing, link: str, clock: Any
) -> None:
    member(client)
    form = form_of(listing, link)
    token = client.token(form)
    clock.advance(INVITATION_TTL)
    sent = {**GOOD, "language": "en", "csrf_token": token, "do": "send"}
    page = shown(client.post(form, data=sent), 410)
    assert "This invitation has expired. What you wrote is still here" in page.text
    without = f"/account/reviews/new/?listing={listing.id}"
    fields = fields_of(page.form(without))
    assert fields["text"] == [TEXT]
    assert path_of(client.post(without, data=sent)) == "/account/reviews/"
    assert db.session.scalars(select(Review.level)).all() == ["unverified"]


def test_an_earlier_review_is_raised_at_the_press_of_a_button(
    client: Client, listing: Listing, link: str
) -> None:
    author = member(client)
    review = make_review(listing, author, level="unverified", rating=3)
    recompute_ratings(listing.id)
    db.session.commit()
    page = client.page(f"{link}accept/")
    assert "Do you want your review to count?" in page.text
    assert review.level == "unverified"
    assert path_of(client.submit(f"{link}accept/")) == "/account/reviews/"
    db.session.expire_all()
    assert (review.level, listing.review_count, listing.uncounted_count) == ("invited", 1, 0)
    assert client.post(f"{link}accept/").status_code == 410


def test_a_stale_page_raises_nothing(client: Client, listing: Listing, link: str) -> None:
    review = make_review(listing, member(client), level="unverified")
    db.session.commit()
    assert client.post(f"{link}accept/", data={"csrf_token": "old"}).status_code == 422
    assert review.level == "unverified"


def test_a_documented_review_is_left_alone(client: Client, listing: Listing, link: str) -> None:
    make_review(listing, member(client))
    db.session.commit()
    assert "Your review already counts" in shown(client.submit(f"{link}accept/"), 409).html


def test_a_member_of_the_provider_is_refused_as_ever(client: Client, listing: Listing, app: Flask) -> None:
    owner, token = listing.provider.members[0].user, invited(listing, "spare@one.example")
    invite_of("spare@one.example").address_hash = address_hash(owner.email, secret())
    db.session.commit()
    sign_in(client, owner)
    path = path_of(client.get(f"/invitation/{token}/accept/"))
    assert "You belong to this provider" in client.page(path, 403).text


@pytest.mark.parametrize(
    ("state", "status", "words"),
    [
        ("used", 410, "This invitation has already been used"),
        ("expired", 410, "This invitation has expired"),
        ("opted_out", 410, "You’ll get no more invitations"),
    ],
)
def test_a_link_that_ended_says_why_and_leads_on(
    client: Client, link: str, state: str, status: int, words: str
) -> None:
    invite_of(CLIENT).state = state
    db.session.commit()
    page = client.page(link, status)
    assert words in page.text
    assert "/about/reviews/" in page.links()
    assert any("/account/reviews/" in path for path in page.links())


def test_a_link_of_a_listing_out_of_sight_names_nobody(client: Client, listing: Listing, link: str) -> None:
    listing.status = "rejected"
    db.session.commit()
    page = client.page(link, 410)
    assert "This service is not listed at the moment" in page.text
    assert "Nopal" not in page.text


@pytest.mark.parametrize("token", ["nonsense", "a.b.c", "x" * 300, "%00", "%C3%B1"])
def test_a_link_that_is_not_ours_is_not_found(client: Client, app: Flask, token: str) -> None:
    assert client.get(f"/invitation/{token}/").status_code == 404
    assert client.get(f"/invitation/{token}/stop/").status_code == 404
    assert client.post(f"/invitation/{token}/stop/").status_code == 404


def test_opting_out_asks_then_ends_it_for_good(client: Client, link: str, clock: Any) -> None:
    assert f"{link}stop/" in client.page(link).links()
    assert "Stop all invitations?" in client.page(f"{link}stop/").text
    assert db.session.scalar(select(func.count(InviteOptOut.address_hash))) == 0
    response = client.submit(f"{link}stop/")
    assert path_of(response) == "/invitation/stopped/"
    assert "You’ll get no more invitations" in client.page("/invitation/stopped/").text
    assert (invite_of(CLIENT).state, invite_of(CLIENT).address) == ("opted_out", None)
    clock.advance(timedelta(days=400))
    assert client.submit(f"{link}stop/").status_code == 302


def test_a_mail_program_opts_out_with_one_click(new_client: Callable[[], Client], link: str) -> None:
    response = new_client().post(f"{link}stop/", data={"List-Unsubscribe": "One-Click"})
    assert response.status_code == 302
    assert invite_of(CLIENT).state == "opted_out"


def test_a_post_without_token_and_without_that_click_does_nothing(client: Client, link: str) -> None:
    assert client.post(f"{link}stop/").status_code == 422
    assert invite_of(CLIENT).state == "sent"


def test_writing_is_for_members_with_a_confirmed_address(client: Client, link: str) -> None:
    assert path_of(client.get(f"{link}accept/")).startswith("/account/sign-in/?next=")
    member(client, confirmed=False)
    assert client.get(f"{link}accept/").status_code == 302
