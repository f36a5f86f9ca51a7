"""What other features learn of placements, and the preview of a featured row."""

from __future__ import annotations

from typing import Any

from marketplace.billing.desk.signals import placement_needs, preview_asked, preview_of
from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.listings.services import pause_listing
from tests.billing.shop import Shop
from tests.clients import Client
from tests.conftest import CountQueries
from tests.factories import make_user, sign_in
from tests.pages import text_of


def test_a_refused_card_is_urgent(shop: Shop, client: Client) -> None:
    placement = shop.buy()
    shop.stripe.renew(placement.subscription_id, ok=False)
    shop.deliver()
    with shop.app.test_request_context():
        needs = placement_needs(None, provider=shop.seller.provider)
    assert [(need.urgent, need.address.endswith(f"/placements/{placement.id}/")) for need in needs] == [
        (True, True)
    ]
    sign_in(client, shop.seller.member)
    assert "Your card was declined" in client.page(f"/manage/{shop.seller.provider.slug}/").text


def test_a_hidden_place_and_a_kept_one_ask_for_something(shop: Shop) -> None:
    shop.buy()
    kept = shop.claim(country=True)
    kept.state, kept.hold_until = "reserved", shop.clock()
    pause_listing(actor=shop.seller.member, listing=shop.seller.listing)
    db.session.commit()
    with shop.app.test_request_context():
        titles = [need.title for need in placement_needs(None, provider=shop.seller.provider)]
    assert titles == ["A featured placement is hidden:", "A featured placement is available to you:"]


def test_where_nothing_waits_one_query_says_so(shop: Shop, count_queries: CountQueries) -> None:
    shop.buy()
    provider = shop.seller.provider
    assert provider.id
    with shop.app.test_request_context(), count_queries(shop.app) as statements:
        assert placement_needs(None, provider=provider) == []
    assert len(statements) == 1


def test_a_moderator_reads_what_a_suspension_does_to_paid_places(shop: Shop, client: Client) -> None:
    moderator = make_user("moderator")
    shop.start_checkout()
    db.session.commit()
    address = f"/staff/queue/provider/{shop.seller.provider.id}/"
    sign_in(client, moderator)
    assert "featured placement" not in text_of(client.page(address).one("form", class_="decide"))
    shop.buy(country=True)
    assert "It pays for a featured placement, which will also be hidden" in client.page(address).text


def test_the_first_answer_counts_and_no_answer_is_none() -> None:
    listing = Listing()

    def silent(sender: Any, *, listing: Listing) -> None:
        return None

    def knowing(sender: Any, *, listing: Listing) -> str:
        return "row"

    before = list(preview_asked.receivers_for(Listing))
    for receiver in before:
        preview_asked.disconnect(receiver)
    try:
        assert preview_of(listing) is None
        with preview_asked.connected_to(silent):
            assert preview_of(listing) is None
            with preview_asked.connected_to(knowing):
                assert preview_of(listing) == "row"
    finally:
        for receiver in before:
            preview_asked.connect(receiver)
