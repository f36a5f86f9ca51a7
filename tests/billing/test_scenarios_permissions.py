"""A restricted key that lacks a permission: an alarm names it, no slot stays taken, and what was missed is made up for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from marketplace.billing.alarms import open_alarms, resolve_alarm
from marketplace.billing.stripe.client import StripeForbidden
from marketplace.billing.sync.sessions import cancel_checkout
from marketplace.core.extensions import db
from tests.billing.permissions import DOCUMENTED_KEY, PERMISSIONS, documented_permissions
from tests.billing.shop import Shop
from tests.clients import Client
from tests.factories import sign_in

HOUR = timedelta(hours=1)


def allow(shop: Shop, *, without: str | None = None, reading: bool = True) -> None:
    """Let the key do everything, but for one thing, which it may still read."""
    read = [f"rak_{PERMISSIONS[without]}_read"] if without and reading else []
    shop.stripe.restrict(DOCUMENTED_KEY, [*documented_permissions(without), *read])


def test_an_invoice_that_may_only_be_read_leaves_no_slot_taken(shop: Shop) -> None:
    shop.set_slots(1)
    placement = shop.unpaid_to_the_end()
    allow(shop, without="Invoices")
    shop.pass_time(timedelta(seconds=1))
    shop.work()
    assert shop.outcome(placement) == ("ended", "unpaid")
    assert shop.statuses("subscription") == ["canceled"]
    assert shop.statuses("invoice") == ["paid", "open"]
    assert shop.alarm_subjects() == ["Invoices: write (rak_invoice_write)"]
    assert shop.start_checkout(shop.new_seller()).state == "held"
    allow(shop)
    shop.pass_time(HOUR)
    shop.work()
    assert shop.statuses("invoice") == ["paid", "void"]


def test_what_is_paid_while_a_subscription_may_not_be_cancelled_goes_back(shop: Shop) -> None:
    placement = shop.unpaid_to_the_end()
    allow(shop, without="Subscriptions")
    shop.pass_time(timedelta(seconds=1))
    shop.work()
    assert shop.outcome(placement) == ("ended", "unpaid")
    assert shop.alarm_subjects() == ["Subscriptions: write (rak_subscription_write)"]
    shop.pass_time(timedelta(minutes=1))
    shop.stripe.renew(placement.subscription_id)  # Stripe charges on
    shop.deliver()
    assert shop.entries() == [("payment", 4900), ("payment", 4900), ("refund", -4900)]
    assert len(shop.mails_with("refunded your payment")) == 1
    allow(shop)
    shop.pass_time(HOUR)
    shop.work()
    assert (shop.statuses("subscription"), shop.outcome(placement)[0]) == (["canceled"], "ended")


@pytest.mark.parametrize("kind", ["month", "pass"])
def test_a_late_payment_that_may_not_be_refunded_is_owed_and_refunded_later(shop: Shop, kind: str) -> None:
    shop.set_slots(1)
    late = shop.start_checkout(kind=kind)
    late.state, late.reason = "released", "expired"
    db.session.commit()
    shop.buy(shop.new_seller())
    allow(shop, without="Charges and Refunds")
    shop.pay(late)
    assert shop.outcome(late) == ("released", "late")
    assert shop.entries()[1:] == [("payment", late.amount)]
    assert shop.alarm_subjects() == ["Charges and Refunds: write (rak_charge_write)"]
    assert shop.mails_with("refunded") == []
    allow(shop)
    for _ in range(3):
        shop.pass_time(HOUR)
        shop.work()
    assert shop.outcome(late) == ("refunded", "late")
    assert shop.entries()[1:] == [("payment", late.amount), ("refund", -late.amount)]
    assert len(shop.mails_with("refunded your payment")) == 1


def test_a_hold_paid_and_over_before_we_knew_is_freed_though_nothing_may_be_refunded(shop: Shop) -> None:
    shop.set_slots(1)
    placement = shop.pay_unheard(kind="pass")
    shop.stripe.flush(drop=1.0)
    allow(shop, without="Charges and Refunds")
    shop.pass_time(timedelta(days=31))
    shop.reconcile()
    assert shop.outcome(placement) == ("released", "late")
    assert shop.start_checkout(shop.new_seller()).state == "held"
    allow(shop)
    shop.pass_time(HOUR)
    shop.work()
    assert shop.outcome(placement) == ("refunded", "late")
    assert shop.entries() == [("payment", 6000), ("refund", -6000)]


@pytest.mark.parametrize("row", ["Customers", "Products", "Prices", "Checkout Sessions"])
def test_a_purchase_that_the_key_does_not_allow_frees_the_slot(shop: Shop, row: str) -> None:
    shop.set_slots(1)
    allow(shop, without=row)
    placement = shop.claim()
    with pytest.raises(StripeForbidden):
        shop.checkout(placement)
    assert shop.outcome(placement) == ("released", "refused")
    assert shop.alarm_subjects() == [f"{row}: write (rak_{PERMISSIONS[row]}_write)"]
    allow(shop)
    assert shop.start_checkout(shop.new_seller()).state == "held"


def test_what_may_not_be_read_is_told_at_once_and_repaired_later(shop: Shop) -> None:
    allow(shop, without="PaymentIntents", reading=False)
    placement = shop.pay_unheard()
    shop.deliver()
    assert shop.state_of(placement) == "held"
    assert shop.alarm_subjects() == ["PaymentIntents: read (rak_payment_intent_read)"]
    allow(shop)
    assert shop.reconcile().refused == []
    assert shop.outcome(placement) == ("active", "")


def test_one_placement_that_may_not_be_compared_holds_up_no_other(shop: Shop) -> None:
    placement, other = shop.buy(), shop.start_checkout(shop.new_seller())
    allow(shop, without="Subscriptions", reading=False)
    shop.pass_time(timedelta(minutes=40))
    report = shop.reconcile()
    denied = "StripeForbidden Subscriptions: read (rak_subscription_read)"
    assert report.refused == [
        {"path": "lists", "reason": denied},
        {"path": f"placement {placement.id}", "reason": denied},
    ]
    assert (shop.state_of(placement), shop.state_of(other)) == ("active", "released")


def test_without_the_list_of_events_what_is_overdue_still_ends(shop: Shop) -> None:
    placement = shop.start_checkout()
    allow(shop, without="Events", reading=False)
    shop.pass_time(timedelta(minutes=40))
    assert shop.reconcile(whole=False).released == 1
    assert shop.state_of(placement) == "released"
    assert shop.alarm_subjects() == ["Events: read (rak_event_read)"]


def test_a_checkout_that_may_not_be_expired_is_given_up_when_stripe_expires_it(shop: Shop) -> None:
    placement = shop.start_checkout()
    allow(shop, without="Checkout Sessions")
    assert not cancel_checkout(placement.id, gateway=shop.gateway, now=shop.clock())
    assert shop.state_of(placement) == "held"
    assert shop.alarm_subjects() == ["Checkout Sessions: write (rak_checkout_session_write)"]
    shop.pass_time(timedelta(minutes=40))
    shop.reconcile(whole=False)
    assert shop.state_of(placement) == "released"


def test_a_permission_that_is_taken_away_again_is_told_again(shop: Shop) -> None:
    for _ in range(2):
        allow(shop, without="Products")
        for _try in range(2):
            with pytest.raises(StripeForbidden):
                shop.checkout(shop.claim())
        assert len(shop.alarm_subjects()) == 1
        resolve_alarm(open_alarms()[0].id, now=shop.clock())
        db.session.commit()


def test_pages_say_that_it_did_not_work_and_admins_read_the_permission(shop: Shop, client: Client) -> None:
    shop.buy()
    allow(shop, without="Customer portal")
    sign_in(client, shop.seller.member)
    desk = f"/manage/{shop.seller.provider.slug}/placements/"
    assert client.submit(f"{desk}portal/", on=desk).status_code == 303
    assert "We could not open the payment service" in client.page(desk).text
    allow(shop, without="Charges and Refunds")
    sign_in(client, shop.admin)
    placement = shop.objects("subscription")[0]["metadata"]["placement_id"]
    refund = next(one for one in client.page(f"/staff/placements/{placement}/").links() if "/refund/" in one)
    answer = client.submit(refund, {"amount": "10", "sure": "y"})
    assert answer.status_code == 503
    assert "Stripe does not allow our key to do this" in answer.get_data(as_text=True)
    page = client.page("/staff/placements/").text
    assert "Customer portal: write (rak_customer_portal_write)" in page
    assert "Charges and Refunds: write (rak_charge_write)" in page
