"""What pages ask about placements."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.billing.models import Placement
from marketplace.billing.placements import queries
from marketplace.core.extensions import db
from tests.billing.shop import Shop
from tests.factories import NOON, make_listing, make_topic

DAY = timedelta(days=1)


def shown(shop: Shop, days: int) -> bool:
    day = (NOON + days * DAY).date()
    return bool(db.session.scalars(select(Placement.id).where(queries.shown_on(day))).all())


@pytest.mark.parametrize(
    ("state", "kind", "last"),
    [("active", "pass", 30), ("active", "month", 37), ("canceling", "month", 30), ("past_due", "month", 7)],
)
def test_no_paid_place_stands_on_for_long_while_no_worker_runs(
    shop: Shop, state: str, kind: str, last: int
) -> None:
    placement = shop.claim(kind=kind)
    placement.state = state
    placement.period_end, placement.grace_until = NOON + 30 * DAY, NOON + 7 * DAY
    db.session.commit()
    assert shown(shop, 0)
    assert shown(shop, last)
    assert not shown(shop, last + 1)


@pytest.mark.parametrize("state", ["reserved", "pending", "held", "released", "refunded", "ended"])
def test_what_is_not_paid_is_never_shown(shop: Shop, state: str) -> None:
    placement = shop.claim()
    placement.state, placement.period_end = state, NOON + 30 * DAY
    db.session.commit()
    assert not shown(shop, 0)


def test_a_countrys_page_shows_paid_providers_in_good_standing(shop: Shop) -> None:
    shop.buy(country=True)
    day = shop.clock().date()
    rows = queries.featured_providers("mexico", day)
    assert [(row.provider_id, row.topics) for row in rows] == [(shop.seller.provider.id, 1)]
    assert queries.featured_providers("peru", day) == []
    assert [row.slug for row in queries.provider_on_country("mexico", rows[0].provider_id, day)] == [
        shop.seller.provider.slug
    ]
    shop.seller.listing.status = "paused"
    db.session.flush()
    assert queries.featured_providers("mexico", day) == []
    shop.seller.listing.status, shop.seller.provider.status = "published", "suspended"
    db.session.flush()
    assert queries.featured_providers("mexico", day) == []
    db.session.rollback()


def test_the_desk_lists_live_places_first_and_its_own_only(shop: Shop) -> None:
    shop.buy(shop.new_seller())
    old = shop.buy()
    shop.stripe.cancel_now(old.subscription_id)
    shop.deliver()
    new = shop.claim(country=True)
    provider = shop.seller.provider.id
    assert [one.id for one in queries.provider_placements(provider, shop.clock())] == [new.id, old.id]
    assert [one.amount for one in queries.provider_receipts(provider)] == [4900]
    assert len(queries.placement_entries(old.id)) == 1
    assert queries.provider_waits(provider) == []


def test_only_published_listings_where_something_is_sold_can_be_featured(shop: Shop) -> None:
    make_listing(make_topic("peru"), shop.seller.provider)
    make_listing(make_topic(), shop.seller.provider, status="paused")
    day = shop.clock().date()
    provider = shop.seller.provider.id
    assert [one.id for one in queries.sellable_listings(provider, day)] == [shop.seller.listing.id]
    assert queries.served_countries(provider, day) == ["mexico", "peru"]
    assert queries.sellable_listings(provider, day + timedelta(days=300)) == []


def test_the_staff_counts_and_pages_placements(shop: Shop) -> None:
    first, second = shop.buy(), shop.start_checkout(country=True)
    assert queries.state_counts() == {"active": 1, "held": 1}
    assert queries.country_slots_sold() == {("mexico", True): 1, ("mexico", False): 1}
    assert [one.id for one in queries.staff_placements()] == [second.id, first.id]
    assert [one.id for one in queries.staff_placements(state="active")] == [first.id]
    assert [one.id for one in queries.staff_placements(state="any", before=second.id)] == [first.id]
