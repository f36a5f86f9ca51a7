"""What keeps a subscription going: its first payment, its renewals, and another try at an open invoice."""

from __future__ import annotations

from copy import deepcopy

from stripe_standin.invoices import make_invoice, settle_invoice, subscription_of, void_invoice
from stripe_standin.periods import period_end
from stripe_standin.refusals import Refusal
from stripe_standin.store import Thing
from stripe_standin.subscriptions import changed, is_over
from stripe_standin.world import World


def bill(world: World, subscription: Thing, reason: str) -> Thing:
    """An open invoice for the period that is running; it becomes the subscription's latest."""
    items = [
        {
            "price": item["price"],
            "quantity": item["quantity"],
            "start": item["current_period_start"],
            "end": item["current_period_end"],
            "item": item["id"],
            "description": _words(world, item),
        }
        for item in subscription["items"]["data"]
    ]
    invoice = make_invoice(
        world, items=items, customer=subscription["customer"], reason=reason, subscription=subscription
    )
    subscription["latest_invoice"] = invoice["id"]
    world.save(subscription)
    return invoice


def renew(world: World, subscription: Thing, *, good: bool) -> Thing:
    """Begin the next period and charge for it; a refused card makes the subscription past due."""
    before = deepcopy(subscription)
    for item in subscription["items"]["data"]:
        recurring = item["price"]["recurring"]
        start = item["current_period_end"]
        item["current_period_start"] = start
        item["current_period_end"] = period_end(
            start, recurring["interval"], recurring["interval_count"], subscription["billing_cycle_anchor"]
        )
    invoice = bill(world, subscription, "subscription_cycle")
    # Stripe announces the new period before it knows how the charge went.
    changed(world, subscription, before)
    settle_invoice(world, invoice["id"], good=good)
    return _become(world, subscription["id"], "active" if good else "past_due")


def pay_open_invoice(world: World, wanted: str) -> Thing:
    """Another try at the subscription's latest open invoice succeeds; returns the subscription, which stays over where it
    is: its invoices can still be paid. Raises Refusal when none is open.
    """
    subscription = world.find("subscription", wanted)
    invoice = latest_open_invoice(world, wanted)
    if invoice is None:
        raise Refusal(f"There is nothing to pay for {wanted}.")
    settle_invoice(world, invoice, good=True)
    return subscription if is_over(subscription) else _become(world, wanted, "active")


def latest_open_invoice(world: World, subscription: str) -> str | None:
    """The id of the newest invoice that is not paid."""
    unpaid = [
        invoice["id"]
        for invoice in world.store.each("invoice")
        if subscription_of(invoice) == subscription and invoice["status"] == "open"
    ]
    return unpaid[-1] if unpaid else None


def give_up(world: World, wanted: str) -> None:
    """The first payment never came: the subscription is over before it began."""
    invoice = latest_open_invoice(world, wanted)
    if invoice is not None:
        void_invoice(world, invoice)
    _become(world, wanted, "incomplete_expired")


def activate(world: World, wanted: str) -> Thing:
    """The first payment came."""
    return _become(world, wanted, "active")


def _become(world: World, wanted: str, status: str) -> Thing:
    before = world.find("subscription", wanted)
    after = {**before, "status": status}
    if status == "incomplete_expired":
        after["ended_at"] = world.now()
    return changed(world, after, before)


def _words(world: World, item: Thing) -> str:
    price = item["price"]
    product = world.store.get("product", price["product"]) or {"name": price["product"]}
    amount = f"{price['unit_amount'] / 100:.2f} {price['currency'].upper()}"
    return f"{item['quantity']} × {product['name']} (at {amount} / {price['recurring']['interval']})"
