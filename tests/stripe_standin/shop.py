"""A shop that sells two things through the stand-in, and an endpoint that takes its events."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
import stripe

from stripe_standin.server import StandIn
from tests.clock import START

NOW = int(START.timestamp())
DAY = 86_400
SITE = "http://127.0.0.1:8000"


def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for something that another thread or process brings about; fails when it does not."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not holds():
        assert time.monotonic() < deadline, "it did not happen"
        pause.wait(0.02)


def address_in(line: str) -> str:
    """The address that the command names in its first line."""
    found = re.search(r"http://127[.]0[.]0[.]1:[0-9]+", line)
    assert found, line
    return found.group()


def refusal(call: Callable[..., Any], *args: Any, **kwargs: Any) -> stripe.InvalidRequestError:
    """How a call is refused; fails when it is taken."""
    with pytest.raises(stripe.InvalidRequestError) as caught:
        call(*args, **kwargs)
    return caught.value


class Inbox:
    """The endpoint: keeps what is delivered, and answers with `status` or raises `error`."""

    def __init__(self) -> None:
        self.letters: list[tuple[bytes, dict[str, str]]] = []
        self.status = 200
        self.error: Exception | None = None

    def __call__(self, body: bytes, headers: dict[str, str]) -> int:
        self.letters.append((body, headers))
        if self.error:
            raise self.error
        return self.status

    @property
    def events(self) -> list[dict[str, Any]]:
        """What was delivered, in the order of arrival."""
        return [json.loads(body) for body, _headers in self.letters]


class Shop:
    """A monthly price, a price paid once, and one customer."""

    def __init__(self, standin: StandIn, client: stripe.StripeClient) -> None:
        self.standin = standin
        self.client = client
        self.v1 = client.v1
        product = self.v1.products.create(params={"name": "Featured placement", "id": "featured"})
        self.monthly = self.price(product.id, recurring={"interval": "month"}, lookup_key="monthly")
        self.once = self.price(product.id, lookup_key="once")
        self.customer = self.v1.customers.create(
            params={"name": "Ana <Lopez>", "email": "ana@example.com"}
        ).id

    def price(self, product: str = "featured", **params: Any) -> str:
        wanted: Any = {"product": product, "unit_amount": 4900, "currency": "eur", **params}
        return self.v1.prices.create(params=wanted).id

    def session(
        self, mode: str = "subscription", *, key: str | None = None, **params: Any
    ) -> stripe.checkout.Session:
        """An open session of the customer's."""
        price = self.monthly if mode == "subscription" else self.once
        given: Any = {
            "mode": mode,
            "customer": self.customer,
            "line_items": [{"price": price, "quantity": 1}],
            "success_url": f"{SITE}/done?session={{CHECKOUT_SESSION_ID}}",
            "cancel_url": f"{SITE}/back",
            **params,
        }
        wanted = {name: value for name, value in given.items() if value is not None}
        options: Any = {"idempotency_key": key} if key else {}
        return self.v1.checkout.sessions.create(params=wanted, options=options)

    def subscribed(self, **params: Any) -> str:
        """The id of a paid subscription."""
        return str(self.standin.pay(self.session(**params).id)["subscription"])

    def passed(self, **params: Any) -> str:
        """The id of the payment intent of a pass that is paid."""
        return str(self.standin.pay(self.session("payment", **params).id)["payment_intent"])

    def kinds(self) -> list[str]:
        """The kinds of all events so far, oldest first."""
        return [event["type"] for event in self.standin.state().get("event", [])]

    def portal(self, **features: Any) -> str:
        """The id of a configuration of the portal."""
        wanted: Any = {
            "invoice_history": {"enabled": True},
            "payment_method_update": {"enabled": True},
            "subscription_cancel": {"enabled": True, "mode": "at_period_end", "proration_behavior": "none"},
            **features,
        }
        return self.v1.billing_portal.configurations.create(params={"features": wanted}).id
