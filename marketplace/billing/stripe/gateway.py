"""The only module that knows Stripe: calls its API with the official client and reads its signed messages.

Answers come as plain dicts (the client's objects are none). Every call that changes something carries an idempotency key, so
that repeating it after an unknown result does nothing twice. The client repeats lost connections, timeouts, 409 and 5xx by
itself, with the same key; what is left becomes one of the refusals of `troubles`.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import stripe

from marketplace.billing.stripe.errors import StripeMissing, StripeRefused, trouble_of
from marketplace.billing.stripe.messages import (
    EVENT_TYPES,
    PORTAL_FEATURES,
    BadSignature,
    SignedEvent,
    signed_event,
)

log = logging.getLogger(__name__)
Answer = dict[str, Any]
TOLERANCE = timedelta(minutes=5)  # how old a signature may be, as Stripe's own libraries have it
RETRIES, TIMEOUTS, PAGE = 2, (3, 20), 100  # seconds to connect and to be answered: the client's own is 80
NOT_READABLE = (
    *(stripe.SignatureVerificationError, ValueError, LookupError, TypeError, AttributeError),
    *(StopIteration, ArithmeticError, OSError, RecursionError),
)


class Gateway:
    """Stripe with one key. `livemode` is that key's mode; `stands_in` says whether it talks to the stand-in; `form_targets`
    are the origins that a form may be redirected to, for the Content-Security-Policy."""

    def __init__(self, key: str, secret: str, *, base: str = "", automatic_tax: bool = False) -> None:
        self.livemode = key.split("_")[1:2] == ["live"]
        self.stands_in = bool(base)
        self.automatic_tax = automatic_tax
        self.form_targets = (base,) if base else ("https://checkout.stripe.com", "https://billing.stripe.com")
        self._secret = secret
        client = stripe.StripeClient(
            key,
            base_addresses={"api": base} if base else {},
            max_network_retries=RETRIES,
            http_client=stripe.RequestsClient(timeout=TIMEOUTS),  # keeps a connection for each thread
        )
        self._api = client.v1

    def read_event(self, body: bytes, header: str, moment: datetime) -> SignedEvent:
        """The event of a message whose signature holds and is fresh at `moment`. Raises `BadSignature` for any other."""
        try:
            stripe.WebhookSignature.verify_header(body, header, self._secret)
            stamp = next(part for part in header.split(",") if part.startswith("t=")).removeprefix("t=")
            if abs(moment - datetime.fromtimestamp(int(stamp), UTC)) > TOLERANCE:
                raise BadSignature
            return signed_event(json.loads(body))  # the client would unwrap what a cloud's event bus sends
        except NOT_READABLE as error:
            raise BadSignature from error  # not signed, or signed but no event of the kind we read

    def undelivered_events(self, since: datetime) -> Iterator[SignedEvent]:
        """Events of our types that did not reach us since a moment, newest first."""
        found = _asked(
            lambda: self._api.events.list(
                params={
                    "delivery_success": False,
                    "types": list(EVENT_TYPES),
                    "created": {"gte": _seconds(since)},
                    "limit": PAGE,
                }
            )
        )
        return map(signed_event, _all(found))

    def ensure_product(self, product_id: str, name: str) -> None:
        """Make the product of this id where there is none; name it anew where there is."""
        try:
            _asked(lambda: self._api.products.create(params={"id": product_id, "name": name}))
        except StripeRefused as refusal:
            if refusal.code != "resource_already_exists":
                raise
            _asked(lambda: self._api.products.update(product_id, params={"name": name, "active": True}))

    def price_of_lookup_key(self, lookup_key: str) -> Answer | None:
        """The active price that carries a lookup key."""
        found = _asked(lambda: self._api.prices.list(params={"lookup_keys": [lookup_key], "active": True}))
        return next(_all(found), None)

    def create_price(
        self, *, product_id: str, lookup_key: str, monthly: bool, amount: int, currency: str, key: str
    ) -> Answer:
        """A price that takes the lookup key over."""
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
        return _plain(
            _asked(lambda: self._api.prices.create(params=params, options={"idempotency_key": key}))
        )

    def create_customer(self, *, name: str, email: str, provider_id: int, key: str) -> str:
        """A customer; returns its id."""
        params: stripe.params.CustomerCreateParams = {
            "name": name,
            "email": email,
            "metadata": {"provider_id": str(provider_id)},
        }
        once: stripe.RequestOptions = {"idempotency_key": key}
        return str(_asked(lambda: self._api.customers.create(params=params, options=once)).id)

    def create_session(self, params: Answer, key: str) -> Answer:
        """Open a Checkout Session with stored parameters (`checkout.session_params`)."""
        typed: stripe.params.checkout.SessionCreateParams = params  # type: ignore[assignment]
        return _plain(
            _asked(lambda: self._api.checkout.sessions.create(params=typed, options={"idempotency_key": key}))
        )

    def session(self, session_id: str) -> Answer:
        """A Checkout Session as it is now."""
        return _plain(_asked(lambda: self._api.checkout.sessions.retrieve(session_id)))

    def expire_session(self, session_id: str) -> None:
        """Close an open session for good. Raises `StripeRefused` where it is not open any more."""
        _asked(lambda: self._api.checkout.sessions.expire(session_id))

    def sessions(self, *, customer: str | None = None, since: datetime | None = None) -> Iterator[Answer]:
        """Sessions of a customer, or made since a moment, newest first."""
        params: stripe.params.checkout.SessionListParams = {"limit": PAGE}
        if customer is not None:
            params["customer"] = customer
        if since is not None:
            params["created"] = {"gte": _seconds(since)}
        return _all(_asked(lambda: self._api.checkout.sessions.list(params=params)))

    def portal_address(self, *, customer: str, return_url: str, language: str, cancel: str = "") -> str:
        """Where the customer changes the card, reads invoices, cancels at the period's end or takes that back; with
        `cancel`, where it cancels that subscription."""
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
        return str(_asked(lambda: self._api.billing_portal.sessions.create(params=params)).url)

    def _portal_configuration(self) -> str:
        configurations = self._api.billing_portal.configurations
        found = _all(_asked(lambda: configurations.list(params={"active": True, "limit": PAGE})))
        for one in found:
            if (one.get("metadata") or {}).get("used_for") == "placements":
                return str(one["id"])
        params: stripe.params.billing_portal.ConfigurationCreateParams = {
            "features": PORTAL_FEATURES,  # type: ignore[typeddict-item]
            "metadata": {"used_for": "placements"},
        }
        once: stripe.RequestOptions = {"idempotency_key": "portal-configuration:1"}
        return str(_asked(lambda: configurations.create(params=params, options=once)).id)

    def subscription(self, subscription_id: str) -> Answer:
        """A subscription as it is now."""
        return _plain(_asked(lambda: self._api.subscriptions.retrieve(subscription_id)))

    def subscriptions(self) -> Iterator[Answer]:
        """Every subscription of the account, whatever its status."""
        return _all(_asked(lambda: self._api.subscriptions.list(params={"status": "all", "limit": PAGE})))

    def cancel_subscription(self, subscription_id: str, key: str, *, comment: str = "") -> None:
        """End a subscription now. One that ended already is left as it is."""
        params: stripe.params.SubscriptionCancelParams = {"cancellation_details": {"comment": comment}}
        options: stripe.RequestOptions = {"idempotency_key": key}
        with suppress(StripeMissing):
            _asked(lambda: self._api.subscriptions.cancel(subscription_id, params=params, options=options))

    def invoices(self, subscription_id: str, limit: int) -> list[Answer]:
        """The newest invoices of a subscription, each with `payments`."""
        params: stripe.params.InvoiceListParams = {
            "subscription": subscription_id,
            "limit": limit,
            "expand": ["data.payments"],
        }
        return list(_plain(_asked(lambda: self._api.invoices.list(params=params)))["data"])

    def invoice(self, invoice_id: str) -> Answer:
        """An invoice as it is now."""
        return _plain(_asked(lambda: self._api.invoices.retrieve(invoice_id)))

    def void_invoice(self, invoice_id: str, key: str) -> None:
        """Let an open invoice be paid no more. Raises `StripeRefused` where it is not open."""
        _asked(lambda: self._api.invoices.void_invoice(invoice_id, options={"idempotency_key": key}))

    def invoice_of_intent(self, intent_id: str) -> Answer | None:
        """The invoice that a payment intent pays, or None for a payment without one."""
        params: stripe.params.InvoicePaymentListParams = {
            "payment": {"type": "payment_intent", "payment_intent": intent_id}
        }
        found = next(_all(_asked(lambda: self._api.invoice_payments.list(params=params))), None)
        return self.invoice(found["invoice"]) if found else None

    def intent(self, intent_id: str) -> Answer:
        """A payment intent with its `latest_charge`."""
        found = self._api.payment_intents
        return _plain(_asked(lambda: found.retrieve(intent_id, params={"expand": ["latest_charge"]})))

    def charge(self, charge_id: str) -> Answer:
        """A charge as it is now."""
        return _plain(_asked(lambda: self._api.charges.retrieve(charge_id)))

    def charges(self, since: datetime) -> Iterator[Answer]:
        """Charges made since a moment, newest first."""
        params: stripe.params.ChargeListParams = {"created": {"gte": _seconds(since)}, "limit": PAGE}
        return _all(_asked(lambda: self._api.charges.list(params=params)))

    def refund(self, intent_id: str, *, amount: int | None, key: str) -> Answer:
        """Give a payment back, whole or in part. Raises `StripeRefused` where less is left."""
        params: stripe.params.RefundCreateParams = {"payment_intent": intent_id}
        if amount is not None:
            params["amount"] = amount
        return _plain(
            _asked(lambda: self._api.refunds.create(params=params, options={"idempotency_key": key}))
        )

    def refund_of(self, refund_id: str) -> Answer:
        """A refund as it is now."""
        return _plain(_asked(lambda: self._api.refunds.retrieve(refund_id)))

    def refunds(self, *, charge: str | None = None, since: datetime | None = None) -> Iterator[Answer]:
        """Refunds of a charge, or made since a moment."""
        params: Any = {"limit": PAGE, **_of_or_since(charge, since)}
        return _all(_asked(lambda: self._api.refunds.list(params=params)))

    def dispute(self, dispute_id: str) -> Answer:
        """A dispute as it is now."""
        return _plain(_asked(lambda: self._api.disputes.retrieve(dispute_id)))

    def disputes(self, *, charge: str | None = None, since: datetime | None = None) -> Iterator[Answer]:
        """Disputes of a charge, or opened since a moment."""
        params: Any = {"limit": PAGE, **_of_or_since(charge, since)}
        return _all(_asked(lambda: self._api.disputes.list(params=params)))


def _of_or_since(charge: str | None, since: datetime | None) -> Any:
    return {"charge": charge} if charge else {"created": {"gte": _seconds(since)}} if since else {}


def _asked(call: Callable[[], Any]) -> Any:
    """What Stripe answers. Its errors become ours; the log gets their class and code, never their text."""
    try:
        return call()
    except stripe.StripeError as error:
        trouble = trouble_of(error)
        # A refusal may be just what was asked about; whoever did not expect it raises an alarm.
        level = logging.INFO if isinstance(trouble, StripeRefused) else logging.WARNING
        log.log(level, "stripe: %s %s (%s)", type(error).__name__, error.http_status or "", trouble.code)
        raise trouble from error


def _all(found: Any) -> Iterator[Answer]:
    """Every object of a list, page after page."""
    pages = found.auto_paging_iter()
    while (one := _asked(lambda: next(pages, None))) is not None:
        yield _plain(one)


def _plain(found: Any) -> Answer:
    return dict(found.to_dict())


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
