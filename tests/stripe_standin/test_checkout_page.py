from __future__ import annotations

import pytest

from tests.stripe_standin.browsing import visit
from tests.stripe_standin.shop import SITE, Shop


def test_the_page_says_what_is_bought_for_how_much(shop: Shop) -> None:
    shop.v1.products.update("featured", params={"name": "Featured <b>place</b>"})
    found = visit(str(shop.session().url))
    assert found.status == 200
    assert "49.00 EUR every month" in found.page.text
    assert "1 × Featured <b>place</b>" in found.page.text
    assert [button.get("id") for button in found.page.all("button")] == ["pay", "decline", "close"]
    assert found.page.links() == ["/standin.css", f"{SITE}/back"] or f"{SITE}/back" in found.page.links()
    assert f"form-action 'self' {SITE};" in found.headers["Content-Security-Policy"]


def test_paying_leads_back_with_the_sessions_id(shop: Shop) -> None:
    session = shop.session("payment")
    found = visit(str(session.url), {"do": "pay"})
    assert (found.status, found.headers["Location"]) == (303, f"{SITE}/done?session={session.id}")
    assert shop.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


def test_a_declined_card_keeps_the_page(shop: Shop) -> None:
    session = shop.session()
    found = visit(str(session.url), {"do": "decline"})
    assert found.page.texts("p", role="alert") == ["The card was declined."]
    assert shop.v1.checkout.sessions.retrieve(session.id).status == "open"
    assert visit(str(session.url), {"do": "pay"}).status == 303


def test_closing_the_page_leads_back_and_changes_nothing(shop: Shop) -> None:
    session = shop.session()
    found = visit(str(session.url), {"do": "close"})
    assert (found.status, found.headers["Location"]) == (303, f"{SITE}/back")
    assert shop.v1.checkout.sessions.retrieve(session.id).status == "open"


def test_a_page_without_a_way_back_stays(shop: Shop) -> None:
    session = shop.session(cancel_url=None)
    assert visit(str(session.url), {"do": "close"}).status == 200
    assert visit(str(session.url), {"do": "dance"}).status == 200


def test_a_session_that_is_not_open_sells_nothing(shop: Shop) -> None:
    complete, expired = shop.session(), shop.session()
    shop.standin.pay(complete.id)
    shop.v1.checkout.sessions.expire(expired.id)
    for session, words in ((complete, "is complete"), (expired, "has expired")):
        for form in (None, {"do": "pay"}, {"do": "decline"}):
            found = visit(str(session.url), form)
            assert words in found.page.text
            assert not found.page.all("button")
            assert f"{SITE}/back" in found.page.links()
    assert len(shop.v1.charges.list().data) == 1


def test_time_runs_out_on_the_page_too(shop: Shop) -> None:
    session = shop.session()
    shop.standin.advance(86_400)
    assert "has expired" in visit(str(session.url), {"do": "pay"}).page.text


@pytest.mark.parametrize(
    "path", ["/pay/cs_none", "/pay/", "/portal/x", "/invoice/x", "/receipt/x", "/elsewhere"]
)
def test_what_is_not_there_is_not_found(shop: Shop, path: str) -> None:
    found = visit(shop.standin.url + path)
    assert (found.status, found.page.title) == (404, "Not found – Stand-in of Stripe")
