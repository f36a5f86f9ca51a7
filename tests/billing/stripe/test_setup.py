"""Stripe is bound where a key is set."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from marketplace.billing.stripe.gateway import gateway, gateway_if_any
from marketplace.core.errors import NotFound


def test_without_a_key_nothing_is_sold(make_app: Callable[..., Flask]) -> None:
    with make_app(STRIPE_API_KEY="").app_context():
        assert gateway_if_any() is None
        with pytest.raises(NotFound):
            gateway()


def test_with_a_key_there_is_a_gateway(make_app: Callable[..., Flask]) -> None:
    settings = {"STRIPE_API_KEY": "sk_test_1", "STRIPE_WEBHOOK_SECRET": "whsec_1"}
    with make_app(**settings, STRIPE_API_BASE="http://127.0.0.1:9").app_context():
        assert gateway().stands_in
    with make_app(**settings).app_context():
        assert not gateway().stands_in
