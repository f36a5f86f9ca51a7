"""A dispute that is won brings the place back, for the time that was left of it when the bank took the money."""

from __future__ import annotations

from datetime import timedelta

import pytest

from marketplace.billing.models import Placement
from marketplace.core.extensions import db
from tests.billing.shop import Shop

DAY = timedelta(days=1)
# Bought, disputed ten days later, decided forty days after that: twenty days of a pass were left.
USED, DECIDED, LEFT = 10 * DAY, 40 * DAY, 20 * DAY


def disputed(shop: Shop, kind: str = "month") -> Placement:
    """A place that was ended by a dispute, on the day before it is decided."""
    placement = shop.buy(kind=kind)
    shop.pass_time(USED)
    shop.stripe.dispute(shop.objects("charge")[0]["id"])
    shop.deliver()
    assert shop.outcome(placement) == ("ended", "dispute")
    shop.pass_time(DECIDED)
    shop.work()
    return placement


def decide(shop: Shop, *, won: bool = True) -> None:
    shop.stripe.close_dispute(shop.objects("dispute")[-1]["id"], won=won)


@pytest.mark.parametrize(
    ("kind", "state", "reason"), [("pass", "active", "over"), ("month", "canceling", "canceled")]
)
def test_what_was_won_is_shown_for_the_rest_of_its_time(
    shop: Shop, kind: str, state: str, reason: str
) -> None:
    shop.set_slots(1)
    placement = disputed(shop, kind)
    started, end = placement.started_at, placement.period_end
    before = shop.revisions()
    decide(shop)
    shop.deliver(repeat=2)
    placement = shop.read(placement)
    assert (placement.state, placement.reason, placement.started_at) == (state, "", started)
    assert end is not None
    assert placement.period_end == end + DECIDED
    assert placement.ended_at is None
    assert shop.revisions() > before
    assert len(shop.mails_with("shown again")) == 1
    assert shop.mails_with("has ended") == []  # that of the dispute is deleted by now
    left = placement.period_end - shop.clock()
    shop.pass_time(left - timedelta(hours=3))
    assert shop.reconcile().repaired == 0
    assert shop.state_of(placement) == state
    shop.pass_time(timedelta(hours=3))
    shop.work()
    assert shop.outcome(placement) == ("ended", reason)
    assert len(shop.mails_with("has ended")) == 1
    assert [kind for kind, _amount in shop.entries()] == ["payment", "dispute", "dispute_won"]
    assert shop.start_checkout(shop.new_seller()).state == "held"


@pytest.mark.parametrize("kind", ["pass", "month"])
def test_a_win_whose_webhooks_were_lost_is_found_by_comparing(shop: Shop, kind: str) -> None:
    placement = disputed(shop, kind)
    decide(shop)
    shop.lose()
    assert shop.reconcile().repaired == 1
    assert shop.read(placement).is_paid
    assert shop.reconcile().repaired == 0


def test_a_pass_that_was_never_missed_ends_as_much_later(shop: Shop) -> None:
    """Dispute and decision are heard of at once: Stripe's word gives the same end."""
    placement = shop.buy(kind="pass")
    end = placement.period_end
    shop.pass_time(USED)
    shop.stripe.dispute(shop.objects("charge")[0]["id"])
    shop.pass_time(5 * DAY)
    decide(shop)
    shop.deliver(order="reverse")
    placement = shop.read(placement)
    assert end is not None
    assert (placement.state, placement.period_end) == ("active", end + 5 * DAY)


@pytest.mark.parametrize("whole", [True, False])
def test_a_dispute_of_an_older_payment_that_is_won_gives_the_rest_of_the_period_back(
    shop: Shop, whole: bool
) -> None:
    placement = shop.buy()
    for _ in range(5):
        shop.pass_time(31 * DAY)
        shop.deliver()
    end = shop.read(placement).period_end
    shop.stripe.dispute(shop.objects("charge")[0]["id"])
    shop.deliver()
    assert shop.outcome(placement) == ("ended", "dispute")
    shop.pass_time(DECIDED)
    decide(shop)
    shop.deliver()
    shop.reconcile(whole=whole)
    placement = shop.read(placement)
    assert end is not None
    assert (placement.state, placement.period_end) == ("canceling", end + DECIDED)


def test_what_is_refunded_after_the_win_ends_for_good(shop: Shop) -> None:
    placement = disputed(shop)
    decide(shop)
    shop.deliver()
    shop.stripe.refund(shop.objects("charge")[0]["id"])
    shop.deliver()
    assert shop.outcome(placement) == ("ended", "refunded")
    shop.reconcile()
    assert shop.outcome(placement) == ("ended", "refunded")


def test_a_period_that_was_not_paid_does_not_come_back(shop: Shop) -> None:
    placement = shop.buy()
    shop.stripe.set_card(shop.objects("customer")[0]["id"], ok=False)
    shop.pass_time(31 * DAY)
    shop.deliver()
    assert shop.state_of(placement) == "past_due"
    shop.stripe.dispute(shop.objects("charge")[0]["id"])
    shop.deliver()
    decide(shop)
    shop.deliver()
    assert shop.outcome(placement) == ("ended", "dispute")


def test_one_lost_dispute_of_two_keeps_the_place_ended(shop: Shop) -> None:
    placement = shop.buy()
    shop.pass_time(31 * DAY)
    shop.deliver()
    for charge in shop.objects("charge"):
        shop.stripe.dispute(charge["id"])
    shop.deliver()
    first, second = shop.objects("dispute")
    shop.stripe.close_dispute(first["id"], won=False)
    shop.stripe.close_dispute(second["id"], won=True)
    shop.deliver()
    assert shop.outcome(placement) == ("ended", "dispute")


@pytest.mark.parametrize("kind", ["pass", "month"])
def test_where_the_slot_is_sold_an_admin_is_told_and_the_place_waits_for_it(shop: Shop, kind: str) -> None:
    shop.set_slots(1)
    placement = disputed(shop, kind)
    rival = shop.buy(shop.new_seller())
    decide(shop)
    shop.deliver(repeat=2)
    assert shop.outcome(placement) == ("ended", "dispute")
    assert shop.entries()[-1][0] == "dispute_won"
    assert shop.alarms() == ["dispute", "dispute_won"]
    assert len(shop.mails(shop.admin)) == 1  # that of the dispute is deleted by now
    assert shop.objects("refund") == []
    shop.stripe.cancel_now(rival.subscription_id)
    shop.deliver()
    shop.pass_time(DAY)
    shop.work()
    assert shop.read(placement).is_paid
    assert shop.alarms() == ["dispute", "dispute_won"]


def test_who_bought_again_meanwhile_keeps_the_new_place_and_waits_for_no_other(shop: Shop) -> None:
    placement = disputed(shop, "pass")
    again = shop.buy(kind="pass")
    decide(shop)
    shop.deliver()
    assert (shop.state_of(placement), shop.state_of(again)) == ("ended", "active")
    shop.pass_time(LEFT + DAY)
    shop.work()
    assert shop.outcome(placement) == ("ended", "dispute")
    db.session.rollback()
