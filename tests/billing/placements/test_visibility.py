"""A placement is shown only for a published listing of an active provider."""

from __future__ import annotations

import json
from datetime import timedelta

from marketplace.billing.placements.visibility import (
    can_be_shown,
    hidden_reason,
    refresh_all_visibility,
    refresh_visibility,
)
from marketplace.billing.stripe.gateway import Gateway
from marketplace.billing.sync.services import sync_placement
from marketplace.core.database import writing
from marketplace.core.extensions import db
from tests.billing.shop import Shop
from tests.clients import Runner
from tests.factories import NOON


def reason(shop: Shop, days: int = 0, *, country: bool = False) -> str:
    db.session.flush()
    listing = None if country else shop.seller.listing.id
    return hidden_reason(shop.seller.provider.id, listing, "mexico", NOON + timedelta(days=days))


def test_only_a_published_fresh_listing_of_an_active_provider_is_shown(shop: Shop) -> None:
    assert reason(shop) == reason(shop, country=True) == ""
    assert can_be_shown(shop.seller.provider.id, shop.seller.listing.id, "mexico", NOON)
    assert reason(shop, 269) == ""
    assert reason(shop, 270) == reason(shop, 270, country=True) == "stale"
    for status in ("draft", "pending", "paused", "withdrawn", "rejected"):
        shop.seller.listing.status = status
        assert reason(shop) == reason(shop, country=True) == "listing"
    for status in ("pending", "suspended", "removed"):
        shop.seller.provider.status = status
        assert reason(shop) == "provider"
    db.session.rollback()


def test_a_country_needs_any_listing_there(shop: Shop) -> None:
    shop.seller.listing.status = "paused"
    assert reason(shop, country=True) == "listing"
    db.session.rollback()
    assert hidden_reason(shop.seller.provider.id, None, "peru", NOON) == "listing"


def test_a_change_is_told_once_and_an_unchanged_state_never(shop: Shop) -> None:
    placement = shop.buy()
    version = placement.version
    refresh_visibility(placement, NOON)
    assert placement.version == version
    late = NOON + timedelta(days=300)
    for moment in (late, late + timedelta(days=1)):
        refresh_all_visibility(moment)
        db.session.commit()
    assert shop.read(placement).hidden == "stale"
    assert len(shop.mails_with("hidden")) == 1
    assert len(shop.mails(shop.admin)) == 1
    refresh_all_visibility(NOON, only_hidden=True)
    db.session.commit()
    assert shop.read(placement).hidden == ""
    assert shop.mails_with("shown again") == shop.mails()[-1:]


def test_a_place_cancelled_before_we_heard_of_its_payment_is_given_back(shop: Shop) -> None:
    placement = shop.start_checkout()
    session = shop.stripe.pay(placement.session_id)
    shop.stripe.cancel_now(session["subscription"])
    shop.deliver(order="reverse")
    placement = shop.read(placement)
    assert (placement.state, placement.started_at) == ("refunded", None)
    assert shop.entries() == [("payment", 4900), ("refund", -4900)]


def test_a_pass_that_was_over_before_we_heard_of_it_is_given_back(shop: Shop, runner: Runner) -> None:
    placement = shop.pay_unheard(kind="pass")
    shop.stripe.flush(drop=1.0)
    shop.pass_time(timedelta(days=31))
    runner.invoke(args=["billing", "reconcile"])
    placement = shop.read(placement)
    assert (placement.state, placement.started_at) == ("refunded", None)
    assert shop.entries() == [("payment", 6000), ("refund", -6000)]


def test_a_payment_disputed_before_we_heard_of_it_is_not_given_back_twice(shop: Shop) -> None:
    placement = shop.start_checkout(kind="pass")
    session = shop.stripe.pay(placement.session_id)
    shop.stripe.dispute(session["payment_intent"])
    shop.deliver(order="reverse")
    assert shop.read(placement).state == "ended"
    assert shop.entries() == [("payment", 6000), ("dispute", -6000)]


def test_a_dispute_leaves_the_other_payments_of_a_place_never_shown_to_be_given_back(shop: Shop) -> None:
    placement = shop.start_checkout()
    session = shop.stripe.pay(placement.session_id)
    shop.stripe.renew(session["subscription"])
    first, _second = shop.objects("charge")
    shop.stripe.dispute(first["id"])
    shop.deliver(order="reverse")
    assert shop.read(placement).state == "ended"
    assert sorted(shop.entries()) == [
        ("dispute", -4900),
        ("payment", 4900),
        ("payment", 4900),
        ("refund", -4900),
    ]


class RenewsMeanwhile(Gateway):
    """Before a subscription is cancelled its next period begins, and is paid."""

    def __init__(self, shop: Shop) -> None:
        super().__init__("sk_test_standin", "whsec_standin", base=shop.stripe.url)
        self.shop = shop

    def cancel_subscription(self, subscription_id: str, key: str, *, comment: str = "") -> None:
        """Too late by a payment."""
        self.shop.stripe.renew(subscription_id)
        super().cancel_subscription(subscription_id, key, comment=comment)


def test_a_payment_made_while_we_cancelled_is_given_back_too(shop: Shop) -> None:
    placement = shop.pay_unheard()
    shop.stripe.refund(shop.objects("charge")[0]["id"])
    with writing():
        sync_placement(placement.id, gateway=RenewsMeanwhile(shop), now=shop.clock())
        db.session.commit()
    assert shop.read(placement).state == "refunded"
    assert sorted(shop.entries()) == [("payment", 4900)] * 2 + [("refund", -4900)] * 2


def test_an_older_payment_of_a_place_never_shown_is_given_back_with_the_newest(shop: Shop) -> None:
    placement = shop.start_checkout()
    session = shop.stripe.pay(placement.session_id)
    shop.stripe.renew(session["subscription"])
    shop.stripe.refund(shop.objects("charge")[1]["id"])
    shop.deliver(order="reverse")
    assert shop.read(placement).state == "refunded"
    assert sorted(shop.entries()) == [("payment", 4900)] * 2 + [("refund", -4900)] * 2


def test_every_payment_of_a_place_never_shown_is_given_back_however_many_there_are(shop: Shop) -> None:
    placement = shop.start_checkout()
    session = shop.stripe.pay(placement.session_id)
    for _ in range(4):
        shop.stripe.renew(session["subscription"])
    shop.stripe.cancel_now(session["subscription"])
    shop.deliver(order="reverse")
    assert shop.read(placement).state == "refunded"
    assert sorted(shop.entries()) == [("payment", 4900)] * 5 + [("refund", -4900)] * 5


def test_a_hold_whose_money_is_on_its_way_is_not_reported_as_freed(shop: Shop, runner: Runner) -> None:
    placement = shop.pay_delayed()
    shop.pass_time(timedelta(hours=1))
    db.session.rollback()
    report = json.loads(runner.invoke(args=["billing", "reconcile", "--json"]).stdout)
    assert report["released"] == 0
    assert shop.read(placement).state == "held"
