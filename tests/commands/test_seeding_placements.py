"""What the demo sells and buys: prices once, places paid at the stand-in, nothing twice."""

from __future__ import annotations

from sqlalchemy import select

from marketplace.billing.models import Placement, PlacementPrice
from marketplace.commands.seeding_placements import buy_placements, seed_prices
from marketplace.core.extensions import db
from marketplace.samples import DemoData, DemoMember, DemoPlacement, DemoPrice
from tests.billing.shop import Shop
from tests.factories import make_topic


def data(shop: Shop) -> DemoData:
    name, key = shop.seller.provider.name, shop.topic.key
    return DemoData(
        (DemoMember(shop.admin.email, "Ada", "en", 1, role="admin"),),
        (),
        (),
        (),
        (DemoPrice("mexico", "EUR", "10", "20", 1, 1), DemoPrice("peru", "EUR", "29.50", "35", 1, 2)),
        (DemoPlacement(name, "month", topic=key), DemoPlacement(name, "pass", country="mexico")),
    )


def test_prices_are_set_where_none_are(shop: Shop) -> None:
    make_topic("peru")
    seed_prices(data(shop))
    db.session.commit()
    rows = db.session.execute(select(PlacementPrice.country, PlacementPrice.month_amount).order_by("country"))
    assert [tuple(row) for row in rows] == [("mexico", 4900), ("peru", 2950)]


def test_places_are_bought_and_paid_at_the_stand_in_and_only_once(shop: Shop) -> None:
    for bought in (2, 0):
        assert buy_placements(data(shop), shop.gateway, shop.stripe.url, "http://127.0.0.1:8000") == bought
    found = db.session.execute(select(Placement.kind, Placement.state).order_by(Placement.id)).all()
    assert [tuple(row) for row in found] == [("month", "active"), ("pass", "active")]
    assert len(shop.objects("charge")) == 2


def test_a_purchase_that_was_cut_off_is_finished(shop: Shop) -> None:
    shop.start_checkout()
    assert buy_placements(data(shop), shop.gateway, shop.stripe.url, "http://127.0.0.1:8000") == 2
    assert len(shop.objects("checkout.session")) == 2
