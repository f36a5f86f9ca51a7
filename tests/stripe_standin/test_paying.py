from __future__ import annotations

import pytest

from stripe_standin.errors import ApiError
from tests.stripe_standin.shop import DAY, NOW, Shop


def test_a_paid_subscription_is_active_to_the_end_of_its_item(shop: Shop) -> None:
    session = shop.session(
        metadata={"placement_id": "1"}, subscription_data={"metadata": {"placement_id": "2"}}
    )
    paid = shop.standin.pay(session.id)
    assert (paid["status"], paid["payment_status"], paid["url"]) == ("complete", "paid", None)
    assert paid["payment_intent"] is None
    subscription = shop.v1.subscriptions.retrieve(paid["subscription"])
    assert (subscription.status, subscription.latest_invoice) == ("active", paid["invoice"])
    assert subscription.metadata.to_dict() == {"placement_id": "2"}
    assert subscription.items.data[0].current_period_end == NOW + 30 * DAY
    assert "current_period_end" not in subscription.to_dict()


def test_the_invoice_of_a_subscription_names_it_and_is_paid_by_an_intent(shop: Shop) -> None:
    subscription = shop.subscribed(subscription_data={"metadata": {"a": "b"}})
    (invoice,) = shop.v1.invoices.list(params={"subscription": subscription}).data
    assert invoice.parent.subscription_details.subscription == subscription
    assert invoice.parent.subscription_details.metadata.to_dict() == {"a": "b"}
    assert (invoice.status, invoice.amount_paid, invoice.billing_reason) == (
        "paid",
        4900,
        "subscription_create",
    )
    (payment,) = shop.v1.invoice_payments.list(params={"invoice": invoice.id}).data
    intent = shop.v1.payment_intents.retrieve(payment.payment.payment_intent)
    assert (payment.status, intent.status, intent.amount_received) == ("paid", "succeeded", 4900)


def test_paying_a_subscription_tells_all_that_happened(shop: Shop) -> None:
    shop.subscribed()
    assert set(shop.kinds()) >= {
        "charge.succeeded",
        "payment_intent.succeeded",
        "invoice.paid",
        "customer.subscription.created",
        "checkout.session.completed",
    }
    assert shop.kinds()[-1] == "checkout.session.completed"


def test_a_paid_pass_has_an_intent_with_its_metadata_and_a_receipt(shop: Shop) -> None:
    intent = shop.v1.payment_intents.retrieve(
        shop.passed(payment_intent_data={"metadata": {"placement_id": "3"}}),
        params={"expand": ["latest_charge"]},
    )
    assert intent.metadata.to_dict() == {"placement_id": "3"}
    assert intent.latest_charge.receipt_url == f"{shop.standin.url}/receipt/{intent.latest_charge.id}"
    assert not shop.v1.invoices.list().data


def test_a_pass_with_an_invoice_has_one_that_is_paid(shop: Shop) -> None:
    creation = {"enabled": True, "invoice_data": {"metadata": {"placement_id": "4"}}}
    session = shop.standin.pay(shop.session("payment", invoice_creation=creation).id)
    invoice = shop.v1.invoices.retrieve(session["invoice"])
    assert (invoice.status, invoice.parent, invoice.number) == ("paid", None, "STANDIN-0001")
    assert invoice.metadata.to_dict() == {"placement_id": "4"}
    assert invoice.hosted_invoice_url.startswith(shop.standin.url)
    assert invoice.invoice_pdf.startswith(shop.standin.url)
    of_intent = {"payment": {"type": "payment_intent", "payment_intent": session["payment_intent"]}}
    assert [each.invoice for each in shop.v1.invoice_payments.list(params=of_intent).data] == [invoice.id]


@pytest.mark.parametrize("mode", ["payment", "subscription"])
def test_a_declined_card_leaves_the_session_open(shop: Shop, mode: str) -> None:
    session = shop.standin.decline(shop.session(mode).id)
    assert session["status"] == "open"
    assert shop.kinds()[-2:] == ["charge.failed", "payment_intent.payment_failed"]
    assert not shop.v1.subscriptions.list(params={"status": "all"}).data
    (intent,) = shop.v1.payment_intents.list().data
    assert (intent.status, intent.last_payment_error.code) == ("requires_payment_method", "card_declined")
    assert shop.standin.pay(session["id"])["payment_status"] == "paid"


def test_a_second_try_uses_the_same_intent(shop: Shop) -> None:
    session = shop.session("payment")
    shop.standin.decline(session.id)
    paid = shop.standin.pay(session.id)
    (intent,) = shop.v1.payment_intents.list().data
    assert paid["payment_intent"] == intent.id
    assert [charge.status for charge in shop.v1.charges.list().data] == ["succeeded", "failed"]


def test_a_session_is_paid_once(shop: Shop) -> None:
    session = shop.session().id
    shop.standin.pay(session)
    for control in (shop.standin.pay, shop.standin.decline, shop.standin.pay_later, shop.standin.close):
        with pytest.raises(ApiError, match="not open"):
            control(session)


@pytest.mark.parametrize("ok", [True, False])
def test_a_pass_may_wait_for_its_money(shop: Shop, ok: bool) -> None:
    session = shop.standin.pay_later(shop.session("payment", invoice_creation={"enabled": True}).id)
    assert (session["status"], session["payment_status"]) == ("complete", "unpaid")
    assert shop.v1.payment_intents.retrieve(session["payment_intent"]).status == "processing"
    assert shop.v1.invoices.retrieve(session["invoice"]).status == "open"
    assert shop.kinds()[-1] == "checkout.session.completed"
    settled = shop.standin.settle(session["id"], ok)
    assert settled["payment_status"] == ("paid" if ok else "unpaid")
    assert shop.kinds()[-1] == f"checkout.session.async_payment_{'succeeded' if ok else 'failed'}"
    wanted = ("succeeded", "paid") if ok else ("requires_payment_method", "open")
    intent = shop.v1.payment_intents.retrieve(session["payment_intent"])
    assert (intent.status, shop.v1.invoices.retrieve(session["invoice"]).status) == wanted


@pytest.mark.parametrize(("ok", "status"), [(True, "active"), (False, "incomplete")])
def test_a_subscription_may_wait_for_its_money(shop: Shop, ok: bool, status: str) -> None:
    session = shop.standin.pay_later(shop.session().id)
    assert shop.v1.subscriptions.retrieve(session["subscription"]).status == "incomplete"
    shop.standin.settle(session["id"], ok)
    assert shop.v1.subscriptions.retrieve(session["subscription"]).status == status


def test_money_comes_once_and_only_when_it_is_waited_for(shop: Shop) -> None:
    session = shop.session().id
    with pytest.raises(ApiError, match="does not wait"):
        shop.standin.settle(session, True)
    shop.standin.pay_later(session)
    shop.standin.settle(session, False)
    with pytest.raises(ApiError, match="does not wait"):
        shop.standin.settle(session, True)


def test_money_does_not_come_twice_for_an_invoice_that_was_paid_by_hand(shop: Shop) -> None:
    session = shop.standin.pay_later(shop.session().id)
    shop.standin.pay_invoice(session["subscription"])
    with pytest.raises(ApiError, match="does not wait"):
        shop.standin.settle(session["id"], True)
    assert len(shop.v1.charges.list().data) == 1


def test_leaving_the_page_changes_nothing(shop: Shop) -> None:
    session = shop.session()
    before = shop.standin.state()
    shop.standin.close(session.id)
    assert shop.standin.state() == before
