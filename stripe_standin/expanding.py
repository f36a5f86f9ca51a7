"""`expand`: ids that become the objects they name, and lists that are left out unless asked for."""

from __future__ import annotations

from collections.abc import Callable

from stripe_standin.checkout import items_of
from stripe_standin.errors import ApiError, invalid
from stripe_standin.listing import listed
from stripe_standin.store import StripeObject
from stripe_standin.world import World

DEEPEST = 4
# The object behind each id, by the kind of object that has the id.
EXPANDABLE: dict[str, dict[str, str]] = {
    "product": {"default_price": "price"},
    "price": {"product": "product"},
    "checkout.session": {
        "customer": "customer",
        "subscription": "subscription",
        "payment_intent": "payment_intent",
        "invoice": "invoice",
    },
    "billing_portal.session": {"configuration": "billing_portal.configuration"},
    "subscription": {"customer": "customer", "latest_invoice": "invoice"},
    "invoice": {"customer": "customer"},
    "subscription_details": {"subscription": "subscription"},
    "invoice_payment": {"invoice": "invoice"},
    "payment": {"payment_intent": "payment_intent", "charge": "charge"},
    "payment_intent": {"customer": "customer", "latest_charge": "charge"},
    "charge": {"customer": "customer", "payment_intent": "payment_intent"},
    "refund": {"charge": "charge", "payment_intent": "payment_intent"},
    "dispute": {"charge": "charge", "payment_intent": "payment_intent"},
}


def expand(world: World, thing: StripeObject, paths: list[str]) -> StripeObject:
    """The object with what the paths name put in, such as `latest_charge` or, in a list, `data.customer`.

    Raises ApiError for a path that leads nowhere.
    """
    for path in paths:
        parts = path.split(".")
        if len(parts) > DEEPEST:
            raise invalid("You cannot expand more than 4 levels of a property.", "expand[]")
        thing = _expanded(world, thing, parts, path, "")
    return thing


def _expanded(world: World, thing: StripeObject, parts: list[str], path: str, within: str) -> StripeObject:
    part, rest = parts[0], parts[1:]
    kind = str(thing.get("object", within))
    if kind == "list":
        if part != "data" or not rest:
            raise _nowhere(path)
        return {**thing, "data": [_expanded(world, item, rest, path, "") for item in thing["data"]]}
    value = thing.get(part)
    if part in EXPANDABLE.get(kind, {}):
        if isinstance(value, str):
            value = world.find(EXPANDABLE[kind][part], value)
    elif value is None and (kind, part) in LEFT_OUT:
        value = LEFT_OUT[kind, part](world, thing["id"])
    elif part not in thing or not (value is None or (isinstance(value, dict) and rest)):
        raise _nowhere(path)
    if rest and isinstance(value, dict):
        value = _expanded(world, value, rest, path, part)
    return {**thing, part: value}


def _line_items(world: World, session: str) -> StripeObject:
    return listed(items_of(world, session), f"/v1/checkout/sessions/{session}/line_items")


def _payments(world: World, invoice: str) -> StripeObject:
    found = [payment for payment in world.store.each("invoice_payment") if payment["invoice"] == invoice]
    return listed(found[::-1], "/v1/invoice_payments")


def _refunds(world: World, charge: str) -> StripeObject:
    found = [refund for refund in world.store.each("refund") if refund["charge"] == charge]
    return listed(found[::-1], f"/v1/charges/{charge}/refunds")


LEFT_OUT: dict[tuple[str, str], Callable[[World, str], StripeObject]] = {
    ("checkout.session", "line_items"): _line_items,
    ("invoice", "payments"): _payments,
    ("charge", "refunds"): _refunds,
}


def _nowhere(path: str) -> ApiError:
    return invalid(f"This property cannot be expanded ({path}).", "expand[]")
