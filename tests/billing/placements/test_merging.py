"""What becomes of placements, waiting entries and Stripe's customers when two providers turn out to be one."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.billing.models import BillingCustomer, PlacementWait
from marketplace.billing.sync.customers import customer_of
from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.providers.merging import merge_problems, merge_provider
from marketplace.providers.models import Provider
from tests.factories import NOON, make_listing, make_placement, make_provider, make_topic


def pair() -> tuple[Provider, Provider, Listing, Listing]:
    topic = make_topic()
    gone, into = make_provider(), make_provider()
    return gone, into, make_listing(topic, gone), make_listing(topic, into)


def customer(provider: Provider, name: str) -> None:
    db.session.add(BillingCustomer(provider_id=provider.id, stripe_customer_id=name))
    db.session.flush()


def wait(listing: Listing, **values: Any) -> PlacementWait:
    columns: dict[str, Any] = {
        "scope": f"topic:{listing.topic_id}",
        "provider_id": listing.provider_id,
        "listing_id": listing.id,
        "country": "mexico",
        "kind": "month",
        "created_at": NOON,
    }
    entry = PlacementWait(**{**columns, **values})
    db.session.add(entry)
    db.session.flush()
    return entry


def test_placements_are_those_of_the_one_that_stays_and_stay_shown(app: Flask) -> None:
    gone, into, theirs, ours = pair()
    placed, featured = make_placement(theirs), make_placement(theirs, country=True)
    customer(gone, "cus_1")
    db.session.commit()
    merge_provider(gone, into, now=NOON)
    db.session.commit()
    for placement in (placed, featured):
        db.session.refresh(placement)
    assert (placed.provider_id, placed.listing_id, placed.hidden) == (into.id, ours.id, "")
    assert (featured.provider_id, featured.listing_id, featured.hidden) == (into.id, None, "")
    assert customer_of(into.id, "") == "cus_1"


@pytest.mark.parametrize("theirs_renews", [True, False])
def test_of_two_customers_the_one_that_pays_by_the_month_is_the_providers(
    app: Flask, theirs_renews: bool
) -> None:
    gone, into, theirs, ours = pair()
    customer(gone, "cus_gone")
    customer(into, "cus_into")
    make_placement(theirs if theirs_renews else ours, subscription_id="sub_1")
    db.session.commit()
    merge_provider(gone, into, now=NOON)
    db.session.commit()
    assert customer_of(into.id, "") == ("cus_gone" if theirs_renews else "cus_into")
    known = set(db.session.scalars(select(BillingCustomer.stripe_customer_id)))
    assert known == {"cus_gone", "cus_into"}, "charges of either are ours"


def test_what_stripe_decides_has_to_end_first(app: Flask) -> None:
    gone, into, theirs, ours = pair()
    held = make_placement(theirs, state="held", subscription_id=None)
    assert merge_problems(gone, into) == ["merge_checkout"]
    held.state = "active"
    make_placement(ours)
    assert merge_problems(gone, into) == ["merge_same_place"]
    held.state = "ended"
    make_placement(theirs, country=True, subscription_id="sub_1")
    db.session.flush()
    make_placement(make_listing(make_topic(), into), subscription_id="sub_2")
    assert merge_problems(gone, into) == ["merge_subscriptions"]


def test_nothing_is_awaited_twice_or_beside_a_slot(app: Flask) -> None:
    gone, into, theirs, ours = pair()
    first, second = wait(ours), wait(theirs)
    there = make_listing(make_topic(), gone)
    third = wait(make_listing(there.topic, into))
    make_placement(there)
    fourth = wait(theirs, scope="country:mexico", listing_id=None)
    fifth = wait(ours, scope="country:mexico", listing_id=None, state="waiting")
    fourth.state = "offered"
    db.session.commit()
    merge_provider(gone, into, now=NOON)
    db.session.commit()
    states = {entry.id: entry.state for entry in db.session.scalars(select(PlacementWait))}
    assert [states[one.id] for one in (first, second, third, fourth, fifth)] == [
        *("waiting", "left", "taken", "offered", "left")
    ]
    assert set(db.session.scalars(select(PlacementWait.provider_id))) == {into.id}
