"""The desk's pages about placements: whose they are, what they say, and where their buttons lead."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from marketplace.billing.models import PaymentEntry, PlacementWait
from marketplace.core.extensions import db
from marketplace.listings.services import pause_listing
from tests.billing.shop import Shop, send, token_in
from tests.clients import Client
from tests.factories import make_provider, make_user, sign_in


@pytest.fixture
def desk(shop: Shop, client: Client) -> str:
    """The seller is signed in; the address of the desk's part about placements."""
    sign_in(client, shop.seller.member)
    return f"/manage/{shop.seller.provider.slug}/placements/"


def as_stranger(client: FlaskClient) -> None:
    """Somebody with a provider of their own."""
    other = make_user()
    make_provider(other)
    db.session.commit()
    sign_in(client, other)


def test_a_stranger_finds_none_of_these_pages(shop: Shop, client: Client) -> None:
    # 29
    placement = shop.buy()
    entry = db.session.query(PaymentEntry).one().id
    desk = f"/manage/{shop.seller.provider.slug}/placements/"
    as_stranger(client)
    for path in ("", f"{placement.id}/", f"{placement.id}/state/", f"receipts/{entry}/", "new/"):
        assert client.get(desk + path).status_code == 404, path
    for path in (f"{placement.id}/pay/", f"{placement.id}/drop/", "portal/", "waiting/1/leave/", "new/"):
        assert client.post(desk + path).status_code == 404, path
    assert shop.state_of(placement) == "active"
    assert shop.objects("billing_portal.session") == []


def test_what_is_another_providers_is_not_found_under_ones_own(shop: Shop, client: Client, desk: str) -> None:
    # 29
    rival = shop.new_seller()
    placement = shop.buy(rival)
    entry = db.session.query(PaymentEntry).one().id
    shop.set_slots(1)
    waiting = PlacementWait(**rival.on_topic.columns, kind="month", created_at=shop.clock())
    db.session.add(waiting)
    db.session.commit()
    number = waiting.id
    for path in (f"{placement.id}/", f"{placement.id}/state/", f"receipts/{entry}/", "99999999999/"):
        assert client.get(desk + path).status_code == 404, path
    for path in (f"{placement.id}/pay/", f"{placement.id}/drop/", f"waiting/{number}/leave/"):
        assert client.post(desk + path).status_code == 404, path
    assert client.get(f"{desk}new/?listing={rival.listing.id}").status_code == 404


def test_visitors_are_sent_to_sign_in(shop: Shop, client: Client) -> None:
    db.session.commit()
    response = client.get(f"/manage/{shop.seller.provider.slug}/placements/")
    assert response.status_code == 302
    assert "/account/" in response.headers["Location"]


def test_the_overview_tells_places_waits_and_receipts(shop: Shop, client: Client, desk: str) -> None:
    assert "no featured placements yet" in client.page(desk).text
    shop.buy()
    page = client.page(desk)
    assert "Live" in page.text
    assert "€49" in page.text
    receipt = next(link for link in page.links() if "/receipts/" in link)
    response = client.get(receipt)
    assert response.status_code == 303
    assert response.headers["Location"].startswith(f"{shop.stripe.url}/invoice/")


def test_the_receipt_of_a_pass_is_its_invoice(shop: Shop, client: Client, desk: str) -> None:
    shop.buy(kind="pass")
    receipt = next(link for link in client.page(desk).links() if "/receipts/" in link)
    assert client.get(receipt).headers["Location"].startswith(f"{shop.stripe.url}/invoice/")


def test_the_portal_is_the_providers_own(shop: Shop, client: Client, desk: str) -> None:
    # 29
    shop.buy()
    response = client.submit(f"{desk}portal/", on=desk)
    assert response.status_code == 303
    assert response.headers["Location"].startswith(f"{shop.stripe.url}/portal/")
    customer = shop.objects("billing_portal.session")[0]["customer"]
    assert customer == shop.objects("subscription")[0]["customer"]


def test_without_a_customer_there_is_no_portal(shop: Shop, client: Client, desk: str) -> None:
    assert client.post(f"{desk}portal/").status_code == 404


def test_a_held_place_can_be_paid_on_or_given_up(shop: Shop, client: Client, desk: str) -> None:
    placement = shop.start_checkout()
    own = f"{desk}{placement.id}/"
    response = client.submit(f"{own}pay/", on=f"{own}?back=closed")
    assert response.headers["Location"] == shop.objects("checkout.session")[0]["url"]
    assert client.get(f"{own}state/").json == {"version": placement.version}
    response = client.submit(f"{own}drop/", on=own, follow_redirects=True)
    assert "You gave up the slot" in response.get_data(as_text=True)
    assert shop.state_of(placement) == "released"
    assert shop.objects("checkout.session")[0]["status"] == "expired"


def test_what_was_paid_meanwhile_is_not_given_up(shop: Shop, client: Client, desk: str) -> None:
    # 10
    placement = shop.start_checkout()
    token = token_in(client.page(f"{desk}{placement.id}/"))
    shop.stripe.pay(placement.session_id)
    response = client.post(f"{desk}{placement.id}/drop/", data={"csrf_token": token})
    assert urlsplit(response.headers["Location"]).path == f"{desk}{placement.id}/"
    text = client.page(f"{desk}{placement.id}/").text
    assert "Live" in text
    assert "You gave up the slot" not in text


def test_a_kept_place_of_a_hidden_listing_is_not_sold(shop: Shop, client: Client, desk: str) -> None:
    placement = shop.claim()
    pause_listing(actor=shop.seller.member, listing=shop.seller.listing)
    db.session.commit()
    response = client.submit(f"{desk}{placement.id}/pay/", on=f"{desk}{placement.id}/")
    assert response.status_code == 409
    assert shop.objects("checkout.session") == []


def test_trouble_with_stripe_is_said_on_the_page(shop: Shop, client: Client, desk: str) -> None:
    # 27
    placement = shop.claim()
    shop.stripe.fault("rate429", "/v1/", count=9)
    response = client.submit(f"{desk}{placement.id}/pay/", on=f"{desk}{placement.id}/")
    assert response.status_code == 503
    assert "very busy" in response.get_data(as_text=True)


def test_a_form_without_its_token_does_nothing(shop: Shop, client: Client, desk: str) -> None:
    placement = shop.start_checkout()
    assert client.post(f"{desk}{placement.id}/drop/").status_code in (400, 422)
    assert shop.state_of(placement) == "held"


def test_only_these_pages_let_forms_lead_to_stripe(shop: Shop, client: Client, desk: str) -> None:
    def form_action(path: str) -> str:
        policy = client.get(path).headers["Content-Security-Policy"]
        return next(part for part in policy.split("; ") if part.startswith("form-action"))

    assert shop.stripe.url in form_action(desk)
    assert shop.stripe.url in form_action(f"{desk}new/")
    for path in ("/", "/guides/mexico/", f"/providers/{shop.seller.provider.slug}/", "/manage/"):
        assert shop.stripe.url not in form_action(path)


def test_a_reload_after_paying_or_giving_up_only_shows_the_place(
    shop: Shop, client: Client, desk: str
) -> None:
    placement = shop.start_checkout()
    for move in ("pay", "drop"):
        answer = client.get(f"{desk}{placement.id}/{move}/")
        assert (answer.status_code, answer.headers["Location"]) == (302, f"{desk}{placement.id}/")
    assert shop.state_of(placement) == "held"


def test_cancelling_one_place_leads_straight_to_that_one(shop: Shop, client: Client, desk: str) -> None:
    placement = shop.buy()
    shop.buy(country=True)
    send(client, f"{desk}portal/", on=f"{desk}{placement.id}/", placement=str(placement.id))
    flow = shop.objects("billing_portal.session")[0]["flow"]
    assert flow["type"] == "subscription_cancel"
    assert flow["subscription_cancel"]["subscription"] == shop.read(placement).subscription_id


def test_another_providers_place_cannot_be_named_to_the_portal(shop: Shop, client: Client, desk: str) -> None:
    # 29
    shop.buy()
    foreign = shop.buy(shop.new_seller_now())
    assert send(client, f"{desk}portal/", on=desk, placement=str(foreign.id)).status_code == 404
    assert shop.objects("billing_portal.session") == []


def test_after_the_portal_the_page_tells_whether_something_changed(
    shop: Shop, client: Client, desk: str
) -> None:
    placement = shop.buy()
    page = client.page(f"{desk}?back=portal")
    version = page.one("p", **{"data-turn": f"{desk}state/"}).get("data-version")
    assert client.get(f"{desk}state/").json == {"version": int(version or "")}
    shop.stripe.portal_cancel(placement.subscription_id)
    shop.deliver()
    assert client.get(f"{desk}state/").json != {"version": int(version or "")}


def test_who_seems_to_have_paid_is_not_asked_to_pay_or_give_up(shop: Shop, client: Client, desk: str) -> None:
    placement = shop.start_checkout()
    page = client.page(f"{desk}{placement.id}/?back=paid")
    assert "Thank you" in page.text
    assert f"{desk}{placement.id}/drop/" not in page.html
