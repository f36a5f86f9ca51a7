"""Which call of the API is answered by what. The path templates are those of Stripe's own description."""

from __future__ import annotations

from collections.abc import Callable

from stripe_standin import (
    accounts,
    catalogue,
    checkout,
    credit_notes,
    customers,
    disputes,
    invoices,
    listing,
    payments,
    portal,
    refunds,
    subscriptions,
)
from stripe_standin.params import Params
from stripe_standin.store import StripeObject
from stripe_standin.world import World

Handler = Callable[[World, Params, str], StripeObject]
ROUTES: dict[tuple[str, str], Handler] = {
    ("GET", "/v1/account"): accounts.retrieve_account,
    ("GET", "/v1/products"): catalogue.list_products,
    ("POST", "/v1/products"): catalogue.create_product,
    ("GET", "/v1/products/{id}"): catalogue.retrieve_product,
    ("POST", "/v1/products/{id}"): catalogue.update_product,
    ("GET", "/v1/prices"): catalogue.list_prices,
    ("POST", "/v1/prices"): catalogue.create_price,
    ("GET", "/v1/prices/{price}"): catalogue.retrieve_price,
    ("POST", "/v1/prices/{price}"): catalogue.update_price,
    ("GET", "/v1/customers"): customers.list_customers,
    ("POST", "/v1/customers"): customers.create_customer,
    ("GET", "/v1/customers/{customer}"): customers.retrieve_customer,
    ("POST", "/v1/customers/{customer}"): customers.update_customer,
    ("GET", "/v1/checkout/sessions"): checkout.list_sessions,
    ("POST", "/v1/checkout/sessions"): checkout.create_session,
    ("GET", "/v1/checkout/sessions/{session}"): checkout.retrieve_session,
    ("POST", "/v1/checkout/sessions/{session}/expire"): checkout.expire_session,
    ("GET", "/v1/checkout/sessions/{session}/line_items"): checkout.list_line_items,
    ("POST", "/v1/billing_portal/sessions"): portal.create_session,
    ("GET", "/v1/billing_portal/configurations"): portal.list_configurations,
    ("POST", "/v1/billing_portal/configurations"): portal.create_configuration,
    ("GET", "/v1/billing_portal/configurations/{configuration}"): portal.retrieve_configuration,
    ("POST", "/v1/billing_portal/configurations/{configuration}"): portal.update_configuration,
    ("GET", "/v1/subscriptions"): subscriptions.list_subscriptions,
    ("GET", "/v1/subscriptions/{subscription_exposed_id}"): subscriptions.retrieve_subscription,
    ("POST", "/v1/subscriptions/{subscription_exposed_id}"): subscriptions.update_subscription,
    ("DELETE", "/v1/subscriptions/{subscription_exposed_id}"): subscriptions.cancel_subscription,
    ("GET", "/v1/invoices"): invoices.list_invoices,
    ("GET", "/v1/invoices/{invoice}"): invoices.retrieve_invoice,
    ("POST", "/v1/invoices/{invoice}/void"): invoices.void_by_request,
    ("GET", "/v1/invoice_payments"): invoices.list_payments,
    ("GET", "/v1/invoice_payments/{invoice_payment}"): invoices.retrieve_payment,
    ("GET", "/v1/payment_intents"): payments.list_intents,
    ("GET", "/v1/payment_intents/{intent}"): payments.retrieve_intent,
    ("GET", "/v1/charges"): payments.list_charges,
    ("GET", "/v1/charges/{charge}"): payments.retrieve_charge,
    ("GET", "/v1/refunds"): refunds.list_refunds,
    ("POST", "/v1/refunds"): refunds.create_refund,
    ("GET", "/v1/refunds/{refund}"): refunds.retrieve_refund,
    ("GET", "/v1/credit_notes"): credit_notes.list_credit_notes,
    ("POST", "/v1/credit_notes"): credit_notes.create_credit_note,
    ("GET", "/v1/disputes"): disputes.list_disputes,
    ("GET", "/v1/disputes/{dispute}"): disputes.retrieve_dispute,
    ("GET", "/v1/events"): listing.list_events,
    ("GET", "/v1/events/{id}"): listing.retrieve_event,
}


def match(method: str, path: str) -> tuple[str, dict[str, str]] | None:
    """The template of a path and the values in it, None when nothing answers there."""
    parts = path.split("/")
    for known, template in ROUTES:
        if known == method:
            values = _values(template.split("/"), parts)
            if values is not None:
                return template, values
    return None


def _values(template: list[str], parts: list[str]) -> dict[str, str] | None:
    if len(template) != len(parts):
        return None
    values = {}
    for wanted, part in zip(template, parts, strict=True):
        if wanted.startswith("{") and part:
            values[wanted[1:-1]] = part
        elif wanted != part:
            return None
    return values
