"""Off to Stripe's pages, and what the policy of a page must allow for it."""

from __future__ import annotations

import pytest
from flask import Flask, g
from flask_login import login_user

from marketplace.billing.desk.checkout import allow_stripe_form_targets, claim_with_kind
from marketplace.billing.stripe.client import GatewayError
from marketplace.core.extensions import db
from tests.billing.shop import Shop
from tests.clients import Client
from tests.factories import sign_in


def test_checkout_leads_back_to_the_placements_own_page(shop: Shop, client: Client) -> None:
    placement = shop.claim()
    sign_in(client, shop.seller.member)
    own = f"/es/manage/{shop.seller.provider.slug}/placements/{placement.id}/"
    response = client.submit(f"{own}pay/", on=own)
    session = shop.objects("checkout.session")[0]
    assert response.headers["Location"] == session["url"]
    assert session["success_url"].endswith(f"{own}?back=paid")
    assert session["cancel_url"].endswith(f"{own}?back=closed")
    assert session["locale"] == "es"


def test_without_a_key_of_stripe_the_policy_stays(app: Flask) -> None:
    with app.test_request_context():
        allow_stripe_form_targets()
        assert "form_targets" not in g


def test_stripe_is_told_what_is_bought_and_by_whom(shop: Shop, client: Client) -> None:
    placement = shop.claim(country=True)
    sign_in(client, shop.seller.member)
    own = f"/manage/{shop.seller.provider.slug}/placements/{placement.id}/"
    client.submit(f"{own}pay/", on=own)
    session = shop.objects("checkout.session")[0]
    assert session["subscription"] is None
    shop.stripe.pay(session["id"])
    assert [one["description"] for one in shop.objects("subscription")] == ["Mexico page"]


def test_who_chose_the_other_way_of_paying_is_not_led_to_the_first(shop: Shop) -> None:
    placement = shop.start_checkout(kind="month")
    with shop.app.test_request_context():
        login_user(shop.seller.member)
        assert claim_with_kind(shop.seller.on_topic, "month").id == placement.id
        other = claim_with_kind(shop.seller.on_topic, "pass")
        assert (other.kind, other.state) == ("pass", "pending")
        db.session.commit()
    assert shop.state_of(placement) == "released"
    assert [one["status"] for one in shop.objects("checkout.session")] == ["expired"]


def test_while_stripe_is_away_the_other_way_of_paying_stays_as_it_was(shop: Shop) -> None:
    placement = shop.claim(kind="month")
    placement.create_params = {"customer": "cus_none", "expires_at": 0}
    db.session.commit()
    shop.stripe.fault("down")
    with shop.app.test_request_context():
        login_user(shop.seller.member)
        with pytest.raises(GatewayError):
            claim_with_kind(shop.seller.on_topic, "pass")
    shop.stripe.clear_faults()
    assert shop.read(placement).kind == "month"
