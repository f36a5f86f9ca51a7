"""Calls of Stripe: errors become ours, lists are read to their end, keys make calls happen once, events are reduced."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import stripe
from flask import Flask

from marketplace.billing.stripe import client as errors
from marketplace.billing.stripe.client import (
    StripeBusy,
    StripeMisconfigured,
    StripeMissing,
    StripeRefused,
    StripeUnknown,
)
from marketplace.billing.stripe.gateway import Gateway, gateway_if_any
from marketplace.billing.stripe.gateway import gateway as bound_gateway
from marketplace.billing.stripe.messages import EVENT_TYPES, SignedEvent, signed_event
from marketplace.core.errors import NotFound
from stripe_standin.world import SUBSCRIBED
from tests.billing.shop import Shop
from tests.factories import NOON


@pytest.fixture
def gateway(shop: Shop) -> Gateway:
    """The shop's gateway, with no transaction open."""
    shop.work()
    return shop.gateway


def test_the_key_tells_the_mode_and_the_base_who_answers() -> None:
    test, live = Gateway("sk_test_1", "whsec_1", base="http://127.0.0.1:1"), Gateway("rk_live_1", "whsec_1")
    assert (test.livemode, test.stands_in, test.form_targets) == (False, True, ("http://127.0.0.1:1",))
    assert (live.livemode, live.stands_in) == (True, False)
    assert live.form_targets == ("https://checkout.stripe.com", "https://billing.stripe.com")
    own = Gateway("rk_live_1", "whsec_1", hosts=("pay.example.com",))
    assert own.form_targets == (*live.form_targets, "https://pay.example.com")


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("rate429", StripeBusy),
        ("down", StripeUnknown),
        ("conflict409", StripeUnknown),
        ("drop_before", StripeUnknown),
    ],
)
def test_each_trouble_of_stripe_is_one_of_ours(
    shop: Shop, gateway: Gateway, fault: str, error: type[Exception]
) -> None:
    # 27
    shop.stripe.fault(fault, count=9)
    with pytest.raises(error):
        gateway.subscription("sub_1")


def test_what_is_refused_missing_or_not_allowed_is_told_apart(shop: Shop, gateway: Gateway) -> None:
    with pytest.raises(StripeMissing) as missing:
        gateway.session("cs_none")
    assert missing.value.code == "resource_missing"
    with pytest.raises(StripeRefused):
        gateway.create_session({"mode": "none"}, "key")
    with pytest.raises(StripeMisconfigured):
        Gateway("sk_test_wrong", "whsec_1", base=shop.stripe.url).subscription("sub_1")


def test_a_slow_answer_is_waited_for(shop: Shop, gateway: Gateway) -> None:
    shop.stripe.fault("slow", "/v1/customers", "POST", seconds=0.2)
    assert gateway.create_customer(name="N", email="n@example.com", provider_id=1, key="k").startswith("cus_")


def test_the_same_key_makes_one_thing(shop: Shop, gateway: Gateway) -> None:
    made = {
        gateway.create_customer(name="N", email="n@example.com", provider_id=1, key="k") for _ in range(3)
    }
    assert len(made) == 1
    with pytest.raises(StripeRefused):
        gateway.create_customer(name="Other", email="n@example.com", provider_id=1, key="k")


def test_the_log_names_class_and_code_and_nothing_personal(
    shop: Shop, gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    shop.stripe.fault("rate429", "/v1/customers")
    with pytest.raises(StripeBusy):
        gateway.create_customer(name="Ana Lopez", email="ana@example.com", provider_id=1, key="k")
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("marketplace")]
    assert ours == ["stripe: RateLimitError 429 ()"]
    assert "ana@" not in caplog.text
    assert "Lopez" not in caplog.text


def test_products_are_made_once_and_named_anew(shop: Shop, gateway: Gateway) -> None:
    for name in ("One", "Two"):
        gateway.ensure_product("featured-mexico", name)
    assert [(one["id"], one["name"]) for one in shop.objects("product")] == [("featured-mexico", "Two")]


def test_lists_are_read_page_after_page(shop: Shop, gateway: Gateway) -> None:
    for _ in range(3):
        shop.buy(shop.new_seller(), country=True)
    shop.work()
    assert len(list(gateway.charges(NOON - timedelta(days=1)))) == 3
    assert len(list(gateway.subscriptions())) == 3
    assert len(list(gateway.sessions(since=NOON))) == 3
    assert list(gateway.charges(NOON + timedelta(days=1))) == []


def test_ending_what_ended_already_is_no_trouble(shop: Shop, gateway: Gateway) -> None:
    subscription = str(shop.buy().subscription_id)
    shop.work()
    for number in range(2):
        gateway.cancel_subscription(subscription, f"cancel:{number}", comment="over")
    found = gateway.subscription(subscription)
    assert (found["status"], found["cancellation_details"]["comment"]) == ("canceled", "over")


def test_the_portal_has_one_configuration_without_a_change_of_plan(shop: Shop, gateway: Gateway) -> None:
    customer = gateway.create_customer(name="N", email="n@example.com", provider_id=1, key="k")
    for language in ("en", "es", "de"):
        address = gateway.portal_url(customer=customer, return_url="https://site.example/", language=language)
        assert address.startswith(f"{shop.stripe.url}/portal/")
    features = [one["features"] for one in shop.objects("billing_portal.configuration")]
    assert len(features) == 1
    assert features[0]["subscription_cancel"]["mode"] == "at_period_end"
    assert not features[0]["subscription_update"]["enabled"]


def test_answers_are_plain_values(shop: Shop, gateway: Gateway) -> None:
    gateway.ensure_product("p", "P")
    made = gateway.create_price(
        product_id="p", lookup_key="k", monthly=True, amount=100, currency="EUR", key="k"
    )
    assert type(made) is dict
    assert type(made["recurring"]) is dict
    assert not isinstance(made, stripe.StripeObject)


@pytest.mark.parametrize(
    "kind", ["StripeRefused", "StripeMissing", "StripeBusy", "StripeUnknown", "StripeMisconfigured"]
)
def test_every_trouble_carries_the_code_of_stripe(kind: str) -> None:
    error = getattr(errors, kind)("a_code")
    assert isinstance(error, errors.GatewayError)
    assert (error.code, str(error)) == ("a_code", "a_code")


def test_what_is_missing_is_refused_for_certain_and_what_is_unknown_is_not() -> None:
    assert issubclass(errors.StripeMissing, errors.StripeRefused)
    assert not issubclass(errors.StripeUnknown, errors.StripeRefused)


def test_without_a_key_nothing_is_sold(make_app: Callable[..., Flask]) -> None:
    with make_app(STRIPE_API_KEY="").app_context():
        assert gateway_if_any() is None
        with pytest.raises(NotFound):
            bound_gateway()


def test_with_a_key_there_is_a_gateway(make_app: Callable[..., Flask]) -> None:
    settings = {"STRIPE_API_KEY": "sk_test_1", "STRIPE_WEBHOOK_SECRET": "whsec_1"}
    with make_app(**settings, STRIPE_API_BASE="http://127.0.0.1:9").app_context():
        assert bound_gateway().stands_in
    with make_app(**settings).app_context():
        assert not bound_gateway().stands_in


EVENT: dict[str, Any] = {
    "id": "evt_1",
    "object": "event",
    "type": "invoice.paid",
    "created": int(NOON.timestamp()),
    "livemode": True,
    "data": {"object": {"id": "in_1", "amount_paid": 4900}},
}


def test_only_what_it_is_about_is_kept() -> None:
    assert signed_event(EVENT) == SignedEvent("evt_1", "invoice.paid", "in_1", NOON, True)


def test_the_types_are_those_that_the_endpoint_asks_for() -> None:
    assert set(EVENT_TYPES) == SUBSCRIBED


@pytest.mark.parametrize(
    "change", [{"object": "v2.core.event"}, {"id": "x" * 256}, {"type": "a\nb"}, {"id": "evt_é"}]
)
def test_what_is_no_snapshot_event_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="snapshot"):
        signed_event({**EVENT, **change})
