"""The admins' forms about placements read amounts as they are typed, and keep what cannot be read."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from marketplace.billing.models import PlacementPrice
from marketplace.core.extensions import now
from marketplace.staff.forms import PriceForm, RefundForm

VALID = {
    "currency": "EUR",
    "month_amount": "49",
    "pass_amount": "59.50",
    "topic_slots": "3",
    "country_slots": "1",
}


def price_form(app: Flask, **values: str) -> PriceForm:
    form = PriceForm(MultiDict({**VALID, **values}), meta={"csrf": False})
    form.offer(None, None, "EUR", fill=False)
    return form


def test_amounts_are_read_into_minor_units(app: Flask) -> None:
    with app.test_request_context("/"):
        form = price_form(app)
        assert form.validate()
        assert form.read() == {"month_amount": 4900, "pass_amount": 5950}


def test_an_empty_amount_means_that_the_kind_is_not_sold(app: Flask) -> None:
    with app.test_request_context("/"):
        assert price_form(app, pass_amount=" ").read() == {"month_amount": 4900, "pass_amount": None}


@pytest.mark.parametrize("typed", ["much", "-5", "1.234.56", "4,9,0"])
def test_what_is_no_amount_is_said_beside_its_field(app: Flask, typed: str) -> None:
    with app.test_request_context("/"):
        form = price_form(app, month_amount=typed)
        assert form.read() is None
        assert "Enter an amount" in form.month_amount.errors[0]
        assert form.month_amount.data == typed


def test_slots_must_be_numbers(app: Flask) -> None:
    with app.test_request_context("/"):
        form = price_form(app, topic_slots="many", country_slots="")
        assert not form.validate()
        assert set(form.errors) == {"topic_slots", "country_slots"}


def test_the_form_begins_with_what_is_in_force(app: Flask) -> None:
    price = PlacementPrice(
        country="mexico", currency="EUR", month_amount=4950, topic_slots=2, country_slots=0, updated_at=now()
    )
    with app.test_request_context("/"):
        form = PriceForm(formdata=None, meta={"csrf": False})
        form.offer(price, "EUR", "USD", fill=True)
        assert (form.month_amount.data, form.pass_amount.data) == ("49.50", "")
        assert (form.topic_slots.data, form.country_slots.data) == (2, 0)
        assert [choice[0] for choice in form.currency.iter_choices()] == ["EUR"]


@pytest.mark.parametrize(
    ("typed", "seen", "found"),
    [("20", "4900", (2000, 4900)), ("20", "x", (2000, 0)), ("20", "", (2000, 0))],
)
def test_a_refund_carries_what_was_left_when_it_was_read(
    app: Flask, typed: str, seen: str, found: Any
) -> None:
    with app.test_request_context("/"):
        form = RefundForm(MultiDict({"amount": typed, "seen": seen, "sure": "y"}), meta={"csrf": False})
        assert form.read("EUR") == found


def test_a_refund_of_nothing_readable_is_refused(app: Flask) -> None:
    with app.test_request_context("/"):
        form = RefundForm(MultiDict({"amount": "", "seen": "4900", "sure": "y"}), meta={"csrf": False})
        assert form.read("EUR") is None
        assert form.amount.errors


def test_a_refund_that_nobody_says_to_mean_is_refused(app: Flask) -> None:
    with app.test_request_context("/"):
        form = RefundForm(MultiDict({"amount": "20", "seen": "4900"}), meta={"csrf": False})
        assert form.read("EUR") is None
        assert form.sure.errors
        assert form.amount.data == "20"
