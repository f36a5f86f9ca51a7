"""The form of buying."""

from __future__ import annotations

from flask import Flask

from marketplace.billing.desk.forms import BuyForm
from marketplace.billing.models import PlacementPrice
from marketplace.core.errors import Conflict, Invalid
from tests.factories import NOON


def price(month: int | None, once: int | None) -> PlacementPrice:
    return PlacementPrice(
        country="mexico", currency="EUR", month_amount=month, pass_amount=once, version=1, updated_at=NOON
    )


def test_only_what_is_sold_is_offered_with_its_price(app: Flask) -> None:
    with app.test_request_context():
        form = BuyForm()
        form.offer(price(None, 6050))
        assert form.kind.data == "pass"
        labels = [str(choice.label) for choice in form.kind.choices or []]
        assert len(labels) == 1
        assert "€60.50" in labels[0]
        both = BuyForm()
        both.offer(price(4900, 6000))
        assert both.kind.data == "month"
        assert len(both.kind.choices or []) == 2


def test_a_refusal_stands_beside_its_field_or_above_the_form(app: Flask) -> None:
    with app.test_request_context():
        form = BuyForm()
        form.offer(price(4900, 6000))
        form.show_refusal(Invalid("kind_unknown", "kind"))
        assert list(form.errors) == ["kind"]
        form.show_refusal(Conflict("slots_full"))
        assert len(form.errors) == 2
