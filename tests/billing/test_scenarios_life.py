"""From the first payment to the end, by the numbers of the table in the design."""

from __future__ import annotations

from datetime import timedelta

import pytest

from marketplace.billing.placements.scopes import scope_label
from marketplace.billing.stripe.gateway import Gateway
from marketplace.billing.sync.services import sync_placement
from marketplace.core.errors import Conflict
from marketplace.core.extensions import db
from stripe_standin.errors import ApiError as StandInRefusal
from tests.billing.shop import Shop

DAY = timedelta(days=1)
MONTH = timedelta(days=30)


def test_a_renewal_goes_on_and_is_booked(shop: Shop) -> None:
    placement = shop.buy()
    first_end = placement.period_end
    assert len(shop.mails()) == 1
    shop.pass_time(MONTH + DAY)
    shop.deliver()
    placement = shop.read(placement)
    assert first_end is not None
    assert placement.period_end is not None
    assert placement.state == "active"
    assert placement.period_end > first_end
    assert shop.entries() == [("payment", 4900)] * 2
    assert shop.mails() == []  # the first one's file is deleted by now, and a renewal sends none


def test_a_renewal_that_fails_and_is_paid_keeps_the_slot(shop: Shop) -> None:
    # 20
    shop.set_slots(1)
    placement = shop.buy()
    shop.stripe.renew(placement.subscription_id, ok=False)
    shop.deliver()
    before = shop.revisions()
    assert shop.state_of(placement) == "past_due"
    assert len(shop.mails_with("failed")) == 1
    with pytest.raises(Conflict, match="slots_full"):
        shop.claim(shop.new_seller())
    db.session.rollback()
    shop.stripe.pay_invoice(placement.subscription_id)
    shop.deliver()
    placement = shop.read(placement)
    assert (placement.state, placement.grace_until) == ("active", None)
    assert shop.entries() == [("payment", 4900)] * 2
    assert shop.revisions() == before  # nothing that is shown changed


def test_the_place_ends_when_grace_ends(shop: Shop) -> None:
    # 21
    shop.set_slots(1)
    placement = shop.buy()
    shop.stripe.set_card(shop.objects("customer")[0]["id"], ok=False)
    shop.pass_time(timedelta(days=31))
    shop.deliver()
    placement = shop.read(placement)
    assert placement.state == "past_due"
    assert placement.grace_until is not None
    before = shop.revisions()
    shop.pass_time(placement.grace_until - shop.clock() - timedelta(seconds=1))
    shop.deliver()
    assert shop.state_of(placement) == "past_due"
    shop.pass_time(timedelta(seconds=1))
    shop.work()
    assert shop.outcome(placement) == ("ended", "unpaid")
    assert [one["status"] for one in shop.objects("subscription")] == ["canceled"]
    assert shop.revisions() > before
    assert len(shop.mails_with("has ended")) == 1
    assert shop.start_checkout(shop.new_seller()).state == "held"


def test_a_cancellation_in_the_portal_is_announced_and_taken_back(shop: Shop) -> None:
    # 22
    placement = shop.buy()
    for round_number in (1, 2):
        shop.stripe.portal_cancel(placement.subscription_id)
        subscription = shop.objects("subscription")[0]
        assert subscription["cancel_at"]
        assert not subscription["cancel_at_period_end"]
        shop.deliver(repeat=2)
        assert shop.state_of(placement) == "canceling"
        assert len(shop.mails_with("ends on")) == round_number
        shop.stripe.portal_resume(placement.subscription_id)
        shop.deliver()
        assert shop.state_of(placement) == "active"


def test_a_cancelled_place_stands_until_its_period_is_over(shop: Shop) -> None:
    # 22
    placement = shop.buy()
    shop.stripe.portal_cancel(placement.subscription_id)
    shop.deliver()
    shop.pass_time(MONTH + DAY)
    shop.deliver()
    assert shop.outcome(placement) == ("ended", "canceled")
    assert shop.entries() == [("payment", 4900)]


def test_a_pass_is_announced_a_week_before_and_ends_by_itself(shop: Shop) -> None:
    placement = shop.buy(kind="pass")
    shop.pass_time(timedelta(days=22))
    assert shop.mails_with("ends on") == []
    shop.pass_time(DAY)
    place = scope_label(placement.scope, "en").name
    assert shop.mails_with("ends on") == [f"Your featured placement ends on 23 December 2026: {place}"]
    before = shop.revisions()
    shop.pass_time(timedelta(days=7))
    shop.work()
    assert shop.outcome(placement) == ("ended", "over")
    assert shop.revisions() > before
    assert len(shop.mails_with("has ended")) == 1


def test_a_pass_that_was_given_back_is_not_announced(shop: Shop) -> None:
    placement = shop.buy(kind="pass")
    shop.refund_by_admin(6000, seen=6000)
    shop.pass_time(timedelta(days=31))
    assert shop.mails_with("ends on") == []
    assert shop.state_of(placement) == "ended"


def test_what_ended_unpaid_cannot_be_paid_any_more(shop: Shop) -> None:
    # 21
    placement = shop.unpaid_to_the_end()
    shop.pass_time(timedelta(seconds=1))
    shop.work()
    assert shop.state_of(placement) == "ended"
    assert [one["status"] for one in shop.objects("invoice")] == ["paid", "void"]
    with pytest.raises(StandInRefusal):
        shop.stripe.pay_invoice(placement.subscription_id)


@pytest.mark.parametrize("kind", ["error500", "error500_after"])
def test_a_stored_error_of_voiding_leaves_no_slot_taken(shop: Shop, kind: str) -> None:
    # 7, 21
    placement = shop.unpaid_to_the_end()
    shop.stripe.fault(kind, "/void$", "POST")
    shop.pass_time(timedelta(seconds=1))
    shop.work()
    assert shop.state_of(placement) == "ended"
    assert shop.statuses("invoice") == ["paid", "void"]


def test_what_is_paid_while_we_end_it_is_given_back(shop: Shop) -> None:
    # 21
    placement = shop.unpaid_to_the_end()
    subscription = placement.subscription_id
    shop.pass_time(timedelta(seconds=1))

    class PaidMeanwhile(Gateway):
        def void_invoice(self, invoice_id: str, key: str) -> None:
            shop.stripe.pay_invoice(subscription)
            super().void_invoice(invoice_id, key)

    gateway = PaidMeanwhile("sk_test_standin", "whsec_standin", base=shop.stripe.url)
    sync_placement(placement.id, gateway=gateway, now=shop.clock())
    db.session.commit()
    shop.deliver()
    placement = shop.read(placement)
    assert placement.state == "ended"
    assert shop.entries() == [("payment", 4900), ("payment", 4900), ("refund", -4900)]
    assert "late_refund" in shop.alarms()
    assert len(shop.mails_with("refunded your payment")) == 1


def test_an_invoice_paid_long_after_the_end_is_given_back(shop: Shop) -> None:
    # 21
    placement = shop.unpaid_to_the_end()
    shop.stripe.cancel_now(placement.subscription_id)  # by hand at Stripe, and we hear of it last
    shop.pass_time(timedelta(hours=1))
    shop.stripe.pay_invoice(placement.subscription_id)
    shop.deliver()
    assert shop.state_of(placement) == "ended"
    assert shop.entries() == [("payment", 4900), ("payment", 4900), ("refund", -4900)]
    assert [one["status"] for one in shop.objects("refund")] == ["succeeded"]
