"""Prices: set by admins, taken to Stripe by lookup key."""

from __future__ import annotations

from typing import Any

import pytest

from marketplace.billing.models import PlacementPrice
from marketplace.billing.placements.prices import (
    billing_currency,
    ensure_price,
    lookup_key,
    price_of,
    prices,
    publish_price,
)
from marketplace.billing.placements.services import set_price
from marketplace.core.errors import InvalidFields, NotAllowed, NotFound
from marketplace.core.extensions import db
from tests.billing.shop import Shop
from tests.factories import make_topic, make_user

TERMS: dict[str, Any] = {
    "country": "mexico",
    "currency": "EUR",
    "month_amount": 5900,
    "pass_amount": 7000,
    "topic_slots": 2,
    "country_slots": 4,
}


def change(shop: Shop, **values: Any) -> PlacementPrice:
    return shop.set_price(**{**TERMS, **values})


def at_stripe(shop: Shop) -> dict[str, tuple[int, str | None]]:
    """The prices that carry a lookup key: amount and interval."""
    return {
        one["lookup_key"]: (one["unit_amount"], (one["recurring"] or {}).get("interval"))
        for one in shop.objects("price")
        if one["lookup_key"]
    }


def test_a_price_is_taken_to_stripe_by_its_lookup_key(shop: Shop) -> None:
    before = shop.revisions()
    change(shop)
    assert shop.revisions() > before
    shop.work()
    assert at_stripe(shop) == {
        "featured-mexico-month": (5900, "month"),
        "featured-mexico-pass": (7000, None),
    }
    assert [one["id"] for one in shop.objects("product")] == ["featured-mexico"]
    price = price_of("mexico")
    assert price is not None
    assert price.month_price_id
    assert (price.slots("topic:1"), price.slots("country:mexico")) == (2, 4)


def test_another_amount_is_another_price_that_takes_the_key_over(shop: Shop) -> None:
    for amount in (5900, 6900, 5900):
        change(shop, month_amount=amount)
        shop.work()
        assert at_stripe(shop)["featured-mexico-month"][0] == amount
    assert len([one for one in shop.objects("price") if one["recurring"]]) == 3


def test_other_slots_leave_the_prices_at_stripe_alone(shop: Shop) -> None:
    change(shop)
    shop.work()
    change(shop, topic_slots=9)
    shop.work()
    assert len(shop.objects("price")) == 2


def test_a_lost_answer_makes_no_second_price(shop: Shop) -> None:
    # 6
    shop.stripe.fault("drop_after_commit", "/v1/prices$", "POST")
    shop.read(shop.claim())
    shop.work()
    made = ensure_price("mexico", "month", gateway=shop.gateway)
    assert [one["id"] for one in shop.objects("price")] == [made]
    publish_price("mexico", gateway=shop.gateway)
    assert len(shop.objects("price")) == 2


def test_a_kind_that_is_not_sold_is_not_taken_to_stripe(shop: Shop) -> None:
    change(shop, pass_amount=None)
    shop.work()
    assert set(at_stripe(shop)) == {lookup_key("mexico", "month")}
    with pytest.raises(NotFound):
        ensure_price("mexico", "pass", gateway=shop.gateway)
    change(shop, month_amount=None, pass_amount=None)
    assert price_of("mexico") is None
    assert len(prices()) == 1


@pytest.mark.parametrize("role", ["member", "moderator"])
def test_only_admins_set_prices(shop: Shop, role: str) -> None:
    for actor in (make_user(role), make_user("admin", active=False)):
        with pytest.raises(NotAllowed):
            set_price(actor=actor, now=shop.clock(), **TERMS)


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        ({"currency": "XXX"}, {"currency": "currency_unknown"}),
        ({"currency": "USD"}, {"currency": "currency_other"}),
        ({"month_amount": 99}, {"month_amount": "amount_range"}),
        ({"pass_amount": 1_000_001}, {"pass_amount": "amount_range"}),
        (
            {"topic_slots": -1, "country_slots": 11},
            {"topic_slots": "slots_range", "country_slots": "slots_range"},
        ),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    shop: Shop, values: dict[str, Any], problems: dict[str, str]
) -> None:
    with pytest.raises(InvalidFields) as refused:
        set_price(actor=shop.admin, now=shop.clock(), **{**TERMS, **values})
    assert refused.value.fields == problems


def test_a_country_without_topics_has_no_price(shop: Shop) -> None:
    with pytest.raises(NotFound):
        change(shop, country="atlantis")
    db.session.rollback()
    make_topic("peru")
    change(shop, country="peru")
    assert [one.country for one in prices()] == ["mexico", "peru"]
    assert billing_currency() == "EUR"
