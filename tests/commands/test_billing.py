"""`marketplace billing reconcile`: repairs from Stripe's word, says what it did, and fails in one line."""

from __future__ import annotations

import json

from marketplace.billing.stripe.gateway import Gateway
from tests.billing.shop import Shop
from tests.clients import Runner


def lost_payment(shop: Shop) -> int:
    """A place that was paid for while every event was lost."""
    placement = shop.start_checkout()
    shop.stripe.pay(placement.session_id)
    shop.stripe.flush(drop=1.0)
    return placement.id


def test_what_was_lost_is_repaired_and_told(shop: Shop, runner: Runner) -> None:
    lost_payment(shop)
    placement = shop.seller and shop.claim()
    assert shop.read(placement).state == "held"
    result = runner.invoke(args=["billing", "reconcile"])
    assert result.exit_code == 0
    assert "1 repaired" in result.stdout
    assert shop.read(placement).state == "active"
    assert shop.entries() == [("payment", 4900)]


def test_the_report_as_json_is_one_object_of_numbers(shop: Shop, runner: Runner) -> None:
    lost_payment(shop)
    result = runner.invoke(args=["billing", "reconcile", "--json"])
    report = json.loads(result.stdout)
    assert set(report) == {
        "placements",
        "repaired",
        "released",
        "events",
        "other_account",
        "orphans",
        "others",
        "refused",
    }
    assert report["repaired"] == 1
    assert report["events"] >= 3
    assert report["refused"] == []
    again = json.loads(runner.invoke(args=["billing", "reconcile", "--json", "--all"]).stdout)
    assert (again["repaired"], again["events"]) == (0, 0)


def test_without_a_key_there_is_nothing_to_compare(runner: Runner) -> None:
    result = runner.invoke(args=["billing", "reconcile"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "STRIPE_API_KEY" in result.stderr


def test_a_key_that_stripe_refuses_is_named_and_raises_an_alarm(shop: Shop, runner: Runner) -> None:
    shop.app.extensions["stripe"] = Gateway("sk_test_wrong", "whsec_standin", base=shop.stripe.url)
    result = runner.invoke(args=["billing", "reconcile"])
    assert result.exit_code == 1
    assert "refused the key" in result.stderr
    assert shop.alarms() == ["misconfigured"]


def test_while_stripe_is_away_nothing_is_lost(shop: Shop, runner: Runner) -> None:
    placement = shop.buy()
    shop.stripe.fault("down")
    result = runner.invoke(args=["billing", "reconcile"])
    assert result.exit_code == 1
    assert "Try again later" in result.stderr
    shop.stripe.clear_faults()
    assert shop.read(placement).state == "active"
