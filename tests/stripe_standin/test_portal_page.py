from __future__ import annotations

from tests.stripe_standin.browsing import visit
from tests.stripe_standin.shop import DAY, NOW, SITE, Shop


def desk(shop: Shop, customer: str = "", configuration: str = "") -> str:
    session = shop.v1.billing_portal.sessions.create(
        params={
            "customer": customer or shop.customer,
            "configuration": configuration or shop.portal(),
            "return_url": f"{SITE}/account",
        }
    )
    return session.url


def buttons(address: str) -> list[str]:
    return visit(address).page.texts("button")


CARDS = ["Use a card that works", "Use a card that is refused"]


def test_a_customer_sees_subscriptions_and_invoices(shop: Shop) -> None:
    shop.subscribed(subscription_data={"description": "Place <1>"})
    found = visit(desk(shop)).page
    assert "Place <1>: 49.00 EUR every month" in found.text
    assert "Active. The period ends 23 December 2026, 12:00 UTC." in found.text
    (invoice,) = shop.v1.invoices.list().data
    assert f"/invoice/{invoice.id}" in found.links()
    assert f"{SITE}/account" in found.links()


def test_a_subscription_is_cancelled_and_kept_as_the_portal_does(shop: Shop) -> None:
    wanted, address = shop.subscribed(), desk(shop)
    assert buttons(address) == ["Cancel at period end", *CARDS]
    answer = visit(address, {"do": f"cancel:{wanted}"})
    assert (answer.status, answer.headers["Location"]) == (303, address.removeprefix(shop.standin.url))
    subscription = shop.v1.subscriptions.retrieve(wanted)
    assert (subscription.cancel_at, subscription.cancel_at_period_end) == (NOW + 30 * DAY, False)
    assert buttons(address) == ["Keep it", *CARDS]
    visit(address, {"do": f"keep:{wanted}"})
    assert shop.v1.subscriptions.retrieve(wanted).cancel_at is None
    assert visit(address, {"do": f"keep:{wanted}"}).status == 303


def test_a_card_is_changed_and_what_is_open_is_paid(shop: Shop) -> None:
    wanted, address = shop.subscribed(), desk(shop)
    visit(address, {"do": f"badcard:{shop.customer}"})
    assert "The card on file is refused." in visit(address).page.text
    shop.standin.advance(30 * DAY)
    assert "Payment failed." in visit(address).page.text
    assert "Pay what is open" in buttons(address)
    visit(address, {"do": f"card:{shop.customer}"})
    visit(address, {"do": f"pay:{wanted}"})
    assert shop.v1.subscriptions.retrieve(wanted).status == "active"


def test_the_configuration_says_what_is_offered(shop: Shop) -> None:
    wanted = shop.subscribed()
    bare = shop.portal(
        invoice_history={"enabled": False},
        payment_method_update={"enabled": False},
        subscription_cancel={"enabled": False},
    )
    address = desk(shop, configuration=bare)
    assert not buttons(address)
    assert "Invoices" not in visit(address).page.text
    visit(address, {"do": f"cancel:{wanted}"})
    visit(address, {"do": f"badcard:{shop.customer}"})
    assert shop.v1.subscriptions.retrieve(wanted).cancel_at is None


def test_a_portal_that_cancels_at_once_does_so(shop: Shop) -> None:
    wanted = shop.subscribed()
    address = desk(
        shop, configuration=shop.portal(subscription_cancel={"enabled": True, "mode": "immediately"})
    )
    assert "Cancel now" in buttons(address)
    visit(address, {"do": f"cancel:{wanted}"})
    assert shop.v1.subscriptions.retrieve(wanted).status == "canceled"
    assert "Ended. Ended 23 November 2026, 12:00 UTC." in visit(address).page.text


def test_another_customers_subscription_is_out_of_reach(shop: Shop) -> None:
    wanted = shop.subscribed()
    address = desk(shop, customer=shop.v1.customers.create().id)
    assert "None." in visit(address).page.text
    visit(address, {"do": f"cancel:{wanted}"})
    assert shop.v1.subscriptions.retrieve(wanted).cancel_at is None
