"""No card data ever reaches us: whatever Stripe knows of a card, nothing of it is in our database, mails or pages."""

from __future__ import annotations

import json
import re
from typing import Any

from sqlalchemy import select

from marketplace.core.extensions import db
from tests.billing.shop import Shop
from tests.clients import Client
from tests.factories import sign_in
from tests.pages import fields_of


def stored(shop: Shop) -> str:
    """Every value of every table as one text."""
    db.session.rollback()
    rows = [
        [str(value) for value in row]
        for table in db.metadatas[None].sorted_tables
        for row in db.session.execute(select(table))
    ]
    db.session.rollback()
    return json.dumps(rows)


def card_words(thing: Any, inside: bool = False) -> set[str]:
    """The texts of what Stripe keeps below `card` and `payment_method`, however deep."""
    if isinstance(thing, dict):
        return {
            word
            for key, value in thing.items()
            for word in card_words(value, inside or key in ("card", "payment_method"))
        }
    if isinstance(thing, list):
        return {word for value in thing for word in card_words(value, inside)}
    return {thing} if inside and isinstance(thing, str) else set()


def test_nothing_that_stripe_knows_of_a_card_is_stored_or_shown(shop: Shop, client: Client) -> None:
    month, once = shop.buy(), shop.buy(shop.new_seller_now(), kind="pass")
    known = {word for things in shop.stripe.state().values() for word in card_words(things)} - {
        "card",
        "pass",  # the result of a check
        "automatic",  # how a payment is captured
    }
    assert known, "the stand-in knows the payment methods"
    sign_in(client, shop.seller.member)
    desk = f"/manage/{shop.seller.provider.slug}/placements/"
    said = stored(shop) + client.page(desk).html + client.page(f"{desk}{month.id}/").html
    said += "".join(path.read_text() for path in (shop.folder / "mail").glob("*.eml"))
    # Whole words: a random token may well contain "US".
    assert not {word for word in known if re.search(rf"\b{word}\b", said)}
    assert shop.read(once).state == "active"


def test_no_page_of_ours_asks_for_a_card(shop: Shop, client: Client) -> None:
    placement = shop.start_checkout()
    sign_in(client, shop.seller.member)
    desk = f"/manage/{shop.seller.provider.slug}/placements/"
    paths = (desk, f"{desk}new/", f"{desk}new/?country=mexico", f"{desk}{placement.id}/")
    asked = {
        name
        for path in paths
        for form in client.page(path).all("form")
        if form.get("method") == "post"
        for name in fields_of(form)
    }
    assert asked <= {"csrf_token", "kind", "do"}
