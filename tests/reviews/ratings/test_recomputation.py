from __future__ import annotations

from dataclasses import replace

from flask import Flask

from marketplace.core.extensions import db
from marketplace.listings.services import edit_listing
from marketplace.listings.terms import terms_of
from marketplace.reviews.ratings.sums import recompute_ratings
from tests.factories import NOON, make_listing, make_provider, make_review, make_topic, make_user


def test_a_listing_that_is_not_live_is_compared_anew_as_soon_as_its_terms_change(app: Flask) -> None:
    owner = make_user()
    listing = make_listing(make_topic(), make_provider(owner))
    for cost in (400000, 410000, 430000):
        make_review(listing, real_cost=cost, real_currency="MXN")
    recompute_ratings(listing.id)
    listing.status = "withdrawn"
    db.session.flush()
    assert listing.within_quote == 2
    terms = replace(terms_of(listing), fee_min=430000)
    edit_listing(actor=owner, listing=listing, terms=terms, now=NOON)
    assert (listing.priced_count, listing.within_quote) == (3, 3)
    edit_listing(actor=owner, listing=listing, terms=replace(terms, currency="EUR"), now=NOON)
    assert (listing.priced_count, listing.reported_cost, listing.report_values) == (0, None, {})


def test_a_listing_without_counted_reviews_is_left_alone(app: Flask) -> None:
    owner = make_user()
    listing = make_listing(make_topic(), make_provider(owner), status="draft")
    make_review(listing, level="unverified")
    edit_listing(actor=owner, listing=listing, terms=replace(terms_of(listing), fee_min=1), now=NOON)
    assert listing.uncounted_count == 0
