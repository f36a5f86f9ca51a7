"""Binds Stripe to the application, where a key is set, and hands it to who needs it."""

from __future__ import annotations

from flask import Flask, current_app

from marketplace.billing.stripe.gateway import Gateway
from marketplace.core.config import Settings
from marketplace.core.errors import NotFound


def init_billing(app: Flask, settings: Settings) -> None:
    """Make the gateway; without a key nothing is sold."""
    app.extensions["stripe"] = (
        Gateway(
            settings.stripe_api_key,
            settings.stripe_webhook_secret,
            base=settings.stripe_api_base,
            automatic_tax=settings.stripe_tax == "automatic",
        )
        if settings.stripe_api_key
        else None
    )


def gateway_if_any() -> Gateway | None:
    """The gateway, or None where no key is set."""
    found: Gateway | None = current_app.extensions["stripe"]
    return found


def gateway() -> Gateway:
    """The gateway. Raises `NotFound` where no key is set."""
    found = gateway_if_any()
    if found is None:
        raise NotFound("not_sold")
    return found
