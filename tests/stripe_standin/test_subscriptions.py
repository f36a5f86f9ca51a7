from __future__ import annotations

import pytest
import stripe

from tests.stripe_standin.shop import DAY, NOW, Shop, refusal


def test_ending_at_the_end_of_the_period_sets_both_marks_and_can_be_undone(shop: Shop) -> None:
    wanted = shop.subscribed()
    ending = shop.v1.subscriptions.update(wanted, params={"cancel_at_period_end": True})
    assert (ending.cancel_at_period_end, ending.cancel_at, ending.status) == (True, NOW + 30 * DAY, "active")
    kept = shop.v1.subscriptions.update(wanted, params={"cancel_at_period_end": False})
    assert (kept.cancel_at_period_end, kept.cancel_at, kept.canceled_at) == (False, None, None)


def test_ending_at_a_moment_sets_only_that(shop: Shop) -> None:
    wanted = shop.subscribed()
    ending = shop.v1.subscriptions.update(wanted, params={"cancel_at": NOW + DAY})
    assert (ending.cancel_at_period_end, ending.cancel_at) == (False, NOW + DAY)
    at_end = shop.v1.subscriptions.update(wanted, params={"cancel_at": "max_period_end"})
    assert at_end.cancel_at == NOW + 30 * DAY
    assert shop.v1.subscriptions.update(wanted, params={"cancel_at": ""}).cancel_at is None


def test_the_flag_alone_does_not_undo_an_end_set_by_the_portal(shop: Shop) -> None:
    wanted = shop.subscribed()
    shop.standin.portal_cancel(wanted)
    unchanged = shop.v1.subscriptions.update(wanted, params={"cancel_at_period_end": False})
    assert unchanged.cancel_at == NOW + 30 * DAY


def test_an_update_tells_what_was_there_before(shop: Shop) -> None:
    wanted = shop.subscribed(subscription_data={"metadata": {"a": "1", "b": "2"}})
    shop.v1.subscriptions.update(
        wanted,
        params={
            "metadata": {"b": "", "c": "3"},
            "proration_behavior": "none",
            "default_payment_method": "pm_1",
        },
    )
    event = shop.v1.events.list(params={"type": "customer.subscription.updated"}).data[0]
    data = event.data.to_dict()
    assert data["object"]["metadata"] == {"a": "1", "c": "3"}
    assert data["previous_attributes"] == {
        "metadata": {"a": "1", "b": "2"},
        "default_payment_method": data["previous_attributes"]["default_payment_method"],
    }


def test_an_update_that_changes_nothing_tells_nothing(shop: Shop) -> None:
    wanted = shop.subscribed()
    before = shop.kinds()
    shop.v1.subscriptions.update(wanted, params={"metadata": {}})
    assert shop.kinds() == before


@pytest.mark.parametrize(
    "params",
    [
        {"cancel_at": NOW - 1},
        {"cancel_at": "soon"},
        {"cancel_at": NOW + DAY, "cancel_at_period_end": True},
        {"items": [{"id": "si_1", "quantity": 2}]},
        {"proration_behavior": "some"},
    ],
)
def test_a_subscription_refuses_wrong_changes(shop: Shop, params: dict[str, object]) -> None:
    wanted = shop.subscribed()
    before = shop.v1.subscriptions.retrieve(wanted).to_dict()
    with pytest.raises(stripe.InvalidRequestError):
        shop.v1.subscriptions.update(wanted, params=params)
    assert shop.v1.subscriptions.retrieve(wanted).to_dict() == before


def test_a_cancelled_subscription_is_over_and_cannot_be_cancelled_again(shop: Shop) -> None:
    wanted = shop.subscribed()
    cancelled = shop.v1.subscriptions.cancel(
        wanted,
        params={"invoice_now": False, "prorate": False, "cancellation_details": {"comment": "disputed"}},
    )
    assert (cancelled.status, cancelled.ended_at, cancelled.canceled_at) == ("canceled", NOW, NOW)
    assert cancelled.cancellation_details.comment == "disputed"
    assert shop.kinds()[-1] == "customer.subscription.deleted"
    refused = refusal(shop.v1.subscriptions.cancel, wanted)
    assert (refused.http_status, refused.code) == (404, "resource_missing")
    with pytest.raises(stripe.InvalidRequestError, match="can only update"):
        shop.v1.subscriptions.update(wanted, params={"cancel_at_period_end": True})
    assert shop.v1.subscriptions.update(wanted, params={"metadata": {"a": "b"}}).metadata.to_dict() == {
        "a": "b"
    }


def test_a_cancellation_takes_no_unknown_parameter(shop: Shop) -> None:
    wanted = shop.subscribed()
    assert (
        refusal(shop.v1.subscriptions.cancel, wanted, params={"cancellation_details": {"mood": "bad"}}).param
        == "cancellation_details[mood]"
    )
    assert shop.v1.subscriptions.retrieve(wanted).status == "active"


def test_subscriptions_are_listed_by_status_customer_and_price(shop: Shop) -> None:
    over, running, failing = shop.subscribed(), shop.subscribed(), shop.subscribed()
    shop.standin.cancel_now(over)
    shop.standin.renew(failing, ok=False)

    def listed(**params: str) -> set[str]:
        return {each.id for each in shop.v1.subscriptions.list(params=params).data}

    assert listed() == {running, failing}
    assert listed(status="all") == {over, running, failing}
    assert listed(status="canceled") == listed(status="ended") == {over}
    assert listed(status="past_due") == {failing}
    assert listed(status="active", customer=shop.customer, price=shop.monthly) == {running}
    assert not listed(price=shop.once)
    assert not listed(customer="cus_none")
