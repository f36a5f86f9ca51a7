"""Refunds, disputes and inquiries, by the numbers of the table in the design."""

from __future__ import annotations

import pytest

from marketplace.billing.models import PaymentEntry, Placement
from marketplace.billing.stripe.client import GatewayError
from marketplace.billing.sync.refunds import refund_payment
from marketplace.core.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.core.extensions import db
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
    shop.stripe.close_dispute(shop.objects("dispute")[0]["id"], won=True)
    shop.deliver()
    assert shop.state_of(placement) == "ended"
    assert [kind for kind, _amount in shop.entries()] == ["payment", "dispute", "dispute_won"]


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
    assert shop.entries()[-1] == ("dispute", -4900)


def test_a_refund_whose_answer_got_lost_is_not_made_again(shop: Shop) -> None:
    # 24
    shop.buy()
    shop.stripe.fault("error500_after", "/v1/refunds", "POST", count=9)
    with pytest.raises(GatewayError):
        shop.refund_by_admin(2000)
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
