"""Off to Stripe's pages, and what the policy of a page must allow for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, g
from flask_login import login_user

from marketplace.billing.desk.checkout import allow_stripe_form_targets, claim_with_kind
from marketplace.billing.stripe.client import GatewayError
from marketplace.billing.stripe.gateway import gateway
from marketplace.core.extensions import db
from tests.billing.permissions import DOCUMENTED_KEY
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


def test_forms_may_lead_to_the_accounts_own_domains(shop: Shop, client: Client) -> None:
    shop.use_key(DOCUMENTED_KEY, hosts=("pay.example.com", "portal.example.com"))
    sign_in(client, shop.seller.member)
    desk = f"/manage/{shop.seller.provider.slug}/placements/"
    for path in (desk, f"{desk}new/"):
        policy = client.get(path).headers["Content-Security-Policy"]
        assert (
            f"form-action 'self' {shop.stripe.url} https://pay.example.com https://portal.example.com"
            in policy
        )
    assert "pay.example.com" not in client.get("/manage/").headers["Content-Security-Policy"]


def test_the_setting_reaches_the_gateway(make_app: Callable[..., Flask]) -> None:
    settings = {"STRIPE_API_KEY": "sk_test_1", "STRIPE_WEBHOOK_SECRET": "whsec_1"}
    with make_app(**settings, STRIPE_CHECKOUT_HOSTS="Pay.Example.com, portal.example.com").app_context():
        hosts = ("https://pay.example.com", "https://portal.example.com")
        assert gateway().form_targets[-2:] == hosts
