"""Registers the pages of listings, and what they do when a provider or an account changes."""

from __future__ import annotations

from flask import Flask

from marketplace.accounts.privacy.signals import parting
from marketplace.listings import receivers
from marketplace.listings.desk import views, views_actions, views_editing
from marketplace.providers.signals import desk_counts_requested, provider_changed, provider_claimed

BLUEPRINTS = (views.bp, views_editing.bp, views_actions.bp)


def init(app: Flask) -> None:
    """Register blueprints and receivers."""
    for bp in BLUEPRINTS:
        app.register_blueprint(bp)
    provider_changed.connect(receivers.invalidate_topic_pages)
    provider_claimed.connect(receivers.forget_imported_rows)
    desk_counts_requested.connect(receivers.count_needs)
    parting.connect(receivers.keep_provider_managed)
