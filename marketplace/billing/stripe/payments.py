"""What Stripe knows of money: subscriptions, invoices, payments, refunds, disputes. The other half of the gateway."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any

import stripe

from marketplace.billing.stripe.client import (
    Access,
    Answer,
    StripeMissing,
    StripeRefused,
    api_client,
    call,
    call_all,
    call_plain,
    create_once,
    needs,
)

PAGE = 100
READ, WRITE = Access.READ, Access.WRITE


class Payments:
    """Reads them, and takes back what should not have been paid."""

    def __init__(self, key: str, base: str) -> None:
        self._api = api_client(key, base).v1

    @needs("Subscriptions", READ)
    def subscription(self, subscription_id: str) -> Answer:
        """A subscription as it is now."""
        return call_plain(lambda: self._api.subscriptions.retrieve(subscription_id))

    @needs("Subscriptions", READ)
    def subscriptions(self) -> Iterator[Answer]:
        """Every subscription of the account, whatever its status."""
        return call_all(lambda: self._api.subscriptions.list(params={"status": "all", "limit": PAGE}))

    @needs("Subscriptions", WRITE)
    def cancel_subscription(self, subscription_id: str, key: str, *, comment: str = "") -> None:
        """Cancel a subscription now. One that is already canceled stays as it is."""
        params: stripe.params.SubscriptionCancelParams = {"cancellation_details": {"comment": comment}}
        options: stripe.RequestOptions = {"idempotency_key": key}
        with suppress(StripeMissing):
            call(lambda: self._api.subscriptions.cancel(subscription_id, params=params, options=options))

    @needs("Invoices", READ)
    def invoices(self, subscription_id: str, limit: int) -> list[Answer]:
        """The newest invoices of a subscription, each with `payments`."""
        params: stripe.params.InvoiceListParams = {
            "subscription": subscription_id,
            "limit": limit,
            "expand": ["data.payments"],
        }
        return list(call_plain(lambda: self._api.invoices.list(params=params))["data"])

    @needs("Invoices", READ)
    def invoice(self, invoice_id: str) -> Answer:
        """An invoice as it is now."""
        return call_plain(lambda: self._api.invoices.retrieve(invoice_id))

    @needs("Invoices", WRITE)
    def void_invoice(self, invoice_id: str, key: str) -> None:
        """Void an open invoice, so that it can no longer be paid. Raises `StripeRefused` if it is not open."""

        def void(once: str) -> bool:
            call(lambda: self._api.invoices.void_invoice(invoice_id, options={"idempotency_key": once}))
            return True

        create_once(void, lambda: self.invoice(invoice_id)["status"] != "open" or None, key)

    @needs("Invoices", READ)
    def invoice_of_intent(self, intent_id: str) -> Answer | None:
        """The invoice of a payment intent, or None for a payment without one."""
        params: stripe.params.InvoicePaymentListParams = {
            "payment": {"type": "payment_intent", "payment_intent": intent_id}
        }
        found = next(call_all(lambda: self._api.invoice_payments.list(params=params)), None)
        return self.invoice(found["invoice"]) if found else None

    @needs("PaymentIntents", READ)
    def intent(self, intent_id: str) -> Answer:
        """A payment intent with its `latest_charge`."""
        found = self._api.payment_intents
        return call_plain(lambda: found.retrieve(intent_id, params={"expand": ["latest_charge"]}))

    @needs("Charges and Refunds", READ)
    def charge(self, charge_id: str) -> Answer:
        """A charge as it is now."""
        return call_plain(lambda: self._api.charges.retrieve(charge_id))

    @needs("Charges and Refunds", READ)
    def charges(self, since: datetime) -> Iterator[Answer]:
        """Charges created since a moment, newest first."""
        params: stripe.params.ChargeListParams = {"created": {"gte": seconds(since)}, "limit": PAGE}
        return call_all(lambda: self._api.charges.list(params=params))

    @needs("Charges and Refunds", WRITE)
    def refund(self, intent_id: str, *, amount: int | None, key: str) -> None:
        """Refund a payment, in full or in part; where Stripe added tax, by a credit note on its invoice, so that the buyer
        has one for their books. Raises `StripeRefused` if less than that is left."""
        invoice = self.invoice_of_intent(intent_id)
        if invoice is not None and invoice["automatic_tax"]["enabled"]:
            charge = self.intent(intent_id)["latest_charge"]
            left = charge["amount"] - charge["amount_refunded"]
            try:
                # Nothing left is for the refund below to refuse.
                if left:
                    self.credit(invoice["id"], amount=left if amount is None else amount, key=f"{key}:note")
                    return
            except StripeRefused:
                pass  # credited by hand before: what is left of the payment is refunded without a note
        params: stripe.params.RefundCreateParams = {"payment_intent": intent_id, "metadata": {"key": key}}
        if amount is not None:
            params["amount"] = amount

        def give(once: str) -> bool:
            call(lambda: self._api.refunds.create(params=params, options={"idempotency_key": once}))
            return True

        found: stripe.params.RefundListParams = {"payment_intent": intent_id, "limit": PAGE}
        create_once(give, lambda: _bears(key, call_all(lambda: self._api.refunds.list(params=found))), key)

    @needs("Credit notes", WRITE)
    def credit(self, invoice_id: str, *, amount: int, key: str) -> None:
        """Credit a paid invoice, tax included, and refund it. Raises `StripeRefused` if less than that is left."""
        params: stripe.params.CreditNoteCreateParams = {
            "invoice": invoice_id,
            "amount": amount,
            "refund_amount": amount,
            "metadata": {"key": key},
        }

        def give(once: str) -> bool:
            call(lambda: self._api.credit_notes.create(params=params, options={"idempotency_key": once}))
            return True

        found: stripe.params.CreditNoteListParams = {"invoice": invoice_id, "limit": PAGE}
        create_once(
            give, lambda: _bears(key, call_all(lambda: self._api.credit_notes.list(params=found))), key
        )

    @needs("Charges and Refunds", READ)
    def refund_of(self, refund_id: str) -> Answer:
        """A refund as it is now."""
        return call_plain(lambda: self._api.refunds.retrieve(refund_id))

    @needs("Charges and Refunds", READ)
    def refunds(self, *, charge: str | None = None, since: datetime | None = None) -> Iterator[Answer]:
        """Refunds of a charge, or created since a moment."""
        params: Any = {"limit": PAGE, **_of_or_since(charge, since)}
        return call_all(lambda: self._api.refunds.list(params=params))

    @needs("Disputes", READ)
    def dispute(self, dispute_id: str) -> Answer:
        """A dispute as it is now."""
        return call_plain(lambda: self._api.disputes.retrieve(dispute_id))

    @needs("Disputes", READ)
    def disputes(self, *, charge: str | None = None, since: datetime | None = None) -> Iterator[Answer]:
        """Disputes of a charge, or opened since a moment."""
        params: Any = {"limit": PAGE, **_of_or_since(charge, since)}
        return call_all(lambda: self._api.disputes.list(params=params))


def _bears(key: str, made: Iterator[Answer]) -> bool | None:
    """True if one of these was made with the key, else None."""
    return any((one["metadata"] or {}).get("key") == key for one in made) or None


def _of_or_since(charge: str | None, since: datetime | None) -> Any:
    return {"charge": charge} if charge else {"created": {"gte": seconds(since)}} if since else {}


def seconds(moment: datetime) -> int:
    """A moment as Stripe writes it."""
    return int(moment.timestamp())
