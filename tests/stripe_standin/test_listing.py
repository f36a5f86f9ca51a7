"""Lists are read page by page; events are listed for 30 days."""

from __future__ import annotations

import pytest
import stripe

from tests.clock import FrozenClock
from tests.stripe_description import description
from tests.stripe_standin.shop import DAY, NOW, Shop, refusal


@pytest.fixture
def names(api: stripe.StripeClient, standin: object) -> list[str]:
    """Ids of twelve customers, newest first; a second after another."""
    made = []
    for number in range(12):
        made.append(api.v1.customers.create(params={"name": f"Customer {number}"}).id)
        standin.advance(1)
    return made[::-1]


def ids(found: object) -> list[str]:
    return [each.id for each in found.data]


def test_a_list_is_newest_first_and_ten_long(api: stripe.StripeClient, names: list[str]) -> None:
    found = api.v1.customers.list()
    assert (ids(found), found.has_more, found.url) == (names[:10], True, "/v1/customers")
    assert not api.v1.customers.list(params={"limit": 12}).has_more


def test_pages_go_on_after_and_before_an_object(api: stripe.StripeClient, names: list[str]) -> None:
    after = api.v1.customers.list(params={"limit": 4, "starting_after": names[3]})
    assert (ids(after), after.has_more) == (names[4:8], True)
    last = api.v1.customers.list(params={"limit": 4, "starting_after": names[7]})
    assert (ids(last), last.has_more) == (names[8:], False)
    before = api.v1.customers.list(params={"limit": 3, "ending_before": names[5]})
    assert (ids(before), before.has_more) == (names[2:5], True)
    first = api.v1.customers.list(params={"limit": 3, "ending_before": names[2]})
    assert (ids(first), first.has_more) == (names[:2], False)


def test_the_library_walks_through_all_pages(api: stripe.StripeClient, names: list[str]) -> None:
    walked = [each.id for each in api.v1.customers.list(params={"limit": 5}).auto_paging_iter()]
    assert walked == names


def test_lists_are_bounded_by_the_time_of_making(api: stripe.StripeClient, names: list[str]) -> None:
    def within(**bounds: int) -> list[str]:
        return ids(api.v1.customers.list(params={"limit": 100, "created": bounds}))

    assert within(gte=NOW + 10) == names[:2]
    assert within(gt=NOW + 10) == names[:1]
    assert within(lt=NOW + 1) == names[11:]
    assert within(lte=NOW + 1, gte=NOW + 1) == names[10:11]
    assert ids(api.v1.customers.list(params={"created": NOW + 5})) == [names[6]]


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 101}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"starting_after": "cus_none"}, "starting_after"),
        ({"created": "yesterday"}, "created"),
        ({"created": {"after": 5}}, "created[after]"),
        ({"sort": "name"}, "sort"),
    ],
)
def test_a_list_refuses_what_it_does_not_know(api: stripe.StripeClient, params: object, param: str) -> None:
    refused = refusal(api.v1.customers.list, params=params)
    assert (refused.http_status, refused.param) == (400, param)


def test_a_list_takes_one_direction_only(api: stripe.StripeClient, names: list[str]) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="only use one"):
        api.v1.customers.list(params={"starting_after": names[3], "ending_before": names[5]})


def test_the_callers_own_clock_dates_what_is_made(api: stripe.StripeClient, clock: FrozenClock) -> None:
    from datetime import timedelta

    clock.advance(timedelta(days=2))
    assert api.v1.customers.create().created == NOW + 2 * DAY


def test_events_are_listed_by_kind(shop: Shop) -> None:
    shop.subscribed()
    shop.passed()

    def kinds(**params: object) -> set[str]:
        return {each.type for each in shop.v1.events.list(params={"limit": 100, **params}).data}

    assert kinds(type="invoice.paid") == {"invoice.paid"}
    assert kinds(types=["invoice.paid", "charge.succeeded"]) == {"invoice.paid", "charge.succeeded"}
    assert kinds(type="customer.*") >= {"customer.created", "customer.subscription.created"}
    with pytest.raises(stripe.InvalidRequestError):
        kinds(type="invoice.paid", types=["charge.succeeded"])


def test_events_that_nobody_took_are_listed_apart(shop: Shop) -> None:
    shop.subscribed()
    waiting = shop.v1.events.list(params={"delivery_success": False}).data
    assert {each.type for each in waiting} == {
        "customer.subscription.created",
        "invoice.paid",
        "checkout.session.completed",
    }
    assert {each.pending_webhooks for each in waiting} == {1}
    shop.standin.flush()
    assert not shop.v1.events.list(params={"delivery_success": False}).data
    assert shop.v1.events.retrieve(waiting[0].id).pending_webhooks == 0
    taken = shop.v1.events.list(params={"delivery_success": True, "limit": 100}).data
    assert {each.id for each in waiting} <= {each.id for each in taken}


def test_events_reach_back_thirty_days(shop: Shop) -> None:
    shop.passed()
    shop.standin.advance(30 * DAY + 1)
    assert not shop.v1.events.list().data


def test_the_snapshots_of_all_events_are_as_stripe_describes_them(shop: Shop) -> None:
    subscription = shop.subscribed()
    shop.standin.decline(shop.session("payment", invoice_creation={"enabled": True}).id)
    waiting = shop.standin.pay_later(shop.session("payment", invoice_creation={"enabled": True}).id)
    shop.standin.settle(waiting["id"])
    shop.standin.portal_cancel(subscription)
    shop.standin.portal_resume(subscription)
    shop.standin.renew(subscription, ok=False)
    shop.standin.fail_refund(shop.standin.refund(shop.passed(), 100)["id"])
    shop.standin.close_dispute(shop.standin.dispute(shop.passed())["id"], True)
    shop.standin.cancel_now(subscription)
    shop.standin.advance(DAY)
    for event in shop.standin.state()["event"]:
        description().check_object(event)
        description().check_object(event["data"]["object"])


def test_an_event_names_the_call_it_comes_from(shop: Shop) -> None:
    session = shop.session()
    shop.v1.checkout.sessions.expire(session.id, options={"idempotency_key": "expire:1"})
    (event,) = shop.v1.events.list(params={"type": "checkout.session.expired"}).data
    assert event.request.idempotency_key == "expire:1"
    assert event.request.id.startswith("req_")
    assert (event.api_version, event.livemode) == ("2026-10-28.endive", False)
