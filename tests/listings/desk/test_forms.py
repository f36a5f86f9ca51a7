"""The form of a listing: shape only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask, g

from marketplace.core.extensions import db
from marketplace.listings.desk.forms import ListingForm
from marketplace.listings.terms import OfferTerms
from tests.factories import make_provider, make_topic
from tests.listings.making import TERMS

TYPED = {
    "service": "We do it.\r\nAll of it.",
    "cost_basis": "range",
    "fee_min": "1,400",
    "fee_max": "1,900.50",
    "currency": "MXN",
    "official_fee_kind": "unknown",
    "time_min": "10",
    "time_max": "15",
    "time_unit": "business_days",
    "time_from": "order",
    "languages": ["en", "es"],
}


@contextmanager
def filled(app: Flask, language: str = "en", method: str = "POST", **changes: Any) -> Iterator[ListingForm]:
    data = {name: value for name, value in {**TYPED, **changes}.items() if value is not None}
    app.config["WTF_CSRF_ENABLED"] = False
    try:
        with app.test_request_context(method=method, data=data if method == "POST" else None):
            g.language = language
            yield ListingForm()
    finally:
        app.config["WTF_CSRF_ENABLED"] = True


def read(
    app: Flask, language: str = "en", *, complete: bool = True, **changes: Any
) -> tuple[OfferTerms | None, dict[Any, Any]]:
    provider, topic = make_provider(languages=["en", "es"]), make_topic()
    with filled(app, language, **changes) as form:
        form.offer(provider, topic, OfferTerms())
        assert form.validate()
        return form.read(provider, complete=complete), {
            name: str(texts[0]) for name, texts in form.errors.items()
        }


def test_what_was_typed_becomes_terms(app: Flask) -> None:
    terms, errors = read(app)
    assert errors == {}
    assert terms == replace(TERMS, service="We do it.\nAll of it.", fee_max=190050)


def test_amounts_are_read_as_the_readers_language_writes_them(app: Flask) -> None:
    terms, _ = read(app, "es", fee_min="1.400", fee_max="1.900,50")
    assert terms is not None
    assert (terms.fee_min, terms.fee_max) == (140000, 190050)


def test_every_problem_stands_by_its_field_at_once(app: Flask) -> None:
    terms, errors = read(
        app, service=" ", fee_max="900", time_min="about ten", time_from="", official_fee_kind="extra"
    )
    assert terms is None
    assert errors == {
        "service": "Enter what the client gets",
        "fee_max": "The highest fee must be more than the lowest",
        "official_fee": "Enter the official fees or choose “No, and I don’t know how much they are”",
        "time_min": "Enter the time as a whole number, such as 10",
        "time_from": "Choose when the time starts",
    }


def test_a_draft_may_have_gaps_but_nothing_wrong(app: Flask) -> None:
    assert read(app, complete=False, service="", time_from="")[1] == {}
    assert list(read(app, complete=False, service="", fee_max="900")[1]) == ["fee_max"]


@pytest.mark.parametrize("amount", ["free", "1.2.3", "-5", "1e5", "9" * 30, "1.234"])
def test_what_is_no_amount_is_refused_beside_its_field(app: Flask, amount: str) -> None:
    terms, errors = read(app, cost_basis="fixed", fee_max="", fee_min=amount, currency="EUR")
    assert terms is not None if not errors else list(errors) == ["fee_min"]
    assert errors or amount == "1.234"


def test_without_amounts_and_times_their_currency_and_unit_say_nothing(app: Flask) -> None:
    terms, errors = read(
        app, cost_basis="on_request", fee_min="", fee_max="", time_min="", time_max="", time_from="order"
    )
    assert errors == {}
    assert terms is not None
    assert (terms.currency, terms.time_unit, terms.time_from) == (None, None, None)


def test_a_cost_without_a_currency_is_refused(app: Flask) -> None:
    assert read(app, currency="")[1] == {"currency": "Choose the currency for the amounts"}
    assert read(app, currency="ZZZ")[1] == {"currency": "Choose a currency from the list"}


def test_nothing_posted_is_refused_and_no_error_of_ours(app: Flask) -> None:
    terms, errors = read(app, **dict.fromkeys(TYPED))
    assert terms is None
    assert {"service", "cost_basis", "official_fee_kind"} == set(errors)


def test_other_languages_than_the_profiles_are_kept_and_the_same_are_the_profiles(app: Flask) -> None:
    terms, _ = read(app, languages=["es"])
    assert terms is not None
    assert terms.languages == ("es",)
    for languages in (["es", "en"], []):
        terms, _ = read(app, languages=languages)
        assert terms is not None
        assert terms.languages is None


def test_the_same_amount_twice_is_a_fixed_price(app: Flask) -> None:
    terms, _ = read(app, cost_basis="fixed", fee_min="900", fee_max="900")
    assert terms is not None
    assert (terms.fee_min, terms.fee_max) == (90000, None)


def test_a_form_shows_terms_as_they_would_be_typed(app: Flask) -> None:
    provider, topic = make_provider(languages=["en", "es"]), make_topic()
    with filled(app, "es", method="GET") as form:
        form.offer(provider, topic, replace(TERMS, fee_max=190050))
        assert (form.fee_min.data, form.fee_max.data) == ("1400", "1900,50")
        assert (form.time_min.data, form.currency.data, form.languages.data) == ("10", "MXN", ["en", "es"])
    with filled(app, method="GET") as form:
        form.offer(provider, topic, OfferTerms())
        assert (form.currency.data, form.fee_min.data) == ("MXN", "")
        assert (form.cost_basis.data, form.official_fee_kind.data) == ("", ""), "nothing is answered for them"
    db.session.rollback()
