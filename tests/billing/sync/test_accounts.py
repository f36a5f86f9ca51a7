"""Another account or mode of Stripe: nothing of one is sent to another, and a purchase goes on."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from marketplace.billing.models import BillingCustomer, PlacementPrice
from marketplace.billing.sync.accounts import is_present, settle_accounts
from marketplace.core.extensions import db
from tests.billing.shop import Shop

KEY = "sk_test_standin"


def switch(shop: Shop, account: str = "") -> None:
    """Another account at Stripe, and our program started again: it asks whose key it has."""
    shop.stripe.switch(account)
    shop.use_key(KEY)


@pytest.mark.parametrize(
    ("kept", "present", "same"),
    [
        ("acct_1:test", "acct_1:test", True),
        ("acct_1:test", "acct_2:test", False),
        ("acct_1:test", "acct_1:live", False),
        (":test", "acct_1:test", True),
        ("acct_1:live", ":live", True),
        ("acct_1:live", ":test", False),
        ("unknown:live", "acct_1:test", False),
    ],
)
def test_ids_are_of_the_present_account_or_not(kept: str, present: str, same: bool) -> None:
    assert is_present(kept, present) is same


def test_in_another_account_the_purchase_goes_on_and_the_old_place_is_parked(shop: Shop) -> None:
    first = shop.buy()
    account = first.account
    assert account == shop.gateway.account()
    switch(shop)
    report = shop.reconcile()
    assert (report.other_account, report.refused) == (1, [])
    assert shop.outcome(first) == ("ended", "account")
    assert shop.alarms() == ["other_account"]
    assert shop.state_of(shop.buy()) == "active"
    accounts = db.session.scalars(select(BillingCustomer.account)).all()
    assert set(accounts) == {account, shop.gateway.account()}
    assert db.session.scalars(select(PlacementPrice.account)).one() == shop.gateway.account()
    assert len(shop.objects("customer")) == 1
    assert shop.reconcile().other_account == 1, "it stays said"
    assert shop.alarms() == ["other_account"]


def test_what_was_parked_comes_back_with_its_account_and_is_never_cancelled(shop: Shop) -> None:
    place = shop.buy()
    account = place.account.partition(":")[0]
    switch(shop)
    shop.reconcile()
    assert shop.state_of(place) == "ended"
    switch(shop, account)
    assert shop.reconcile().other_account == 0
    assert shop.outcome(place) == ("active", "")
    assert shop.statuses("subscription") == ["active"]


def test_a_place_whose_slot_is_sold_meanwhile_stays_parked_and_is_not_cancelled(shop: Shop) -> None:
    shop.set_slots(1)
    place = shop.buy()
    account = place.account.partition(":")[0]
    switch(shop)
    shop.reconcile(whole=False)
    other = shop.buy(shop.new_seller())
    assert shop.state_of(other) == "active"
    other.account = f"{account}:test"  # as if both had been bought there
    db.session.commit()
    switch(shop, account)
    settle_accounts(shop.gateway, shop.clock())
    assert shop.outcome(place) == ("ended", "account")
    assert shop.statuses("subscription") == ["active"]


def test_a_checkout_begun_elsewhere_frees_its_slot(shop: Shop) -> None:
    held = shop.start_checkout()
    switch(shop)
    settle_accounts(shop.gateway, shop.clock())
    assert shop.outcome(held) == ("released", "account")
    assert shop.state_of(shop.buy()) == "active"


def test_rows_from_before_accounts_were_kept_are_found_again_or_parked(shop: Shop) -> None:
    place = shop.buy()
    account = shop.gateway.account()

    def forget_account() -> None:
        shop.read(place).account = ""
        db.session.scalars(select(BillingCustomer)).one().account = ""
        db.session.commit()

    forget_account()
    assert settle_accounts(shop.gateway, shop.clock()) == 0
    assert shop.read(place).account == account
    forget_account()
    switch(shop)
    assert settle_accounts(shop.gateway, shop.clock()) == 1
    assert shop.state_of(place) == "ended"


def test_what_was_deleted_at_stripe_is_made_anew_and_the_purchase_goes_on(shop: Shop) -> None:
    first = shop.start_checkout()
    before = shop.objects("customer")[0]["id"]
    shop.stripe.delete("customer", before)
    assert shop.state_of(shop.buy(shop.new_seller())) == "active", "another provider's is there"
    shop.stripe.close(first.session_id)
    shop.pass_time(shop.clock() - shop.clock())
    again = shop.claim(shop.seller, country=True)
    shop.checkout(again)
    assert shop.state_of(again) == "held"
    assert before not in [one["id"] for one in shop.objects("customer")]
    known = db.session.scalars(
        select(BillingCustomer.stripe_customer_id).where(
            BillingCustomer.provider_id == shop.seller.provider.id
        )
    ).one()
    assert known != before


def test_a_key_that_may_not_say_whose_it_is_goes_by_its_mode(shop: Shop) -> None:
    assert shop.gateway.known_account in (":test", shop.gateway.account())
    shop.use_key("sk_live_x")
    assert shop.gateway.known_account == ":live"
