"""One customer at Stripe for each provider."""

from __future__ import annotations

from marketplace.billing.sync.checkout import customer_of, ensure_customer
from marketplace.core.extensions import db
from tests.billing.shop import Shop
from tests.factories import make_user


def test_a_provider_has_one_customer_however_often_asked(shop: Shop) -> None:
    seller = shop.seller
    provider, colleague = seller.provider.id, make_user()
    db.session.commit()
    first = ensure_customer(provider, seller.member, shop.gateway)
    assert ensure_customer(provider, colleague, shop.gateway) == first
    assert customer_of(provider) == first
    made = shop.things("customer")
    assert [(one["id"], one["metadata"]) for one in made] == [(first, {"provider_id": str(provider)})]
    assert (made[0]["name"], made[0]["email"]) == (seller.provider.name, seller.member.email)


def test_a_lost_answer_makes_no_second_customer(shop: Shop) -> None:
    # 6
    shop.stripe.fault("drop_after_commit", "/v1/customers$", "POST")
    provider = shop.seller.provider.id
    made = ensure_customer(provider, shop.seller.member, shop.gateway)
    assert [one["id"] for one in shop.things("customer")] == [made]


def test_who_never_bought_has_no_customer(shop: Shop) -> None:
    assert customer_of(shop.seller.provider.id) is None
