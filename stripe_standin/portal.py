"""The customer portal: its configurations, and the sessions that lead a customer there."""

from __future__ import annotations

from stripe_standin.errors import ApiError, invalid
from stripe_standin.listing import is_flag, page
from stripe_standin.params import Params
from stripe_standin.store import StripeObject
from stripe_standin.subscriptions import FEEDBACK, is_over
from stripe_standin.world import World, new_id

LOCALES = tuple(
    """auto bg cs da de el en en-AU en-CA en-GB en-IE en-IN en-NZ en-SG es es-419 et fi fil fr fr-CA hr hu id it ja ko lt
    lv ms mt nb nl pl pt pt-BR ro ru sk sl sv th tr vi zh zh-HK zh-TW""".split()
)
UPDATES = ("address", "email", "name", "phone", "shipping", "tax_id")
FEATURES: StripeObject = {
    "customer_update": {"allowed_updates": [], "enabled": False},
    "invoice_history": {"enabled": False},
    "payment_method_update": {"enabled": False, "payment_method_configuration": None},
    "subscription_cancel": {
        "cancellation_reason": {"enabled": False, "options": []},
        "enabled": False,
        "mode": "at_period_end",
        "proration_behavior": "none",
    },
    "subscription_update": {
        "billing_cycle_anchor": None,
        "default_allowed_updates": [],
        "enabled": False,
        "products": [],
        "proration_behavior": "none",
        "schedule_at_period_end": {"conditions": []},
        "trial_update_behavior": "end_trial",
    },
}


def create_configuration(world: World, params: Params, _id: str) -> StripeObject:
    """`POST /v1/billing_portal/configurations`."""
    if not params.given("features"):
        raise params.missing("features")
    now = world.now()
    configuration = {
        "id": new_id("bpc"),
        "object": "billing_portal.configuration",
        "active": True,
        "application": None,
        "business_profile": {"headline": None, "privacy_policy_url": None, "terms_of_service_url": None},
        "created": now,
        "default_return_url": None,
        "features": FEATURES,
        "is_default": False,
        "livemode": False,
        "login_page": {"enabled": False, "url": None},
        "metadata": {},
        "name": None,
        "updated": now,
    }
    return _read_configuration(world, params, configuration)


def retrieve_configuration(world: World, params: Params, wanted: str) -> StripeObject:
    """`GET /v1/billing_portal/configurations/{configuration}`."""
    params.finish()
    return world.find("billing_portal.configuration", wanted, status=404)


def update_configuration(world: World, params: Params, wanted: str) -> StripeObject:
    """`POST /v1/billing_portal/configurations/{configuration}`."""
    configuration = world.find("billing_portal.configuration", wanted, status=404)
    active = params.flag("active")
    if active is not None:
        configuration["active"] = active
    configuration["updated"] = world.now()
    return _read_configuration(world, params, configuration)


def list_configurations(world: World, params: Params, _id: str) -> StripeObject:
    """`GET /v1/billing_portal/configurations`."""
    return page(
        world,
        params,
        "billing_portal.configuration",
        "/v1/billing_portal/configurations",
        is_flag(params, "active"),
        is_flag(params, "is_default"),
    )


def create_session(world: World, params: Params, _id: str) -> StripeObject:
    """`POST /v1/billing_portal/sessions`."""
    customer = params.needed("customer")
    configuration = params.text("configuration")
    return_url = params.url("return_url")
    locale = params.choice("locale", LOCALES)
    flow = _read_flow(params)
    params.finish()
    world.find("customer", customer, param="customer")
    chosen = _configuration(world, configuration)
    if flow and flow["subscription_cancel"]:
        _check_flow(world, flow["subscription_cancel"]["subscription"], customer, chosen)
    wanted = new_id("bps")
    session = {
        "id": wanted,
        "object": "billing_portal.session",
        "configuration": chosen["id"],
        "created": world.now(),
        "customer": customer,
        "customer_account": None,
        "flow": flow,
        "livemode": False,
        "locale": locale,
        "on_behalf_of": None,
        "return_url": return_url or chosen["default_return_url"],
        "url": f"{world.base}/portal/{wanted}",
    }
    return world.save(session)


def _configuration(world: World, wanted: str | None) -> StripeObject:
    if wanted is None:
        # Stripe falls back to what was saved in its dashboard, and a new account has saved nothing.
        raise ApiError(
            "No configuration provided and your test mode default configuration has not been created. Provide a "
            "configuration or create your default by saving your customer portal settings in test mode.",
            param="configuration",
        )
    found = world.find("billing_portal.configuration", wanted, param="configuration")
    if not found["active"]:
        raise ApiError(f"The configuration {wanted} is not active.", param="configuration")
    return found


def _read_flow(params: Params) -> StripeObject | None:
    if not params.given("flow_data"):
        return None
    flow = params.table("flow_data")
    kind = flow.choice("type", ("payment_method_update", "subscription_cancel"))
    if kind is None:
        raise flow.missing("type")
    after = flow.table("after_completion")
    after_kind = after.choice("type", ("hosted_confirmation", "portal_homepage", "redirect"))
    return_url = after.table("redirect").url("return_url")
    subscription = None
    if kind == "subscription_cancel":
        subscription = {
            "retention": None,
            "subscription": flow.table("subscription_cancel").needed("subscription"),
        }
    return {
        "after_completion": {
            "hosted_confirmation": None,
            "redirect": {"return_url": return_url} if return_url else None,
            "type": after_kind or "portal_homepage",
        },
        "subscription_cancel": subscription,
        "subscription_update": None,
        "subscription_update_confirm": None,
        "type": kind,
    }


def _check_flow(world: World, wanted: str, customer: str, configuration: StripeObject) -> None:
    param = "flow_data[subscription_cancel][subscription]"
    subscription = world.find("subscription", wanted, param=param)
    if subscription["customer"] != customer or is_over(subscription):
        raise ApiError(f"The subscription {wanted} is not one that this customer can cancel.", param=param)
    if not configuration["features"]["subscription_cancel"]["enabled"]:
        raise ApiError(
            "The configuration does not let customers cancel subscriptions.", param="flow_data[type]"
        )


def _read_configuration(world: World, params: Params, configuration: StripeObject) -> StripeObject:
    configuration["metadata"] = params.metadata(configuration["metadata"])
    if params.given("default_return_url"):
        configuration["default_return_url"] = params.url("default_return_url", empty=True) or None
    if params.given("name"):
        configuration["name"] = params.text("name", empty=True) or None
    profile = params.table("business_profile")
    for name in ("headline", "privacy_policy_url", "terms_of_service_url"):
        if profile.given(name):
            configuration["business_profile"][name] = profile.text(name, empty=name == "headline") or None
    if params.table("login_page").flag("enabled"):
        raise invalid("The stand-in has no login page.", "login_page[enabled]")
    features = params.table("features")
    old = configuration["features"]
    configuration["features"] = {name: _read_feature(features, name, old[name]) for name in FEATURES}
    params.finish()
    return world.save(configuration)


def _read_feature(features: Params, name: str, old: StripeObject) -> StripeObject:
    if not features.given(name):
        return old
    sent = features.table(name)
    enabled = sent.flag("enabled")
    feature = {**old, "enabled": old["enabled"] if enabled is None else enabled}
    if name == "customer_update" and sent.given("allowed_updates"):
        feature["allowed_updates"] = sent.texts("allowed_updates")
        if not set(feature["allowed_updates"]) <= set(UPDATES):
            raise invalid("Invalid allowed_updates", sent.named("allowed_updates"))
    if name == "subscription_cancel":
        behaviors = ("always_invoice", "create_prorations", "none")
        feature["mode"] = sent.choice("mode", ("at_period_end", "immediately")) or old["mode"]
        feature["proration_behavior"] = (
            sent.choice("proration_behavior", behaviors) or old["proration_behavior"]
        )
        feature["cancellation_reason"] = _read_reason(sent, old["cancellation_reason"])
    if name == "subscription_update" and feature["enabled"]:
        raise invalid("The stand-in's portal changes no plan and no quantity.", sent.named("enabled"))
    return feature


def _read_reason(sent: Params, old: StripeObject) -> StripeObject:
    if not sent.given("cancellation_reason"):
        return old
    reason = sent.table("cancellation_reason")
    options = reason.texts("options")
    if not set(options) <= set(FEEDBACK):
        raise invalid("Invalid options", reason.named("options"))
    return {"enabled": bool(reason.flag("enabled")), "options": options}
