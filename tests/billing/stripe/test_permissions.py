"""Which permissions a restricted key needs: derived from the gateway, as the operators' page lists them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from marketplace.billing.stripe.client import Access, StripeForbidden
from marketplace.billing.stripe.gateway import Gateway
from tests.billing.permissions import (
    DOCUMENTED_KEY,
    PERMISSIONS,
    declared_permissions,
    documented_permissions,
)
from tests.billing.shop import Shop
from tests.factories import NOON

DOCS = Path(__file__).parent.parent.parent.parent / "docs" / "operators.md"
# A call for each row of the dashboard, of the kind that the key must be allowed.
CALLS: dict[str, Callable[[Gateway], Any]] = {
    "Charges and Refunds": lambda stripe: stripe.refund("pi_none", amount=None, key="k"),
    "Checkout Sessions": lambda stripe: stripe.expire_session("cs_none"),
    "Credit notes": lambda stripe: stripe.credit("in_none", amount=1, key="k"),
    "Customer portal": lambda stripe: stripe.portal_url(
        customer="c", return_url="https://a.b/", language="en"
    ),
    "Customers": lambda stripe: stripe.create_customer(name="N", email="n@e.org", provider_id=1, key="k"),
    "Disputes": lambda stripe: stripe.dispute("du_none"),
    "Events": lambda stripe: stripe.undelivered_events(NOON),
    "Invoices": lambda stripe: stripe.void_invoice("in_none", "k"),
    "PaymentIntents": lambda stripe: stripe.intent("pi_none"),
    "Prices": lambda stripe: stripe.create_price(
        product_id="p", lookup_key="k", monthly=True, amount=1, currency="EUR", key="k"
    ),
    "Products": lambda stripe: stripe.ensure_product("p", "P"),
    "Subscriptions": lambda stripe: stripe.cancel_subscription("sub_none", "k"),
}


def test_the_operators_page_lists_what_the_gateway_declares() -> None:
    listed = re.findall(r"^   \| ([A-Z][A-Za-z ]+) \| (read|write) \|", DOCS.read_text(), re.MULTILINE)
    assert dict(listed) == declared_permissions()


def test_every_call_of_stripe_declares_what_it_needs() -> None:
    calls = {
        name: method for name, method in inspect.getmembers(Gateway, inspect.isfunction) if name[0] != "_"
    }
    silent = {name for name, method in calls.items() if not hasattr(method, "permission")}
    assert silent == {"read_event", "account"}  # the first asks Stripe nothing, the other is content without


@pytest.mark.parametrize("row", sorted(PERMISSIONS))
def test_a_key_without_a_permission_is_told_which(shop: Shop, row: str) -> None:
    shop.stripe.restrict(DOCUMENTED_KEY, documented_permissions(without=row))
    access = declared_permissions()[row]
    with pytest.raises(StripeForbidden) as refused:
        CALLS[row](shop.gateway)
    assert refused.value.missing.startswith(f"{row}: {access} (rak_{PERMISSIONS[row]}_")


@pytest.mark.parametrize(
    "row", [row for row, access in declared_permissions().items() if access == Access.WRITE]
)
def test_reading_is_not_writing(shop: Shop, row: str) -> None:
    reading = [f"rak_{PERMISSIONS[row]}_read", *documented_permissions(without=row)]
    shop.stripe.restrict(DOCUMENTED_KEY, reading)
    with pytest.raises(StripeForbidden, match=f"rak_{PERMISSIONS[row]}_write"):
        CALLS[row](shop.gateway)


def test_the_log_of_a_refused_permission_names_it_and_no_key(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    shop.stripe.restrict(DOCUMENTED_KEY, [])
    with pytest.raises(StripeForbidden):
        shop.gateway.dispute("du_none")
    assert "stripe: PermissionError 403 (rak_dispute_read)" in caplog.text
    assert DOCUMENTED_KEY[:8] not in caplog.text
