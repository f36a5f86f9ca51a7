"""Registers the public pages and their template filters."""

from __future__ import annotations

from flask import Flask

from marketplace.billing.desk.signals import preview_asked
from marketplace.moderation.kinds.listings import edit_effects_asked
from marketplace.public.about import views as about_views
from marketplace.public.about import views_decisions
from marketplace.public.compare import views as compare_views
from marketplace.public.machine import views as machine_views
from marketplace.public.offers.edit_effects import edit_effects
from marketplace.public.offers.labels import init_public_labels
from marketplace.public.offers.queries import featured_row
from marketplace.public.pages import views, views_providers

BLUEPRINTS = (
    views.bp,
    views_providers.listing_pages,
    views_providers.provider_pages,
    compare_views.bp,
    about_views.bp,
    machine_views.bp,
    views_decisions.bp,
)


def init(app: Flask) -> None:
    """Register blueprints, template filters and receivers."""
    init_public_labels(app)
    for bp in BLUEPRINTS:
        app.register_blueprint(bp)
    preview_asked.connect(featured_row)
    edit_effects_asked.connect(edit_effects)
