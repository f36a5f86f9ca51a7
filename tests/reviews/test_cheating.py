"""The worst listing of a topic invites ten mailboxes of its own. Done with the services in force, as a provider would."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.public.offers.queries import topic_offers
from marketplace.reviews.invitations.accepting import invite_for, link_token
from marketplace.reviews.invitations.models import Invite
from marketplace.reviews.models import Review
from marketplace.reviews.ratings.services import recompute_ratings
from marketplace.reviews.risk.models import NetworkSighting
from marketplace.reviews.risk.networks import Network, network_of
from marketplace.reviews.risk.rules import risk_band
from marketplace.reviews.risk.sightings import see_member
from marketplace.reviews.writing.services import publish_review
from tests.clients import Client
from tests.factories import NOON, make_listing, make_provider, make_review, make_topic, make_user, sign_in
from tests.reviews.asking import ask, invite_of, secret
from tests.reviews.drafting import write

MAILBOXES = 10
TEXTS = (
    "Everything was ready on the morning that had been agreed, and the clerk found nothing to complain about.",
    "My husband and I arrived with the wrong photographs, so they walked us to a shop around the corner.",
    "Clear prices from the start. I paid exactly what was written in the offer and got an invoice by email.",
    "I had tried alone twice before. With them the appointment took twenty minutes and the card came in May.",
    "Patient with my poor Spanish, which is more than I can say about the office where we handed it in.",
    "They noticed that my birth certificate lacked an apostille before anyone else did and saved me a flight.",
    "Two calls, one visit, done. The lawyer even remembered the name of my daughter when we met again.",
    "Good communication throughout the process; a checklist arrived the same evening with every document named.",
    "Our file was complicated because of an earlier refusal, yet they kept calm and wrote a solid appeal.",
    "Friendly people in a small office near the park. Parking is difficult, but the service was worth it.",
)


def place_of(listing: Listing) -> int:
    db.session.flush()
    order = [offer.listing_id for offer in topic_offers(listing.topic_id, NOON.date())]
    return order.index(listing.id) + 1


def network(address: str) -> Network:
    found = network_of(address, key="tests", now=NOON)
    assert found is not None
    return found


@pytest.fixture
def worst(app: Flask) -> Listing:
    """Last of eleven with 2.33 stars; the others have ten documented reviews that average 4.0 to 4.6."""
    topic = make_topic()
    for number in range(10):
        listing = make_listing(topic, make_provider(created_at=NOON - timedelta(days=400)))
        high = number * 6 // 9
        for place in range(10):
            make_review(listing, rating=5 if place < high else 4)
        recompute_ratings(listing.id)
    owner = make_user(email="owner@cheater.example")
    listing = make_listing(topic, make_provider(owner, created_at=NOON - timedelta(days=400)))
    for rating in (1, 3, 3):
        make_review(listing, rating=rating, submitted_at=NOON - timedelta(days=60))
    recompute_ratings(listing.id)
    db.session.commit()
    return listing


def invite_mailboxes(listing: Listing, domain: str = "gmail.com") -> list[str]:
    names = (
        "ada.brook",
        "ben.clay",
        "cleo.dunn",
        "dan.eves",
        "eva.frost",
        "fay.gray",
        "gus.hill",
        "hal.ivory",
    )
    addresses = [f"{name}@{domain}" for name in (*names, "ida.jones", "jan.king")]
    ask(listing, *addresses)
    db.session.execute(update(Invite).values(state="sent", sent_at=NOON))
    db.session.expire_all()
    return addresses


def answer(listing: Listing, address: str, number: int, **values: Any) -> Review:
    """The mailbox signs up after the invitation and writes with its link."""
    author = make_user(email=address, created_at=NOON + timedelta(minutes=5))
    token = link_token(invite_of(address), secret=secret())
    now = NOON + timedelta(minutes=20 + number)
    invite = invite_for(token, author=author, secret=secret(), now=now)
    return write(listing, author, invite=invite, text=TEXTS[number], rating=5, now=now, **values)


def test_ten_own_mailboxes_gain_no_place_and_stand_out(client: Client, worst: Listing) -> None:
    assert (place_of(worst), round(worst.rating_average or 0, 2)) == (11, 2.33)
    owner = db.session.scalars(select(User).where(User.email == "owner@cheater.example")).one()
    see_member(owner.id, network("203.0.113.9"), now=NOON)
    addresses = invite_mailboxes(worst)
    reviews = [
        answer(worst, address, number, network=network(f"198.51.{number}.7" if number else "203.0.113.200"))
        for number, address in enumerate(addresses)
    ]
    db.session.commit()
    assert "low" not in {risk_band(review.risk) for review in reviews}
    assert "member_network" in {reason["code"] for reason in reviews[0].risk_reasons}
    moderator = make_user("moderator")
    db.session.commit()
    sign_in(client, moderator)
    for review in reviews:
        page = client.page(f"/staff/queue/review/{review.id}/").text
        assert "Low risk" not in page
        assert "Clients the provider invited" in page
        assert "10 of 10 invited clients wrote a review" in page
        assert "5 stars: 10 reviews" in page
        assert "Decide on the 10 waiting reviews together" in page
    for review in reviews:
        publish_review(review, level="invited", now=NOON)
    db.session.refresh(worst)
    assert worst.review_count == 13
    assert worst.rating_average == pytest.approx((7 + 5 * 1.75) / 4.75)
    assert place_of(worst) == 11


def test_ten_documented_reviews_would_gain_places(worst: Listing) -> None:
    for text in TEXTS:
        make_review(worst, text=text)
    recompute_ratings(worst.id)
    assert place_of(worst) < 11


def test_the_first_review_of_a_list_is_judged_anew_when_others_come(worst: Listing) -> None:
    addresses = invite_mailboxes(worst)
    first = answer(worst, addresses[0], 0)
    assert [reason["code"] for reason in first.risk_reasons] == ["invited_account", "list_free_mail"]
    for number in range(1, 6):
        answer(worst, addresses[number], number)
    assert "list_answers" in {reason["code"] for reason in first.risk_reasons}
    publish_review(first, level="invited", now=NOON)
    before = list(first.risk_reasons)
    for number in range(6, MAILBOXES):
        answer(worst, addresses[number], number)
    assert first.risk_reasons == before, "what was decided keeps what the moderator saw"


def test_addresses_of_the_provider_and_of_one_mailbox_stand_out(worst: Listing) -> None:
    ask(worst, "bo@cheater.example", "ada.brook@gmail.com", "adabrook+2@gmail.com", "cy@home.example")
    db.session.execute(update(Invite).values(state="sent", sent_at=NOON))
    db.session.expire_all()
    own = answer(worst, "bo@cheater.example", 0)
    one, twin = answer(worst, "ada.brook@gmail.com", 1), answer(worst, "adabrook+2@gmail.com", 2)
    stranger = answer(worst, "cy@home.example", 3)
    codes = [{reason["code"] for reason in review.risk_reasons} for review in (own, one, twin, stranger)]
    assert {"own_domain", "list_addresses"} <= codes[0]
    assert "same_mailbox" in codes[1] & codes[2]
    assert codes[3] & {"own_domain", "same_mailbox", "member_address"} == set()
    batch = db.session.scalars(select(Invite).order_by(Invite.id)).first().batch  # type: ignore[union-attr]
    assert (batch.listed, batch.own_domain, batch.same_mailbox, batch.free_mail) == (4, 1, 1, 2)


def test_one_hand_in_several_reviews_of_a_list_stands_out(worst: Listing) -> None:
    addresses = invite_mailboxes(worst)
    first = answer(worst, addresses[0], 0)
    author = make_user(email=addresses[1], created_at=NOON)
    invite = invite_for(
        link_token(invite_of(addresses[1]), secret=secret()), author=author, secret=secret(), now=NOON
    )
    text = TEXTS[0].replace("the clerk found nothing to complain about", "nobody at the desk asked for more")
    second = write(worst, author, invite=invite, text=text, now=NOON + timedelta(hours=2))
    for review, other in ((first, second), (second, first)):
        (reason,) = [reason for reason in review.risk_reasons if reason["code"] == "list_style"]
        assert [number for number, _ in reason["reviews"]] == [other.id]


def test_where_a_member_signed_in_is_known_when_mailboxes_write_from_there(
    client: Client, worst: Listing
) -> None:
    owner = db.session.scalars(select(User).where(User.email == "owner@cheater.example")).one()
    page = client.page("/account/sign-in/")
    token = page.all("input", name="csrf_token")[0].get("value", "")
    data = {"email": owner.email, "password": "a-long-test-password", "csrf_token": token}
    answered = client.post("/account/sign-in/", data=data, environ_overrides={"REMOTE_ADDR": "203.0.113.9"})
    assert answered.status_code == 303
    seen = db.session.scalars(select(NetworkSighting)).one()
    key = client.application.extensions["settings"].risk_hash_key
    there = network_of("203.0.113.77", key=key, now=NOON)
    assert there is not None
    assert (seen.user_id, seen.network) == (owner.id, there.hash)
    review = answer(worst, invite_mailboxes(worst)[0], 0, network=there)
    assert review.risk_reasons[0] == {"code": "member_network", "count": 1}
