"""Registers the pages, tasks and receivers of featured placements, and binds Stripe to the application."""

from __future__ import annotations

from flask import Flask

from marketplace.accounts.privacy.signals import account_erased, before_erasure, export_requested
from marketplace.billing.desk import signals, views, views_buy
from marketplace.billing.placements import merging, privacy, services, visibility
from marketplace.billing.stripe.gateway import Gateway
from marketplace.billing.sync import customers, tasks
from marketplace.billing.sync import views as sync_views
from marketplace.core.config import Settings
from marketplace.listings.signals import listing_merged, listing_visibility_changed
from marketplace.providers.signals import (
    desk_needs_requested,
    merge_problems_requested,
    provider_merged,
    provider_status_changed,
    suspension_effects_requested,
)

BLUEPRINTS = (views.bp, views_buy.bp, sync_views.bp)
TASKS = (tasks,)  # each registers its tasks when it is imported


def init(app: Flask) -> None:
    """Bind Stripe, and register blueprints and receivers."""
    app.extensions["stripe"] = _gateway(app.extensions["settings"])
    for bp in BLUEPRINTS:
        app.register_blueprint(bp)
    before_erasure.connect(services.block_erasure_of_payer)
    account_erased.connect(customers.leave_customers)
    export_requested.connect(privacy.own_placements)
    desk_needs_requested.connect(signals.placement_needs)
    suspension_effects_requested.connect(signals.suspension_effects)
    merge_problems_requested.connect(merging.merge_problems)
    provider_merged.connect(merging.move_placements)
    listing_merged.connect(merging.move_placements_of_listing)
    provider_status_changed.connect(visibility.provider_changed)
    listing_visibility_changed.connect(visibility.listing_changed)


def _gateway(settings: Settings) -> Gateway | None:
    """The gateway, or None without a key: then nothing is sold."""
    if not settings.stripe_api_key:
        return None
    return Gateway(
        settings.stripe_api_key,
        settings.stripe_webhook_secret,
        base=settings.stripe_api_base,
        automatic_tax=settings.stripe_tax == "automatic",
        hosts=settings.stripe_checkout_hosts,
    )
