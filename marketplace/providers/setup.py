"""Registers the pages of providers and what a member's export says about them."""

from __future__ import annotations

from flask import Flask

from marketplace.accounts.privacy.signals import export_requested
from marketplace.providers import privacy
from marketplace.providers.desk import views


def init(app: Flask) -> None:
    """Register blueprints and receivers."""
    app.register_blueprint(views.bp)
    export_requested.connect(privacy.own_providers)
