"""Bad luck between us and Stripe: lost answers, stored errors, crashes, races with the sweeper, late payments."""

from __future__ import annotations

from datetime import timedelta

import pytest
import stripe
from sqlalchemy import select

from marketplace.billing.alarms import resolve_alarm
from marketplace.billing.models import BillingAlarm, Placement
from marketplace.billing.stripe.client import StripeBusy, StripeMisconfigured, StripeRefused, StripeUnknown
from marketplace.billing.sync.sessions import cancel_checkout, finish_or_release
from marketplace.core.database import writing
from marketplace.core.errors import Conflict
from marketplace.core.extensions import db
from tests.billing.shop import Shop
from tests.standin import client_of

SESSIONS = "/v1/checkout/sessions$"
ABANDONED = timedelta(minutes=11)
OVERDUE = timedelta(minutes=38)


def test_a_connection_lost_after_the_call_comes_to_the_same_session(shop: Shop) -> None:
    # 6
    shop.stripe.fault("drop_after_commit", SESSIONS, "POST")
    placement = shop.start_checkout()
    assert placement.state == "held"
    assert [one["id"] for one in shop.objects("checkout.session")] == [placement.session_id]


def test_a_stored_error_whose_session_exists_is_found_by_listing(shop: Shop) -> None:
    # 7
    shop.stripe.fault("error500_after", SESSIONS, "POST")
    placement = shop.start_checkout()
    assert placement.state == "held"
    assert [one["id"] for one in shop.objects("checkout.session")] == [placement.session_id]
    assert placement.attempt == 1


def test_a_stored_error_without_a_session_is_followed_by_a_new_attempt(shop: Shop) -> None:
    # 7
    shop.stripe.fault("error500", SESSIONS, "POST")
    placement = shop.start_checkout()
    assert (placement.state, placement.attempt) == ("held", 2)
    assert len(shop.objects("checkout.session")) == 1


def test_a_crash_before_the_call_is_released_by_the_sweeper(shop: Shop) -> None:
    # 8
    shop.set_slots(1)
    placement = shop.claim()
    shop.pass_time(timedelta(minutes=5))
    shop.reconcile(whole=False)
    assert shop.state_of(placement) == "pending"
    shop.pass_time(ABANDONED)
    assert shop.reconcile(whole=False).released == 1
    assert (shop.state_of(placement), shop.read(placement).reason) == ("released", "abandoned")


def test_a_crash_after_the_call_is_finished_by_the_sweeper(shop: Shop) -> None:
    # 8
    placement = shop.start_checkout()
    _forget_session(placement)
    shop.pass_time(ABANDONED)
    shop.reconcile(whole=False)
    assert shop.state_of(placement) == "held"
    shop.stripe.pay(shop.read(placement).session_id)
    shop.deliver()
    assert shop.state_of(placement) == "active"


def test_a_payment_whose_session_we_never_noted_becomes_a_place(shop: Shop) -> None:
    # 8
    placement = shop.start_checkout()
    session = placement.session_id
    _forget_session(placement)
    shop.stripe.pay(session)
    shop.deliver()
    shop.pass_time(ABANDONED)
    shop.reconcile(whole=False)
    assert shop.state_of(placement) == "active"
    assert shop.entries() == [("payment", 4900)]


def _forget_session(placement: Placement) -> None:
    placement.state, placement.session_id, placement.session_expires_at = "pending", None, None
    db.session.commit()


@pytest.mark.parametrize("paid_first", [True, False])
def test_paying_while_the_sweeper_expires_ends_as_stripe_says(shop: Shop, paid_first: bool) -> None:
    # 10
    placement = shop.start_checkout()
    session = placement.session_id
    if paid_first:
        shop.stripe.pay(session)
    assert cancel_checkout(placement.id, gateway=shop.gateway, now=shop.clock()) is not paid_first
    assert shop.state_of(placement) == ("active" if paid_first else "released")
    shop.deliver()
    assert shop.state_of(placement) == ("active" if paid_first else "released")
    assert len(shop.entries()) == paid_first


@pytest.mark.parametrize("kind", ["month", "pass"])
def test_what_is_paid_after_release_and_full_goes_back_once(shop: Shop, kind: str) -> None:
    # 11
    shop.set_slots(1)
    late = shop.start_checkout(kind=kind)
    _release(late)
    rival = shop.buy(shop.new_seller())
    shop.stripe.pay(late.session_id)
    shop.deliver(repeat=3)
    shop.reconcile()
    late = shop.read(late)
    amount = late.amount
    assert (late.state, late.reason, rival.state) == ("refunded", "late", "active")
    assert [one["amount"] for one in shop.objects("refund")] == [amount]
    assert [one["status"] for one in shop.objects("subscription") if one["id"] == late.subscription_id] in (
        [],
        ["canceled"],
    )
    assert shop.entries()[1:] == [("payment", amount), ("refund", -amount)]
    assert shop.alarms() == ["late_refund"]
    assert shop.mails_with("refunded your payment") == shop.mails()[-1:]


def test_what_is_paid_after_release_takes_a_slot_that_is_free(shop: Shop) -> None:
    # 11
    late = shop.start_checkout()
    _release(late)
    shop.pay(late)
    assert shop.state_of(late) == "active"
    assert shop.objects("refund") == []


def test_a_late_payment_beside_a_second_purchase_goes_back(shop: Shop) -> None:
    late = shop.start_checkout()
    _release(late)
    shop.buy()
    shop.pay(late)
    assert shop.state_of(late) == "refunded"
    assert sum(amount for _kind, amount in shop.entries()) == 4900


def _release(placement: Placement) -> None:
    """As if the word of its end had come before the payment: a release that Stripe's state does not bear out."""
    placement.state, placement.reason = "released", "expired"
    db.session.commit()


def test_too_many_requests_free_the_slot_and_say_so(shop: Shop) -> None:
    # 27
    shop.set_slots(1)
    placement = shop.claim()
    shop.stripe.fault("rate429", SESSIONS, "POST", count=9)
    with pytest.raises(StripeBusy):
        shop.checkout(placement)
    assert shop.state_of(placement) == "released"
    shop.stripe.clear_faults()
    assert shop.start_checkout(shop.new_seller()).state == "held"


def test_while_stripe_is_down_the_slot_stays_and_is_free_again_afterwards(shop: Shop) -> None:
    # 27
    shop.set_slots(1)
    placement = shop.claim()
    shop.stripe.fault("down")
    with pytest.raises(StripeUnknown):
        shop.checkout(placement)
    assert shop.state_of(placement) == "pending"
    shop.pass_time(ABANDONED)
    shop.stripe.clear_faults()
    shop.reconcile(whole=False)
    assert shop.state_of(placement) == "released"


def test_a_lost_call_is_repeated_minutes_later_with_a_new_end(shop: Shop) -> None:
    # 27
    placement = shop.claim()
    shop.stripe.fault("down", SESSIONS)
    with pytest.raises(StripeUnknown):
        shop.checkout(placement)
    shop.stripe.clear_faults()
    shop.pass_time(timedelta(minutes=8))  # the stored end is too near for Stripe by now
    assert shop.checkout(placement).startswith(shop.stripe.url)
    assert shop.state_of(placement) == "held"
    assert shop.alarms() == []


def test_a_key_that_is_refused_frees_the_slot_and_raises_one_alarm(shop: Shop) -> None:
    shop.use_key("sk_test_other")
    for seller in (shop.seller, shop.new_seller()):
        db.session.commit()
        placement = shop.claim(seller)
        with pytest.raises(StripeMisconfigured):
            shop.checkout(placement, seller)
        assert shop.state_of(placement) == "released"
    assert shop.alarms() == ["misconfigured"]


def test_the_stand_in_refuses_what_stripe_does_not_know(shop: Shop) -> None:
    # 28
    with pytest.raises(stripe.InvalidRequestError):
        client_of(shop.stripe).v1.checkout.sessions.create(
            params={"mode": "payment", "subscription_data": {"no_such": "thing"}}  # type: ignore[typeddict-unknown-key]
        )


def test_a_place_whose_session_stripe_does_not_know_is_named_and_raises_an_alarm(shop: Shop) -> None:
    placement = shop.start_checkout()
    placement.session_id = "cs_test_gone"
    db.session.commit()
    other = shop.buy(shop.new_seller())
    for _ in range(2):
        shop.pass_time(OVERDUE)
        report = shop.reconcile()
        assert report.refused[0]["path"] == f"placement {placement.id}"
    assert shop.alarms() == ["mismatch"]
    assert shop.state_of(other) == "active"


def test_giving_up_a_call_that_nobody_finished_frees_the_slot(shop: Shop) -> None:
    placement = shop.claim()
    assert cancel_checkout(placement.id, gateway=shop.gateway, now=shop.clock())
    assert shop.state_of(placement) == "released"
    with pytest.raises(Conflict, match="checkout_over"):
        shop.checkout(placement)


def test_the_sweeper_leaves_a_session_that_is_on_its_way_to_the_next_round(shop: Shop) -> None:
    placement = shop.claim()
    shop.stripe.fault("down", SESSIONS)
    with pytest.raises(StripeUnknown):
        shop.checkout(placement)
    with writing(), pytest.raises(StripeUnknown):
        finish_or_release(placement.id, gateway=shop.gateway, now=shop.clock())
    db.session.rollback()
    assert db.session.scalars(select(Placement.state)).all() == ["pending"]


def test_a_refusal_is_told_once_and_again_after_it_was_dealt_with(shop: Shop) -> None:
    def refused() -> list[bool]:
        seller = shop.new_seller()
        placement = shop.claim(seller)
        placement.create_params = {"mode": "nonsense", "customer": "cus_none", "expires_at": 2_000_000_000}
        db.session.commit()
        with pytest.raises(StripeRefused):
            shop.checkout(placement, seller)
        assert shop.state_of(placement) == "released"
        return [alarm.resolved_at is None for alarm in db.session.scalars(select(BillingAlarm))]

    assert [refused(), refused()] == [[True], [True]]
    resolve_alarm(db.session.scalars(select(BillingAlarm.id)).one(), now=shop.clock())
    db.session.commit()
    assert refused() == [True]


@pytest.mark.parametrize("path", ["customers", "prices", "billing_portal/configurations"])
@pytest.mark.parametrize(("kind", "made"), [("error500", 0), ("error500_after", 1)])
def test_a_stored_error_of_what_a_purchase_needs_is_overcome(
    shop: Shop, path: str, kind: str, made: int
) -> None:
    # 7
    shop.stripe.fault(kind, f"/v1/{path}$", "POST")
    placement = shop.buy()
    customer = placement.create_params["customer"]  # type: ignore[index]
    db.session.rollback()
    address = {"customer": customer, "return_url": "https://site.example/", "language": "en"}
    assert shop.gateway.portal_url(**address).startswith(shop.stripe.url)
    assert (len(shop.objects("customer")), len(shop.objects("billing_portal.configuration"))) == (1, 1)
    assert len([one for one in shop.objects("price") if one["recurring"]]) == 1
    assert shop.state_of(placement) == "active"


@pytest.mark.parametrize("path", ["customers", "prices"])
def test_errors_that_stripe_stored_for_every_key_leave_no_slot_taken(shop: Shop, path: str) -> None:
    # 7
    shop.set_slots(1)
    placement = shop.claim()
    shop.stripe.fault("error500", f"/v1/{path}$", "POST", count=15)  # three calls with each of five keys
    for _ in range(2):
        with pytest.raises(StripeUnknown):
            shop.checkout(placement)
        assert shop.state_of(placement) == "pending"
    shop.pass_time(ABANDONED)
    shop.reconcile(whole=False)
    assert shop.state_of(placement) == "released"
    shop.pass_time(timedelta(days=1))  # so long Stripe answers a key with its error
    assert shop.start_checkout().state == "held"


@pytest.mark.parametrize("path", ["customers", "prices"])
def test_a_lost_connection_is_not_followed_by_another_key(shop: Shop, path: str) -> None:
    # 6
    placement = shop.claim()
    shop.stripe.fault("drop_after_commit", f"/v1/{path}$", "POST", count=3)
    with pytest.raises(StripeUnknown):
        shop.checkout(placement)
    shop.checkout(placement)
    assert (len(shop.objects("customer")), len(shop.objects("price"))) == (1, 1)
