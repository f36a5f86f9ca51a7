"""Choosing and buying on the desk, and the way there from an empty table."""

from __future__ import annotations

import pytest

from marketplace.billing.models import Placement, PlacementPrice, PlacementWait
from marketplace.core.extensions import db
from tests.billing.shop import Shop, send, token_in
from tests.clients import Client, path_of
from tests.factories import make_provider, make_topic, make_user, sign_in


@pytest.fixture
def new(shop: Shop, client: Client) -> str:
    """The seller is signed in; the address to buy at."""
    sign_in(client, shop.seller.member)
    return f"/manage/{shop.seller.provider.slug}/placements/new/"


def test_the_list_to_choose_from_names_listings_and_countries(shop: Shop, client: Client, new: str) -> None:
    links = client.page(new).links()
    assert f"{new}?listing={shop.seller.listing.id}" in links
    assert f"{new}?country=mexico" in links


def test_the_page_says_price_and_free_slots_and_leads_to_pay(shop: Shop, client: Client, new: str) -> None:
    address = f"{new}?listing={shop.seller.listing.id}"
    page = client.page(address)
    assert "€49" in page.text
    assert "€60" in page.text
    assert "3 of 3 slots are available" in page.text
    response = client.submit(address, {"kind": "pass", "do": "buy"})
    assert response.status_code == 303
    assert response.headers["Location"] == shop.objects("checkout.session")[0]["url"]
    placement = db.session.query(Placement).one()
    assert (placement.state, placement.kind, placement.amount) == ("held", "pass", 6000)


def test_pressing_twice_leads_to_the_same_page_to_pay_on(shop: Shop, client: Client, new: str) -> None:
    # 5
    address = f"{new}?country=mexico"
    found = {client.submit(address, {"kind": "month", "do": "buy"}).headers["Location"] for _ in range(2)}
    assert len(found) == 1


def test_what_is_live_already_leads_to_its_own_page(shop: Shop, client: Client, new: str) -> None:
    placement = shop.buy()
    address = f"{new}?listing={shop.seller.listing.id}"
    assert "You already have a featured placement there" in client.page(address).text
    response = send(client, address, on=new.replace("new/", ""), kind="month", do="buy")
    assert path_of(response) == f"{new.replace('new/', '')}{placement.id}/"
    assert shop.entries() == [("payment", 4900)]


def test_a_full_topic_leads_to_the_waiting_list_without_a_charge(
    shop: Shop, client: Client, new: str
) -> None:
    shop.set_slots(1)
    shop.buy(shop.new_seller())
    address = f"{new}?listing={shop.seller.listing.id}"
    assert "The only slot is taken" in client.page(address).text
    response = client.submit(address, {"do": "wait"}, follow_redirects=True)
    text = response.get_data(as_text=True)
    assert "You are number 1" in text
    assert db.session.query(PlacementWait).one().state == "waiting"
    assert len(shop.objects("checkout.session")) == 1
    desk = new.replace("new/", "")
    entry = db.session.query(PlacementWait).one().id
    client.submit(f"{desk}waiting/{entry}/leave/", on=desk)
    assert "You are number" not in client.page(desk).text


def test_buying_what_somebody_took_meanwhile_is_refused_with_words(
    shop: Shop, client: Client, new: str
) -> None:
    # 3
    address = f"{new}?listing={shop.seller.listing.id}"
    token = token_in(client.page(address))
    shop.set_slots(1)
    shop.start_checkout(shop.new_seller())
    response = client.post(address, data={"csrf_token": token, "kind": "month", "do": "buy"})
    assert response.status_code == 409
    assert "Someone took the last slot" in response.get_data(as_text=True)


def test_while_stripe_is_busy_the_page_says_so_and_the_slot_is_free(
    shop: Shop, client: Client, new: str
) -> None:
    # 27
    shop.stripe.fault("rate429", "/v1/", count=9)
    address = f"{new}?listing={shop.seller.listing.id}"
    response = client.submit(address, {"kind": "month", "do": "buy"})
    assert response.status_code == 503
    assert "Nothing was charged" in response.get_data(as_text=True)
    assert "3 of 3 slots are available" in client.page(address).text


@pytest.mark.parametrize(
    "query", ["listing=0", "listing=x", "listing=99999999999", "country=atlantis", "topic=none"]
)
def test_what_does_not_exist_is_not_found(client: Client, new: str, query: str) -> None:
    assert client.get(f"{new}?{query}").status_code == 404


def test_what_is_not_sold_cannot_be_bought(shop: Shop, client: Client, new: str) -> None:
    price = db.session.get(PlacementPrice, "mexico")
    assert price is not None
    price.month_amount = price.pass_amount = None
    db.session.commit()
    assert client.get(f"{new}?country=mexico").status_code == 404
    shop.app.extensions["stripe"] = None
    assert path_of(client.get(new)) == f"/manage/{shop.seller.provider.slug}/placements/"


def test_an_unknown_kind_is_refused_beside_its_field(shop: Shop, client: Client, new: str) -> None:
    address = f"{new}?country=mexico"
    assert client.submit(address, {"kind": "forever", "do": "buy"}).status_code == 422
    assert db.session.query(Placement).count() == 0


def test_an_empty_table_leads_to_listing_first_and_to_buying_then(
    shop: Shop, client: Client, new: str
) -> None:
    other = make_topic()
    key, own = other.key, shop.topic.key
    db.session.commit()
    first = client.get(f"/manage/placements/new/?topic={key}")
    assert path_of(first) == f"{new}?topic={key}"
    assert "/listings/" in path_of(client.get(f"{new}?topic={key}"))
    assert path_of(client.get(f"{new}?topic={own}")) == f"{new}?listing={shop.seller.listing.id}"


def test_who_has_no_provider_registers_first_and_who_has_two_chooses(shop: Shop, client: Client) -> None:
    nobody, both = make_user(), make_user()
    providers = [make_provider(both), make_provider(both)]
    slugs = [one.slug for one in providers]
    db.session.commit()
    sign_in(client, nobody)
    assert "/manage/" in path_of(client.get("/manage/placements/new/?country=mexico"))
    sign_in(client, both)
    links = client.page("/manage/placements/new/?country=mexico").links()
    for slug in slugs:
        assert f"/manage/{slug}/placements/new/?country=mexico" in links


def test_who_chooses_nothing_buys_nothing(shop: Shop, client: Client, new: str) -> None:
    address = f"{new}?country=mexico"
    assert send(client, address, do="buy").status_code == 422
    assert db.session.query(Placement).count() == 0
    assert shop.objects("checkout.session") == []


def test_who_comes_back_and_chooses_the_other_way_pays_that(shop: Shop, client: Client, new: str) -> None:
    address = f"{new}?country=mexico"
    client.submit(address, {"kind": "month", "do": "buy"})
    answer = client.submit(address, {"kind": "pass", "do": "buy"})
    first, second = shop.objects("checkout.session")
    assert (first["status"], first["mode"]) == ("expired", "subscription")
    assert (second["status"], second["mode"]) == ("open", "payment")
    assert answer.headers["Location"] == second["url"]
    db.session.rollback()
    live = [one for one in db.session.query(Placement) if one.state == "held"]
    assert [one.kind for one in live] == ["pass"]


def test_a_suspended_provider_is_told_why_it_can_buy_nothing(shop: Shop, client: Client, new: str) -> None:
    shop.seller.provider.status = "suspended"
    db.session.commit()
    desk = new.replace("new/", "")
    answer = client.get("/manage/placements/new/?country=mexico")
    assert path_of(answer) == desk
    page = client.page(desk)
    assert "suspended" in page.text
    assert new not in page.links()


@pytest.mark.parametrize("kind", ["zzz", "a kind that no column holds"])
def test_an_unknown_kind_is_not_waited_for(shop: Shop, client: Client, new: str, kind: str) -> None:
    shop.set_slots(1)
    shop.buy(shop.new_seller())
    address = f"{new}?listing={shop.seller.listing.id}"
    assert send(client, address, kind=kind, do="wait").status_code == 422
    assert db.session.query(PlacementWait).count() == 0
