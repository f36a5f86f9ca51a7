"""The restricted key that the operators' page tells to make: all tests of placements run with it."""

from __future__ import annotations

import inspect

from marketplace.billing.stripe.client import Access
from marketplace.billing.stripe.gateway import Gateway

# A key with the permissions that the gateway declares and the operators' page lists: it must do for everything.
DOCUMENTED_KEY = "rk_test_documented"
# Stripe's own names of the rows in its dashboard.
PERMISSIONS = {
    "Charges and Refunds": "charge",
    "Checkout Sessions": "checkout_session",
    "Credit notes": "credit_note",
    "Customer portal": "customer_portal",
    "Customers": "customer",
    "Disputes": "dispute",
    "Events": "event",
    "Invoices": "invoice",
    "PaymentIntents": "payment_intent",
    "Prices": "plan",
    "Products": "product",
    "Subscriptions": "subscription",
}


def declared_permissions() -> dict[str, Access]:
    """What the gateway declares that a restricted key needs, by the rows of Stripe's dashboard. Writing includes reading."""
    found: dict[str, Access] = {}
    for _name, method in inspect.getmembers(Gateway):
        resource, access = getattr(method, "permission", (None, None))
        if isinstance(resource, str) and isinstance(access, Access) and found.get(resource) != Access.WRITE:
            found[resource] = access
    return found


def documented_permissions(without: str | None = None) -> list[str]:
    """The same in Stripe's own names; `without` one of them."""
    declared = declared_permissions()
    return [f"rak_{PERMISSIONS[row]}_{access}" for row, access in declared.items() if row != without]
