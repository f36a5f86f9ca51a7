"""Customers, and whether their card is good."""

from __future__ import annotations

from stripe_standin.errors import invalid
from stripe_standin.listing import equals, page
from stripe_standin.params import Params
from stripe_standin.store import StripeObject
from stripe_standin.world import World, new_id

ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")
TEXTS = ("description", "email", "name", "phone")


def make_customer(world: World, *, name: str | None = None, email: str | None = None) -> StripeObject:
    """A customer with nothing else filled in; kept, and announced."""
    wanted = new_id("cus")
    customer: StripeObject = {
        "id": wanted,
        "object": "customer",
        "address": None,
        "balance": 0,
        "created": world.now(),
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "discount": None,
        "email": email,
        "invoice_prefix": wanted[-8:].upper(),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": {},
        "name": name,
        "next_invoice_sequence": 1,
        "phone": None,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }
    return world.save(customer)


def create_customer(world: World, params: Params, _id: str) -> StripeObject:
    """`POST /v1/customers`."""
    customer = make_customer(world)
    _read(params, customer)
    world.emit("customer.created", world.save(customer))
    return customer


def retrieve_customer(world: World, params: Params, wanted: str) -> StripeObject:
    """`GET /v1/customers/{customer}`."""
    params.finish()
    return world.find("customer", wanted, status=404)


def update_customer(world: World, params: Params, wanted: str) -> StripeObject:
    """`POST /v1/customers/{customer}`."""
    customer = world.find("customer", wanted, status=404)
    _read(params, customer)
    world.emit("customer.updated", world.save(customer))
    return customer


def list_customers(world: World, params: Params, _id: str) -> StripeObject:
    """`GET /v1/customers`."""
    return page(world, params, "customer", "/v1/customers", equals(params, "email"))


def card_is_good(world: World, customer: str | None) -> bool:
    """Whether a charge of the customer's card goes through."""
    kept = world.store.get("_card", customer or "")
    return kept is None or bool(kept["good"])


def set_card(world: World, customer: str, *, good: bool) -> None:
    """Give the customer a card that works, or one that is refused."""
    world.find("customer", customer)
    world.store.put("_card", {"id": customer, "good": good})


def _read(params: Params, customer: StripeObject) -> None:
    for name in TEXTS:
        if params.given(name):
            customer[name] = params.text(name, empty=True) or None
    if customer["email"] and "@" not in customer["email"]:
        raise invalid(f"Invalid email address: {customer['email']}", "email", "email_invalid")
    customer["metadata"] = params.metadata(customer["metadata"])
    if params.given("preferred_locales"):
        customer["preferred_locales"] = params.texts("preferred_locales")
    if params.given("address"):
        address = params.table("address")
        customer["address"] = {part: address.text(part, empty=True) or None for part in ADDRESS}
    params.finish()
