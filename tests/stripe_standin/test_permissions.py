"""Restricted keys refuse what they do not allow, as Stripe does."""

from __future__ import annotations

import pytest
import stripe

from stripe_standin.errors import ApiError
from stripe_standin.permissions import needed
from stripe_standin.routes import ROUTES
from stripe_standin.server import StandIn
from tests.standin import client_of
from tests.stripe_standin.shop import Shop

KEY = "rk_test_narrow"


def narrow(standin: StandIn, *permissions: str) -> stripe.StripeClient:
    standin.restrict(KEY, list(permissions))
    return client_of(standin, retries=0, key=KEY)


def test_a_key_does_what_it_is_allowed_and_writing_includes_reading(shop: Shop) -> None:
    client = narrow(shop.standin, "rak_customer_write", "rak_plan_read")
    made = client.v1.customers.create()
    assert client.v1.customers.retrieve(made.id).id == made.id
    assert len(client.v1.prices.list().data) == 2


def test_a_key_is_refused_what_it_lacks_by_the_permissions_name(shop: Shop) -> None:
    client = narrow(shop.standin, "rak_invoice_read")
    shop.subscribed()
    (invoice,) = client.v1.invoices.list().data
    with pytest.raises(stripe.PermissionError, match="'rak_invoice_write' permission would allow") as refused:
        client.v1.invoices.void_invoice(invoice.id, options={"idempotency_key": "void:1"})
    assert (refused.value.http_status, refused.value.code) == (403, None)
    assert KEY not in str(refused.value)
    client = narrow(shop.standin, "rak_invoice_write")
    with pytest.raises(
        stripe.InvalidRequestError, match="only an open one"
    ):  # the refusal was not kept for the key
        client.v1.invoices.void_invoice(invoice.id, options={"idempotency_key": "void:1"})


@pytest.mark.parametrize(("method", "path"), sorted(set(ROUTES) - {("GET", "/v1/account")}))
def test_every_call_needs_a_permission(method: str, path: str) -> None:
    assert (needed(method, path) or "").endswith("_read" if method == "GET" else "_write")


def test_any_key_may_ask_whose_it_is() -> None:
    assert needed("GET", "/v1/account") is None


def test_a_key_that_was_never_made_is_none(standin: StandIn) -> None:
    with pytest.raises(stripe.AuthenticationError):
        client_of(standin, retries=0, key="rk_test_unknown").v1.customers.list()


@pytest.mark.parametrize(("key", "permission"), [("sk_test_x", "rak_plan_read"), (KEY, "rak_flight_write")])
def test_only_restricted_keys_get_permissions_that_exist(standin: StandIn, key: str, permission: str) -> None:
    with pytest.raises(ApiError):
        standin.restrict(key, [permission])
