"""A changed name shows on the pages with the member's reviews."""

from __future__ import annotations

from marketplace.core.extensions import db
from marketplace.reviews.ratings.sums import recompute_ratings
from tests.clients import Client
from tests.factories import make_listing, make_review, make_topic, make_user, sign_in


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
