from __future__ import annotations

import pytest
import stripe

from tests.stripe_standin.shop import SITE, Shop, refusal


def test_a_configuration_says_what_customers_may_do(shop: Shop) -> None:
    made = shop.v1.billing_portal.configurations.create(
        params={
            "business_profile": {"headline": "Placements", "privacy_policy_url": f"{SITE}/privacy"},
            "default_return_url": f"{SITE}/account",
            "features": {
                "customer_update": {"enabled": True, "allowed_updates": ["address", "tax_id"]},
                "invoice_history": {"enabled": True},
                "payment_method_update": {"enabled": True},
                "subscription_cancel": {
                    "enabled": True,
                    "mode": "at_period_end",
                    "proration_behavior": "none",
                    "cancellation_reason": {"enabled": True, "options": ["too_expensive", "other"]},
                },
            },
            "metadata": {"version": "1"},
        }
    )
    assert (made.active, made.is_default, made.features.subscription_update.enabled) == (True, False, False)
    assert made.features.customer_update.allowed_updates == ["address", "tax_id"]
    assert shop.v1.billing_portal.configurations.retrieve(made.id).metadata.to_dict() == {"version": "1"}


def test_a_configuration_changes_only_where_it_is_told_to(shop: Shop) -> None:
    wanted = shop.portal()
    changed = shop.v1.billing_portal.configurations.update(
        wanted,
        params={
            "features": {"subscription_cancel": {"enabled": True, "mode": "immediately"}},
            "business_profile": {"headline": ""},
            "default_return_url": "",
            "name": "Main",
            "active": False,
        },
    )
    assert changed.features.subscription_cancel.mode == "immediately"
    assert changed.features.invoice_history.enabled
    assert (changed.active, changed.name) == (False, "Main")
    other = shop.portal()
    assert [each.id for each in shop.v1.billing_portal.configurations.list(params={"active": True}).data] == [
        other
    ]
    assert not shop.v1.billing_portal.configurations.list(params={"is_default": True}).data


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({}, "features"),
        ({"features": {"flights": {"enabled": True}}}, "features[flights]"),
        ({"features": {"invoice_history": {"enabled": "maybe"}}}, "features[invoice_history][enabled]"),
        (
            {"features": {"customer_update": {"enabled": True, "allowed_updates": ["mood"]}}},
            "features[customer_update][allowed_updates]",
        ),
        (
            {
                "features": {
                    "subscription_cancel": {"enabled": True, "cancellation_reason": {"options": ["bored"]}}
                }
            },
            "features[subscription_cancel][cancellation_reason][options]",
        ),
        ({"features": {"subscription_update": {"enabled": True}}}, "features[subscription_update][enabled]"),
        (
            {"features": {"invoice_history": {"enabled": True}}, "login_page": {"enabled": True}},
            "login_page[enabled]",
        ),
        (
            {"features": {"invoice_history": {"enabled": True}}, "default_return_url": "javascript:go()"},
            "default_return_url",
        ),
    ],
)
def test_a_configuration_refuses_wrong_values(
    api: stripe.StripeClient, params: dict[str, object], param: str
) -> None:
    assert refusal(api.v1.billing_portal.configurations.create, params=params).param == param


def test_a_session_leads_a_customer_to_the_portal(shop: Shop) -> None:
    configuration = shop.portal()
    session = shop.v1.billing_portal.sessions.create(
        params={"customer": shop.customer, "configuration": configuration, "return_url": SITE, "locale": "es"}
    )
    assert session.url == f"{shop.standin.url}/portal/{session.id}"
    assert (session.configuration, session.return_url, session.flow) == (configuration, SITE, None)


def test_a_session_may_go_straight_to_a_cancellation(shop: Shop) -> None:
    subscription, configuration = shop.subscribed(), shop.portal()
    flow = {
        "type": "subscription_cancel",
        "subscription_cancel": {"subscription": subscription},
        "after_completion": {"type": "redirect", "redirect": {"return_url": SITE}},
    }
    session = shop.v1.billing_portal.sessions.create(
        params={"customer": shop.customer, "configuration": configuration, "flow_data": flow}
    )
    assert session.flow.subscription_cancel.subscription == subscription
    card = shop.v1.billing_portal.sessions.create(
        params={
            "customer": shop.customer,
            "configuration": configuration,
            "flow_data": {"type": "payment_method_update"},
        }
    )
    assert card.flow.type == "payment_method_update"


def test_a_session_needs_a_configuration_for_nobody_saved_a_default(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="default configuration has not been created"):
        shop.v1.billing_portal.sessions.create(params={"customer": shop.customer})


def test_a_session_refuses_what_is_not_the_customers(shop: Shop) -> None:
    subscription, configuration = shop.subscribed(), shop.portal()
    stranger = shop.v1.customers.create().id
    flow = {"type": "subscription_cancel", "subscription_cancel": {"subscription": subscription}}
    wrong: list[dict[str, object]] = [
        {"customer": "cus_none"},
        {"customer": stranger, "flow_data": flow},
        {"customer": shop.customer, "configuration": "bpc_none"},
        {
            "customer": shop.customer,
            "configuration": shop.portal(subscription_cancel={"enabled": False}),
            "flow_data": flow,
        },
        {"customer": shop.customer, "flow_data": {"type": "subscription_cancel"}},
        {"customer": shop.customer, "flow_data": {"subscription_cancel": {"subscription": subscription}}},
        {"customer": shop.customer, "flow_data": {"type": "subscription_pause"}},
    ]
    for params in wrong:
        with pytest.raises(stripe.InvalidRequestError):
            shop.v1.billing_portal.sessions.create(params={"configuration": configuration, **params})
    shop.v1.billing_portal.configurations.update(configuration, params={"active": False})
    with pytest.raises(stripe.InvalidRequestError, match="not active"):
        shop.v1.billing_portal.sessions.create(
            params={"customer": shop.customer, "configuration": configuration}
        )
