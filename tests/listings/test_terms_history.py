"""What a listing advertised when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.core.extensions import db
from marketplace.listings.models import Listing, ListingTerms
from marketplace.listings.terms import terms_of, write_terms
from marketplace.listings.terms_history import keep_several, keep_terms, terms_history, terms_on
from tests.conftest import CountQueries
from tests.factories import NOON, make_listing, make_topic

LATER, LAST = NOON + timedelta(days=10), NOON + timedelta(days=20)


@pytest.fixture
def listing(app: Flask) -> Listing:
    return make_listing(make_topic())


def reprice(listing: Listing, fee: int, now: object) -> None:
    before = terms_of(listing)
    write_terms(listing, replace(before, fee_min=fee))
    keep_terms(listing, before, now=now)  # type: ignore[arg-type]


def fees(listing: Listing) -> list[tuple[object, object]]:
    rows = db.session.scalars(select(ListingTerms).order_by(ListingTerms.id))
    return [(row.since, row.fee_min) for row in rows if row.listing_id == listing.id]


def test_terms_that_were_never_replaced_are_those_of_today(listing: Listing) -> None:
    assert fees(listing) == []
    assert list(terms_history(listing.id)) == [listing]
    assert terms_on([listing], NOON.date()) is listing


def test_the_first_change_stores_what_was_published_until_then(listing: Listing) -> None:
    reprice(listing, 1, LATER)
    reprice(listing, 2, LAST)
    assert fees(listing) == [(NOON, 420000), (LATER, 1), (LAST, 2)]


def test_terms_hold_from_the_day_after_they_were_published(listing: Listing) -> None:
    reprice(listing, 1, LATER)
    history = terms_history(listing.id)
    for days, fee in ((-400, 420000), (0, 420000), (10, 420000), (11, 1), (900, 1)):
        assert terms_on(history, NOON.date() + timedelta(days=days)).fee_min == fee, days


def test_terms_that_are_not_published_yet_are_not_stored(listing: Listing) -> None:
    reprice(listing, 1, None)
    reprice(listing, 2, None)
    assert fees(listing) == [(NOON, 420000)]
    keep_terms(listing, terms_of(listing), now=LATER)
    keep_terms(listing, terms_of(listing), now=LAST)
    assert fees(listing) == [(NOON, 420000), (LATER, 2)]


def test_a_listing_that_was_never_published_has_no_history(app: Flask) -> None:
    draft = make_listing(make_topic(), status="draft", published_at=None)
    reprice(draft, 1, NOON)
    assert fees(draft) == []


def test_many_listings_take_one_query(app: Flask, count_queries: CountQueries) -> None:
    listings = [make_listing(make_topic()) for _ in range(5)]
    terms = {listing: terms_of(listing) for listing in listings}
    with count_queries(app) as statements:
        keep_several(terms, now=NOON)
    assert len([text for text in statements if text.startswith("SELECT")]) == 1
