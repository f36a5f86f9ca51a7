"""A featured row as its provider sees it before buying is the row of the guide's page."""

from __future__ import annotations

from flask import Flask

from marketplace.billing.desk.signals import preview_of
from marketplace.core.extensions import db
from tests.billing.shop import Shop
from tests.clients import Client
from tests.factories import make_listing, make_placement, make_topic, sign_in
from tests.pages import Page, text_of


def featured(page: Page) -> list[str]:
    return [text_of(row) for row in page.all("tr", class_="is-sponsored")]


def test_the_preview_is_the_row_that_readers_get(shop: Shop, client: Client) -> None:
    sign_in(client, shop.seller.member)
    listing = shop.seller.listing
    address = f"/manage/{shop.seller.provider.slug}/placements/new/?listing={listing.id}"
    guides = {guide.language: guide for guide in shop.topic.guides}
    previews = {prefix: featured(client.page(f"{prefix}{address}"))[0] for prefix in ("", "/es")}
    make_placement(listing)
    db.session.commit()
    for prefix, language in (("", "en"), ("/es", "es")):
        path = f"{prefix}/guides/mexico/{guides[language].stem}/"
        assert featured(client.page(path)) == [previews[prefix]]


def test_nothing_in_the_preview_can_be_pressed(shop: Shop, client: Client) -> None:
    sign_in(client, shop.seller.member)
    page = client.page(
        f"/manage/{shop.seller.provider.slug}/placements/new/?listing={shop.seller.listing.id}"
    )
    (part,) = [element for element in page.all("div") if "inert" in element.attrib]
    assert any(row.get("class") == "offer is-sponsored" for row in part.iter("tr"))


def test_a_listing_that_no_page_shows_has_no_preview(app: Flask) -> None:
    hidden, unread = make_listing(make_topic(), status="paused"), make_listing(make_topic(languages=()))
    with app.test_request_context("/"):
        assert preview_of(hidden) is None
        assert preview_of(unread) is None
