"""Refunds, disputes and inquiries, by the numbers of the table in the design."""

from __future__ import annotations

import pytest

from marketplace.billing.models import PaymentEntry, Placement
from marketplace.billing.stripe.client import GatewayError, StripeRefused
from marketplace.billing.sync.refunds import refund_payment
from marketplace.core.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.core.extensions import db
from tests.billing.permissions import DOCUMENTED_KEY
from tests.billing.shop import Shop


def test_a_full_refund_ends_the_place_and_cancels_the_subscription(shop: Shop) -> None:
    # 23
    placement = shop.buy()
    shop.refund_by_admin(4900)
    shop.deliver(repeat=2)
    assert shop.outcome(placement) == ("ended", "refunded")
    assert [one["status"] for one in shop.objects("subscription")] == ["canceled"]
    assert shop.entries() == [("payment", 4900), ("refund", -4900)]
    assert len(shop.mails_with("has ended")) == 1


@pytest.mark.parametrize("kind", ["month", "pass"])
def test_a_refund_at_the_dashboard_counts_as_ours(shop: Shop, kind: str) -> None:
    # 23
    placement = shop.buy(kind=kind)
    shop.stripe.refund(shop.objects("charge")[0]["id"])
    shop.deliver()
    assert shop.state_of(placement) == "ended"


def test_a_partial_refund_is_only_booked(shop: Shop) -> None:
    # 23
    placement = shop.buy()
    shop.refund_by_admin(900)
    shop.deliver()
    assert shop.state_of(placement) == "active"
    assert shop.entries() == [("payment", 4900), ("refund", -900)]
    shop.refund_by_admin(4000, seen=4000)
    assert shop.state_of(placement) == "ended"


def test_a_refund_sent_twice_is_one_refund(shop: Shop) -> None:
    # 24
    shop.buy()
    shop.refund_by_admin(1000)
    with pytest.raises(Conflict, match="changed"):
        shop.refund_by_admin(1000)
    shop.deliver()
    assert [one["amount"] for one in shop.objects("refund")] == [1000]


def test_a_refund_after_one_that_failed_is_another_one(shop: Shop) -> None:
    shop.buy()
    shop.refund_by_admin(1000)
    shop.stripe.fail_refund(shop.objects("refund")[0]["id"])
    shop.deliver()
    assert shop.entries()[1:] == [("refund", -1000), ("refund_failed", 1000)]
    assert shop.alarms() == ["refund_failed"]
    shop.refund_by_admin(1000)
    assert [one["status"] for one in shop.objects("refund")] == ["failed", "succeeded"]


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
    assert shop.objects("refund") == []


@pytest.mark.parametrize("kind", ["month", "pass"])
def test_a_dispute_ends_the_place_and_nothing_runs_on(shop: Shop, kind: str) -> None:
    # 25
    placement = shop.buy(kind=kind)
    shop.stripe.dispute(shop.objects("charge")[0]["id"])
    shop.deliver(repeat=2)
    assert shop.outcome(placement) == ("ended", "dispute")
    assert [one["status"] for one in shop.objects("subscription")] in ([], ["canceled"])
    assert shop.alarms() == ["dispute"]
    assert len(shop.mails(shop.admin)) == 1
    shop.stripe.close_dispute(shop.objects("dispute")[0]["id"], won=False)
    shop.deliver()
    assert shop.outcome(placement) == ("ended", "dispute")
    assert [kind for kind, _amount in shop.entries()] == ["payment", "dispute"]


def test_an_inquiry_is_only_a_notice(shop: Shop) -> None:
    # 25
    placement = shop.buy()
    shop.stripe.dispute(shop.objects("charge")[0]["id"], inquiry=True)
    shop.deliver(repeat=2)
    assert shop.state_of(placement) == "active"
    assert (shop.alarms(), len(shop.mails(shop.admin))) == (["inquiry"], 1)
    shop.stripe.close_dispute(shop.objects("dispute")[0]["id"], won=False)
    shop.deliver()
    assert (shop.state_of(placement), shop.entries()) == ("active", [("payment", 4900)])


def test_an_inquiry_that_becomes_a_dispute_ends_the_place(shop: Shop) -> None:
    # 25
    placement = shop.buy()
    shop.stripe.dispute(shop.objects("charge")[0]["id"], inquiry=True)
    shop.deliver()
    shop.stripe.escalate_dispute(shop.objects("dispute")[0]["id"])
    shop.deliver()
    assert shop.outcome(placement) == ("ended", "dispute")
    assert shop.entries() == [("payment", 4900), ("dispute", -4900)]
    assert "dispute" in shop.alarms()


def test_a_dispute_of_an_older_payment_ends_the_place_too(shop: Shop) -> None:
    placement: Placement = shop.buy()
    for _ in range(4):
        shop.stripe.renew(placement.subscription_id)
    shop.deliver()
    shop.stripe.dispute(shop.objects("charge")[0]["id"])
    shop.deliver()
    assert shop.state_of(placement) == "ended"
    assert sorted(shop.entries()) == [("dispute", -4900), *[("payment", 4900)] * 5]


def test_a_refund_whose_answer_got_lost_is_not_made_again(shop: Shop) -> None:
    # 24
    shop.buy()
    shop.stripe.fault("error500_after", "/v1/refunds", "POST", count=9)
    shop.refund_by_admin(2000)  # found in the list of refunds
    shop.stripe.clear_faults()
    with pytest.raises(Conflict, match="changed"):
        shop.refund_by_admin(1900)
    assert [one["amount"] for one in shop.objects("refund")] == [2000]
    assert shop.entries() == [("payment", 4900), ("refund", -2000)]


def test_what_was_given_back_at_the_dashboard_counts_before_we_hear_of_it(shop: Shop) -> None:
    # 23
    shop.buy()
    shop.stripe.refund(shop.objects("charge")[0]["id"], 2000)
    with pytest.raises(Conflict, match="changed"):
        shop.refund_by_admin(2000)
    assert [one["amount"] for one in shop.objects("refund")] == [2000]
    shop.refund_by_admin(2900, seen=2900)
    assert [one["amount"] for one in shop.objects("refund")] == [2000, 2900]


def test_a_refund_that_stripe_answers_with_a_stored_error_is_made_with_another_key(shop: Shop) -> None:
    # 7, 24
    shop.buy()
    shop.stripe.fault("error500", "/v1/refunds", "POST")
    shop.refund_by_admin(2000)
    assert [one["amount"] for one in shop.objects("refund")] == [2000]
    shop.stripe.fault("down", "/v1/refunds")
    with pytest.raises(GatewayError):
        shop.refund_by_admin(500, seen=2900)
    assert len(shop.objects("refund")) == 1


@pytest.fixture
def taxed(shop: Shop) -> Shop:
    """The shop where Stripe adds its tax of a quarter."""
    shop.use_key(DOCUMENTED_KEY, automatic_tax=True)
    return shop


def credited(shop: Shop) -> list[tuple[int, int, list[str]]]:
    """Amount, tax and refunds of each credit note."""
    return [
        (one["amount"], one["total_taxes"][0]["amount"], [part["refund"] for part in one["refunds"]])
        for one in shop.objects("credit_note")
    ]


@pytest.mark.parametrize(("kind", "paid"), [("month", 6125), ("pass", 7500)])
def test_where_stripe_adds_tax_a_refund_is_a_credit_note(taxed: Shop, kind: str, paid: int) -> None:
    # 23
    placement = taxed.buy(kind=kind)
    taxed.refund_by_admin(1000, seen=paid)
    taxed.refund_by_admin(paid - 1000, seen=paid - 1000)
    taxed.deliver()
    refunds = [one["id"] for one in taxed.objects("refund")]
    assert credited(taxed) == [(1000, 200, refunds[:1]), (paid - 1000, paid // 5 - 200, refunds[1:])]
    assert taxed.entries() == [("payment", paid), ("refund", -1000), ("refund", 1000 - paid)]
    assert taxed.outcome(placement) == ("ended", "refunded")
    assert (placement.amount, placement.currency) == (4900 if kind == "month" else 6000, "EUR")


def test_a_late_payment_with_tax_goes_back_once_by_a_credit_note(taxed: Shop) -> None:
    # 11, 24
    taxed.set_slots(1)
    late = taxed.start_checkout()
    late.state, late.reason = "released", "expired"
    db.session.commit()
    taxed.buy(taxed.new_seller())
    taxed.stripe.pay(late.session_id)
    taxed.stripe.fault("drop_after_commit", "/v1/credit_notes", "POST", count=2)
    taxed.deliver(repeat=3)
    taxed.reconcile()
    assert taxed.outcome(late) == ("refunded", "late")
    assert [amount for amount, _tax, _refunds in credited(taxed)] == [6125]
    assert len(taxed.objects("refund")) == 1


def test_what_was_refunded_or_credited_by_hand_is_counted(taxed: Shop) -> None:
    # 24
    placement = taxed.buy()
    taxed.stripe.refund(taxed.objects("charge")[0]["id"], 2000)
    taxed.deliver()
    taxed.refund_by_admin(4125, seen=4125)
    assert [amount for amount, _tax, _refunds in credited(taxed)] == [4125]
    assert taxed.outcome(placement) == ("ended", "refunded")
    db.session.rollback()
    with pytest.raises(StripeRefused, match="charge_already_refunded"):
        taxed.gateway.refund(taxed.objects("charge")[0]["payment_intent"], amount=None, key="again")


def test_an_invoice_that_was_credited_by_hand_is_refunded_without_a_note(taxed: Shop) -> None:
    taxed.buy()
    with taxed.stripe.world.change() as world:
        world.save({**taxed.objects("invoice")[0], "post_payment_credit_notes_amount": 6125})
    taxed.refund_by_admin(6125, seen=6125)
    assert (credited(taxed), taxed.statuses("refund")) == ([], ["succeeded"])


@pytest.mark.parametrize("kind", ["error500", "error500_after"])
def test_a_stored_error_of_a_credit_note_is_overcome(taxed: Shop, kind: str) -> None:
    # 7, 24
    taxed.buy()
    taxed.stripe.fault(kind, "/v1/credit_notes", "POST")
    taxed.refund_by_admin(6125, seen=6125)
    assert ([amount for amount, _tax, _refunds in credited(taxed)], len(taxed.objects("refund"))) == (
        [6125],
        1,
    )


def test_without_tax_no_credit_note_is_made(shop: Shop) -> None:
    shop.buy()
    shop.refund_by_admin(4900)
    assert (credited(shop), len(shop.objects("refund"))) == ([], 1)
