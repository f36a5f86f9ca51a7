"""Opening Checkout: what is sent, stored before it is sent, and what becomes of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from marketplace.billing.models import Placement
from marketplace.billing.stripe.gateway import Gateway
from marketplace.billing.sync.checkout import open_checkout, session_params
from marketplace.billing.sync.customers import customer_of, ensure_customer
from marketplace.billing.sync.sessions import (
    OPEN_FOR,
    adopt_session,
    cancel_checkout,
    find_session,
    release_unopened,
)
from marketplace.core.errors import Conflict
from marketplace.core.extensions import db
from marketplace.listings.services import pause_listing
from stripe_standin.errors import ApiError
from tests.billing.shop import ADDRESSES, Shop
from tests.factories import NOON, make_user


@pytest.mark.parametrize("kind", ["month", "pass"])
@pytest.mark.quick
def test_the_placement_is_named_wherever_stripe_looks(shop: Shop, kind: str) -> None:
    placement = shop.start_checkout(kind=kind)
    sent = placement.create_params
    assert sent is not None
    ours = {"placement_id": str(placement.id)}
    assert sent["client_reference_id"] == str(placement.id)
    assert sent["metadata"] == ours
    assert sent["subscription_data" if kind == "month" else "payment_intent_data"] == {"metadata": ours}
    assert sent["expires_at"] == int((NOON + OPEN_FOR).timestamp())
    assert "payment_method_types" not in sent
    assert shop.objects("checkout.session")[0]["payment_method_types"] == ["card"]
    with pytest.raises(ApiError, match="settle at once"):
        shop.stripe.pay_later(placement.session_id)


@pytest.mark.quick
def test_tax_is_asked_for_only_where_it_is_set(shop: Shop) -> None:
    def sent(gateway: Gateway) -> dict[str, object]:
        return session_params(1, "month", "cus_1", "price_1", ADDRESSES, gateway, NOON)

    taxing = Gateway("sk_test_x", "whsec_x", base=shop.stripe.url, automatic_tax=True)
    assert sent(taxing)["automatic_tax"] == {"enabled": True}
    assert sent(taxing)["customer_update"] == {"address": "auto", "name": "auto"}
    assert "automatic_tax" not in sent(shop.gateway)


@pytest.mark.parametrize(("language", "spoken"), [("en", "en"), ("es", "es"), ("sr-Latn", "auto")])
@pytest.mark.quick
def test_checkout_speaks_the_buyers_language(shop: Shop, language: str, spoken: str) -> None:
    addresses = type(ADDRESSES)(ADDRESSES.success, ADDRESSES.cancel, language)
    assert session_params(1, "pass", "c", "p", addresses, shop.gateway, NOON)["locale"] == spoken


@pytest.mark.quick
def test_what_is_over_cannot_be_paid(shop: Shop) -> None:
    placement = shop.start_checkout()
    cancel_checkout(placement.id, gateway=shop.gateway, now=shop.clock())
    with pytest.raises(Conflict, match="checkout_over"):
        shop.checkout(placement)
    with pytest.raises(Conflict, match="checkout_over"):
        open_checkout(
            10**6, actor=shop.seller.member, addresses=ADDRESSES, gateway=shop.gateway, now=shop.clock()
        )


@pytest.mark.quick
def test_going_on_to_pay_what_is_paid_already_says_so_and_brings_it_up_to_date(shop: Shop) -> None:
    placement = shop.pay_unheard()
    with pytest.raises(Conflict, match="checkout_over"):
        shop.checkout(placement)
    assert shop.state_of(placement) == "active"


@pytest.mark.quick
def test_nothing_is_sold_that_could_not_be_shown(shop: Shop) -> None:
    placement = shop.claim()
    pause_listing(actor=shop.seller.member, listing=shop.seller.listing)
    db.session.commit()
    with pytest.raises(Conflict, match="not_shown"):
        shop.checkout(placement)
    assert shop.objects("checkout.session") == []


@pytest.mark.quick
def test_a_session_found_by_listing_that_is_over_is_not_taken_for_the_one_asked_for(shop: Shop) -> None:
    placement = shop.start_checkout()
    placement.state, placement.session_id = "pending", None
    db.session.commit()
    shop.pass_time(timedelta(minutes=40))
    shop.checkout(placement)
    assert [one["status"] for one in shop.objects("checkout.session")] == ["expired", "open"]
    assert shop.read(placement).session_id == shop.objects("checkout.session")[1]["id"]


@pytest.mark.quick
def test_only_a_pending_placement_takes_a_session(shop: Shop) -> None:
    placement = shop.start_checkout()
    session = shop.objects("checkout.session")[0]
    assert not adopt_session(placement.id, {**session, "id": "cs_other"})
    assert not release_unopened(placement.id, reason="refused", now=NOON)
    assert shop.read(placement).session_id == session["id"]


@pytest.mark.quick
def test_the_newest_session_of_a_placement_is_found_among_the_customers(shop: Shop) -> None:
    placement, other = shop.start_checkout(), shop.start_checkout(country=True)
    customer, number = placement.create_params["customer"], placement.id  # type: ignore[index]
    session = placement.session_id
    assert other.session_id != session
    db.session.rollback()
    found = find_session(number, customer, shop.gateway)
    assert found is not None
    assert found["id"] == session
    assert find_session(10**6, customer, shop.gateway) is None


@pytest.mark.quick
def test_giving_up_what_nobody_buys_changes_nothing(shop: Shop) -> None:
    placement = shop.buy()
    assert not cancel_checkout(placement.id, gateway=shop.gateway, now=shop.clock())
    assert shop.state_of(placement) == "active"
    assert db.session.query(Placement).count() == 1


def test_a_provider_has_one_customer_however_often_asked(shop: Shop) -> None:
    seller = shop.seller
    provider, colleague = seller.provider.id, make_user()
    db.session.commit()
    first = ensure_customer(provider, seller.member, shop.gateway)
    assert ensure_customer(provider, colleague, shop.gateway) == first
    assert customer_of(provider, shop.gateway.account()) == first
    made = shop.objects("customer")
    assert [(one["id"], one["metadata"]) for one in made] == [(first, {"provider_id": str(provider)})]
    assert (made[0]["name"], made[0]["email"]) == (seller.provider.name, seller.member.email)


def test_a_lost_answer_makes_no_second_customer(shop: Shop) -> None:
    # 6
    shop.stripe.fault("drop_after_commit", "/v1/customers$", "POST")
    provider = shop.seller.provider.id
    made = ensure_customer(provider, shop.seller.member, shop.gateway)
    assert [one["id"] for one in shop.objects("customer")] == [made]


def test_who_never_bought_has_no_customer(shop: Shop) -> None:
    number = shop.seller.provider.id
    db.session.rollback()
    assert customer_of(number, shop.gateway.account()) is None
