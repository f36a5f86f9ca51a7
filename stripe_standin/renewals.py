"""What happens as time passes: sessions expire, subscriptions renew or end."""

from __future__ import annotations

from copy import deepcopy

from stripe_standin.checkout import expire
from stripe_standin.customers import card_is_good
from stripe_standin.errors import ApiError
from stripe_standin.invoices import make_invoice, settle_invoice, subscription_of, void_invoice
from stripe_standin.store import StripeObject
from stripe_standin.subscriptions import changed, end, ends_at, is_over, period_end
from stripe_standin.world import World


def bill(world: World, subscription: StripeObject, reason: str) -> StripeObject:
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
        world,
        items=items,
        customer=subscription["customer"],
        reason=reason,
        subscription=subscription,
        taxed=subscription["automatic_tax"]["enabled"],
    )
    subscription["latest_invoice"] = invoice["id"]
    world.save(subscription)
    return invoice


def renew(world: World, subscription: StripeObject, *, good: bool) -> StripeObject:
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


def pay_open_invoice(world: World, wanted: str) -> StripeObject:
    """Another try at the subscription's latest open invoice succeeds; returns the subscription, which stays over where it
    is: its invoices can still be paid. Raises ApiError when none is open.
    """
    subscription = world.find("subscription", wanted)
    invoice = latest_open_invoice(world, wanted)
    if invoice is None:
        raise ApiError(f"There is nothing to pay for {wanted}.")
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


def activate(world: World, wanted: str) -> StripeObject:
    """The first payment came."""
    return _become(world, wanted, "active")


def _become(world: World, wanted: str, status: str) -> StripeObject:
    before = world.find("subscription", wanted)
    after = {**before, "status": status}
    if status == "incomplete_expired":
        after["ended_at"] = world.now()
    return changed(world, after, before)


def _words(world: World, item: StripeObject) -> str:
    price = item["price"]
    product = world.store.get("product", price["product"]) or {"name": price["product"]}
    amount = f"{price['unit_amount'] / 100:.2f} {price['currency'].upper()}"
    return f"{item['quantity']} × {product['name']} (at {amount} / {price['recurring']['interval']})"


FIRST_PAYMENT_SECONDS = 23 * 60 * 60


def pass_time(world: World) -> None:
    """Do all that has become due by the stand-in's clock, each subscription's oldest first."""
    now = world.now()
    for seen in list(world.store.each("checkout.session")):
        if seen["status"] == "open" and seen["expires_at"] <= now:
            expire(world, world.find("checkout.session", seen["id"]))
    for seen in list(world.store.each("subscription")):
        while _is_due(world, seen, now):
            _do_next(world, world.find("subscription", seen["id"]))
            seen = world.find("subscription", seen["id"])


def _is_due(world: World, subscription: StripeObject, now: int) -> bool:
    if is_over(subscription):
        return False
    if subscription["status"] == "incomplete":
        return subscription["created"] + FIRST_PAYMENT_SECONDS <= now and not _is_processing(
            world, subscription
        )
    return _next_moment(subscription) <= now


def _do_next(world: World, subscription: StripeObject) -> None:
    if subscription["status"] == "incomplete":
        give_up(world, subscription["id"])
    elif subscription["cancel_at"] is not None and subscription["cancel_at"] <= ends_at(subscription):
        end(world, subscription, subscription["cancel_at"])
    else:
        renew(world, subscription, good=card_is_good(world, subscription["customer"]))


def _next_moment(subscription: StripeObject) -> int:
    period = ends_at(subscription)
    return period if subscription["cancel_at"] is None else min(period, subscription["cancel_at"])


def _is_processing(world: World, subscription: StripeObject) -> bool:
    """Whether the first payment is still on its way."""
    return any(
        session["subscription"] == subscription["id"] and not _settled(world, session["id"])
        for session in world.store.each("checkout.session")
    )


def _settled(world: World, session: str) -> bool:
    return bool(world.find("_offer", session).get("settled"))
