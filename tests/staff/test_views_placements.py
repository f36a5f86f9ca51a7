"""The admins' pages about placements: for admins only, and each does what it says."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest

from marketplace.billing.alarms import open_alarms, raise_alarm
from marketplace.billing.models import PaymentEntry, Placement, PlacementPrice
from marketplace.core.extensions import db, now
from marketplace.core.jobs.queue import Job
from tests.billing.shop import Shop, send
from tests.clients import Client
from tests.factories import make_topic, make_user, sign_in
from tests.pages import text_of

PRICES = "/staff/placements/prices/mexico/"


@pytest.fixture
def admin(shop: Shop, client: Client) -> Client:
    """A signed-in admin."""
    sign_in(client, shop.admin)
    return client


def entry_of(placement: Placement) -> PaymentEntry:
    db.session.rollback()
    return db.session.query(PaymentEntry).filter_by(placement_id=placement.id, kind="payment").one()


def refund_path(placement: Placement) -> str:
    return f"/staff/placements/{placement.id}/refund/{entry_of(placement).id}/"


@pytest.mark.parametrize("role", ["member", "moderator"])
def test_who_is_no_admin_is_told_that_the_pages_do_not_exist(shop: Shop, client: Client, role: str) -> None:
    placement = shop.buy()
    user = make_user(role)
    db.session.commit()
    sign_in(client, user)
    refund = refund_path(placement)
    own = f"/staff/placements/{placement.id}/"
    for path in ("/staff/placements/", "/staff/placements.csv", PRICES, own, refund):
        assert client.get(path).status_code == 404, path
    for path in ("/staff/placements/compare/", "/staff/placements/alarms/1/resolve/", PRICES, refund):
        assert client.post(path).status_code == 404, path
    assert shop.read(placement).state == "active"


def test_the_page_shows_prices_slots_income_and_placements(shop: Shop, admin: Client) -> None:
    shop.buy()
    page = admin.page("/staff/placements/")
    assert "There are no active alarms." in page.text
    rows = [[text_of(cell) for cell in row] for row in page.all("tr")]
    assert ["Mexico", "€49", "€60 not in Stripe yet", "3 country page: 3", "1 country page: 0"] in rows
    assert ["2026-11", "Mexico", "€49", "€0", "€0", "€49"] in rows
    assert shop.seller.provider.name in page.text


def test_before_anything_is_sold_the_page_says_so(shop: Shop, admin: Client) -> None:
    page = admin.page("/staff/placements/")
    assert "No payments yet." in page.text
    assert "No placements match this filter." in page.text


def test_placements_are_filtered_by_state_and_nonsense_is_no_page(shop: Shop, admin: Client) -> None:
    shop.buy()
    name = shop.seller.provider.name
    assert name in admin.page("/staff/placements/?state=active").text
    assert name in admin.page("/staff/placements/?state=any").text
    assert name not in admin.page("/staff/placements/?state=ended").text
    assert admin.get("/staff/placements/?state=sold").status_code == 404
    assert admin.get("/staff/placements/?before=x").status_code == 404


def test_a_price_is_set_and_comes_to_stripe(shop: Shop, admin: Client) -> None:
    sent = admin.submit(
        PRICES, {"month_amount": "55", "pass_amount": "", "topic_slots": "2", "country_slots": "0"}
    )
    assert sent.status_code == 303
    price = db.session.get(PlacementPrice, "mexico", populate_existing=True)
    assert price is not None
    assert (price.month_amount, price.pass_amount) == (5500, None)
    assert (price.topic_slots, price.country_slots) == (2, 0)
    assert "not in Stripe yet" in admin.page("/staff/placements/").text
    shop.work()
    assert [one["unit_amount"] for one in shop.objects("price")] == [5500]
    assert "not in Stripe yet" not in admin.page("/staff/placements/").text


def test_the_currency_of_all_prices_is_one(shop: Shop, admin: Client) -> None:
    make_topic("spain")
    db.session.commit()
    page = admin.page("/staff/placements/prices/spain/")
    assert [option.get("value") for option in page.all("option")] == ["EUR"]
    form = {"month_amount": "10", "pass_amount": "", "topic_slots": "1", "country_slots": "1"}
    answer = send(admin, "/staff/placements/prices/spain/", currency="USD", **form)
    assert answer.status_code == 422
    assert "one currency" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("month_amount", "a lot", "Enter an amount, such as"),
        ("month_amount", "0.10", "between 1 and"),
        ("month_amount", "99999999", "between 1 and"),
        ("topic_slots", "11", "from 0 to 10"),
        ("country_slots", "-1", "from 0 to 10"),
        ("topic_slots", "", "from 0 to 10"),
    ],
)
def test_a_wrong_value_is_said_beside_its_field_and_nothing_is_lost(
    shop: Shop, admin: Client, field: str, typed: str, said: str
) -> None:
    answer = admin.submit(PRICES, {"pass_amount": "77", field: typed})
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert said in text
    assert 'value="77"' in text
    price = db.session.get(PlacementPrice, "mexico", populate_existing=True)
    assert price is not None
    assert (price.month_amount, price.pass_amount) == (4900, 6000)


def test_a_country_without_guides_has_no_prices(shop: Shop, admin: Client) -> None:
    assert admin.get("/staff/placements/prices/atlantis/").status_code == 404


def test_a_full_refund_ends_the_placement_and_its_subscription(shop: Shop, admin: Client) -> None:
    placement = shop.buy()
    path = refund_path(placement)
    assert admin.page(path).one("input", id="amount").get("value") == "49"
    assert admin.submit(path, {"sure": "y"}).status_code == 303
    assert shop.outcome(placement) == ("ended", "refunded")
    assert shop.entries() == [("payment", 4900), ("refund", -4900)]
    assert [one["status"] for one in shop.objects("subscription")] == ["canceled"]
    assert "Refund this payment" not in admin.page(f"/staff/placements/{placement.id}/").text


def test_a_part_is_only_booked_and_the_same_form_twice_gives_back_once(shop: Shop, admin: Client) -> None:
    placement = shop.buy()
    path = refund_path(placement)
    page = admin.page(path)
    token = page.one("input", name="csrf_token").get("value")
    seen = page.one("input", name="seen").get("value")
    form = {"csrf_token": token, "amount": "20", "seen": seen, "sure": "y"}
    assert admin.post(path, data=form).status_code == 303
    assert shop.read(placement).state == "active"
    again = admin.post(path, data=form)
    assert again.status_code == 409
    assert "Something was refunded in the meantime" in again.get_data(as_text=True)
    assert shop.entries() == [("payment", 4900), ("refund", -2000)]


@pytest.mark.parametrize("typed", ["0", "49.01", "-3", "x", ""])
def test_an_amount_that_cannot_be_given_back_is_refused(shop: Shop, admin: Client, typed: str) -> None:
    placement = shop.buy()
    assert admin.submit(refund_path(placement), {"amount": typed, "sure": "y"}).status_code == 422
    assert shop.entries() == [("payment", 4900)]


def test_giving_back_asks_whether_it_is_meant_and_keeps_the_amount(shop: Shop, admin: Client) -> None:
    placement = shop.buy()
    answer = admin.submit(refund_path(placement), {"amount": "20"})
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert "Confirm the refund" in text
    assert 'value="20"' in text
    assert shop.entries() == [("payment", 4900)]


def test_while_stripe_is_away_nothing_is_given_back_and_the_page_says_so(shop: Shop, admin: Client) -> None:
    placement = shop.buy()
    path = refund_path(placement)
    page_before = admin.page(path)
    assert page_before.text
    shop.stripe.fault("down")
    answer = admin.submit(path, {"amount": "10", "sure": "y"})
    assert answer.status_code == 503
    assert "Stripe did not respond" in answer.get_data(as_text=True)
    shop.stripe.clear_faults()
    assert shop.entries() == [("payment", 4900)]


def test_an_entry_of_another_placement_cannot_be_given_back_here(shop: Shop, admin: Client) -> None:
    one, other = shop.buy(), shop.buy(shop.new_seller_now())
    assert admin.get(f"/staff/placements/{one.id}/refund/{entry_of(other).id}/").status_code == 404


def test_the_books_are_a_file_with_decimals_and_moments(shop: Shop, admin: Client) -> None:
    placement = shop.buy()
    admin.submit(refund_path(placement), {"amount": "20.50", "sure": "y"})
    answer = admin.get("/staff/placements.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="placements.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True), newline="")))
    assert [(row["kind"], row["amount"], row["currency"], row["country"]) for row in rows] == [
        ("payment", "49", "EUR", "mexico"),
        ("refund", "-20.50", "EUR", "mexico"),
    ]
    assert rows[0]["occurred_at"].startswith("2026-11-23T12:00:00")
    assert rows[0]["placement_id"] == str(placement.id)
    assert (rows[0]["provider"], rows[0]["topic"]) == (shop.seller.provider.name, shop.topic.key)


def test_the_books_name_no_topic_for_a_countrys_page(shop: Shop, admin: Client) -> None:
    shop.buy(country=True)
    rows = list(csv.DictReader(io.StringIO(admin.get("/staff/placements.csv").get_data(as_text=True))))
    assert [(row["topic"], row["country"]) for row in rows] == [("", "mexico")]


def test_income_of_several_months_is_summed(shop: Shop, admin: Client) -> None:
    placement = shop.buy()
    shop.pass_time(timedelta(days=31))
    shop.deliver()
    assert shop.state_of(placement) == "active"
    page = admin.page("/staff/placements/")
    rows = [[text_of(cell) for cell in row] for row in page.all("tr")]
    assert ["Total", "€98", "€0", "€0", "€98"] in rows


def test_messages_that_nobody_works_on_are_counted(shop: Shop, admin: Client) -> None:
    placement = shop.start_checkout()
    shop.stripe.pay(placement.session_id)
    shop.stripe.flush()
    assert "not been processed yet" in admin.page("/staff/placements/").text
    shop.work()
    assert "not been processed yet" not in admin.page("/staff/placements/").text


def test_an_alarm_is_shown_until_it_is_dealt_with(shop: Shop, admin: Client) -> None:
    raise_alarm("orphan", "sub_foreign", now=now())
    db.session.commit()
    assert "There is one active alarm." in admin.page("/staff/placements/").text
    number = open_alarms()[0].id
    db.session.rollback()
    path = f"/staff/placements/alarms/{number}/resolve/"
    assert admin.submit(path, on="/staff/placements/").status_code == 303
    assert "sub_foreign" not in admin.page("/staff/placements/").text


def test_comparing_is_a_job_for_the_worker(shop: Shop, admin: Client) -> None:
    placement = shop.start_checkout()
    shop.stripe.pay(placement.session_id)
    assert admin.submit("/staff/placements/compare/", on="/staff/placements/").status_code == 303
    assert db.session.query(Job).filter(Job.key.like("billing.audit:asked:%")).count() == 1
    shop.work()
    assert shop.read(placement).state == "active"


def test_a_stale_form_changes_nothing(shop: Shop, admin: Client) -> None:
    raise_alarm("orphan", "sub_foreign", now=now())
    db.session.commit()
    number = open_alarms()[0].id
    db.session.rollback()
    for path in ("/staff/placements/compare/", f"/staff/placements/alarms/{number}/resolve/"):
        assert admin.post(path).status_code == 303
    assert len(open_alarms()) == 1


def test_without_a_key_the_page_says_that_nothing_can_be_sold(
    shop: Shop, new_client: Callable[[], Client]
) -> None:
    shop.app.extensions["stripe"] = None
    client = new_client()
    sign_in(client, shop.admin)
    assert "no Stripe key is set" in client.page("/staff/placements/").text
