"""A member's export: the placements of their providers, and nobody else's."""

from __future__ import annotations

from marketplace.accounts.privacy.services import as_file, data_of
from marketplace.billing.placements.privacy import own_placements
from marketplace.billing.placements.waiting import join_waiting_list
from marketplace.core.extensions import db
from tests.billing.shop import Shop
from tests.clients import Client
from tests.factories import sign_in


def test_the_copy_names_placements_payments_and_stripes_customer(shop: Shop) -> None:
    shop.set_slots(1)
    placement = shop.buy()
    shop.refund_by_admin(900)
    rival = shop.new_seller_now()
    shop.buy(rival, country=True)
    join_waiting_list(actor=shop.seller.member, order=shop.seller.on_country, kind="pass", now=shop.clock())
    db.session.commit()
    with shop.app.test_request_context():
        copy = as_file(data_of(shop.seller.member))
    placement = shop.read(placement)
    assert [(one["id"], one["place"], one["status"]) for one in copy["placements"]] == [
        (placement.id, f"topic:{shop.topic.id}", "active")
    ]
    assert copy["placements"][0]["paid_until"] == placement.period_end.isoformat()  # type: ignore[union-attr]
    assert copy["placements"][0]["subscription"] == placement.subscription_id
    assert [(one["kind"], one["amount"], one["currency"]) for one in copy["placement_payments"]] == [
        ("payment", "49", "EUR"),
        ("refund", "-9", "EUR"),
    ]
    assert [(one["place"], one["kind"], one["status"]) for one in copy["placement_waits"]] == [
        ("country:mexico", "pass", "waiting")
    ]
    assert copy["stripe_customers"] == [
        {"provider": shop.seller.provider.name, "customer": shop.objects("subscription")[0]["customer"]}
    ]


def test_who_manages_no_provider_has_nothing_of_it(shop: Shop) -> None:
    shop.buy()
    with shop.app.test_request_context():
        assert all(not section.rows for section in own_placements(None, user=shop.admin))


def test_the_page_says_it_in_words(shop: Shop, client: Client) -> None:
    shop.buy(kind="pass")
    sign_in(client, shop.seller.member)
    text = client.page("/account/data/").text
    for words in ("Featured placements", "30-day pass", "Live", "€60", "Customer in Stripe"):
        assert words in text
