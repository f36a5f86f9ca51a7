"""Stripe's API as this product calls it, and the gateway that is bound to the application.

Answers are plain dicts. Every call that changes something carries an idempotency key, so that a retry after an unknown
result does nothing twice. The client itself retries lost connections, timeouts, 409 and 5xx with the same key; what is
left is raised as a `GatewayError`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any

import stripe
from flask import current_app

from marketplace.billing.stripe.client import (
    Answer,
    StripeMissing,
    StripeRefused,
    api_client,
    call,
    call_all,
    call_plain,
)
from marketplace.billing.stripe.messages import EVENT_TYPES, SignedEvent, signed_event, verify_event
from marketplace.core.errors import NotFound

PAGE = 100
# What the Customer Portal lets a provider do. No change of plan or quantity, so nothing is ever prorated.
PORTAL_FEATURES = {
    "payment_method_update": {"enabled": True},
    "invoice_history": {"enabled": True},
    "subscription_cancel": {"enabled": True, "mode": "at_period_end"},
}


class Gateway:
    """Stripe with one key. `livemode` is the mode of that key, `stands_in` whether it talks to the stand-in. `form_targets`
    are the origins that a form may redirect to, for the Content-Security-Policy."""

    def __init__(self, key: str, secret: str, *, base: str = "", automatic_tax: bool = False) -> None:
        self.livemode = key.split("_")[1:2] == ["live"]
        self.stands_in = bool(base)
        self.automatic_tax = automatic_tax
        self.form_targets = (base,) if base else ("https://checkout.stripe.com", "https://billing.stripe.com")
        self._secret = secret
        self._api = api_client(key, base).v1

    def read_event(self, body: bytes, header: str, moment: datetime) -> SignedEvent:
        """The event of a signed message (`messages.verify_event`)."""
        return verify_event(body, header, self._secret, moment)

    def undelivered_events(self, since: datetime) -> Iterator[SignedEvent]:
        """Events of our types since a moment that were not delivered to us, newest first."""
        found = call_all(
            lambda: self._api.events.list(
                params={
                    "delivery_success": False,
                    "types": list(EVENT_TYPES),
                    "created": {"gte": _seconds(since)},
                    "limit": PAGE,
                }
            )
        )
        return map(signed_event, found)

    def ensure_product(self, product_id: str, name: str) -> None:
        """Create the product with this id, or rename the one that exists."""
        try:
            call(lambda: self._api.products.create(params={"id": product_id, "name": name}))
        except StripeRefused as refusal:
            if refusal.code != "resource_already_exists":
                raise
            call(lambda: self._api.products.update(product_id, params={"name": name, "active": True}))

    def price_of_lookup_key(self, lookup_key: str) -> Answer | None:
        """The active price that carries a lookup key."""
        found = call_all(lambda: self._api.prices.list(params={"lookup_keys": [lookup_key], "active": True}))
        return next(found, None)

    def create_price(
        self, *, product_id: str, lookup_key: str, monthly: bool, amount: int, currency: str, key: str
    ) -> Answer:
        """Create a price that takes over the lookup key."""
        params: stripe.params.PriceCreateParams = {
            "product": product_id,
            "unit_amount": amount,
            "currency": currency.lower(),
            "lookup_key": lookup_key,
            "transfer_lookup_key": True,
            "tax_behavior": "exclusive",
        }
        if monthly:
            params["recurring"] = {"interval": "month"}
        return call_plain(lambda: self._api.prices.create(params=params, options={"idempotency_key": key}))

    def create_customer(self, *, name: str, email: str, provider_id: int, key: str) -> str:
        """Create a customer; returns its id."""
        params: stripe.params.CustomerCreateParams = {
            "name": name,
            "email": email,
            "metadata": {"provider_id": str(provider_id)},
        }
        once: stripe.RequestOptions = {"idempotency_key": key}
        return str(call(lambda: self._api.customers.create(params=params, options=once)).id)

    def create_session(self, params: Answer, key: str) -> Answer:
        """Create a Checkout Session with stored parameters (`checkout.session_params`)."""
        typed: stripe.params.checkout.SessionCreateParams = params  # type: ignore[assignment]
        return call_plain(
            lambda: self._api.checkout.sessions.create(params=typed, options={"idempotency_key": key})
        )

    def session(self, session_id: str) -> Answer:
        """A Checkout Session as it is now."""
        return call_plain(lambda: self._api.checkout.sessions.retrieve(session_id))

    def expire_session(self, session_id: str) -> None:
        """Expire an open session. Raises `StripeRefused` if it is no longer open."""
        call(lambda: self._api.checkout.sessions.expire(session_id))

    def sessions(self, *, customer: str | None = None, since: datetime | None = None) -> Iterator[Answer]:
        """Sessions of a customer, or created since a moment, newest first."""
        params: stripe.params.checkout.SessionListParams = {"limit": PAGE}
        if customer is not None:
            params["customer"] = customer
        if since is not None:
            params["created"] = {"gte": _seconds(since)}
        return call_all(lambda: self._api.checkout.sessions.list(params=params))

    def portal_url(self, *, customer: str, return_url: str, language: str, cancel: str = "") -> str:
        """The address of the Customer Portal: card, invoices, cancelling at the period's end and undoing that. With
        `cancel`, a subscription's id, the page that cancels it."""
        params: stripe.params.billing_portal.SessionCreateParams = {
            "customer": customer,
            "return_url": return_url,
            "configuration": self._portal_configuration(),
            "locale": "es" if language == "es" else "en" if language == "en" else "auto",
        }
        if cancel:
            ending: stripe.params.billing_portal.SessionCreateParamsFlowDataSubscriptionCancel
            ending = {"subscription": cancel}
            params["flow_data"] = {"type": "subscription_cancel", "subscription_cancel": ending}
        return str(call(lambda: self._api.billing_portal.sessions.create(params=params)).url)

    def _portal_configuration(self) -> str:
        configurations = self._api.billing_portal.configurations
        found = call_all(lambda: configurations.list(params={"active": True, "limit": PAGE}))
        for one in found:
            if (one.get("metadata") or {}).get("used_for") == "placements":
                return str(one["id"])
        params: stripe.params.billing_portal.ConfigurationCreateParams = {
            "features": PORTAL_FEATURES,  # type: ignore[typeddict-item]
            "metadata": {"used_for": "placements"},
        }
        once: stripe.RequestOptions = {"idempotency_key": "portal-configuration:1"}
        return str(call(lambda: configurations.create(params=params, options=once)).id)

    def subscription(self, subscription_id: str) -> Answer:
        """A subscription as it is now."""
        return call_plain(lambda: self._api.subscriptions.retrieve(subscription_id))

    def subscriptions(self) -> Iterator[Answer]:
        """Every subscription of the account, whatever its status."""
        return call_all(lambda: self._api.subscriptions.list(params={"status": "all", "limit": PAGE}))

    def cancel_subscription(self, subscription_id: str, key: str, *, comment: str = "") -> None:
        """Cancel a subscription now. One that is already canceled stays as it is."""
        params: stripe.params.SubscriptionCancelParams = {"cancellation_details": {"comment": comment}}
        options: stripe.RequestOptions = {"idempotency_key": key}
        with suppress(StripeMissing):
            call(lambda: self._api.subscriptions.cancel(subscription_id, params=params, options=options))

    def invoices(self, subscription_id: str, limit: int) -> list[Answer]:
        """The newest invoices of a subscription, each with `payments`."""
        params: stripe.params.InvoiceListParams = {
            "subscription": subscription_id,
            "limit": limit,
            "expand": ["data.payments"],
        }
        return list(call_plain(lambda: self._api.invoices.list(params=params))["data"])

    def invoice(self, invoice_id: str) -> Answer:
        """An invoice as it is now."""
        return call_plain(lambda: self._api.invoices.retrieve(invoice_id))

    def void_invoice(self, invoice_id: str, key: str) -> None:
        """Void an open invoice, so that it can no longer be paid. Raises `StripeRefused` if it is not open."""
        call(lambda: self._api.invoices.void_invoice(invoice_id, options={"idempotency_key": key}))

    def invoice_of_intent(self, intent_id: str) -> Answer | None:
        """The invoice of a payment intent, or None for a payment without one."""
        params: stripe.params.InvoicePaymentListParams = {
            "payment": {"type": "payment_intent", "payment_intent": intent_id}
        }
        found = next(call_all(lambda: self._api.invoice_payments.list(params=params)), None)
        return self.invoice(found["invoice"]) if found else None

    def intent(self, intent_id: str) -> Answer:
        """A payment intent with its `latest_charge`."""
        found = self._api.payment_intents
        return call_plain(lambda: found.retrieve(intent_id, params={"expand": ["latest_charge"]}))

    def charge(self, charge_id: str) -> Answer:
        """A charge as it is now."""
        return call_plain(lambda: self._api.charges.retrieve(charge_id))

    def charges(self, since: datetime) -> Iterator[Answer]:
        """Charges created since a moment, newest first."""
        params: stripe.params.ChargeListParams = {"created": {"gte": _seconds(since)}, "limit": PAGE}
        return call_all(lambda: self._api.charges.list(params=params))

    def refund(self, intent_id: str, *, amount: int | None, key: str) -> Answer:
        """Refund a payment, in full or in part. Raises `StripeRefused` if less than that is left."""
        params: stripe.params.RefundCreateParams = {"payment_intent": intent_id}
        if amount is not None:
            params["amount"] = amount
        return call_plain(lambda: self._api.refunds.create(params=params, options={"idempotency_key": key}))

    def refund_of(self, refund_id: str) -> Answer:
        """A refund as it is now."""
        return call_plain(lambda: self._api.refunds.retrieve(refund_id))

    def refunds(self, *, charge: str | None = None, since: datetime | None = None) -> Iterator[Answer]:
        """Refunds of a charge, or created since a moment."""
        params: Any = {"limit": PAGE, **_of_or_since(charge, since)}
        return call_all(lambda: self._api.refunds.list(params=params))

    def dispute(self, dispute_id: str) -> Answer:
        """A dispute as it is now."""
        return call_plain(lambda: self._api.disputes.retrieve(dispute_id))

    def disputes(self, *, charge: str | None = None, since: datetime | None = None) -> Iterator[Answer]:
        """Disputes of a charge, or opened since a moment."""
        params: Any = {"limit": PAGE, **_of_or_since(charge, since)}
        return call_all(lambda: self._api.disputes.list(params=params))


def _of_or_since(charge: str | None, since: datetime | None) -> Any:
    return {"charge": charge} if charge else {"created": {"gte": _seconds(since)}} if since else {}


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def gateway_if_any() -> Gateway | None:
    """The gateway, or None if no key is set."""
    found: Gateway | None = current_app.extensions["stripe"]
    return found


def gateway() -> Gateway:
    """The gateway. Raises `NotFound` if no key is set."""
    found = gateway_if_any()
    if found is None:
        raise NotFound("not_sold")
    return found
