"""What payers, their banks and refunding admins do in a round."""

from __future__ import annotations

import random
from typing import Any

from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.billing.models import PaymentEntry
from marketplace.billing.sync.refunds import refund_payment, refundable_amount
from marketplace.core.extensions import db
from stripe_standin.errors import ApiError as StripeRefusal
from tests.billing.rounds.stage import Stage


class Payers:
    """The part of a story that happens at Stripe."""

    stage: Stage
    chance: random.Random
    admin: User

    def _click(self) -> int:
        raise NotImplementedError

    def _click_delayed(self) -> None:
        raise NotImplementedError

    def _any(self, kind: str, **values: Any) -> str:
        db.session.rollback()
        things = [
            thing["id"]
            for thing in self.stage.stripe.state().get(kind, [])
            if all(thing[name] in wanted for name, wanted in values.items())
        ]
        return str(self.chance.choice(things))

    def _pay(self) -> None:
        self.stage.stripe.pay(self._any("checkout.session", status=("open",)))

    def _pay_later(self) -> None:
        self._click_delayed()
        self.stage.stripe.pay_later(self._any("checkout.session", status=("open",)))

    def _settle(self) -> None:
        session = self._any("checkout.session", status=("complete",), payment_status=("unpaid",))
        self.stage.stripe.settle(session, ok=self.chance.random() < 0.6)

    def _decline(self) -> None:
        self._click()
        self.stage.stripe.decline(self._any("checkout.session", status=("open",)))

    def _running(self) -> str:
        return self._any("subscription", status=("active", "past_due"))

    def _renew(self) -> None:
        renewing = self._any("subscription", status=("active", "past_due"), cancel_at=(None,))
        self.stage.stripe.renew(renewing, ok=self.chance.random() < 0.5)

    def _change_card(self) -> None:
        self.stage.stripe.set_card(self._any("customer"), ok=self.chance.random() < 0.4)

    def _pay_invoice(self) -> None:
        self.stage.stripe.pay_invoice(self._any("subscription", status=("past_due", "incomplete")))

    def _portal(self) -> None:
        subscription = self._running()
        try:
            self.stage.stripe.portal_resume(subscription)
        except StripeRefusal:
            self.stage.stripe.portal_cancel(subscription)

    def _cancel_now(self) -> None:
        self.stage.stripe.cancel_now(self._running())

    def _refund(self) -> None:
        charge = self._any("charge", status=("succeeded",))
        amount = None if self.chance.random() < 0.5 else self.chance.randint(1, 2000)
        self.stage.stripe.refund(charge, amount)

    def _refund_by_admin(self) -> None:
        payments = db.session.scalars(select(PaymentEntry).where(PaymentEntry.kind == "payment")).all()
        payment = self.chance.choice(payments)
        left = refundable_amount(payment)
        refund_payment(
            actor=self.admin,
            entry_id=payment.id,
            amount=self.chance.choice((left, 500)),
            seen=left,
            gateway=self.stage.app.extensions["stripe"],
            now=self.stage.clock(),
        )

    def _fail_refund(self) -> None:
        self.stage.stripe.fail_refund(self._any("refund", status=("succeeded",)))

    def _dispute(self) -> None:
        charge = self._any("charge", status=("succeeded",))
        self.stage.stripe.dispute(charge, inquiry=self.chance.random() < 0.4)

    def _close_dispute(self) -> None:
        dispute = self._any("dispute", status=("needs_response", "warning_needs_response"))
        self.stage.stripe.close_dispute(dispute, won=self.chance.random() < 0.5)
