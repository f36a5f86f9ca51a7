"""Registers the pages, tasks and receivers of featured placements, and binds Stripe."""

from __future__ import annotations

from flask import Flask

from marketplace.accounts.privacy.signals import parting
from marketplace.billing import privacy
from marketplace.billing.desk import needs, views, views_buy
from marketplace.billing.placements import visibility
from marketplace.billing.stripe.setup import init_billing
from marketplace.billing.sync import tasks
from marketplace.billing.sync import views as sync_views
from marketplace.listings.signals import listing_visibility_changed
from marketplace.providers.signals import (
    desk_needs_requested,
    provider_status_changed,
    suspension_effects_requested,
)

BLUEPRINTS = (views.bp, views_buy.bp, sync_views.bp)
TASKS = (tasks,)  # each registers its tasks when it is imported


def init(app: Flask) -> None:
    """Register blueprints and receivers."""
    init_billing(app, app.extensions["settings"])
    for bp in BLUEPRINTS:
        app.register_blueprint(bp)
    parting.connect(privacy.keep_payer)
    desk_needs_requested.connect(needs.placement_needs)
    suspension_effects_requested.connect(needs.suspended_places)
    provider_status_changed.connect(visibility.provider_changed)
    listing_visibility_changed.connect(visibility.listing_changed)
