from __future__ import annotations

from tests.stripe_standin.browsing import visit
from tests.stripe_standin.shop import Shop


def test_an_invoice_can_be_read_at_both_of_its_addresses(shop: Shop) -> None:
    shop.subscribed()
    (invoice,) = shop.v1.invoices.list().data
    for address in (invoice.hosted_invoice_url, invoice.invoice_pdf):
        found = visit(str(address)).page
        assert found.texts("h1") == [f"Invoice {invoice.number}"]
        assert "Ana <Lopez>" in found.text
        assert "Total 49.00 EUR" in found.text.replace("Total49", "Total 49")
        assert "paid" in found.text


def test_a_receipt_says_what_came_back(shop: Shop) -> None:
    intent = shop.passed()
    (charge,) = shop.v1.charges.list().data
    assert "Refunded" not in visit(str(charge.receipt_url)).page.text
    shop.standin.refund(intent, 900)
    found = visit(str(charge.receipt_url)).page
    assert found.texts("dd")[-1] == "9.00 EUR"
    assert "Visa ending in 4242" in found.text
