"""What the checks against Stripe's description find."""

from __future__ import annotations

from typing import Any

import pytest

from tests.stripe_description import description

CREATE = ("POST", "/v1/checkout/sessions")
GOOD: dict[str, Any] = {
    "mode": "subscription",
    "expires_at": "1795435200",
    "line_items": {"0": {"price": "price_1", "quantity": "1"}},
    "automatic_tax": {"enabled": "true"},
    "subscription_data": {"metadata": {"placement_id": "1"}},
    "expand": {"0": "subscription"},
}


def test_a_good_call_passes() -> None:
    description().check_request(*CREATE, GOOD)
    description().check_request("GET", "/v1/events", {"created": {"gte": "5"}, "delivery_success": "false"})
    description().check_request("GET", "/v1/events", {"created": "5", "types": ["invoice.paid"]})
    description().check_request("DELETE", "/v1/subscriptions/sub_1", {"prorate": "false"})
    description().check_request("POST", "/v1/products", {"name": "A", "description": "B"})


@pytest.mark.parametrize(
    "params",
    [
        {**GOOD, "colour": "red"},
        {**GOOD, "subscription_data": {"metadat": {"a": "b"}}},
        {**GOOD, "line_items": {"0": {"price": "price_1", "size": "1"}}},
        {**GOOD, "expires_at": "tomorrow"},
        {**GOOD, "mode": "gift"},
        {**GOOD, "automatic_tax": {"enabled": "maybe"}},
        {**GOOD, "automatic_tax": {}},
        {**GOOD, "payment_method_types": ["card"]},
        {**GOOD, "line_items": {"0": {"price": "price_1", "dynamic_tax_rates": ["txr_1"]}}},
    ],
)
def test_a_wrong_call_is_found_at_any_depth(params: dict[str, Any]) -> None:
    with pytest.raises(AssertionError, match="the call POST"):
        description().check_request(*CREATE, params)


@pytest.mark.parametrize("expiry", ["1795435200 or so", "", "1795435200.5"])
def test_a_wrong_call_is_found_after_one_like_it_passed(expiry: str) -> None:
    description().check_request(*CREATE, GOOD)
    description().check_request(
        *CREATE, {**GOOD, "expires_at": "1795435201", "client_reference_id": "a" * 200}
    )
    for wrong in ({"expires_at": expiry}, {"mode": "subscribing"}, {"client_reference_id": "a" * 201}):
        with pytest.raises(AssertionError, match="the call POST"):
            description().check_request(*CREATE, {**GOOD, **wrong})


def test_parameters_that_only_the_newer_library_knows_pass() -> None:
    description().check_request(*CREATE, {**GOOD, "allowed_payment_method_types": ["card"]})


def test_a_wrong_answer_is_found() -> None:
    page = {"object": "list", "data": [], "has_more": False, "url": "/v1/refunds"}
    description().check_response("GET", "/v1/refunds", 200, page)
    for wrong in ({}, {**page, "has_more": None}, {**page, "data": [{"id": "re_1"}]}, {**page, "total": 0}):
        with pytest.raises(AssertionError, match="the answer 200"):
            description().check_response("GET", "/v1/refunds", 200, wrong)
    with pytest.raises(AssertionError, match="the answer 400"):
        description().check_response("GET", "/v1/refunds", 400, {"error": {"type": "some_error"}})


def test_null_passes_only_where_it_may_stand() -> None:
    error = {"error": {"type": "api_error", "payment_intent": None}}
    with pytest.raises(AssertionError):
        description().check_response("GET", "/v1/refunds", 400, error)
    address = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
    customer = {"id": "cus_1", "object": "customer", "created": 1, "livemode": False, "address": address}
    description().check_object(customer)
    description().check_object({**customer, "address": None})
    with pytest.raises(AssertionError):
        description().check_object({**customer, "livemode": None})


def test_what_stripe_does_not_describe_is_found() -> None:
    with pytest.raises(AssertionError, match="describes no"):
        description().check_request("GET", "/v1/flights", {})
    with pytest.raises(AssertionError, match="describes no"):
        description().check_request("DELETE", "/v1/refunds", {})


def test_the_most_literal_path_is_taken() -> None:
    assert description().template("/v1/invoices/upcoming_1") == "/v1/invoices/{invoice}"
    assert description().template("/v1/invoices/search") == "/v1/invoices/search"


def test_the_description_is_loaded_once() -> None:
    assert description() is description()
