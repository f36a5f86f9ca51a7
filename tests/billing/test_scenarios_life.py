"""From the first payment to the end, by the numbers of the table in the design."""

from __future__ import annotations

from datetime import timedelta

import pytest

from marketplace.billing.models import PaymentEntry, Placement
from marketplace.billing.placements.scopes import scope_label
from marketplace.billing.stripe.client import GatewayError
from marketplace.billing.stripe.gateway import Gateway
from marketplace.billing.sync.refunds import refund_payment
from marketplace.billing.sync.services import sync_placement
from marketplace.core.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.core.extensions import db
from stripe_standin.refusals import Refusal as StandInRefusal
from tests.billing.shop import Shop

DAY = timedelta(days=1)
MONTH = timedelta(days=30)


def subjects(shop: Shop, word: str) -> list[str]:
    return [one for one in shop.mails() if word in one]


def test_a_renewal_goes_on_and_is_booked(shop: Shop) -> None:
    placement = shop.buy()
    first_end = placement.period_end
    shop.pass_time(MONTH + DAY)
    shop.hear()
    placement = shop.read(placement)
    assert first_end is not None
    assert placement.period_end is not None
    assert placement.state == "active"
    assert placement.period_end > first_end
    assert shop.entries() == [("payment", 4900)] * 2
    assert len(shop.mails()) == 1


def test_a_renewal_that_fails_and_is_paid_keeps_the_slot(shop: Shop) -> None:
    # 20
    shop.set_slots(1)
    placement = shop.buy()
    shop.stripe.renew(placement.subscription_id, ok=False)
    shop.hear()
    before = shop.revisions()
    assert shop.state_of(placement) == "past_due"
    assert len(subjects(shop, "failed")) == 1
    with pytest.raises(Conflict, match="slots_full"):
        shop.claim(shop.new_seller())
    db.session.rollback()
    shop.stripe.pay_invoice(placement.subscription_id)
    shop.hear()
    placement = shop.read(placement)
    assert (placement.state, placement.grace_until) == ("active", None)
    assert shop.entries() == [("payment", 4900)] * 2
    assert shop.revisions() == before  # nothing that is shown changed


def test_the_place_ends_when_grace_ends(shop: Shop) -> None:
    # 21
    shop.set_slots(1)
    placement = shop.buy()
    shop.stripe.set_card(shop.things("customer")[0]["id"], ok=False)
    shop.pass_time(timedelta(days=31))
    shop.hear()
    placement = shop.read(placement)
    assert placement.state == "past_due"
    assert placement.grace_until is not None
    before = shop.revisions()
    shop.pass_time(placement.grace_until - shop.clock() - timedelta(seconds=1))
    shop.hear()
    assert shop.state_of(placement) == "past_due"
    shop.pass_time(timedelta(seconds=1))
    shop.work()
    placement = shop.read(placement)
    assert (placement.state, placement.reason) == ("ended", "unpaid")
    assert [one["status"] for one in shop.things("subscription")] == ["canceled"]
    assert shop.revisions() > before
    assert len(subjects(shop, "has ended")) == 1
    assert shop.hold(shop.new_seller()).state == "held"


def test_a_cancellation_in_the_portal_is_announced_and_taken_back(shop: Shop) -> None:
    # 22
    placement = shop.buy()
    for round_number in (1, 2):
        shop.stripe.portal_cancel(placement.subscription_id)
        subscription = shop.things("subscription")[0]
        assert subscription["cancel_at"]
        assert not subscription["cancel_at_period_end"]
        shop.hear(repeat=2)
        assert shop.state_of(placement) == "canceling"
        assert len(subjects(shop, "ends on")) == round_number
        shop.stripe.portal_resume(placement.subscription_id)
        shop.hear()
        assert shop.state_of(placement) == "active"


def test_a_cancelled_place_stands_until_its_period_is_over(shop: Shop) -> None:
    # 22
    placement = shop.buy()
    shop.stripe.portal_cancel(placement.subscription_id)
    shop.hear()
    shop.pass_time(MONTH + DAY)
    shop.hear()
    placement = shop.read(placement)
    assert (placement.state, placement.reason) == ("ended", "canceled")
    assert shop.entries() == [("payment", 4900)]


def pay_back(shop: Shop, amount: int, seen: int = 4900) -> None:
    payment = (
        db.session.query(PaymentEntry).filter_by(kind="payment").order_by(PaymentEntry.id.desc()).first()
    )
    assert payment is not None
    refund_payment(
        actor=shop.admin,
        entry_id=payment.id,
        amount=amount,
        seen=seen,
        gateway=shop.gateway,
        now=shop.clock(),
    )


def test_a_full_refund_ends_the_place_and_cancels_the_subscription(shop: Shop) -> None:
    # 23
    placement = shop.buy()
    pay_back(shop, 4900)
    shop.hear(repeat=2)
    placement = shop.read(placement)
    assert (placement.state, placement.reason) == ("ended", "refunded")
    assert [one["status"] for one in shop.things("subscription")] == ["canceled"]
    assert shop.entries() == [("payment", 4900), ("refund", -4900)]
    assert len(subjects(shop, "has ended")) == 1


@pytest.mark.parametrize("kind", ["month", "pass"])
def test_a_refund_at_the_dashboard_counts_as_ours(shop: Shop, kind: str) -> None:
    # 23
    placement = shop.buy(kind=kind)
    shop.stripe.refund(shop.things("charge")[0]["id"])
    shop.hear()
    assert shop.state_of(placement) == "ended"


def test_a_partial_refund_is_only_booked(shop: Shop) -> None:
    # 23
    placement = shop.buy()
    pay_back(shop, 900)
    shop.hear()
    assert shop.state_of(placement) == "active"
    assert shop.entries() == [("payment", 4900), ("refund", -900)]
    pay_back(shop, 4000, seen=4000)
    assert shop.state_of(placement) == "ended"


def test_a_refund_sent_twice_is_one_refund(shop: Shop) -> None:
    # 24
    shop.buy()
    pay_back(shop, 1000)
    with pytest.raises(Conflict, match="changed"):
        pay_back(shop, 1000)
    shop.hear()
    assert [one["amount"] for one in shop.things("refund")] == [1000]


def test_a_refund_after_one_that_failed_is_another_one(shop: Shop) -> None:
    shop.buy()
    pay_back(shop, 1000)
    shop.stripe.fail_refund(shop.things("refund")[0]["id"])
    shop.hear()
    assert shop.entries()[1:] == [("refund", -1000), ("refund_failed", 1000)]
    assert shop.alarms() == ["refund_failed"]
    pay_back(shop, 1000)
    assert [one["status"] for one in shop.things("refund")] == ["failed", "succeeded"]


def test_only_admins_give_back_and_only_what_is_left(shop: Shop) -> None:
    shop.buy()
    payment = db.session.query(PaymentEntry).one().id
    given = {"gateway": shop.gateway, "now": shop.clock(), "seen": 4900}
    with pytest.raises(NotAllowed):
        refund_payment(actor=shop.seller.member, entry_id=payment, amount=1, **given)  # type: ignore[arg-type]
    for amount in (0, -1, 4901):
        with pytest.raises(Invalid, match="amount_range"):
            refund_payment(actor=shop.admin, entry_id=payment, amount=amount, **given)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        refund_payment(actor=shop.admin, entry_id=payment + 1, amount=1, **given)  # type: ignore[arg-type]
    assert shop.things("refund") == []


@pytest.mark.parametrize("kind", ["month", "pass"])
def test_a_dispute_ends_the_place_and_nothing_runs_on(shop: Shop, kind: str) -> None:
    # 25
    placement = shop.buy(kind=kind)
    shop.stripe.dispute(shop.things("charge")[0]["id"])
    shop.hear(repeat=2)
    placement = shop.read(placement)
    assert (placement.state, placement.reason) == ("ended", "dispute")
    assert [one["status"] for one in shop.things("subscription")] in ([], ["canceled"])
    assert shop.alarms() == ["dispute"]
    assert len(shop.mails(shop.admin)) == 1
    shop.stripe.close_dispute(shop.things("dispute")[0]["id"], won=True)
    shop.hear()
    assert shop.state_of(placement) == "ended"
    assert [kind for kind, _amount in shop.entries()] == ["payment", "dispute", "dispute_won"]


def test_an_inquiry_is_only_a_notice(shop: Shop) -> None:
    # 25
    placement = shop.buy()
    shop.stripe.dispute(shop.things("charge")[0]["id"], inquiry=True)
    shop.hear(repeat=2)
    assert shop.state_of(placement) == "active"
    assert (shop.alarms(), len(shop.mails(shop.admin))) == (["inquiry"], 1)
    shop.stripe.close_dispute(shop.things("dispute")[0]["id"], won=False)
    shop.hear()
    assert (shop.state_of(placement), shop.entries()) == ("active", [("payment", 4900)])


def test_an_inquiry_that_becomes_a_dispute_ends_the_place(shop: Shop) -> None:
    # 25
    placement = shop.buy()
    shop.stripe.dispute(shop.things("charge")[0]["id"], inquiry=True)
    shop.hear()
    shop.stripe.escalate_dispute(shop.things("dispute")[0]["id"])
    shop.hear()
    found = shop.read(placement)
    assert (found.state, found.reason) == ("ended", "dispute")
    assert shop.entries() == [("payment", 4900), ("dispute", -4900)]
    assert "dispute" in shop.alarms()


def test_a_pass_is_announced_a_week_before_and_ends_by_itself(shop: Shop) -> None:
    placement = shop.buy(kind="pass")
    shop.pass_time(timedelta(days=22))
    assert subjects(shop, "ends on") == []
    shop.pass_time(DAY)
    place = scope_label(placement.scope, "en").name
    assert subjects(shop, "ends on") == [f"Your featured placement ends on 23 December 2026: {place}"]
    before = shop.revisions()
    shop.pass_time(timedelta(days=7))
    shop.work()
    placement = shop.read(placement)
    assert (placement.state, placement.reason) == ("ended", "over")
    assert shop.revisions() > before
    assert len(subjects(shop, "has ended")) == 1


def test_a_pass_that_was_given_back_is_not_announced(shop: Shop) -> None:
    placement = shop.buy(kind="pass")
    pay_back(shop, 6000, seen=6000)
    shop.pass_time(timedelta(days=31))
    assert subjects(shop, "ends on") == []
    assert shop.state_of(placement) == "ended"


def test_a_dispute_of_an_older_payment_ends_the_place_too(shop: Shop) -> None:
    placement: Placement = shop.buy()
    for _ in range(4):
        shop.stripe.renew(placement.subscription_id)
    shop.hear()
    shop.stripe.dispute(shop.things("charge")[0]["id"])
    shop.hear()
    assert shop.state_of(placement) == "ended"
    assert shop.entries()[-1] == ("dispute", -4900)


def unpaid_to_the_end(shop: Shop) -> Placement:
    """A place whose renewal failed, a second before its grace is over."""
    placement = shop.buy()
    shop.stripe.set_card(shop.things("customer")[0]["id"], ok=False)
    shop.pass_time(timedelta(days=31))
    shop.hear()
    placement = shop.read(placement)
    assert placement.grace_until is not None
    shop.pass_time(placement.grace_until - shop.clock() - timedelta(seconds=1))
    return placement


def test_what_ended_unpaid_cannot_be_paid_any_more(shop: Shop) -> None:
    # 21
    placement = unpaid_to_the_end(shop)
    shop.pass_time(timedelta(seconds=1))
    shop.work()
    assert shop.state_of(placement) == "ended"
    assert [one["status"] for one in shop.things("invoice")] == ["paid", "void"]
    with pytest.raises(StandInRefusal):
        shop.stripe.pay_invoice(placement.subscription_id)


def test_what_is_paid_while_we_end_it_is_given_back(shop: Shop) -> None:
    # 21
    placement = unpaid_to_the_end(shop)
    subscription = placement.subscription_id
    shop.pass_time(timedelta(seconds=1))

    class PaidMeanwhile(Gateway):
        def void_invoice(self, invoice_id: str, key: str) -> None:
            shop.stripe.pay_invoice(subscription)
            super().void_invoice(invoice_id, key)

    gateway = PaidMeanwhile("sk_test_standin", "whsec_standin", base=shop.stripe.url)
    sync_placement(placement.id, gateway=gateway, now=shop.clock())
    db.session.commit()
    shop.hear()
    placement = shop.read(placement)
    assert placement.state == "ended"
    assert shop.entries() == [("payment", 4900), ("payment", 4900), ("refund", -4900)]
    assert "late_refund" in shop.alarms()
    assert len(subjects(shop, "refunded your payment")) == 1


def test_an_invoice_paid_long_after_the_end_is_given_back(shop: Shop) -> None:
    # 21
    placement = unpaid_to_the_end(shop)
    shop.stripe.cancel_now(placement.subscription_id)  # by hand at Stripe, and we hear of it last
    shop.pass_time(timedelta(hours=1))
    shop.stripe.pay_invoice(placement.subscription_id)
    shop.hear()
    assert shop.state_of(placement) == "ended"
    assert shop.entries() == [("payment", 4900), ("payment", 4900), ("refund", -4900)]
    assert [one["status"] for one in shop.things("refund")] == ["succeeded"]


def test_a_refund_whose_answer_got_lost_is_not_made_again(shop: Shop) -> None:
    # 24
    shop.buy()
    shop.stripe.fault("error500_after", "/v1/refunds", "POST", count=9)
    with pytest.raises(GatewayError):
        pay_back(shop, 2000)
    shop.stripe.clear_faults()
    with pytest.raises(Conflict, match="changed"):
        pay_back(shop, 1900)
    assert [one["amount"] for one in shop.things("refund")] == [2000]
    assert shop.entries() == [("payment", 4900), ("refund", -2000)]


def test_what_was_given_back_at_the_dashboard_counts_before_we_hear_of_it(shop: Shop) -> None:
    # 23
    shop.buy()
    shop.stripe.refund(shop.things("charge")[0]["id"], 2000)
    with pytest.raises(Conflict, match="changed"):
        pay_back(shop, 2000)
    assert [one["amount"] for one in shop.things("refund")] == [2000]
    pay_back(shop, 2900, seen=2900)
    assert [one["amount"] for one in shop.things("refund")] == [2000, 2900]
