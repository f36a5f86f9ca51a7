"""Five hundred accounts review one listing within an hour: taken down, told to the moderators, and nothing shows."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.reviews.models import Review
from marketplace.reviews.risk.networks import network_of
from marketplace.reviews.risk.rules import FLOOD, HIGH
from tests.clients import Client
from tests.clock import FrozenClock
from tests.factories import NOON, make_listing, make_provider, make_review, make_topic, make_user, sign_in
from tests.pages import Page
from tests.reviews.drafting import write
from tests.reviews.writing.test_views import GOOD, form_of

ACCOUNTS = 500
# The first and the last of them go through the site itself; the others through the service alone, which is quicker.
BY_FORM = 10
NETWORKS = 25


def token_of(client: Client, listing: Listing) -> str:
    return client.token(form_of(listing))


def angry_text(number: int) -> str:
    return f"Never again, says number {number}: {'the worst office of this town ' * (1 + number % 3)}{number * 7}"


def send(client: Client, listing: Listing, token: str, number: int, address: str) -> tuple[int, str]:
    """Send the form as one more angry member, from an address."""
    fields = {**GOOD, "rating": "1", "text": angry_text(number), "language": "en", "csrf_token": token}
    response = client.post(form_of(listing), data=fields, environ_overrides={"REMOTE_ADDR": address})
    return response.status_code, response.get_data(as_text=True)


@pytest.mark.slow
def test_five_hundred_in_an_hour_are_taken_flagged_and_shown_to_nobody(
    app: Flask, client: Client, clock: FrozenClock
) -> None:
    listing = make_listing(make_topic(), make_provider(created_at=NOON - timedelta(days=300)))
    make_review(listing)
    authors = [make_user(created_at=NOON - timedelta(days=90)) for _ in range(ACCOUNTS)]
    db.session.commit()
    guide = listing.topic.guides[0]
    address = f"/guides/{guide.country}/{guide.stem}/{listing.provider.slug}/"
    sums = [
        getattr(listing, name) for name in ("review_count", "uncounted_count", "rating_sum", "rating_weight")
    ]
    etag = client.get(address).headers["ETag"]
    sign_in(client, authors[0])
    token = token_of(client, listing)
    answers: Counter[int] = Counter()
    key = app.extensions["settings"].risk_hash_key
    for number, author in enumerate(authors):
        clock.advance(timedelta(seconds=7))
        sender = f"198.51.{number % NETWORKS}.{number % 200}"
        if BY_FORM <= number < ACCOUNTS - BY_FORM:
            network = network_of(sender, key=key, now=clock())
            write(listing, author, rating=1, text=angry_text(number), network=network, now=clock())
            db.session.commit()
        else:
            sign_in(client, author)
            answers[send(client, listing, token, number, sender)[0]] += 1
    assert answers == {302: 2 * BY_FORM}
    rows = db.session.execute(
        select(Review.status, Review.risk, Review.risk_reasons).where(Review.rating == 1).order_by(Review.id)
    ).all()
    assert len(rows) == ACCOUNTS
    assert {row.status for row in rows} == {"pending"}
    assert all(row.risk >= HIGH for row in rows[FLOOD.hour :])
    assert all({"flood"} <= {reason["code"] for reason in row.risk_reasons} for row in rows[FLOOD.hour + 8 :])
    db.session.expire_all()
    assert sums == [
        getattr(listing, name) for name in ("review_count", "uncounted_count", "rating_sum", "rating_weight")
    ]
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304
    assert "Never again" not in client.page(address).text


def test_one_address_that_sends_many_is_told_to_wait_and_loses_nothing(
    app: Flask, client: Client, clock: FrozenClock
) -> None:
    listings = [make_listing(make_topic()) for _ in range(12)]
    author = make_user()
    db.session.commit()
    sign_in(client, author)
    token = token_of(client, listings[0])
    for number, listing in enumerate(listings[:10]):
        assert send(client, listing, token, number, "203.0.113.7")[0] == 302
    clock.advance(timedelta(minutes=10))
    status, html = send(client, listings[10], token, 10, "203.0.113.7")
    assert status == 429
    page = Page(html)
    assert "Send it again in 50 minutes" in page.text
    assert "Never again, says number 10" in page.text
    assert len(list(db.session.scalars(select(Review.id)))) == 10
    clock.advance(timedelta(minutes=50))
    assert send(client, listings[10], token, 11, "203.0.113.7")[0] == 302
