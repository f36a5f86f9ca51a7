"""Subscriptions as the API's callers see and change them."""

from __future__ import annotations

import calendar
from datetime import UTC, datetime, timedelta

from stripe_standin.errors import ApiError, invalid, no_such
from stripe_standin.listing import equals, listed, page
from stripe_standin.params import Params
from stripe_standin.store import StripeObject
from stripe_standin.world import World, new_id

MONTHS = {"month": 1, "year": 12}
DAYS = {"day": 1, "week": 7}


def period_end(start: int, interval: str, count: int, anchor: int) -> int:
    """When the period that begins at `start` ends; all in seconds since 1970.

    The day of the month is the anchor's: what began on 31 January goes on from 28 February to 31 March.
    """
    begun = datetime.fromtimestamp(start, UTC)
    if interval in DAYS:
        return int((begun + timedelta(days=DAYS[interval] * count)).timestamp())
    months = begun.year * 12 + begun.month - 1 + MONTHS[interval] * count
    year, month = months // 12, months % 12 + 1
    last = calendar.monthrange(year, month)[1]
    day = min(datetime.fromtimestamp(anchor, UTC).day, last)
    return int(begun.replace(year=year, month=month, day=day).timestamp())


OVER = ("canceled", "incomplete_expired")
STATUSES = (
    "active",
    "all",
    "canceled",
    "ended",
    "incomplete",
    "incomplete_expired",
    "past_due",
    "paused",
    "trialing",
    "unpaid",
)
FEEDBACK = (
    "customer_service",
    "low_quality",
    "missing_features",
    "other",
    "switched_service",
    "too_complex",
    "too_expensive",
    "unused",
)


def make_subscription(
    world: World,
    *,
    customer: str,
    lines: list[StripeObject],
    metadata: dict[str, str],
    description: str | None = None,
    taxed: bool = False,
) -> StripeObject:
    """A subscription that waits for its first payment; `lines` have `price` and `quantity`."""
    now = world.now()
    wanted = new_id("sub")
    nothing = """application application_fee_percent billing_cycle_anchor_config billing_thresholds cancel_at canceled_at
        customer_account days_until_due default_source ended_at latest_invoice next_pending_invoice_item_invoice
        on_behalf_of pause_collection pending_invoice_item_interval pending_setup_intent pending_update schedule
        test_clock transfer_data trial_end trial_start"""
    subscription = {
        "id": wanted,
        "object": "subscription",
        **dict.fromkeys(nothing.split()),
        "automatic_tax": {
            "disabled_reason": None,
            "enabled": taxed,
            "liability": {"type": "self"} if taxed else None,
        },
        "billing_cycle_anchor": now,
        "billing_mode": {"flexible": {"proration_discounts": "included"}, "type": "flexible"},
        "billing_schedules": [],
        "cancel_at_period_end": False,
        "cancellation_details": {"comment": None, "feedback": None, "reason": None},
        "collection_method": "charge_automatically",
        "created": now,
        "currency": lines[0]["price"]["currency"],
        "customer": customer,
        "default_payment_method": new_id("pm"),
        "default_tax_rates": [],
        "description": description,
        "discounts": [],
        "invoice_settings": {"account_tax_ids": None, "issuer": {"type": "self"}},
        "items": listed(
            [_item(wanted, line, now) for line in lines], f"/v1/subscription_items?subscription={wanted}"
        ),
        "livemode": False,
        "metadata": dict(metadata),
        "payment_settings": {
            "payment_method_options": {},
            "payment_method_types": None,
            "save_default_payment_method": "off",
        },
        "start_date": now,
        "status": "incomplete",
        "trial_settings": {"end_behavior": {"missing_payment_method": "create_invoice"}},
    }
    return world.save(subscription)


def ends_at(subscription: StripeObject) -> int:
    """When the period that is running ends."""
    return max(item["current_period_end"] for item in subscription["items"]["data"])


def is_over(subscription: StripeObject) -> bool:
    """Whether it has ended for good."""
    return subscription["status"] in OVER


def cancel_later(world: World, subscription: StripeObject, at: int, *, by_flag: bool) -> StripeObject:
    """Let it end at a time to come. The API's flag sets both marks; the portal sets `cancel_at` alone."""
    subscription.update(cancel_at=at, canceled_at=world.now(), cancel_at_period_end=by_flag)
    subscription["cancellation_details"]["reason"] = "cancellation_requested"
    return subscription


def keep(subscription: StripeObject) -> StripeObject:
    """Take a coming end back."""
    subscription.update(cancel_at=None, canceled_at=None, cancel_at_period_end=False)
    subscription["cancellation_details"]["reason"] = None
    return subscription


def end(
    world: World, subscription: StripeObject, at: int, reason: str = "cancellation_requested"
) -> StripeObject:
    """End it, and announce that."""
    subscription.update(
        status="incomplete_expired" if subscription["status"] == "incomplete" else "canceled",
        ended_at=at,
        canceled_at=subscription["canceled_at"] or at,
        cancel_at_period_end=False,
    )
    subscription["cancellation_details"]["reason"] = subscription["cancellation_details"]["reason"] or reason
    world.emit("customer.subscription.deleted", world.save(subscription))
    return subscription


def changed(world: World, subscription: StripeObject, before: StripeObject) -> StripeObject:
    """Keep it, and announce what differs from before."""
    previous = {name: value for name, value in before.items() if subscription.get(name) != value}
    world.save(subscription)
    if previous:
        world.emit("customer.subscription.updated", subscription, previous)
    return subscription


def retrieve_subscription(world: World, params: Params, wanted: str) -> StripeObject:
    """`GET /v1/subscriptions/{subscription_exposed_id}`."""
    params.finish()
    return world.find("subscription", wanted, status=404)


def update_subscription(world: World, params: Params, wanted: str) -> StripeObject:
    """`POST /v1/subscriptions/{subscription_exposed_id}`."""
    before = world.find("subscription", wanted, status=404)
    subscription = world.find("subscription", wanted)
    at_period_end = params.flag("cancel_at_period_end")
    cancel_at = _cancel_at(world, params, subscription)
    subscription["metadata"] = params.metadata(before["metadata"])
    params.choice("proration_behavior", ("always_invoice", "create_prorations", "none"))
    method = params.text("default_payment_method")
    details = _details(params, subscription)
    params.finish()
    if is_over(subscription) and (at_period_end is not None or cancel_at is not None or method):
        raise ApiError("A canceled subscription can only update its cancellation_details and metadata.")
    if at_period_end is not None and cancel_at is not None:
        raise invalid("Pass only one of cancel_at and cancel_at_period_end.", "cancel_at")
    if method:
        subscription["default_payment_method"] = method
    if at_period_end:
        cancel_later(world, subscription, ends_at(subscription), by_flag=True)
    elif at_period_end is False and subscription["cancel_at_period_end"]:
        keep(subscription)
    if cancel_at == 0:
        keep(subscription)
    elif cancel_at is not None:
        cancel_later(world, subscription, cancel_at, by_flag=False)
    subscription["cancellation_details"].update(details)
    return changed(world, subscription, before)


def cancel_subscription(world: World, params: Params, wanted: str) -> StripeObject:
    """`DELETE /v1/subscriptions/{subscription_exposed_id}`."""
    subscription = world.find("subscription", wanted, status=404)
    params.flag("invoice_now")
    params.flag("prorate")
    details = _details(params, subscription)
    params.finish()
    if is_over(subscription):
        raise no_such("subscription", wanted, status=404)
    subscription["cancellation_details"].update(details)
    return end(world, subscription, world.now())


def list_subscriptions(world: World, params: Params, _id: str) -> StripeObject:
    """`GET /v1/subscriptions`: without a status, those that are not over."""
    status = params.choice("status", STATUSES)
    price = params.text("price")

    def fits(subscription: StripeObject) -> bool:
        if price is not None and all(item["price"]["id"] != price for item in subscription["items"]["data"]):
            return False
        if status is None:
            return subscription["status"] != "canceled"
        if status == "ended":
            return is_over(subscription)
        return status in ("all", subscription["status"])

    return page(world, params, "subscription", "/v1/subscriptions", equals(params, "customer"), fits)


def _cancel_at(world: World, params: Params, subscription: StripeObject) -> int | None:
    """The time to end at, 0 to go on, None when nothing was sent."""
    sent = params.text("cancel_at", empty=True)
    if sent is None:
        return None
    if sent == "":
        return 0
    if sent in ("min_period_end", "max_period_end"):
        return ends_at(subscription)
    moment = params.integer("cancel_at") or 0
    if moment <= world.now():
        raise invalid("The cancellation time must be in the future.", "cancel_at")
    return moment


def _details(params: Params, subscription: StripeObject) -> StripeObject:
    given = params.table("cancellation_details")
    found = {"comment": given.text("comment", empty=True), "feedback": given.choice("feedback", FEEDBACK)}
    old = subscription["cancellation_details"]
    return {name: old[name] if value is None else value or None for name, value in found.items()}


def _item(subscription: str, line: StripeObject, now: int) -> StripeObject:
    price = line["price"]
    recurring = price["recurring"]
    return {
        "id": new_id("si"),
        "object": "subscription_item",
        "billing_thresholds": None,
        "created": now,
        "current_period_end": period_end(now, recurring["interval"], recurring["interval_count"], now),
        "current_period_start": now,
        "discounts": [],
        "metadata": {},
        "price": price,
        "quantity": line["quantity"],
        "subscription": subscription,
        "tax_rates": [],
    }
