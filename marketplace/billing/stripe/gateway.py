"""Stripe's API as this product calls it, and the gateway that is bound to the application.

Answers are plain dicts. Every call that changes something carries an idempotency key, so that a retry after an unknown
result does nothing twice. The client itself retries lost connections, timeouts, 409 and 5xx with the same key; what is
left is raised as a `GatewayError`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import stripe
from flask import current_app

from marketplace.billing.stripe.client import (
    Answer,
    StripeForbidden,
    StripeMissing,
    StripeRefused,
    call,
    call_all,
    call_plain,
    create_once,
    needs,
)
from marketplace.billing.stripe.messages import EVENT_TYPES, SignedEvent, signed_event, verify_event
from marketplace.billing.stripe.payments import PAGE, READ, WRITE, Payments, seconds
from marketplace.core.errors import NotFound

STRIPE_PAGES = ("https://checkout.stripe.com", "https://billing.stripe.com")
# What the Customer Portal lets a provider do. No change of plan or quantity, so nothing is ever prorated.
PORTAL_FEATURES = {
    "payment_method_update": {"enabled": True},
    "invoice_history": {"enabled": True},
    "subscription_cancel": {"enabled": True, "mode": "at_period_end"},
}


class Gateway(Payments):
    """Stripe with one key. `livemode` is the mode of that key, `stands_in` whether it talks to the stand-in. `form_targets`
    are the origins that a form may redirect to, for the Content-Security-Policy; `hosts` are the account's own domains."""

    def __init__(
        self, key: str, secret: str, *, base: str = "", automatic_tax: bool = False, hosts: Iterable[str] = ()
    ) -> None:
        super().__init__(key, base)
        self.livemode = key.split("_")[1:2] == ["live"]
        self.stands_in = bool(base)
        self.automatic_tax = automatic_tax
        self.form_targets = ((base,) if base else STRIPE_PAGES) + tuple(f"https://{host}" for host in hosts)
        self._secret = secret
        self._account = ""
        self._mode = "live" if self.livemode else "test"

    def account(self) -> str:
        """Whose objects this key works with, such as `acct_1abc:live`: the account's id and the mode; without the id where
        the key may not say. Asked once. Raises `GatewayError`."""
        if not self._account:
            try:
                name = str(call(self._api.accounts.retrieve_current).id)
            except StripeForbidden:
                name = ""
            self._account = f"{name}:{self._mode}"
        return self._account

    @property
    def known_account(self) -> str:
        """The same without asking Stripe: the mode alone, until it was asked."""
        return self._account or f":{self._mode}"

    def read_event(self, body: bytes, header: str, moment: datetime) -> SignedEvent:
        """The event of a signed message (`messages.verify_event`)."""
        return verify_event(body, header, self._secret, moment)

    @needs("Events", READ)
    def undelivered_events(self, since: datetime) -> Iterator[SignedEvent]:
        """Events of our types since a moment that were not delivered to us, newest first."""
        found = call_all(
            lambda: self._api.events.list(
                params={
                    "delivery_success": False,
                    "types": list(EVENT_TYPES),
                    "created": {"gte": seconds(since)},
                    "limit": PAGE,
                }
            )
        )
        return map(signed_event, found)

    @needs("Products", WRITE)
    def ensure_product(self, product_id: str, name: str) -> None:
        """Create the product with this id, or rename the one that exists."""
        try:
            call(lambda: self._api.products.create(params={"id": product_id, "name": name}))
        except StripeRefused as refusal:
            if refusal.code != "resource_already_exists":
                raise
            call(lambda: self._api.products.update(product_id, params={"name": name, "active": True}))

    @needs("Prices", READ)
    def price_of_lookup_key(self, lookup_key: str) -> Answer | None:
        """The active price that carries a lookup key."""
        found = call_all(lambda: self._api.prices.list(params={"lookup_keys": [lookup_key], "active": True}))
        return next(found, None)

    @needs("Prices", WRITE)
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

        def create(once: str) -> Answer:
            return call_plain(
                lambda: self._api.prices.create(params=params, options={"idempotency_key": once})
            )

        def find() -> Answer | None:
            found = self.price_of_lookup_key(lookup_key)
            same = found is not None and (found["unit_amount"], found["currency"]) == (
                amount,
                currency.lower(),
            )
            return found if same else None

        return create_once(create, find, key)

    @needs("Customers", WRITE)
    def create_customer(self, *, name: str, email: str, provider_id: int, key: str) -> str:
        """Create a customer; returns its id."""
        params: stripe.params.CustomerCreateParams = {
            "name": name,
            "email": email,
            "metadata": {"provider_id": str(provider_id)},
        }

        def create(once: str) -> str:
            options: stripe.RequestOptions = {"idempotency_key": once}
            return str(call(lambda: self._api.customers.create(params=params, options=options)).id)

        def find() -> str | None:
            found = call_all(lambda: self._api.customers.list(params={"email": email, "limit": PAGE}))
            ours = (
                one["id"] for one in found if (one["name"], one["metadata"]) == (name, params["metadata"])
            )
            return next(ours, None)

        return create_once(create, find, key)

    @needs("Customers", READ)
    def has_customer(self, customer: str) -> bool:
        """Whether there is such a customer, and nobody deleted it."""
        try:
            found = call_plain(lambda: self._api.customers.retrieve(customer))
        except StripeMissing:
            return False
        return not found.get("deleted")

    @needs("Customers", READ)
    def customer_email(self, customer: str) -> str:
        """The address of a customer, where receipts go; empty if it has none."""
        return str(call_plain(lambda: self._api.customers.retrieve(customer)).get("email") or "")

    @needs("Customers", WRITE)
    def readdress(self, customer: str, *, email: str) -> None:
        """Give a customer another address."""
        call(lambda: self._api.customers.update(customer, params={"email": email}))

    @needs("Checkout Sessions", WRITE)
    def create_session(self, params: Answer, key: str) -> Answer:
        """Create a Checkout Session with stored parameters (`checkout.session_params`)."""
        typed: stripe.params.checkout.SessionCreateParams = params  # type: ignore[assignment]
        return call_plain(
            lambda: self._api.checkout.sessions.create(params=typed, options={"idempotency_key": key})
        )

    @needs("Checkout Sessions", READ)
    def session(self, session_id: str) -> Answer:
        """A Checkout Session as it is now."""
        return call_plain(lambda: self._api.checkout.sessions.retrieve(session_id))

    @needs("Checkout Sessions", WRITE)
    def expire_session(self, session_id: str) -> None:
        """Expire an open session. Raises `StripeRefused` if it is no longer open."""
        call(lambda: self._api.checkout.sessions.expire(session_id))

    @needs("Checkout Sessions", READ)
    def sessions(self, *, customer: str | None = None, since: datetime | None = None) -> Iterator[Answer]:
        """Sessions of a customer, or created since a moment, newest first."""
        params: stripe.params.checkout.SessionListParams = {"limit": PAGE}
        if customer is not None:
            params["customer"] = customer
        if since is not None:
            params["created"] = {"gte": seconds(since)}
        return call_all(lambda: self._api.checkout.sessions.list(params=params))

    @needs("Customer portal", WRITE)
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

        def find() -> str | None:
            found = call_all(lambda: configurations.list(params={"active": True, "limit": PAGE}))
            ours = (one["id"] for one in found if (one.get("metadata") or {}).get("used_for") == "placements")
            return next(ours, None)

        def create(once: str) -> str:
            params: stripe.params.billing_portal.ConfigurationCreateParams = {
                "features": PORTAL_FEATURES,  # type: ignore[typeddict-item]
                "metadata": {"used_for": "placements"},
            }
            options: stripe.RequestOptions = {"idempotency_key": once}
            return str(call(lambda: configurations.create(params=params, options=options)).id)

        return find() or create_once(create, find, "portal-configuration:1")


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
