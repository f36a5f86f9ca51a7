"""Tax, and credit notes on invoices that bear it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.stripe_standin.shop import DAY, Shop, refusal

TAX: dict[str, Any] = {"automatic_tax": {"enabled": True}, "customer_update": {"address": "auto"}}


def test_tax_is_added_when_the_payers_address_is_known(shop: Shop) -> None:
    session = shop.session(**TAX)
    assert session.amount_total == 4900
    paid = shop.standin.pay(session.id)
    assert (paid["amount_subtotal"], paid["amount_total"], paid["total_details"]["amount_tax"]) == (
        4900,
        6125,
        1225,
    )
    invoice = shop.v1.invoices.retrieve(paid["invoice"])
    assert (invoice.subtotal, invoice.total, invoice.amount_paid) == (4900, 6125, 6125)
    assert invoice.automatic_tax.enabled
    assert [tax.amount for tax in invoice.total_taxes or ()] == [1225]
    shop.standin.advance(31 * DAY)
    assert [one.amount for one in shop.v1.charges.list().data] == [6125, 6125]


def test_a_credit_note_refunds_what_it_credits(shop: Shop) -> None:
    paid = shop.standin.pay(shop.session("payment", invoice_creation={"enabled": True}, **TAX).id)
    terms: Any = {"invoice": paid["invoice"], "amount": 1000, "refund_amount": 1000, "reason": "order_change"}
    note = shop.v1.credit_notes.create(params=terms)
    assert (note.amount, note.status) == (1000, "issued")
    assert [tax.amount for tax in note.total_taxes or ()] == [200]
    refund = shop.v1.refunds.retrieve(str(note.refunds[0].refund))
    assert (refund.amount, refund.payment_intent) == (1000, paid["payment_intent"])
    assert shop.v1.invoices.retrieve(paid["invoice"]).post_payment_credit_notes_amount == 1000
    assert [one.id for one in shop.v1.credit_notes.list(params={"invoice": paid["invoice"]}).data] == [
        note.id
    ]
    assert "credit_note.created" in shop.kinds()
    too_much = refusal(shop.v1.credit_notes.create, params={**terms, "amount": 6000, "refund_amount": 6000})
    assert too_much.param == "amount"


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"invoice": "in_none", "amount": 1, "refund_amount": 1}, "invoice"),
        ({"amount": 0}, "amount"),
        ({}, "amount"),
        ({"amount": 1, "reason": "bored"}, "reason"),
        ({"amount": 1, "lines": [{"type": "custom_line_item"}]}, "lines"),
        ({"amount": 5}, None),
    ],
)
def test_a_credit_note_refuses_wrong_values(shop: Shop, params: dict[str, Any], param: str | None) -> None:
    paid = shop.standin.pay(shop.session("payment", invoice_creation={"enabled": True}).id)
    wanted: Any = {"invoice": paid["invoice"], **params}
    assert refusal(shop.v1.credit_notes.create, params=wanted).param == param


def test_only_what_was_paid_is_credited(shop: Shop) -> None:
    wanted = shop.subscribed()
    shop.standin.renew(wanted, ok=False)
    (unpaid,) = shop.v1.invoices.list(params={"status": "open"}).data
    params: Any = {"invoice": unpaid.id, "amount": 1, "refund_amount": 1}
    assert "only a paid one" in str(refusal(shop.v1.credit_notes.create, params=params))
