"""The frame of hosted pages, amounts and times in words, invoices and receipts."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from stripe_standin.pages import amount_words, guarded, moment_words, page, see, stylesheet
from stripe_standin.server import StandIn
from tests.pages import Page, lint
from tests.stripe_standin.browsing import visit
from tests.stripe_standin.shop import NOW, Shop


def test_a_page_is_whole_and_says_that_no_money_moves() -> None:
    found = page("A <title>", Markup("<p>{}</p>").format("<script>"))
    html = found.get_data(as_text=True)
    assert not lint(html)
    assert Page(html).texts("p") == ["Stand-in of Stripe: no money moves", "<script>"]


def test_forms_may_lead_only_to_the_sites_named() -> None:
    policy = page("A", Markup(""), targets=("https://a.example/x?y=1", None, "https://a.example/z")).headers[
        "Content-Security-Policy"
    ]
    assert "form-action 'self' https://a.example;" in policy
    assert "default-src 'none'; style-src 'self'" in policy


@pytest.mark.parametrize("target", ["http://a.example; script-src *", "http://a.example, */x"])
def test_a_target_cannot_widen_the_policy(target: str) -> None:
    policy = page("A", Markup(""), targets=(target,)).headers["Content-Security-Policy"]
    assert policy.count(";") == 4
    assert "," not in policy


def test_going_on_is_a_fresh_get() -> None:
    answer = see("http://a.example/x")
    assert (answer.status_code, answer.headers["Location"]) == (303, "http://a.example/x")


def test_no_answer_is_kept_sniffed_or_named_to_others() -> None:
    headers = guarded(stylesheet()).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_the_style_is_served_to_the_pages(standin: StandIn) -> None:
    found = visit(f"{standin.url}/standin.css")
    assert found.headers["Content-Type"].startswith("text/css")
    assert "prefers-color-scheme" in found.text


def test_amounts_and_moments_read_as_people_write_them() -> None:
    assert amount_words(123_456, "eur") == "1,234.56 EUR"
    assert amount_words(1500, "jpy") == "1,500 JPY"
    assert moment_words(NOW) == "23 November 2026, 12:00 UTC"


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
